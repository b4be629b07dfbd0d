//! What is asked of the person's areas: how it stands, what is missing in words, and what a record counts for. All of it
//! comes with the scope, so it is there without a network; the rule is the server's.

use super::form::BackLink;
use crate::field::app::use_app;
use crate::field::parts::area_name;
use crate::icons;
use crate::shell::clock;
use crate::ui::live;
use crate::ui::{Chip, EmptyState, Skeleton, Tone};
use crate::words::{targets as t, when};
use keng_engine::Engine;
use keng_shared::api::MyTarget;
use keng_shared::id::RecordId;
use keng_shared::target::{Facts, Progress, Ruling, Target, judge};
use keng_shared::time::LocalDate;
use leptos::prelude::*;

/// The screen.
#[component]
pub fn Targets() -> impl IntoView {
    let app = use_app();
    let seen = app.project(|engine| {
        let today = engine.clock().correct(clock::now()).local_date()?;
        let targets = &engine.scope()?.targets;
        let line = |target: &MyTarget| (target.clone(), area_name(engine, target.area_id), today);
        let mut lines: Vec<_> = targets.iter().map(line).collect();
        lines.sort_by_key(|(target, _, _)| urgency(target.progress));
        let has_team = engine
            .scope()?
            .me
            .memberships
            .iter()
            .any(|one| one.team_id.is_some());
        Some((lines, has_team))
    });
    view! {
        <BackLink/>
        <h1>{t::my_targets()}</h1>
        {live(move || match seen.get().flatten() {
            None => view! { <Skeleton/> }.into_any(),
            Some((lines, _)) if lines.is_empty() => {
                view! { <EmptyState icon=icons::FLAG words=t::my_none()/> }.into_any()
            }
            Some((lines, has_team)) => {
                let cards = lines
                    .into_iter()
                    .map(|(target, area, today)| card(&target, area, today, has_team))
                    .collect_view();
                view! { <ul class="cards">{cards}</ul> }.into_any()
            }
        })}
    }
}

/// What is behind and can still be mended comes first, what is done last.
fn urgency(progress: Progress) -> u8 {
    match progress {
        Progress::Behind => 0,
        Progress::Overdue => 1,
        Progress::OnTrack => 2,
        Progress::Met | Progress::NotApplicable => 3,
    }
}

fn card(mine: &MyTarget, area: String, today: LocalDate, has_team: bool) -> impl IntoView + use<> {
    let part = match has_team {
        true => t::my_part(mine.by_me, mine.by_team),
        false => t::my_part_alone(mine.by_me),
    };
    let (tone, icon) = match mine.progress {
        Progress::Met => (Tone::Good, icons::CIRCLE_CHECK),
        Progress::OnTrack | Progress::NotApplicable => (Tone::Info, icons::CLOCK),
        Progress::Behind => (Tone::Warn, icons::HOURGLASS),
        Progress::Overdue => (Tone::Danger, icons::CIRCLE_ALERT),
    };
    let figure = t::my_figure(mine);
    let asked = t::asked(mine.target.comparator, mine.value);
    let missing = t::my_missing_words(mine, today);
    let lacking = t::my_parts_lacking(mine);
    view! {
        <li class="card stack-tight">
            <p class="row"><Chip tone icon words=t::progress(mine.progress)/></p>
            <p class="strong">{mine.target.text.clone()}</p>
            {missing.map(|words| view! { <p>{words}</p> })}
            {lacking.map(|words| view! { <p>{words}</p> })}
            <p class="soft small">
                {area} " · " {figure} " " {mine.target.measure.clone()} " (" {asked} ") · "
                {t::until(when::date(mine.last_day))}
            </p>
            <p class="soft small">{part}</p>
        </li>
    }
}

