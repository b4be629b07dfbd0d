//! One verdict on what is selected: how many it concerns, how far it is, what became of each, and the way back.

use super::{Selection, Table, use_table};
use crate::desk::api::{Api, Failed, FormErrors, is};
use crate::desk::export::ExportButton;
use crate::icons;
use crate::shell::timer;
use crate::ui::{
    Button, ButtonKind, Dialog, DialogActions, Notice, ProgressBar, Required, TextArea, Tone, open_while,
};
use crate::words::{domain, number, problem, records as w, when};
use keng_shared::api::{BulkOutcome, BulkPreview, BulkRow, BulkView, JobState, MAX_BULK, NewBulk};
use keng_shared::permission::Verb;
use keng_shared::problem::ProblemCode;
use keng_shared::record::{RecordStatus, Verdict};
use leptos::prelude::*;
use leptos::task::spawn_local;

/// Pause between two questions how far a job is, in milliseconds.
const ASK_MS: u32 = 600;

/// What is selected and what can be done with it.
#[component]
pub fn SelectionBar() -> impl IntoView {
    let table = use_table();
    let may_review = table.api.may(Verb::Review);
    let count = move || {
        table.selection.with(|selection| match selection {
            Selection::Rows(rows) => Some(rows.len()),
            Selection::Everything => None,
        })
    };
    let is_page = move || {
        let page = table.listing.get();
        page.is_some_and(|page| page.next.is_some() && count() == Some(page.items.len()))
    };
    let bar = move || {
        let words = match count() {
            Some(0) => return ().into_any(),
            Some(count) => w::selected(count),
            None => w::selected_all().to_owned(),
        };
        view! {
            <div class="records-selection">
                <span class="strong">{words}</span>
                {is_page()
                    .then(|| {
                        view! {
                            <Button
                                label=w::select_all()
                                kind=ButtonKind::Quiet
                                on_press=move |_| table.selection.set(Selection::Everything)
                            />
                        }
                    })}
                {may_review
                    .then(|| {
                        view! {
                            <Button
                                label=w::accept_many()
                                icon=icons::CHECK
                                on_press=move |_| table.judging.set(Some(Verdict::Accepted))
                            />
                            <Button
                                label=w::return_many()
                                icon=icons::UNDO_2
                                on_press=move |_| table.judging.set(Some(Verdict::Returned))
                            />
                        }
                    })}
                <ExportButton
                    query=move |()| table.filter()
                    only=move |()| table.chosen()
                />
                <Button
                    label=w::clear_selection()
                    kind=ButtonKind::Quiet
                    icon=icons::X
                    on_press=move |_| table.clear()
                />
            </div>
        }
        .into_any()
    };
    view! { <div role="status">{bar}</div> }
}

/// The dialog of a verdict on many.
#[component]
pub fn BulkDialog() -> impl IntoView {
    let table = use_table();
    let open = open_while(table.judging);
    let title = Signal::derive(move || match table.judging.get() {
        Some(Verdict::Returned) => w::return_title().to_owned(),
        _ => w::accept_title().to_owned(),
    });
    view! {
        <Dialog open title>
            {move || table.judging.get_untracked().map(|verdict| view! { <Judge table verdict open/> })}
        </Dialog>
    }
}

/// Where the dialog stands.
#[derive(Clone)]
enum Step {
    Asking,
    Working(BulkView),
    Finished(BulkView, Vec<BulkRow>),
    Failed(String),
}

