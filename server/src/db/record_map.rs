//! Records on the map, counted by squares in the database.

use super::record_lists::Place;
use super::{Conn, DbError};
use crate::both;
use diesel::prelude::*;
use diesel::sql_types::{BigInt, Text};
use keng_shared::api::{MAX_SQUARES, MapQuery, MapRecord, MapSquare};
use keng_shared::area::AreaTree;
use keng_shared::geo::LatLon;
use keng_shared::id::AreaId;
use keng_shared::kind;
use keng_shared::record::RecordStatus;

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
    #[diesel(sql_type = BigInt)]
    area_id: i64,
    #[diesel(sql_type = Text)]
    id: String,
    #[diesel(sql_type = Text)]
    kind: String,
    #[diesel(sql_type = Text)]
    status: String,
    #[diesel(sql_type = Text)]
    local_date: String,
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
    found.into_iter().map(|square| view(tree, square)).collect()
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
         min(area_id) AS area_id, min(id) AS id, min(kind) AS kind, min(status) AS status, \
         min(local_date) AS local_date \
         FROM record WHERE commune_id IN ({ids}) AND local_date BETWEEN '{from}' AND '{to}' \
         AND lat_e7 IS NOT NULL AND lat_e7 BETWEEN {south_e7} AND {north_e7} \
         AND lon_e7 BETWEEN {west_e7} AND {east_e7}{area}{kind}{status} \
         GROUP BY lat_e7 / {side}, lon_e7 / {side} ORDER BY count(*) DESC LIMIT {MAX_SQUARES}",
        ids = ids.join(","),
    )
}

fn view(tree: &AreaTree, square: Square) -> Result<MapSquare, DbError> {
    let point = |lat: i64, lon: i64| {
        let degrees = i32::try_from(lat).ok().zip(i32::try_from(lon).ok());
        DbError::unless(degrees, "record.lat_e7").map(|(lat_e7, lon_e7)| LatLon { lat_e7, lon_e7 })
    };
    let record = match square.count {
        1 => Some(MapRecord {
            id: DbError::unless(square.id.parse().ok(), "record.id")?,
            kind: square.kind,
            area_name: tree
                .get(AreaId(square.area_id))
                .map(|area| area.name.clone())
                .unwrap_or_default(),
            local_date: DbError::unless(square.local_date.parse().ok(), "record.local_date")?,
            status: DbError::unless(RecordStatus::parse(&square.status), "record.status")?,
        }),
        _ => None,
    };
    Ok(MapSquare {
        count: u64::try_from(square.count).unwrap_or(0),
        at: point(square.lat, square.lon)?,
        corner: point(square.south, square.west)?,
        record,
    })
}
