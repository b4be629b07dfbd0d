//! A record as a map: track with its gaps, checkpoints, check-ins, findings, photos, as GeoJSON.
//!
//! A line is drawn inside a segment, and to the next one only where that one continues without a gap. Across a gap there
//! is never a line: its two ends are marked.

use crate::words::{desk as d, domain, when};
use keng_shared::api::RecordDetail;
use keng_shared::geo::LatLon;
use keng_shared::id::CheckpointId;
use keng_shared::json::FromJson;
use keng_shared::patrol::{CheckInProof, Patrol};
use keng_shared::sync::Checkpoint;
use keng_shared::track::{GapReason, SegmentStart, TrackPoint, TrackSegment};
use serde_json::{Value, json};

/// The map of a record over the boundary of its area, which comes as GeoJSON features.
pub fn features(
    detail: &RecordDetail,
    area: &[Value],
    checkpoint: impl Fn(CheckpointId) -> Option<Checkpoint>,
) -> Vec<Value> {
    let mut features = area.to_vec();
    features.extend(track(&detail.track));
    if let Ok(patrol) = Patrol::from_json(detail.record.body.clone()) {
        features.extend(patrol_points(&patrol, checkpoint));
    }
    for (i, photo) in detail.record.photos.iter().enumerate() {
        if let Some(fix) = photo.fix {
            let name = format!("{} {}", d::map_legend_photo(), i + 1);
            features.push(point(
                "photo",
                fix.at,
                &(i + 1).to_string(),
                &name,
                Some(&photo.id.to_string()),
            ));
        }
    }
    if let (true, Some(fix)) = (detail.track.is_empty(), detail.record.fix) {
        features.push(point("start", fix.at, "•", d::map_legend_start(), None));
    }
    features
}

/// Runs of fixes without a gap between them.
fn runs(track: &[TrackSegment]) -> Vec<Vec<TrackPoint>> {
    let mut runs: Vec<Vec<TrackPoint>> = Vec::new();
    for segment in track {
        match (segment.start, runs.last_mut()) {
            (SegmentStart::Continues, Some(run)) => run.extend(&segment.points),
            _ => runs.push(segment.points.clone()),
        }
    }
    runs.retain(|run| !run.is_empty());
    runs
}

fn track(track: &[TrackSegment]) -> Vec<Value> {
    let mut features: Vec<Value> = runs(track)
        .iter()
        .map(|run| {
            let line: Vec<[f64; 2]> = run
                .iter()
                .map(|fix| [fix.position.lon(), fix.position.lat()])
                .collect();
            json!({
                "type": "Feature",
                "geometry": {"type": "LineString", "coordinates": line},
                "properties": {"role": "track"},
            })
        })
        .collect();
    for (before, after, reason) in gaps(track) {
        let name = d::map_gap_ends(
            when::duration(after.at.since(before.at)),
            domain::gap_reason(reason),
        );
        features.push(point("gap", before.position, "", &name, None));
        features.push(point("gap", after.position, "", &name, None));
    }
    let fixes = || track.iter().flat_map(|segment| &segment.points);
    if let Some(first) = fixes().next() {
        let name = format!("{} {}", d::map_legend_start(), when::time(first.at));
        features.push(point("start", first.position, "▶", &name, None));
    }
    if let Some(last) = fixes().last() {
        let name = format!("{} {}", d::map_legend_end(), when::time(last.at));
        features.push(point("end", last.position, "■", &name, None));
    }
    features
}

/// The last fix before each gap, the first after it, and why.
fn gaps(track: &[TrackSegment]) -> Vec<(TrackPoint, TrackPoint, GapReason)> {
    let mut gaps = Vec::new();
    let mut last: Option<TrackPoint> = None;
    for segment in track {
        if let (SegmentStart::AfterGap { reason }, Some(before), Some(after)) =
            (segment.start, last, segment.points.first())
        {
            gaps.push((before, *after, reason));
        }
        last = segment.points.last().copied().or(last);
    }
    gaps
}

