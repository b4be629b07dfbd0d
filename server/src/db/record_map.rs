//! Records on the map, counted by squares: those of few communes by the database, those of many from points in memory.

use super::map_points::{self, Counted, MapPoints};
use super::record_lists::{FEW, Place};
use super::schema_records::record;
use super::{CHUNK, Conn, DbError};
use crate::both;
use diesel::prelude::*;
use diesel::sql_types::{BigInt, Integer, Text};
use keng_shared::api::{MAX_SQUARES, MapQuery, MapRecord, MapSquare};
use keng_shared::area::AreaTree;
use keng_shared::geo::LatLon;
use keng_shared::id::AreaId;
use keng_shared::kind;
use keng_shared::record::RecordStatus;
use keng_shared::time::LocalDate;
use std::collections::HashMap;

/// Whether the place is counted from points.
pub fn is_wide(place: &Place) -> bool {
    matches!(place, Place::Communes(communes) if communes.len() > FEW)
}

#[derive(QueryableByName)]
struct Square {
    #[diesel(sql_type = BigInt)]
    count: i64,
    #[diesel(sql_type = BigInt)]
    lat: i64,
    #[diesel(sql_type = BigInt)]
    lon: i64,
    #[diesel(sql_type = BigInt)]
    south: i64,
    #[diesel(sql_type = BigInt)]
    west: i64,
    #[diesel(sql_type = Text)]
    id: String,
}

/// The squares of the view that hold records, fullest first, all from the index `record_map`. An area below a commune is
/// found through its communes.
pub fn squares(
    conn: &mut Conn,
    tree: &AreaTree,
    (place, communes): (&Place, &[AreaId]),
    query: &MapQuery,
) -> Result<Vec<MapSquare>, DbError> {
    if communes.is_empty() {
        return Ok(Vec::new());
    }
    let sql = text(place, communes, query);
    let found: Vec<Square> = both!(conn, |conn| diesel::sql_query(&sql).load(conn))?;
    let single = found.iter().filter(|square| square.count == 1);
    let ids: Vec<&str> = single.map(|square| square.id.as_str()).collect();
    let mut singles = singles(conn, tree, &ids)?;
    found
        .into_iter()
        .map(|square| {
            let record = singles.remove(&square.id).filter(|_| square.count == 1);
            view(square, record)
        })
        .collect()
}

/// As [`squares`] of whole communes, from points. In one snapshot.
pub fn squares_of_many(
    conn: &mut Conn,
    tree: &AreaTree,
    points: &mut MapPoints,
    (communes, today): (&[AreaId], LocalDate),
    query: &MapQuery,
) -> Result<Vec<MapSquare>, DbError> {
    if !points.refresh(conn, communes, (today, query.from))? {
        return squares(conn, tree, (&Place::Communes(communes.to_vec()), communes), query);
    }
    let mut counted = points.count(communes, query);
    counted.sort_by_key(|square| std::cmp::Reverse(square.count));
    counted.truncate(MAX_SQUARES);
    let alone: Vec<map_points::Place> = counted
        .iter()
        .filter(|square| square.count == 1)
        .map(|square| square.one)
        .collect();
    let mut records = records_at(conn, tree, &alone, query)?;
    counted
        .into_iter()
        .map(|square| {
            let record = match square.count {
                1 => records.remove(&square.one),
                _ => None,
            };
            view(Square::of(&square, query.square_e7), record)
        })
        .collect()
}

impl Square {
    fn of(counted: &Counted, side: i32) -> Self {
        let corner = |degrees: i32| i64::from(degrees / side) * i64::from(side);
        Self {
            count: counted.count,
            lat: counted.lat_sum / counted.count,
            lon: counted.lon_sum / counted.count,
            south: corner(counted.one.lat_e7),
            west: corner(counted.one.lon_e7),
            id: String::new(),
        }
    }
}

#[derive(QueryableByName)]
struct Found {
    #[diesel(sql_type = Text)]
    id: String,
    #[diesel(sql_type = BigInt)]
    area_id: i64,
    #[diesel(sql_type = BigInt)]
    commune_id: i64,
    #[diesel(sql_type = Text)]
    kind: String,
    #[diesel(sql_type = Text)]
    status: String,
    #[diesel(sql_type = Text)]
    local_date: String,
    #[diesel(sql_type = Integer)]
    lat_e7: i32,
    #[diesel(sql_type = Integer)]
    lon_e7: i32,
}

