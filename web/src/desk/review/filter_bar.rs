//! The filters above the list. Stages are tabs with their counts; the rest folds away.

use super::filter::{Filter, Order, Stage};
use super::queue::use_queue;
use crate::desk::export::ExportButton;
use crate::desk::frame::use_counts;
use crate::desk::known::{AreaChoice, flag_answers, flag_value, kind_answers, number, read_flag, use_known};
use crate::icons::{self, Picture};
use crate::ui::{Button, ButtonKind, DateInput, Required, Select};
use crate::words::desk as d;
use keng_shared::id::AreaId;
use leptos::prelude::*;

/// Id of the search field, for the key `/`.
pub const SEARCH_ID: &str = "review-search";

/// The filters.
#[component]
pub fn FilterBar() -> impl IntoView {
    let queue = use_queue();
    let filter = queue.filter();
    let change = move |change: &dyn Fn(&mut Filter)| {
        let mut next = filter.get_untracked();
        change(&mut next);
        queue.set_filter(&next);
    };
    view! {
        <Stages/>
        {move || (filter.get().stage == Stage::Waiting).then(|| view! { <Orders/> })}
        <label class="search">
            <Picture icon=icons::SEARCH/>
            <span class="unseen">{d::filter_search()}</span>
            <input
                class="input"
                type="search"
                id=SEARCH_ID
                placeholder=d::filter_search()
                prop:value=move || filter.get().search
                on:change=move |event| {
                    let text = event_target_value(&event);
                    change(&|filter| filter.search.clone_from(&text));
                }
            />
        </label>
        <details class="disclosure">
            <summary>
                <Picture icon=icons::CHEVRON_RIGHT/>
                {d::filter()}
                {move || {
                    let set = count(&filter.get());
                    (set > 0).then(|| view! { <span class="nav-count">{set}</span> })
                }}
            </summary>
            <div class="disclosure-body"><Narrow/></div>
        </details>
        <ExportButton query=move |()| filter.get_untracked().query(None)/>
    }
}

fn count(filter: &Filter) -> usize {
    let set = [
        !filter.kind.is_empty(),
        filter.area.is_some(),
        filter.from.is_some(),
        filter.to.is_some(),
        filter.flagged || filter.flag.is_some(),
    ];
    set.into_iter().filter(|set| *set).count()
}

#[component]
fn Stages() -> impl IntoView {
    let filter = use_queue().filter();
    let counts = use_counts().0;
    let tabs = Stage::ALL
        .into_iter()
        .map(|stage| {
            let href = move || {
                let to = Filter {
                    stage,
                    ..filter.get()
                };
                format!("/desk/review{}", to.write())
            };
            let count = move || {
                let counts = counts.get();
                match stage {
                    Stage::Waiting => counts.submitted,
                    Stage::Open => counts.open,
                    Stage::Returned => counts.returned,
                    Stage::Accepted | Stage::All => 0,
                }
            };
            view! {
                <li>
                    <a href=href aria-current=move || (filter.get().stage == stage).then_some("page")>
                        {words(stage)}
                        {move || (count() > 0).then(|| view! { <span class="nav-count">{count()}</span> })}
                    </a>
                </li>
            }
        })
        .collect_view();
    view! {
        <nav aria-label=d::filter_status()><ul class="tabs">{tabs}</ul></nav>
    }
}

#[component]
fn Orders() -> impl IntoView {
    let filter = use_queue().filter();
    let choices = Order::ALL
        .into_iter()
        .map(|order| {
            let href = move || {
                let to = Filter {
                    order,
                    ..filter.get()
                };
                format!("/desk/review{}", to.write())
            };
            let words = match order {
                Order::Risk => d::sort_risk(),
                Order::Newest => d::sort_newest(),
            };
            view! {
                <li>
                    <a href=href aria-current=move || (filter.get().order == order).then_some("true")>
                        {words}
                    </a>
                </li>
            }
        })
        .collect_view();
    view! {
        <nav aria-label=d::sort()><ul class="orders small">{choices}</ul></nav>
    }
}

fn words(stage: Stage) -> &'static str {
    match stage {
        Stage::Waiting => d::count_submitted(),
        Stage::Open => d::count_open(),
        Stage::Returned => d::count_returned(),
        Stage::Accepted => d::stage_accepted(),
        Stage::All => d::all(),
    }
}

#[component]
fn Narrow() -> impl IntoView {
    let queue = use_queue();
    let (filter, known) = (queue.filter(), use_known());
    let change = move |change: &dyn Fn(&mut Filter)| {
        let mut next = filter.get_untracked();
        change(&mut next);
        queue.set_filter(&next);
    };
    view! {
        <div class="stack">
            <Select
                id="filter-kind"
                label=d::filter_kind()
                answers=Signal::stored(kind_answers())
                value=Signal::derive(move || filter.get().kind)
                on_input=move |text: String| change(&|filter| filter.kind.clone_from(&text))
                empty=d::all()
            />
            <Select
                id="filter-area"
                label=d::filter_area()
                answers=Signal::derive(move || known.area_answers(AreaChoice::Any))
                value=Signal::derive(move || filter.get().area.map(|area| area.to_string()).unwrap_or_default())
                on_input=move |text: String| change(&|filter| filter.area = number(&text).map(AreaId))
                empty=d::all()
            />
            <div class="row">
                <DateInput
                    id="filter-from"
                    label=d::filter_from()
                    value=Signal::derive(move || filter.get().from.map(|day| day.to_string()).unwrap_or_default())
                    on_input=move |text: String| change(&|filter| filter.from = text.parse().ok())
                    required=Required::Yes
                />
                <DateInput
                    id="filter-to"
                    label=d::filter_to()
                    value=Signal::derive(move || filter.get().to.map(|day| day.to_string()).unwrap_or_default())
                    on_input=move |text: String| change(&|filter| filter.to = text.parse().ok())
                    required=Required::Yes
                />
            </div>
            <Select
                id="filter-flag"
                label=d::flags()
                answers=Signal::stored(flag_answers())
                value=Signal::derive(move || {
                    let filter = filter.get();
                    flag_value(filter.flagged.then_some(true), filter.flag).unwrap_or_default()
                })
                on_input=move |text: String| {
                    let (flagged, flag) = read_flag(&text);
                    change(&|filter| (filter.flagged, filter.flag) = (flagged.is_some(), flag));
                }
                empty=d::all()
            />
            <div>
                <Button
                    label=d::filter_clear()
                    kind=ButtonKind::Quiet
                    icon=icons::X
                    on_press=move |_| {
                        let stage = filter.get_untracked().stage;
                        queue.set_filter(&Filter { stage, ..Filter::default() });
                    }
                />
            </div>
        </div>
    }
}
