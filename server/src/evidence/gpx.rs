//! Tracks from GPX files, for patrols that carried a GPS logger instead of the app.
//!
//! A track must have times, because a patrol's length and duration come from them; a file without them is refused
//! with words that say so. Empty segments are skipped, and between two segments there is a gap: nothing is known there.

use chrono::DateTime;
use keng_shared::geo::LatLon;
use keng_shared::id::{RecordId, SegmentId};
use keng_shared::problem::{FieldCode, FieldError};
use keng_shared::record::EARLIEST;
use keng_shared::time::Millis;
use keng_shared::track::{GapReason, MAX_POINTS, MAX_SEGMENTS, SegmentStart, TrackPoint, TrackSegment};
use sha2::{Digest, Sha256};
use std::ops::RangeInclusive;
use uuid::Uuid;

/// Largest GPX file in bytes: 5 MiB.
pub const MAX_GPX_BYTES: usize = 5 * 1024 * 1024;
/// Horizontal error in centimetres for one unit of HDOP: 5 m, usual for consumer receivers.
const CM_PER_HDOP: f64 = 500.0;
/// Assumed accuracy where a file says nothing: 10 m.
const UNKNOWN_ACCURACY_CM: u32 = 1_000;
/// Accuracy is stored up to 100 km.
const MAX_ACCURACY_CM: f64 = 10_000_000.0;

/// Reads the track points of a GPX file that were taken in `window`, the time of the patrol.
pub fn parse(
    bytes: &[u8],
    record_id: RecordId,
    window: RangeInclusive<Millis>,
) -> Result<Vec<TrackSegment>, Vec<FieldError>> {
    let file = gpx::read(bytes)
        .map_err(|_| vec![FieldError::new("gpx", FieldCode::BadFormat).with("expected", "GPX 1.0 or 1.1")])?;
    let mut segments = Vec::new();
    let stretches = file.tracks.into_iter().flat_map(|track| track.segments);
    for (number, stretch) in stretches
        .enumerate()
        .filter(|(_, stretch)| !stretch.points.is_empty())
    {
        let points = stretch
            .points
            .iter()
            .enumerate()
            .map(|(i, point)| read_point(point, &window).map_err(|code| at_point(number, i, code)))
            .collect::<Result<Vec<_>, _>>()
            .map_err(|error| vec![error])?;
        append(&mut segments, record_id, &points);
    }
    if segments.is_empty() {
        return Err(vec![FieldError::new("gpx.trk", FieldCode::Required)]);
    }
    if segments.len() > MAX_SEGMENTS as usize {
        return Err(vec![
            FieldError::new("gpx.trk", FieldCode::TooLong).with("max", MAX_SEGMENTS),
        ]);
    }
    let digest = Sha256::digest(bytes);
    for segment in &mut segments {
        segment.id = segment_id(record_id, &digest, segment.number);
        segment.check().map_err(|errors| {
            let place = format!("gpx.segments.{}", segment.number);
            errors
                .into_iter()
                .map(|error| error.under(&place))
                .collect::<Vec<_>>()
        })?;
    }
    Ok(segments)
}

fn at_point(segment: usize, point: usize, code: FieldCode) -> FieldError {
    let error = FieldError::new(format!("gpx.trkseg.{segment}.trkpt.{point}.time"), code);
    match code {
        FieldCode::TooEarly => error.with("min", "start"),
        _ => error,
    }
}

fn read_point(point: &gpx::Waypoint, window: &RangeInclusive<Millis>) -> Result<TrackPoint, FieldCode> {
    let at = instant(point).ok_or(FieldCode::Required)?;
    if at < EARLIEST || at < *window.start() {
        return Err(FieldCode::TooEarly);
    }
    if at > *window.end() {
        return Err(FieldCode::InFuture);
    }
    let place = point.point();
    let position = LatLon::from_degrees(place.y(), place.x()).ok_or(FieldCode::BadFormat)?;
    let accuracy_cm = match point.hdop {
        Some(hdop) if hdop.is_finite() && hdop >= 0.0 => (hdop * CM_PER_HDOP).min(MAX_ACCURACY_CM) as u32,
        _ => UNKNOWN_ACCURACY_CM,
    };
    Ok(TrackPoint {
        at,
        position,
        accuracy_cm,
    })
}

fn instant(point: &gpx::Waypoint) -> Option<Millis> {
    let text = point.time?.format().ok()?;
    let time = DateTime::parse_from_rfc3339(&text).ok()?;
    Some(Millis(time.timestamp_millis()))
}

/// Cuts a stretch into segments of at most [`MAX_POINTS`]; the first joins what is before by a gap.
fn append(segments: &mut Vec<TrackSegment>, record_id: RecordId, points: &[TrackPoint]) {
    for (part, points) in points.chunks(MAX_POINTS).enumerate() {
        let start = match (segments.is_empty(), part) {
            (true, _) => SegmentStart::First,
            (false, 0) => SegmentStart::AfterGap {
                reason: GapReason::NoFix,
            },
            (false, _) => SegmentStart::Continues,
        };
        segments.push(TrackSegment {
            id: SegmentId(Uuid::nil()),
            record_id,
            number: u32::try_from(segments.len()).unwrap_or(u32::MAX),
            start,
            points: points.to_vec(),
        });
    }
}

