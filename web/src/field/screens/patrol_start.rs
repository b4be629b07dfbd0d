//! Starting a patrol: by plan or ad hoc, who of the team walks, and other forces as numbers.

use super::form::BackLink;
use crate::derived::Derived;
use crate::field::app::{App, use_app};
use crate::field::outdoors;
use crate::field::parts::{self, WithScope, plan_span};
use crate::field::route::Route;
use crate::icons;
use crate::shell::{clock, dom};
use crate::ui::live;
use crate::ui::{
    Answer, Button, ButtonKind, Checkboxes, Disclosure, ERROR_SUMMARY_ID, EmptyState, ErrorSummary, Notice,
    NumberInput, Required, Select, Tone,
};
use crate::words::{domain, field as f, problem};
use keng_engine::{Event, PatrolEvent};
use keng_shared::id::{AreaId, PatrolPlanId, RecordId, TeamId, UserId};
use keng_shared::json::ToJson;
use keng_shared::kind;
use keng_shared::patrol::{Crew, OtherForce, Patrol};
use keng_shared::record::RecordDraft;
use keng_shared::sync::PatrolPlan;
use leptos::prelude::*;

/// What the screen starts from.
#[derive(Debug, Clone, PartialEq)]
struct Basis {
    plan: Option<PatrolPlan>,
    team_id: Option<TeamId>,
    team_name: String,
    area_id: AreaId,
    areas: Vec<Answer>,
    area_name: String,
    me: UserId,
    members: Vec<Answer>,
}

/// The screen.
#[component]
pub fn PatrolStart(plan: Option<PatrolPlanId>) -> impl IntoView {
    let app = use_app();
    if app.is_on_patrol().get_untracked() {
        return view! {
            <EmptyState icon=icons::FOOTPRINTS words=f::already_running()>
                <a class="button button-primary" href="/patrol">{f::back_to_patrol()}</a>
            </EmptyState>
        }
        .into_any();
    }
    let choices = move || match basis(app, plan) {
        Some(basis) => view! { <Choices basis/> }.into_any(),
        None => view! { <BackLink/><Notice tone=Tone::Warn words=f::scope_offline()/> }.into_any(),
    };
    view! { <WithScope>{choices()}</WithScope> }.into_any()
}

#[component]
fn Choices(basis: Basis) -> impl IntoView {
    let app = use_app();
    outdoors::want_position(app);
    let area = RwSignal::new(basis.area_id.to_string());
    let crew = RwSignal::new(vec![basis.me.to_string()]);
    let others = RwSignal::new(vec![String::new(); domain::FORCES.len()]);
    let errors = Derived::new(move || app.invalid.get().map(|(_, errors)| errors).unwrap_or_default());
    let summary = Signal::derive(move || {
        let lines = errors.get();
        lines
            .iter()
            .map(|error| (error.field.clone(), problem::field(error)))
            .collect::<Vec<_>>()
    });
    let crew_error = Signal::derive(move || {
        let wrong = errors.with(|errors| errors.iter().any(|error| error.field == "body.crew.members"));
        if wrong {
            f::crew_missing().to_owned()
        } else {
            String::new()
        }
    });
    let forces = domain::FORCES
        .iter()
        .enumerate()
        .map(|(i, &force)| {
            view! {
                <NumberInput
                    id=format!("body.crew.others.{i}.count")
                    label=domain::force(force)
                    required=Required::No
                    unit=crate::words::pick("người", "people")
                    value=Signal::derive(move || others.with(|all| all.get(i).cloned().unwrap_or_default()))
                    on_input=Callback::new(move |text| others.update(|all| {
                        if let Some(slot) = all.get_mut(i) {
                            *slot = text;
                        }
                    }))
                />
            }
        })
        .collect_view();
    let plan = basis.plan.clone();
    let start = {
        let basis = basis.clone();
        move |_| {
            app.invalid.set(None);
            let area_id = area.get_untracked().parse().map_or(basis.area_id, AreaId);
            let draft = draft(
                app,
                &basis,
                area_id,
                &crew.get_untracked(),
                &others.get_untracked(),
            );
            app.tell(Event::Patrol(PatrolEvent::Started { draft }));
            if app.invalid.with_untracked(Option::is_some) {
                dom::focus_soon(ERROR_SUMMARY_ID);
            } else {
                app.go_instead(Route::Patrol);
            }
        }
    };
    view! {
        <BackLink/>
        <h1>{f::start_patrol()}</h1>
        <ErrorSummary errors=summary/>
        <div class="card stack-tight">
            {match plan {
                Some(plan) => view! {
                    <p class="plan-time">{plan_span(&plan, app)}</p>
                    <p>{basis.area_name.clone()} " · " {f::points(plan.checkpoints.len())}</p>
                    {(!plan.note.is_empty()).then(|| view! { <p class="note">{plan.note.clone()}</p> })}
                }
                .into_any(),
                None => view! { <p class="plan-time">{f::ad_hoc()}</p> }.into_any(),
            }}
            <p class="soft small">{basis.team_name.clone()}</p>
        </div>
        {(basis.plan.is_none() && basis.areas.len() > 1).then(|| view! {
            <Select
                id="area_id"
                label=f::where_()
                answers=Signal::stored(basis.areas.clone())
                value=area
                on_input=Callback::new(move |value| area.set(value))
            />
        })}
        <Checkboxes
            id="body.crew.members"
            label=f::crew()
            answers=basis.members.clone()
            values=crew
            on_change=Callback::new(move |members| crew.set(members))
            error=crew_error
        />
        <Disclosure summary=f::others()><div class="stack">{forces}</div></Disclosure>
        {live(move || {
            let (tone, words) = if app.position_denied.get() {
                (Tone::Warn, f::position_denied())
            } else {
                (Tone::Info, f::position_needed())
            };
            app.here.with(Option::is_none).then(|| view! { <Notice tone words=words/> })
        })}
        <div class="form-end">
            <Button
                label=f::start()
                icon=icons::PLAY
                kind=ButtonKind::Primary
                class="button-wide button-large"
                on_press=start
            />
        </div>
    }
}

