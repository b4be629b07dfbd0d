//! Today: what was returned first, then what was begun, then what is planned.

use super::shifts::{Shift, ShiftCard, described};
use super::targets::{TargetsCard, missing_of};
use crate::field::app::use_app;
use crate::field::parts::{RecordCard, ScopeAwaited, area_name};
use crate::icons;
use crate::shell::{clock, install};
use crate::ui::live;
use crate::ui::{Button, EmptyState, Notice, Skeleton};
use crate::words::{field as f, incidents, label, loudspeaker, roster, tasks};
use keng_engine::Engine;
use keng_engine::view::{Connection, FootageEntry, RecordEntry, Stage};
use keng_shared::kind::{self, KindSpec};
use keng_shared::sync::PatrolPlan;
use keng_shared::task::TaskState;
use keng_shared::time::Millis;
use leptos::prelude::*;

/// Everything that the screen shows.
#[derive(Debug, Clone, PartialEq)]
struct Seen {
    has_scope: bool,
    is_offline: bool,
    to_mend: Vec<(RecordEntry, String)>,
    drafts: Vec<(RecordEntry, String)>,
    done: Vec<(RecordEntry, String)>,
    planned: Vec<Shift>,
    /// Shifts of the team that are not over.
    coming: usize,
    on_patrol: bool,
    keeps_cameras: bool,
    /// Broadcasts that wait to be confirmed.
    broadcasts: usize,
    /// Questions for footage that wait, and when the first recording is overwritten.
    footage: Option<(usize, Millis)>,
    /// Tasks that are open, and how many of them are overdue.
    tasks: (usize, usize),
    /// What is missing for targets; none while nothing is asked.
    missing: Option<Vec<String>>,
}

/// The screen.
#[component]
pub fn Today() -> impl IntoView {
    let app = use_app();
    let seen = app.project(look);
    view! {
        <h1>{f::today()}</h1>
        {live(move || match seen.get() {
            None => view! { <Skeleton/> }.into_any(),
            Some(seen) => view! {
                <Cards title=f::to_mend_title() entries=seen.to_mend.clone()/>
                {seen.has_scope.then(|| view! { <ReportIncident keeps_cameras=seen.keeps_cameras/> })}
                <FootageCard waiting=seen.footage/>
                <TasksCard waiting=seen.tasks/>
                <BroadcastsCard waiting=seen.broadcasts/>
                <TargetsCard missing=seen.missing.clone()/>
                <Plans seen=seen.clone()/>
                <Cards title=f::to_send_title() entries=seen.drafts/>
                <Cards title=f::done_today() entries=seen.done/>
            }
            .into_any(),
        })}
        <InstallHint/>
    }
}

#[component]
fn Cards(title: &'static str, entries: Vec<(RecordEntry, String)>) -> impl IntoView {
    (!entries.is_empty()).then(|| {
        let cards = entries
            .into_iter()
            .map(|(entry, area)| view! { <RecordCard entry area/> })
            .collect_view();
        view! {
            <section class="stack-tight">
                <h2 class="part-title">{title}</h2>
                <ul class="cards">{cards}</ul>
            </section>
        }
    })
}

/// The big way to say what one sees: from one's own camera first, where there is one.
#[component]
fn ReportIncident(keeps_cameras: bool) -> impl IntoView {
    let link = |kind: &KindSpec, class: &'static str, words: &'static str| {
        view! {
            <a class=class href=format!("/log/{}", kind.id)>
                <icons::Picture icon=icons::of_kind(kind.icon)/>
                <span>{words}</span>
            </a>
        }
    };
    let main = "button button-primary button-wide button-large";
    if keeps_cameras {
        let camera = label(kind::CAMERA_INCIDENT.label);
        view! {
            <div class="stack-tight">
                {link(&kind::CAMERA_INCIDENT, main, camera)}
                {link(&kind::INCIDENT, "button button-wide", f::report_incident())}
            </div>
        }
        .into_any()
    } else {
        link(
            &kind::INCIDENT,
            "button button-wide button-large",
            f::report_incident(),
        )
        .into_any()
    }
}

/// Broadcasts of the last days that wait for one tap.
#[component]
fn BroadcastsCard(waiting: usize) -> impl IntoView {
    (waiting > 0).then(|| {
        view! {
            <section class="stack-tight">
                <h2 class="part-title">{loudspeaker::title()}</h2>
                <a class="card record-card" href="/broadcasts">
                    <icons::Picture icon=icons::RADIO_TOWER/>
                    <span class="record-card-text">
                        <span class="strong">{loudspeaker::waiting_count(waiting)}</span>
                        <span class="soft small">{loudspeaker::open_waiting()}</span>
                    </span>
                    <icons::Picture icon=icons::CHEVRON_RIGHT/>
                </a>
            </section>
        }
    })
}

/// Questions for footage: they cannot wait, since recorders overwrite.
#[component]
fn FootageCard(waiting: Option<(usize, Millis)>) -> impl IntoView {
    let app = use_app();
    waiting.map(|(count, overwritten_at)| {
        let left = incidents::overwritten_words(overwritten_at, app.now.get_untracked());
        view! {
            <section class="stack-tight">
                <h2 class="part-title">{incidents::footage_tasks()}</h2>
                <a class="card record-card" href="/inbox">
                    <icons::Picture icon=icons::CCTV/>
                    <span class="record-card-text">
                        <span class="strong">{incidents::footage_waiting(count)}</span>
                        <span class="soft small">{left}</span>
                    </span>
                    <icons::Picture icon=icons::CHEVRON_RIGHT/>
                </a>
            </section>
        }
    })
}

