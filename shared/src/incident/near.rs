//! Whether two reports may be about the same event. They are offered to an officer side by side and never merged.

use super::Category;
use crate::geo::LatLon;
use crate::id::AreaId;
use crate::time::Millis;

/// Reports of one event lie at most this far apart, in metres.
pub const WITHIN_M: f64 = 300.0;
/// Reports of one event begin at most this far apart: 30 minutes.
pub const WITHIN_MS: i64 = 30 * 60_000;

/// What is compared of a report.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Report {
    /// What sort.
    pub category: Category,
    /// When it began.
    pub at: Millis,
    /// Where, if it is known.
    pub position: Option<LatLon>,
    /// In which area.
    pub area: AreaId,
}

/// Whether the two are of one category, begin within [`WITHIN_MS`] and lie within [`WITHIN_M`]. Where one of them has
/// no position, the same area is near enough.
pub fn may_be_same(a: &Report, b: &Report) -> bool {
    a.category == b.category
        && a.at.since(b.at).abs() <= WITHIN_MS
        && match (a.position, b.position) {
            (Some(a), Some(b)) => a.distance_m(b) <= WITHIN_M,
            _ => a.area == b.area,
        }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn report(minutes: i64, north_m: f64) -> Report {
        Report {
            category: Category::Theft,
            at: Millis(minutes * 60_000),
            position: LatLon::from_degrees(19.96 + north_m / 111_195.0, 105.34),
            area: AreaId(1),
        }
    }

    #[test]
    fn near_in_place_time_and_category_may_be_the_same() {
        assert!(may_be_same(&report(0, 0.0), &report(29, 290.0)));
        assert!(!may_be_same(&report(0, 0.0), &report(31, 0.0)));
        assert!(!may_be_same(&report(0, 0.0), &report(0, 320.0)));
        let other = Report {
            category: Category::Fire,
            ..report(0, 0.0)
        };
        assert!(!may_be_same(&report(0, 0.0), &other));
    }

    #[test]
    fn without_a_position_the_area_decides() {
        let unplaced = Report {
            position: None,
            ..report(0, 0.0)
        };
        assert!(may_be_same(&report(0, 5_000.0), &unplaced));
        let elsewhere = Report {
            area: AreaId(2),
            ..unplaced
        };
        assert!(!may_be_same(&report(0, 0.0), &elsewhere));
    }
}
