//! Lists of records in an order that no index has: by date, by the names of areas and people in Vietnamese order.
//!
//! What fits the filter is read without its content and put in order here, so it may be [`MAX_SORTED`] records at most.
//! Equals stand newest received first.

use super::record_lists::{Filter, Place, narrow};
use super::records::StoredRecord;
use super::schema_records::record;
use super::{CHUNK, Conn, DbError, people};
use diesel::prelude::*;
use keng_shared::api::MAX_SORTED;
use keng_shared::area::AreaTree;
use keng_shared::problem::{FieldCode, FieldError, Problem};
use keng_shared::text;
use serde::{Deserialize, Serialize};
use std::cmp::Ordering;
use std::collections::{BTreeSet, HashMap, HashSet};

/// What a list is ordered by.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Key {
    /// The date that a record belongs to, then its start.
    Date,
    /// The name of the area.
    Area,
    /// The name of the author.
    Author,
}

/// Which way an order runs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Run {
    /// From A to Y, from early to late.
    Up,
    /// From Y to A, from late to early.
    Down,
}

/// A place in such a list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Spot {
    key: String,
    received_at: i64,
    id: String,
}

impl Spot {
    fn order(&self, other: &Self, run: Run) -> Ordering {
        let keys = match run {
            Run::Up => self.key.cmp(&other.key),
            Run::Down => other.key.cmp(&self.key),
        };
        keys.then_with(|| (other.received_at, &other.id).cmp(&(self.received_at, &self.id)))
    }
}

/// Id, area, author, local date, start, arrival.
type Light = (String, i64, String, String, i64, i64);

/// Up to `limit` records after `after`, and where the next page begins.
pub fn page(
    conn: &mut Conn,
    tree: &AreaTree,
    (place, filter): (&Place, &Filter),
    (key, run): (Key, Run),
    after: Option<&Spot>,
    limit: usize,
) -> Result<(Vec<StoredRecord>, Option<Spot>), DbError> {
    let rows = light_rows(conn, place, filter)?;
    let names = match key {
        Key::Date => HashMap::new(),
        Key::Area => area_keys(tree, &rows),
        Key::Author => author_keys(conn, &rows)?,
    };
    let mut spots: Vec<Spot> = rows
        .into_iter()
        .map(|(id, area, author, date, started_at, received_at)| Spot {
            key: match key {
                Key::Date => format!("{date} {started_at:020}"),
                Key::Area => names.get(&area.to_string()).cloned().unwrap_or_default(),
                Key::Author => names.get(&author).cloned().unwrap_or_default(),
            },
            received_at,
            id,
        })
        .filter(|spot| after.is_none_or(|after| after.order(spot, run) == Ordering::Less))
        .collect();
    spots.sort_unstable_by(|one, other| one.order(other, run));
    let more = spots.len() > limit;
    spots.truncate(limit);
    let found = in_order(conn, &spots)?;
    Ok((found, spots.pop().filter(|_| more)))
}

fn light_rows(conn: &mut Conn, place: &Place, filter: &Filter) -> Result<Vec<Light>, DbError> {
    let most = i64::try_from(MAX_SORTED + 1).unwrap_or(i64::MAX);
    let (mut rows, mut seen) = (Vec::new(), HashSet::new());
    for one in place.whole(conn, filter) {
        let found: Vec<Light> = narrow(&one, filter)
            .limit(most)
            .select((
                record::id,
                record::area_id,
                record::author_id,
                record::local_date,
                record::started_at,
                record::received_at,
            ))
            .load(conn)?;
        rows.extend(found.into_iter().filter(|row| seen.insert(row.0.clone())));
        if rows.len() > MAX_SORTED {
            let error = FieldError::new("sort", FieldCode::TooBig).with("max", MAX_SORTED);
            return Err(Problem::fields(vec![error]).into());
        }
    }
    Ok(rows)
}

fn area_keys(tree: &AreaTree, rows: &[Light]) -> HashMap<String, String> {
    let areas: BTreeSet<i64> = rows.iter().map(|row| row.1).collect();
    areas
        .into_iter()
        .map(|id| {
            let name = tree
                .get(keng_shared::id::AreaId(id))
                .map(|area| area.name.as_str());
            // Two areas of one name stand each by itself.
            (
                id.to_string(),
                format!("{} {id}", text::sort_key(name.unwrap_or_default())),
            )
        })
        .collect()
}

fn author_keys(conn: &mut Conn, rows: &[Light]) -> Result<HashMap<String, String>, DbError> {
    let authors: BTreeSet<String> = rows.iter().map(|row| row.2.clone()).collect();
    let names = people::names(conn, authors)?;
    let keyed = names
        .into_iter()
        .map(|(id, name)| (id.clone(), format!("{} {id}", text::sort_key(&name))));
    Ok(keyed.collect())
}

fn in_order(conn: &mut Conn, spots: &[Spot]) -> Result<Vec<StoredRecord>, DbError> {
    let mut rows: HashMap<String, StoredRecord> = HashMap::new();
    for chunk in spots.chunks(CHUNK) {
        let found: Vec<StoredRecord> = record::table
            .filter(record::id.eq_any(chunk.iter().map(|spot| spot.id.clone())))
            .load(conn)?;
        rows.extend(found.into_iter().map(|row| (row.id.clone(), row)));
    }
    Ok(spots.iter().filter_map(|spot| rows.remove(&spot.id)).collect())
}
