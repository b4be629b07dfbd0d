//! The area tree as JSON: provinces, the districts and communes of before 2025-07-01, the communes since, and how the
//! old ones became the new ones. Rows are numbered through all lists, in the order of [`Lists`].

use super::{AreaRow, ParentRef, SuccessionRow, TreeRows, check_order, date, name, refused, required_code};
use keng_shared::area::{AreaKind, SuccessionRelation};
use keng_shared::geo::LatLon;
use keng_shared::problem::{FieldCode, FieldError};
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::Value;

/// The lists of the file; other keys, such as notes on the sources, are left alone.
#[derive(Deserialize)]
struct Lists {
    #[serde(default)]
    provinces: Vec<Value>,
    #[serde(default)]
    districts_legacy: Vec<Value>,
    #[serde(default)]
    communes_legacy: Vec<Value>,
    #[serde(default)]
    communes: Vec<Value>,
    #[serde(default)]
    succession: Vec<Value>,
}

#[derive(Deserialize)]
struct Unit {
    code: String,
    name: String,
    #[serde(default)]
    province_code: String,
    #[serde(default)]
    district_code: String,
    #[serde(default)]
    valid_from: String,
    #[serde(default)]
    valid_to: String,
    lat: Option<f64>,
    lon: Option<f64>,
}

#[derive(Deserialize)]
struct Change {
    old_code: String,
    new_code: String,
    relation: SuccessionRelation,
    effective: String,
}

pub(super) fn read(file: Value) -> Result<TreeRows, FieldError> {
    let lists: Lists = serde_json::from_value(file).map_err(|why| {
        FieldError::new("file", FieldCode::WrongType)
            .with("expected", "lists of areas")
            .with("why", why)
    })?;
    let mut rows = TreeRows::default();
    let mut row = 0;
    let tiers = [
        (AreaKind::Province, lists.provinces),
        (AreaKind::District, lists.districts_legacy),
        (AreaKind::Commune, lists.communes_legacy),
        (AreaKind::Commune, lists.communes),
    ];
    for (kind, list) in tiers {
        for value in list {
            row += 1;
            let what = describe(&value, "code", "name");
            match parse::<Unit>(value).and_then(|unit| area(row, kind, unit)) {
                Ok(area) => rows.areas.push(area),
                Err(error) => rows.refused.push(refused(row, what, error)),
            }
        }
    }
    for value in lists.succession {
        row += 1;
        let what = describe(&value, "old_code", "new_code");
        match parse::<Change>(value).and_then(|change| succession(row, change)) {
            Ok(succession) => rows.successions.push(succession),
            Err(error) => rows.refused.push(refused(row, what, error)),
        }
    }
    if row == 0 {
        return Err(FieldError::new("communes", FieldCode::Required));
    }
    Ok(rows)
}

fn area(row: usize, kind: AreaKind, unit: Unit) -> Result<AreaRow, FieldError> {
    let (parent_field, parent) = match unit.district_code.is_empty() {
        true => ("province_code", &unit.province_code),
        false => ("district_code", &unit.district_code),
    };
    let parents = match kind {
        AreaKind::Province => Vec::new(),
        _ => vec![ParentRef::parse(parent_field, parent)?],
    };
    let centre = match (unit.lat, unit.lon) {
        (Some(lat), Some(lon)) => Some(
            LatLon::from_degrees(lat, lon)
                .ok_or_else(|| FieldError::new("lat", FieldCode::BadFormat).with("expected", "degrees"))?,
        ),
        _ => None,
    };
    let (valid_from, valid_to) = (
        date("valid_from", &unit.valid_from)?,
        date("valid_to", &unit.valid_to)?,
    );
    check_order(valid_from, valid_to)?;
    Ok(AreaRow {
        row,
        kind,
        code: Some(required_code("code", &unit.code)?),
        name: name("name", &unit.name)?,
        parents,
        valid_from,
        valid_to,
        centre,
    })
}

fn succession(row: usize, change: Change) -> Result<SuccessionRow, FieldError> {
    Ok(SuccessionRow {
        row,
        old_code: required_code("old_code", &change.old_code)?,
        new_code: required_code("new_code", &change.new_code)?,
        relation: change.relation,
        effective: date("effective", &change.effective)?
            .ok_or_else(|| FieldError::new("effective", FieldCode::Required))?,
    })
}

fn parse<T: DeserializeOwned>(value: Value) -> Result<T, FieldError> {
    serde_json::from_value(value).map_err(|why| {
        FieldError::new("row", FieldCode::WrongType)
            .with("expected", "an area or a succession")
            .with("why", why)
    })
}

fn describe(value: &Value, first: &str, second: &str) -> String {
    let word = |key: &str| value.get(key).and_then(Value::as_str).unwrap_or("");
    format!("{} {}", word(first), word(second)).trim().to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn old_and_new_communes_hang_on_the_district_and_on_the_province() {
        let rows = read(json!({
            "provinces": [{"code": "38", "name": "Tỉnh Thanh Hoá"}],
            "districts_legacy": [{"code": "389", "name": "Huyện Ngọc Lặc", "province_code": "38", "valid_to": "2025-06-30"}],
            "communes_legacy": [{"code": "15118", "name": "Xã Kiên Thọ", "district_code": "389", "valid_to": "2025-06-30"}],
            "communes": [{"code": "15112", "name": "Xã Kiên Thọ", "province_code": "38", "valid_from": "2025-07-01"}],
            "succession": [{"old_code": "15118", "new_code": "15112", "relation": "whole", "effective": "2025-07-01"}],
        }))
        .unwrap();
        assert_eq!(rows.refused, []);
        let parents: Vec<_> = rows
            .areas
            .iter()
            .map(|a| a.parents.first().map_or("", |parent| parent.code.as_str()))
            .collect();
        assert_eq!(parents, ["", "38", "389", "38"]);
        assert_eq!(rows.successions[0].row, 5);
    }

    #[test]
    fn a_wrong_item_is_refused_with_its_number_and_the_rest_is_read() {
        let rows = read(json!({
            "provinces": [{"code": 38, "name": "Tỉnh Thanh Hoá"}],
            "communes": [
                {"code": "15112", "name": "Xã Kiên Thọ", "valid_from": "2025-07-01"},
                {"code": "15061", "name": "Xã Ngọc Lặc", "province_code": "38", "lat": 91.0, "lon": 105.0},
                {"code": "15085", "name": "Xã Thạch Lập", "province_code": "38"},
            ],
            "succession": [{"old_code": "15118", "new_code": "15112", "relation": "swallowed", "effective": "2025-07-01"}],
        }))
        .unwrap();
        let found: Vec<_> = rows
            .refused
            .iter()
            .map(|r| (r.row, r.error.field.as_str(), r.error.code))
            .collect();
        assert_eq!(
            found,
            [
                (1, "row", FieldCode::WrongType),
                (2, "province_code", FieldCode::Required),
                (3, "lat", FieldCode::BadFormat),
                (5, "row", FieldCode::WrongType),
            ]
        );
        assert_eq!(rows.areas.len(), 1);
    }

    #[test]
    fn json_without_any_list_is_not_an_area_file() {
        assert_eq!(read(json!({"hello": 1})).unwrap_err().code, FieldCode::Required);
        assert_eq!(read(json!([1])).unwrap_err().code, FieldCode::WrongType);
    }
}
