//! Cameras as CSV: `name,area,lat,lon,direction,view,range_m,keep_days,consent_on,holder_name,holder_phone,keeper`.
//!
//! `area` is the name or the id of an area; `keeper` is a sign-in name. A blank `area` under a filled one is a cell of a
//! merged block in the spreadsheet and means the one above.

use super::table::{self, Cells, Columns};
use super::{date, encoding, name};
use keng_shared::api::RefusedRow;
use keng_shared::camera::Sight;
use keng_shared::geo::LatLon;
use keng_shared::problem::{FieldCode, FieldError};
use keng_shared::time::LocalDate;
use std::cell::RefCell;

/// Most rows of a file. A commune has some hundred cameras.
pub const MAX_ROWS: usize = 20_000;

const COLUMNS: Columns = Columns {
    required: &["name", "area", "lat", "lon"],
    any_of: &[],
    optional: &[
        "direction",
        "view",
        "range_m",
        "keep_days",
        "consent_on",
        "holder_name",
        "holder_phone",
        "keeper",
    ],
    max_rows: MAX_ROWS,
};

/// A camera as a file states it.
#[derive(Debug, Clone, PartialEq)]
pub struct CameraRow {
    /// Number of the row, from 1.
    pub row: usize,
    /// What it is called.
    pub name: String,
    /// Name or id of its area.
    pub area: String,
    /// Where it stands and looks; all around and 30 m far if the file does not say.
    pub sight: Sight,
    /// Days that the recorder keeps; 7 if the file does not say.
    pub keep_days: u16,
    /// The day of the owner's consent.
    pub consent_on: Option<LocalDate>,
    /// Whom to call.
    pub holder_name: String,
    /// Where to call.
    pub holder_phone: String,
    /// Sign-in name of the keeper.
    pub keeper: Option<String>,
}

/// Reads a file in any encoding that spreadsheets write.
pub fn read(bytes: &[u8]) -> Result<(Vec<CameraRow>, Vec<RefusedRow>), FieldError> {
    let text = encoding::decode(bytes);
    let above = RefCell::new(String::new());
    table::read(
        text.as_bytes(),
        &COLUMNS,
        |row, cells| camera(row, cells, &mut above.borrow_mut()),
        |cells| cells.get("name").to_owned(),
    )
}

fn camera(row: usize, cells: &Cells<'_>, above: &mut String) -> Result<CameraRow, FieldError> {
    if !cells.get("area").is_empty() {
        *above = name("area", cells.get("area"))?;
    }
    if above.is_empty() {
        return Err(FieldError::new("area", FieldCode::Required));
    }
    let (lat, lon) = (
        table::degrees("lat", cells.get("lat"))?,
        table::degrees("lon", cells.get("lon"))?,
    );
    let misplaced = || FieldError::new("lat", FieldCode::BadFormat).with("expected", "degrees");
    Ok(CameraRow {
        row,
        name: name("name", cells.get("name"))?,
        area: above.clone(),
        sight: Sight {
            position: LatLon::from_degrees(lat, lon).ok_or_else(misplaced)?,
            direction_deg: number(cells, "direction", 0)?,
            view_deg: number(cells, "view", keng_shared::camera::MAX_VIEW_DEG)?,
            range_m: number(cells, "range_m", 30)?,
        },
        keep_days: number(cells, "keep_days", 7)?,
        consent_on: date("consent_on", cells.get("consent_on"))?,
        holder_name: cells.get("holder_name").to_owned(),
        holder_phone: cells.get("holder_phone").to_owned(),
        keeper: Some(cells.get("keeper").to_lowercase()).filter(|keeper| !keeper.is_empty()),
    })
}

fn number(cells: &Cells<'_>, column: &str, otherwise: u16) -> Result<u16, FieldError> {
    match cells.get(column) {
        "" => Ok(otherwise),
        text => text
            .parse()
            .map_err(|_| FieldError::new(column, FieldCode::BadFormat).with("expected", "number")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_blank_area_is_that_of_the_merged_cell_above() {
        let text = "name;area;lat;lon\nCổng chợ;Thôn Thành Sơn;19,962;105,345\nNhà văn hóa;;19,963;105,345\n";
        let (rows, refused) = read(text.as_bytes()).unwrap();
        assert_eq!(refused, []);
        let areas: Vec<_> = rows.iter().map(|row| row.area.as_str()).collect();
        assert_eq!(areas, ["Thôn Thành Sơn", "Thôn Thành Sơn"]);
    }

    #[test]
    fn wrong_rows_are_named_and_the_others_kept() {
        let text = "name,area,lat,lon,direction,consent_on\nA,X,19.9,105.3,90,2026-01-01\n,X,19.9,105.3,,\n\
                    B,X,abc,105.3,,\nC,X,19.9,105.3,north,\nD,X,19.9,105.3,,1/2026\n";
        let (rows, refused) = read(text.as_bytes()).unwrap();
        assert_eq!(rows.len(), 1);
        let found: Vec<_> = refused.iter().map(|r| (r.row, r.error.field.as_str())).collect();
        assert_eq!(
            found,
            [(3, "name"), (4, "lat"), (5, "direction"), (6, "consent_on")]
        );
    }

    #[test]
    fn a_file_with_too_many_rows_is_refused_as_a_whole() {
        let mut text = "name,area,lat,lon\n".to_owned();
        text.push_str(&"A,X,19.9,105.3\n".repeat(MAX_ROWS + 1));
        let error = read(text.as_bytes()).unwrap_err();
        assert_eq!((error.field.as_str(), error.code), ("file", FieldCode::TooLong));
    }
}
