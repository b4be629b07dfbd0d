//! Roles that people hold in areas.

use super::manage_people::{
    Actor, Reach, check_team, load_managed, membership_details, parse_membership, permit_grant,
};
use crate::auth::Caller;
use crate::db::DbError;
use crate::db::memberships::{self, Membership};
use crate::extract::{Json, Path};
use crate::problem::AppError;
use crate::state::State;
use keng_shared::api::{MembershipView, NewMembership, SetMembershipState};
use keng_shared::id::{MembershipId, UserId};
use keng_shared::permission::{MembershipState, Verb};
use keng_shared::problem::{Problem, ProblemCode};
use serde_json::json;

/// Gives a person another role.
pub async fn add(
    state: State,
    caller: Caller,
    Path(user_id): Path<UserId>,
    Json(body): Json<NewMembership>,
) -> Result<Json<MembershipView>, AppError> {
    let (user, _) = load_managed(&state, &caller, user_id, Reach::AnyMembership).await?;
    permit_grant(&caller, body.role, body.area_id)?;
    let first_state = match user.password_hash {
        Some(_) => MembershipState::Active,
        None => MembershipState::Invited,
    };
    let new = parse_membership(&caller, &body, first_state)?;

    let (now, actor) = (caller.now(), Actor::of(&caller));
    let stored = state
        .db
        .write(move |conn| {
            check_team(conn, &new)?;
            let id = memberships::insert(conn, user_id, &new, now)?;
            let details = membership_details(&new);
            actor.record(
                conn,
                now,
                "membership.create",
                ("membership", id.to_string()),
                details,
            )?;
            DbError::unless(memberships::by_id(conn, id)?, "membership.id")
        })
        .await?;
    state.auth.people.forget_user(user_id);
    Ok(Json(membership_view(&stored)))
}

/// Suspends, resumes or ends a membership. What has ended stays ended. Whoever may not read people learns no more about
/// a membership than about one that is not there.
pub async fn set_state(
    state: State,
    caller: Caller,
    Path(id): Path<MembershipId>,
    Json(body): Json<SetMembershipState>,
) -> Result<Json<MembershipView>, AppError> {
    let membership = state
        .db
        .read(move |conn| memberships::by_id(conn, id))
        .await?
        .filter(|membership| caller.can(Verb::ReadPeople, membership.area_id))
        .ok_or(ProblemCode::NotFound)?;
    permit_grant(&caller, membership.role, membership.area_id)?;

    let (now, actor, wanted) = (caller.now(), Actor::of(&caller), body.state);
    let stored = state
        .db
        .write(move |conn| {
            let current = DbError::unless(memberships::by_id(conn, id)?, "membership.id")?;
            if !may_follow(current.state, wanted) {
                return Err(Problem::new(ProblemCode::StateConflict)
                    .with("state", current.state.as_str())
                    .into());
            }
            memberships::set_state(conn, id, wanted)?;
            let details = json!({"from": current.state.as_str(), "to": wanted.as_str()});
            actor.record(
                conn,
                now,
                "membership.set_state",
                ("membership", id.to_string()),
                details,
            )?;
            Ok(Membership {
                state: wanted,
                ..current
            })
        })
        .await?;
    state.auth.people.forget_user(stored.user_id);
    Ok(Json(membership_view(&stored)))
}

pub(super) fn membership_view(membership: &Membership) -> MembershipView {
    MembershipView {
        id: membership.id,
        role: membership.role,
        area_id: membership.area_id,
        team_id: membership.team_id,
        state: membership.state,
        valid_from: membership.valid_from,
        valid_to: membership.valid_to,
    }
}

fn may_follow(now: MembershipState, next: MembershipState) -> bool {
    use MembershipState::{Active, Ended, Invited, Suspended};
    match (now, next) {
        (Ended, _) | (_, Invited) => false,
        (Invited, next) => next == Ended,
        (Active | Suspended, next) => next != now,
    }
}
