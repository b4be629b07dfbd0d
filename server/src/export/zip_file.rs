//! Photos and files in a ZIP with a list of them. The pictures are those that people look at, upright and without metadata; an
//! original leaves the server only one by one, and each look is written down. One photo is in memory at a time.

use super::cells::looks_like_formula;
use super::spool::Spool;
use super::zip_archive::ZipArchive;
use super::{Exported, Sheet};
use crate::db::photos::StoredPhoto;
use bytes::Bytes;
use flate2::Crc;
use keng_shared::evidence::sha256_hex;
use std::fs::File;
use std::io::{self, Write};
use std::path::Path;

/// Gives the picture of a photo, or the bytes of a file; none where there are none.
pub type Fetch = Box<dyn Fn(&StoredPhoto) -> io::Result<Option<Bytes>> + Send>;

const HEADS: &str = "file,sha256,photo_id,original_sha256,record_id,kind,date,area,commune,author,captured_at,lat,lon,caption,name\r\n";

pub struct ZipFile {
    zip: ZipArchive,
    /// The list lies beside the archive until its end.
    list: Spool,
    list_crc: Crc,
    fetch: Fetch,
}

impl ZipFile {
    pub fn create(path: &Path, fetch: Fetch) -> io::Result<Self> {
        let mut new = Self {
            zip: ZipArchive::begin(File::create(path)?, &path.with_extension("directory"))?,
            list: Spool::create(&path.with_extension("list"))?,
            list_crc: Crc::new(),
            fetch,
        };
        new.say("\u{feff}")?;
        new.say(HEADS)?;
        Ok(new)
    }

    /// Adds to the list.
    fn say(&mut self, line: &str) -> io::Result<()> {
        self.list_crc.update(line.as_bytes());
        self.list.write_all(line.as_bytes())
    }

    fn photo(&mut self, record: &Exported, photo: &StoredPhoto, number: usize) -> io::Result<bool> {
        let Some(bytes) = (self.fetch)(photo)? else {
            return Ok(false);
        };
        let row = &record.row;
        let ending = match photo.is_file() {
            true => "pdf",
            false => "jpg",
        };
        let name = format!("{}/{}-{number:02}.{ending}", row.local_date, row.id);
        // A picture is compressed already, and so is what is in a PDF.
        self.zip.add(&name, &bytes)?;
        let manifest = photo.manifest().map_err(io::Error::other)?;
        let at = manifest.as_ref().and_then(|manifest| {
            chrono::DateTime::from_timestamp_millis(manifest.captured_at.0)
                .map(|at| at.format("%Y-%m-%dT%H:%M:%SZ").to_string())
        });
        let fix = manifest.and_then(|manifest| manifest.fix);
        let cells = [
            name,
            sha256_hex(&bytes),
            photo.id.clone(),
            photo.sha256.clone(),
            row.id.to_string(),
            row.kind.clone(),
            row.local_date.to_string(),
            row.area_name.clone(),
            record.commune.clone(),
            row.author.name.clone(),
            at.unwrap_or_default(),
            fix.map(|fix| format!("{:.7}", fix.at.lat())).unwrap_or_default(),
            fix.map(|fix| format!("{:.7}", fix.at.lon())).unwrap_or_default(),
            photo.caption.clone(),
            photo.name.clone().unwrap_or_default(),
        ];
        let cells: Vec<String> = cells.iter().map(|cell| quoted(cell)).collect();
        self.say(&format!("{}\r\n", cells.join(",")))?;
        Ok(true)
    }
}

impl Sheet for ZipFile {
    fn add(&mut self, record: &Exported) -> io::Result<u64> {
        let mut written = 0;
        for (photo, number) in record.photos.iter().zip(1..) {
            if photo.is_held() && photo.position.is_some() && self.photo(record, photo, number)? {
                written += 1;
            }
        }
        Ok(u64::from(written > 0))
    }

    fn finish(self: Box<Self>) -> io::Result<()> {
        let Self {
            mut zip,
            mut list,
            list_crc,
            ..
        } = *self;
        zip.add_spool("manifest.csv", &mut list, &list_crc)?;
        zip.finish()
    }
}

/// A cell of the list. What a spreadsheet would run is text.
fn quoted(text: &str) -> String {
    let text = match looks_like_formula(text) {
        true => format!("'{text}"),
        false => text.to_owned(),
    };
    match text.contains([',', '"', '\n', '\r']) {
        true => format!("\"{}\"", text.replace('"', "\"\"")),
        false => text,
    }
}
