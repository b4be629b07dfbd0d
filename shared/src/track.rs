//! A patrol's track: stretches of fixes with honest gaps between them.
//!
//! A web page gets no position while the screen is locked. So a track is a list of segments; a line is drawn inside
//! a segment, and from one segment to the next only where the next says that it continues without a gap.
//! Length and time come from segments alone.

use crate::geo::LatLon;
use crate::id::{RecordId, SegmentId};
use crate::json::{FromJson, ToJson};
use crate::problem::{FieldCode, FieldError};
use crate::time::Millis;
use serde::{Deserialize, Serialize};

/// Most fixes in one segment. The phone closes a segment when it is full and continues in the next.
pub const MAX_POINTS: usize = 500;
/// Most segments of one record.
pub const MAX_SEGMENTS: u32 = 500;
/// A fix farther from the one before than this speed allows is not on foot or motorbike: 40 m/s.
pub const MAX_SPEED_M_S: f64 = 40.0;

/// Why there is no track for a while.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, FromJson, ToJson)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum GapReason {
    /// The screen was locked or another app was in front.
    ScreenOff,
    /// The phone found no position.
    NoFix,
    /// The person or the browser denied the position.
    Denied,
    /// The app was closed or killed.
    AppClosed,
    /// The patrol was paused.
    Paused,
}

/// How a segment joins the one before it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, FromJson, ToJson)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case", tag = "type", deny_unknown_fields)]
pub enum SegmentStart {
    /// The first segment.
    First,
    /// Goes on where the segment before ended.
    Continues,
    /// Nothing is known between the segment before and this one.
    AfterGap {
        /// Why.
        reason: GapReason,
    },
}

/// One fix, written as `[at, lat_e7, lon_e7, accuracy_cm]`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, FromJson, ToJson)]
#[serde(from = "(i64, i32, i32, u32)", into = "(i64, i32, i32, u32)")]
pub struct TrackPoint {
    /// When, by the phone's clock.
    pub at: Millis,
    /// Where.
    pub position: LatLon,
    /// Radius of 68 % confidence in centimetres.
    pub accuracy_cm: u32,
}

impl From<(i64, i32, i32, u32)> for TrackPoint {
    fn from((at, lat_e7, lon_e7, accuracy_cm): (i64, i32, i32, u32)) -> Self {
        Self {
            at: Millis(at),
            position: LatLon { lat_e7, lon_e7 },
            accuracy_cm,
        }
    }
}

impl From<TrackPoint> for (i64, i32, i32, u32) {
    fn from(p: TrackPoint) -> Self {
        (p.at.0, p.position.lat_e7, p.position.lon_e7, p.accuracy_cm)
    }
}

/// A stretch of the track.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, FromJson, ToJson)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct TrackSegment {
    /// Made by the phone.
    pub id: SegmentId,
    /// The patrol.
    pub record_id: RecordId,
    /// Place in the track, from 0.
    pub number: u32,
    /// How it joins the segment before.
    pub start: SegmentStart,
    /// Fixes in the order of time, 1 to [`MAX_POINTS`], as `[at, lat_e7, lon_e7, accuracy_cm]`.
    #[cfg_attr(feature = "openapi", schema(value_type = Vec<Vec<i64>>))]
    pub points: Vec<TrackPoint>,
}

impl TrackSegment {
    /// Checks what can be checked without the rest of the track.
    pub fn check(&self) -> Result<(), Vec<FieldError>> {
        let mut errors = Vec::new();
        if self.number >= MAX_SEGMENTS {
            errors.push(FieldError::new("number", FieldCode::TooBig).with("max", MAX_SEGMENTS - 1));
        }
        if self.points.is_empty() {
            errors.push(FieldError::new("points", FieldCode::Required));
        }
        if self.points.len() > MAX_POINTS {
            errors.push(FieldError::new("points", FieldCode::TooLong).with("max", MAX_POINTS));
        }
        for (index, point) in self.points.iter().enumerate() {
            if !point.position.is_valid() {
                errors.push(FieldError::new(format!("points.{index}"), FieldCode::BadFormat));
            }
        }
        let backwards = self
            .points
            .windows(2)
            .position(|pair| matches!(pair, [a, b] if b.at < a.at));
        if let Some(index) = backwards {
            errors.push(FieldError::new(
                format!("points.{}", index + 1),
                FieldCode::EndBeforeStart,
            ));
        }
        if errors.is_empty() { Ok(()) } else { Err(errors) }
    }
}

