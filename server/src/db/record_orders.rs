//! Lists of records in an order that no index has: by date, state and signals, and by names in Vietnamese order.
//!
//! What fits the filter is read without its content and put in order here, so it may be [`MAX_SORTED`] records at most.
//! Equals stand newest received first.

use super::record_lists::{Filter, Place, narrow};
use super::records::StoredRecord;
use super::schema_records::record;
use super::{CHUNK, Conn, DbError, flags, people, teams};
use diesel::prelude::*;
use keng_shared::api::MAX_SORTED;
use keng_shared::area::AreaTree;
use keng_shared::id::TeamId;
use keng_shared::kind;
use keng_shared::problem::{FieldCode, FieldError, Problem};
use keng_shared::record::RecordStatus;
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
    /// The name of the kind.
    Kind,
    /// The name of the team.
    Team,
    /// The state, in the order in which a record goes through them.
    Status,
    /// The score of the signals.
    Signals,
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

/// What of a record an order needs.
#[derive(Queryable, Selectable)]
#[diesel(table_name = record)]
struct Light {
    id: String,
    area_id: i64,
    author_id: String,
    team_id: Option<i64>,
    kind: String,
    status: String,
    flags: String,
    photo_flags: String,
    local_date: String,
    started_at: i64,
    received_at: i64,
}

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
        Key::Area => area_keys(tree, &rows),
        Key::Author => author_keys(conn, &rows)?,
        Key::Team => team_keys(conn, &rows)?,
        Key::Kind => kind_keys(&rows),
        Key::Date | Key::Status | Key::Signals => HashMap::new(),
    };
    let named = |id: &str| names.get(id).cloned().unwrap_or_default();
    let mut spots = Vec::with_capacity(rows.len());
    for row in rows {
        let spot = Spot {
            key: match key {
                Key::Date => format!("{} {:020}", row.local_date, row.started_at),
                Key::Area => named(&row.area_id.to_string()),
                Key::Author => named(&row.author_id),
                Key::Team => named(&row.team_id.map(|id| id.to_string()).unwrap_or_default()),
                Key::Kind => named(&row.kind),
                Key::Status => format!("{:02}", step_of(&row.status)?),
                Key::Signals => format!("{:04}", flags::score_of(&row.flags, &row.photo_flags)),
            },
            received_at: row.received_at,
            id: row.id,
        };
        if after.is_none_or(|after| after.order(&spot, run) == Ordering::Less) {
            spots.push(spot);
        }
    }
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
            .select(Light::as_select())
            .load(conn)?;
        rows.extend(found.into_iter().filter(|row| seen.insert(row.id.clone())));
        if rows.len() > MAX_SORTED {
            let error = FieldError::new("sort", FieldCode::TooBig).with("max", MAX_SORTED);
            return Err(Problem::fields(vec![error]).into());
        }
    }
    Ok(rows)
}

/// Where a state stands on the way of a record.
fn step_of(status: &str) -> Result<usize, DbError> {
    const WAY: [RecordStatus; 5] = [
        RecordStatus::Open,
        RecordStatus::Submitted,
        RecordStatus::Returned,
        RecordStatus::Accepted,
        RecordStatus::Withdrawn,
    ];
    let step = WAY.iter().position(|known| known.as_str() == status);
    DbError::unless(step, "record.status")
}

fn area_keys(tree: &AreaTree, rows: &[Light]) -> HashMap<String, String> {
    let areas: BTreeSet<i64> = rows.iter().map(|row| row.area_id).collect();
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
    let authors: BTreeSet<String> = rows.iter().map(|row| row.author_id.clone()).collect();
    let names = people::names(conn, authors)?;
    let keyed = names
        .into_iter()
        .map(|(id, name)| (id.clone(), format!("{} {id}", text::sort_key(&name))));
    Ok(keyed.collect())
}

fn team_keys(conn: &mut Conn, rows: &[Light]) -> Result<HashMap<String, String>, DbError> {
    let ids: BTreeSet<TeamId> = rows.iter().filter_map(|row| row.team_id).map(TeamId).collect();
    let names = teams::names(conn, &ids)?;
    let keyed = names
        .into_iter()
        .map(|(id, name)| (id.to_string(), format!("{} {id}", text::sort_key(&name))));
    Ok(keyed.collect())
}

fn kind_keys(rows: &[Light]) -> HashMap<String, String> {
    let ids: BTreeSet<&str> = rows.iter().map(|row| row.kind.as_str()).collect();
    let name = |id| kind::find(id).map_or(id, |spec| spec.label.vi);
    ids.into_iter()
        .map(|id| (id.to_owned(), format!("{} {id}", text::sort_key(name(id)))))
        .collect()
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
