//! The way of a patrol as a bare line, such that nobody reads a home off it.
//!
//! A patrol often begins and ends at somebody's door, and a long gap may be a rest at home. So whatever lies near such a
//! place is left out, wherever the way passes it; how near differs from patrol to patrol, so that the rim of the
//! hole does not give away its middle. What is left is thinned and fitted into a square.

use keng_shared::geo::LatLon;
use keng_shared::id::RecordId;
use keng_shared::track::{MAX_SPEED_M_S, SegmentStart, TrackPoint, TrackSegment};

/// Least distance in metres that is kept from a place where the way begins, ends or rests.
const NEAREST_M: f64 = 150.0;
/// How many metres more it may be, by the record's random bits.
const MORE_M: u128 = 150;
/// A gap this long may be a rest at home: 10 minutes.
const REST_MS: i64 = 10 * 60_000;
/// Bends smaller than this many metres are not drawn.
const STEP_M: f64 = 25.0;
/// A way that is left with less than this many metres from side to side is not worth drawing.
const SMALLEST_M: f64 = 100.0;

/// A line of points in a square of side 1, from its north-western corner.
pub type Line = Vec<(f64, f64)>;

/// What of the way can be shown. `segments` are in the order of their numbers.
pub fn outline(segments: &[TrackSegment], id: RecordId) -> Vec<Line> {
    let radius = NEAREST_M + (id.0.as_u128() % MORE_M) as f64;
    let kept = kept(segments, radius);
    let thinned: Vec<Vec<LatLon>> = kept
        .iter()
        .map(|line| thinned(line))
        .filter(|line| line.len() > 1)
        .collect();
    fitted(&thinned)
}

/// The parts of the way that are farther than `radius` metres from every place where it begins, ends or rests.
fn kept(segments: &[TrackSegment], radius: f64) -> Vec<Vec<LatLon>> {
    let doors = doors(segments);
    let is_near = |point: LatLon| doors.iter().any(|door| door.distance_m(point) <= radius);
    let mut lines = Vec::new();
    let mut line: Vec<LatLon> = Vec::new();
    let mut last: Option<TrackPoint> = None;
    for segment in segments {
        for (index, point) in segment.points.iter().enumerate() {
            let is_joined = index > 0 || segment.start == SegmentStart::Continues;
            let is_step = last.is_some_and(|last| is_joined && !is_jump(last, *point));
            if !is_step || is_near(point.position) {
                lines.push(std::mem::take(&mut line));
            }
            if !is_near(point.position) {
                line.push(point.position);
            }
            last = Some(*point);
        }
    }
    lines.push(line);
    lines.retain(|line| line.len() > 1);
    lines
}

/// Where the way begins and ends, and both sides of every rest.
fn doors(segments: &[TrackSegment]) -> Vec<LatLon> {
    let mut doors = Vec::new();
    let mut last: Option<TrackPoint> = None;
    for point in segments.iter().flat_map(|segment| &segment.points) {
        match last {
            None => doors.push(point.position),
            Some(last) if point.at.since(last.at) >= REST_MS => {
                doors.extend([last.position, point.position]);
            }
            Some(_) => {}
        }
        last = Some(*point);
    }
    doors.extend(last.map(|last| last.position));
    doors
}

fn is_jump(from: TrackPoint, to: TrackPoint) -> bool {
    let seconds = (to.at.since(from.at).max(1_000) as f64) / 1_000.0;
    from.position.distance_m(to.position) > MAX_SPEED_M_S * seconds
}

fn thinned(line: &[LatLon]) -> Vec<LatLon> {
    let mut kept: Vec<LatLon> = Vec::new();
    for (index, point) in line.iter().enumerate() {
        let is_far = kept.last().is_none_or(|last| last.distance_m(*point) >= STEP_M);
        if is_far || index + 1 == line.len() {
            kept.push(*point);
        }
    }
    kept
}

