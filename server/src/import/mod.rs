//! Files that staff bring: the area tree as CSV or JSON, boundaries as GeoJSON, cameras as CSV.
//!
//! Reading a file knows nothing of the database: it turns bytes into rows whose every field has been checked, and a
//! list of refused rows with field and reason. One wrong row never spoils the others. `db::area_import` then joins
//! the rows with what is stored.

mod boundaries;
pub mod cameras;
mod csv_areas;
mod encoding;
mod org;
mod ring;
pub(crate) mod table;

use keng_shared::api::RefusedRow;
use keng_shared::area::{AreaKind, SuccessionRelation};
use keng_shared::geo::LatLon;
use keng_shared::problem::{FieldCode, FieldError};
use keng_shared::text;
use keng_shared::time::LocalDate;

pub use boundaries::BoundaryRow;
pub use encoding::decode;

/// Longest name of an area, in characters.
pub const MAX_NAME: usize = 200;
/// Longest official code, in characters.
pub const MAX_CODE: usize = 10;

/// A file that has been read.
#[derive(Debug)]
pub enum AreaFile {
    /// Areas and how they followed one another.
    Tree(TreeRows),
    /// Boundaries of areas that are already there.
    Boundaries(BoundaryRows),
}

/// Rows of a tree file.
#[derive(Debug, Default)]
pub struct TreeRows {
    /// Areas, upper tiers first.
    pub areas: Vec<AreaRow>,
    /// Successions.
    pub successions: Vec<SuccessionRow>,
    /// Rows that could not be read.
    pub refused: Vec<RefusedRow>,
}

/// Rows of a boundary file.
#[derive(Debug, Default)]
pub struct BoundaryRows {
    /// Boundaries.
    pub rows: Vec<BoundaryRow>,
    /// Features that could not be read.
    pub refused: Vec<RefusedRow>,
}

/// An area as a file states it.
#[derive(Debug, Clone, PartialEq)]
pub struct AreaRow {
    /// Number of the row, from 1.
    pub row: usize,
    /// Tier.
    pub kind: AreaKind,
    /// Official code, where there is one.
    pub code: Option<String>,
    /// Full name with its prefix.
    pub name: String,
    /// The areas above: each for the days on which both exist.
    pub parents: Vec<ParentRef>,
    /// First day.
    pub valid_from: Option<LocalDate>,
    /// Last day.
    pub valid_to: Option<LocalDate>,
    /// A point inside.
    pub centre: Option<LatLon>,
}

impl AreaRow {
    /// What a person would call the row.
    pub fn what(&self) -> String {
        match &self.code {
            Some(code) => format!("{code} {}", self.name),
            None => self.name.clone(),
        }
    }
}

/// An area above, by its code on a date. Codes are reused, so a code alone means the area that has it today.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ParentRef {
    /// Official code.
    pub code: String,
    /// A date on which the code means the area; without one, the nearest day to today on which the child exists.
    pub on: Option<LocalDate>,
}

impl ParentRef {
    /// Reads `15112` or `15112@2025-06-30`.
    pub fn parse(field: &str, raw: &str) -> Result<Self, FieldError> {
        let (code, on) = raw.split_once('@').unwrap_or((raw, ""));
        Ok(Self {
            code: required_code(field, code)?,
            on: date(field, on)?,
        })
    }
}

/// A succession as a file states it. The old code is meant on the day before `effective`, the new one on that day.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SuccessionRow {
    /// Number of the row, from 1.
    pub row: usize,
    /// Code before.
    pub old_code: String,
    /// Code after.
    pub new_code: String,
    /// How.
    pub relation: SuccessionRelation,
    /// First day of the new area.
    pub effective: LocalDate,
}

/// The format of a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    /// `text/csv`.
    Csv,
    /// `application/json`, or GeoJSON when it is a FeatureCollection.
    Json,
}

impl Format {
    /// The format that a media type names; parameters such as `charset` do not matter.
    pub fn of_media_type(media_type: &str) -> Option<Self> {
        match media_type
            .split(';')
            .next()
            .map(str::trim)
            .map(str::to_ascii_lowercase)
            .as_deref()
        {
            Some("text/csv") => Some(Self::Csv),
            Some("application/json" | "application/geo+json") => Some(Self::Json),
            _ => None,
        }
    }
}

