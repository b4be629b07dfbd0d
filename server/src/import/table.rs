//! A CSV file as rows with named columns.
//!
//! Spreadsheets write a byte order mark, semicolons or tabs as they like: the separator is read off the header. A title
//! above the header, empty rows and empty columns at its end are passed over, and heads may be in Vietnamese. One wrong
//! row never spoils the others; a wrong header refuses the file. Rows are numbered as the spreadsheet numbers them.

use super::refused;
use keng_shared::api::RefusedRow;
use keng_shared::problem::{FieldCode, FieldError};
use keng_shared::text;

/// Rows among which the header is looked for.
const HEADER_WITHIN: usize = 5;

/// Heads as people write them, folded, and the column that they mean.
const HEADS: [(&str, &str); 35] = [
    ("ten", "name"),
    ("ho va ten", "name"),
    ("ho ten", "name"),
    ("ten camera", "name"),
    ("dia ban", "area"),
    ("khu dan cu", "area"),
    ("thon", "area"),
    ("ma dia ban", "area_code"),
    ("loai", "kind"),
    ("cap", "kind"),
    ("ma", "code"),
    ("ma cap tren", "parent_code"),
    ("tu ngay", "valid_from"),
    ("hieu luc tu", "valid_from"),
    ("den ngay", "valid_to"),
    ("hieu luc den", "valid_to"),
    ("vi do", "lat"),
    ("kinh do", "lon"),
    ("huong", "direction"),
    ("goc nhin", "view"),
    ("tam nhin", "range_m"),
    ("tam nhin (m)", "range_m"),
    ("so ngay luu", "keep_days"),
    ("ngay luu", "keep_days"),
    ("ngay dong y", "consent_on"),
    ("chu camera", "holder_name"),
    ("nguoi lien he", "holder_name"),
    ("dien thoai", "holder_phone"),
    ("so dien thoai", "holder_phone"),
    ("nguoi trong coi", "keeper"),
    ("ten dang nhap", "username"),
    ("tai khoan", "username"),
    ("vai tro", "role"),
    ("to", "team"),
    ("don vi", "unit"),
];

/// Columns of a file.
pub(crate) struct Columns {
    /// Must be there.
    pub(crate) required: &'static [&'static str],
    /// At least one of these must be there; no matter if there are none.
    pub(crate) any_of: &'static [&'static str],
    /// May be there.
    pub(crate) optional: &'static [&'static str],
    /// Most rows; a file with more is refused as a whole before anything is kept.
    pub(crate) max_rows: usize,
}

/// One row.
pub(crate) struct Cells<'a> {
    columns: &'a [String],
    record: &'a csv::StringRecord,
}

impl<'a> Cells<'a> {
    /// The trimmed cell of a column; empty if the row is too short or the file has no such column.
    pub(crate) fn get(&self, column: &str) -> &'a str {
        let place = self.columns.iter().position(|name| name == column);
        place.and_then(|place| self.record.get(place)).unwrap_or("")
    }
}

