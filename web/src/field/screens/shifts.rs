//! The coming shifts of the person's teams, with what became of yesterday's. They are on the phone without a network.

use super::form::BackLink;
use crate::field::app::use_app;
use crate::field::parts::{WithScope, area_name, plan_span, team, walked};
use crate::icons;
use crate::shell::clock;
use crate::ui::{EmptyState, ShiftChip, live};
use crate::words::{field as f, roster as r};
use keng_engine::Engine;
use keng_shared::roster::{DUTY, ShiftKind};
use keng_shared::sync::PatrolPlan;
use keng_shared::time::Millis;
use leptos::prelude::*;

/// A shift with the words that name it.
#[derive(Debug, Clone, PartialEq)]
pub struct Shift {
    /// The plan.
    pub plan: PatrolPlan,
    area: String,
    team: String,
    who: String,
    now: Millis,
}

/// A shift in words, as the phone knows its area, team and people.
pub fn described(engine: &Engine, plan: &PatrolPlan) -> Shift {
    let found = engine.scope().and_then(|scope| team(scope, plan.team_id));
    let name = |id| {
        let members = found.map(|team| team.members.as_slice()).unwrap_or_default();
        let person = members.iter().find(|person| person.id == id);
        person.map(|person| person.name.as_str())
    };
    let names: Vec<&str> = plan.members.iter().filter_map(|id| name(*id)).collect();
    Shift {
        area: area_name(engine, plan.area_id),
        team: found.map(|team| team.name.clone()).unwrap_or_default(),
        who: names.join(", "),
        now: engine.corrected(clock::now()),
        plan: walked(plan, engine.scope()),
    }
}

/// The screen.
#[component]
pub fn Shifts() -> impl IntoView {
    let app = use_app();
    let seen = app.project(|engine| {
        let shifts = engine.shifts();
        shifts
            .iter()
            .map(|plan| described(engine, plan))
            .collect::<Vec<_>>()
    });
    view! {
        <BackLink/>
        <h1>{r::coming()}</h1>
        <WithScope>
            {live(move || {
                let shifts = seen.get().unwrap_or_default();
                if shifts.is_empty() {
                    return view! { <EmptyState icon=icons::CALENDAR words=r::none_coming()/> }.into_any();
                }
                let on_patrol = app.is_on_patrol().get();
                let cards = shifts
                    .into_iter()
                    .map(|shift| view! { <ShiftCard shift is_main=false on_patrol/> })
                    .collect_view();
                view! { <ul class="cards">{cards}</ul> }.into_any()
            })}
        </WithScope>
    }
}

/// A shift as a card, with the way to begin it while it can be begun.
#[component]
pub fn ShiftCard(
    /// The shift.
    shift: Shift,
    /// Whether its button is the main one of the screen.
    is_main: bool,
    /// Whether a patrol runs already.
    on_patrol: bool,
) -> impl IntoView {
    let app = use_app();
    let Shift {
        plan,
        area,
        team,
        who,
        now,
    } = shift;
    let class = match is_main {
        true => "button button-primary button-wide button-large",
        false => "button button-wide",
    };
    let today = now.local_date();
    let is_near = plan.starts_at.local_date() == today || plan.starts_at < now;
    let begin = (is_near && plan.state(now).is_open()).then_some(plan.kind);
    let begin = match begin {
        Some(ShiftKind::Patrol) if !on_patrol => {
            Some((format!("/patrol/start/{}", plan.id), icons::PLAY, f::start_now()))
        }
        Some(ShiftKind::Duty) => Some((format!("/log/{DUTY}"), icons::CLOCK, r::write_duty())),
        _ => None,
    };
    let begin = begin.map(|(href, icon, words)| {
        view! { <a class=class href=href><icons::Picture icon/><span>{words}</span></a> }
    });
    let points = (!plan.checkpoints.is_empty()).then(|| f::points(plan.checkpoints.len()));
    let where_ = match points {
        Some(points) => format!("{area} · {points}"),
        None => area,
    };
    let note = plan.note.clone();
    view! {
        <li class="card stack-tight">
            <p class="plan-time">{plan_span(&plan, app)}</p>
            <p>{r::shift_kind(plan.kind)} " · " {where_}</p>
            <p class="soft small">{team}</p>
            {(!who.is_empty()).then(|| view! { <p class="small">{who}</p> })}
            {(!note.is_empty()).then(|| view! { <p class="note">{note}</p> })}
            <div><ShiftChip plan now/></div>
            {begin}
        </li>
    }
}
