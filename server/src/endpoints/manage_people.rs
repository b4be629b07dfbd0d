//! Rules for whoever manages people: nobody hands out more than they hold, and nobody takes over an account that holds
//! more than they could hand out.

use crate::auth::Caller;
use crate::db::audit::{self, Entry};
use crate::db::memberships::{self, Membership, NewMembership as StoredMembership};
use crate::db::users::{self, User};
use crate::db::{Conn, DbError};
use crate::problem::AppError;
use crate::state::State;
use keng_shared::api::NewMembership;
use keng_shared::id::{AreaId, DeviceId, TeamId, UserId};
use keng_shared::permission::{MembershipState, Role, Verb};
use keng_shared::problem::{FieldCode, FieldError, Problem, ProblemCode};
use keng_shared::text;
use keng_shared::time::Millis;
use serde_json::{Value, json};
use uuid::Uuid;

/// Longest display name, in characters.
const MAX_NAME: usize = 100;

/// How much of a person the caller must be in charge of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reach {
    /// One membership: enough to give them another role in one's own area.
    AnyMembership,
    /// Every membership that has not ended: needed for what touches the account itself.
    EveryMembership,
}

/// The person, if the caller may manage them: 404 when out of sight, 403 when visible but not manageable.
pub async fn load_managed(
    state: &State,
    caller: &Caller,
    id: UserId,
    reach: Reach,
) -> Result<(User, Vec<Membership>), AppError> {
    let (user, memberships) = state
        .db
        .snapshot(move |conn| Ok((users::by_id(conn, id)?, memberships::of_user(conn, id)?)))
        .await?;
    let user = user.ok_or(ProblemCode::NotFound)?;
    let visible = memberships
        .iter()
        .any(|m| caller.can(Verb::ReadPeople, m.area_id));
    if !visible {
        return Err(ProblemCode::NotFound.into());
    }
    let manages = |m: &Membership| may_grant(caller, m.role, m.area_id);
    let mut open = memberships.iter().filter(|m| m.state != MembershipState::Ended);
    let allowed = match reach {
        Reach::AnyMembership => memberships
            .iter()
            .any(|m| caller.can(Verb::ManagePeople, m.area_id)),
        Reach::EveryMembership => open.all(manages),
    };
    if !allowed {
        return Err(ProblemCode::Forbidden.into());
    }
    Ok((user, memberships))
}

/// Who does a change, for the audit trail.
#[derive(Debug, Clone, Copy)]
pub struct Actor {
    /// The person.
    pub user: UserId,
    device: DeviceId,
}

impl Actor {
    /// The caller.
    pub fn of(caller: &Caller) -> Self {
        Self {
            user: caller.user_id(),
            device: caller.device_id(),
        }
    }

    /// Writes the change down.
    pub fn record(
        self,
        conn: &mut Conn,
        at: Millis,
        action: &str,
        (object_type, object_id): (&str, String),
        details: Value,
    ) -> Result<(), DbError> {
        let entry = Entry {
            at,
            actor: Some(self.user),
            device: Some(self.device),
            action,
            object_type,
            object_id,
            details,
        };
        audit::record(conn, &entry).map(drop)
    }
}

/// Refuses unless the caller may give this role in this area.
pub fn permit_grant(caller: &Caller, role: Role, area: AreaId) -> Result<(), AppError> {
    caller.require(Verb::ManagePeople, area)?;
    if may_grant(caller, role, area) {
        Ok(())
    } else {
        Err(ProblemCode::Forbidden.into())
    }
}

fn may_grant(caller: &Caller, role: Role, area: AreaId) -> bool {
    caller
        .roles_in(area)
        .any(|own| own.allows(Verb::ManagePeople) && own.may_grant(role))
}

/// A checked user without a password.
pub fn parse_user(username: &str, name: &str) -> Result<User, Vec<FieldError>> {
    let username = text::fold_username(username);
    let name = text::clean(name);
    let mut errors = Vec::new();
    let in_alphabet = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit() || b"._-".contains(&b);
    if !(3..=40).contains(&username.len()) || !username.bytes().all(in_alphabet) {
        let error = FieldError::new("username", FieldCode::BadFormat);
        errors.push(error.with("expected", "3 to 40 of a-z 0-9 . _ -"));
    }
    if name.is_empty() {
        errors.push(FieldError::new("name", FieldCode::Required));
    } else if name.chars().count() > MAX_NAME {
        errors.push(FieldError::new("name", FieldCode::TooLong).with("max", MAX_NAME));
    }
    if !errors.is_empty() {
        return Err(errors);
    }
    Ok(User {
        id: UserId(Uuid::now_v7()),
        username,
        name,
        password_hash: None,
    })
}

/// A checked membership; its team is checked in the transaction.
pub fn parse_membership(
    caller: &Caller,
    new: &NewMembership,
    state: MembershipState,
) -> Result<StoredMembership, FieldError> {
    let valid_from = new.valid_from.unwrap_or(caller.today());
    if new.valid_to.is_some_and(|to| to < valid_from) {
        return Err(FieldError::new("valid_to", FieldCode::EndBeforeStart));
    }
    Ok(StoredMembership {
        role: new.role,
        area_id: new.area_id,
        team_id: new.team_id,
        state,
        valid_from: Some(valid_from),
        valid_to: new.valid_to,
    })
}

/// A team of a membership works in the membership's area.
pub fn check_team(conn: &mut Conn, new: &StoredMembership) -> Result<(), DbError> {
    let Some(team) = new.team_id else { return Ok(()) };
    if memberships::area_of_team(conn, team)? == Some(new.area_id) {
        return Ok(());
    }
    let error = FieldError::new("team_id", FieldCode::NoSuchObject);
    Err(Problem::fields(vec![error]).into())
}

/// Stores a person with a first membership and its audit entry.
pub fn store_user(
    conn: &mut Conn,
    user: &User,
    membership: &StoredMembership,
    actor: Actor,
    now: Millis,
) -> Result<Vec<Membership>, DbError> {
    users::insert(conn, user.id, &user.username, &user.name, now)?;
    memberships::insert(conn, user.id, membership, now)?;
    let details = membership_details(membership);
    actor.record(
        conn,
        now,
        "user.create",
        ("app_user", user.id.to_string()),
        details,
    )?;
    memberships::of_user(conn, user.id)
}

/// What the audit trail keeps of a membership.
pub fn membership_details(new: &StoredMembership) -> Value {
    json!({
        "role": new.role.as_str(),
        "area": new.area_id,
        "team": new.team_id.map(|TeamId(id)| id),
        "state": new.state.as_str(),
    })
}
