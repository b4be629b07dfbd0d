//! Checks of a boundary's rings: closed, on the globe, and not crossing themselves.

use keng_shared::problem::{FieldCode, FieldError};

/// A closed line of `[lon, lat]` in degrees.
pub(super) type Ring = Vec<[f64; 2]>;

/// Most corners of one ring; a simplified commune has some hundred.
const MAX_CORNERS: usize = 20_000;

/// Checks one ring (RFC 7946 §3.1.6).
pub(super) fn check(ring: &Ring) -> Result<(), FieldError> {
    let wrong =
        |expected: &str| Err(FieldError::new("geometry", FieldCode::BadFormat).with("expected", expected));
    if ring.len() < 4 {
        return wrong("at least four positions in a ring");
    }
    if ring.len() > MAX_CORNERS {
        return Err(FieldError::new("geometry", FieldCode::TooLong).with("max", MAX_CORNERS));
    }
    if ring.first() != ring.last() {
        return wrong("a ring that ends where it starts");
    }
    let on_globe =
        |[lon, lat]: &[f64; 2]| lon.is_finite() && lat.is_finite() && lon.abs() <= 180.0 && lat.abs() <= 90.0;
    if !ring.iter().all(on_globe) {
        return wrong("longitude and latitude in degrees");
    }
    if let Some([lon, lat]) = first_crossing(ring) {
        let place = format!("{lat:.4}, {lon:.4}");
        return Err(FieldError::new("geometry", FieldCode::BadFormat)
            .with("expected", "an outline that does not cross itself")
            .with("at", place));
    }
    Ok(())
}

/// Where the outline first crosses itself, if it does. Sides are compared only where their ranges of longitude meet.
fn first_crossing(ring: &Ring) -> Option<[f64; 2]> {
    let mut sides: Vec<([f64; 2], [f64; 2])> = ring
        .windows(2)
        .filter_map(|pair| match pair {
            [a, b] => Some((*a, *b)),
            _ => None,
        })
        .collect();
    sides.sort_by(|(a, b), (c, d)| a[0].min(b[0]).total_cmp(&c[0].min(d[0])));
    for (i, &(a, b)) in sides.iter().enumerate() {
        let reach = a[0].max(b[0]);
        let near = sides
            .iter()
            .skip(i + 1)
            .take_while(|(c, d)| c[0].min(d[0]) <= reach);
        for &(c, d) in near {
            if cross(a, b, c, d) {
                return Some(a);
            }
        }
    }
    None
}

/// Whether two sides cross in a point inside both; sharing a corner is not crossing.
fn cross(a: [f64; 2], b: [f64; 2], c: [f64; 2], d: [f64; 2]) -> bool {
    // Exactly zero means "on the line", and zero has no other side.
    let apart = |one: f64, other: f64| (one > 0.0 && other < 0.0) || (one < 0.0 && other > 0.0);
    apart(turn(a, b, c), turn(a, b, d)) && apart(turn(c, d, a), turn(c, d, b))
}

/// Positive when `r` lies left of the way from `p` to `q`, negative when right, zero when on it.
fn turn(p: [f64; 2], q: [f64; 2], r: [f64; 2]) -> f64 {
    (q[0] - p[0]) * (r[1] - p[1]) - (q[1] - p[1]) * (r[0] - p[0])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_square_passes_and_a_bow_tie_is_refused_with_the_place() {
        let square = vec![[0.0, 0.0], [2.0, 0.0], [2.0, 2.0], [0.0, 2.0], [0.0, 0.0]];
        assert_eq!(check(&square), Ok(()));
        let bow_tie = vec![[0.0, 0.0], [2.0, 2.0], [2.0, 0.0], [0.0, 2.0], [0.0, 0.0]];
        let error = check(&bow_tie).unwrap_err();
        assert_eq!(error.params["expected"], "an outline that does not cross itself");
    }

    #[test]
    fn a_ring_of_many_short_sides_in_all_directions_passes() {
        let corner = |n: u32| {
            let angle = f64::from(n) / 360.0 * std::f64::consts::TAU;
            let radius = 1.0 + 0.1 * f64::from(n % 7);
            [105.0 + radius * angle.cos(), 20.0 + radius * angle.sin()]
        };
        let mut ring: Ring = (0..360).map(corner).collect();
        ring.push(ring[0]);
        assert_eq!(check(&ring), Ok(()));
    }

    #[test]
    fn a_ring_that_is_open_short_or_off_the_globe_is_refused() {
        for ring in [
            vec![[0.0, 0.0], [2.0, 0.0], [2.0, 2.0], [0.0, 2.0]],
            vec![[0.0, 0.0], [2.0, 0.0], [0.0, 0.0]],
            vec![[0.0, 0.0], [200.0, 0.0], [2.0, 2.0], [0.0, 0.0]],
            vec![[0.0, 0.0], [f64::NAN, 0.0], [2.0, 2.0], [0.0, 0.0]],
        ] {
            assert_eq!(check(&ring).unwrap_err().code, FieldCode::BadFormat, "{ring:?}");
        }
    }
}
