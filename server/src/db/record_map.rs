//! Records on the map, counted by squares in the database.

use super::record_lists::Place;
use super::schema_records::record;
use super::{CHUNK, Conn, DbError};
use crate::both;
use diesel::prelude::*;
use diesel::sql_types::{BigInt, Text};
use keng_shared::api::{MAX_SQUARES, MapQuery, MapRecord, MapSquare};
use keng_shared::area::AreaTree;
use keng_shared::geo::LatLon;
use keng_shared::id::AreaId;
use keng_shared::kind;
use keng_shared::record::RecordStatus;
use std::collections::HashMap;

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

/// The squares of the view that hold records, all from the index `record_map`. An area below a commune is found through
/// its communes.
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
            let area = tree.get(AreaId(area));
            let single = MapRecord {
                id: DbError::unless(id.parse().ok(), "record.id")?,
                kind,
                area_name: area.map(|area| area.name.clone()).unwrap_or_default(),
                local_date: DbError::unless(date.parse().ok(), "record.local_date")?,
                status: DbError::unless(RecordStatus::parse(&status), "record.status")?,
            };
            singles.insert(id, single);
        }
    }
    Ok(singles)
}

/// Everything that is written into the statement is a number, a date or a word of a closed list.
fn text(place: &Place, communes: &[AreaId], query: &MapQuery) -> String {
    let ids: Vec<String> = communes.iter().map(AreaId::to_string).collect();
    let area = match place {
        Place::Area(area) => format!(" AND area_id = {area}"),
        Place::Communes(_) | Place::Reach { .. } => String::new(),
    };
    let kind = match query.kind.as_deref() {
        Some(id) => match kind::find(id) {
            Some(spec) => format!(" AND kind = '{}'", spec.id),
            None => " AND kind = ''".to_owned(),
        },
        None => String::new(),
    };
    let status = match query.status {
        Some(status) => format!(" AND status = '{}'", status.as_str()),
        None => format!(" AND status <> '{}'", RecordStatus::Withdrawn.as_str()),
    };
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
        "SELECT count(*) AS count, CAST(sum(CAST(lat_e7 AS BIGINT)) / count(*) AS BIGINT) AS lat, \
         CAST(sum(CAST(lon_e7 AS BIGINT)) / count(*) AS BIGINT) AS lon, \
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