/// What a track adds up to.
#[derive(Debug, Clone, Copy, PartialEq, Default, Serialize, Deserialize, FromJson, ToJson)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct TrackSummary {
    /// Metres along segments; gaps add nothing.
    pub length_m: u32,
    /// Milliseconds inside segments; gaps add nothing.
    pub moving_ms: i64,
    /// Number of gaps.
    pub gaps: u32,
    /// Milliseconds of gaps.
    pub gap_ms: i64,
    /// The longest single gap in milliseconds.
    pub longest_gap_ms: i64,
    /// Fixes reached only at an impossible speed; they add no length.
    pub jumps: u32,
}

/// Adds up segments, which must be in the order of `number`.
pub fn summarise(segments: &[TrackSegment]) -> TrackSummary {
    let mut sum = TrackSummary::default();
    let mut metres = 0.0;
    let mut last: Option<TrackPoint> = None;
    for segment in segments {
        let (Some(first), Some(end)) = (segment.points.first(), segment.points.last()) else {
            continue;
        };
        match (segment.start, last) {
            (SegmentStart::Continues, Some(before)) => add_step(&mut sum, &mut metres, before, *first),
            (SegmentStart::AfterGap { .. }, Some(before)) => {
                let ms = first.at.since(before.at).max(0);
                sum.gaps += 1;
                sum.gap_ms += ms;
                sum.longest_gap_ms = sum.longest_gap_ms.max(ms);
            }
            _ => {}
        }
        for pair in segment.points.windows(2) {
            if let [a, b] = pair {
                add_step(&mut sum, &mut metres, *a, *b);
            }
        }
        last = Some(*end);
    }
    sum.length_m = metres.round() as u32;
    sum
}

fn add_step(sum: &mut TrackSummary, metres: &mut f64, a: TrackPoint, b: TrackPoint) {
    let ms = b.at.since(a.at).max(0);
    let step = a.position.distance_m(b.position);
    sum.moving_ms += ms;
    if step > MAX_SPEED_M_S * (ms as f64 / 1000.0).max(1.0) {
        sum.jumps += 1;
    } else {
        *metres += step;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use uuid::Uuid;

    fn segment(number: u32, start: SegmentStart, points: &[(i64, f64)]) -> TrackSegment {
        let points = points.iter().map(|&(s, lat)| TrackPoint {
            at: Millis(s * 1000),
            position: LatLon::from_degrees(lat, 105.0).unwrap(),
            accuracy_cm: 500,
        });
        TrackSegment {
            id: SegmentId(Uuid::from_u128(u128::from(number))),
            record_id: RecordId(Uuid::nil()),
            number,
            start,
            points: points.collect(),
        }
    }

    #[test]
    fn a_gap_adds_neither_length_nor_time() {
        let track = [
            segment(0, SegmentStart::First, &[(0, 20.0), (100, 20.001)]),
            segment(
                1,
                SegmentStart::AfterGap {
                    reason: GapReason::ScreenOff,
                },
                &[(400, 20.01), (500, 20.011)],
            ),
        ];
        let sum = summarise(&track);
        assert_eq!(
            (sum.length_m, sum.moving_ms, sum.gaps, sum.gap_ms),
            (222, 200_000, 1, 300_000)
        );
    }

    #[test]
    fn a_full_segment_that_continues_counts_the_step_between() {
        let track = [
            segment(0, SegmentStart::First, &[(0, 20.0), (100, 20.001)]),
            segment(1, SegmentStart::Continues, &[(200, 20.002)]),
        ];
        assert_eq!(
            (summarise(&track).length_m, summarise(&track).moving_ms),
            (222, 200_000)
        );
    }

    #[test]
    fn a_jump_at_an_impossible_speed_is_counted_but_not_measured() {
        let sum = summarise(&[segment(
            0,
            SegmentStart::First,
            &[(0, 20.0), (5, 20.5), (10, 20.5)],
        )]);
        assert_eq!((sum.length_m, sum.jumps), (0, 1));
    }

    #[test]
    fn time_that_runs_backwards_is_refused_with_the_place() {
        let errors = segment(0, SegmentStart::First, &[(10, 20.0), (5, 20.0)])
            .check()
            .unwrap_err();
        assert_eq!(errors, [FieldError::new("points.1", FieldCode::EndBeforeStart)]);
    }

    #[test]
    fn a_point_travels_as_four_numbers() {
        let text = serde_json::to_string(&segment(0, SegmentStart::First, &[(1, 20.0)]).points).unwrap();
        assert_eq!(text, "[[1000,200000000,1050000000,500]]");
    }
}
