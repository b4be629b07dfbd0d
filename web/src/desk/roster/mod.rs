//! The roster: teams × days of a week with their shifts. A shift is dragged, or moved from its dialog; both ways are one
//! change that can be undone. The address holds the area and the week.

mod change;
mod form;
mod grid;
mod shift;

use super::api::use_api;
use super::known::use_known;
use super::load::load;
use super::stream::use_live;
use super::week_picker::{ShownWeek, WeekPicker};
use crate::icons;
use crate::ui::{Button, ButtonKind, Dialog, EmptyState, Notice, Tone, open_while};
use crate::words::{desk as d, problem, roster as r, when};
use change::Roster;
use form::{Planned, ShiftForm};
use grid::Grid;
use keng_shared::api::CopiedShift;
use keng_shared::id::AreaId;
use keng_shared::permission::Verb;
use keng_shared::time::LocalDate;
use leptos::prelude::*;
use shift::ShiftDialog;

/// The page.
#[component]
pub fn RosterPage() -> impl IntoView {
    let shown = ShownWeek::from_address();
    let ShownWeek { area, monday } = shown;
    view! {
        <div class="page stack">
            <h1>{r::title()}</h1>
            <WeekPicker page="/desk/plans" shown/>
            {move || match area.get() {
                Some(area) => view! { <Week area monday/> }.into_any(),
                None => {
                    view! { <EmptyState icon=icons::CALENDAR_CLOCK words=r::choose_commune()/> }.into_any()
                }
            }}
        </div>
    }
}

#[component]
fn Week(area: AreaId, monday: Memo<LocalDate>) -> impl IntoView {
    let (api, known, live) = (use_api(), use_known(), use_live());
    let plans = load(move || {
        let monday = monday.get();
        // A patrol that begins or ends turns its shift.
        live.changed.track();
        api.call(async move |client| client.patrol_plans(Some(area), Some(monday)).await)
    });
    let roster = Roster::new(plans);
    let may_plan = api.may(Verb::PlanPatrols);
    let (planning, opened) = (RwSignal::new(None::<Planned>), roster.opened);
    let planning_open = open_while(planning);
    let teams = Memo::new(move |_| known.teams_in(area));
    let tools = may_plan.then(|| {
        view! {
            <div class="row">
                <Button
                    label=d::plan_new()
                    kind=ButtonKind::Primary
                    icon=icons::CALENDAR_PLUS
                    on_press=move |_| planning.set(Some(Planned::tonight()))
                />
                <Button
                    label=r::copy_week()
                    icon=icons::COPY
                    on_press=move |_| roster.copy_last_week(area, monday.get_untracked())
                />
            </div>
            <p class="soft small roster-hint">{r::grid_hint()}</p>
        }
    });
    let title = Signal::derive(move || {
        let is_new = planning.with(|planned| planned.as_ref().is_none_or(Planned::is_new));
        if is_new { d::plan_new() } else { r::edit() }.to_owned()
    });
    view! {
        {tools}
        <LeftOut roster/>
        {plans.view(move |plans| {
            let teams = teams.get();
            if teams.is_empty() {
                return view! { <EmptyState icon=icons::USERS words=r::no_teams()/> }.into_any();
            }
            view! { <Grid plans teams monday=monday.get() roster planning may_plan/> }.into_any()
        })}
        <Dialog open=planning_open title>
            {move || planning.get().map(|planned| view! { <ShiftForm planned open=planning_open roster/> })}
        </Dialog>
        <ShiftDialog opened planning roster may_plan/>
    }
}

/// Shifts that were not copied, each with the reason.
#[component]
fn LeftOut(roster: Roster) -> impl IntoView {
    let known = use_known();
    let line = move |shift: &CopiedShift| {
        let problem = shift.problem.as_ref()?;
        let why = problem
            .fields
            .first()
            .map_or_else(|| problem::problem(problem), problem::field);
        let plan = roster.copied_from(shift.from)?;
        let start = when::full(plan.starts_at);
        Some(view! { <li>{known.team(plan.team_id)} ", " {start} ": " {why}</li> })
    };
    move || {
        let left_out = roster.left_out.get();
        (!left_out.is_empty()).then(|| {
            let lines = left_out.iter().filter_map(line).collect_view();
            view! {
                <Notice tone=Tone::Warn words=r::left_out(left_out.len())>
                    <ul class="small">{lines}</ul>
                </Notice>
            }
        })
    }
}