/// Tasks of the person and of the team.
#[component]
fn TasksCard(waiting: (usize, usize)) -> impl IntoView {
    let (open, late) = waiting;
    let words = match late {
        0 => tasks::waiting(open),
        late => tasks::waiting_late(open, late),
    };
    (open > 0).then(|| {
        view! {
            <section class="stack-tight">
                <h2 class="part-title">{tasks::title()}</h2>
                <a class="card record-card" href="/tasks">
                    <icons::Picture icon=icons::LIST_CHECKS/>
                    <span class="record-card-text">
                        <span class="strong">{words}</span>
                        <span class="soft small">{tasks::open_tasks()}</span>
                    </span>
                    <icons::Picture icon=icons::CHEVRON_RIGHT/>
                </a>
            </section>
        }
    })
}

#[component]
fn Plans(seen: Seen) -> impl IntoView {
    if !seen.has_scope {
        return view! { <ScopeAwaited is_offline=seen.is_offline/> }.into_any();
    }
    let on_patrol = seen.on_patrol;
    let ad_hoc = (!on_patrol).then(|| {
        view! {
            <a class="button button-wide" href="/patrol/start">
                <icons::Picture icon=icons::FOOTPRINTS/>
                <span>{f::start_ad_hoc()}</span>
            </a>
        }
    });
    let coming = (seen.coming > 0).then(|| {
        view! {
            <a class="button button-wide" href="/shifts">
                <icons::Picture icon=icons::CALENDAR/>
                <span>{roster::coming_link(seen.coming)}</span>
            </a>
        }
    });
    if seen.planned.is_empty() {
        return view! {
            <EmptyState icon=icons::CALENDAR words=f::nothing_planned()>{ad_hoc}{coming}</EmptyState>
        }
        .into_any();
    }
    let first = seen.planned.first().map(|shift| shift.plan.id);
    let plans = seen
        .planned
        .into_iter()
        .map(|shift| {
            let is_main = Some(shift.plan.id) == first;
            view! { <ShiftCard shift is_main on_patrol/> }
        })
        .collect_view();
    view! {
        <section class="stack-tight">
            <h2 class="part-title">{f::planned_patrols()}</h2>
            <ul class="cards">{plans}</ul>
            {ad_hoc}
            {coming}
        </section>
    }
    .into_any()
}

/// Installing comes before field use: a tab's storage may be evicted, an installed app's is kept.
#[component]
fn InstallHint() -> impl IntoView {
    let app = use_app();
    live(move || {
        app.install_changed.track();
        (install::state() == install::Installing::Offered).then(|| {
            view! {
                <Notice words=f::install_hint()>
                    <Button label=f::install() icon=icons::SMARTPHONE on_press=move |_| install::ask()/>
                </Notice>
            }
        })
    })
}

fn look(engine: &Engine) -> Seen {
    let now = engine.clock().correct(clock::now());
    let today = now.local_date();
    let entries = engine.entries();
    let named = |keep: &dyn Fn(&RecordEntry) -> bool| -> Vec<(RecordEntry, String)> {
        let kept = entries.iter().filter(|entry| keep(entry));
        kept.map(|entry| (entry.clone(), area_name(engine, entry.area_id)))
            .collect()
    };
    let running = engine.patrol(clock::now()).map(|patrol| patrol.record.id);
    let is_done = |entry: &RecordEntry| {
        let is_open = matches!(entry.stage, Stage::Draft | Stage::Withdrawn) || entry.wants_mending();
        entry.local_date == today && !is_open && Some(entry.id) != running
    };
    let shifts = engine.shifts();
    // A night patrol that crosses midnight is still today's work until it should be over.
    let is_due = |plan: &&PatrolPlan| {
        let from_today = plan.starts_at.local_date() == today || plan.starts_at < now;
        from_today && plan.ends_at > now && plan.state(now).is_open()
    };
    let planned = shifts.iter().filter(is_due);
    let planned = planned.map(|plan| described(engine, plan)).collect();
    let coming = shifts.iter().filter(|plan| plan.ends_at > now).count();
    let mut waiting = (0, 0);
    for entry in engine.tasks() {
        if entry.task.state == TaskState::Open {
            waiting.0 += 1;
            waiting.1 += usize::from(entry.task.is_overdue(now));
        }
    }
    let asked: Vec<FootageEntry> = engine
        .footage()
        .into_iter()
        .filter(FootageEntry::is_open)
        .collect();
    let first = asked.iter().map(|entry| entry.asked.task.overwritten_at).min();
    Seen {
        tasks: waiting,
        footage: first.map(|first| (asked.len(), first)),
        has_scope: engine.scope().is_some(),
        is_offline: engine.status().connection == Connection::Offline,
        to_mend: named(&RecordEntry::wants_mending),
        drafts: named(&|entry| entry.stage == Stage::Draft),
        done: named(&is_done),
        planned,
        coming,
        on_patrol: running.is_some(),
        keeps_cameras: engine.scope().is_some_and(|scope| !scope.cameras.is_empty()),
        missing: missing_of(engine, today),
        broadcasts: engine
            .broadcasts(clock::now())
            .iter()
            .flat_map(|found| &found.slots)
            .filter(|slot| slot.state.is_waiting())
            .count(),
    }
}
