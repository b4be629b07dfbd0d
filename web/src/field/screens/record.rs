//! One record: where it stands, the officer's words, what it holds, and what can be done about it.

use super::form::{BackLink, Returned};
use super::targets::CountsFor;
use crate::derived::Derived;
use crate::field::app::use_app;
use crate::field::files::Files;
use crate::field::parts::{CaseChip, area_name, name_of, person_name};
use crate::field::photos::{Editing, Photos};
use crate::field::route::Route;
use crate::field::states;
use crate::icons;
use crate::share::{Card, Done, ShareButton, card_of};
use crate::ui::live;
use crate::ui::{Button, ButtonKind, Chip, Dialog, DialogActions, EmptyState, Fact, Facts, Notice, Tone};
use crate::words::{domain, field as f, label, loudspeaker, number, when};
use keng_engine::Event;
use keng_engine::view::{RecordEntry, Stage};
use keng_shared::id::RecordId;
use keng_shared::json::FromJson;
use keng_shared::kind;
use keng_shared::loudspeaker::LoudspeakerSession;
use keng_shared::patrol::Patrol;
use keng_shared::sync::Scope;
use keng_shared::track::{TrackSegment, TrackSummary, summarise};
use leptos::prelude::*;
use serde_json::Value;

/// What the screen shows.
#[derive(Debug, Clone, PartialEq)]
struct Seen {
    entry: RecordEntry,
    area: String,
    body: Value,
    facts: Vec<(String, String)>,
    is_running: bool,
    card: Option<Card>,
}

/// The screen.
#[component]
pub fn Record(id: RecordId) -> impl IntoView {
    let app = use_app();
    let seen = app.project(move |engine| {
        let entry = engine.entry(id)?;
        let body = match (&entry.draft, &entry.server) {
            (Some(draft), _) => draft.body.clone(),
            (None, Some(view)) => view.body.clone(),
            (None, None) => Value::Null,
        };
        let track = match entry.server.as_ref().and_then(|view| view.track) {
            Some(track) => Some(track),
            None => Some(summarise(&engine.track(id))).filter(|track| track.moving_ms > 0),
        };
        let area = area_name(engine, entry.area_id);
        Some(Seen {
            card: card(&entry, &body, &area, track, &engine.track(id)),
            area,
            facts: facts(&entry, &body, track, engine.scope()),
            is_running: engine
                .patrol(crate::shell::clock::now())
                .is_some_and(|patrol| patrol.record.id == id),
            entry,
            body,
        })
    });
    // The parts that change all the time follow by themselves; only another record builds the screen anew.
    let is_there = Derived::new(move || seen.with(|seen| matches!(seen, Some(Some(_)))));
    // A dialog that is open stays while the record goes on its way.
    let card = Derived::new(move || seen.with(|seen| seen.clone().flatten().and_then(|seen| seen.card)));
    let photos = Signal::derive(move || {
        seen.get()
            .flatten()
            .map(|seen| seen.entry.photos)
            .unwrap_or_default()
    });
    let files = Signal::derive(move || {
        seen.get()
            .flatten()
            .map(|seen| seen.entry.files)
            .unwrap_or_default()
    });
    let has_files = Derived::new(move || files.with(|files| !files.is_empty()));
    live(move || {
        if !is_there.get() {
            return view! {
                <BackLink/>
                <EmptyState icon=icons::LIST_CHECKS words=f::record_gone()>
                    <a class="button button-primary" href="/records">{f::my_records()}</a>
                </EmptyState>
            }
            .into_any();
        }
        view! {
            <BackLink/>
            {live(move || seen.get().flatten().map(|seen| view! { <Head seen/> }))}
            <Returned id/>
            {live(move || seen.get().flatten().map(|seen| view! { <Actions seen/> }))}
            {live(move || card.get().map(|card| view! { <div><ShareButton card/></div> }))}
            {live(move || has_files.get().then(|| view! {
                <Files record_id=id files editing=Editing::Closed/>
            }))}
            <Photos record_id=id photos editing=Editing::Closed/>
            {live(move || seen.get().flatten().map(|seen| view! { <Content seen/> }))}
            <CountsFor id/>
        }
        .into_any()
    })
}

#[component]
fn Head(seen: Seen) -> impl IntoView {
    let app = use_app();
    let entry = seen.entry;
    let (tone, icon, words) = states::stage(&entry.stage);
    let ended = entry.server.as_ref().and_then(|view| view.ended_at);
    let time = match ended {
        Some(_) => when::span(entry.started_at, ended, app.now.get_untracked()),
        None => when::instant(entry.started_at, app.now.get_untracked()),
    };
    let case = entry.server.as_ref().and_then(|view| view.case);
    let waiting = entry.segments_waiting;
    view! {
        <h1>{domain::kind(&entry.kind)}</h1>
        <p class="soft">{time} " · " {seen.area}</p>
        <p class="row"><Chip tone icon words/>{case.map(|case| view! { <CaseChip case/> })}</p>
        {(waiting > 0).then(|| view! { <p class="soft small">{f::segments_waiting(waiting)}</p> })}
    }
}

#[component]
fn Content(seen: Seen) -> impl IntoView {
    let is_known = kind::find(&seen.entry.kind).is_some();
    let facts = seen
        .facts
        .into_iter()
        .map(|(name, value)| view! { <Fact name>{value}</Fact> })
        .collect_view();
    let raw = (!is_known).then(|| {
        view! {
            <Notice tone=Tone::Info words=f::unknown_kind()/>
            <pre class="raw">{serde_json::to_string_pretty(&seen.body).unwrap_or_default()}</pre>
        }
    });
    view! {
        <section class="stack-tight">
            <h2 class="part-title">{f::content()}</h2>
            <Facts>{facts}</Facts>
            {raw}
        </section>
    }
}

