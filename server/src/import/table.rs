//! A CSV file as rows with named columns.
//!
//! Spreadsheets write a byte order mark, semicolons or tabs as they like: the separator is read off the header. One
//! wrong row never spoils the others; a wrong header refuses the file.

use super::refused;
use keng_shared::api::RefusedRow;
use keng_shared::problem::{FieldCode, FieldError};

/// Columns of a file.
pub(super) struct Columns {
    /// Must be there.
    pub(super) required: &'static [&'static str],
    /// May be there.
    pub(super) optional: &'static [&'static str],
    /// Most rows; a file with more is refused as a whole before anything is kept.
    pub(super) max_rows: usize,
}

/// One row.
pub(super) struct Cells<'a> {
    columns: &'a [String],
    record: &'a csv::StringRecord,
}

impl<'a> Cells<'a> {
    /// The trimmed cell of a column; empty if the row is too short or the file has no such column.
    pub(super) fn get(&self, column: &str) -> &'a str {
        let place = self.columns.iter().position(|name| name == column);
        place.and_then(|place| self.record.get(place)).unwrap_or("")
    }
}

/// Reads every row with `parse`; `what` names a refused row.
pub(super) fn read<R>(
    bytes: &[u8],
    allowed: &Columns,
    parse: impl Fn(usize, &Cells<'_>) -> Result<R, FieldError>,
    what: impl Fn(&Cells<'_>) -> String,
) -> Result<(Vec<R>, Vec<RefusedRow>), FieldError> {
    let mut reader = csv::ReaderBuilder::new()
        .delimiter(separator(bytes))
        .flexible(true)
        .trim(csv::Trim::All)
        .from_reader(bytes);
    let columns = columns(&mut reader, allowed)?;
    let (mut rows, mut wrong) = (Vec::new(), Vec::new());
    for (index, record) in reader.byte_records().enumerate() {
        let row = index + 1;
        if row > allowed.max_rows {
            return Err(FieldError::new("file", FieldCode::TooLong).with("max", allowed.max_rows));
        }
        let record = match record {
            Ok(record) => record,
            Err(why) => {
                let error = FieldError::new("row", FieldCode::BadFormat).with("expected", "CSV");
                wrong.push(refused(row, why.to_string(), error));
                continue;
            }
        };
        let Ok(record) = csv::StringRecord::from_byte_record(record) else {
            let error = FieldError::new("row", FieldCode::BadFormat).with("expected", "UTF-8");
            wrong.push(refused(row, "", error));
            continue;
        };
        if record.len() > columns.len() {
            let error = FieldError::new("row", FieldCode::TooLong).with("max", columns.len());
            wrong.push(refused(row, record.get(0).unwrap_or(""), error));
            continue;
        }
        let cells = Cells {
            columns: &columns,
            record: &record,
        };
        match parse(row, &cells) {
            Ok(parsed) => rows.push(parsed),
            Err(error) => wrong.push(refused(row, what(&cells), error)),
        }
    }
    Ok((rows, wrong))
}

/// A coordinate in degrees; a decimal comma is what a Vietnamese spreadsheet writes.
pub(super) fn degrees(field: &str, raw: &str) -> Result<f64, FieldError> {
    raw.replace(',', ".")
        .parse::<f64>()
        .map_err(|_| FieldError::new(field, FieldCode::BadFormat).with("expected", "degrees"))
}

fn columns(reader: &mut csv::Reader<&[u8]>, allowed: &Columns) -> Result<Vec<String>, FieldError> {
    let header = reader
        .headers()
        .map_err(|_| FieldError::new("file", FieldCode::BadFormat).with("expected", "CSV in UTF-8"))?;
    let columns: Vec<String> = header.iter().map(str::to_lowercase).collect();
    let is_known = |column: &str| allowed.required.contains(&column) || allowed.optional.contains(&column);
    for (place, column) in columns.iter().enumerate() {
        if !is_known(column) {
            let column: String = column.chars().take(40).collect();
            return Err(FieldError::new(column, FieldCode::Unknown));
        }
        if columns.iter().take(place).any(|earlier| earlier == column) {
            return Err(FieldError::new(column.as_str(), FieldCode::Duplicate));
        }
    }
    match allowed
        .required
        .iter()
        .find(|name| !columns.iter().any(|column| column == *name))
    {
        Some(missing) => Err(FieldError::new(*missing, FieldCode::Required)),
        None => Ok(columns),
    }
}

/// The separator that occurs most often in the header line.
pub fn separator(bytes: &[u8]) -> u8 {
    let header = bytes.split(|b| *b == b'\n').next().unwrap_or(bytes);
    let count = |separator: u8| header.iter().filter(|b| **b == separator).count();
    [b',', b';', b'\t']
        .into_iter()
        // `max_by_key` takes the last of equals, so the comma is asked last.
        .rev()
        .max_by_key(|separator| count(*separator))
        .unwrap_or(b',')
}
