//! Small parts that several screens share.

use super::app::App;
use super::states;
use crate::icons;
use crate::ui::live;
use crate::ui::{Answer, Chip, Notice, Skeleton, Tone};
use crate::words::{domain, field as f, problem, when};
use keng_engine::Engine;
use keng_engine::view::{Connection, RecordEntry, Stage};
use keng_shared::area::AreaKind;
use keng_shared::id::{AreaId, TeamId, UserId};
use keng_shared::incident::case::CaseState;
use keng_shared::json::{self, ToJson};
use keng_shared::problem::FieldError;
use keng_shared::sync::{Checkpoint, MyMembership, PatrolPlan, Scope, ScopeTeam};
use keng_shared::{kind, order, text};
use leptos::prelude::*;

/// The name of an area, as the phone knows it.
pub fn area_name(engine: &Engine, id: AreaId) -> String {
    name_of(engine.scope(), id)
}

/// The name of an area in a scope; its number where it is not known.
pub fn name_of(scope: Option<&Scope>, id: AreaId) -> String {
    let areas = scope.map(|scope| scope.areas.as_slice()).unwrap_or_default();
    let found = areas.iter().find(|area| area.id == id);
    found.map_or_else(|| format!("#{id}"), |area| area.name.clone())
}

/// The team with this id, as the phone knows it.
pub fn team(scope: &Scope, id: TeamId) -> Option<&ScopeTeam> {
    scope.teams.iter().find(|team| team.id == id)
}

/// A person's name in a team of theirs.
pub fn person_name(scope: Option<&Scope>, id: UserId) -> Option<String> {
    let mut members = scope?.teams.iter().flat_map(|team| team.members.iter());
    members
        .find(|member| member.id == id)
        .map(|member| member.name.clone())
}

/// The membership by which the person works in the field: one with a team before one without.
pub fn field_membership(scope: &Scope) -> Option<MyMembership> {
    let memberships = || scope.me.memberships.iter().copied();
    memberships()
        .find(|membership| membership.team_id.is_some())
        .or_else(|| memberships().next())
}

/// Areas in which the person can log something: residential areas in reach, then communes, by name.
pub fn loggable_areas(scope: &Scope) -> Vec<Answer> {
    let reach: Vec<AreaId> = scope
        .me
        .memberships
        .iter()
        .map(|membership| membership.area_id)
        .collect();
    let is_below = |id: AreaId| {
        let mut at = Some(id);
        // The tree has few tiers; a loop in the data must not hang the phone.
        for _ in 0..8 {
            match at {
                Some(area) if reach.contains(&area) => return true,
                Some(area) => {
                    at = scope
                        .edges
                        .iter()
                        .find(|edge| edge.child == area)
                        .map(|edge| edge.parent)
                }
                None => return false,
            }
        }
        false
    };
    let mut areas: Vec<_> = scope
        .areas
        .iter()
        .filter(|area| {
            matches!(area.kind, AreaKind::ResidentialArea | AreaKind::Commune) && is_below(area.id)
        })
        .collect();
    order::sort_by_key(&mut areas, |area| {
        (
            area.kind == AreaKind::Commune,
            text::sort_key(&area.name),
            area.id,
        )
    });
    areas
        .into_iter()
        .map(|area| Answer::new(area.id.to_string(), area.name.clone()))
        .collect()
}

/// A plan as it is walked today: without the checkpoints that were retired since.
pub fn walked(plan: &PatrolPlan, scope: Option<&Scope>) -> PatrolPlan {
    let mut plan = plan.clone();
    if let Some(scope) = scope {
        plan.checkpoints = scope.in_use(&plan.checkpoints);
    }
    plan
}

/// A checkpoint by its id, retired ones too.
pub fn checkpoint(scope: Option<&Scope>, id: keng_shared::id::CheckpointId) -> Option<Checkpoint> {
    scope?.checkpoint(id).cloned()
}

/// "21:00–23:00 hôm nay", the span of a plan.
pub fn plan_span(plan: &PatrolPlan, app: App) -> String {
    when::span(plan.starts_at, Some(plan.ends_at), app.now.get_untracked())
}

/// Its inside, once the areas and teams of the person are on the phone; a first start may have to wait for them.
#[component]
pub fn WithScope(children: ChildrenFn) -> impl IntoView {
    let app = super::app::use_app();
    let awaited = app.project(|engine| {
        let is_offline = engine.status().connection == Connection::Offline;
        engine.scope().is_none().then_some(is_offline)
    });
    live(move || match awaited.get() {
        Some(None) => children().into_any(),
        Some(Some(is_offline)) => view! { <ScopeAwaited is_offline/> }.into_any(),
        None => ().into_any(),
    })
}

/// What stands where areas, teams and plans will be.
#[component]
pub fn ScopeAwaited(
    /// Whether they wait for a network.
    is_offline: bool,
) -> impl IntoView {
    if is_offline {
        view! { <Notice tone=Tone::Warn words=f::scope_offline()/> }.into_any()
    } else {
        view! { <p class="soft">{f::loading_scope()}</p><Skeleton/> }.into_any()
    }
}

/// A record as a card that leads to it.
#[component]
pub fn RecordCard(
    /// The record.
    entry: RecordEntry,
    /// Name of its area.
    area: String,
) -> impl IntoView {
    let app = super::app::use_app();
    let (tone, icon, words) = states::stage(&entry.stage);
    let spec = kind::find(&entry.kind);
    let picture = icons::of_kind(spec.map_or("", |spec| spec.icon));
    let href = match entry.stage {
        Stage::Draft => format!("/form/{}", entry.id),
        _ => format!("/records/{}", entry.id),
    };
    let ended = entry.server.as_ref().and_then(|view| view.ended_at);
    let time = match ended {
        Some(_) => when::span(entry.started_at, ended, app.now.get_untracked()),
        None => when::instant(entry.started_at, app.now.get_untracked()),
    };
    let photos = entry.photos.len();
    let case = entry.server.as_ref().and_then(|view| view.case);
    view! {
        <li>
            <a href=href class="card record-card">
                <icons::Picture icon=picture/>
                <span class="record-card-text">
                    <span class="strong">{domain::kind(&entry.kind)}</span>
                    <span class="soft small">{time} " · " {area}</span>
                    <span class="row">
                        <Chip tone icon words/>
                        {case.map(|case| view! { <CaseChip case/> })}
                        {(photos > 0).then(|| view! {
                            <span class="small soft">{f::photos_count(photos)}</span>
                        })}
                    </span>
                </span>
                <icons::Picture icon=icons::CHEVRON_RIGHT/>
            </a>
        </li>
    }
}

/// Where the case of an incident stands, in words.
#[component]
pub fn CaseChip(case: CaseState) -> impl IntoView {
    let tone = match case {
        CaseState::Received => Tone::Info,
        CaseState::Verifying | CaseState::HandedOver => Tone::Primary,
        CaseState::Resolved => Tone::Good,
        CaseState::NotConfirmed | CaseState::Withdrawn => Tone::Quiet,
    };
    view! { <Chip tone icon=icons::SIREN words=domain::case_state(case)/> }
}

/// The words for what is wrong with a field, or nothing.
pub fn error_of(errors: &[FieldError], field: &str) -> String {
    let found = errors.iter().find(|error| error.field == field);
    found.map(problem::field).unwrap_or_default()
}

/// The wire form of a value that serialises as a word.
pub fn wire(value: &impl ToJson) -> String {
    json::word(value.to_json()).unwrap_or_default()
}
