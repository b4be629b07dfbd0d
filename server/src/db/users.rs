//! People who sign in, and the roles that they hold in areas.

use super::schema::{app_user, membership};
use super::{Conn, DbError, areas};
use diesel::prelude::*;
use keng_shared::id::{AreaId, MembershipId, TeamId, UserId};
use keng_shared::permission::{MembershipState, Role};
use keng_shared::text;
use keng_shared::time::{LocalDate, Millis};

/// A stored user.
#[derive(Debug, Clone)]
pub struct User {
    /// The user.
    pub id: UserId,
    /// Sign-in name.
    pub username: String,
    /// Display name.
    pub name: String,
    /// PHC string of the password; none before enrolment.
    pub password_hash: Option<String>,
}

/// A stored membership.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Membership {
    /// The membership.
    pub id: MembershipId,
    /// Whose.
    pub user_id: UserId,
    /// As what.
    pub role: Role,
    /// Where.
    pub area_id: AreaId,
    /// In which team.
    pub team_id: Option<TeamId>,
    /// Where it stands.
    pub state: MembershipState,
    /// First day.
    pub valid_from: Option<LocalDate>,
    /// Last day.
    pub valid_to: Option<LocalDate>,
}

impl Membership {
    /// Whether the membership gives its role on `date`.
    pub fn is_in_force(&self, date: LocalDate) -> bool {
        self.state == MembershipState::Active
            && self.valid_from.is_none_or(|from| from <= date)
            && self.valid_to.is_none_or(|to| date <= to)
    }
}

/// A membership to be stored.
#[derive(Debug, Clone)]
pub struct NewMembership {
    /// As what.
    pub role: Role,
    /// Where.
    pub area_id: AreaId,
    /// In which team.
    pub team_id: Option<TeamId>,
    /// Where it stands.
    pub state: MembershipState,
    /// First day.
    pub valid_from: Option<LocalDate>,
    /// Last day.
    pub valid_to: Option<LocalDate>,
}

type UserColumns = (String, String, String, Option<String>);
const USER_COLUMNS: (
    app_user::id,
    app_user::username,
    app_user::name,
    app_user::password_hash,
) = (
    app_user::id,
    app_user::username,
    app_user::name,
    app_user::password_hash,
);

fn user_of((id, username, name, password_hash): UserColumns) -> Result<User, DbError> {
    Ok(User {
        id: DbError::unless(id.parse().ok(), "app_user.id")?,
        username,
        name,
        password_hash,
    })
}

/// The user with this sign-in name (already in lower case).
pub fn by_username(conn: &mut Conn, username: &str) -> Result<Option<User>, DbError> {
    app_user::table
        .filter(app_user::username.eq(username))
        .select(USER_COLUMNS)
        .first::<UserColumns>(conn)
        .optional()?
        .map(user_of)
        .transpose()
}

/// The user with this id.
pub fn by_id(conn: &mut Conn, id: UserId) -> Result<Option<User>, DbError> {
    app_user::table
        .find(id.to_string())
        .select(USER_COLUMNS)
        .first::<UserColumns>(conn)
        .optional()?
        .map(user_of)
        .transpose()
}

/// Stores a new user without a password. A taken username is a unique violation.
pub fn insert(conn: &mut Conn, id: UserId, username: &str, name: &str, now: Millis) -> Result<(), DbError> {
    diesel::insert_into(app_user::table)
        .values((
            app_user::id.eq(id.to_string()),
            app_user::username.eq(username),
            app_user::name.eq(name),
            app_user::search.eq(text::search_key(&format!("{name} {username}"))),
            app_user::sort.eq(text::sort_key(name)),
            app_user::created_at.eq(now.0),
        ))
        .execute(conn)?;
    Ok(())
}

/// Sets the password's PHC string.
pub fn set_password(conn: &mut Conn, id: UserId, hash: &str, now: Millis) -> Result<(), DbError> {
    diesel::update(app_user::table.find(id.to_string()))
        .set((
            app_user::password_hash.eq(hash),
            app_user::password_changed_at.eq(now.0),
        ))
        .execute(conn)?;
    Ok(())
}

/// The user's memberships, in every state, oldest first.
pub fn memberships(conn: &mut Conn, user: UserId) -> Result<Vec<Membership>, DbError> {
    membership::table
        .filter(membership::user_id.eq(user.to_string()))
        .order(membership::id)
        .select(MEMBERSHIP_COLUMNS)
        .load::<MembershipColumns>(conn)?
        .into_iter()
        .map(membership_of)
        .collect()
}

/// Stores a membership and returns its id.
pub fn insert_membership(
    conn: &mut Conn,
    user: UserId,
    new: &NewMembership,
    now: Millis,
) -> Result<MembershipId, DbError> {
    let id = diesel::insert_into(membership::table)
        .values((
            membership::user_id.eq(user.to_string()),
            membership::role.eq(new.role.as_str()),
            membership::area_id.eq(new.area_id.0),
            membership::team_id.eq(new.team_id.map(|team| team.0)),
            membership::state.eq(new.state.as_str()),
            membership::valid_from.eq(new.valid_from.map(|date| date.to_string())),
            membership::valid_to.eq(new.valid_to.map(|date| date.to_string())),
            membership::created_at.eq(now.0),
        ))
        .returning(membership::id)
        .get_result::<i64>(conn)?;
    Ok(MembershipId(id))
}

pub(super) type MembershipColumns = (
    i64,
    String,
    String,
    i64,
    Option<i64>,
    String,
    Option<String>,
    Option<String>,
);
pub(super) const MEMBERSHIP_COLUMNS: (
    membership::id,
    membership::user_id,
    membership::role,
    membership::area_id,
    membership::team_id,
    membership::state,
    membership::valid_from,
    membership::valid_to,
) = (
    membership::id,
    membership::user_id,
    membership::role,
    membership::area_id,
    membership::team_id,
    membership::state,
    membership::valid_from,
    membership::valid_to,
);

pub(super) fn membership_of(row: MembershipColumns) -> Result<Membership, DbError> {
    let (id, user_id, role, area_id, team_id, state, valid_from, valid_to) = row;
    Ok(Membership {
        id: MembershipId(id),
        user_id: DbError::unless(user_id.parse().ok(), "membership.user_id")?,
        role: DbError::unless(Role::parse(&role), "membership.role")?,
        area_id: AreaId(area_id),
        team_id: team_id.map(TeamId),
        state: DbError::unless(MembershipState::parse(&state), "membership.state")?,
        valid_from: areas::date(valid_from)?,
        valid_to: areas::date(valid_to)?,
    })
}
