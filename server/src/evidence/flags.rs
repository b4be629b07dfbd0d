//! What a reviewer should look at, computed from what is known. A flag never refuses anything.

use chrono::NaiveDateTime;
use keng_shared::evidence::{Manifest, Origin};
use keng_shared::geo::{self, Fix, LatLon};
use keng_shared::id::CheckpointId;
use keng_shared::patrol::{CheckIn, CheckInProof};
use keng_shared::record::{Body, ExifHint, Flag, Record};
use keng_shared::time::{LOCAL_OFFSET_MS, Millis};
use keng_shared::track::TrackSummary;
use std::collections::BTreeSet;

/// A device clock, or an EXIF time, this far off is worth a look: 10 minutes (TRUST E4).
pub const SKEW_MS: i64 = 10 * 60_000;
/// An EXIF position this far from the stated one is worth a look, in metres.
pub const EXIF_DISTANCE_M: f64 = 200.0;
/// A gap in a track longer than this is worth a look: 15 minutes.
pub const LONG_GAP_MS: i64 = 15 * 60_000;
/// A record sent this long after its end is worth a look: 72 hours.
pub const LATE_MS: i64 = 72 * 3_600_000;

/// An area's outline: polygons → rings → `[lon, lat]` in degrees.
pub type Boundary = Vec<Vec<Vec<[f64; 2]>>>;

/// A checkpoint's fence.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Fence {
    pub id: CheckpointId,
    pub centre: LatLon,
    pub radius_m: u16,
    /// When it was moved or changed; the fence that holds now has none.
    pub until: Option<Millis>,
}

impl Fence {
    /// Whether a check-in may lean on this fence: the one that is now, as a move often corrects a wrong place, and those that
    /// held until shortly before, which is what a phone without a network knew.
    fn may_prove(&self, check_in: &CheckIn) -> bool {
        let held = self.until.is_none_or(|until| check_in.at.since(until) < LATE_MS);
        self.id == check_in.checkpoint_id && held
    }
}

/// What is known around a record when it arrives.
#[derive(Debug, Clone, Copy, Default)]
pub struct Surroundings<'a> {
    /// Outline of the record's area; nothing is outside an area without one.
    pub boundary: Option<&'a Boundary>,
    /// Checkpoints that the record names.
    pub fences: &'a [Fence],
    /// What its track adds up to so far.
    pub track: Option<TrackSummary>,
}

/// Flags of a record received at `now`.
pub fn of_record(record: &Record, around: Surroundings<'_>, now: Millis) -> BTreeSet<Flag> {
    let draft = record.draft();
    let mut flags = BTreeSet::new();
    match draft.fix {
        // A week of broadcasts is confirmed from anywhere.
        None if matches!(record.body(), Body::Loudspeaker(_)) => {}
        None => drop(flags.insert(Flag::NoPosition)),
        Some(fix) if is_outside(fix, around.boundary) => drop(flags.insert(Flag::OutsideArea)),
        Some(_) => {}
    }
    if draft
        .clock_offset_ms
        .is_some_and(|offset| offset.saturating_abs() > SKEW_MS)
    {
        flags.insert(Flag::ClockSkew);
    }
    let sent_late = || record.ended_at().is_some_and(|end| now.since(end) > LATE_MS);
    match record.body() {
        // What counts is when it was confirmed; a phone may be without a network for days.
        Body::Loudspeaker(session) if session.slot.is_some() => {
            flags.extend(
                session
                    .is_late(draft.started_at)
                    .then_some(Flag::LateConfirmation),
            );
        }
        _ => flags.extend(sent_late().then_some(Flag::LateSend)),
    }
    if let Body::Patrol(patrol) = record.body() {
        let outside = patrol.check_ins.iter().any(|check_in| match &check_in.proof {
            CheckInProof::Gps { fix } => {
                let mut fences = around
                    .fences
                    .iter()
                    .filter(|fence| fence.may_prove(check_in))
                    .peekable();
                fences.peek().is_some() && fences.all(|fence| is_off(*fix, fence))
            }
            CheckInProof::Qr { .. } | CheckInProof::Photo { .. } => false,
        });
        if outside {
            flags.insert(Flag::OutsideFence);
        }
    }
    flags.extend(around.track.iter().flat_map(of_track));
    flags
}

/// Flags that come from a track alone.
pub fn of_track(track: &TrackSummary) -> BTreeSet<Flag> {
    let mut flags = BTreeSet::new();
    if track.jumps > 0 {
        flags.insert(Flag::ImpossibleSpeed);
    }
    if track.longest_gap_ms > LONG_GAP_MS {
        flags.insert(Flag::LongGap);
    }
    flags
}

/// Flags of a manifest announced at `now`, except for its place in the chain.
pub fn of_manifest(manifest: &Manifest, boundary: Option<&Boundary>, now: Millis) -> BTreeSet<Flag> {
    let mut flags = BTreeSet::new();
    match manifest.fix {
        None => drop(flags.insert(Flag::NoPosition)),
        Some(fix) if is_outside(fix, boundary) => drop(flags.insert(Flag::OutsideArea)),
        Some(_) => {}
    }
    if manifest.origin != Origin::Camera {
        flags.insert(Flag::PickedFile);
    }
    if manifest.captured_at.since(now) > SKEW_MS {
        flags.insert(Flag::ClockSkew);
    }
    flags
}

