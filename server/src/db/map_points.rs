//! Records with a position as points in memory, so that the map of a province is counted without reading a year's records.
//!
//! A point takes 12 bytes, a million of them 12 MB. They are read when somebody first looks at many communes; nobody who
//! writes does anything for them.
//!
//! Invariant: a count over points is what the database would count. Whatever changes a record moves the revision of its
//! commune in the same transaction; the points of a commune are those of one revision, and where it has moved they are
//! read anew, in the snapshot of the answer, before they are counted.

use super::schema_records::record;
use super::{Conn, DbError, PATIENCE, feed};
use chrono::Days;
use diesel::prelude::*;
use keng_shared::api::MapQuery;
use keng_shared::id::AreaId;
use keng_shared::kind;
use keng_shared::record::RecordStatus;
use keng_shared::time::LocalDate;
use std::collections::HashMap;
use std::sync::Arc;
use tokio::sync::{Mutex, OwnedMutexGuard};

/// How far back points go when they are first read: the span of a year that ended a year ago, and some room.
const REACH: Days = Days::new(800);
/// Points that go back further than this are given up and read anew.
const FURTHEST: Days = Days::new(1_000);

/// The points of this process. One request at a time reads and counts them.
#[derive(Debug, Clone, Default)]
pub struct SharedPoints(Arc<Mutex<MapPoints>>);

impl SharedPoints {
    /// The points, for this request alone.
    pub async fn turn(&self) -> Result<OwnedMutexGuard<MapPoints>, DbError> {
        tokio::time::timeout(PATIENCE, self.0.clone().lock_owned())
            .await
            .map_err(|_| DbError::Busy)
    }
}

/// Points of communes.
#[derive(Debug, Default)]
pub struct MapPoints {
    /// The first day whose records are here, and what days are counted from.
    since: LocalDate,
    communes: HashMap<AreaId, Commune>,
}

#[derive(Debug)]
struct Commune {
    revision: i64,
    /// In the order of their days.
    points: Vec<Point>,
}

/// A record. Kind is a place in the catalogue, or [`OTHER`].
#[derive(Debug, Clone, Copy)]
struct Point {
    lat_e7: i32,
    lon_e7: i32,
    day: u16,
    kind: u8,
    status: RecordStatus,
}

/// A kind that is not in the catalogue of this program.
const OTHER: u8 = u8::MAX;

/// A square with records in it.
#[derive(Debug, Clone, Copy)]
pub(super) struct Counted {
    pub count: i64,
    pub lat_sum: i64,
    pub lon_sum: i64,
    /// One of them.
    pub one: Place,
}

/// Where and when a record is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) struct Place {
    pub commune: AreaId,
    pub date: LocalDate,
    pub lat_e7: i32,
    pub lon_e7: i32,
}

impl MapPoints {
    /// Makes points and database agree, as far as these communes go. `false` if what is asked lies further back than
    /// points go.
    pub(super) fn refresh(
        &mut self,
        conn: &mut Conn,
        communes: &[AreaId],
        (today, from): (LocalDate, LocalDate),
    ) -> Result<bool, DbError> {
        let before = |days| today.checked_sub_days(days).unwrap_or(LocalDate::MIN);
        let reach = before(REACH);
        if from < reach {
            return Ok(false);
        }
        if from < self.since || self.since < before(FURTHEST) {
            (self.since, self.communes) = (reach, HashMap::new());
        }
        let revisions = feed::revisions(conn, communes)?;
        let kinds: HashMap<&str, u8> = kind::catalogue().map(|spec| spec.id).zip(0..OTHER).collect();
        for &id in communes {
            let revision = revisions.get(&id).copied().unwrap_or(0);
            if self
                .communes
                .get(&id)
                .is_none_or(|kept| kept.revision != revision)
            {
                let points = read(conn, id, self.since, &kinds)?;
                self.communes.insert(id, Commune { revision, points });
            }
        }
        Ok(true)
    }

    /// The squares of the view that hold records of these communes, in no order.
    pub(super) fn count(&self, communes: &[AreaId], query: &MapQuery) -> Vec<Counted> {
        let kind = match query.kind.as_deref() {
            Some(id) => match kind::catalogue().zip(0..OTHER).find(|(spec, _)| spec.id == id) {
                Some((_, number)) => Some(number),
                None => return Vec::new(),
            },
            None => None,
        };
        let fits = |point: &Point| {
            (query.south_e7..=query.north_e7).contains(&point.lat_e7)
                && (query.west_e7..=query.east_e7).contains(&point.lon_e7)
                && kind.is_none_or(|kind| point.kind == kind)
                && match query.status {
                    Some(status) => point.status == status,
                    None => point.status != RecordStatus::Withdrawn,
                }
        };
        let (from, to) = (self.day(query.from), self.day(query.to));
        let mut grid = Grid::over(query);
        for id in communes {
            let points = self.communes.get(id).map_or(&[][..], |kept| &kept.points);
            let points = points
                .iter()
                .skip(points.partition_point(|point| point.day < from));
            for point in points.take_while(|point| point.day <= to) {
                if fits(point) {
                    grid.add(*id, point);
                }
            }
        }
        let filled = grid.cells.into_iter().flatten();
        filled.map(|cell| cell.counted(self.since)).collect()
    }

