//! Positions on the earth in whole 1e-7 degrees, distances in metres, and areas as polygons.

use serde::{Deserialize, Serialize};

/// Mean radius of the earth in metres (IUGG).
const EARTH_RADIUS_M: f64 = 6_371_008.8;

/// A point in WGS 84, in units of 1e-7 degree (about 1 cm).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
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

    /// Great-circle distance in metres (haversine; error below 0.6 % against the ellipsoid).
    pub fn distance_m(self, other: Self) -> f64 {
        let (lat_a, lat_b) = (self.lat().to_radians(), other.lat().to_radians());
        let half_lat = (lat_b - lat_a) / 2.0;
        let half_lon = (other.lon() - self.lon()).to_radians() / 2.0;
        let h = half_lat.sin().powi(2) + lat_a.cos() * lat_b.cos() * half_lon.sin().powi(2);
        2.0 * EARTH_RADIUS_M * h.sqrt().min(1.0).asin()
    }
}

/// A measured position: a point, how exact it is, and when it was measured.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
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

/// Whether `point` lies inside a GeoJSON-like polygon set: `polygons → rings → [lon, lat]`, in degrees.
/// The first ring of a polygon is its outline and the others are holes (RFC 7946 §3.1.6).
pub fn contains(polygons: &[Vec<Vec<[f64; 2]>>], point: LatLon) -> bool {
    polygons.iter().any(|rings| {
        let mut rings = rings.iter();
        rings.next().is_some_and(|outline| in_ring(outline, point)) && !rings.any(|hole| in_ring(hole, point))
    })
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
