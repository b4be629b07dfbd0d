//! Positions on the earth in whole 1e-7 degrees, distances in metres, and areas as polygons.

use crate::json::{FromJson, ToJson};
use serde::{Deserialize, Serialize};

/// Mean radius of the earth in metres (IUGG).
const EARTH_RADIUS_M: f64 = 6_371_008.8;

/// A point in WGS 84, in units of 1e-7 degree (about 1 cm).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, FromJson, ToJson)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct LatLon {
    /// Latitude, −900,000,000 to 900,000,000.
    pub lat_e7: i32,
    /// Longitude, −1,800,000,000 to 1,800,000,000.
    pub lon_e7: i32,
}

impl LatLon {
    /// A point from degrees; `None` when a coordinate is not finite or out of range.
    pub fn from_degrees(lat: f64, lon: f64) -> Option<Self> {
        let inside = lat.is_finite() && lon.is_finite() && lat.abs() <= 90.0 && lon.abs() <= 180.0;
        inside.then(|| Self {
            lat_e7: (lat * 1e7).round() as i32,
            lon_e7: (lon * 1e7).round() as i32,
        })
    }

    /// Latitude in degrees.
    pub fn lat(self) -> f64 {
        f64::from(self.lat_e7) / 1e7
    }

    /// Longitude in degrees.
    pub fn lon(self) -> f64 {
        f64::from(self.lon_e7) / 1e7
    }

    /// Whether both coordinates are on the globe.
    pub fn is_valid(self) -> bool {
        self.lat_e7.unsigned_abs() <= 900_000_000 && self.lon_e7.unsigned_abs() <= 1_800_000_000
    }

    /// Distance in metres on the plane that touches the sphere between the two points. For points that one can walk
    /// between it differs by less than 0.1 % from the great circle (which itself is up to 0.6 % off the ellipsoid);
    /// points on both sides of the date line are taken as far apart.
    pub fn distance_m(self, other: Self) -> f64 {
        let north = (other.lat() - self.lat()).to_radians();
        let east =
            (other.lon() - self.lon()).to_radians() * cos_of_latitude((self.lat() + other.lat()) / 2.0);
        EARTH_RADIUS_M * (north * north + east * east).sqrt()
    }
}

/// A measured position: a point, how exact it is, and when it was measured.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, FromJson, ToJson)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct Fix {
    /// Where.
    pub at: LatLon,
    /// Radius of 68 % confidence in centimetres, 0 to 10,000,000.
    pub accuracy_cm: u32,
    /// Milliseconds between the measurement and the moment that it is used for.
    pub age_ms: u32,
}

/// Cosine of a latitude in degrees by its series, exact to 1e-10 between the poles. The standard one takes any
/// angle, and 6 KB of the app.
fn cos_of_latitude(degrees: f64) -> f64 {
    let square = degrees.to_radians() * degrees.to_radians();
    let mut term = 1.0;
    let mut sum = 1.0;
    for step in 1..=8_i32 {
        term *= -square / f64::from(2 * step * (2 * step - 1));
        sum += term;
    }
    sum
}

/// Whether `point` lies inside a GeoJSON-like polygon set: `polygons → rings → [lon, lat]`, in degrees.
/// The first ring of a polygon is its outline and the others are holes (RFC 7946 §3.1.6).
pub fn contains(polygons: &[Vec<Vec<[f64; 2]>>], point: LatLon) -> bool {
    polygons.iter().any(|rings| {
        let mut rings = rings.iter();
        rings.next().is_some_and(|outline| in_ring(outline, point)) && !rings.any(|hole| in_ring(hole, point))
    })
}

/// How far outside such a polygon set `point` lies, in metres; 0 inside. None of nothing.
pub fn outside_m(polygons: &[Vec<Vec<[f64; 2]>>], point: LatLon) -> Option<f64> {
    if contains(polygons, point) {
        return Some(0.0);
    }
    let sides = polygons
        .iter()
        .flatten()
        .flat_map(|ring| ring.iter().zip(ring.iter().cycle().skip(1)));
    sides
        .map(|(a, b)| distance_to_side_m(*a, *b, point))
        .min_by(f64::total_cmp)
}