fn patrol_points(patrol: &Patrol, checkpoint: impl Fn(CheckpointId) -> Option<Checkpoint>) -> Vec<Value> {
    let mut features = Vec::new();
    for check_in in &patrol.check_ins {
        let fix = match &check_in.proof {
            CheckInProof::Gps { fix } => Some(*fix),
            CheckInProof::Qr { fix, .. } => *fix,
            CheckInProof::Photo { .. } => None,
        };
        let place = checkpoint(check_in.checkpoint_id);
        // Where a checkpoint was before it was moved is not known here.
        let stood = place
            .as_ref()
            .filter(|place| place.moved_at.is_none_or(|moved| moved <= check_in.at));
        let at = fix.map(|fix| fix.at).or(stood.map(|place| place.position));
        let name = place.map_or_else(
            || d::unknown_checkpoint(check_in.checkpoint_id),
            |place| place.name,
        );
        if let Some(at) = at {
            let name = format!("{} {}: {name}", d::map_legend_check_in(), when::time(check_in.at));
            features.push(point("check-in", at, "✓", &name, None));
        }
    }
    for finding in &patrol.findings {
        if let Some(fix) = finding.fix {
            let name = format!(
                "{} {}",
                domain::finding_category(finding.category),
                when::time(finding.at)
            );
            features.push(point("finding", fix.at, "!", &name, None));
        }
    }
    features
}

fn point(role: &str, at: LatLon, sign: &str, name: &str, key: Option<&str>) -> Value {
    json!({
        "type": "Feature",
        "geometry": {"type": "Point", "coordinates": [at.lon(), at.lat()]},
        "properties": {"role": role, "sign": sign, "name": name, "key": key},
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use keng_shared::id::{RecordId, SegmentId};
    use keng_shared::time::Millis;
    use uuid::Uuid;

    fn segment(number: u32, start: SegmentStart, seconds: &[i64]) -> TrackSegment {
        TrackSegment {
            id: SegmentId(Uuid::from_u128(u128::from(number))),
            record_id: RecordId(Uuid::nil()),
            number,
            start,
            points: seconds
                .iter()
                .map(|&s| TrackPoint {
                    at: Millis(s * 1_000),
                    position: LatLon::from_degrees(20.0 + s as f64 / 1e5, 105.0).unwrap(),
                    accuracy_cm: 500,
                })
                .collect(),
        }
    }

    fn night() -> Vec<TrackSegment> {
        let reason = GapReason::ScreenOff;
        vec![
            segment(0, SegmentStart::First, &[0, 10]),
            segment(1, SegmentStart::Continues, &[20, 30]),
            segment(2, SegmentStart::AfterGap { reason }, &[930, 940]),
        ]
    }

    fn of_role<'a>(features: &'a [Value], role: &str) -> Vec<&'a Value> {
        let is_role = |feature: &&Value| feature["properties"]["role"] == role;
        features.iter().filter(is_role).collect()
    }

    #[test]
    fn no_line_crosses_a_gap() {
        let features = track(&night());
        let lines = of_role(&features, "track");
        let lengths: Vec<_> = lines
            .iter()
            .map(|line| line["geometry"]["coordinates"].as_array().unwrap().len())
            .collect();
        assert_eq!(lengths, [4, 2]);
    }

    #[test]
    fn both_ends_of_a_gap_say_how_long_it_was_and_why() {
        let features = track(&night());
        let gaps = of_role(&features, "gap");
        assert_eq!(gaps.len(), 2);
        assert_eq!(
            gaps[0]["properties"]["name"],
            "Mất dấu 15 phút: tắt màn hình hoặc mở ứng dụng khác"
        );
    }

    #[test]
    fn a_track_has_one_start_and_one_end() {
        let features = track(&night());
        assert_eq!(
            (of_role(&features, "start").len(), of_role(&features, "end").len()),
            (1, 1)
        );
        assert!(track(&[]).is_empty());
    }
}