/// The same file for the same patrol gives the same ids, so that importing it twice is importing it once.
fn segment_id(record_id: RecordId, file_digest: &[u8], number: u32) -> SegmentId {
    let digest = Sha256::new()
        .chain_update(record_id.0.as_bytes())
        .chain_update(file_digest)
        .chain_update(number.to_be_bytes())
        .finalize();
    let mut bytes = [0; 16];
    bytes
        .iter_mut()
        .zip(digest)
        .for_each(|(byte, hashed)| *byte = hashed);
    SegmentId(uuid::Builder::from_random_bytes(bytes).into_uuid())
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::path::Path;

    const START: Millis = Millis(1_700_000_000_000);
    const DAY: i64 = 86_400_000;

    fn record() -> RecordId {
        RecordId(Uuid::from_u128(1))
    }

    fn parse_here(gpx: &str) -> Result<Vec<TrackSegment>, Vec<FieldError>> {
        parse(gpx.as_bytes(), record(), START..=START.plus(DAY))
    }

    /// A GPX file; each segment is a list of seconds after the start.
    fn gpx(segments: &[&[i64]]) -> String {
        let mut text =
            String::from(r#"<gpx version="1.1" creator="t" xmlns="http://www.topografix.com/GPX/1/1"><trk>"#);
        for segment in segments {
            text.push_str("<trkseg>");
            for second in *segment {
                let time = DateTime::from_timestamp_millis(START.0 + second * 1_000).unwrap();
                let time = time.format("%Y-%m-%dT%H:%M:%SZ");
                text.push_str(&format!(
                    r#"<trkpt lat="20.5" lon="105.5"><time>{time}</time></trkpt>"#
                ));
            }
            text.push_str("</trkseg>");
        }
        text + "</trk></gpx>"
    }

    fn real_track(name: &str) -> Option<Vec<u8>> {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../shared/tracks");
        std::fs::read(folder.join(name)).ok()
    }

    #[test]
    fn empty_segments_are_skipped_and_others_are_joined_by_a_gap() {
        let found = parse_here(&gpx(&[&[0, 10], &[], &[100, 110]])).unwrap();
        let starts: Vec<_> = found
            .iter()
            .map(|s| (s.number, s.start, s.points.len()))
            .collect();
        let gap = SegmentStart::AfterGap {
            reason: GapReason::NoFix,
        };
        assert_eq!(starts, [(0, SegmentStart::First, 2), (1, gap, 2)]);
    }

    #[test]
    fn a_long_stretch_continues_in_the_next_segment() {
        let seconds: Vec<i64> = (0..501).collect();
        let found = parse_here(&gpx(&[&seconds])).unwrap();
        let starts: Vec<_> = found.iter().map(|s| (s.start, s.points.len())).collect();
        assert_eq!(starts, [(SegmentStart::First, 500), (SegmentStart::Continues, 1)]);
    }

    #[test]
    fn the_same_file_gives_the_same_ids() {
        let text = gpx(&[&[0, 10]]);
        assert_eq!(parse_here(&text), parse_here(&text));
        assert_ne!(parse_here(&text), parse_here(&gpx(&[&[0, 11]])));
    }

    #[test]
    fn a_point_without_time_or_outside_the_patrol_is_named() {
        let without =
            r#"<gpx version="1.1" creator="t"><trk><trkseg><trkpt lat="1" lon="1"/></trkseg></trk></gpx>"#;
        let errors = parse_here(without).unwrap_err();
        assert_eq!(
            errors,
            [FieldError::new("gpx.trkseg.0.trkpt.0.time", FieldCode::Required)]
        );
        let late = parse_here(&gpx(&[&[0, 90_000]])).unwrap_err();
        assert_eq!(
            late,
            [FieldError::new("gpx.trkseg.0.trkpt.1.time", FieldCode::InFuture)]
        );
    }

    #[test]
    fn text_that_is_no_gpx_and_a_file_without_track_are_told_apart() {
        assert_eq!(parse_here("<html>").unwrap_err()[0].code, FieldCode::BadFormat);
        let empty = r#"<gpx version="1.1" creator="t"></gpx>"#;
        assert_eq!(
            parse_here(empty).unwrap_err(),
            [FieldError::new("gpx.trk", FieldCode::Required)]
        );
    }

    #[test]
    fn real_files_with_times_of_1901_or_none_are_refused_with_the_place() {
        for (name, code) in [
            ("Mojstrovka.gpx", FieldCode::TooEarly),
            ("korita-zbevnica.gpx", FieldCode::Required),
            ("track_with_dilution_errors.gpx", FieldCode::Required),
            ("track-with-empty-segment.gpx", FieldCode::TooEarly),
        ] {
            let Some(bytes) = real_track(name) else { return };
            let errors = parse(&bytes, record(), START..=START.plus(DAY)).unwrap_err();
            assert_eq!(errors[0].code, code, "{name}");
            assert!(
                errors[0].field.starts_with("gpx.trkseg."),
                "{name}: {}",
                errors[0].field
            );
        }
    }
}
