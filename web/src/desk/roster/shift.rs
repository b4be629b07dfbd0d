//! A shift in its dialog: what it is, and the ways to change it without a mouse.

use super::change::Roster;
use super::form::Planned;
use super::grid::span;
use crate::desk::known::{number, use_known};
use crate::desk::now;
use crate::icons;
use crate::ui::{
    Button, ButtonKind, DateInput, Dialog, Fact, Facts, Notice, Select, ShiftChip, Submits, Tone, open_while,
};
use crate::words::{checkpoints as c, desk as d, interface as w, roster as r, when};
use keng_shared::id::TeamId;
use keng_shared::sync::PatrolPlan;
use leptos::ev::SubmitEvent;
use leptos::prelude::*;

/// The dialog of the opened shift.
#[component]
pub fn ShiftDialog(
    opened: RwSignal<Option<PatrolPlan>>,
    planning: RwSignal<Option<Planned>>,
    roster: Roster,
    may_plan: bool,
) -> impl IntoView {
    let title = Signal::derive(move || {
        opened.with(|plan| {
            plan.as_ref()
                .map(|plan| r::shift_of(span(plan)))
                .unwrap_or_default()
        })
    });
    view! {
        <Dialog open=open_while(opened) title>
            {move || opened.get().map(|plan| view! { <Inside plan opened planning roster may_plan/> })}
        </Dialog>
    }
}

#[component]
fn Inside(
    plan: PatrolPlan,
    opened: RwSignal<Option<PatrolPlan>>,
    planning: RwSignal<Option<Planned>>,
    roster: Roster,
    may_plan: bool,
) -> impl IntoView {
    let known = use_known();
    let state = plan.state(now());
    let names = |names: Vec<String>| names.join(", ");
    let who = names(plan.members.iter().filter_map(|id| known.person(*id)).collect());
    let points = names(
        plan.checkpoints
            .iter()
            .filter_map(|id| known.checkpoint(*id))
            .map(|point| match point.retired_at {
                Some(_) => c::no_longer_used(point.name),
                None => point.name,
            })
            .collect(),
    );
    let who = if plan.members.is_empty() {
        r::whole_team().to_owned()
    } else {
        who
    };
    let span = when::span(plan.starts_at, Some(plan.ends_at), now());
    let mut facts = vec![
        (r::kind(), r::shift_kind(plan.kind).to_owned()),
        (d::team(), known.team(plan.team_id)),
        (d::area(), known.area(plan.area_id)),
        (r::on_day(), span),
        (r::who(), who),
        (d::plan_checkpoints(), points),
        (d::plan_note(), plan.note.clone()),
    ];
    facts.retain(|(_, value)| !value.is_empty());
    let facts = facts
        .into_iter()
        .map(|(name, value)| view! { <Fact name>{value}</Fact> })
        .collect_view();
    let chip = plan.clone();
    let ways = (may_plan && state.is_open()).then(|| view! { <Ways plan opened planning roster/> });
    let closed =
        (may_plan && !state.is_open()).then(|| view! { <Notice tone=Tone::Info words=r::history()/> });
    view! {
        <div><ShiftChip plan=chip now=now()/></div>
        <Facts>{facts}</Facts>
        {ways}
        {closed}
    }
}

/// Move, change, delete.
#[component]
fn Ways(
    plan: PatrolPlan,
    opened: RwSignal<Option<PatrolPlan>>,
    planning: RwSignal<Option<Planned>>,
    roster: Roster,
) -> impl IntoView {
    let known = use_known();
    let team = RwSignal::new(plan.team_id.to_string());
    let first = plan.starts_at.local_date().map(when::input_date);
    let day = RwSignal::new(first.unwrap_or_default());
    let (moved, edited, deleted) = (plan.clone(), plan.clone(), plan);
    let submit = move |event: SubmitEvent| {
        event.prevent_default();
        let chosen = (number(&team.get_untracked()), day.get_untracked().parse().ok());
        if let (Some(team), Some(day)) = chosen {
            opened.set(None);
            roster.shift_to(moved.clone(), TeamId(team), day);
        }
    };
    view! {
        <form class="stack-tight roster-move" on:submit=submit>
            <h3>{r::move_to()}</h3>
            <div class="row">
                <Select
                    id="move-team"
                    label=d::team()
                    answers=Signal::derive(move || known.team_answers())
                    value=team
                    on_input=move |text| team.set(text)
                />
                <DateInput
                    id="move-day"
                    label=r::on_day()
                    value=day
                    on_input=move |text| day.set(text)
                />
            </div>
            <Button label=r::move_now() kind=ButtonKind::Primary icon=icons::CALENDAR submits=Submits::Form/>
        </form>
        <div class="dialog-actions">
            <Button
                label=w::delete()
                kind=ButtonKind::Danger
                icon=icons::TRASH_2
                on_press=move |_| {
                    opened.set(None);
                    roster.delete(deleted.clone());
                }
            />
            <Button
                label=r::edit()
                icon=icons::PENCIL
                on_press=move |_| {
                    opened.set(None);
                    planning.set(Some(Planned::again(&edited)));
                }
            />
        </div>
    }
}
