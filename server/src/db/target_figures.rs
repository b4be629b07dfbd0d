//! Figures of targets: the sums of the shares that count, by target, commune, area and part.

use super::schema_targets::target_figure;
use super::target_shares::StoredShare;
use super::{CHUNK, Conn, DbError};
use crate::both;
use diesel::prelude::*;
use diesel::sql_query;
use diesel::upsert::excluded;
use keng_shared::id::AreaId;
use keng_shared::time::LocalDate;
use std::collections::BTreeMap;

/// Sums written by one statement.
const ROWS: usize = 200;

/// A row of [`target_figure`], column by column.
#[derive(Debug, Clone, PartialEq, Eq, Queryable, QueryableByName, Insertable)]
#[diesel(table_name = target_figure, treat_none_as_default_value = false)]
pub struct StoredFigure {
    pub target_id: i64,
    pub commune_id: i64,
    pub area_id: i64,
    pub part: String,
    pub amount: i64,
    pub total: i64,
    pub records: i64,
}

type Key = (i64, i64, i64, String);

/// What is to be added to figures.
#[derive(Debug, Default)]
pub struct Change(BTreeMap<Key, (i64, i64, i64)>);

impl Change {
    /// A share counts.
    pub fn add(&mut self, share: &StoredShare) {
        self.change(share, 1);
    }

    /// A share counts no more.
    pub fn take(&mut self, share: &StoredShare) {
        self.change(share, -1);
    }

    fn change(&mut self, share: &StoredShare, sign: i64) {
        let key = (
            share.target_id,
            share.commune_id,
            share.area_id,
            share.part.clone(),
        );
        let (amount, total, records) = self.0.entry(key).or_default();
        *amount = amount.saturating_add(sign.saturating_mul(share.amount));
        *total = total.saturating_add(sign.saturating_mul(share.total));
        *records += sign;
    }

    /// The figures that the change makes of nothing.
    pub fn figures(&self) -> Vec<StoredFigure> {
        let changed = self.0.iter().filter(|(_, sums)| **sums != (0, 0, 0));
        changed
            .map(
                |((target, commune, area, part), (amount, total, records))| StoredFigure {
                    target_id: *target,
                    commune_id: *commune,
                    area_id: *area,
                    part: part.clone(),
                    amount: *amount,
                    total: *total,
                    records: *records,
                },
            )
            .collect()
    }
}

/// Adds a change to the stored figures, in the order of their keys.
pub(super) fn apply(conn: &mut Conn, change: &Change) -> Result<(), DbError> {
    for chunk in change.figures().chunks(ROWS) {
        both!(conn, |conn| diesel::insert_into(target_figure::table)
            .values(chunk)
            .on_conflict((
                target_figure::target_id,
                target_figure::commune_id,
                target_figure::area_id,
                target_figure::part,
            ))
            .do_update()
            .set((
                target_figure::amount.eq(target_figure::amount + excluded(target_figure::amount)),
                target_figure::total.eq(target_figure::total + excluded(target_figure::total)),
                target_figure::records.eq(target_figure::records + excluded(target_figure::records)),
            ))
            .execute(conn))?;
    }
    Ok(())
}

/// Forgets the figures of these targets in a commune.
pub(super) fn clear(conn: &mut Conn, targets: &[i64], commune: AreaId) -> Result<(), DbError> {
    let stored = target_figure::table
        .filter(target_figure::target_id.eq_any(targets))
        .filter(target_figure::commune_id.eq(commune.0));
    diesel::delete(stored).execute(conn)?;
    Ok(())
}

/// The figures of these targets in these communes.
pub fn of_targets(
    conn: &mut Conn,
    targets: &[i64],
    communes: &[AreaId],
) -> Result<Vec<StoredFigure>, DbError> {
    let mut found = Vec::new();
    // A plan has 200 targets at most, so both lists fit into one statement.
    for chunk in communes.chunks(CHUNK) {
        let figures = target_figure::table
            .filter(target_figure::target_id.eq_any(targets))
            .filter(target_figure::commune_id.eq_any(chunk.iter().map(|id| id.0)))
            .filter(target_figure::records.ne(0))
            .order((
                target_figure::target_id,
                target_figure::commune_id,
                target_figure::area_id,
                target_figure::part,
            ));
        found.extend(figures.load::<StoredFigure>(conn)?);
    }
    Ok(found)
}

/// The figures of these targets in these communes as they stood at the end of a day, added up from what had counted.
pub fn until(
    conn: &mut Conn,
    targets: &[i64],
    communes: &[AreaId],
    day: LocalDate,
) -> Result<Vec<StoredFigure>, DbError> {
    let list =
        |ids: &mut dyn Iterator<Item = i64>| ids.map(|id| id.to_string()).collect::<Vec<_>>().join(",");
    let mut found = Vec::new();
    if targets.is_empty() {
        return Ok(found);
    }
    for chunk in communes.chunks(CHUNK) {
        // Ids are numbers of our own and a day is written in one way, so that they may stand in the statement.
        let text = format!(
            "SELECT target_id, commune_id, area_id, part, CAST(sum(amount) AS BIGINT) AS amount, \
             CAST(sum(total) AS BIGINT) AS total, count(*) AS records FROM target_share \
             WHERE target_id IN ({}) AND commune_id IN ({}) AND standing = 'counted' AND local_date <= '{day}' \
             GROUP BY target_id, commune_id, area_id, part",
            list(&mut targets.iter().copied()),
            list(&mut chunk.iter().map(|id| id.0)),
        );
        let rows: Vec<StoredFigure> = both!(conn, |conn| sql_query(&text).load(conn))?;
        found.extend(rows);
    }
    Ok(found)
}
