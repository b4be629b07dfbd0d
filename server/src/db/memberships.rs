//! Roles that people hold in areas, from a day to a day.

use super::schema::{app_user, membership, team};
use super::{CHUNK, Conn, DbError, areas};
use diesel::prelude::*;
use keng_shared::id::{AreaId, MembershipId, TeamId, UserId};
use keng_shared::permission::{MembershipState, Role};
use keng_shared::record::PersonName;
use keng_shared::time::{LocalDate, Millis};
use std::collections::BTreeSet;

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

/// The user's memberships, in every state, oldest first.
pub fn of_user(conn: &mut Conn, user: UserId) -> Result<Vec<Membership>, DbError> {
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
pub fn insert(
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

/// The membership with this id.
pub fn by_id(conn: &mut Conn, id: MembershipId) -> Result<Option<Membership>, DbError> {
    membership::table
        .find(id.0)
        .select(MEMBERSHIP_COLUMNS)
        .first::<MembershipColumns>(conn)
        .optional()?
        .map(membership_of)
        .transpose()
}

/// The memberships of these users, in every state, oldest first.
pub fn of_users(conn: &mut Conn, users: &[UserId]) -> Result<Vec<Membership>, DbError> {
    let users: Vec<String> = users.iter().map(ToString::to_string).collect();
    membership::table
        .filter(membership::user_id.eq_any(users))
        .order(membership::id)
        .select(MEMBERSHIP_COLUMNS)
        .load::<MembershipColumns>(conn)?
        .into_iter()
        .map(membership_of)
        .collect()
}

/// People who hold one of these roles in one of these areas on `date`, in Vietnamese order of names.
pub fn holders(
    conn: &mut Conn,
    roles: &[Role],
    areas: &[AreaId],
    date: LocalDate,
) -> Result<Vec<PersonName>, DbError> {
    let date = date.to_string();
    let rows: Vec<(String, String)> = membership::table
        .inner_join(app_user::table)
        .filter(membership::area_id.eq_any(areas.iter().map(|id| id.0)))
        .filter(membership::role.eq_any(roles.iter().map(|role| role.as_str())))
        .filter(membership::state.eq(MembershipState::Active.as_str()))
        .filter(
            membership::valid_from
                .is_null()
                .or(membership::valid_from.le(&date)),
        )
        .filter(membership::valid_to.is_null().or(membership::valid_to.ge(&date)))
        .order((app_user::sort, app_user::id))
        .select((app_user::id, app_user::name))
        .load(conn)?;
    let mut people: Vec<PersonName> = rows
        .into_iter()
        .map(|(id, name)| {
            let id = DbError::unless(id.parse().ok(), "app_user.id")?;
            Ok(PersonName { id, name })
        })
        .collect::<Result<_, DbError>>()?;
    people.dedup();
    Ok(people)
}

/// Teams in which these people are on `date`.
pub fn teams_of(conn: &mut Conn, people: &[UserId], date: LocalDate) -> Result<Vec<TeamId>, DbError> {
    let date = date.to_string();
    let mut teams = BTreeSet::new();
    for chunk in people.chunks(CHUNK) {
        let people: Vec<String> = chunk.iter().map(ToString::to_string).collect();
        let rows: Vec<Option<i64>> = membership::table
            .filter(membership::user_id.eq_any(people))
            .filter(membership::team_id.is_not_null())
            .filter(membership::state.eq(MembershipState::Active.as_str()))
            .filter(
                membership::valid_from
                    .is_null()
                    .or(membership::valid_from.le(&date)),
            )
            .filter(membership::valid_to.is_null().or(membership::valid_to.ge(&date)))
            .select(membership::team_id)
            .load(conn)?;
        teams.extend(rows.into_iter().flatten().map(TeamId));
    }
    Ok(teams.into_iter().collect())
}

/// The area in which a team works; none if there is no such team.
pub fn area_of_team(conn: &mut Conn, id: TeamId) -> Result<Option<AreaId>, DbError> {
    let area = team::table
        .find(id.0)
        .select(team::area_id)
        .first::<i64>(conn)
        .optional()?;
    Ok(area.map(AreaId))
}

/// Sets the state.
pub fn set_state(conn: &mut Conn, id: MembershipId, state: MembershipState) -> Result<(), DbError> {
    diesel::update(membership::table.find(id.0))
        .set(membership::state.eq(state.as_str()))
        .execute(conn)?;
    Ok(())
}

/// Puts the memberships that waited for the person's enrolment in force.
pub fn activate_invited(conn: &mut Conn, user: UserId) -> Result<(), DbError> {
    diesel::update(membership::table)
        .filter(membership::user_id.eq(user.to_string()))
        .filter(membership::state.eq(MembershipState::Invited.as_str()))
        .set(membership::state.eq(MembershipState::Active.as_str()))
        .execute(conn)?;
    Ok(())
}

type MembershipColumns = (
    i64,
    String,
    String,
    i64,
    Option<i64>,
    String,
    Option<String>,
    Option<String>,
);
const MEMBERSHIP_COLUMNS: (
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

fn membership_of(row: MembershipColumns) -> Result<Membership, DbError> {
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
