//! What changed since when: a counter per commune, and the rows behind it.
//!
//! The counter of a commune is bumped late in the transaction of each change. Its row lock makes the order of
//! revisions the order of commits: a reader that has seen revision *n* of a commune has seen everything up to *n*.

use super::prepared::Prepared;
use super::records::StoredRecord;
use super::schema::setting;
use super::schema_records::{commune_rev, record};
use super::{Conn, DbError};
use crate::both;
use diesel::prelude::*;
use keng_shared::id::{AreaId, TeamId, UserId};
use std::collections::{BTreeMap, BTreeSet};

/// Counts one change of the commune and returns its revision. Call it last before the change is written; a job that
/// changes several communes calls it in ascending order of their ids, so that two jobs never wait for each other.
pub fn bump(conn: &mut Conn, commune: AreaId) -> Result<i64, DbError> {
    if let Some(rev) = bump_existing(conn, commune)? {
        return Ok(rev);
    }
    both!(conn, |conn| diesel::insert_into(commune_rev::table)
        .values((commune_rev::commune_id.eq(commune.0), commune_rev::rev.eq(0)))
        .on_conflict_do_nothing()
        .execute(conn))?;
    DbError::unless(bump_existing(conn, commune)?, "commune_rev")
}

fn bump_existing(conn: &mut Conn, commune: AreaId) -> Result<Option<i64>, DbError> {
    let bump = diesel::update(commune_rev::table.find(commune.0))
        .set(commune_rev::rev.eq(commune_rev::rev + 1))
        .returning(commune_rev::rev);
    Ok(Prepared(bump).get_result(conn).optional()?)
}

/// The revisions of these communes; one that has never changed is missing.
pub fn revisions(conn: &mut Conn, communes: &[AreaId]) -> Result<BTreeMap<AreaId, i64>, DbError> {
    let mut found = BTreeMap::new();
    for chunk in communes.chunks(super::CHUNK) {
        let rows: Vec<(i64, i64)> = commune_rev::table
            .filter(commune_rev::commune_id.eq_any(chunk.iter().map(|id| id.0)))
            .load(conn)?;
        found.extend(rows.into_iter().map(|(id, rev)| (AreaId(id), rev)));
    }
    Ok(found)
}

/// Names the history that cursors belong to.
pub fn epoch(conn: &mut Conn) -> Result<String, DbError> {
    Ok(setting::table
        .find("sync_epoch")
        .select(setting::value)
        .first(conn)?)
}

/// Whose records a phone holds: its user's own and those of the teams that the user leads.
#[derive(Debug, Clone)]
pub struct Reach {
    pub author: UserId,
    pub teams: Vec<TeamId>,
}

/// The communes that have records in reach.
pub fn communes(conn: &mut Conn, reach: &Reach) -> Result<BTreeSet<AreaId>, DbError> {
    let own: Vec<i64> = record::table
        .filter(record::author_id.eq(reach.author.to_string()))
        .select(record::commune_id)
        .distinct()
        .load(conn)?;
    let mut found: BTreeSet<AreaId> = own.into_iter().map(AreaId).collect();
    for team in &reach.teams {
        let theirs: Vec<i64> = record::table
            .filter(record::team_id.eq(team.0))
            .select(record::commune_id)
            .distinct()
            .load(conn)?;
        found.extend(theirs.into_iter().map(AreaId));
    }
    Ok(found)
}

/// Up to `limit` records in reach that changed after `since`, in the order of their revisions.
pub fn changed(
    conn: &mut Conn,
    reach: &Reach,
    commune: AreaId,
    since: i64,
    limit: usize,
) -> Result<Vec<StoredRecord>, DbError> {
    let limit = i64::try_from(limit).unwrap_or(i64::MAX);
    let mut found: BTreeMap<i64, StoredRecord> = BTreeMap::new();
    let own: Vec<StoredRecord> = record::table
        .filter(record::author_id.eq(reach.author.to_string()))
        .filter(record::commune_id.eq(commune.0))
        .filter(record::feed_rev.gt(since))
        .order(record::feed_rev)
        .limit(limit)
        .load(conn)?;
    found.extend(own.into_iter().map(|row| (row.feed_rev, row)));
    for team in &reach.teams {
        let theirs: Vec<StoredRecord> = record::table
            .filter(record::team_id.eq(team.0))
            .filter(record::commune_id.eq(commune.0))
            .filter(record::feed_rev.gt(since))
            .order(record::feed_rev)
            .limit(limit)
            .load(conn)?;
        found.extend(theirs.into_iter().map(|row| (row.feed_rev, row)));
    }
    let most = usize::try_from(limit).unwrap_or(usize::MAX);
    Ok(found.into_values().take(most).collect())
}
