//! Patrol plans: who goes when, past which checkpoints. Teams see them on their phones.

use super::api::{FormErrors, use_api};
use super::known::{Known, number, use_known};
use super::load::{Loaded, load};
use super::now;
use crate::icons;
use crate::ui::{
    Answer, Button, ButtonKind, Checkboxes, DateTimeInput, Dialog, DialogActions, EmptyState, Required,
    Select, Submits, Table, TextArea, use_toasts,
};
use crate::words::{desk as d, interface as w, problem, when};
use keng_shared::api::NewPatrolPlan;
use keng_shared::id::{AreaId, CheckpointId, PatrolPlanId, TeamId};
use keng_shared::permission::Verb;
use keng_shared::problem::{FieldCode, FieldError};
use keng_shared::sync::PatrolPlan;
use keng_shared::time::start_of_day;
use leptos::ev::SubmitEvent;
use leptos::prelude::*;
use leptos::task::spawn_local;

const HOUR: i64 = 3_600_000;

/// The page.
#[component]
pub fn PlansPage() -> impl IntoView {
    let (api, known, toasts) = (use_api(), use_known(), use_toasts());
    let plans = load(move || api.call(async |client| client.patrol_plans(None).await));
    let may_plan = api.may(Verb::PlanPatrols);
    let (open, asked) = (RwSignal::new(false), RwSignal::new(false));
    let deleting = RwSignal::new(None::<PatrolPlanId>);
    let ask = Callback::new(move |id: PatrolPlanId| {
        deleting.set(Some(id));
        asked.set(true);
    });
    let delete = move |_| {
        asked.set(false);
        let Some(id) = deleting.get_untracked() else {
            return;
        };
        spawn_local(async move {
            match api.call(async |client| client.delete_patrol_plan(id).await).await {
                Ok(()) => drop(toasts.say(d::plan_deleted())),
                Err(error) => drop(toasts.say(problem::call(&error))),
            }
            plans.again();
        });
    };
    view! {
        <div class="page stack">
            <div class="row-apart">
                <h1>{d::nav_plans()}</h1>
                {may_plan
                    .then(|| {
                        view! {
                            <Button
                                label=d::plan_new()
                                kind=ButtonKind::Primary
                                icon=icons::CALENDAR_PLUS
                                on_press=move |_| open.set(true)
                            />
                        }
                    })}
            </div>
            {plans.view(move |plans| table(plans, known, may_plan.then_some(ask)))}
        </div>
        <Dialog open title=d::plan_new()><NewForm open plans/></Dialog>
        <Dialog open=asked title=d::plan_delete_title()>
            <p>{d::plan_delete_text()}</p>
            <DialogActions open=asked>
                <Button label=w::delete() kind=ButtonKind::Danger icon=icons::TRASH_2 on_press=delete/>
            </DialogActions>
        </Dialog>
    }
}

fn table(mut plans: Vec<PatrolPlan>, known: Known, delete: Option<Callback<PatrolPlanId>>) -> impl IntoView {
    if plans.is_empty() {
        return view! { <EmptyState icon=icons::CALENDAR_CLOCK words=d::plans_none()/> }.into_any();
    }
    plans.sort_by_key(|plan| plan.starts_at);
    let rows = plans
        .into_iter()
        .map(|plan| row(plan, known, delete))
        .collect_view();
    let mut columns = [
        d::plan_starts(),
        d::team(),
        d::area(),
        d::plan_checkpoints(),
        d::plan_note(),
    ]
    .map(str::to_owned)
    .to_vec();
    if delete.is_some() {
        columns.push(d::actions().to_owned());
    }
    view! { <Table caption=d::nav_plans() columns>{rows}</Table> }.into_any()
}

