//! What waits for review, riskiest first: a row comes with a record's submission and goes with its verdict.
//!
//! Invariant: the queue holds exactly the submitted records, each with the score of the flags that it has. Only
//! [`super::records`] writes it, in the statement's own transaction.

use super::flags;
use super::prepared::Prepared;
use super::record_lists::{FEW, Place};
use super::records::{Arrival, StoredRecord};
use super::schema_records::review_queue;
use super::{Conn, DbError};
use diesel::prelude::*;
use keng_shared::id::{AreaId, RecordId};
use keng_shared::record::RecordStatus;
use keng_shared::time::Millis;

/// Brings the queue in line with a record that was stored for the first time.
pub(super) fn enter(conn: &mut Conn, row: &StoredRecord) -> Result<(), DbError> {
    if row.status != RecordStatus::Submitted.as_str() {
        return Ok(());
    }
    diesel::insert_into(review_queue::table)
        .values((
            review_queue::record_id.eq(&row.id),
            review_queue::commune_id.eq(row.commune_id),
            review_queue::area_id.eq(row.area_id),
            review_queue::risk.eq(risk_of(&row.flags, &row.photo_flags)),
            review_queue::received_at.eq(row.received_at),
        ))
        .execute(conn)?;
    Ok(())
}

/// Brings the queue in line with a record that was stored before.
pub(super) fn follow(conn: &mut Conn, row: &StoredRecord) -> Result<(), DbError> {
    diesel::delete(review_queue::table.find(&row.id)).execute(conn)?;
    enter(conn, row)
}

/// Evidence arrived: the score changes, the place in time does not.
pub(super) fn weigh(conn: &mut Conn, id: &str, arrival: &Arrival) -> Result<(), DbError> {
    let risk = risk_of(&arrival.flags, &arrival.photo_flags);
    let update = diesel::update(review_queue::table.find(id)).set(review_queue::risk.eq(risk));
    Prepared(update).run(conn)?;
    Ok(())
}

fn risk_of(record: &str, photos: &str) -> i32 {
    flags::score_of(record, photos).into()
}

/// A place in the queue.
#[derive(Debug, Clone, PartialEq, Eq, Queryable)]
pub struct Waiting {
    pub risk: i32,
    pub received_at: i64,
    pub record_id: String,
}

impl Waiting {
    /// Where a page ended.
    pub fn at(risk: i32, received_at: Millis, id: RecordId) -> Self {
        Self {
            risk,
            received_at: received_at.0,
            record_id: id.to_string(),
        }
    }

    fn order(&self) -> (std::cmp::Reverse<i32>, i64, &str) {
        (std::cmp::Reverse(self.risk), self.received_at, &self.record_id)
    }
}

/// Up to `limit` of those that wait, riskiest first and longest waiting first among equals.
pub(super) fn page(
    conn: &mut Conn,
    place: &Place,
    after: Option<&Waiting>,
    limit: usize,
) -> Result<Vec<Waiting>, DbError> {
    let limit_sql = i64::try_from(limit).unwrap_or(i64::MAX);
    let mut found = Vec::new();
    match place {
        Place::Area(area) => found.extend(walk(conn, Walk::Area(*area), after, limit_sql)?),
        Place::Communes(communes) if communes.len() <= FEW => {
            for commune in communes {
                found.extend(walk(conn, Walk::Commune(*commune), after, limit_sql)?);
            }
        }
        Place::Communes(communes) => found.extend(walk(conn, Walk::All(communes), after, limit_sql)?),
        Place::Reach { .. } => {}
    }
    found.sort_by(|one, other| one.order().cmp(&other.order()));
    found.truncate(limit);
    Ok(found)
}

enum Walk<'a> {
    Area(AreaId),
    Commune(AreaId),
    /// The whole queue, of which these communes count.
    All(&'a [AreaId]),
}

fn walk(
    conn: &mut Conn,
    walk: Walk<'_>,
    after: Option<&Waiting>,
    limit: i64,
) -> Result<Vec<Waiting>, DbError> {
    let mut query = review_queue::table
        .select((
            review_queue::risk,
            review_queue::received_at,
            review_queue::record_id,
        ))
        .order((
            review_queue::risk.desc(),
            review_queue::received_at,
            review_queue::record_id,
        ))
        .limit(limit)
        .into_boxed();
    query = match walk {
        Walk::Area(area) => query.filter(review_queue::area_id.eq(area.0)),
        Walk::Commune(commune) => query.filter(review_queue::commune_id.eq(commune.0)),
        // A sum is in no index, so that the order of risk is the one that is walked.
        Walk::All(communes) => {
            let ids: Vec<i64> = communes.iter().map(|id| id.0).collect();
            query.filter((review_queue::commune_id + 0).eq_any(ids))
        }
    };
    if let Some(after) = after {
        // The first condition alone bounds the walk of the index; the others settle ties.
        let later = review_queue::received_at
            .gt(after.received_at)
            .or(review_queue::received_at
                .eq(after.received_at)
                .and(review_queue::record_id.gt(after.record_id.clone())));
        query = query
            .filter(review_queue::risk.le(after.risk))
            .filter(review_queue::risk.lt(after.risk).or(later));
    }
    Ok(query.load(conn)?)
}
