//! The snapshots of bulk verdicts: which records, at which revision, and what became of each.

use super::record_lists::{Filter, Place, narrow};
use super::schema_jobs::bulk_row;
use super::schema_records::record;
use super::{CHUNK, Conn, DbError};
use crate::both;
use diesel::prelude::*;
use keng_shared::api::{BulkOutcome, MAX_BULK, OutcomeCount};
use keng_shared::id::{AreaId, JobId, RecordId};
use keng_shared::time::Millis;
use serde::{Deserialize, Serialize};
use std::collections::HashSet;

/// A record of a snapshot.
#[derive(Debug, Clone, PartialEq, Eq, Queryable, Insertable)]
#[diesel(table_name = bulk_row)]
pub struct StoredBulkRow {
    pub job_id: String,
    pub number: i64,
    pub record_id: String,
    pub commune_id: i64,
    pub revision: i32,
    pub outcome: Option<String>,
    pub before: Option<String>,
    pub judged_at: Option<i64>,
}

impl StoredBulkRow {
    pub fn record(&self) -> Result<RecordId, DbError> {
        DbError::unless(self.record_id.parse().ok(), "bulk_row.record_id")
    }

    pub fn commune(&self) -> AreaId {
        AreaId(self.commune_id)
    }

    pub fn outcome(&self) -> Result<Option<BulkOutcome>, DbError> {
        self.outcome
            .as_deref()
            .map(|text| DbError::unless(BulkOutcome::parse(text), "bulk_row.outcome"))
            .transpose()
    }

    /// The verdict that was there before.
    pub fn before(&self) -> Result<Before, DbError> {
        let read = self
            .before
            .as_deref()
            .and_then(|text| serde_json::from_str(text).ok());
        DbError::unless(read, "bulk_row.before")
    }
}

/// The verdict that a record had, to put it back.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Before {
    pub status: String,
    pub verdict: Option<String>,
    pub reason: Option<String>,
    pub by: Option<String>,
    pub at: Option<i64>,
}

/// Id, commune and revision of what fits the filter, newest received first; of those only `only`, if any are given. At
/// most one more than [`MAX_BULK`].
pub fn choose(
    conn: &mut Conn,
    place: &Place,
    filter: &Filter,
    only: &[RecordId],
) -> Result<Vec<(String, i64, i32)>, DbError> {
    let most = i64::try_from(MAX_BULK + 1).unwrap_or(i64::MAX);
    let columns = (record::id, record::commune_id, record::revision);
    let (mut found, mut seen) = (Vec::new(), HashSet::new());
    for one in place.walks(filter) {
        let mut rows: Vec<(String, i64, i32)> = Vec::new();
        if only.is_empty() {
            rows = narrow(&one, filter)
                .order((record::received_at.desc(), record::id.desc()))
                .limit(most)
                .select(columns)
                .load(conn)?;
        }
        for chunk in only.chunks(CHUNK) {
            let ids: Vec<String> = chunk.iter().map(RecordId::to_string).collect();
            let chosen = narrow(&one, filter).filter(record::id.eq_any(ids));
            rows.extend(chosen.select(columns).load::<(String, i64, i32)>(conn)?);
        }
        found.extend(rows.into_iter().filter(|row| seen.insert(row.0.clone())));
        if found.len() > MAX_BULK {
            break;
        }
    }
    Ok(found)
}

/// Stores a snapshot.
pub fn insert(conn: &mut Conn, rows: &[StoredBulkRow]) -> Result<(), DbError> {
    for chunk in rows.chunks(CHUNK) {
        both!(conn, |conn| diesel::insert_into(bulk_row::table)
            .values(chunk)
            .execute(conn))?;
    }
    Ok(())
}

/// Up to `limit` records without an outcome, those of one commune together.
pub fn waiting(conn: &mut Conn, job: JobId, limit: i64) -> Result<Vec<StoredBulkRow>, DbError> {
    Ok(bulk_row::table
        .filter(bulk_row::job_id.eq(job.to_string()))
        .filter(bulk_row::outcome.is_null())
        .order((bulk_row::commune_id, bulk_row::number))
        .limit(limit)
        .load(conn)?)
}

/// Writes down what became of a record.
pub fn settle(
    conn: &mut Conn,
    row: &StoredBulkRow,
    outcome: BulkOutcome,
    before: Option<&Before>,
    now: Millis,
) -> Result<(), DbError> {
    let before = before
        .map(|before| DbError::unless(serde_json::to_string(before).ok(), "bulk_row.before"))
        .transpose()?;
    let before = before.or_else(|| row.before.clone());
    diesel::update(bulk_row::table.find((&row.job_id, row.number)))
        .set((
            bulk_row::outcome.eq(outcome.as_str()),
            bulk_row::before.eq(before),
            bulk_row::judged_at.eq(now.0),
        ))
        .execute(conn)?;
    Ok(())
}

/// How many had which outcome.
pub fn outcomes(conn: &mut Conn, job: JobId) -> Result<Vec<OutcomeCount>, DbError> {
    let counted: Vec<(Option<String>, i64)> = bulk_row::table
        .filter(bulk_row::job_id.eq(job.to_string()))
        .group_by(bulk_row::outcome)
        .select((bulk_row::outcome, diesel::dsl::count_star()))
        .load(conn)?;
    let count = |wanted: BulkOutcome| {
        let found = counted
            .iter()
            .find(|(outcome, _)| outcome.as_deref() == Some(wanted.as_str()));
        found.and_then(|(_, count)| u64::try_from(*count).ok())
    };
    Ok(BulkOutcome::ALL
        .into_iter()
        .filter_map(|outcome| count(outcome).map(|count| OutcomeCount { outcome, count }))
        .collect())
}

/// Up to `limit` records of a snapshot after the number `after`, in its order.
pub fn page(
    conn: &mut Conn,
    job: JobId,
    after: Option<i64>,
    limit: usize,
) -> Result<Vec<StoredBulkRow>, DbError> {
    Ok(bulk_row::table
        .filter(bulk_row::job_id.eq(job.to_string()))
        .filter(bulk_row::number.gt(after.unwrap_or(-1)))
        .order(bulk_row::number)
        .limit(i64::try_from(limit).unwrap_or(i64::MAX))
        .load(conn)?)
}

/// Every record of a snapshot that was judged.
pub fn judged(conn: &mut Conn, job: JobId) -> Result<Vec<StoredBulkRow>, DbError> {
    Ok(bulk_row::table
        .filter(bulk_row::job_id.eq(job.to_string()))
        .filter(bulk_row::outcome.eq(BulkOutcome::Done.as_str()))
        .order(bulk_row::number)
        .load(conn)?)
}
