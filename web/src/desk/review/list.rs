//! The list of records: one row each, enough to choose by.

use super::filter::Stage;
use super::queue::use_queue;
use crate::desk::now;
use crate::icons::{self, Picture};
use crate::ui::{Button, Chip, EmptyState, StatusBadge, Tone};
use crate::words::{desk as d, domain, interface as w, when};
use keng_shared::api::RecordRow;
use keng_shared::{kind, risk};
use leptos::prelude::*;

/// The list with what arrived on top and more at the end.
#[component]
pub fn ListPane() -> impl IntoView {
    let queue = use_queue();
    let (arrived, listing) = (queue.arrived(), queue.listing());
    let is_here = Memo::new(move |_| listing.get().is_some());
    view! {
        <div role="status">
            {move || {
                let count = arrived.with(Vec::len);
                (count > 0)
                    .then(|| {
                        view! {
                            <button type="button" class="arrived" on:click=move |_| queue.show_arrived()>
                                <Picture icon=icons::BELL/>
                                <span>{d::new_arrived(count)}" · "{d::show_new()}</span>
                            </button>
                        }
                    })
            }}
        </div>
        {move || {
            if is_here.get() {
                view! { <Rows/> }.into_any()
            } else {
                listing.view(|_| ()).into_any()
            }
        }}
    }
}

#[component]
fn Rows() -> impl IntoView {
    let queue = use_queue();
    let listing = queue.listing();
    let rows = Memo::new(move |_| listing.get().map(|listing| listing.rows).unwrap_or_default());
    let more = Memo::new(move |_| listing.get().is_some_and(|listing| listing.next.is_some()));
    // A row is built again only when something that it shows has changed, so that focus and place stay.
    let key = |row: &RecordRow| (row.id, row.status, row.revision, row.photos_held, row.flags.len());
    view! {
        <Show when=move || !rows.with(Vec::is_empty) fallback=Nothing>
            <ul class="review-list">
                <For each=move || rows.get() key let:row><Row row/></For>
            </ul>
        </Show>
        {move || more
            .get()
            .then(|| view! { <Button label=w::show_more() class="button-wide" on_press=move |_| queue.more()/> })}
    }
}

#[component]
fn Nothing() -> impl IntoView {
    let queue = use_queue();
    let filter = queue.filter().get();
    let is_done = filter.stage == Stage::Waiting && !filter.is_narrowed();
    let (icon, words) = if is_done {
        (icons::CIRCLE_CHECK, d::review_all_done())
    } else {
        (icons::SEARCH, d::review_empty())
    };
    view! {
        <EmptyState icon words>
            {filter
                .is_narrowed()
                .then(|| {
                    view! { <Button label=d::filter_clear() on_press=move |_| queue.set_filter(&Default::default())/> }
                })}
        </EmptyState>
    }
}

#[component]
fn Row(row: RecordRow) -> impl IntoView {
    let queue = use_queue();
    let (chosen, id) = (queue.chosen(), row.id);
    let icon = icons::of_kind(kind::find(&row.kind).map_or("", |spec| spec.icon));
    let pending = move || queue.pending().with(|pending| pending.contains(&id));
    let status = row.status;
    let worst = risk::by_weight(&row.flags)
        .first()
        .map(|&flag| match row.flags.len() {
            1 => domain::flag(flag).to_owned(),
            many => d::flag_and_more(domain::flag(flag), many - 1),
        });
    let reasons: Vec<&str> = row.flags.iter().map(|&flag| domain::flag(flag)).collect();
    let reasons = reasons.join(", ");
    let now = now();
    view! {
        <li>
            <a
                class="review-row"
                id=format!("row-{id}")
                href=move || {
                    queue.filter().track();
                    queue.address(id)
                }
                aria-current=move || (chosen.get() == Some(id)).then_some("true")
            >
                <Picture icon/>
                <span class="review-row-text">
                    <span class="row-apart">
                        <span class="strong">{domain::kind(&row.kind)}</span>
                        <span class="small soft">{when::ago(row.received_at, now)}</span>
                    </span>
                    <span>{row.area_name}</span>
                    <span class="small soft">
                        {row.author.name}" · "{when::span(row.started_at, row.ended_at, now)}
                    </span>
                    <span class="row">
                        {move || {
                            if pending() {
                                view! { <Chip tone=Tone::Good icon=icons::HOURGLASS words=d::accept()/> }.into_any()
                            } else {
                                view! { <StatusBadge status/> }.into_any()
                            }
                        }}
                        {(row.photos > 0)
                            .then(|| {
                                let tone = if row.photos_held < row.photos { Tone::Warn } else { Tone::Quiet };
                                view! {
                                    <Chip tone icon=icons::IMAGE words=d::photos_held(row.photos_held, row.photos)/>
                                }
                            })}
                        {worst
                            .map(|words| {
                                view! {
                                    <Chip tone=Tone::Warn icon=icons::TRIANGLE_ALERT words reason=reasons/>
                                }
                            })}
                    </span>
                </span>
            </a>
        </li>
    }
}
