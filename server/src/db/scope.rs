//! What a phone may hold beside records and plans: teams with their members.

use super::schema::{app_user, membership, team};
use super::{CHUNK, Conn, DbError};
use diesel::prelude::*;
use keng_shared::id::{AreaId, TeamId};
use keng_shared::permission::MembershipState;
use keng_shared::record::PersonName;
use keng_shared::sync::{ScopeTeam, TeamKind};
use keng_shared::time::LocalDate;

/// Teams of these areas that exist on `date`, by name, without members.
pub fn teams(conn: &mut Conn, areas: &[AreaId], date: LocalDate) -> Result<Vec<ScopeTeam>, DbError> {
    let date = date.to_string();
    let mut found = Vec::new();
    for chunk in areas.chunks(CHUNK) {
        let rows: Vec<(i64, String, String, i64, String)> = team::table
            .filter(team::area_id.eq_any(chunk.iter().map(|id| id.0)))
            .filter(team::valid_from.is_null().or(team::valid_from.le(&date)))
            .filter(team::valid_to.is_null().or(team::valid_to.ge(&date)))
            .select((team::id, team::kind, team::name, team::area_id, team::sort))
            .load(conn)?;
        found.extend(rows);
    }
    found.sort_by(|a, b| (&a.4, a.0).cmp(&(&b.4, b.0)));
    found
        .into_iter()
        .map(|(id, kind, name, area_id, _)| {
            Ok(ScopeTeam {
                id: TeamId(id),
                kind: DbError::unless(TeamKind::parse(&kind), "team.kind")?,
                name,
                area_id: AreaId(area_id),
                members: Vec::new(),
            })
        })
        .collect()
}

/// People whose membership in the team is in force on `date`, by name.
pub fn members(conn: &mut Conn, id: TeamId, date: LocalDate) -> Result<Vec<PersonName>, DbError> {
    let date = date.to_string();
    let rows: Vec<(String, String)> = membership::table
        .inner_join(app_user::table)
        .filter(membership::team_id.eq(id.0))
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
