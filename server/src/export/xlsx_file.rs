//! Excel, written row by row: rows that are done lie in a temporary file, not in memory. Dates and times are real ones,
//! and a text that looks like a formula carries Excel's own quote mark.

use super::cells::{Cell, Columns, local_time, looks_like_formula};
use super::{Exported, Sheet};
use chrono::{Datelike, Timelike};
use rust_xlsxwriter::{ExcelDateTime, Format, Workbook, Worksheet, XlsxError};
use std::io;
use std::path::{Path, PathBuf};

/// Rows that Excel can show, the heads included.
const MAX_ROWS: u32 = 1_048_576;

pub struct XlsxFile {
    book: Workbook,
    path: PathBuf,
    columns: Columns,
    next: u32,
    formats: Formats,
}

struct Formats {
    date: Format,
    time: Format,
    quoted: Format,
}

impl XlsxFile {
    pub fn create(path: &Path, columns: Columns) -> io::Result<Self> {
        let mut book = Workbook::new();
        if let Some(folder) = path.parent() {
            book.set_tempdir(folder).map_err(failed)?;
        }
        let sheet = book.add_worksheet_with_constant_memory().map_err(failed)?;
        sheet.set_freeze_panes(1, 0).map_err(failed)?;
        let bold = Format::new().set_bold();
        for (column, head) in (0..).zip(columns.heads()) {
            sheet
                .write_string_with_format(0, column, head, &bold)
                .map_err(failed)?;
            sheet.set_column_width(column, 16).map_err(failed)?;
        }
        Ok(Self {
            book,
            path: path.to_owned(),
            columns,
            next: 1,
            formats: Formats {
                date: Format::new().set_num_format("dd/mm/yyyy"),
                time: Format::new().set_num_format("dd/mm/yyyy hh:mm"),
                quoted: Format::new().set_quote_prefix(),
            },
        })
    }
}

impl Sheet for XlsxFile {
    fn add(&mut self, record: &Exported) -> io::Result<u64> {
        if self.next >= MAX_ROWS {
            return Err(io::Error::new(
                io::ErrorKind::FileTooLarge,
                "more rows than Excel can show",
            ));
        }
        let sheet = self.book.worksheet_from_index(0).map_err(failed)?;
        for (column, cell) in (0..).zip(self.columns.cells(record)) {
            write(sheet, (self.next, column), &cell, &self.formats).map_err(failed)?;
        }
        self.next += 1;
        Ok(1)
    }

    fn finish(mut self: Box<Self>) -> io::Result<()> {
        self.book.save(&self.path).map_err(failed)?;
        std::fs::File::open(&self.path)?.sync_all()
    }
}

fn write(
    sheet: &mut Worksheet,
    (row, column): (u32, u16),
    cell: &Cell,
    formats: &Formats,
) -> Result<(), XlsxError> {
    match cell {
        Cell::Empty => {}
        Cell::Number(number) => drop(sheet.write_number(row, column, *number)?),
        Cell::Text(text) if looks_like_formula(text) => {
            sheet.write_string_with_format(row, column, text, &formats.quoted)?;
        }
        Cell::Text(text) => drop(sheet.write_string(row, column, text)?),
        Cell::Date(date) => {
            let at = excel(date.and_time(chrono::NaiveTime::MIN))?;
            sheet.write_datetime_with_format(row, column, &at, &formats.date)?;
        }
        Cell::Time(at) => {
            if let Some(local) = local_time(*at) {
                sheet.write_datetime_with_format(row, column, &excel(local)?, &formats.time)?;
            }
        }
    }
    Ok(())
}

/// Excel knows the years from 1900 to 9999.
fn excel(at: chrono::NaiveDateTime) -> Result<ExcelDateTime, XlsxError> {
    let year = u16::try_from(at.year()).unwrap_or(0);
    let (month, day) = (at.month() as u8, at.day() as u8);
    ExcelDateTime::from_ymd(year, month, day)?.and_hms(at.hour() as u16, at.minute() as u8, at.second())
}

fn failed(error: XlsxError) -> io::Error {
    match error {
        XlsxError::IoError(error) => error,
        error => io::Error::other(error.to_string()),
    }
}
