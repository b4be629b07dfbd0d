//! Security teams, self-management groups and camera groups, and who is in them.

use super::boundaries::CHUNK;
use super::schema::{app_user, membership, team};
use super::{Conn, DbError, areas};
use diesel::prelude::*;
use keng_shared::api::NewTeam;
use keng_shared::id::{AreaId, TeamId, UserId};
use keng_shared::permission::MembershipState;
use keng_shared::record::PersonName;
use keng_shared::sync::TeamKind;
use keng_shared::text;
use keng_shared::time::{LocalDate, Millis};
use std::collections::{BTreeSet, HashMap};

/// A stored team.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Team {
    /// The team.
    pub id: TeamId,
    /// What it is.
    pub kind: TeamKind,
    /// Its name.
    pub name: String,
    /// Where it works.
    pub area_id: AreaId,
    /// First day.
    pub valid_from: Option<LocalDate>,
    /// Last day.
    pub valid_to: Option<LocalDate>,
}

type Columns = (i64, String, String, i64, Option<String>, Option<String>);
const COLUMNS: (
    team::id,
    team::kind,
    team::name,
    team::area_id,
    team::valid_from,
    team::valid_to,
) = (
    team::id,
    team::kind,
    team::name,
    team::area_id,
    team::valid_from,
    team::valid_to,
);

/// Teams of these areas, in Vietnamese order.
pub fn in_areas(conn: &mut Conn, areas: &[AreaId]) -> Result<Vec<Team>, DbError> {
    let mut rows = Vec::new();
    for chunk in areas.chunks(CHUNK) {
        rows.extend(
            team::table
                .filter(team::area_id.eq_any(chunk.iter().map(|id| id.0).collect::<Vec<_>>()))
                .select((COLUMNS, team::sort))
                .load::<(Columns, String)>(conn)?,
        );
    }
    rows.sort_by(|(a, a_sort), (b, b_sort)| (a_sort, a.0).cmp(&(b_sort, b.0)));
    rows.into_iter().map(|(row, _)| team_of(row)).collect()
}

/// The team with this id.
pub fn by_id(conn: &mut Conn, id: TeamId) -> Result<Option<Team>, DbError> {
    team::table
        .find(id.0)
        .select(COLUMNS)
        .first::<Columns>(conn)
        .optional()?
        .map(team_of)
        .transpose()
}

/// The names of these teams.
pub fn names(conn: &mut Conn, ids: &BTreeSet<TeamId>) -> Result<HashMap<TeamId, String>, DbError> {
    let ids: Vec<i64> = ids.iter().map(|id| id.0).collect();
    let mut names = HashMap::new();
    for chunk in ids.chunks(CHUNK) {
        let rows: Vec<(i64, String)> = team::table
            .filter(team::id.eq_any(chunk))
            .select((team::id, team::name))
            .load(conn)?;
        names.extend(rows.into_iter().map(|(id, name)| (TeamId(id), name)));
    }
    Ok(names)
}

/// Nobody else plans for the team before this transaction ends.
pub fn lock(conn: &mut Conn, id: TeamId) -> Result<(), DbError> {
    if let Conn::Postgres(conn) = conn {
        let query = team::table.find(id.0).select(team::id);
        query.for_no_key_update().load::<i64>(conn)?;
    }
    Ok(())
}

/// The id of the team with this name in this area.
pub fn by_name(conn: &mut Conn, area: AreaId, name: &str) -> Result<Option<TeamId>, DbError> {
    let id = team::table
        .filter(team::area_id.eq(area.0))
        .filter(team::name.eq(name))
        .select(team::id)
        .first::<i64>(conn)
        .optional()?;
    Ok(id.map(TeamId))
}

/// Members in force on `date`, in Vietnamese order, team by team.
pub fn members(
    conn: &mut Conn,
    teams: &[TeamId],
    date: LocalDate,
) -> Result<HashMap<TeamId, Vec<PersonName>>, DbError> {
    let date = date.to_string();
    let mut members: HashMap<TeamId, Vec<(String, PersonName)>> = HashMap::new();
    for chunk in teams.chunks(CHUNK) {
        let rows = membership::table
            .inner_join(app_user::table)
            .filter(membership::team_id.eq_any(chunk.iter().map(|id| id.0).collect::<Vec<_>>()))
            .filter(membership::state.eq(MembershipState::Active.as_str()))
            .filter(
                membership::valid_from
                    .is_null()
                    .or(membership::valid_from.le(&date)),
            )
            .filter(membership::valid_to.is_null().or(membership::valid_to.ge(&date)))
            .select((membership::team_id, app_user::id, app_user::name, app_user::sort))
            .load::<(Option<i64>, String, String, String)>(conn)?;
        for (team, user, name, sort) in rows {
            let id = UserId(DbError::unless(user.parse().ok(), "app_user.id")?);
            let team = members.entry(TeamId(team.unwrap_or_default())).or_default();
            // Two roles in one team are still one person.
            if !team.iter().any(|(_, person)| person.id == id) {
                team.push((sort, PersonName { id, name }));
            }
        }
    }
    let in_order = |mut people: Vec<(String, PersonName)>| {
        people.sort_by(|(a_sort, a), (b_sort, b)| (a_sort, a.id).cmp(&(b_sort, b.id)));
        people.into_iter().map(|(_, person)| person).collect()
    };
    Ok(members
        .into_iter()
        .map(|(team, people)| (team, in_order(people)))
        .collect())
}

/// Stores a team whose fields have been checked.
pub fn insert(conn: &mut Conn, new: &NewTeam, now: Millis) -> Result<TeamId, DbError> {
    let id = diesel::insert_into(team::table)
        .values((
            team::kind.eq(new.kind.as_str()),
            team::name.eq(&new.name),
            team::search.eq(text::search_key(&new.name)),
            team::sort.eq(text::sort_key(&new.name)),
            team::area_id.eq(new.area_id.0),
            team::created_at.eq(now.0),
        ))
        .returning(team::id)
        .get_result::<i64>(conn)?;
    Ok(TeamId(id))
}

fn team_of((id, kind, name, area_id, valid_from, valid_to): Columns) -> Result<Team, DbError> {
    Ok(Team {
        id: TeamId(id),
        kind: DbError::unless(TeamKind::parse(&kind), "team.kind")?,
        name,
        area_id: AreaId(area_id),
        valid_from: areas::date(valid_from)?,
        valid_to: areas::date(valid_to)?,
    })
}
