//! GeoJSON (RFC 7946): a FeatureCollection with one feature a record. A record without a position has no geometry.

use super::cells::{Cell, Columns, plain};
use super::{Exported, Sheet, buffered, close};
use serde_json::{Map, Value, json};
use std::fs::File;
use std::io::{self, BufWriter, Write};
use std::path::Path;

pub struct GeojsonFile {
    file: BufWriter<File>,
    columns: Columns,
    heads: Vec<String>,
    separator: &'static [u8],
}

impl GeojsonFile {
    pub fn create(path: &Path, columns: Columns) -> io::Result<Self> {
        let mut file = buffered(path)?;
        file.write_all(br#"{"type":"FeatureCollection","features":["#)?;
        Ok(Self {
            file,
            heads: columns.heads(),
            columns,
            separator: b"\n",
        })
    }
}

impl Sheet for GeojsonFile {
    fn add(&mut self, record: &Exported) -> io::Result<u64> {
        let value = |cell: &Cell| match cell {
            Cell::Empty => Value::Null,
            Cell::Number(number) => json!(number),
            cell => Value::String(plain(cell)),
        };
        let cells = self.columns.cells(record);
        let properties: Map<String, Value> =
            self.heads.iter().cloned().zip(cells.iter().map(value)).collect();
        let geometry = record
            .position
            .map(|(lat, lon)| json!({"type": "Point", "coordinates": [lon, lat]}));
        let feature = json!({
            "type": "Feature",
            "id": record.row.id,
            "geometry": geometry,
            "properties": properties,
        });
        self.file.write_all(self.separator)?;
        self.separator = b",\n";
        serde_json::to_writer(&mut self.file, &feature)?;
        Ok(1)
    }

    fn finish(mut self: Box<Self>) -> io::Result<()> {
        self.file.write_all(b"\n]}\n")?;
        close(self.file)
    }
}
