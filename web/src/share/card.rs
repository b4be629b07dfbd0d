//! What a card says, read from a record.

use super::way::{self, Line};
use crate::words::{domain, loudspeaker, number, share as w, when};
use keng_shared::id::RecordId;
use keng_shared::incident::Incident;
use keng_shared::incident::case::CaseState;
use keng_shared::json::FromJson;
use keng_shared::kind::{self, KindShape};
use keng_shared::loudspeaker::LoudspeakerSession;
use keng_shared::patrol::Patrol;
use keng_shared::time::Millis;
use keng_shared::track::{TrackSegment, TrackSummary};
use serde_json::Value;

/// A record that may be finished, as far as a card needs it.
#[derive(Debug, Clone, Copy)]
pub struct Done<'a> {
    /// The record.
    pub id: RecordId,
    /// Id of its kind.
    pub kind: &'a str,
    /// Its body.
    pub body: &'a Value,
    /// When it began.
    pub started_at: Millis,
    /// Name of its area.
    pub area: &'a str,
    /// How many photos it lists.
    pub photos: usize,
    /// The sums of its track, if there is one.
    pub sums: Option<TrackSummary>,
    /// Its track in order, as far as it is here.
    pub track: &'a [TrackSegment],
    /// Where its case stands, for an incident.
    pub case: Option<CaseState>,
}

/// A number with what it counts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Figure {
    /// `2,3 km`
    pub value: String,
    /// `quãng đường`
    pub name: &'static str,
}

/// What is told.
#[derive(Debug, Clone, PartialEq)]
pub struct Card {
    /// What sort of work.
    pub title: String,
    /// What it was about, from a closed list; may be empty.
    pub about: String,
    /// When, with whole dates: whoever reads it reads it later.
    pub when: String,
    /// Where, by the name of the residential area.
    pub place: String,
    /// What was counted.
    pub figures: Vec<Figure>,
    /// The way walked.
    pub way: Vec<Line>,
    /// Name for the file of the picture.
    pub file_name: String,
}

/// The card of a finished patrol, session or incident; `None` while it goes on, and for other kinds.
pub fn card_of(done: &Done<'_>) -> Option<Card> {
    let spec = kind::find(done.kind)?;
    let (about, ended_at, mut figures) = if spec.id == kind::PATROL.id {
        let patrol = Patrol::from_json(done.body.clone()).ok()?;
        let end = patrol.end.as_ref()?;
        (String::new(), Some(end.at), patrol_figures(&patrol, done.sums))
    } else if spec.id == kind::LOUDSPEAKER_SESSION.id {
        let session = LoudspeakerSession::from_json(done.body.clone()).ok()?;
        let ended_at = done.started_at.plus(i64::from(session.minutes) * 60_000);
        let topic = loudspeaker::topic_of(&session.topic);
        (topic, Some(ended_at), session_figures(&session))
    } else if spec.shape == KindShape::Incident {
        let state = done.case.filter(|state| is_closed(*state))?;
        let incident = Incident::read(done.body)?;
        let about = format!(
            "{} · {}",
            domain::category(incident.category),
            domain::case_state(state)
        );
        (about, None, Vec::new())
    } else {
        return None;
    };
    if done.photos > 0 {
        figures.push(figure(done.photos.to_string(), w::photos()));
    }
    Some(Card {
        title: domain::kind(done.kind).to_owned(),
        about,
        when: span(done.started_at, ended_at),
        place: done.area.to_owned(),
        figures,
        way: way::outline(done.track, done.id),
        file_name: file_name(done),
    })
}

impl Card {
    /// The same in words, for a message.
    pub fn text(&self) -> String {
        let figures: Vec<String> = self
            .figures
            .iter()
            .map(|figure| format!("{} {}", figure.value, figure.name))
            .collect();
        let lines = [
            format!("{} · {}", self.title, self.place),
            self.about.clone(),
            self.when.clone(),
            figures.join(" · "),
            w::logged_with().to_owned(),
        ];
        let said: Vec<String> = lines.into_iter().filter(|line| !line.is_empty()).collect();
        said.join("\n")
    }
}

/// A case that goes on is not told: it could warn, or frighten.
fn is_closed(state: CaseState) -> bool {
    matches!(state, CaseState::Resolved | CaseState::NotConfirmed)
}