/// Reads every row with `parse`; `what` names a refused row.
pub(crate) fn read<R>(
    bytes: &[u8],
    allowed: &Columns,
    parse: impl Fn(usize, &Cells<'_>) -> Result<R, FieldError>,
    what: impl Fn(&Cells<'_>) -> String,
) -> Result<(Vec<R>, Vec<RefusedRow>), FieldError> {
    let reader = csv::ReaderBuilder::new()
        .delimiter(separator(bytes))
        .flexible(true)
        .has_headers(false)
        .trim(csv::Trim::All)
        .from_reader(bytes);
    let mut records = reader.into_byte_records();
    let (head_at, columns) = header(&mut records, allowed)?;
    let (mut rows, mut wrong, mut data) = (Vec::new(), Vec::new(), 0);
    for (index, record) in records.enumerate() {
        let row = head_at + index + 1;
        if matches!(&record, Ok(record) if record.iter().all(<[u8]>::is_empty)) {
            continue;
        }
        data += 1;
        if data > allowed.max_rows {
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
        let beyond = record.iter().enumerate().filter(|(_, cell)| !cell.is_empty());
        let is_nameless = |place: usize| columns.get(place).is_none_or(String::is_empty);
        if beyond.map(|(place, _)| place).any(is_nameless) {
            let named = columns.iter().filter(|column| !column.is_empty()).count();
            let error = FieldError::new("row", FieldCode::TooLong).with("max", named);
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
pub(crate) fn degrees(field: &str, raw: &str) -> Result<f64, FieldError> {
    raw.replace(',', ".")
        .parse::<f64>()
        .map_err(|_| FieldError::new(field, FieldCode::BadFormat).with("expected", "degrees"))
}

/// The row of the header, counted from 1, and its columns: the first that has all that is required, or the first of all,
/// whose mistake is then told.
fn header(
    records: &mut csv::ByteRecordsIntoIter<&[u8]>,
    allowed: &Columns,
) -> Result<(usize, Vec<String>), FieldError> {
    let mut first = None;
    for (index, record) in records.take(HEADER_WITHIN).enumerate() {
        let unreadable = || FieldError::new("file", FieldCode::BadFormat).with("expected", "CSV in UTF-8");
        let record = record.map_err(|_| unreadable())?;
        let record = csv::StringRecord::from_byte_record(record).map_err(|_| unreadable())?;
        if record.iter().all(str::is_empty) {
            continue;
        }
        let columns: Vec<String> = record.iter().map(|head| meant(head, allowed)).collect();
        let has = |name: &&str| columns.iter().any(|column| column == *name);
        if allowed.required.iter().all(has) {
            check(&columns, allowed)?;
            return Ok((index + 1, columns));
        }
        first.get_or_insert(columns);
    }
    match first {
        Some(columns) => check(&columns, allowed).and(Err(without_header(allowed))),
        None => Err(without_header(allowed)),
    }
}

fn without_header(allowed: &Columns) -> FieldError {
    FieldError::new("file", FieldCode::BadFormat).with("columns", allowed.required.join(", "))
}

/// The column that a head means: by its own name, or by what people call it.
fn meant(head: &str, allowed: &Columns) -> String {
    let name = head.trim_start_matches('\u{feff}').to_lowercase();
    let is_known = |column: &str| allowed.required.contains(&column) || allowed.optional.contains(&column);
    let folded = text::search_key(&name);
    let found = HEADS
        .iter()
        .find(|(said, column)| *said == folded && is_known(column));
    match found {
        Some((_, column)) if !is_known(&name) => (*column).to_owned(),
        _ => name,
    }
}

fn check(columns: &[String], allowed: &Columns) -> Result<(), FieldError> {
    let is_known = |column: &str| allowed.required.contains(&column) || allowed.optional.contains(&column);
    for (place, column) in columns
        .iter()
        .enumerate()
        .filter(|(_, column)| !column.is_empty())
    {
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
        Some(missing) => {
            Err(FieldError::new(*missing, FieldCode::Required).with("columns", allowed.required.join(", ")))
        }
        None if allowed.any_of.is_empty() => Ok(()),
        None if columns
            .iter()
            .any(|column| allowed.any_of.contains(&column.as_str())) =>
        {
            Ok(())
        }
        None => Err(FieldError::new(
            allowed.any_of.first().copied().unwrap_or_default(),
            FieldCode::Required,
        )),
    }
}

/// The separator that occurs most often in the lines among which the header is.
fn separator(bytes: &[u8]) -> u8 {
    let lines = bytes.split(|b| *b == b'\n').take(HEADER_WITHIN);
    let heads: Vec<u8> = lines.flatten().copied().collect();
    let count = |separator: u8| heads.iter().filter(|b| **b == separator).count();
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

    const COLUMNS: Columns = Columns {
        required: &["name", "lat"],
        any_of: &[],
        optional: &["keep_days"],
        max_rows: 3,
    };

    type Found = (Vec<(usize, String)>, Vec<(usize, String)>);

    fn read_names(text: &str) -> Result<Found, FieldError> {
        let parse = |row, cells: &Cells<'_>| match cells.get("lat") {
            "" => Err(FieldError::new("lat", FieldCode::Required)),
            _ => Ok((row, cells.get("name").to_owned())),
        };
        let (rows, wrong) = read(text.as_bytes(), &COLUMNS, parse, |_| String::new())?;
        let wrong = wrong.into_iter().map(|row| (row.row, row.error.field));
        Ok((rows, wrong.collect()))
    }

    #[test]
    fn a_title_empty_rows_and_empty_columns_at_the_end_are_passed_over() {
        let text =
            "Danh sách camera của xã,,,\n\nname,lat,,\nCổng chợ,19.9,,\n,,,\nNgã ba,,,\nĐầu cầu,20,,\n";
        let (rows, wrong) = read_names(text).unwrap();
        // The csv reader passes over lines without anything itself, and they do not count.
        assert_eq!(
            rows.iter().map(|(_, name)| name.as_str()).collect::<Vec<_>>(),
            ["Cổng chợ", "Đầu cầu"]
        );
        assert_eq!(wrong.len(), 1);
        assert_eq!(wrong[0].1, "lat");
    }

    #[test]
    fn a_row_has_the_number_that_the_spreadsheet_shows() {
        let (rows, wrong) = read_names("name,lat\nCổng chợ,19.9\nNgã ba,\n").unwrap();
        assert_eq!(rows, [(2, "Cổng chợ".to_owned())]);
        assert_eq!(wrong, [(3, "lat".to_owned())]);
    }

    #[test]
    fn heads_may_be_in_vietnamese_and_separated_by_semicolons() {
        let (rows, _) = read_names("Tên camera;Vĩ độ;Số ngày lưu\nCổng chợ;19,9;7\n").unwrap();
        assert_eq!(rows, [(2, "Cổng chợ".to_owned())]);
    }

    #[test]
    fn a_file_without_a_header_says_which_columns_it_needs() {
        for text in ["", "\n\n"] {
            let error = read_names(text).unwrap_err();
            assert_eq!(
                (error.field.as_str(), error.params["columns"].as_str()),
                ("file", "name, lat")
            );
        }
        let error = read_names("name\nCổng chợ\n").unwrap_err();
        assert_eq!((error.field.as_str(), error.code), ("lat", FieldCode::Required));
        let error = read_names("name,lat,colour\n").unwrap_err();
        assert_eq!((error.field.as_str(), error.code), ("colour", FieldCode::Unknown));
    }

    #[test]
    fn cells_beyond_the_named_columns_are_refused_and_too_many_rows_refuse_the_file() {
        let (rows, wrong) = read_names("name,lat,\nCổng chợ,19.9,đèn hỏng\n").unwrap();
        assert_eq!((rows.len(), wrong), (0, vec![(2, "row".to_owned())]));
        let error = read_names("name,lat\na,1\nb,1\nc,1\nd,1\n").unwrap_err();
        assert_eq!((error.field.as_str(), error.code), ("file", FieldCode::TooLong));
    }
}
