//! The area tree as CSV: `kind,code,name,parent_code,valid_from,valid_to,lat,lon`.
//!
//! `parent_code` may name several areas with `|` between them, and an area of another date as `15112@2025-06-30`;
//! each holds for the days on which both exist.

use super::table::{self, Cells, Columns};
use super::{AreaRow, ParentRef, TreeRows, check_order, code, date, name};
use keng_shared::area::AreaKind;
use keng_shared::geo::LatLon;
use keng_shared::problem::{FieldCode, FieldError};

const COLUMNS: Columns = Columns {
    required: &["kind", "name"],
    any_of: &[],
    optional: &["code", "parent_code", "valid_from", "valid_to", "lat", "lon"],
    max_rows: usize::MAX,
};

pub(super) fn read(bytes: &[u8]) -> Result<TreeRows, FieldError> {
    let (mut areas, refused) = table::read(bytes, &COLUMNS, area, |cells| {
        format!("{} {}", cells.get("code"), cells.get("name"))
            .trim()
            .to_owned()
    })?;
    // Upper tiers first, so that a file may list its rows in any order.
    areas.sort_by_key(|area| area.kind);
    Ok(TreeRows {
        areas,
        refused,
        ..TreeRows::default()
    })
}

fn area(row: usize, cells: &Cells<'_>) -> Result<AreaRow, FieldError> {
    let cell = |column: &str| cells.get(column);
    let kind = AreaKind::parse(&cell("kind").to_lowercase())
        .ok_or_else(|| FieldError::new("kind", FieldCode::NotAChoice))?;
    let parents = cell("parent_code")
        .split('|')
        .filter(|part| !part.trim().is_empty())
        .map(|part| ParentRef::parse("parent_code", part))
        .collect::<Result<Vec<_>, _>>()?;
    let code = code("code", cell("code"))?;
    if code.is_none() && kind != AreaKind::ResidentialArea {
        return Err(FieldError::new("code", FieldCode::Required));
    }
    if parents.is_empty() && kind != AreaKind::Province {
        return Err(FieldError::new("parent_code", FieldCode::Required));
    }
    let (valid_from, valid_to) = (
        date("valid_from", cell("valid_from"))?,
        date("valid_to", cell("valid_to"))?,
    );
    check_order(valid_from, valid_to)?;
    Ok(AreaRow {
        row,
        kind,
        code,
        name: name("name", cell("name"))?,
        parents,
        valid_from,
        valid_to,
        centre: centre(cell("lat"), cell("lon"))?,
    })
}

fn centre(lat: &str, lon: &str) -> Result<Option<LatLon>, FieldError> {
    if lat.is_empty() && lon.is_empty() {
        return Ok(None);
    }
    LatLon::from_degrees(table::degrees("lat", lat)?, table::degrees("lon", lon)?)
        .map(Some)
        .ok_or_else(|| FieldError::new("lat", FieldCode::BadFormat).with("expected", "degrees"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read_text(text: &str) -> TreeRows {
        read(text.as_bytes()).unwrap()
    }

    #[test]
    fn semicolons_tabs_and_decimal_commas_of_spreadsheets_are_read() {
        for separator in [";", "\t"] {
            let text =
                "kind;code;name;parent_code;lat;lon\nresidential_area;;Thôn Thành Sơn;15112;19,962;105,345\n"
                    .replace(';', separator);
            let rows = read_text(&text);
            assert_eq!(
                rows.areas[0].centre,
                LatLon::from_degrees(19.962, 105.345),
                "{rows:?}"
            );
        }
    }

    #[test]
    fn upper_tiers_come_first_whatever_the_order_of_the_file() {
        let rows = read_text(
            "kind,code,name,parent_code\ncommune,15112,Xã Kiên Thọ,38\nprovince,38,Tỉnh Thanh Hoá,\n",
        );
        assert_eq!(rows.areas[0].kind, AreaKind::Province);
        assert_eq!(rows.areas[0].row, 3);
    }

    #[test]
    fn every_wrong_row_is_named_and_the_others_are_kept() {
        let rows = read_text(
            "kind,code,name,parent_code,valid_from,valid_to\n\
             village,1,A,38,,\n\
             commune,,B,38,,\n\
             commune,151 12,C,38,,\n\
             commune,15112,,38,,\n\
             commune,15112,D,38,2025/7,\n\
             commune,15112,E,38,2025-07-01,2025-06-30\n\
             commune,15112,F,,,\n\
             commune,15112,G,38,,,,,x\n\
             commune,15112,Xã Kiên Thọ,38,2025-07-01,\n",
        );
        let found: Vec<_> = rows
            .refused
            .iter()
            .map(|r| (r.row, r.error.field.as_str(), r.error.code))
            .collect();
        assert_eq!(
            found,
            [
                (2, "kind", FieldCode::NotAChoice),
                (3, "code", FieldCode::Required),
                (4, "code", FieldCode::BadFormat),
                (5, "name", FieldCode::Required),
                (6, "valid_from", FieldCode::BadFormat),
                (7, "valid_to", FieldCode::EndBeforeStart),
                (8, "parent_code", FieldCode::Required),
                (9, "row", FieldCode::TooLong),
            ]
        );
        assert_eq!(rows.areas.len(), 1);
    }

    #[test]
    fn a_row_in_another_encoding_is_refused_and_the_next_one_read() {
        let mut bytes = b"kind,code,name,parent_code\ncommune,15112,X\xe3 Ki\xean,38\n".to_vec();
        bytes.extend("commune,15061,Xã Ngọc Lặc,38\n".as_bytes());
        let rows = read(&bytes).unwrap();
        assert_eq!((rows.areas.len(), rows.refused[0].row), (1, 2));
        assert_eq!(rows.refused[0].error.code, FieldCode::BadFormat);
    }

    #[test]
    fn a_village_names_the_commune_of_today_and_the_one_before() {
        let rows =
            read_text("kind,name,parent_code\nresidential_area,Thôn Đức Thịnh,15112@2025-06-30|15112\n");
        let [old, new] = rows.areas[0].parents.as_slice() else {
            panic!("two parents were expected");
        };
        assert_eq!((old.on, new.on), ("2025-06-30".parse().ok(), None));
    }

    #[test]
    fn an_unknown_a_doubled_or_a_missing_column_refuses_the_file() {
        let code = |header: &str| read(header.as_bytes()).unwrap_err().code;
        assert_eq!(code("kind,name,religion\n"), FieldCode::Unknown);
        assert_eq!(code("kind,name,name\n"), FieldCode::Duplicate);
        assert_eq!(code("kind,code\n"), FieldCode::Required);
    }
}
