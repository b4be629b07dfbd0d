//! Squares, marks and tracks as GeoJSON for the map, and how large a square is.

use crate::shell::map::Extent;
use crate::words::{domain, maps as w, number, when};
use keng_shared::api::{CaseRow, MapSquare};
use keng_shared::geo::LatLon;
use serde_json::{Value, json};

/// Side of a square with its count, in pixels.
pub const CLUSTER_PX: f64 = 64.0;
/// Side of a square of the heat, in pixels.
pub const HEAT_PX: f64 = 24.0;
/// Squares that a view is cut into at most, with room for its edges.
const MOST: i64 = 3_000;

/// The side of a square of so many pixels in 1e-7 degrees, larger where the view would have too many.
pub fn side_e7(extent: &Extent, pixels: f64) -> i32 {
    let whole = 3.6e9 / 256.0 / extent.zoom.exp2() * pixels;
    // A view has some pixels at least: the number is small, positive and finite.
    let mut side = whole.clamp(1.0, 5e8) as i64;
    let span = |from: i32, to: i32| i64::from(to) - i64::from(from);
    let across = span(extent.from.lon_e7, extent.to.lon_e7);
    let down = span(extent.from.lat_e7, extent.to.lat_e7);
    while (across / side + 2) * (down / side + 2) > MOST {
        side *= 2;
    }
    i32::try_from(side).unwrap_or(i32::MAX)
}

/// Counts, and records that stand alone.
pub fn clusters(squares: &[MapSquare]) -> Vec<Value> {
    squares
        .iter()
        .map(|square| match &square.record {
            Some(record) => {
                let name = format!(
                    "{} · {} · {}",
                    domain::kind(&record.kind),
                    record.area_name,
                    when::date(record.local_date)
                );
                let role = format!("record-{}", record.status.as_str());
                point(
                    square.at,
                    json!({"role": role, "size": 20, "name": name, "key": format!("record:{}", record.id)}),
                )
            }
            None => {
                let (role, size) = match square.count {
                    0..10 => ("cluster-1", 30),
                    10..100 => ("cluster-2", 38),
                    _ => ("cluster-3", 48),
                };
                let at = square.at;
                let count = number::grouped(i64::try_from(square.count).unwrap_or(i64::MAX));
                let key = format!("square:{}:{}", at.lat_e7, at.lon_e7);
                point(
                    at,
                    json!({"role": role, "size": size, "sign": short(square.count), "name": w::cluster(count), "key": key}),
                )
            }
        })
        .collect()
}

/// Squares in five shades, the fullest darkest.
pub fn heat(squares: &[MapSquare], side_e7: i32) -> Vec<Value> {
    let most = squares.iter().map(|square| square.count).max().unwrap_or(1);
    squares
        .iter()
        .map(|square| {
            let shade = shade(square.count, most);
            let (south, west) = (square.corner.lat(), square.corner.lon());
            let side = f64::from(side_e7) / 1e7;
            let (north, east) = (south + side, west + side);
            json!({
                "type": "Feature",
                "geometry": {"type": "Polygon", "coordinates": [[
                    [west, south], [east, south], [east, north], [west, north], [west, south],
                ]]},
                "properties": {"role": format!("heat-{shade}")},
            })
        })
        .collect()
}

/// 1 to 5 by the logarithm: ten times as many are two shades darker, not ten.
fn shade(count: u64, most: u64) -> u64 {
    let level = |count: u64| u64::from(count.max(1).ilog2()) + 1;
    (level(count) * 5).div_ceil(level(most)).clamp(1, 5)
}

/// Open cases where their place may be known.
pub fn incidents(cases: &[CaseRow]) -> Vec<Value> {
    cases
        .iter()
        .filter(|case| !case.state.is_closed())
        .filter_map(|case| {
            let name = format!("{} · {}", domain::category(case.category), case.area_name);
            let key = format!("case:{}", case.record_id);
            let mark = json!({"role": "finding", "sign": "!", "name": name, "key": key});
            case.position.map(|at| point(at, mark))
        })
        .collect()
}

/// The stretches of a track; what is no line is a gap, and no line is drawn across it.
pub fn track(geojson: &Value) -> Vec<Value> {
    let features = geojson.get("features").and_then(Value::as_array);
    let lines = features
        .into_iter()
        .flatten()
        .filter(|feature| feature.pointer("/geometry/type").and_then(Value::as_str) == Some("LineString"));
    lines
        .map(|line| {
            json!({
                "type": "Feature",
                "geometry": line.get("geometry"),
                "properties": {"role": "track"},
            })
        })
        .collect()
}

fn short(count: u64) -> String {
    match count {
        0..1_000 => count.to_string(),
        1_000..100_000 => format!("{}k", count / 1_000),
        _ => format!("{}k+", count / 1_000),
    }
}

fn point(at: LatLon, properties: Value) -> Value {
    json!({
        "type": "Feature",
        "geometry": {"type": "Point", "coordinates": [at.lon(), at.lat()]},
        "properties": properties,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn extent(zoom: f64, degrees: i32) -> Extent {
        let at = |lat_e7, lon_e7| LatLon { lat_e7, lon_e7 };
        Extent {
            from: at(199_000_000, 1_053_000_000),
            to: at(
                199_000_000 + degrees * 10_000_000,
                1_053_000_000 + degrees * 10_000_000,
            ),
            zoom,
        }
    }

    #[test]
    fn a_square_has_its_pixels_until_a_view_would_have_too_many() {
        // At zoom 8 the world is 65,536 pixels wide: 64 of them are 0.35 degrees.
        assert_eq!(side_e7(&extent(8.0, 2), CLUSTER_PX), 3_515_625);
        assert!(side_e7(&extent(19.0, 2), HEAT_PX) > 300_000);
    }

    #[test]
    fn the_fullest_square_is_darkest_and_one_record_is_palest_among_many() {
        assert_eq!(
            (shade(1, 1), shade(1, 100_000), shade(100_000, 100_000)),
            (5, 1, 5)
        );
        assert!(shade(300, 100_000) > shade(3, 100_000));
    }

    #[test]
    fn gaps_of_a_track_are_not_drawn_as_lines() {
        let geojson = json!({"features": [
            {"geometry": {"type": "LineString", "coordinates": []}},
            {"geometry": {"type": "MultiPoint", "coordinates": []}},
        ]});
        assert_eq!(track(&geojson).len(), 1);
    }
}
