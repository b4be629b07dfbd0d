//! Boundaries of areas: one GeoJSON MultiPolygon each.

use super::schema::area_boundary;
use super::{Conn, DbError};
use diesel::prelude::*;
use keng_shared::id::AreaId;
use keng_shared::time::Millis;
use serde_json::{Value, json};
use std::collections::{HashMap, HashSet};

/// Ids in one `IN` list; SQLite allows 32,766 variables, and one limit for both databases is easier to remember.
pub(super) const CHUNK: usize = 500;

/// `polygons → rings → [lon, lat]` in degrees, the form that [`keng_shared::geo::contains`] reads.
pub type Polygons = Vec<Vec<Vec<[f64; 2]>>>;

/// What became of a boundary.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stored {
    /// There was none.
    Created,
    /// There was another one.
    Updated,
    /// It was there already.
    Unchanged,
}

/// What storing these polygons would do.
pub fn compare(conn: &mut Conn, area: AreaId, polygons: &Polygons) -> Result<Stored, DbError> {
    let stored: Option<String> = area_boundary::table
        .find(area.0)
        .select(area_boundary::geometry)
        .first(conn)
        .optional()?;
    Ok(match stored {
        None => Stored::Created,
        Some(text) if text == geometry_text(polygons) => Stored::Unchanged,
        Some(_) => Stored::Updated,
    })
}

/// Stores the boundary of an area, in place of the one before.
pub fn put(conn: &mut Conn, area: AreaId, polygons: &Polygons, now: Millis) -> Result<Stored, DbError> {
    let change = compare(conn, area, polygons)?;
    let columns = (
        area_boundary::geometry.eq(geometry_text(polygons)),
        area_boundary::updated_at.eq(now.0),
    );
    match change {
        Stored::Created => {
            diesel::insert_into(area_boundary::table)
                .values((area_boundary::area_id.eq(area.0), columns.0, columns.1))
                .execute(conn)?;
        }
        Stored::Updated => {
            diesel::update(area_boundary::table.find(area.0))
                .set(columns)
                .execute(conn)?;
        }
        Stored::Unchanged => {}
    }
    Ok(change)
}

/// The boundary of an area.
pub fn polygons(conn: &mut Conn, area: AreaId) -> Result<Option<Polygons>, DbError> {
    let text: Option<String> = area_boundary::table
        .find(area.0)
        .select(area_boundary::geometry)
        .first(conn)
        .optional()?;
    text.map(|text| polygons_of(&text)).transpose()
}

/// GeoJSON geometries of those of these areas that have one.
pub fn geometries(conn: &mut Conn, areas: &[AreaId]) -> Result<HashMap<AreaId, Value>, DbError> {
    let mut found = HashMap::new();
    for chunk in areas.chunks(CHUNK) {
        let rows = area_boundary::table
            .filter(area_boundary::area_id.eq_any(chunk.iter().map(|id| id.0).collect::<Vec<_>>()))
            .select((area_boundary::area_id, area_boundary::geometry))
            .load::<(i64, String)>(conn)?;
        for (id, text) in rows {
            let geometry = serde_json::from_str(&text).ok();
            found.insert(AreaId(id), DbError::unless(geometry, "area_boundary.geometry")?);
        }
    }
    Ok(found)
}

/// Those of these areas that have a boundary.
pub fn present(conn: &mut Conn, areas: &[AreaId]) -> Result<HashSet<AreaId>, DbError> {
    let mut found = HashSet::new();
    for chunk in areas.chunks(CHUNK) {
        let ids = area_boundary::table
            .filter(area_boundary::area_id.eq_any(chunk.iter().map(|id| id.0).collect::<Vec<_>>()))
            .select(area_boundary::area_id)
            .load::<i64>(conn)?;
        found.extend(ids.into_iter().map(AreaId));
    }
    Ok(found)
}

fn geometry_text(polygons: &Polygons) -> String {
    json!({"type": "MultiPolygon", "coordinates": polygons}).to_string()
}

fn polygons_of(text: &str) -> Result<Polygons, DbError> {
    let value: Option<Value> = serde_json::from_str(text).ok();
    let coordinates = value.and_then(|mut value| value.get_mut("coordinates").map(Value::take));
    let polygons = coordinates.and_then(|value| serde_json::from_value(value).ok());
    DbError::unless(polygons, "area_boundary.geometry")
}
