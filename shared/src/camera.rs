//! Cameras of a camera model: where they look, how long their recorders keep, and when that is over.

use crate::geo::LatLon;
use crate::id::{AreaId, CameraId};
use crate::json::{FromJson, ToJson};
use crate::problem::{FieldCode, FieldError};
use crate::time::Millis;
use serde::{Deserialize, Serialize};

/// Widest field of view, in degrees: a dome sees all around.
pub const MAX_VIEW_DEG: u16 = 360;
/// Farthest range, in metres.
pub const MAX_RANGE_M: u16 = 1_000;
/// Longest that a recorder keeps, in days.
pub const MAX_KEEP_DAYS: u16 = 365;
/// Radius of a footage request, in metres.
pub const REQUEST_RADIUS_M: std::ops::RangeInclusive<u16> = 20..=2_000;
/// How long a phone keeps a question for footage that was answered, or whose recording is overwritten: 14 days.
pub const ASKED_KEPT_MS: i64 = 14 * 86_400_000;
/// Longest span of a footage request: 24 hours.
pub const MAX_REQUEST_MS: i64 = 24 * 3_600_000;

/// Where a camera stands and looks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, FromJson, ToJson)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct Sight {
    /// Where it hangs.
    pub position: LatLon,
    /// Where it looks, in degrees clockwise from north, 0 to 359.
    pub direction_deg: u16,
    /// How wide it sees, in degrees, 10 to [`MAX_VIEW_DEG`].
    pub view_deg: u16,
    /// How far it sees, in metres, 1 to [`MAX_RANGE_M`].
    pub range_m: u16,
}

impl Sight {
    /// What is wrong with it.
    pub fn check(&self) -> Vec<FieldError> {
        let mut errors = Vec::new();
        if !self.position.is_valid() {
            errors.push(FieldError::new("position", FieldCode::BadFormat).with("expected", "degrees"));
        }
        let mut within = |field: &str, value: u16, min: u16, max: u16| {
            if value < min {
                errors.push(FieldError::new(field, FieldCode::TooSmall).with("min", min));
            } else if value > max {
                errors.push(FieldError::new(field, FieldCode::TooBig).with("max", max));
            }
        };
        within("direction_deg", self.direction_deg, 0, 359);
        within("view_deg", self.view_deg, 10, MAX_VIEW_DEG);
        within("range_m", self.range_m, 1, MAX_RANGE_M);
        errors
    }

    /// The outline of what it sees, as `[lon, lat]` in degrees, closed: a wedge, or a circle for one that sees all around.
    pub fn wedge(&self) -> Vec<[f64; 2]> {
        let (view, range) = (f64::from(self.view_deg), f64::from(self.range_m));
        let (lat, lon) = (self.position.lat(), self.position.lon());
        // 111,195 m a degree of latitude; a degree of longitude shrinks with the cosine.
        let metres_east = 111_195.0 * lat.to_radians().cos().max(0.01);
        let edge = |bearing: f64| {
            let bearing = bearing.to_radians();
            [
                lon + range * bearing.sin() / metres_east,
                lat + range * bearing.cos() / 111_195.0,
            ]
        };
        let steps = (self.view_deg / 10).max(2);
        let first = f64::from(self.direction_deg) - view / 2.0;
        let arc = (0..=steps).map(|step| edge(first + view * f64::from(step) / f64::from(steps)));
        if self.view_deg == MAX_VIEW_DEG {
            arc.collect()
        } else {
            let here = [lon, lat];
            std::iter::once(here).chain(arc).chain([here]).collect()
        }
    }
}

/// When the recorder begins to overwrite what it recorded from `from` on.
pub fn overwritten_at(from: Millis, keep_days: u16) -> Millis {
    from.plus(i64::from(keep_days) * 86_400_000)
}

/// What a recorder still has of a span.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Remains {
    /// All of it.
    Whole,
    /// The end; the beginning is overwritten.
    End,
    /// Nothing.
    Nothing,
}

/// What a recorder that keeps so many days still has of a span.
pub fn remains(from: Millis, to: Millis, keep_days: u16, now: Millis) -> Remains {
    if overwritten_at(to, keep_days) <= now {
        Remains::Nothing
    } else if overwritten_at(from, keep_days) <= now {
        Remains::End
    } else {
        Remains::Whole
    }
}

/// A camera of the caller's own, as the phone holds it: enough to name it in a report, no coordinates, no contact.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, FromJson, ToJson)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct OwnCamera {
    /// The camera.
    pub id: CameraId,
    /// Its area.
    pub area_id: AreaId,
    /// What it is called.
    pub name: String,
    /// Days that its recorder keeps.
    pub keep_days: u16,
}

/// What came of the question for footage, at one camera.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, FromJson, ToJson)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum FootageState {
    /// Nobody has answered.
    Asked,
    /// The clip is kept; the custody says by whom.
    Kept,
    /// The recording was looked at and shows nothing of it.
    NothingSeen,
    /// The recorder has overwritten it.
    Overwritten,
}

impl FootageState {
    /// All states.
    pub const ALL: &'static [Self] = &[Self::Asked, Self::Kept, Self::NothingSeen, Self::Overwritten];

    /// The wire form.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Asked => "asked",
            Self::Kept => "kept",
            Self::NothingSeen => "nothing_seen",
            Self::Overwritten => "overwritten",
        }
    }

    /// The state with this wire form.
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|state| state.as_str() == text)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sight(direction_deg: u16, view_deg: u16) -> Sight {
        Sight {
            position: LatLon {
                lat_e7: 199_620_000,
                lon_e7: 1_053_450_000,
            },
            direction_deg,
            view_deg,
            range_m: 50,
        }
    }

    #[test]
    fn a_camera_that_looks_east_sees_nothing_in_the_west() {
        let wedge = sight(90, 80).wedge();
        assert!(wedge.iter().all(|[lon, _]| *lon >= 105.345 - 1e-9));
        assert_eq!(wedge.first(), wedge.last());
        let far = wedge
            .iter()
            .filter_map(|[lon, lat]| LatLon::from_degrees(*lat, *lon))
            .map(|at| at.distance_m(sight(90, 80).position))
            .fold(0.0, f64::max);
        assert!((far - 50.0).abs() < 1.0, "{far}");
    }

    #[test]
    fn a_dome_sees_all_around() {
        let wedge = sight(0, 360).wedge();
        assert!(wedge.len() > 30);
        assert!(!wedge.contains(&[105.345, 19.962]));
    }

    #[test]
    fn a_recorder_loses_the_beginning_of_a_span_first() {
        let days = |days: i64| Millis(days * 86_400_000);
        let left = |now| remains(days(10), days(11), 5, now);
        assert_eq!(left(days(14)), Remains::Whole);
        assert_eq!(left(days(15)), Remains::End);
        assert_eq!(left(days(16)), Remains::Nothing);
    }

    #[test]
    fn angles_and_ranges_out_of_bounds_are_named() {
        let wrong = Sight {
            range_m: 0,
            ..sight(360, 5)
        };
        let fields: Vec<_> = wrong.check().into_iter().map(|error| error.field).collect();
        assert_eq!(fields, ["direction_deg", "view_deg", "range_m"]);
    }
}