fn patrol_figures(patrol: &Patrol, sums: Option<TrackSummary>) -> Vec<Figure> {
    let mut figures = Vec::new();
    if let Some(sums) = sums.filter(|sums| sums.length_m > 0) {
        figures.push(figure(number::metres(sums.length_m), w::distance()));
    }
    let others: usize = patrol
        .crew
        .others
        .iter()
        .map(|other| usize::from(other.count))
        .sum();
    let counted = [
        (patrol.check_ins.len(), w::checkpoints()),
        (patrol.findings.len(), w::findings()),
        (patrol.crew.members.len() + others, w::people()),
    ];
    let some = counted.into_iter().filter(|(count, _)| *count > 0);
    figures.extend(some.map(|(count, name)| figure(count.to_string(), name)));
    figures
}

fn session_figures(session: &LoudspeakerSession) -> Vec<Figure> {
    let heard = format!("{}/{}", session.aired().count(), session.areas.len());
    vec![
        figure(session.minutes.to_string(), w::minutes()),
        figure(heard, w::areas_heard()),
    ]
}

fn figure(value: String, name: &'static str) -> Figure {
    Figure { value, name }
}

/// `21:00–23:10 19/08/2024`, with both dates when it crosses midnight.
fn span(from: Millis, to: Option<Millis>) -> String {
    match to {
        Some(to) if to.local_date() == from.local_date() => {
            format!("{}–{}", when::time(from), when::full(to))
        }
        Some(to) => format!("{} – {}", when::full(from), when::full(to)),
        None => when::full(from),
    }
}

fn file_name(done: &Done<'_>) -> String {
    let date = done
        .started_at
        .local_date()
        .map(when::input_date)
        .unwrap_or_default();
    format!("keng-{}-{date}.png", done.kind.replace('_', "-"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::words::when::parse_instant;
    use serde_json::json;
    use uuid::Uuid;

    fn done<'a>(kind: &'a str, body: &'a Value) -> Done<'a> {
        Done {
            id: RecordId(Uuid::from_u128(7)),
            kind,
            body,
            started_at: parse_instant("2024-08-19T21:00").unwrap(),
            area: "Thôn Thành Sơn",
            photos: 3,
            sums: Some(TrackSummary {
                length_m: 2_345,
                ..TrackSummary::default()
            }),
            track: &[],
            case: None,
        }
    }

    fn patrol(end: Value) -> Value {
        let member = Uuid::from_u128(1);
        json!({
            "crew": {"members": [member], "others": [{"force": "militia", "count": 2}]},
            "note": "Nhà ông A ở ngõ 3 mất điện",
            "end": end,
        })
    }

    #[test]
    fn a_finished_patrol_tells_what_when_where_and_counts_but_no_free_words() {
        let end = parse_instant("2024-08-20T00:10").unwrap();
        let body = patrol(json!({"at": end.0}));
        let card = card_of(&done("patrol", &body)).unwrap();
        assert_eq!(
            card.text(),
            "Ca tuần tra · Thôn Thành Sơn\n21:00 19/08/2024 – 00:10 20/08/2024\n\
             2,3 km quãng đường · 3 người · 3 ảnh\nGhi bằng Kẻng"
        );
        assert_eq!(card.file_name, "keng-patrol-2024-08-19.png");
    }

    #[test]
    fn what_goes_on_has_no_card() {
        let body = patrol(Value::Null);
        assert_eq!(card_of(&done("patrol", &body)), None);
        let incident = json!({"category": "theft", "severity": "high", "description": "Anh B mất xe"});
        for state in [None, Some(CaseState::Received), Some(CaseState::HandedOver)] {
            let open = Done {
                case: state,
                ..done("incident", &incident)
            };
            assert_eq!(card_of(&open), None, "{state:?}");
        }
        assert_eq!(card_of(&done("training_class", &json!({}))), None);
    }

    #[test]
    fn a_resolved_incident_tells_its_category_and_not_its_description_or_place() {
        let body = json!({
            "category": "theft", "severity": "high", "place": "nhà số 5", "description": "Anh B mất xe",
            "position": {"lat_e7": 200_000_001, "lon_e7": 1_053_000_001},
        });
        let closed = Done {
            case: Some(CaseState::Resolved),
            sums: None,
            ..done("incident", &body)
        };
        let card = card_of(&closed).unwrap();
        let all = format!("{card:?} {}", card.text());
        for secret in ["số 5", "Anh B", "20000", "10530"] {
            assert!(!all.contains(secret), "{all}");
        }
        assert!(card.text().contains("Trộm cắp"), "{}", card.text());
    }
}