/// The records that are alone at these places among those that are asked for. Points know no ids, which would double them.
fn records_at(
    conn: &mut Conn,
    tree: &AreaTree,
    places: &[map_points::Place],
    query: &MapQuery,
) -> Result<HashMap<map_points::Place, MapRecord>, DbError> {
    let mut found = HashMap::new();
    for chunk in places.chunks(CHUNK) {
        let rows: Vec<String> = chunk
            .iter()
            .map(|place| {
                let map_points::Place {
                    commune,
                    date,
                    lat_e7,
                    lon_e7,
                } = place;
                format!("({commune},'{date}',{lat_e7},{lon_e7})")
            })
            .collect();
        let sql = format!(
            "SELECT id, area_id, commune_id, kind, status, local_date, lat_e7, lon_e7 \
             FROM (VALUES {rows}) AS place CROSS JOIN record \
             WHERE commune_id = column1 AND local_date = column2 AND lat_e7 = column3 AND lon_e7 = column4 \
             AND lat_e7 IS NOT NULL{kind}{status}",
            rows = rows.join(","),
            kind = of_kind(query),
            status = in_state(query),
        );
        let records: Vec<Found> = both!(conn, |conn| diesel::sql_query(&sql).load(conn))?;
        for row in records {
            let date: LocalDate = DbError::unless(row.local_date.parse().ok(), "record.local_date")?;
            let place = map_points::Place {
                commune: AreaId(row.commune_id),
                date,
                lat_e7: row.lat_e7,
                lon_e7: row.lon_e7,
            };
            found.insert(
                place,
                told(tree, &row.id, row.area_id, (row.kind, &row.status), date)?,
            );
        }
    }
    Ok(found)
}

/// What is told of records that are alone in their square. Asking for it with the counts would carry it through the sorting of
/// every record.
fn singles(conn: &mut Conn, tree: &AreaTree, ids: &[&str]) -> Result<HashMap<String, MapRecord>, DbError> {
    let mut singles = HashMap::new();
    for chunk in ids.chunks(CHUNK) {
        let rows: Vec<(String, i64, String, String, String)> = record::table
            .filter(record::id.eq_any(chunk))
            .select((
                record::id,
                record::area_id,
                record::kind,
                record::status,
                record::local_date,
            ))
            .load(conn)?;
        for (id, area, kind, status, date) in rows {
            let date = DbError::unless(date.parse().ok(), "record.local_date")?;
            let single = told(tree, &id, area, (kind, &status), date)?;
            singles.insert(id, single);
        }
    }
    Ok(singles)
}

fn told(
    tree: &AreaTree,
    id: &str,
    area: i64,
    (kind, status): (String, &str),
    local_date: LocalDate,
) -> Result<MapRecord, DbError> {
    let area = tree.get(AreaId(area));
    Ok(MapRecord {
        id: DbError::unless(id.parse().ok(), "record.id")?,
        kind,
        area_name: area.map(|area| area.name.clone()).unwrap_or_default(),
        local_date,
        status: DbError::unless(RecordStatus::parse(status), "record.status")?,
    })
}

fn of_kind(query: &MapQuery) -> String {
    match query.kind.as_deref() {
        Some(id) => match kind::find(id) {
            Some(spec) => format!(" AND kind = '{}'", spec.id),
            None => " AND kind = ''".to_owned(),
        },
        None => String::new(),
    }
}

fn in_state(query: &MapQuery) -> String {
    match query.status {
        Some(status) => format!(" AND status = '{}'", status.as_str()),
        None => format!(" AND status <> '{}'", RecordStatus::Withdrawn.as_str()),
    }
}

/// Everything that is written into the statement is a number, a date or a word of a closed list.
fn text(place: &Place, communes: &[AreaId], query: &MapQuery) -> String {
    let ids: Vec<String> = communes.iter().map(AreaId::to_string).collect();
    let area = match place {
        Place::Area(area) => format!(" AND area_id = {area}"),
        Place::Communes(_) | Place::Reach { .. } => String::new(),
    };
    let (kind, status) = (of_kind(query), in_state(query));
    let MapQuery {
        from,
        to,
        south_e7,
        west_e7,
        north_e7,
        east_e7,
        square_e7: side,
        ..
    } = query;
    format!(
        "SELECT count(*) AS count, CAST(sum(CAST(lat_e7 AS BIGINT)) AS BIGINT) / count(*) AS lat, \
         CAST(sum(CAST(lon_e7 AS BIGINT)) AS BIGINT) / count(*) AS lon, \
         CAST(lat_e7 / {side} AS BIGINT) * {side} AS south, CAST(lon_e7 / {side} AS BIGINT) * {side} AS west, \
         min(id) AS id \
         FROM record WHERE commune_id IN ({ids}) AND local_date BETWEEN '{from}' AND '{to}' \
         AND lat_e7 IS NOT NULL AND lat_e7 BETWEEN {south_e7} AND {north_e7} \
         AND lon_e7 BETWEEN {west_e7} AND {east_e7}{area}{kind}{status} \
         GROUP BY lat_e7 / {side}, lon_e7 / {side} ORDER BY count(*) DESC LIMIT {MAX_SQUARES}",
        ids = ids.join(","),
    )
}

fn view(square: Square, record: Option<MapRecord>) -> Result<MapSquare, DbError> {
    let point = |lat: i64, lon: i64| {
        let degrees = i32::try_from(lat).ok().zip(i32::try_from(lon).ok());
        DbError::unless(degrees, "record.lat_e7").map(|(lat_e7, lon_e7)| LatLon { lat_e7, lon_e7 })
    };
    Ok(MapSquare {
        count: u64::try_from(square.count).unwrap_or(0),
        at: point(square.lat, square.lon)?,
        corner: point(square.south, square.west)?,
        record,
    })
}
