//! What was reported: the fields of a plain kind from the catalogue, or the patrol with its crew and figures.

use super::super::known::use_known;
use crate::desk::now;
use crate::icons;
use crate::ui::{Chip, Fact, Facts, Notice, Tone};
use crate::words::{self, desk as d, domain, loudspeaker, number, roster, when};
use keng_shared::json::FromJson;
use keng_shared::kind::{self, KindShape, KindSpec};
use keng_shared::loudspeaker::LoudspeakerSession;
use keng_shared::patrol::{CheckIn, CheckInProof, Patrol};
use keng_shared::record::RecordView;
use keng_shared::track::TrackSummary;
use leptos::prelude::*;
use serde_json::Value;

/// The report.
#[component]
pub fn BodyView(record: RecordView) -> impl IntoView {
    let spec = kind::find(&record.kind);
    let patrol = Patrol::from_json(record.body.clone());
    let session = LoudspeakerSession::from_json(record.body.clone());
    let inside = match (spec.map(|spec| spec.shape), patrol) {
        (Some(KindShape::Patrol), Ok(patrol)) => patrol_facts(patrol, &record).into_any(),
        (Some(KindShape::Loudspeaker), _) if session.is_ok() => session.ok().map(session_facts).into_any(),
        (Some(KindShape::Plain | KindShape::Incident), _) => {
            spec.map(|spec| plain_facts(spec, &record.body)).into_any()
        }
        _ => unknown_facts(&record.body).into_any(),
    };
    view! {
        <section class="card stack">
            <h3>{d::report()}</h3>
            {inside}
        </section>
    }
}

fn session_facts(session: LoudspeakerSession) -> impl IntoView {
    let known = use_known();
    move || {
        let facts = loudspeaker::facts(&session, |id| known.area(id))
            .into_iter()
            .map(|(name, words)| view! { <Fact name>{words}</Fact> })
            .collect_view();
        view! { <Facts>{facts}</Facts> }
    }
}

fn plain_facts(spec: &'static KindSpec, body: &Value) -> impl IntoView + use<> {
    let facts = spec
        .fields
        .iter()
        .filter_map(|field| {
            let words = domain::field_value(field, body.get(field.id)?)?;
            Some(view! { <Fact name=words::label(field.label)>{words}</Fact> })
        })
        .collect_view();
    view! { <Facts>{facts}</Facts> }
}

fn unknown_facts(body: &Value) -> impl IntoView + use<> {
    let facts = body
        .as_object()
        .into_iter()
        .flatten()
        .map(|(name, value)| {
            let words = value.as_str().map_or_else(|| value.to_string(), str::to_owned);
            view! { <Fact name=name.clone()>{words}</Fact> }
        })
        .collect_view();
    view! {
        <Notice tone=Tone::Info words=d::unknown_kind()/>
        <Facts>{facts}</Facts>
    }
}

fn patrol_facts(patrol: Patrol, record: &RecordView) -> impl IntoView + use<> {
    let known = use_known();
    let members = patrol.crew.members.clone();
    let others: Vec<String> = patrol
        .crew
        .others
        .iter()
        .map(|other| d::crew_others(other.count, domain::force(other.force)))
        .collect();
    let crew = move || {
        let named: Vec<String> = members.iter().filter_map(|id| known.person(*id)).collect();
        let unnamed = members.len() - named.len();
        let rest = (unnamed > 0).then(|| d::team_members(unnamed));
        named
            .into_iter()
            .chain(rest)
            .chain(others.clone())
            .collect::<Vec<_>>()
            .join(", ")
    };
    let (track, found) = (record.track, findings(&patrol, record));
    let note = patrol.note.clone();
    let end = patrol.end.as_ref().and_then(|end| end.early_reason);
    let planned = if patrol.plan_id.is_some() {
        d::plan()
    } else {
        d::ad_hoc()
    };
    view! {
        <Facts>
            <Fact name=d::crew()>{crew}</Fact>
            {track.map(track_facts)}
            <Fact name=roster::title()>{planned}</Fact>
            {end.map(|reason| view! { <Fact name=d::early_end()>{domain::early_end(reason)}</Fact> })}
            {(!patrol.pauses.is_empty()).then(|| {
                let spans: Vec<String> = patrol
                    .pauses
                    .iter()
                    .map(|pause| match pause.to {
                        Some(to) => format!("{}–{}", when::time(pause.from), when::time(to)),
                        None => when::time(pause.from),
                    })
                    .collect();
                view! { <Fact name=d::pauses()>{spans.join(", ")}</Fact> }
            })}
            {(!note.is_empty()).then(|| view! { <Fact name=d::note()>{note}</Fact> })}
        </Facts>
        <h3>{d::findings()}</h3>
        {found}
    }
}

