//! What a person's or a team's own records add to targets.

use super::schema_records::record;
use super::schema_targets::target_share;
use super::{Conn, DbError};
use diesel::dsl::count;
use diesel::prelude::*;
use keng_shared::id::{AreaId, TeamId, UserId};
use std::collections::HashMap;

/// Whose records.
#[derive(Debug, Clone)]
pub enum Whose {
    /// Those that a person wrote.
    Author(UserId),
    /// Those of teams.
    Teams(Vec<TeamId>),
}

/// How many of the records count for each target, in a residential area or, without one, anywhere in these communes.
pub fn counted(
    conn: &mut Conn,
    targets: &[i64],
    communes: &[AreaId],
    village: Option<AreaId>,
    whose: &Whose,
) -> Result<HashMap<i64, u32>, DbError> {
    let communes: Vec<i64> = communes.iter().map(|id| id.0).collect();
    let mut query = target_share::table
        .inner_join(record::table)
        .group_by(target_share::target_id)
        .select((
            target_share::target_id,
            count(target_share::record_id).aggregate_distinct(),
        ))
        .filter(target_share::target_id.eq_any(targets))
        .filter(target_share::commune_id.eq_any(communes))
        .filter(target_share::standing.eq("counted"))
        .into_boxed();
    if let Some(village) = village {
        query = query.filter(target_share::area_id.eq(village.0));
    }
    query = match whose {
        Whose::Author(author) => query.filter(record::author_id.eq(author.to_string())),
        Whose::Teams(teams) => {
            let ids: Vec<i64> = teams.iter().map(|id| id.0).collect();
            query.filter(record::team_id.eq_any(ids))
        }
    };
    let found: Vec<(i64, i64)> = query.load(conn)?;
    let whole = |count: i64| u32::try_from(count).unwrap_or(u32::MAX);
    Ok(found
        .into_iter()
        .map(|(target, count)| (target, whole(count)))
        .collect())
}
