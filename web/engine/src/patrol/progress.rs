//! How far a patrol has come: points passed, points left, the next one and whether the crew stands at one.

use keng_shared::geo::LatLon;
use keng_shared::id::CheckpointId;
use keng_shared::order;
use keng_shared::patrol::CheckIn;
use keng_shared::sync::Checkpoint;
use keng_shared::track::TrackPoint;

/// A fix less exact than this cannot prove presence at a small fence: 50 m.
const COARSE_CM: u32 = 5_000;

/// How far a patrol has come.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Progress {
    /// Points that were passed, each once.
    pub passed: Vec<CheckpointId>,
    /// Points that are left, the nearest first when the position is known, otherwise in the order of the plan.
    pub left: Vec<CheckpointId>,
    /// The nearest point that is left and its distance in metres.
    pub next: Option<(CheckpointId, f64)>,
    /// The point that is left and in whose fence the crew stands.
    pub inside: Option<CheckpointId>,
}

/// How far a patrol along `route` has come, at its last fix.
pub fn progress(route: &[&Checkpoint], check_ins: &[CheckIn], last: Option<TrackPoint>) -> Progress {
    let is_passed = |point: &Checkpoint| check_ins.iter().any(|c| c.checkpoint_id == point.id);
    let (passed, mut left): (Vec<_>, Vec<_>) = route.iter().copied().partition(|point| is_passed(point));
    let distance = |point: &Checkpoint, from: LatLon| from.distance_m(point.position);
    if let Some(fix) = last {
        order::sort_by(&mut left, |a, b| {
            let (near, far) = (distance(a, fix.position), distance(b, fix.position));
            near.total_cmp(&far).then(a.id.cmp(&b.id))
        });
    }
    let next = last.and_then(|fix| {
        left.first()
            .map(|point| (point.id, distance(point, fix.position)))
    });
    let inside = last.and_then(|fix| left.iter().find(|point| is_inside(point, fix)).map(|p| p.id));
    Progress {
        passed: passed.iter().map(|point| point.id).collect(),
        left: left.iter().map(|point| point.id).collect(),
        next,
        inside,
    }
}

/// Whether a fix proves presence: inside the radius, and exact enough for a fence of that size.
fn is_inside(point: &Checkpoint, fix: TrackPoint) -> bool {
    let exact_enough = fix.accuracy_cm <= COARSE_CM.max(u32::from(point.radius_m) * 100);
    exact_enough && fix.position.distance_m(point.position) <= f64::from(point.radius_m)
}

#[cfg(test)]
mod tests {
    use super::*;
    use keng_shared::geo::Fix;
    use keng_shared::id::{AreaId, EntryId};
    use keng_shared::patrol::CheckInProof;
    use keng_shared::time::Millis;
    use uuid::Uuid;

    fn point(id: i64, lat: f64) -> Checkpoint {
        Checkpoint {
            id: CheckpointId(id),
            area_id: AreaId(1),
            name: format!("Điểm {id}"),
            position: LatLon::from_degrees(lat, 105.0).unwrap(),
            radius_m: 30,
            token_sha256: String::new(),
            revision: 1,
            moved_at: None,
            retired_at: None,
        }
    }

    fn fix(lat: f64, accuracy_cm: u32) -> Option<TrackPoint> {
        Some(TrackPoint {
            at: Millis(0),
            position: LatLon::from_degrees(lat, 105.0).unwrap(),
            accuracy_cm,
        })
    }

    fn check_in(id: i64) -> CheckIn {
        CheckIn {
            id: EntryId(Uuid::nil()),
            checkpoint_id: CheckpointId(id),
            at: Millis(0),
            proof: CheckInProof::Gps {
                fix: Fix {
                    at: LatLon { lat_e7: 0, lon_e7: 0 },
                    accuracy_cm: 0,
                    age_ms: 0,
                },
            },
        }
    }

    #[test]
    fn the_nearest_point_that_is_left_comes_next_with_its_distance() {
        let (a, b, c) = (point(1, 20.0), point(2, 20.01), point(3, 20.002));
        let seen = progress(&[&a, &b, &c], &[check_in(1)], fix(20.0, 500));
        assert_eq!(seen.passed, [CheckpointId(1)]);
        assert_eq!(seen.left, [CheckpointId(3), CheckpointId(2)]);
        let (next, metres) = seen.next.unwrap();
        assert_eq!((next, metres.round()), (CheckpointId(3), 222.0));
        assert_eq!(seen.inside, None);
    }

    #[test]
    fn an_exact_fix_in_the_fence_is_inside_and_a_coarse_one_is_not() {
        let a = point(1, 20.0);
        assert_eq!(
            progress(&[&a], &[], fix(20.0002, 800)).inside,
            Some(CheckpointId(1))
        );
        assert_eq!(progress(&[&a], &[], fix(20.0002, 9_000)).inside, None);
        assert_eq!(progress(&[&a], &[], fix(20.0004, 800)).inside, None);
    }

    #[test]
    fn passing_a_point_twice_counts_once() {
        let a = point(1, 20.0);
        let seen = progress(&[&a], &[check_in(1), check_in(1)], None);
        assert_eq!((seen.passed.len(), seen.left.len()), (1, 0));
    }
}