fn basis(app: App, plan: Option<PatrolPlanId>) -> Option<Basis> {
    app.look(|engine| {
        let scope = engine.scope()?;
        let plan = match plan {
            Some(id) => {
                let plan = scope.plans.iter().find(|plan| plan.id == id)?;
                Some(parts::walked(plan, Some(scope)))
            }
            None => None,
        };
        let membership = parts::field_membership(scope);
        let team_id = plan
            .as_ref()
            .map(|plan| plan.team_id)
            .or(membership.and_then(|membership| membership.team_id));
        let team = team_id.and_then(|id| parts::team(scope, id));
        let areas = parts::loggable_areas(scope);
        let of_team = team.map(|team| team.area_id);
        let area_id = plan
            .as_ref()
            .map(|plan| plan.area_id)
            .or(of_team)
            .or(membership.map(|membership| membership.area_id))?;
        let mut members: Vec<Answer> = team
            .map(|team| {
                let member = |member: &keng_shared::record::PersonName| {
                    Answer::new(member.id.to_string(), &member.name)
                };
                team.members.iter().map(member).collect()
            })
            .unwrap_or_default();
        let me = scope.me.id;
        if !members.iter().any(|member| member.value == me.to_string()) {
            members.insert(0, Answer::new(me.to_string(), &scope.me.name));
        }
        Some(Basis {
            area_name: parts::area_name(engine, area_id),
            team_name: team.map(|team| team.name.clone()).unwrap_or_default(),
            plan,
            team_id,
            area_id,
            areas,
            me,
            members,
        })
    })?
}

fn draft(app: App, basis: &Basis, area_id: AreaId, crew: &[String], others: &[String]) -> RecordDraft {
    let now = clock::now();
    let patrol = Patrol {
        plan_id: basis.plan.as_ref().map(|plan| plan.id),
        planned_end: basis.plan.as_ref().map(|plan| plan.ends_at),
        crew: Crew {
            members: crew.iter().filter_map(|id| id.parse().ok()).collect(),
            others: counted(others),
        },
        check_ins: Vec::new(),
        pauses: Vec::new(),
        findings: Vec::new(),
        end: None,
        note: String::new(),
    };
    let device_id = app.look(|engine| engine.owner().device_id);
    RecordDraft {
        id: RecordId(clock::new_id()),
        kind: kind::PATROL.id.to_owned(),
        area_id,
        team_id: basis.team_id,
        started_at: now,
        ended_at: None,
        fix: app.here.get_untracked().map(|here| here.fix(now)),
        body: patrol.to_json(),
        photos: Vec::new(),
        files: Vec::new(),
        device_id: device_id.unwrap_or(keng_shared::id::DeviceId(uuid::Uuid::nil())),
        clock_offset_ms: None,
    }
}

/// The forces that somebody typed a number for. What is not a number counts too many for the check to let it pass.
fn counted(others: &[String]) -> Vec<OtherForce> {
    let typed = domain::FORCES
        .iter()
        .zip(others)
        .filter(|(_, text)| !text.trim().is_empty());
    typed
        .map(|(&force, text)| OtherForce {
            force,
            count: text.trim().parse().unwrap_or(u16::MAX),
        })
        .filter(|other| other.count > 0)
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_forces_with_a_number_come_along_and_a_word_for_a_number_is_not_dropped() {
        let mut typed = vec![String::new(); domain::FORCES.len()];
        typed[0] = "2".into();
        typed[1] = "0".into();
        typed[2] = "vài".into();
        let counts: Vec<_> = counted(&typed).iter().map(|other| other.count).collect();
        assert_eq!(counts, [2, u16::MAX]);
    }
}
