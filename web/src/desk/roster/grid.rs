//! Teams × days. A cell takes what is dropped on it; a card is dragged, and its button opens the dialog that does the
//! same by keyboard.

use super::change::{Roster, shift_id};
use super::form::Planned;
use crate::desk::known::{Known, use_known};
use crate::desk::{now, today};
use crate::icons;
use crate::shell::dom;
use crate::ui::{ShiftChip, shift_tone};
use crate::words::{loudspeaker as l, roster as r, when};
use chrono::Days;
use keng_shared::roster::ShiftKind;
use keng_shared::sync::{PatrolPlan, ScopeTeam};
use keng_shared::time::LocalDate;
use leptos::ev::DragEvent;
use leptos::prelude::*;

/// The grid.
#[component]
pub fn Grid(
    plans: Vec<PatrolPlan>,
    teams: Vec<ScopeTeam>,
    monday: LocalDate,
    roster: Roster,
    planning: RwSignal<Option<Planned>>,
    may_plan: bool,
) -> impl IntoView {
    let days: Vec<LocalDate> = (0..7)
        .filter_map(|day| monday.checked_add_days(Days::new(day)))
        .collect();
    let today = today();
    let heads = days
        .iter()
        .map(|day| {
            let current = (*day == today).then_some("date");
            view! { <th scope="col" aria-current=current>{l::short_day(*day)}</th> }
        })
        .collect_view();
    let rows = teams
        .into_iter()
        .map(|team| {
            let cells = days
                .iter()
                .map(|day| {
                    let is_here = |plan: &&PatrolPlan| {
                        plan.team_id == team.id && plan.starts_at.local_date() == Some(*day)
                    };
                    let here = plans.iter().filter(is_here).cloned().collect();
                    view! {
                        <Cell plans=here team=team.clone() day=*day roster planning may_plan/>
                    }
                })
                .collect_view();
            let of_team = |day: &&LocalDate| {
                plans
                    .iter()
                    .any(|plan| plan.team_id == team.id && plan.starts_at.local_date() == Some(**day))
            };
            let empty = days.len() - days.iter().filter(of_team).count();
            let unfolded = RwSignal::new(false);
            let fold = (empty > 0).then(|| view! { <Fold team=team.name.clone() empty unfolded/> });
            view! {
                <tr class:roster-unfolded=move || unfolded.get()>
                    <th scope="row">{team.name.clone()}</th>
                    {cells}
                    {fold}
                </tr>
            }
        })
        .collect_view();
    view! {
        <div class="table-frame roster-frame" tabindex="0" role="group" aria-label=r::title()>
            <table class="table roster">
                <caption class="unseen">{r::title()}</caption>
                <thead><tr><th scope="col">{r::team_column()}</th>{heads}</tr></thead>
                <tbody>{rows}</tbody>
            </table>
        </div>
    }
}

/// Shows and hides the days without a shift, where the days stand below each other.
#[component]
fn Fold(team: String, empty: usize, unfolded: RwSignal<bool>) -> impl IntoView {
    let words = move || match unfolded.get() {
        true => r::hide_empty_days().to_owned(),
        false => r::show_empty(empty),
    };
    view! {
        <td class="roster-fold">
            <button
                type="button"
                class="button button-quiet"
                aria-expanded=move || unfolded.get().to_string()
                aria-label=move || format!("{}: {}", words(), team)
                on:click=move |_| unfolded.update(|unfolded| *unfolded = !*unfolded)
            >
                {words}
            </button>
        </td>
    }
}

#[component]
fn Cell(
    plans: Vec<PatrolPlan>,
    team: ScopeTeam,
    day: LocalDate,
    roster: Roster,
    planning: RwSignal<Option<Planned>>,
    may_plan: bool,
) -> impl IntoView {
    let known = use_known();
    let over = RwSignal::new(false);
    let id = team.id;
    let is_empty = plans.is_empty();
    let cards = plans
        .into_iter()
        .map(|plan| card(plan, &team.name, known, roster, may_plan))
        .collect_view();
    let accept = move |event: DragEvent| {
        if roster.dragged.with_untracked(Option::is_some) {
            event.prevent_default();
            over.set(true);
        }
    };
    let drop_here = move |event: DragEvent| {
        event.prevent_default();
        over.set(false);
        if let Some(plan) = roster.dragged.get_untracked() {
            roster.dragged.set(None);
            roster.shift_to(plan, id, day);
        }
    };
    let may_add = may_plan && day >= today();
    let words = r::add_to(&team.name, l::short_day(day));
    let add = may_add.then(|| {
        view! {
            <button
                type="button"
                class="button button-quiet roster-add"
                aria-label=words
                on:click=move |_| planning.set(Some(Planned::on(id, day)))
            >
                <icons::Picture icon=icons::PLUS/>
            </button>
        }
    });
    view! {
        <td
            class="roster-cell"
            class:roster-empty=is_empty
            class:roster-over=move || over.get()
            data-day=l::short_day(day)
            on:dragover=accept
            on:dragleave=move |_| over.set(false)
            on:drop=drop_here
        >
            {cards}
            {add}
        </td>
    }
}

fn card(plan: PatrolPlan, team: &str, known: Known, roster: Roster, may_plan: bool) -> impl IntoView + use<> {
    let now = now();
    let state = plan.state(now);
    let tone = format!("{:?}", shift_tone(state)).to_lowercase();
    let is_open = state.is_open() && may_plan;
    let span = span(&plan);
    let words = r::open_shift(&span, team);
    let icon = match plan.kind {
        ShiftKind::Patrol => icons::FOOTPRINTS,
        ShiftKind::Duty => icons::CLOCK,
    };
    let members: Vec<String> = plan.members.iter().filter_map(|id| known.person(*id)).collect();
    let who = match plan.members.len() {
        0 => r::whole_team().to_owned(),
        count if members.len() < count => r::people(count),
        _ => members.join(", "),
    };
    let (dragged, opened) = (plan.clone(), plan.clone());
    let begin = move |event: DragEvent| {
        dom::carry(&event, &dragged.id.to_string());
        roster.dragged.set(Some(dragged.clone()));
    };
    view! {
        <div
            class=format!("shift shift-{tone}")
            draggable=if is_open { "true" } else { "false" }
            on:dragstart=begin
            on:dragend=move |_| roster.dragged.set(None)
        >
            <div class="shift-head">
                <icons::Picture icon/>
                <span class="strong">{span}</span>
                <button
                    type="button"
                    id=shift_id(plan.id)
                    class="button button-quiet shift-open"
                    aria-label=words
                    aria-haspopup="dialog"
                    on:click=move |_| roster.opened.set(Some(opened.clone()))
                >
                    <icons::Picture icon=icons::ELLIPSIS/>
                </button>
            </div>
            <span class="small">{r::shift_kind(plan.kind)} " · " {who}</span>
            <ShiftChip plan now/>
        </div>
    }
}

/// `21:00–02:00`: the day is that of the column.
pub fn span(plan: &PatrolPlan) -> String {
    format!("{}–{}", when::time(plan.starts_at), when::time(plan.ends_at))
}
