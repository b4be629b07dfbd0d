//! A sketch of the way of a patrol: the line of its route, the planned checkpoints with their numbers, and where the
//! person stands. Drawn from what is on the phone: it needs neither tiles nor a network.

use crate::words::routes as r;
use keng_shared::geo::LatLon;
use leptos::prelude::*;

/// Side of the drawing in its own units, of which it takes whole ones: writing fractions weighs much in wasm.
const SIDE: i32 = 1_000;
/// Room at each edge, so that marks are whole.
const EDGE: i32 = 70;
/// A way is drawn as if it were at least so wide, in degrees: about 100 metres.
const LEAST_SPAN: f64 = 0.001;

/// What is drawn.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Sketch {
    /// The name of the route; empty where only its points are known.
    pub name: String,
    /// The line of the route.
    pub line: Vec<LatLon>,
    /// Checkpoints in their order, and whether each was passed.
    pub points: Vec<(LatLon, bool)>,
    /// Names of checkpoints of the route that are retired.
    pub retired: Vec<String>,
    /// Where the person was seen last.
    pub here: Option<LatLon>,
}

/// From places to the drawing: north is up, and a metre is as long to the east as to the north.
struct Frame {
    west: f64,
    north: f64,
    squeeze: f64,
    scale: f64,
}

impl Frame {
    fn around(sketch: &Sketch) -> Option<Self> {
        let places = sketch.line.iter().chain(sketch.points.iter().map(|(at, _)| at));
        let (mut west, mut east, mut south, mut north) = (f64::MAX, f64::MIN, f64::MAX, f64::MIN);
        for at in places {
            (west, east) = (west.min(at.lon()), east.max(at.lon()));
            (south, north) = (south.min(at.lat()), north.max(at.lat()));
        }
        if west > east {
            return None;
        }
        // Between the equator and the north of Việt Nam a degree of longitude is 92 to 100 % of one of latitude.
        let middle = (south + north) / 2.0;
        let squeeze = 1.0 - middle * middle / 6565.0;
        let span = ((east - west) * squeeze).max(north - south).max(LEAST_SPAN);
        let scale = f64::from(SIDE - 2 * EDGE) / span;
        let spare = |used: f64| (span - used) / 2.0;
        Some(Self {
            west: west - spare((east - west) * squeeze) / squeeze,
            north: north + spare(north - south),
            squeeze,
            scale,
        })
    }

    fn place(&self, at: LatLon) -> (i32, i32) {
        let x = (at.lon() - self.west) * self.squeeze * self.scale;
        let y = (self.north - at.lat()) * self.scale;
        // A float beyond the range becomes its end.
        (
            (x.round() as i32).saturating_add(EDGE),
            (y.round() as i32).saturating_add(EDGE),
        )
    }

    fn is_inside(&self, at: LatLon) -> bool {
        let (x, y) = self.place(at);
        (0..=SIDE).contains(&x) && (0..=SIDE).contains(&y)
    }
}

/// The drawing; nothing where there is nothing to draw.
pub fn drawing(sketch: &Sketch) -> Option<AnyView> {
    let frame = Frame::around(sketch)?;
    let mut way = String::new();
    for at in &sketch.line {
        let (x, y) = frame.place(*at);
        way.push_str(&format!("{x},{y} "));
    }
    let marks = sketch
        .points
        .iter()
        .enumerate()
        .map(|(index, (at, is_passed))| {
            let (x, y) = frame.place(*at);
            let class = if *is_passed {
                "sketch-point sketch-passed"
            } else {
                "sketch-point"
            };
            view! {
                <g class=class>
                    <circle cx=x cy=y r="44"></circle>
                    <text x=x y={y + 17}>{index + 1}</text>
                </g>
            }
        })
        .collect_view();
    let here = sketch.here.filter(|at| frame.is_inside(*at)).map(|at| {
        let (x, y) = frame.place(at);
        view! { <circle class="sketch-here" cx=x cy=y r="28"></circle> }
    });
    let label = match sketch.name.is_empty() {
        true => r::sketch_points().to_owned(),
        false => r::sketch(&sketch.name),
    };
    let drawn = view! {
        <figure class="sketch">
            <svg viewBox=format!("0 0 {SIDE} {SIDE}") role="img" aria-label=label>
                <polyline class="sketch-line" points=way></polyline>
                {marks}
                {here}
            </svg>
            <figcaption class="soft small">
                {r::sketch_hint()}
                {(!sketch.retired.is_empty()).then(|| {
                    let words = r::retired(sketch.retired.join(", "));
                    view! { <br/> {words} }
                })}
            </figcaption>
        </figure>
    };
    Some(drawn.into_any())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(lat: f64, lon: f64) -> LatLon {
        LatLon::from_degrees(lat, lon).unwrap()
    }

    #[test]
    fn all_of_a_way_is_inside_and_north_is_up() {
        let sketch = Sketch {
            line: vec![at(19.96, 105.34), at(19.97, 105.35)],
            points: vec![(at(19.965, 105.34), false)],
            ..Sketch::default()
        };
        let frame = Frame::around(&sketch).unwrap();
        assert!(sketch.line.iter().all(|at| frame.is_inside(*at)));
        assert!(frame.place(at(19.97, 105.34)).1 < frame.place(at(19.96, 105.34)).1);
        assert!(!frame.is_inside(at(20.5, 105.34)));
    }

    #[test]
    fn one_point_stands_in_the_middle_and_none_is_no_drawing() {
        let sketch = Sketch {
            points: vec![(at(19.96, 105.34), true)],
            ..Sketch::default()
        };
        let frame = Frame::around(&sketch).unwrap();
        assert_eq!(frame.place(at(19.96, 105.34)), (SIDE / 2, SIDE / 2));
        assert!(Frame::around(&Sketch::default()).is_none());
    }
}
