//! A patrol's track as a map draws it, and its import from a GPX file.

use crate::auth::Caller;
use crate::db::{records, tracks};
use crate::evidence::gpx::{self, MAX_GPX_BYTES};
use crate::extract::{Body, Json, Path};
use crate::problem::AppError;
use crate::state::State;
use crate::sync::permit::{actor, may_read};
use crate::sync::segment::PutSegments;
use actix_web::HttpResponse;
use actix_web::http::header::CACHE_CONTROL;
use keng_shared::id::RecordId;
use keng_shared::problem::ProblemCode;
use keng_shared::record::CLOCK_TOLERANCE_MS;
use keng_shared::time::Millis;
use keng_shared::track::{SegmentStart, TrackPoint, TrackSegment, TrackSummary};
use serde_json::{Value, json};

/// The track as GeoJSON. A stretch is a line; a gap is a pair of points with its reason, never a line.
pub async fn geojson(
    state: State,
    caller: Caller,
    Path(id): Path<RecordId>,
) -> Result<HttpResponse, AppError> {
    let track = state
        .db
        .snapshot(move |conn| {
            let row = records::find(conn, id)?.ok_or(ProblemCode::NotFound)?;
            may_read(&caller, &row)?;
            tracks::of_record(conn, id)
        })
        .await?;
    let body = json!({ "type": "FeatureCollection", "features": features(&track) });
    Ok(HttpResponse::Ok()
        .content_type("application/geo+json")
        .insert_header((CACHE_CONTROL, "no-store"))
        .body(body.to_string()))
}

/// Adds the track of a GPX file to the caller's own patrol. The same file again adds nothing.
pub async fn import_gpx(
    state: State,
    caller: Caller,
    Path(id): Path<RecordId>,
    Body(file): Body<MAX_GPX_BYTES>,
) -> Result<Json<TrackSummary>, AppError> {
    let me = caller.user_id().to_string();
    let row = state
        .db
        .read(move |conn| Ok(records::find(conn, id)?.filter(|row| row.author_id == me)))
        .await?
        .ok_or(ProblemCode::NotFound)?;
    let end = row.ended_at.map_or(caller.now(), Millis);
    let window = Millis(row.started_at).plus(-CLOCK_TOLERANCE_MS)..=end.plus(CLOCK_TOLERANCE_MS);
    let segments = tokio::task::spawn_blocking(move || gpx::parse(&file, id, window))
        .await
        .map_err(AppError::internal)?
        .map_err(AppError::fields)?;
    let change = PutSegments {
        actor: actor(&caller),
        record: id,
        segments,
        operation: None,
    };
    let (_, summary) = state
        .db
        .write_in(row.commune(), move |conn| change.run(conn))
        .await?;
    Ok(Json(summary))
}

fn features(track: &[TrackSegment]) -> Vec<Value> {
    let mut features = Vec::new();
    let mut before: Option<&TrackPoint> = None;
    for segment in track {
        let (Some(first), Some(last)) = (segment.points.first(), segment.points.last()) else {
            continue;
        };
        let mut line: Vec<&TrackPoint> = Vec::new();
        match (segment.start, before) {
            (SegmentStart::Continues, Some(before)) => line.push(before),
            (SegmentStart::AfterGap { reason }, Some(before)) => features.push(json!({
                "type": "Feature",
                "geometry": { "type": "MultiPoint", "coordinates": [place(before), place(first)] },
                "properties": { "type": "gap", "reason": reason, "from": before.at, "to": first.at },
            })),
            _ => {}
        }
        line.extend(&segment.points);
        let coordinates: Vec<_> = line.iter().map(|point| place(point)).collect();
        let geometry = match coordinates.as_slice() {
            [only] => json!({ "type": "Point", "coordinates": only }),
            _ => json!({ "type": "LineString", "coordinates": coordinates }),
        };
        features.push(json!({
            "type": "Feature",
            "geometry": geometry,
            "properties": { "type": "stretch", "number": segment.number, "from": first.at, "to": last.at },
        }));
        before = Some(last);
    }
    features
}

fn place(point: &TrackPoint) -> [f64; 2] {
    [point.position.lon(), point.position.lat()]
}

#[cfg(test)]
mod tests {
    use super::*;
    use keng_shared::geo::LatLon;
    use keng_shared::id::SegmentId;
    use keng_shared::track::GapReason;
    use uuid::Uuid;

    fn segment(number: u32, start: SegmentStart, seconds: &[i64]) -> TrackSegment {
        let points = seconds.iter().map(|second| TrackPoint {
            at: Millis(second * 1_000),
            position: LatLon::from_degrees(20.0, 105.0 + *second as f64 / 1_000.0).unwrap(),
            accuracy_cm: 500,
        });
        TrackSegment {
            id: SegmentId(Uuid::nil()),
            record_id: RecordId(Uuid::nil()),
            number,
            start,
            points: points.collect(),
        }
    }

    #[test]
    fn no_line_crosses_a_gap_and_a_continued_stretch_is_joined() {
        let gap = SegmentStart::AfterGap {
            reason: GapReason::ScreenOff,
        };
        let track = [
            segment(0, SegmentStart::First, &[0, 1]),
            segment(1, SegmentStart::Continues, &[2]),
            segment(2, gap, &[60]),
        ];
        let shapes: Vec<_> = features(&track)
            .iter()
            .map(|feature| {
                let geometry = &feature["geometry"];
                let count = geometry["coordinates"].as_array().unwrap().len();
                (
                    geometry["type"].as_str().unwrap().to_owned(),
                    count,
                    feature["properties"]["reason"].clone(),
                )
            })
            .collect();
        let expected = [
            ("LineString".to_owned(), 2, Value::Null),
            ("LineString".to_owned(), 2, Value::Null),
            ("MultiPoint".to_owned(), 2, json!("screen_off")),
            ("Point".to_owned(), 2, Value::Null),
        ];
        assert_eq!(shapes, expected);
    }
}