fn row(plan: PatrolPlan, known: Known, delete: Option<Callback<PatrolPlanId>>) -> impl IntoView {
    let (id, team, area, checkpoints) = (plan.id, plan.team_id, plan.area_id, plan.checkpoints);
    let span = when::span(plan.starts_at, Some(plan.ends_at), now());
    let points = move || {
        let names = checkpoints
            .iter()
            .filter_map(|id| known.checkpoint(*id).map(|point| point.name));
        names.collect::<Vec<_>>().join(", ")
    };
    let about = span.clone();
    let button = delete.map(|delete| {
        view! {
            <td>
                <Button
                    label=w::delete()
                    name=format!("{}: {about}", w::delete())
                    icon=icons::TRASH_2
                    on_press=move |_| delete.run(id)
                />
            </td>
        }
    });
    view! {
        <tr>
            <th scope="row">{span}</th>
            <td>{move || known.team(team)}</td>
            <td>{move || known.area(area)}</td>
            <td>{points}</td>
            <td>{plan.note}</td>
            {button}
        </tr>
    }
}

#[component]
fn NewForm(open: RwSignal<bool>, plans: Loaded<Vec<PatrolPlan>>) -> impl IntoView {
    let (api, known, toasts) = (use_api(), use_known(), use_toasts());
    // Most patrols go from nine in the evening to eleven.
    let tonight = start_of_day(super::today());
    let starts = RwSignal::new(when::input_instant(tonight.plus(21 * HOUR)));
    let ends = RwSignal::new(when::input_instant(tonight.plus(23 * HOUR)));
    let (team, note) = (RwSignal::new(String::new()), RwSignal::new(String::new()));
    let points = RwSignal::new(Vec::<String>::new());
    let errors = FormErrors::new();
    let area = Memo::new(move |_| number(&team.get()).and_then(|team| known.area_of_team(TeamId(team))));
    let submit = move |event: SubmitEvent| {
        event.prevent_default();
        errors.clear();
        let times = (
            when::parse_instant(&starts.get_untracked()),
            when::parse_instant(&ends.get_untracked()),
        );
        let (Some(starts_at), Some(ends_at)) = times else {
            return errors.show_fields(vec![FieldError::new("starts_at", FieldCode::Required)]);
        };
        let (Some(team_id), Some(area_id)) = (number(&team.get_untracked()), area.get_untracked()) else {
            return errors.show_fields(vec![FieldError::new("team_id", FieldCode::Required)]);
        };
        let body = NewPatrolPlan {
            team_id: TeamId(team_id),
            area_id: AreaId(area_id.0),
            starts_at,
            ends_at,
            checkpoints: points
                .get_untracked()
                .iter()
                .filter_map(|id| number(id))
                .map(CheckpointId)
                .collect(),
            note: note.get_untracked(),
        };
        spawn_local(async move {
            match api
                .call(async |client| client.create_patrol_plan(&body).await)
                .await
            {
                Ok(_) => {
                    toasts.say(d::plan_created());
                    plans.again();
                    open.try_set(false);
                }
                Err(error) => errors.show(&error),
            }
        });
    };
    let choose_points = move || {
        let answers: Vec<Answer> = known.checkpoint_answers(area.get());
        (!answers.is_empty()).then(|| {
            view! {
                <Checkboxes
                    id="plan-checkpoints"
                    label=d::plan_checkpoints()
                    answers
                    values=points
                    on_change=move |chosen| points.set(chosen)
                    error=errors.of("checkpoints")
                />
            }
        })
    };
    view! {
        <form class="stack" on:submit=submit>
            {errors.notice()}
            <Select
                id="plan-team"
                label=d::team()
                answers=Signal::derive(move || known.team_answers())
                value=team
                on_input=move |text| team.set(text)
                empty=w::choose()
                error=errors.of("team_id")
            />
            <DateTimeInput
                id="plan-starts"
                label=d::plan_starts()
                value=starts
                on_input=move |text| starts.set(text)
                error=errors.of("starts_at")
            />
            <DateTimeInput
                id="plan-ends"
                label=d::plan_ends()
                value=ends
                on_input=move |text| ends.set(text)
                error=errors.of("ends_at")
            />
            {choose_points}
            <TextArea
                id="plan-note"
                label=d::plan_note()
                value=note
                on_input=move |text| note.set(text)
                error=errors.of("note")
                required=Required::No
                rows=3
            />
            <DialogActions open>
                <Button label=d::plan_new() kind=ButtonKind::Primary submits=Submits::Form/>
            </DialogActions>
        </form>
    }
}
