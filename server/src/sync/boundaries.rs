//! Outlines of areas, parsed once and kept for a short while: an import by another process shows soon.

use crate::db::{Conn, DbError, places};
use crate::evidence::flags::Boundary;
use keng_shared::id::AreaId;
use keng_shared::time::Millis;
use serde::Deserialize;
use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

/// How long an outline is believed without asking again, in milliseconds.
const FRESH_MS: i64 = 30_000;

/// Outlines that were asked for lately.
#[derive(Debug, Default)]
pub struct Boundaries {
    known: Mutex<HashMap<AreaId, Known>>,
}

#[derive(Debug, Clone)]
struct Known {
    boundary: Option<Arc<Boundary>>,
    asked_at: Millis,
}

impl Boundaries {
    /// The outline of the area, or of its commune where the area has none.
    pub fn around(
        &self,
        conn: &mut Conn,
        area: AreaId,
        commune: AreaId,
        now: Millis,
    ) -> Result<Option<Arc<Boundary>>, DbError> {
        match self.of(conn, area, now)? {
            None if commune != area => self.of(conn, commune, now),
            found => Ok(found),
        }
    }

    fn of(&self, conn: &mut Conn, area: AreaId, now: Millis) -> Result<Option<Arc<Boundary>>, DbError> {
        let known = self.lock().get(&area).cloned();
        if let Some(known) = known.filter(|known| now.since(known.asked_at).abs() < FRESH_MS) {
            return Ok(known.boundary);
        }
        let boundary = places::boundary(conn, area)?
            .map(|geometry| DbError::unless(parse(&geometry), "area_boundary.geometry"))
            .transpose()?
            .map(Arc::new);
        let known = Known {
            boundary: boundary.clone(),
            asked_at: now,
        };
        self.lock().insert(area, known);
        Ok(boundary)
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, HashMap<AreaId, Known>> {
        self.known.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[derive(Deserialize)]
#[serde(tag = "type", content = "coordinates")]
enum Geometry {
    Polygon(Vec<Vec<Vec<f64>>>),
    MultiPolygon(Vec<Vec<Vec<Vec<f64>>>>),
}

/// Polygons of a GeoJSON geometry; a height after longitude and latitude is dropped.
fn parse(geometry: &str) -> Option<Boundary> {
    let polygons = match serde_json::from_str(geometry).ok()? {
        Geometry::Polygon(rings) => vec![rings],
        Geometry::MultiPolygon(polygons) => polygons,
    };
    let point = |point: Vec<f64>| match point.as_slice() {
        [lon, lat, ..] => Some([*lon, *lat]),
        _ => None,
    };
    let ring = |ring: Vec<Vec<f64>>| ring.into_iter().map(point).collect::<Option<Vec<_>>>();
    let polygon = |rings: Vec<Vec<Vec<f64>>>| rings.into_iter().map(ring).collect::<Option<Vec<_>>>();
    polygons.into_iter().map(polygon).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn polygons_and_multipolygons_are_read_and_heights_dropped() {
        let ring = vec![[105.0, 20.0], [106.0, 20.0], [105.0, 20.0]];
        let polygon = r#"{"type":"Polygon","coordinates":[[[105.0,20.0,3.5],[106.0,20.0],[105.0,20.0]]]}"#;
        assert_eq!(parse(polygon), Some(vec![vec![ring.clone()]]));
        let multi = r#"{"type":"MultiPolygon","coordinates":[[[[105.0,20.0],[106.0,20.0],[105.0,20.0]]]]}"#;
        assert_eq!(parse(multi), Some(vec![vec![ring]]));
        assert_eq!(parse(r#"{"type":"Point","coordinates":[1,2]}"#), None);
    }
}
