//! Columns of kinds whose body is no list of fields, broadcasts and patrols, and the state of the case of an incident.

use super::Exported;
use super::cells::{Cell, number, plain, text};
use keng_shared::kind::{Label, TOPICS};
use keng_shared::loudspeaker::{CoveredArea, LoudspeakerSession};
use keng_shared::patrol::Patrol;

/// A kind with columns of its own.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Own {
    Broadcast,
    Patrol,
    Incident,
}

impl Own {
    /// The columns of this kind, if it has any of its own.
    pub fn of(kind: &str) -> Option<Self> {
        match kind {
            "loudspeaker_session" => Some(Self::Broadcast),
            "patrol" => Some(Self::Patrol),
            "incident" | "camera_incident" => Some(Self::Incident),
            _ => None,
        }
    }

    /// Names of the columns.
    pub fn heads(self) -> &'static [Label] {
        match self {
            Self::Broadcast => &BROADCAST,
            Self::Patrol => &PATROL,
            Self::Incident => &INCIDENT,
        }
    }

    /// Cells of a record, one a column; empty where its body is not that of the kind.
    pub fn cells(self, record: &Exported, word: impl Fn(Label) -> String) -> Vec<Cell> {
        let cells = match self {
            Self::Broadcast => of_broadcast(record, word),
            Self::Patrol => of_patrol(record, word),
            Self::Incident => {
                let state = record.case.map(|state| word(state.label()));
                Some(vec![text(state.unwrap_or_default())])
            }
        };
        cells.unwrap_or_else(|| self.heads().iter().map(|_| Cell::Empty).collect())
    }

    /// The same in one text: "Chủ đề: …; Số phút: …".
    pub fn sentence(self, record: &Exported, word: impl Fn(Label) -> String) -> Option<String> {
        let heads = self.heads().iter().map(|head| word(*head));
        let cells = self.cells(record, &word);
        let said = heads.zip(cells).filter(|(_, cell)| *cell != Cell::Empty);
        let said: Vec<String> = said
            .map(|(head, cell)| format!("{head}: {}", plain(&cell)))
            .collect();
        (!said.is_empty()).then(|| said.join("; "))
    }
}

fn of_broadcast(record: &Exported, word: impl Fn(Label) -> String) -> Option<Vec<Cell>> {
    let session: LoudspeakerSession = serde_json::from_value(record.body.clone()).ok()?;
    let topic = TOPICS.iter().find(|topic| topic.id == session.topic);
    let topic = topic.map_or_else(|| session.topic.clone(), |topic| word(topic.label));
    let name = |area: &CoveredArea| record.places.get(&area.area_id).cloned().unwrap_or_default();
    let heard: Vec<String> = session
        .areas
        .iter()
        .filter(|area| area.missed.is_none())
        .map(name)
        .collect();
    let missed = session.areas.iter().filter_map(|area| {
        let reason = word(area.missed?.label());
        let note = if area.note.is_empty() { "" } else { ", " };
        Some(format!("{} ({reason}{note}{})", name(area), area.note))
    });
    Some(vec![
        text(topic),
        number(u32::from(session.minutes)),
        text(session.station),
        text(session.script),
        text(session.presenter),
        count(heard.len()),
        count(session.areas.len()),
        text(heard.join("; ")),
        text(missed.collect::<Vec<_>>().join("; ")),
        session.confirmed_at.map_or(Cell::Empty, Cell::Time),
        text(session.note),
    ])
}

fn of_patrol(record: &Exported, word: impl Fn(Label) -> String) -> Option<Vec<Cell>> {
    let patrol: Patrol = serde_json::from_value(record.body.clone()).ok()?;
    let row = &record.row;
    let minutes = row
        .ended_at
        .and_then(|end| u32::try_from(end.since(row.started_at) / 60_000).ok());
    let others: u32 = patrol
        .crew
        .others
        .iter()
        .map(|force| u32::from(force.count))
        .sum();
    let findings = patrol.findings.iter().map(|finding| finding.note.as_str());
    let planned = match patrol.plan_id {
        Some(_) => YES,
        None => NO,
    };
    Some(vec![
        text(word(planned)),
        minutes.map_or(Cell::Empty, number),
        record.track_m.map_or(Cell::Empty, |metres| {
            Cell::Number(f64::from(metres.div_euclid(10)) / 100.0)
        }),
        count(patrol.crew.members.len()),
        number(others),
        count(patrol.check_ins.len()),
        count(patrol.findings.len()),
        text(
            findings
                .filter(|note| !note.is_empty())
                .collect::<Vec<_>>()
                .join("; "),
        ),
        text(patrol.note),
    ])
}

fn count(count: usize) -> Cell {
    number(u32::try_from(count).unwrap_or(u32::MAX))
}

const fn label(vi: &'static str, en: &'static str) -> Label {
    Label { vi, en }
}

const YES: Label = label("Có", "Yes");
const NO: Label = label("Không", "No");

const BROADCAST: [Label; 11] = [
    label("Chủ đề", "Topic"),
    label("Số phút", "Minutes"),
    label("Đài, cụm loa", "Station"),
    label("Bài phát", "Script"),
    label("Người đọc", "Presenter"),
    label("Số khu nghe được", "Areas that heard it"),
    label("Số khu theo lịch", "Areas meant"),
    label("Khu nghe được", "Heard in"),
    label("Khu không nghe được, vì sao", "Not heard in, and why"),
    label("Xác nhận lúc", "Confirmed"),
    label("Ghi chú", "Note"),
];

const PATROL: [Label; 9] = [
    label("Theo ca đã xếp", "Planned"),
    label("Số phút", "Minutes"),
    label("Quãng đường (km)", "Distance (km)"),
    label("Người trong tổ", "Members"),
    label("Lực lượng cùng đi", "Others along"),
    label("Điểm đã điểm danh", "Check-ins"),
    label("Số việc phát hiện", "Findings"),
    label("Việc phát hiện", "What was found"),
    label("Ghi chú", "Note"),
];

const INCIDENT: [Label; 1] = [label("Tình trạng vụ việc", "State of the case")];