/// From a point to the nearest one of a side, on the plane that touches the sphere at the point.
fn distance_to_side_m([ax, ay]: [f64; 2], [bx, by]: [f64; 2], point: LatLon) -> f64 {
    let shrink = cos_of_latitude(point.lat());
    let plane = |lon: f64, lat: f64| ((lon - point.lon()) * shrink, lat - point.lat());
    let ((ax, ay), (bx, by)) = (plane(ax, ay), plane(bx, by));
    let (dx, dy) = (bx - ax, by - ay);
    let length = dx * dx + dy * dy;
    let along = match length > 0.0 {
        true => (-(ax * dx + ay * dy) / length).clamp(0.0, 1.0),
        false => 0.0,
    };
    let (x, y) = (ax + along * dx, ay + along * dy);
    EARTH_RADIUS_M * (x * x + y * y).sqrt().to_radians()
}

fn in_ring(ring: &[[f64; 2]], point: LatLon) -> bool {
    let (x, y) = (point.lon(), point.lat());
    let next = ring.iter().cycle().skip(1);
    ring.iter()
        .zip(next)
        .fold(false, |inside, (&[ax, ay], &[bx, by])| {
            let crosses = (ay > y) != (by > y) && x < (bx - ax) * (y - ay) / (by - ay) + ax;
            inside != crosses
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn point(lat: f64, lon: f64) -> LatLon {
        LatLon::from_degrees(lat, lon).unwrap()
    }

    #[test]
    fn one_degree_of_latitude_is_about_111_195_metres() {
        let d = point(20.0, 105.0).distance_m(point(21.0, 105.0));
        assert!((d - 111_195.0).abs() < 5.0, "{d}");
    }

    #[test]
    fn the_distance_is_that_of_the_great_circle_as_far_as_one_can_go_in_a_night() {
        let great_circle = |a: LatLon, b: LatLon| {
            let (lat_a, lat_b) = (a.lat().to_radians(), b.lat().to_radians());
            let (half_lat, half_lon) = ((lat_b - lat_a) / 2.0, (b.lon() - a.lon()).to_radians() / 2.0);
            let h = half_lat.sin().powi(2) + lat_a.cos() * lat_b.cos() * half_lon.sin().powi(2);
            2.0 * EARTH_RADIUS_M * h.sqrt().asin()
        };
        let start = point(20.0, 105.0);
        for (north, east) in [(0.0, 0.001), (0.001, 0.0), (0.3, 0.4), (-0.5, 1.0), (1.0, -1.0)] {
            let end = point(20.0 + north, 105.0 + east);
            let (ours, exact) = (start.distance_m(end), great_circle(start, end));
            assert!((ours - exact).abs() <= exact * 0.001, "{ours} {exact}");
        }
    }

    #[test]
    fn the_cosine_of_every_latitude_is_right() {
        for degrees in -90..=90 {
            let degrees = f64::from(degrees);
            let wrong = (cos_of_latitude(degrees) - degrees.to_radians().cos()).abs();
            assert!(wrong < 1e-10, "{degrees}: {wrong}");
        }
    }

    #[test]
    fn how_far_outside_is_measured_to_the_nearest_side() {
        let square = vec![vec![vec![
            [105.0, 20.0],
            [105.1, 20.0],
            [105.1, 20.1],
            [105.0, 20.1],
            [105.0, 20.0],
        ]]];
        let metres = |lat, lon| outside_m(&square, point(lat, lon)).unwrap();
        assert_eq!(metres(20.05, 105.05), 0.0);
        assert!(
            (metres(20.11, 105.05) - 1_112.0).abs() < 2.0,
            "{}",
            metres(20.11, 105.05)
        );
        let corner = point(20.11, 105.11).distance_m(point(20.1, 105.1));
        assert!((metres(20.11, 105.11) - corner).abs() < 2.0);
        assert_eq!(outside_m(&[], point(20.0, 105.0)), None);
    }

    #[test]
    fn a_hole_is_outside() {
        let square = |a: f64, b: f64| vec![[a, a], [b, a], [b, b], [a, b], [a, a]];
        let polygons = vec![vec![square(0.0, 10.0), square(4.0, 6.0)]];
        assert!(contains(&polygons, point(2.0, 2.0)));
        assert!(!contains(&polygons, point(5.0, 5.0)));
        assert!(!contains(&polygons, point(11.0, 5.0)));
    }

    #[test]
    fn a_coordinate_that_is_not_on_the_globe_is_refused() {
        assert_eq!(LatLon::from_degrees(91.0, 0.0), None);
        assert_eq!(LatLon::from_degrees(f64::NAN, 0.0), None);
    }
}
