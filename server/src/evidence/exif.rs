//! What EXIF says about a photo: time, place, device, orientation.
//!
//! EXIF is a hint that anybody can write. It is compared with the signed manifest and never trusted; broken EXIF is
//! the same as none.

use exif::{Exif, In, Reader, Tag, Value};
use keng_shared::geo::LatLon;
use keng_shared::record::ExifHint;
use keng_shared::text;
use std::io::Cursor;

/// Longest device name kept, in characters.
const MAX_DEVICE: usize = 100;

/// What was found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ExifFacts {
    pub hint: ExifHint,
    /// 1 to 8; 1 when EXIF says nothing usable.
    pub orientation: u8,
}

/// Reads the EXIF of a JPEG, PNG or WebP.
pub fn read(bytes: &[u8]) -> ExifFacts {
    let found = Reader::new()
        .continue_on_error(true)
        .read_from_container(&mut Cursor::new(before_pixels(bytes)))
        .or_else(|error| error.distill_partial_result(|_| ()));
    let Ok(exif) = found else {
        return ExifFacts {
            hint: ExifHint::default(),
            orientation: 1,
        };
    };
    ExifFacts {
        hint: ExifHint {
            taken_at: taken_at(&exif),
            position: position(&exif),
            device: device(&exif),
        },
        orientation: orientation(&exif),
    }
}

/// A JPEG up to its pixels: EXIF comes before them, and the reader would look for it behind them byte by byte.
/// Anything else, and a JPEG whose segments cannot be followed, is given back whole.
fn before_pixels(bytes: &[u8]) -> &[u8] {
    const START_OF_SCAN: u8 = 0xda;
    let mut at = 2;
    if !bytes.starts_with(&[0xff, 0xd8]) {
        return bytes;
    }
    while let Some(&[0xff, marker, high, low]) = bytes.get(at..at + 4) {
        match marker {
            START_OF_SCAN => return bytes.get(..at).unwrap_or(bytes),
            // Padding, and markers that have no length.
            ..0xc0 | 0xd0..=0xd9 | 0xff => return bytes,
            _ => {}
        }
        at += 2 + usize::from(u16::from_be_bytes([high, low]));
    }
    bytes
}

fn orientation(exif: &Exif) -> u8 {
    let value = exif
        .get_field(Tag::Orientation, In::PRIMARY)
        .and_then(|field| field.value.get_uint(0));
    value
        .and_then(|value| u8::try_from(value).ok())
        .filter(|value| (1..=8).contains(value))
        .unwrap_or(1)
}

/// `YYYY-MM-DDTHH:MM:SS`, when it is a date at all: cameras write zeros when their clock was never set.
fn taken_at(exif: &Exif) -> Option<String> {
    let raw = [Tag::DateTimeOriginal, Tag::DateTimeDigitized, Tag::DateTime]
        .into_iter()
        .find_map(|tag| ascii(exif, tag))?;
    let time = chrono::NaiveDateTime::parse_from_str(raw.trim(), "%Y:%m:%d %H:%M:%S").ok()?;
    Some(time.format("%Y-%m-%dT%H:%M:%S").to_string())
}

fn position(exif: &Exif) -> Option<LatLon> {
    let lat = degrees(exif, Tag::GPSLatitude)?;
    let lon = degrees(exif, Tag::GPSLongitude)?;
    let south = ascii(exif, Tag::GPSLatitudeRef)?.eq_ignore_ascii_case("S");
    let west = ascii(exif, Tag::GPSLongitudeRef)?.eq_ignore_ascii_case("W");
    // Phones without a fix write 0, 0.
    if lat == 0.0 && lon == 0.0 {
        return None;
    }
    LatLon::from_degrees(if south { -lat } else { lat }, if west { -lon } else { lon })
}

fn degrees(exif: &Exif, tag: Tag) -> Option<f64> {
    match &exif.get_field(tag, In::PRIMARY)?.value {
        Value::Rational(parts) => match parts.as_slice() {
            [degrees, minutes, seconds] => {
                let value = degrees.to_f64() + minutes.to_f64() / 60.0 + seconds.to_f64() / 3600.0;
                value.is_finite().then_some(value)
            }
            _ => None,
        },
        _ => None,
    }
}

fn device(exif: &Exif) -> Option<String> {
    let maker = ascii(exif, Tag::Make).unwrap_or_default();
    let model = ascii(exif, Tag::Model).unwrap_or_default();
    // Many makers repeat their name in the model: "HMD Global" + "Nokia 8.3", but "Canon" + "Canon EOS".
    let name = match model.starts_with(maker.as_str()) {
        true => model,
        false => format!("{maker} {model}"),
    };
    let name: String = text::clean(&name).chars().take(MAX_DEVICE).collect();
    (!name.is_empty()).then_some(name)
}

fn ascii(exif: &Exif, tag: Tag) -> Option<String> {
    match &exif.get_field(tag, In::PRIMARY)?.value {
        Value::Ascii(lines) => {
            let text = String::from_utf8_lossy(lines.first()?);
            let text = text.trim_matches(|c: char| c == '\0' || c.is_whitespace());
            (!text.is_empty()).then(|| text.to_owned())
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::evidence::renditions::tests::{jpeg, real_photo};

    #[test]
    fn a_picture_without_exif_is_upright_and_says_nothing() {
        let facts = read(&jpeg(8, 8));
        assert_eq!((facts.orientation, facts.hint), (1, ExifHint::default()));
    }

    #[test]
    fn a_real_camera_tells_its_time_place_and_name() {
        let Some(bytes) = real_photo("DSCN0010.jpg") else {
            return;
        };
        let hint = read(&bytes).hint;
        assert_eq!(hint.taken_at.as_deref(), Some("2008-10-22T16:28:39"));
        assert_eq!(hint.device.as_deref(), Some("NIKON COOLPIX P6000"));
        let position = hint.position.unwrap();
        assert!((position.lat() - 43.4674).abs() < 0.001 && (position.lon() - 11.8851).abs() < 0.001);
    }

    #[test]
    fn noise_after_a_jpeg_marker_is_the_same_as_no_exif() {
        let mut bytes = vec![0xff, 0xd8, 0xff, 0xe1, 0x00, 0x40];
        bytes.extend_from_slice(b"Exif\0\0II*\0\xff\xff\xff\xff");
        assert_eq!(read(&bytes).hint, ExifHint::default());
    }
}