#[component]
fn Judge(table: Table, verdict: Verdict, open: RwSignal<bool>) -> impl IntoView {
    let (step, preview) = (RwSignal::new(Step::Asking), RwSignal::new(None::<BulkPreview>));
    let (reason, errors) = (RwSignal::new(String::new()), FormErrors::new());
    let is_changed = RwSignal::new(false);
    let ask = move || NewBulk {
        verdict,
        reason: reason.get_untracked(),
        filter: table.filter(),
        only: table.chosen(),
        expected: preview.get_untracked().map(|preview| preview.waiting),
    };
    let count = move || {
        let new = NewBulk {
            expected: None,
            ..ask()
        };
        spawn_local(async move {
            match table
                .api
                .call(async |client| client.preview_bulk(&new).await)
                .await
            {
                Ok(found) => drop(preview.try_set(Some(found))),
                Err(error) => errors.show(&error),
            }
        });
    };
    count();
    let begin = move || {
        errors.clear();
        is_changed.set(false);
        let new = ask();
        spawn_local(async move {
            let queued = table
                .api
                .call(async |client| client.create_bulk(&new).await)
                .await;
            match queued {
                Ok(bulk) => follow(table, step, bulk).await,
                Err(error) if is(&error, ProblemCode::StateConflict) => {
                    is_changed.try_set(true);
                    count();
                }
                Err(error) => errors.show(&error),
            }
        });
    };
    let blocked = Signal::derive(move || {
        preview
            .get()
            .is_none_or(|preview| preview.waiting == 0 || preview.waiting > MAX_BULK as u64)
    });
    let action = match verdict {
        Verdict::Accepted => w::accept_many(),
        Verdict::Returned => w::return_many(),
    };
    let asking = move || {
        view! {
            {errors.notice()}
            <div aria-live="polite" class="stack">{move || tell(table, preview.get(), verdict)}</div>
            {move || is_changed.get().then(|| view! { <Notice tone=Tone::Warn words=w::count_changed()/> })}
            {(verdict == Verdict::Returned)
                .then(|| {
                    view! {
                        <TextArea
                            id="bulk-reason"
                            label=w::reason()
                            value=reason
                            on_input=move |text| reason.set(text)
                            error=errors.of("reason")
                            required=Required::Yes
                        />
                    }
                })}
            <DialogActions open>
                <Button
                    label=action
                    kind=ButtonKind::Primary
                    blocked
                    on_press=move |_| begin()
                />
            </DialogActions>
        }
    };
    view! {
        <div class="stack">
            {move || match step.get() {
                Step::Asking => asking().into_any(),
                Step::Working(bulk) => {
                    let words = if bulk.undoes.is_some() { w::undoing() } else { w::working() };
                    view! {
                        <ProgressBar words done=Signal::stored(bulk.done) total=Signal::stored(bulk.total)/>
                    }
                    .into_any()
                }
                Step::Finished(bulk, rows) => view! { <Report table step bulk rows/> }.into_any(),
                Step::Failed(words) => view! { <Notice tone=Tone::Danger words/> }.into_any(),
            }}
        </div>
    }
}

/// What the verdict would do.
fn tell(table: Table, preview: Option<BulkPreview>, verdict: Verdict) -> AnyView {
    let Some(preview) = preview else {
        return view! { <p class="soft">{w::counting()}</p> }.into_any();
    };
    if preview.waiting > MAX_BULK as u64 {
        let most = grouped(MAX_BULK as u64);
        return view! { <Notice tone=Tone::Warn words=w::too_many(most)/> }.into_any();
    }
    if preview.waiting == 0 {
        return view! { <Notice tone=Tone::Info words=w::nothing_waits()/> }.into_any();
    }
    let words = match verdict {
        Verdict::Accepted => w::will_accept(grouped(preview.waiting)),
        Verdict::Returned => w::will_return(grouped(preview.waiting)),
    };
    let others = preview.shown.saturating_sub(preview.waiting);
    let narrow = move |_| {
        table.judging.set(None);
        table.change(|query| {
            query.status = Some(RecordStatus::Submitted);
            query.flagged = Some(true);
        });
    };
    view! {
        <p class="strong">{words}</p>
        {(preview.flagged > 0 && verdict == Verdict::Accepted)
            .then(|| {
                view! {
                    <Notice tone=Tone::Warn words=w::with_signals(grouped(preview.flagged))>
                        <div><Button label=w::show_with_signals() on_press=narrow/></div>
                    </Notice>
                }
            })}
        {(others > 0).then(|| view! { <p class="soft">{w::others_stay(grouped(others))}</p> })}
    }
    .into_any()
}