#[component]
fn Actions(seen: Seen) -> impl IntoView {
    let app = use_app();
    let entry = seen.entry;
    let id = entry.id;
    let asking = RwSignal::new(false);
    if seen.is_running {
        return view! {
            <a class="button button-primary button-wide" href="/patrol">
                <icons::Picture icon=icons::FOOTPRINTS/><span>{f::back_to_patrol()}</span>
            </a>
        }
        .into_any();
    }
    let is_known = kind::find(&entry.kind).is_some();
    let may_change = !matches!(
        entry.stage,
        Stage::Accepted | Stage::Superseded(_) | Stage::Withdrawn
    );
    let wants = entry.wants_mending();
    let mend = (may_change && is_known).then(|| {
        let class = if wants {
            "button button-primary button-wide button-large"
        } else {
            "button"
        };
        view! {
            <a class=class href=format!("/form/{id}")>
                <icons::Picture icon=icons::PENCIL/><span>{f::mend()}</span>
            </a>
        }
    });
    let withdraw = may_change.then(|| {
        let withdraw = move |_| {
            asking.set(false);
            app.tell(Event::Withdrawn { record_id: id });
            app.say(f::withdrawn_now());
            app.go_instead(Route::Records);
        };
        view! {
            <Button label=f::withdraw() kind=ButtonKind::Quiet on_press=move |_| asking.set(true)/>
            <Dialog open=asking title=f::withdraw().to_owned()>
                <p>{f::withdraw_ask()}</p>
                <DialogActions open=asking>
                    <Button label=f::withdraw() kind=ButtonKind::Danger on_press=withdraw/>
                </DialogActions>
            </Dialog>
        }
    });
    view! { <div class="row">{mend}{withdraw}</div> }.into_any()
}

/// What can be told to a group once the record is finished and has left the form.
fn card(
    entry: &RecordEntry,
    body: &Value,
    area: &str,
    sums: Option<TrackSummary>,
    track: &[TrackSegment],
) -> Option<Card> {
    let is_gone = matches!(
        entry.stage,
        Stage::Draft | Stage::Superseded(_) | Stage::Withdrawn
    );
    let done = Done {
        id: entry.id,
        kind: &entry.kind,
        body,
        started_at: entry.started_at,
        area,
        photos: entry.photos.len(),
        sums,
        track,
        case: entry.server.as_ref().and_then(|view| view.case),
    };
    card_of(&done).filter(|_| !is_gone)
}

/// What a record says, as names and values.
fn facts(
    entry: &RecordEntry,
    body: &Value,
    track: Option<TrackSummary>,
    scope: Option<&Scope>,
) -> Vec<(String, String)> {
    let Some(spec) = kind::find(&entry.kind) else {
        return Vec::new();
    };
    let plain = spec.fields.iter().filter_map(|field| {
        Some((
            label(field.label).to_owned(),
            domain::field_value(field, body.get(field.id)?)?,
        ))
    });
    let mut facts: Vec<(String, String)> = plain.collect();
    if spec.id == kind::LOUDSPEAKER_SESSION.id
        && let Ok(session) = LoudspeakerSession::from_json(body.clone())
    {
        facts.extend(loudspeaker::facts(&session, |id| name_of(scope, id)));
    }
    if spec.id == kind::PATROL.id
        && let Ok(patrol) = Patrol::from_json(body.clone())
    {
        facts.extend(patrol_facts(&patrol, track, scope));
    }
    facts
}

fn patrol_facts(
    patrol: &Patrol,
    track: Option<TrackSummary>,
    scope: Option<&Scope>,
) -> Vec<(String, String)> {
    let mut facts = Vec::new();
    let mut say = |name: &str, value: String| facts.push((name.to_owned(), value));
    let mut crew: Vec<String> = patrol
        .crew
        .members
        .iter()
        .filter_map(|member| person_name(scope, *member))
        .collect();
    crew.extend(
        patrol
            .crew
            .others
            .iter()
            .map(|other| format!("{} {}", other.count, domain::force(other.force))),
    );
    say(f::crew(), crew.join(", "));
    if let Some(end) = &patrol.end {
        say(f::ended_at(), when::full(end.at));
        if let Some(reason) = end.early_reason {
            say(f::end_early(), domain::early_end(reason).to_owned());
        }
    }
    if let Some(track) = track {
        say(f::distance(), number::metres(track.length_m));
        if track.gaps > 0 {
            say(
                f::gaps(),
                f::gaps_so_far(track.gaps, when::duration(track.gap_ms)),
            );
        }
    }
    let points: Vec<String> = patrol
        .check_ins
        .iter()
        .map(|check_in| {
            let name = crate::field::parts::checkpoint(scope, check_in.checkpoint_id)
                .map_or_else(|| format!("#{}", check_in.checkpoint_id), |point| point.name);
            format!("{} {name}", when::time(check_in.at))
        })
        .collect();
    if !points.is_empty() {
        say(f::check_in(), points.join("\n"));
    }
    let found: Vec<String> = patrol
        .findings
        .iter()
        .map(|finding| {
            let category = domain::finding_category(finding.category);
            format!("{} {category} {}", when::time(finding.at), finding.note)
                .trim()
                .to_owned()
        })
        .collect();
    if !found.is_empty() {
        say(f::findings(), found.join("\n"));
    }
    if !patrol.note.is_empty() {
        say(f::end_note(), patrol.note.clone());
    }
    facts
}
