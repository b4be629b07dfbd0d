//! What a phone may hold, with a tag that changes when any of it changes.

use super::campaigns::coming;
use super::models::known;
use super::my_targets::targets_of_caller;
use super::sync::envelope;
use crate::auth::Caller;
use crate::db::patrol_plans::{self, Stretch};
use crate::db::{
    Conn, DbError, broadcast_schedules, broadcasts, cameras, checkpoints, footage, patrol_routes,
    scope as stored, tasks,
};
use crate::extract::Json;
use crate::problem::AppError;
use crate::state::State;
use crate::sync::content_hash;
use chrono::Days;
use keng_shared::api::{ComingCampaign, KnownModel, MyFootageTask, MyTarget};
use keng_shared::area::{Area, AreaEdge};
use keng_shared::camera::{ASKED_KEPT_MS, OwnCamera};
use keng_shared::id::AreaId;
use keng_shared::loudspeaker::{BroadcastSchedule, ConfirmedSlot};
use keng_shared::patrol_route::PatrolRoute;
use keng_shared::permission::Verb;
use keng_shared::sync::{CONFIRMED_DAYS, Checkpoint, Me, PatrolPlan, Scope, ScopeTeam};
use keng_shared::task::{KEPT_MS, Task};
use keng_shared::time::start_of_day;
use serde::Serialize;
use std::collections::BTreeSet;

const DAY_MS: i64 = 86_400_000;
/// Plans reach from yesterday to this many days ahead.
const PLANNED_DAYS: i64 = 14;

/// The scope of the caller today.
pub async fn scope(state: State, caller: Caller) -> Result<Json<Scope>, AppError> {
    let envelope = envelope(&state);
    let (tag, content) = state
        .db
        .snapshot(move |conn| {
            let content = content(conn, &caller)?;
            Ok((content_hash(&content), content))
        })
        .await?;
    Ok(Json(Scope {
        envelope,
        tag,
        me: content.me,
        areas: content.areas,
        edges: content.edges,
        teams: content.teams,
        checkpoints: content.checkpoints,
        retired_checkpoints: content.retired_checkpoints,
        plans: content.plans,
        cameras: content.cameras,
        footage: content.footage,
        broadcast_schedules: content.broadcast_schedules,
        confirmed_slots: content.confirmed_slots,
        targets: content.targets,
        tasks: content.tasks,
        routes: content.routes,
        campaigns: content.campaigns,
        models: content.models,
    }))
}

/// The tag of the caller's scope.
pub fn tag(conn: &mut Conn, caller: &Caller) -> Result<String, DbError> {
    Ok(content_hash(&content(conn, caller)?))
}

#[derive(Serialize)]
struct Content {
    me: Me,
    areas: Vec<Area>,
    edges: Vec<AreaEdge>,
    teams: Vec<ScopeTeam>,
    checkpoints: Vec<Checkpoint>,
    retired_checkpoints: Vec<Checkpoint>,
    plans: Vec<PatrolPlan>,
    cameras: Vec<OwnCamera>,
    footage: Vec<MyFootageTask>,
    broadcast_schedules: Vec<BroadcastSchedule>,
    confirmed_slots: Vec<ConfirmedSlot>,
    targets: Vec<MyTarget>,
    tasks: Vec<Task>,
    routes: Vec<PatrolRoute>,
    campaigns: Vec<ComingCampaign>,
    models: Vec<KnownModel>,
}

fn content(conn: &mut Conn, caller: &Caller) -> Result<Content, DbError> {
    let (tree, today) = (caller.tree(), caller.today());
    let below: BTreeSet<AreaId> = caller
        .memberships()
        .flat_map(|membership| tree.subtree(membership.area_id, today))
        .collect();
    let above = caller
        .memberships()
        .flat_map(|membership| tree.chain(membership.area_id, today));
    let shown: BTreeSet<AreaId> = below.iter().copied().chain(above).collect();
    let areas = shown.iter().filter_map(|id| tree.get(*id).cloned()).collect();
    let edges = shown
        .iter()
        .filter_map(|child| {
            let parent = tree
                .parent(*child, today)
                .filter(|parent| shown.contains(parent))?;
            Some(AreaEdge {
                child: *child,
                parent,
                valid_from: None,
                valid_to: None,
            })
        })
        .collect();
    // A route through the whole commune belongs to the teams of its villages too.
    let crossed: Vec<AreaId> = shown.iter().copied().collect();
    let reach: Vec<AreaId> = below.into_iter().collect();
    let own = caller.teams();
    let mut teams = stored::teams(conn, &reach, today)?;
    for team in &mut teams {
        if own.contains(&team.id) || caller.can(Verb::ReadPeople, team.area_id) {
            team.members = stored::members(conn, team.id, today)?;
        }
    }
    let day = start_of_day(today);
    let planned = Stretch {
        from: day.plus(-DAY_MS),
        to: day.plus(PLANNED_DAYS * DAY_MS),
    };
    let broadcast_schedules = broadcast_schedules::in_areas(conn, &caller.areas(Verb::LogBroadcasts))?;
    let ids: Vec<_> = broadcast_schedules.iter().map(|schedule| schedule.id).collect();
    let since = today.checked_sub_days(Days::new(CONFIRMED_DAYS)).unwrap_or(today);
    let confirmed_slots = broadcasts::confirmed(conn, &ids, since, today)?;
    Ok(Content {
        me: caller.me(),
        areas,
        edges,
        teams,
        checkpoints: checkpoints::in_areas(conn, &reach)?,
        retired_checkpoints: checkpoints::retired(conn, &reach)?,
        routes: patrol_routes::in_areas(conn, &crossed)?,
        campaigns: coming(conn, caller)?,
        models: known(conn, caller)?,
        plans: patrol_plans::of_teams(conn, &own, planned)?,
        cameras: cameras::kept_by(conn, caller.user_id())?,
        footage: footage::of_keeper(conn, caller.user_id(), day.plus(-ASKED_KEPT_MS))?,
        broadcast_schedules,
        confirmed_slots,
        targets: targets_of_caller(conn, caller)?,
        tasks: tasks::held_by(conn, caller.user_id(), &own, day.plus(-KEPT_MS))?,
    })
}
