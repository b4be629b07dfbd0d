//! A boundary's rings: they must be closed and on the globe; where an outline crosses itself it is mended.

use i_overlay::core::fill_rule::FillRule;
use i_overlay::core::overlay_rule::OverlayRule;
use i_overlay::float::single::SingleFloatOverlay;
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
    Ok(())
}

/// The same ground by outlines that do not cross themselves. The first ring is the outline, the others are holes; ground
/// that the outline goes round in either direction belongs to it. Nothing comes back when no ground is left, or when
/// rounding to 1e-7 degrees makes the new outlines cross again.
pub(super) fn untangle(polygon: &[Ring]) -> Option<Vec<Vec<Ring>>> {
    let (outline, holes) = polygon.split_first()?;
    let shapes = outline.overlay(&holes.to_vec(), OverlayRule::Difference, FillRule::NonZero);
    let polygons: Vec<Vec<Ring>> = shapes
        .into_iter()
        .map(|rings| rings.into_iter().map(close).collect())
        .collect();
    let is_sound = polygons
        .iter()
        .flatten()
        .all(|ring| check(ring).is_ok() && first_crossing(ring).is_none());
    (is_sound && !polygons.is_empty()).then_some(polygons)
}

fn close(mut ring: Ring) -> Ring {
    for position in ring.iter_mut().flatten() {
        *position = (*position * 1e7).round() / 1e7;
    }
    ring.extend(ring.first().copied());
    ring
}

/// Where the outline first crosses itself, if it does. Sides are compared only where their ranges of longitude meet.
pub(super) fn first_crossing(ring: &Ring) -> Option<[f64; 2]> {
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

    fn area(ring: &Ring) -> f64 {
        let doubled = ring
            .windows(2)
            .map(|side| side[0][0] * side[1][1] - side[1][0] * side[0][1]);
        doubled.sum::<f64>().abs() / 2.0
    }

    #[test]
    fn a_bow_tie_becomes_two_triangles_and_a_square_is_left_alone() {
        let square = vec![[0.0, 0.0], [2.0, 0.0], [2.0, 2.0], [0.0, 2.0], [0.0, 0.0]];
        assert_eq!((check(&square), first_crossing(&square)), (Ok(()), None));
        let bow_tie = vec![[0.0, 0.0], [2.0, 2.0], [2.0, 0.0], [0.0, 2.0], [0.0, 0.0]];
        assert!(first_crossing(&bow_tie).is_some());
        let mended = untangle(&[bow_tie]).unwrap();
        assert_eq!(mended.len(), 2);
        for polygon in &mended {
            assert_eq!((polygon.len(), area(&polygon[0])), (1, 1.0), "{polygon:?}");
        }
    }

    #[test]
    fn holes_stay_holes_whatever_their_direction_and_an_outline_without_ground_is_not_mended() {
        let crossed = vec![
            [0.0, 0.0],
            [8.0, 0.0],
            [8.0, 8.0],
            [9.0, 9.0],
            [9.0, 8.0],
            [8.0, 9.0],
            [0.0, 8.0],
            [0.0, 0.0],
        ];
        assert!(first_crossing(&crossed).is_some());
        let mut hole = vec![[1.0, 1.0], [2.0, 1.0], [2.0, 2.0], [1.0, 2.0], [1.0, 1.0]];
        for _ in 0..2 {
            let mended = untangle(&[crossed.clone(), hole.clone()]).unwrap();
            assert_eq!(
                mended.iter().flatten().filter(|ring| area(ring) == 1.0).count(),
                1,
                "{mended:?}"
            );
            hole.reverse();
        }
        let line = vec![[0.0, 0.0], [1.0, 1.0], [2.0, 2.0], [0.0, 0.0]];
        assert_eq!(untangle(&[line]), None);
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
        assert_eq!((check(&ring), first_crossing(&ring)), (Ok(()), None));
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
