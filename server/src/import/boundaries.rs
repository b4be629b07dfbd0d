//! Boundaries as a GeoJSON FeatureCollection: one feature an area, found by the `code` among its properties.
//!
//! A feature may also say what the area is, for areas that are not there yet: `kind`, `parent_code` (or
//! `province_code`), `valid_from`, `valid_to`, in the form of the CSV file.

use super::ring::{self, Ring};
use super::{AreaRow, BoundaryRows, ParentRef, check_order, date, name, refused, required_code};
use geojson::{Geometry, GeometryValue};
use keng_shared::area::AreaKind;
use keng_shared::geo::LatLon;
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
    /// Where the outline crossed itself before it was mended.
    pub repaired_at: Option<LatLon>,
    /// What the feature says about its area, if it says of what kind it is.
    pub area: Option<AreaRow>,
}

impl BoundaryRow {
    /// What a person would call the row.
    pub fn what(&self) -> String {
        format!("{} {}", self.code, self.name).trim().to_owned()
    }

    /// The middle of the outline's extent.
    pub fn centre(&self) -> Option<LatLon> {
        let positions = || self.polygons.iter().flatten().flatten().copied();
        let middle = |axis: fn([f64; 2]) -> f64| {
            let (low, high) = positions()
                .map(axis)
                .fold((f64::MAX, f64::MIN), |(low, high), at| {
                    (low.min(at), high.max(at))
                });
            f64::midpoint(low, high)
        };
        LatLon::from_degrees(middle(|[_, lat]| lat), middle(|[lon, _]| lon))
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
    let area = stated_area(row, &code, name, &feature)?;
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
    let (polygons, repaired_at) = mend(polygons)?;
    let mut boundary = BoundaryRow {
        row,
        code,
        name: name.to_owned(),
        polygons,
        repaired_at,
        area: None,
    };
    boundary.area = area.map(|area| AreaRow {
        centre: boundary.centre(),
        ..area
    });
    Ok(boundary)
}

/// Mends the polygons whose outlines cross themselves, and says where the first crossing was.
fn mend(polygons: Vec<Vec<Ring>>) -> Result<(Vec<Vec<Ring>>, Option<LatLon>), FieldError> {
    let (mut sound, mut repaired_at) = (Vec::with_capacity(polygons.len()), None);
    for polygon in polygons {
        let Some([lon, lat]) = polygon.iter().find_map(ring::first_crossing) else {
            sound.push(polygon);
            continue;
        };
        let mended = ring::untangle(&polygon).ok_or_else(|| {
            FieldError::new("geometry", FieldCode::BadFormat)
                .with("expected", "an outline that does not cross itself")
                .with("at", format!("{lat:.4}, {lon:.4}"))
        })?;
        sound.extend(mended);
        repaired_at = repaired_at.or(LatLon::from_degrees(lat, lon));
    }
    Ok((sound, repaired_at))
}

/// The area that the feature describes. Without a `kind` it describes none.
fn stated_area(row: usize, code: &str, title: &str, feature: &Value) -> Result<Option<AreaRow>, FieldError> {
    let kind = property(feature, "kind");
    if kind.is_empty() {
        return Ok(None);
    }
    let kind = AreaKind::parse(&kind).ok_or_else(|| FieldError::new("kind", FieldCode::NotAChoice))?;
    let parents = ["parent_code", "province_code"]
        .map(|field| (field, property(feature, field)))
        .into_iter()
        .find(|(_, code)| !code.is_empty())
        .map(|(field, code)| ParentRef::parse(field, &code))
        .transpose()?;
    if parents.is_none() && kind != AreaKind::Province {
        return Err(FieldError::new("parent_code", FieldCode::Required));
    }
    let (valid_from, valid_to) = (
        date("valid_from", &property(feature, "valid_from"))?,
        date("valid_to", &property(feature, "valid_to"))?,
    );
    check_order(valid_from, valid_to)?;
    Ok(Some(AreaRow {
        row,
        kind,
        code: Some(code.to_owned()),
        name: name("name", title)?,
        parents: parents.into_iter().collect(),
        valid_from,
        valid_to,
        centre: None,
    }))
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
    fn an_outline_that_crosses_itself_is_mended_and_says_where() {
        let bow_tie = json!([[0.0, 0.0], [2.0, 2.0], [2.0, 0.0], [0.0, 2.0], [0.0, 0.0]]);
        let rows = read(json!({"type": "FeatureCollection", "features": [
            feature("15112", json!({"type": "Polygon", "coordinates": [bow_tie]})),
        ]}))
        .unwrap();
        assert_eq!((rows.rows[0].polygons.len(), rows.refused), (2, vec![]));
        assert!(rows.rows[0].repaired_at.is_some());
        assert_eq!(rows.rows[0].centre(), LatLon::from_degrees(1.0, 1.0));
    }

    #[test]
    fn a_feature_may_say_what_its_area_is() {
        let square = json!({"type": "Polygon", "coordinates": [[[0.0, 0.0], [2.0, 0.0], [2.0, 2.0], [0.0, 2.0], [0.0, 0.0]]]});
        let told =
            |properties: Value| json!({"type": "Feature", "properties": properties, "geometry": square});
        let rows = read(json!({"type": "FeatureCollection", "features": [
            told(json!({"code": "15199", "name": "Xã Mới", "kind": "commune", "province_code": "38", "valid_from": "2025-07-01"})),
            told(json!({"code": "15198", "name": "Xã Khác", "kind": "commune"})),
            told(json!({"code": "15197", "name": "Xã Lạ", "kind": "kingdom", "parent_code": "38"})),
        ]}))
        .unwrap();
        let area = rows.rows[0].area.as_ref().unwrap();
        assert_eq!(
            (area.kind, area.parents[0].code.as_str()),
            (AreaKind::Commune, "38")
        );
        assert_eq!(
            (area.valid_from, area.centre),
            ("2025-07-01".parse().ok(), LatLon::from_degrees(1.0, 1.0))
        );
        let refused: Vec<_> = rows
            .refused
            .iter()
            .map(|r| (r.row, r.error.field.as_str()))
            .collect();
        assert_eq!(refused, [(2, "parent_code"), (3, "kind")]);
    }

    #[test]
    fn every_feature_that_is_no_boundary_is_refused_by_itself() {
        let line = json!([[0.0, 0.0], [1.0, 1.0], [2.0, 2.0]]);
        let rows = read(json!({"type": "FeatureCollection", "features": [
            feature("15112", json!(null)),
            feature("", json!({"type": "Polygon", "coordinates": []})),
            feature("15112", json!({"type": "Point", "coordinates": [1.0, 2.0]})),
            feature("15112", json!({"type": "Polygon", "coordinates": [line]})),
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