fn track_facts(track: TrackSummary) -> impl IntoView {
    let gaps = if track.gaps == 0 {
        d::no_gaps().to_owned()
    } else {
        d::gaps(track.gaps, when::duration(track.gap_ms))
    };
    view! {
        <Fact name=d::length()>{number::metres(track.length_m)}</Fact>
        <Fact name=d::moving_time()>{when::duration(track.moving_ms)}</Fact>
        <Fact name=d::gaps_name()>{gaps}</Fact>
    }
}

fn findings(patrol: &Patrol, record: &RecordView) -> impl IntoView + use<> {
    if patrol.findings.is_empty() {
        return view! { <p class="soft">{d::no_findings()}</p> }.into_any();
    }
    let number = |id| record.photos.iter().position(|photo| photo.id == id);
    let items = patrol
        .findings
        .iter()
        .map(|finding| {
            let photos = finding
                .photos
                .iter()
                .filter_map(|id| number(*id))
                .map(|at| view! { <Chip icon=icons::IMAGE words=words::interface::photo_number(at + 1)/> })
                .collect_view();
            view! {
                <li>
                    <div class="row">
                        <span class="strong">{domain::finding_category(finding.category)}</span>
                        <span class="soft small">{when::instant(finding.at, now())}</span>
                        {photos}
                    </div>
                    {(!finding.note.is_empty()).then(|| view! { <p>{finding.note.clone()}</p> })}
                </li>
            }
        })
        .collect_view();
    view! { <ul class="plain-list">{items}</ul> }.into_any()
}

/// Check-ins of a patrol; nothing for other kinds.
#[component]
pub fn CheckInsView(record: RecordView) -> impl IntoView {
    let patrol = Patrol::from_json(record.body.clone()).ok()?;
    let items = patrol
        .check_ins
        .iter()
        .map(|check_in| check_in_line(check_in, &record))
        .collect_view();
    Some(view! {
        <section class="card stack">
            <h3>{d::check_ins()}" ("{patrol.check_ins.len()}")"</h3>
            <ul class="plain-list">{items}</ul>
        </section>
    })
}

fn check_in_line(check_in: &CheckIn, record: &RecordView) -> impl IntoView + use<> {
    let (known, id) = (use_known(), check_in.checkpoint_id);
    let name = move || {
        known
            .checkpoint(id)
            .map_or_else(|| d::unknown_checkpoint(id), |point| point.name)
    };
    let (icon, proof) = match &check_in.proof {
        CheckInProof::Gps { fix } => (
            icons::LOCATE_FIXED,
            d::check_in_gps(number::accuracy(fix.accuracy_cm)),
        ),
        CheckInProof::Qr { .. } => (icons::QR_CODE, d::check_in_qr().to_owned()),
        CheckInProof::Photo { photo_id } => {
            let at = record.photos.iter().position(|photo| photo.id == *photo_id);
            let words = at.map_or_else(
                || d::check_in_photo().to_owned(),
                |at| words::interface::photo_number(at + 1),
            );
            (icons::CAMERA, words)
        }
    };
    view! {
        <li class="row-apart">
            <span><span class="strong">{when::time(check_in.at)}</span>" "{name}</span>
            <Chip tone=Tone::Info icon words=proof/>
        </li>
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn worded(field: &str, value: Value) -> String {
        let spec = kind::find("direct_propaganda_session").unwrap();
        let field = spec.fields.iter().find(|spec| spec.id == field).unwrap();
        domain::field_value(field, &value).unwrap()
    }

    #[test]
    fn a_field_is_read_as_people_write_it() {
        assert_eq!(worded("topic", json!("fire_safety")), "Phòng cháy, chữa cháy");
        assert_eq!(worded("attendee_count", json!(1_250)), "1.250 người");
        assert_eq!(
            worded("audience", json!(["residents", "pupils"])),
            "Nhân dân, Học sinh, sinh viên"
        );
    }

    #[test]
    fn a_value_that_this_desk_does_not_know_is_shown_as_it_is() {
        assert_eq!(worded("topic", json!("river_watch")), "river_watch");
        assert_eq!(worded("venue", json!(7)), "7");
    }
}