/// The lines in the middle of a square of side 1, north above.
fn fitted(lines: &[Vec<LatLon>]) -> Vec<Line> {
    let points = || lines.iter().flatten();
    let bounds = |of: fn(&LatLon) -> i32| points().map(of).min().zip(points().map(of).max());
    let (Some((south, north)), Some((west, east))) = (bounds(|p| p.lat_e7), bounds(|p| p.lon_e7)) else {
        return Vec::new();
    };
    let corner = LatLon {
        lat_e7: north,
        lon_e7: west,
    };
    let across = corner.distance_m(LatLon {
        lon_e7: east,
        ..corner
    });
    let down = corner.distance_m(LatLon {
        lat_e7: south,
        ..corner
    });
    let side = across.max(down);
    if side < SMALLEST_M {
        return Vec::new();
    }
    let place = |point: &LatLon| {
        let x = corner.distance_m(LatLon {
            lon_e7: point.lon_e7,
            ..corner
        });
        let y = corner.distance_m(LatLon {
            lat_e7: point.lat_e7,
            ..corner
        });
        (
            (x + (side - across) / 2.0) / side,
            (y + (side - down) / 2.0) / side,
        )
    };
    lines
        .iter()
        .map(|line| line.iter().map(place).collect())
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use keng_shared::id::SegmentId;
    use keng_shared::time::Millis;
    use keng_shared::track::GapReason;
    use uuid::Uuid;

    /// A walk to the north at 1 m/s, one fix each ten seconds, from `from` to `to` metres; `pause_s` seconds before it.
    fn walk(number: u32, start: SegmentStart, from: i32, to: i32, begins_s: i64) -> TrackSegment {
        let points = (from..=to).step_by(10).map(|metres| TrackPoint {
            at: Millis((begins_s + i64::from(metres - from)) * 1_000),
            position: north(metres),
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

    fn north(metres: i32) -> LatLon {
        LatLon {
            lat_e7: 200_000_000 + metres * 90,
            lon_e7: 1_053_000_000,
        }
    }

    const GAP: SegmentStart = SegmentStart::AfterGap {
        reason: GapReason::ScreenOff,
    };

    #[test]
    fn nothing_near_the_beginning_the_end_or_a_rest_is_left_wherever_the_way_passes_it() {
        // Out, a rest of twenty minutes at 1,000 m, on, and home again past everything.
        let mut back = walk(2, SegmentStart::Continues, 0, 2_000, 5_000);
        let times: Vec<Millis> = back.points.iter().map(|point| point.at).collect();
        back.points.reverse();
        for (point, at) in back.points.iter_mut().zip(times) {
            point.at = at;
        }
        let track = [
            walk(0, SegmentStart::First, 0, 1_000, 0),
            walk(1, GAP, 1_000, 2_000, 2_200),
            back,
        ];
        let lines = kept(&track, 200.0);
        assert!(lines.len() >= 3, "{}", lines.len());
        for point in lines.iter().flatten() {
            for door in [north(0), north(1_000)] {
                assert!(door.distance_m(*point) > 200.0, "{point:?}");
            }
        }
    }

    #[test]
    fn a_short_gap_breaks_the_line_but_hides_nothing() {
        let track = [
            walk(0, SegmentStart::First, 0, 1_000, 0),
            walk(1, GAP, 1_050, 2_000, 1_060),
        ];
        let lines = kept(&track, 200.0);
        let ends: Vec<Option<LatLon>> = lines.iter().map(|line| line.last().copied()).collect();
        assert_eq!(ends[0], Some(north(1_000)));
        assert_eq!(lines[1].first(), Some(&north(1_050)));
    }

    #[test]
    fn a_walk_round_the_house_is_not_drawn() {
        let track = [walk(0, SegmentStart::First, 0, 300, 0)];
        assert!(outline(&track, RecordId(Uuid::nil())).is_empty());
        assert!(outline(&[], RecordId(Uuid::nil())).is_empty());
    }

    #[test]
    fn the_line_lies_in_the_middle_of_the_square_with_north_above() {
        let track = [walk(0, SegmentStart::First, 0, 3_000, 0)];
        let lines = outline(&track, RecordId(Uuid::nil()));
        let line = &lines[0];
        assert!(
            line.iter()
                .all(|(x, y)| (*x - 0.5).abs() < 1e-6 && (0.0..=1.0).contains(y))
        );
        let (first, last) = (line[0], line[line.len() - 1]);
        assert!(first.1 > 0.99 && last.1 < 0.01, "{first:?} {last:?}");
        assert!(line.len() < 120, "{}", line.len());
    }

    #[test]
    fn how_much_is_cut_differs_from_patrol_to_patrol() {
        let track = [walk(0, SegmentStart::First, 0, 3_000, 0)];
        let points = |bits| outline(&track, RecordId(Uuid::from_u128(bits)))[0].len();
        assert!(points(0) > points(149));
    }
}
