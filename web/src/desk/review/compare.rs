//! What the phone stated about a photo beside what the file says, with the differences marked.
//!
//! EXIF is a hint that is compared, never proof: most phones strip it from picked files.

use crate::words::{desk as d, domain, number, when};
use keng_shared::record::PhotoView;

/// How two statements compare.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Outcome {
    /// They agree.
    Same,
    /// They are apart, by this much in words.
    Differs(String),
    /// One of the two says nothing.
    Unknown,
    /// There is only one statement to show.
    Single,
}

/// One line of the comparison.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Line {
    /// What is compared.
    pub name: &'static str,
    /// What the phone stated.
    pub stated: String,
    /// What the file says.
    pub exif: String,
    /// How the two compare.
    pub outcome: Outcome,
}

/// Times further apart than this differ: the same limit as the flag of the server, 10 minutes.
const TIME_LIMIT_MS: i64 = 10 * 60_000;
/// Places further apart than this differ: the same limit as the flag of the server, 200 m.
const PLACE_LIMIT_M: f64 = 200.0;

/// The comparison of one photo.
pub fn lines(photo: &PhotoView) -> Vec<Line> {
    let exif = photo.exif.clone().unwrap_or_default();
    let mut lines = vec![time(photo, exif.taken_at.as_deref())];
    lines.push(place(photo, &exif));
    lines.push(Line {
        name: d::compare_device(),
        stated: NOTHING.to_owned(),
        exif: exif.device.unwrap_or_else(nothing),
        outcome: Outcome::Single,
    });
    lines.push(Line {
        name: d::compare_origin(),
        stated: photo
            .origin
            .map_or_else(nothing, |origin| domain::origin(origin).to_owned()),
        exif: NOTHING.to_owned(),
        outcome: Outcome::Single,
    });
    let size = match (photo.width, photo.height, photo.size) {
        (Some(width), Some(height), Some(size)) => format!("{width} × {height}, {}", number::bytes(size)),
        _ => nothing(),
    };
    lines.push(Line {
        name: d::compare_size(),
        stated: size,
        exif: NOTHING.to_owned(),
        outcome: Outcome::Single,
    });
    lines
}

const NOTHING: &str = "–";

fn nothing() -> String {
    NOTHING.to_owned()
}

fn time(photo: &PhotoView, taken_at: Option<&str>) -> Line {
    // EXIF writes local time without a zone; in Việt Nam that is Việt Nam's time.
    let taken = taken_at.and_then(when::parse_instant);
    let outcome = match (photo.captured_at, taken) {
        (Some(stated), Some(taken)) => {
            // EXIF is read to the minute, so that a minute is no difference.
            let apart = stated.since(taken).abs();
            if apart <= TIME_LIMIT_MS {
                Outcome::Same
            } else {
                Outcome::Differs(when::duration(apart))
            }
        }
        _ => Outcome::Unknown,
    };
    Line {
        name: d::compare_time(),
        stated: photo.captured_at.map_or_else(nothing, when::full),
        exif: taken.map_or_else(|| taken_at.map_or_else(nothing, str::to_owned), when::full),
        outcome,
    }
}

fn place(photo: &PhotoView, exif: &keng_shared::record::ExifHint) -> Line {
    let words = |at: keng_shared::geo::LatLon| format!("{:.5}, {:.5}", at.lat(), at.lon());
    let outcome = match (photo.fix, exif.position) {
        (Some(fix), Some(position)) => {
            let apart = fix.at.distance_m(position);
            if apart <= PLACE_LIMIT_M {
                Outcome::Same
            } else {
                Outcome::Differs(number::metres(apart.round() as u32))
            }
        }
        _ => Outcome::Unknown,
    };
    Line {
        name: d::compare_place(),
        stated: photo.fix.map_or_else(nothing, |fix| {
            format!("{} ({})", words(fix.at), number::accuracy(fix.accuracy_cm))
        }),
        exif: exif.position.map_or_else(nothing, words),
        outcome,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use keng_shared::geo::{Fix, LatLon};
    use keng_shared::id::PhotoId;
    use keng_shared::record::{ExifHint, PhotoState};
    use uuid::Uuid;

    fn photo(exif: ExifHint) -> PhotoView {
        PhotoView {
            id: PhotoId(Uuid::nil()),
            sha256: String::new(),
            caption: String::new(),
            state: PhotoState::Held,
            captured_at: when::parse_instant("2026-11-21T21:00"),
            fix: LatLon::from_degrees(20.0, 105.0).map(|at| Fix {
                at,
                accuracy_cm: 500,
                age_ms: 0,
            }),
            origin: None,
            size: None,
            width: None,
            height: None,
            exif: Some(exif),
            flags: Vec::new(),
            review: None,
        }
    }

    #[test]
    fn statements_that_agree_are_not_marked() {
        let lines = lines(&photo(ExifHint {
            taken_at: Some("2026-11-21T21:09:59".into()),
            position: LatLon::from_degrees(20.001, 105.0),
            device: None,
        }));
        assert_eq!(
            (&lines[0].outcome, &lines[1].outcome),
            (&Outcome::Same, &Outcome::Same)
        );
    }

    #[test]
    fn a_difference_says_how_large_it_is() {
        let lines = lines(&photo(ExifHint {
            taken_at: Some("2026-11-21T19:00:00".into()),
            position: LatLon::from_degrees(20.1, 105.0),
            device: None,
        }));
        assert_eq!(lines[0].outcome, Outcome::Differs("2 giờ 00 phút".into()));
        assert_eq!(lines[1].outcome, Outcome::Differs("11,1 km".into()));
    }

    #[test]
    fn silence_is_not_a_difference() {
        let lines = lines(&photo(ExifHint::default()));
        assert_eq!(
            (&lines[0].outcome, &lines[1].outcome),
            (&Outcome::Unknown, &Outcome::Unknown)
        );
        assert_eq!(lines[0].exif, "–");
    }
}
