//! Tracks of the demo's patrols: somebody on foot between stops, with the scatter of a phone's fixes and honest gaps.

use super::canvas::Dice;
use keng_shared::geo::LatLon;
use keng_shared::id::{RecordId, SegmentId};
use keng_shared::time::Millis;
use keng_shared::track::{GapReason, MAX_POINTS, SegmentStart, TrackPoint, TrackSegment};
use serde::Deserialize;

/// Seconds between fixes.
const STEP_S: i64 = 15;
/// Metres a second on foot, looking around.
const PACE: f64 = 0.9;
/// Fixes for which the walk rests at a stop.
const REST: u32 = 14;

/// A time without fixes, in minutes from the start.
#[derive(Debug, Clone, Copy, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Gap {
    pub(super) minute: i64,
    pub(super) minutes: i64,
    pub(super) reason: GapReason,
}

/// A walked patrol.
pub(super) struct Walk {
    /// The track.
    pub(super) segments: Vec<TrackSegment>,
    /// When each stop was reached first, and where the phone thought it was.
    pub(super) reached: Vec<TrackPoint>,
}

/// Walks from stop to stop and through places around them for `minutes`.
pub(super) fn walk(
    record: RecordId,
    start: Millis,
    minutes: i64,
    stops: &[LatLon],
    gaps: &[Gap],
    segment_id: impl Fn(u32) -> SegmentId,
    dice: &mut Dice,
) -> Walk {
    let route = route(stops, dice);
    let fixes = fixes(start, minutes, &route, dice);
    let reached = stops
        .iter()
        .filter_map(|stop| {
            let near = |point: &&TrackPoint| point.position.distance_m(*stop) < 25.0;
            fixes.iter().find(near).or(fixes.first()).copied()
        })
        .collect();
    let mut segments: Vec<TrackSegment> = Vec::new();
    let mut missing: Option<GapReason> = None;
    for point in fixes {
        let at_minute = point.at.since(start) / 60_000;
        let gap = gaps
            .iter()
            .find(|gap| (gap.minute..gap.minute + gap.minutes).contains(&at_minute));
        if let Some(gap) = gap {
            missing = Some(gap.reason);
            continue;
        }
        let begin = match (segments.last(), missing.take()) {
            (None, _) => Some(SegmentStart::First),
            (Some(_), Some(reason)) => Some(SegmentStart::AfterGap { reason }),
            (Some(last), None) if last.points.len() == MAX_POINTS => Some(SegmentStart::Continues),
            (Some(_), None) => None,
        };
        match (begin, segments.last_mut()) {
            (None, Some(last)) => last.points.push(point),
            (begin, _) => {
                let number = u32::try_from(segments.len()).unwrap_or(u32::MAX);
                segments.push(TrackSegment {
                    id: segment_id(number),
                    record_id: record,
                    number,
                    start: begin.unwrap_or(SegmentStart::First),
                    points: vec![point],
                });
            }
        }
    }
    Walk { segments, reached }
}

/// Places to pass in turn; a stop is a place to rest.
fn route(stops: &[LatLon], dice: &mut Dice) -> Vec<(LatLon, bool)> {
    let mut route = Vec::new();
    for _ in 0..6 {
        for stop in stops {
            route.push((*stop, true));
            for _ in 0..3 {
                route.push((moved(*stop, dice, 420.0), false));
            }
        }
    }
    route
}

fn fixes(start: Millis, minutes: i64, route: &[(LatLon, bool)], dice: &mut Dice) -> Vec<TrackPoint> {
    let mut fixes = Vec::new();
    let mut places = route.iter().cycle();
    let Some(&(mut here, _)) = places.next() else {
        return fixes;
    };
    let mut target = places.next();
    let mut rest = REST;
    for step in 0..=minutes * 60 / STEP_S {
        let measured = moved(here, dice, 4.0);
        fixes.push(TrackPoint {
            at: start.plus(step * STEP_S * 1_000),
            position: measured,
            accuracy_cm: dice.between(350.0, 1_400.0) as u32,
        });
        if rest > 0 {
            rest -= 1;
            continue;
        }
        let Some(&(to, is_stop)) = target else { break };
        let left = here.distance_m(to);
        let stride = PACE * STEP_S as f64;
        if left <= stride {
            here = to;
            rest = if is_stop { REST } else { 0 };
            target = places.next();
        } else {
            here = between(here, to, stride / left);
        }
    }
    fixes
}

fn between(a: LatLon, b: LatLon, part: f64) -> LatLon {
    let mix = |a: i32, b: i32| (f64::from(a) + f64::from(b - a) * part).round() as i32;
    LatLon {
        lat_e7: mix(a.lat_e7, b.lat_e7),
        lon_e7: mix(a.lon_e7, b.lon_e7),
    }
}

/// A place at most about `metres` away in each direction.
pub(super) fn moved(from: LatLon, dice: &mut Dice, metres: f32) -> LatLon {
    // One metre is about 90 units of latitude, and a little more of longitude in Thanh Hóa.
    let mut offset = || (dice.between(-metres, metres) * 90.0) as i32;
    LatLon {
        lat_e7: from.lat_e7 + offset(),
        lon_e7: from.lon_e7 + offset(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use keng_shared::track::summarise;
    use uuid::Uuid;

    fn sample(gaps: &[Gap]) -> Walk {
        let stops =
            [(19.962, 105.345), (19.966, 105.348)].map(|(lat, lon)| LatLon::from_degrees(lat, lon).unwrap());
        walk(
            RecordId(Uuid::nil()),
            Millis(1_700_000_000_000),
            180,
            &stops,
            gaps,
            |number| SegmentId(Uuid::from_u128(u128::from(number))),
            &mut Dice::new(1),
        )
    }

    #[test]
    fn a_walk_of_three_hours_is_a_few_kilometres_without_impossible_jumps() {
        let walk = sample(&[]);
        let sum = summarise(&walk.segments);
        assert!((4_000..20_000).contains(&sum.length_m), "{sum:?}");
        assert_eq!((sum.jumps, sum.gaps), (0, 0));
        assert_eq!(walk.reached.len(), 2);
        assert!(walk.segments.iter().all(|segment| segment.check().is_ok()));
    }

    #[test]
    fn a_gap_has_its_reason_and_its_length() {
        let gap = Gap {
            minute: 60,
            minutes: 20,
            reason: GapReason::ScreenOff,
        };
        let sum = summarise(&sample(&[gap]).segments);
        assert_eq!(sum.gaps, 1);
        assert!(
            (19 * 60_000..=21 * 60_000).contains(&sum.longest_gap_ms),
            "{sum:?}"
        );
    }
}