/// Reads a file. The error is about the file as a whole: its header, or that it is no JSON at all.
pub fn read(format: Format, bytes: &[u8]) -> Result<AreaFile, FieldError> {
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    match format {
        Format::Csv => csv_areas::read(decode(bytes).as_bytes()).map(AreaFile::Tree),
        Format::Json => {
            let value: serde_json::Value = serde_json::from_slice(bytes).map_err(|why| {
                FieldError::new("file", FieldCode::BadFormat)
                    .with("expected", "JSON")
                    .with("why", why)
            })?;
            if value.get("type").is_some_and(|kind| kind == "FeatureCollection") {
                boundaries::read(value).map(AreaFile::Boundaries)
            } else {
                org::read(value).map(AreaFile::Tree)
            }
        }
    }
}

/// A name: cleaned, 1 to [`MAX_NAME`] characters.
pub fn name(field: &str, raw: &str) -> Result<String, FieldError> {
    let name = text::clean(raw).replace('\n', " ");
    if name.is_empty() {
        return Err(FieldError::new(field, FieldCode::Required));
    }
    if name.chars().count() > MAX_NAME {
        return Err(FieldError::new(field, FieldCode::TooLong).with("max", MAX_NAME));
    }
    Ok(name)
}

/// An official code: 1 to [`MAX_CODE`] ASCII letters and digits; empty is none.
fn code(field: &str, raw: &str) -> Result<Option<String>, FieldError> {
    let raw = raw.trim();
    if raw.is_empty() {
        return Ok(None);
    }
    if raw.len() > MAX_CODE {
        return Err(FieldError::new(field, FieldCode::TooLong).with("max", MAX_CODE));
    }
    if !raw.bytes().all(|b| b.is_ascii_alphanumeric()) {
        return Err(FieldError::new(field, FieldCode::BadFormat).with("expected", "letters and digits"));
    }
    Ok(Some(raw.to_owned()))
}

/// A code that must be there.
fn required_code(field: &str, raw: &str) -> Result<String, FieldError> {
    code(field, raw)?.ok_or_else(|| FieldError::new(field, FieldCode::Required))
}

/// A date, `YYYY-MM-DD` or as people write it here, `dd/mm/yyyy`; empty is none.
fn date(field: &str, raw: &str) -> Result<Option<LocalDate>, FieldError> {
    let raw = raw.trim();
    if raw.is_empty() {
        return Ok(None);
    }
    let written = raw
        .parse()
        .or_else(|_| LocalDate::parse_from_str(raw, "%d/%m/%Y"));
    // A year of two digits would be read as one of the first century.
    match written.ok().filter(|day| chrono::Datelike::year(day) >= 1900) {
        Some(day) => Ok(Some(day)),
        None => Err(FieldError::new(field, FieldCode::BadFormat).with("expected", "dd/mm/yyyy")),
    }
}

/// Refuses a last day before the first.
pub fn check_order(from: Option<LocalDate>, to: Option<LocalDate>) -> Result<(), FieldError> {
    match (from, to) {
        (Some(from), Some(to)) if to < from => Err(FieldError::new("valid_to", FieldCode::EndBeforeStart)),
        _ => Ok(()),
    }
}

fn refused(row: usize, what: impl Into<String>, error: FieldError) -> RefusedRow {
    let what: String = what.into();
    // A report names a row; it does not carry ten megabytes of it.
    let what = what.chars().take(MAX_NAME).collect();
    RefusedRow { row, what, error }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_byte_order_mark_is_not_part_of_the_first_column() {
        let csv = "\u{feff}kind,code,name,parent_code\ncommune,15112,Xã Kiên Thọ,38\n";
        let AreaFile::Tree(rows) = read(Format::Csv, csv.as_bytes()).unwrap() else {
            panic!("a tree was expected");
        };
        assert_eq!((rows.areas.len(), rows.refused.len()), (1, 0));
    }

    #[test]
    fn a_json_file_that_is_not_json_is_refused_as_a_whole() {
        let error = read(Format::Json, b"{").unwrap_err();
        assert_eq!((error.field.as_str(), error.code), ("file", FieldCode::BadFormat));
    }

    #[test]
    fn the_media_type_may_carry_a_character_set() {
        assert_eq!(
            Format::of_media_type("Text/CSV; charset=utf-8"),
            Some(Format::Csv)
        );
        assert_eq!(Format::of_media_type("application/xml"), None);
    }
}