/// What is missing for targets, worst first; none while nothing is asked of the person's areas.
pub(super) fn missing_of(engine: &Engine, today: Option<LocalDate>) -> Option<Vec<String>> {
    let targets = &engine.scope()?.targets;
    let today = today.filter(|_| !targets.is_empty())?;
    let behind = targets
        .iter()
        .filter(|target| target.progress == Progress::Behind);
    let words = behind.filter_map(|target| t::my_missing_words(target, today));
    let mut words: Vec<String> = words.collect();
    // What is late may have nothing that can be counted: it is still not on track.
    let is_late = |target: &MyTarget| matches!(target.progress, Progress::Behind | Progress::Overdue);
    if words.is_empty() && targets.iter().any(is_late) {
        words.push(t::my_some_late().to_owned());
    }
    Some(words)
}

/// The line on today's screen: what is missing, and the way to all targets.
#[component]
pub(super) fn TargetsCard(missing: Option<Vec<String>>) -> impl IntoView {
    missing.map(|missing| {
        let first = missing
            .first()
            .cloned()
            .unwrap_or_else(|| t::my_all_met().to_owned());
        let more = missing
            .get(1..3)
            .or(missing.get(1..))
            .unwrap_or_default()
            .join(" · ");
        view! {
            <section class="stack-tight">
                <h2 class="part-title">{t::my_targets()}</h2>
                <a class="card record-card" href="/targets">
                    <icons::Picture icon=icons::FLAG/>
                    <span class="record-card-text">
                        <span class="strong">{first}</span>
                        <span class="soft small">{more}</span>
                    </span>
                    <icons::Picture icon=icons::CHEVRON_RIGHT/>
                </a>
            </section>
        }
    })
}

/// What a record that the server has seen counts for, or why not. Whether another record is the same only the server
/// knows; its figure says so.
#[component]
pub(super) fn CountsFor(id: RecordId) -> impl IntoView {
    let app = use_app();
    let told = app.project(move |engine| told_of(engine, id));
    live(move || {
        // The outer one says whether the phone has looked yet.
        told.get().flatten().map(|told| {
            let none = told
                .is_empty()
                .then(|| view! { <p class="soft">{t::counts_for_none_here()}</p> });
            let lines = told
                .into_iter()
                .map(|(tone, stands, text)| {
                    view! { <li class="stack-tight"><Chip tone words=stands/><span>{text}</span></li> }
                })
                .collect_view();
            view! {
                <section class="stack-tight">
                    <h2 class="part-title">{t::counts_for()}</h2>
                    {none}
                    <ul class="cards">{lines}</ul>
                </section>
            }
        })
    })
}

/// What this phone can tell of a record: none before the server has it.
fn told_of(engine: &Engine, id: RecordId) -> Option<Vec<(Tone, String, String)>> {
    let (scope, record) = engine
        .scope()
        .zip(engine.entry(id).and_then(|entry| entry.server))?;
    let facts = Facts {
        kind: &record.kind,
        area: record.area_id,
        commune: record.commune_id,
        local_date: record.local_date,
        status: record.status,
        accepted_at: record.review.as_ref().map(|review| review.at),
        body: &record.body,
    };
    let mut told: Vec<(Tone, String, String)> = Vec::new();
    for mine in &scope.targets {
        // A target of the village and of its commune is one target.
        if told.iter().any(|(_, _, text)| *text == mine.target.text) {
            continue;
        }
        let (tone, words) = match judge(&mine.rule(), &facts) {
            None => continue,
            // Whether another record says the same, only the server knows.
            Some(Ruling::Counted(_)) if has_limit(&mine.target) => {
                (Tone::Info, t::counts_if_single().to_owned())
            }
            Some(Ruling::Counted(_)) => (Tone::Good, t::counts().to_owned()),
            Some(Ruling::Not(reason) | Ruling::Late(reason, _)) => (Tone::Quiet, t::why_not(&reason)),
        };
        told.push((tone, words, mine.target.text.clone()));
    }
    Some(told)
}

fn has_limit(target: &Target) -> bool {
    target
        .source
        .as_ref()
        .is_some_and(|source| source.limit.is_some())
}