/// Asks how far the job is until it is finished, then for what was left alone.
async fn follow(table: Table, step: RwSignal<Step>, first: BulkView) {
    let end = match watch(table, step, first).await {
        Ok(Some(end)) => end,
        Ok(None) => return,
        Err(error) => Step::Failed(problem::call(&error)),
    };
    step.try_set(end);
    table.clear();
    table.listing.again();
}

/// None when the dialog was closed; the job goes on without it.
async fn watch(table: Table, step: RwSignal<Step>, mut bulk: BulkView) -> Result<Option<Step>, Failed> {
    let api = table.api;
    loop {
        match bulk.state {
            JobState::Failed => return Ok(Some(Step::Failed(w::failed().to_owned()))),
            JobState::Done => break,
            JobState::Queued | JobState::Running => {}
        }
        let id = bulk.id;
        if step.try_set(Step::Working(bulk)).is_some() {
            table.listing.again();
            return Ok(None);
        }
        timer::sleep(ASK_MS).await;
        bulk = api.call(async |client| client.bulk(id).await).await?;
    }
    let rows = left_alone(api, &bulk).await?;
    Ok(Some(Step::Finished(bulk, rows)))
}

/// The records of a finished job that it left as they were.
pub async fn left_alone(api: Api, bulk: &BulkView) -> Result<Vec<BulkRow>, Failed> {
    let mut rows = Vec::new();
    if done_of(bulk) == bulk.total {
        return Ok(rows);
    }
    let (id, mut after) = (bulk.id, None);
    loop {
        let page = api
            .call(async |client| client.bulk_rows(id, after.clone()).await)
            .await?;
        rows.extend(
            page.items
                .into_iter()
                .filter(|row| row.outcome != Some(BulkOutcome::Done)),
        );
        after = page.next;
        if after.is_none() {
            return Ok(rows);
        }
    }
}

/// How many records of a job it was done to.
pub fn done_of(bulk: &BulkView) -> u64 {
    let mut outcomes = bulk.outcomes.iter();
    outcomes
        .find(|counted| counted.outcome == BulkOutcome::Done)
        .map_or(0, |counted| counted.count)
}

/// A count with its thousands apart.
pub fn grouped(count: u64) -> String {
    number::grouped(i64::try_from(count).unwrap_or(i64::MAX))
}

#[component]
fn Report(table: Table, step: RwSignal<Step>, bulk: BulkView, rows: Vec<BulkRow>) -> impl IntoView {
    let (id, is_undo) = (bulk.id, bulk.undoes.is_some());
    let done = done_of(&bulk);
    let count = grouped(done);
    let words = if is_undo {
        w::undone(count)
    } else {
        w::finished(count)
    };
    let undo = move |_| {
        spawn_local(async move {
            match table.api.call(async |client| client.undo_bulk(id).await).await {
                Ok(bulk) => follow(table, step, bulk).await,
                Err(error) => drop(step.try_set(Step::Failed(problem::call(&error)))),
            }
        });
    };
    let has_left = bulk.total > done;
    view! {
        <Notice tone=Tone::Good words/>
        {has_left
            .then(|| {
                view! {
                    <h3>{w::left_alone()}</h3>
                    <LeftAlone rows/>
                }
            })}
        {(!is_undo && done > 0)
            .then(|| view! { <div><Button label=w::undo_all() icon=icons::UNDO_2 on_press=undo/></div> })}
    }
}

/// What a job left as it was, each with why and the way to it.
#[component]
pub fn LeftAlone(rows: Vec<BulkRow>) -> impl IntoView {
    let left = rows
        .into_iter()
        .map(|row| {
            let outcome = row.outcome.map(w::outcome);
            view! {
                <li>
                    <a href=format!("/desk/review/{}?status=all", row.record_id)>
                        {domain::kind(&row.kind)}" · "{when::date(row.local_date)}
                    </a>
                    <span class="small soft">{row.area_name}" · "{outcome}</span>
                </li>
            }
        })
        .collect_view();
    view! { <ul class="plain-list records-left">{left}</ul> }
}
