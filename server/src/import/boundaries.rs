//! Boundaries as a GeoJSON FeatureCollection: one feature an area, found by the `code` among its properties.

use super::ring::{self, Ring};
use super::{BoundaryRows, refused, required_code};
use geojson::{Geometry, GeometryValue};
use keng_shared::problem::{FieldCode, FieldError};
use serde_json::Value;

/// The boundary of one area: `polygons → rings → [lon, lat]` in degrees.
#[derive(Debug, Clone, PartialEq)]
pub struct BoundaryRow {
    /// Number of the feature, from 1.
    pub row: usize,
    /// Official code of the area.
    pub code: String,
    /// Name that the file gives it, for the report.
    pub name: String,
    /// The outline and its holes.
    pub polygons: Vec<Vec<Ring>>,
}

impl BoundaryRow {
    /// What a person would call the row.
    pub fn what(&self) -> String {
        format!("{} {}", self.code, self.name).trim().to_owned()
    }
}

pub(super) fn read(collection: Value) -> Result<BoundaryRows, FieldError> {
    let Value::Object(mut collection) = collection else {
        return Err(FieldError::new("file", FieldCode::WrongType).with("expected", "FeatureCollection"));
    };
    let Some(Value::Array(features)) = collection.remove("features") else {
        return Err(FieldError::new("features", FieldCode::Required));
    };
    let mut rows = BoundaryRows::default();
    for (index, feature) in features.into_iter().enumerate() {
        let row = index + 1;
        let name = property(&feature, "name");
        let code = property(&feature, "code");
        match boundary(row, &code, &name, feature) {
            Ok(boundary) => rows.rows.push(boundary),
            Err(error) => {
                let what = format!("{code} {name}");
                rows.refused.push(refused(row, what.trim(), error));
            }
        }
    }
    Ok(rows)
}

fn boundary(row: usize, code: &str, name: &str, mut feature: Value) -> Result<BoundaryRow, FieldError> {
    let code = required_code("code", code)?;
    let geometry = feature
        .get_mut("geometry")
        .map(Value::take)
        .filter(|geometry| !geometry.is_null())
        .ok_or_else(|| FieldError::new("geometry", FieldCode::Required))?;
    let geometry = serde_json::from_value::<Geometry>(geometry).map_err(|why| {
        FieldError::new("geometry", FieldCode::BadFormat)
            .with("expected", "GeoJSON")
            .with("why", why)
    })?;
    let polygons = match geometry.value {
        GeometryValue::Polygon { coordinates } => vec![plain(coordinates)],
        GeometryValue::MultiPolygon { coordinates } => coordinates.into_iter().map(plain).collect(),
        _ => {
            return Err(FieldError::new("geometry", FieldCode::NotAChoice)
                .with("expected", "Polygon or MultiPolygon"));
        }
    };
    if polygons.iter().all(Vec::is_empty) {
        return Err(FieldError::new("geometry", FieldCode::Required));
    }
    for ring in polygons.iter().flatten() {
        ring::check(ring)?;
    }
    Ok(BoundaryRow {
        row,
        code,
        name: name.to_owned(),
        polygons,
    })
}

/// Rings of a polygon without heights. A position of one number becomes NaN, which the check refuses.
fn plain(polygon: Vec<Vec<geojson::Position>>) -> Vec<Ring> {
    let place = |position: geojson::Position| {
        let mut numbers = position.as_slice().iter().copied();
        [
            numbers.next().unwrap_or(f64::NAN),
            numbers.next().unwrap_or(f64::NAN),
        ]
    };
    polygon
        .into_iter()
        .map(|ring| ring.into_iter().map(place).collect())
        .collect()
}

fn property(feature: &Value, name: &str) -> String {
    let value = feature
        .get("properties")
        .and_then(|properties| properties.get(name));
    value
        .and_then(Value::as_str)
        .unwrap_or("")
        .chars()
        .take(200)
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn feature(code: &str, geometry: Value) -> Value {
        json!({"type": "Feature", "properties": {"code": code, "name": "Kiên Thọ"}, "geometry": geometry})
    }

    #[test]
    fn polygons_and_multipolygons_are_read_and_heights_dropped() {
        let ring = json!([[0.0, 0.0, 5.0], [2.0, 0.0, 5.0], [2.0, 2.0, 5.0], [0.0, 0.0, 5.0]]);
        let rows = read(json!({"type": "FeatureCollection", "features": [
            feature("15112", json!({"type": "Polygon", "coordinates": [ring]})),
            feature("15061", json!({"type": "MultiPolygon", "coordinates": [[ring], [ring]]})),
        ]}))
        .unwrap();
        assert_eq!(rows.refused, []);
        assert_eq!((rows.rows[0].polygons.len(), rows.rows[1].polygons.len()), (1, 2));
        assert_eq!(rows.rows[0].polygons[0][0][1], [2.0, 0.0]);
    }

    #[test]
    fn every_feature_that_is_no_boundary_is_refused_by_itself() {
        let bow_tie = json!([[0.0, 0.0], [2.0, 2.0], [2.0, 0.0], [0.0, 2.0], [0.0, 0.0]]);
        let rows = read(json!({"type": "FeatureCollection", "features": [
            feature("15112", json!(null)),
            feature("", json!({"type": "Polygon", "coordinates": []})),
            feature("15112", json!({"type": "Point", "coordinates": [1.0, 2.0]})),
            feature("15112", json!({"type": "Polygon", "coordinates": [bow_tie]})),
            feature("15112", json!({"type": "Polygon", "coordinates": "round"})),
            json!(7),
        ]}))
        .unwrap();
        let found: Vec<_> = rows
            .refused
            .iter()
            .map(|r| (r.row, r.error.field.as_str(), r.error.code))
            .collect();
        assert_eq!(
            found,
            [
                (1, "geometry", FieldCode::Required),
                (2, "code", FieldCode::Required),
                (3, "geometry", FieldCode::NotAChoice),
                (4, "geometry", FieldCode::BadFormat),
                (5, "geometry", FieldCode::BadFormat),
                (6, "code", FieldCode::Required),
            ]
        );
        assert!(rows.rows.is_empty());
    }
}
