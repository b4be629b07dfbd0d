//! CSV in UTF-8 with a byte order mark, so that spreadsheets read Vietnamese. A text that looks like a formula gets an
//! apostrophe before it.

use super::cells::{Cell, Columns, looks_like_formula, plain};
use super::{Exported, Sheet, buffered, close};
use std::fs::File;
use std::io::{self, BufWriter, Write};
use std::path::Path;

pub struct CsvFile {
    writer: csv::Writer<BufWriter<File>>,
    columns: Columns,
}

impl CsvFile {
    pub fn create(path: &Path, columns: Columns) -> io::Result<Self> {
        let mut file = buffered(path)?;
        file.write_all(b"\xef\xbb\xbf")?;
        let mut writer = csv::WriterBuilder::new()
            .terminator(csv::Terminator::CRLF)
            .from_writer(file);
        writer.write_record(columns.heads()).map_err(io::Error::from)?;
        Ok(Self { writer, columns })
    }
}

impl Sheet for CsvFile {
    fn add(&mut self, record: &Exported) -> io::Result<u64> {
        let cells = self.columns.cells(record);
        self.writer
            .write_record(cells.iter().map(written))
            .map_err(io::Error::from)?;
        Ok(1)
    }

    fn finish(self: Box<Self>) -> io::Result<()> {
        close(
            self.writer
                .into_inner()
                .map_err(|error| io::Error::other(error.to_string()))?,
        )
    }
}

fn written(cell: &Cell) -> String {
    match cell {
        Cell::Text(text) if looks_like_formula(text) => format!("'{text}"),
        cell => plain(cell),
    }
}
