//! GPX 1.1: one track a record that has one. A gap ends a stretch, so that no program draws a line across it.

use super::{Exported, Sheet, buffered, close};
use keng_shared::api::FileLanguage;
use keng_shared::kind;
use keng_shared::track::{SegmentStart, TrackPoint};
use std::fs::File;
use std::io::{self, BufWriter, Write};
use std::path::Path;

const HEAD: &str = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n\
    <gpx version=\"1.1\" creator=\"Keng\" xmlns=\"http://www.topografix.com/GPX/1/1\">\n";

pub struct GpxFile {
    file: BufWriter<File>,
    language: FileLanguage,
}

impl GpxFile {
    pub fn create(path: &Path, language: FileLanguage) -> io::Result<Self> {
        let mut file = buffered(path)?;
        file.write_all(HEAD.as_bytes())?;
        Ok(Self { file, language })
    }
}

impl Sheet for GpxFile {
    fn add(&mut self, record: &Exported) -> io::Result<u64> {
        if record.track.iter().all(|segment| segment.points.is_empty()) {
            return Ok(0);
        }
        let row = &record.row;
        let what = kind::find(&row.kind).map_or(row.kind.as_str(), |kind| match self.language {
            FileLanguage::Vi => kind.label.vi,
            FileLanguage::En => kind.label.en,
        });
        let name = escaped(&format!("{what}, {}, {}", row.area_name, row.local_date));
        writeln!(
            self.file,
            "<trk><name>{name}</name><desc>{}</desc><trkseg>",
            row.id
        )?;
        let mut is_first = true;
        for segment in &record.track {
            if !is_first && !matches!(segment.start, SegmentStart::Continues) {
                writeln!(self.file, "</trkseg><trkseg>")?;
            }
            is_first = false;
            for point in &segment.points {
                self.point(point)?;
            }
        }
        writeln!(self.file, "</trkseg></trk>")?;
        Ok(1)
    }

    fn finish(mut self: Box<Self>) -> io::Result<()> {
        self.file.write_all(b"</gpx>\n")?;
        close(self.file)
    }
}

impl GpxFile {
    fn point(&mut self, point: &TrackPoint) -> io::Result<()> {
        let (lat, lon) = (point.position.lat(), point.position.lon());
        let time = chrono::DateTime::from_timestamp_millis(point.at.0)
            .map(|at| format!("<time>{}</time>", at.format("%Y-%m-%dT%H:%M:%S%.3fZ")))
            .unwrap_or_default();
        writeln!(
            self.file,
            "<trkpt lat=\"{lat:.7}\" lon=\"{lon:.7}\">{time}</trkpt>"
        )
    }
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
}
