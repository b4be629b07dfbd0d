//! What the person has exported and judged together: files that still wait, how far work is, and the way back.

use super::bulk::{LeftAlone, done_of, grouped, left_alone};
use super::use_table;
use crate::desk::api::{Api, Failed};
use crate::desk::export::{format_words, save};
use crate::desk::load::{Loaded, load};
use crate::desk::now;
use crate::icons;
use crate::shell::timer;
use crate::ui::{Button, ButtonKind, Chip, Dialog, EmptyState, Notice, ProgressBar, Tone, use_toasts};
use crate::words::{desk as d, number, problem, records as w, when};
use keng_shared::api::{BulkRow, BulkView, ExportView, JobState};
use keng_shared::record::Verdict;
use leptos::prelude::*;
use leptos::task::spawn_local;

/// Pause between two questions while something is under way, in milliseconds.
const ASK_MS: u32 = 1_000;

/// Both lists, newest first.
#[derive(Clone)]
struct Jobs {
    exports: Vec<ExportView>,
    bulks: Vec<BulkView>,
}

impl Jobs {
    async fn ask(api: Api) -> Result<Self, Failed> {
        Ok(Self {
            exports: api.call(async |client| client.exports().await).await?,
            bulks: api.call(async |client| client.bulks().await).await?,
        })
    }

    fn is_under_way(&self) -> bool {
        let mut states = self
            .exports
            .iter()
            .map(|export| export.state)
            .chain(self.bulks.iter().map(|bulk| bulk.state));
        states.any(|state| !is_finished(state))
    }
}

fn is_finished(state: JobState) -> bool {
    matches!(state, JobState::Done | JobState::Failed)
}

/// The button and its dialog.
#[component]
pub fn JobsButton() -> impl IntoView {
    let open = RwSignal::new(false);
    view! {
        <Button
            label=w::jobs()
            kind=ButtonKind::Quiet
            icon=icons::HISTORY
            on_press=move |_| open.set(true)
        />
        <Dialog open title=w::jobs()>
            <Both/>
        </Dialog>
    }
}

#[component]
fn Both() -> impl IntoView {
    let table = use_table();
    let jobs = load(move || Jobs::ask(table.api));
    // Asks again while something is under way and the dialog is there; then the table shows what it did.
    let is_here = StoredValue::new(());
    spawn_local(async move {
        let mut was_under_way = false;
        while is_here.try_get_value().is_some() {
            let is_under_way = jobs.peek().is_some_and(|jobs| jobs.is_under_way());
            if is_under_way {
                jobs.again();
            } else if was_under_way {
                table.listing.again();
            }
            was_under_way = is_under_way;
            timer::sleep(ASK_MS).await;
        }
    });
    jobs.view(move |found| {
        if found.exports.is_empty() && found.bulks.is_empty() {
            return view! { <EmptyState icon=icons::HISTORY words=w::jobs_none()/> }.into_any();
        }
        let files = found.exports.into_iter().map(|export| view! { <File export/> });
        let verdicts = found.bulks.into_iter().map(|bulk| view! { <Judged jobs bulk/> });
        let (files, verdicts) = (files.collect_view(), verdicts.collect_view());
        view! {
            <p class="soft">{w::jobs_hint()}</p>
            {(!files.is_empty())
                .then(|| {
                    view! {
                        <h3>{w::jobs_files()}</h3>
                        <ul class="plain-list records-jobs">{files}</ul>
                    }
                })}
            {(!verdicts.is_empty())
                .then(|| {
                    view! {
                        <h3>{w::jobs_verdicts()}</h3>
                        <ul class="plain-list records-jobs">{verdicts}</ul>
                    }
                })}
        }
        .into_any()
    })
}