    fn day(&self, date: LocalDate) -> u16 {
        number(self.since, date).unwrap_or(u16::MAX)
    }
}

/// The number of a day, counted from `since`; the 179 years after it have one.
fn number(since: LocalDate, date: LocalDate) -> Option<u16> {
    u16::try_from((date - since).num_days().max(0)).ok()
}

/// Date, position, kind and state of a record.
type Row = (String, i32, i32, String, String);

/// All that the index `record_map` has of a commune.
fn read(
    conn: &mut Conn,
    commune: AreaId,
    since: LocalDate,
    kinds: &HashMap<&str, u8>,
) -> Result<Vec<Point>, DbError> {
    let rows: Vec<Row> = record::table
        .filter(record::commune_id.eq(commune.0))
        .filter(record::local_date.ge(since.to_string()))
        .filter(record::lat_e7.is_not_null())
        .filter(record::lon_e7.is_not_null())
        .select((
            record::local_date,
            record::lat_e7.assume_not_null(),
            record::lon_e7.assume_not_null(),
            record::kind,
            record::status,
        ))
        .load(conn)?;
    let mut points = Vec::with_capacity(rows.len());
    // Rows come day by day, so most dates have been read a moment ago.
    let mut last = (String::new(), 0);
    for (date, lat_e7, lon_e7, kind, status) in rows {
        if last.0 != date {
            let parsed = DbError::unless(date.parse().ok(), "record.local_date")?;
            let day = DbError::unless(number(since, parsed), "record.local_date")?;
            last = (date, day);
        }
        points.push(Point {
            lat_e7,
            lon_e7,
            day: last.1,
            kind: kinds.get(kind.as_str()).copied().unwrap_or(OTHER),
            status: DbError::unless(RecordStatus::parse(&status), "record.status")?,
        });
    }
    points.sort_unstable_by_key(|point| point.day);
    Ok(points)
}

/// The squares of a view, row by row.
struct Grid {
    side: i32,
    south: i32,
    west: i32,
    width: i32,
    cells: Vec<Option<Cell>>,
}

#[derive(Clone, Copy)]
struct Cell {
    count: i64,
    lat_sum: i64,
    lon_sum: i64,
    commune: AreaId,
    one: Point,
}

impl Grid {
    fn over(query: &MapQuery) -> Self {
        let side = query.square_e7.max(1);
        let (south, west) = (query.south_e7 / side, query.west_e7 / side);
        let width = (query.east_e7 / side - west).max(0) + 1;
        let height = (query.north_e7 / side - south).max(0) + 1;
        let size = i64::from(width) * i64::from(height);
        Self {
            side,
            south,
            west,
            width,
            cells: vec![None; usize::try_from(size).unwrap_or(0)],
        }
    }

    fn add(&mut self, commune: AreaId, point: &Point) {
        let row = point.lat_e7 / self.side - self.south;
        let column = point.lon_e7 / self.side - self.west;
        let index = usize::try_from(row * self.width + column).unwrap_or(usize::MAX);
        // A point of the view lies in one of its squares.
        let Some(cell) = self.cells.get_mut(index) else {
            return;
        };
        let (count, lat, lon) = match cell {
            Some(cell) => (cell.count, cell.lat_sum, cell.lon_sum),
            None => (0, 0, 0),
        };
        *cell = Some(Cell {
            count: count + 1,
            lat_sum: lat + i64::from(point.lat_e7),
            lon_sum: lon + i64::from(point.lon_e7),
            commune,
            one: *point,
        });
    }
}

impl Cell {
    fn counted(self, since: LocalDate) -> Counted {
        let date = since.checked_add_days(Days::new(self.one.day.into()));
        Counted {
            count: self.count,
            lat_sum: self.lat_sum,
            lon_sum: self.lon_sum,
            one: Place {
                commune: self.commune,
                date: date.unwrap_or(since),
                lat_e7: self.one.lat_e7,
                lon_e7: self.one.lon_e7,
            },
        }
    }
}
