//! The area tree as CSV: `kind,code,name,parent_code,valid_from,valid_to,lat,lon`.
//!
//! Spreadsheets write a byte order mark, semicolons or tabs as they like: the separator is read off the header.
//! `parent_code` may name several areas with `|` between them, and an area of another date as `15112@2025-06-30`;
//! each holds for the days on which both exist.

use super::{AreaRow, ParentRef, TreeRows, check_order, code, date, name, refused};
use keng_shared::area::AreaKind;
use keng_shared::geo::LatLon;
use keng_shared::problem::{FieldCode, FieldError};

const REQUIRED: [&str; 2] = ["kind", "name"];
const OPTIONAL: [&str; 6] = ["code", "parent_code", "valid_from", "valid_to", "lat", "lon"];

pub(super) fn read(bytes: &[u8]) -> Result<TreeRows, FieldError> {
    let mut reader = csv::ReaderBuilder::new()
        .delimiter(separator(bytes))
        .flexible(true)
        .trim(csv::Trim::All)
        .from_reader(bytes);
    let columns = columns(&mut reader)?;
    let mut rows = TreeRows::default();
    for (index, record) in reader.byte_records().enumerate() {
        let row = index + 1;
        let record = match record {
            Ok(record) => record,
            Err(why) => {
                let error = FieldError::new("row", FieldCode::BadFormat).with("expected", "CSV");
                rows.refused.push(refused(row, why.to_string(), error));
                continue;
            }
        };
        let Ok(record) = csv::StringRecord::from_byte_record(record) else {
            let error = FieldError::new("row", FieldCode::BadFormat).with("expected", "UTF-8");
            rows.refused.push(refused(row, "", error));
            continue;
        };
        if record.len() > columns.len() {
            let error = FieldError::new("row", FieldCode::TooLong).with("max", columns.len());
            rows.refused
                .push(refused(row, record.get(0).unwrap_or(""), error));
            continue;
        }
        let cell = |column: &str| {
            let place = columns.iter().position(|name| name == column);
            place.and_then(|place| record.get(place)).unwrap_or("")
        };
        match area(row, &cell) {
            Ok(area) => rows.areas.push(area),
            Err(error) => {
                let what = format!("{} {}", cell("code"), cell("name"));
                rows.refused.push(refused(row, what.trim(), error));
            }
        }
    }
    // Upper tiers first, so that a file may list its rows in any order.
    rows.areas.sort_by_key(|area| area.kind);
    Ok(rows)
}

fn columns(reader: &mut csv::Reader<&[u8]>) -> Result<Vec<String>, FieldError> {
    let header = reader
        .headers()
        .map_err(|_| FieldError::new("file", FieldCode::BadFormat).with("expected", "CSV in UTF-8"))?;
    let columns: Vec<String> = header.iter().map(str::to_lowercase).collect();
    for (place, column) in columns.iter().enumerate() {
        if !REQUIRED.contains(&column.as_str()) && !OPTIONAL.contains(&column.as_str()) {
            let column: String = column.chars().take(40).collect();
            return Err(FieldError::new(column, FieldCode::Unknown));
        }
        if columns.iter().take(place).any(|earlier| earlier == column) {
            return Err(FieldError::new(column.as_str(), FieldCode::Duplicate));
        }
    }
    match REQUIRED
        .iter()
        .find(|name| !columns.iter().any(|column| column == *name))
    {
        Some(missing) => Err(FieldError::new(*missing, FieldCode::Required)),
        None => Ok(columns),
    }
}

fn area<'a>(row: usize, cell: &impl Fn(&str) -> &'a str) -> Result<AreaRow, FieldError> {
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
    let degrees = |field: &str, raw: &str| {
        // A decimal comma is what a Vietnamese spreadsheet writes.
        raw.replace(',', ".")
            .parse::<f64>()
            .map_err(|_| FieldError::new(field, FieldCode::BadFormat).with("expected", "degrees"))
    };
    if lat.is_empty() && lon.is_empty() {
        return Ok(None);
    }
    LatLon::from_degrees(degrees("lat", lat)?, degrees("lon", lon)?)
        .map(Some)
        .ok_or_else(|| FieldError::new("lat", FieldCode::BadFormat).with("expected", "degrees"))
}

/// The separator that occurs most often in the header line.
fn separator(bytes: &[u8]) -> u8 {
    let header = bytes.split(|b| *b == b'\n').next().unwrap_or(bytes);
    let count = |separator: u8| header.iter().filter(|b| **b == separator).count();
    [b',', b';', b'\t']
        .into_iter()
        // `max_by_key` takes the last of equals, so the comma is asked last.
        .rev()
        .max_by_key(|separator| count(*separator))
        .unwrap_or(b',')
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
        assert_eq!(rows.areas[0].row, 2);
    }

    #[test]
    fn every_wrong_row_is_named_and_the_others_are_kept() {
        let rows = read_text(
            "kind,code,name,parent_code,valid_from,valid_to\n\
             village,1,A,38,,\n\
             commune,,B,38,,\n\
             commune,151 12,C,38,,\n\
             commune,15112,,38,,\n\
             commune,15112,D,38,01/07/2025,\n\
             commune,15112,E,38,2025-07-01,2025-06-30\n\
             commune,15112,F,,,\n\
             commune,15112,G,38,,,,,,\n\
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
                (1, "kind", FieldCode::NotAChoice),
                (2, "code", FieldCode::Required),
                (3, "code", FieldCode::BadFormat),
                (4, "name", FieldCode::Required),
                (5, "valid_from", FieldCode::BadFormat),
                (6, "valid_to", FieldCode::EndBeforeStart),
                (7, "parent_code", FieldCode::Required),
                (8, "row", FieldCode::TooLong),
            ]
        );
        assert_eq!(rows.areas.len(), 1);
    }

    #[test]
    fn a_row_in_another_encoding_is_refused_and_the_next_one_read() {
        let mut bytes = b"kind,code,name,parent_code\ncommune,15112,X\xe3 Ki\xean,38\n".to_vec();
        bytes.extend("commune,15061,Xã Ngọc Lặc,38\n".as_bytes());
        let rows = read(&bytes).unwrap();
        assert_eq!((rows.areas.len(), rows.refused[0].row), (1, 1));
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