#[component]
fn File(export: ExportView) -> impl IntoView {
    let (api, toasts) = (use_table().api, use_toasts());
    let is_busy = RwSignal::new(false);
    let head = view! {
        <span class="row-apart">
            <span class="strong">{format_words(export.format)}</span>
            <span class="small soft">{when::instant(export.created_at, now())}</span>
        </span>
    };
    let stands = match export.state {
        JobState::Queued | JobState::Running => {
            under_way(d::export_writing(), export.state, export.done, export.total)
        }
        JobState::Failed => view! { <Notice tone=Tone::Danger words=w::file_failed()/> }.into_any(),
        JobState::Done => {
            let size = number::bytes(export.size.unwrap_or_default());
            let until = export.expires_at.local_date().map(when::date);
            let ready = w::file_ready(grouped(export.done), size);
            let keep = move |_| {
                let export = export.clone();
                is_busy.set(true);
                spawn_local(async move {
                    let failed = match save(api, &export).await {
                        Ok(true) => None,
                        Ok(false) => Some(d::export_not_saved().to_owned()),
                        Err(error) => Some(problem::call(&error)),
                    };
                    if let Some(words) = failed {
                        toasts.say(words);
                    }
                    is_busy.try_set(false);
                });
            };
            view! {
                <span class="row-apart">
                    <span class="small soft">
                        {ready}
                        {until.map(|day| format!(" · {}", w::file_until(day)))}
                    </span>
                    <Button
                        label=Signal::derive(move || if is_busy.get() { w::downloading() } else { w::download() }.to_owned())
                        icon=icons::DOWNLOAD
                        blocked=is_busy
                        on_press=keep
                    />
                </span>
            }
            .into_any()
        }
    };
    view! { <li class="stack-tight">{head}{stands}</li> }
}

#[component]
fn Judged(jobs: Loaded<Jobs>, bulk: BulkView) -> impl IntoView {
    let title = match bulk.verdict {
        Some(Verdict::Accepted) => w::bulk_accepted(),
        Some(Verdict::Returned) => w::bulk_returned(),
        None => w::bulk_undone(),
    };
    let head = view! {
        <span class="row-apart">
            <span class="strong">{title}</span>
            <span class="small soft">{when::instant(bulk.created_at, now())}</span>
        </span>
    };
    let words = if bulk.undoes.is_some() {
        w::undoing()
    } else {
        w::working()
    };
    let stands = match bulk.state {
        JobState::Queued | JobState::Running => under_way(words, bulk.state, bulk.done, bulk.total),
        JobState::Failed => view! { <Notice tone=Tone::Danger words=w::failed()/> }.into_any(),
        JobState::Done => view! { <Outcome jobs bulk/> }.into_any(),
    };
    view! { <li class="stack-tight">{head}{stands}</li> }
}

/// What became of a finished verdict: the counts, what was left alone, and the way back.
#[component]
fn Outcome(jobs: Loaded<Jobs>, bulk: BulkView) -> impl IntoView {
    let (table, toasts) = (use_table(), use_toasts());
    let (id, done) = (bulk.id, done_of(&bulk));
    let (has_left, was_undone) = (bulk.total > done, bulk.undone_by.is_some());
    let can_undo = bulk.verdict.is_some() && !was_undone && done > 0;
    let counts: Vec<String> = bulk
        .outcomes
        .iter()
        .map(|counted| w::outcome_count(w::outcome(counted.outcome), grouped(counted.count)))
        .collect();
    let left = RwSignal::new(None::<Vec<BulkRow>>);
    let show = move |_| {
        let bulk = bulk.clone();
        spawn_local(async move {
            match left_alone(table.api, &bulk).await {
                Ok(rows) => {
                    left.try_set(Some(rows));
                }
                Err(error) => {
                    toasts.say(problem::call(&error));
                }
            }
        });
    };
    let undo = move |_| {
        spawn_local(async move {
            if let Err(error) = table.api.call(async |client| client.undo_bulk(id).await).await {
                toasts.say(problem::call(&error));
            }
            jobs.again();
        });
    };
    view! {
        <span class="small soft">{counts.join(" · ")}</span>
        <span class="row">
            {was_undone.then(|| view! { <Chip tone=Tone::Quiet icon=icons::UNDO_2 words=w::bulk_was_undone()/> })}
            {can_undo.then(|| view! { <Button label=w::undo_all() icon=icons::UNDO_2 on_press=undo/> })}
            {has_left
                .then(|| view! { <Button label=w::left_alone() kind=ButtonKind::Quiet on_press=show/> })}
        </span>
        {move || left.get().map(|rows| view! { <LeftAlone rows/> })}
    }
}

/// A bar for what is under way.
fn under_way(words: &'static str, state: JobState, done: u64, total: u64) -> AnyView {
    let words = if state == JobState::Queued {
        w::waits_its_turn()
    } else {
        words
    };
    view! { <ProgressBar words done=Signal::stored(done) total=Signal::stored(total)/> }.into_any()
}