/// Flags that come from comparing EXIF with the manifest. EXIF that says nothing contradicts nothing.
pub fn of_exif(manifest: &Manifest, exif: &ExifHint) -> BTreeSet<Flag> {
    let mut flags = BTreeSet::new();
    let taken_at = exif.taken_at.as_deref().and_then(local_instant);
    if taken_at.is_some_and(|taken| taken.since(manifest.captured_at).saturating_abs() > SKEW_MS) {
        flags.insert(Flag::ExifTimeDiffers);
    }
    if let (Some(stated), Some(written)) = (manifest.fix, exif.position)
        && stated.at.distance_m(written) > EXIF_DISTANCE_M
    {
        flags.insert(Flag::ExifPlaceDiffers);
    }
    flags
}

/// An instant from EXIF's local time, which has no zone: the phone is taken to be in Việt Nam.
fn local_instant(text: &str) -> Option<Millis> {
    let local = NaiveDateTime::parse_from_str(text, "%Y-%m-%dT%H:%M:%S").ok()?;
    Some(Millis(local.and_utc().timestamp_millis()).plus(-LOCAL_OFFSET_MS))
}

fn is_outside(fix: Fix, boundary: Option<&Boundary>) -> bool {
    boundary.is_some_and(|polygons| !geo::contains(polygons, fix.at))
}

/// Outside the fence even if the fix errs by its whole accuracy.
fn is_off(fix: Fix, fence: &Fence) -> bool {
    let slack = f64::from(fix.accuracy_cm) / 100.0;
    fix.at.distance_m(fence.centre) > f64::from(fence.radius_m) + slack
}

#[cfg(test)]
mod tests {
    use super::*;
    use keng_shared::evidence::CHAIN_START;
    use keng_shared::id::{DeviceId, EntryId, PhotoId, RecordId, UserId};
    use uuid::Uuid;

    const NOW: Millis = Millis(1_700_000_000_000);

    fn fix(lat: f64, lon: f64) -> Fix {
        Fix {
            at: LatLon::from_degrees(lat, lon).unwrap(),
            accuracy_cm: 1_000,
            age_ms: 0,
        }
    }

    fn manifest(fix: Option<Fix>) -> Manifest {
        Manifest {
            v: 1,
            photo_id: PhotoId(Uuid::nil()),
            record_id: RecordId(Uuid::nil()),
            device_id: DeviceId(Uuid::nil()),
            user_id: UserId(Uuid::nil()),
            seq: 1,
            prev: CHAIN_START.into(),
            sha256: CHAIN_START.into(),
            size: 1,
            mime: "image/jpeg".into(),
            width: 1,
            height: 1,
            captured_at: NOW,
            origin: Origin::Camera,
            fix,
        }
    }

    fn square() -> Boundary {
        vec![vec![vec![
            [105.0, 20.0],
            [106.0, 20.0],
            [106.0, 21.0],
            [105.0, 21.0],
            [105.0, 20.0],
        ]]]
    }

    fn only(flag: Flag) -> BTreeSet<Flag> {
        BTreeSet::from([flag])
    }

    #[test]
    fn a_place_outside_the_boundary_is_flagged_and_an_area_without_one_has_no_outside() {
        let outside = manifest(Some(fix(22.0, 105.5)));
        assert_eq!(
            of_manifest(&outside, Some(&square()), NOW),
            only(Flag::OutsideArea)
        );
        assert_eq!(of_manifest(&outside, None, NOW), BTreeSet::new());
        let inside = manifest(Some(fix(20.5, 105.5)));
        assert_eq!(of_manifest(&inside, Some(&square()), NOW), BTreeSet::new());
    }

    #[test]
    fn a_picked_file_without_position_from_the_future_has_three_flags() {
        let odd = Manifest {
            origin: Origin::File,
            captured_at: NOW.plus(SKEW_MS + 1),
            ..manifest(None)
        };
        let expected = BTreeSet::from([Flag::NoPosition, Flag::PickedFile, Flag::ClockSkew]);
        assert_eq!(of_manifest(&odd, None, NOW), expected);
    }

    #[test]
    fn exif_is_compared_as_local_time_of_viet_nam() {
        // 1_700_000_000 s is 2023-11-15 05:13:20 in Việt Nam.
        let at = |text: &str| ExifHint {
            taken_at: Some(text.into()),
            ..ExifHint::default()
        };
        assert_eq!(
            of_exif(&manifest(None), &at("2023-11-15T05:20:00")),
            BTreeSet::new()
        );
        assert_eq!(
            of_exif(&manifest(None), &at("2023-11-14T22:13:20")),
            only(Flag::ExifTimeDiffers)
        );
        assert_eq!(of_exif(&manifest(None), &ExifHint::default()), BTreeSet::new());
    }

    #[test]
    fn a_fence_of_before_proves_a_check_in_until_phones_must_know_of_the_move() {
        let check_in = CheckIn {
            id: EntryId(Uuid::nil()),
            checkpoint_id: CheckpointId(1),
            at: NOW,
            proof: CheckInProof::Gps {
                fix: fix(20.5, 105.5),
            },
        };
        let fence = |id, until| Fence {
            id: CheckpointId(id),
            centre: fix(20.5, 105.5).at,
            radius_m: 50,
            until,
        };
        assert!(fence(1, None).may_prove(&check_in) && fence(1, Some(NOW.plus(1))).may_prove(&check_in));
        assert!(fence(1, Some(NOW.plus(1 - LATE_MS))).may_prove(&check_in));
        assert!(!fence(1, Some(NOW.plus(-LATE_MS))).may_prove(&check_in));
        assert!(!fence(2, None).may_prove(&check_in));
    }

    #[test]
    fn an_exif_place_a_kilometre_away_is_flagged() {
        let there = ExifHint {
            position: Some(LatLon::from_degrees(20.51, 105.5).unwrap()),
            ..ExifHint::default()
        };
        let stated = manifest(Some(fix(20.5, 105.5)));
        assert_eq!(of_exif(&stated, &there), only(Flag::ExifPlaceDiffers));
    }
}
