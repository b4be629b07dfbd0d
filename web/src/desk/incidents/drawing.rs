//! Maps of a case and of cameras, as GeoJSON.

use crate::words::incidents as n;
use keng_shared::api::{CameraView, CaseDetail};
use keng_shared::geo::LatLon;
use serde_json::{Value, json};

/// Where it happened, the camera that saw it, and reports near by, over the outline of the area.
pub fn of_case(detail: &CaseDetail, ground: &[Value]) -> Value {
    let mut features = ground.to_vec();
    if let Some(camera) = &detail.camera {
        features.extend(of_camera(camera, None));
    }
    for near in detail.near.iter().map(|near| &near.case).chain(&detail.linked) {
        if let Some(at) = near.position {
            let key = near.record_id.to_string();
            features.push(point(
                at,
                json!({"role": "photo", "sign": "?", "name": n::near(), "key": key}),
            ));
        }
    }
    if let Some(at) = detail.case.position {
        let name = n::incident_here();
        features.push(point(at, json!({"role": "finding", "sign": "!", "name": name})));
    }
    collection(features)
}

/// A camera with the wedge that it sees. A press on it gives its key.
pub fn of_camera(camera: &CameraView, key: Option<String>) -> Vec<Value> {
    let sight = camera.camera.sight;
    let name = camera.camera.name.clone();
    let wedge = json!({
        "type": "Feature",
        "geometry": {"type": "Polygon", "coordinates": [sight.wedge()]},
        "properties": {"role": "view"},
    });
    let mark = json!({"role": "camera", "sign": "", "name": name, "key": key});
    vec![wedge, point(sight.position, mark)]
}

/// A circle of so many metres: everything inside is asked.
pub fn circle(centre: LatLon, radius_m: u16, name: &str) -> Value {
    point(
        centre,
        json!({"role": "checkpoint", "radius_m": radius_m, "name": name}),
    )
}

/// Features as a collection.
pub fn collection(features: Vec<Value>) -> Value {
    json!({"type": "FeatureCollection", "features": features})
}

/// The features of the map of an area that lie under everything else: outlines, no checkpoints.
pub fn ground(map: &Value) -> Vec<Value> {
    let features = map.get("features").and_then(Value::as_array);
    let is_outline = |feature: &&Value| {
        let role = feature.pointer("/properties/role").and_then(Value::as_str);
        matches!(role, Some("area" | "part"))
    };
    features
        .into_iter()
        .flatten()
        .filter(is_outline)
        .cloned()
        .collect()
}

fn point(at: LatLon, properties: Value) -> Value {
    json!({
        "type": "Feature",
        "geometry": {"type": "Point", "coordinates": [at.lon(), at.lat()]},
        "properties": properties,
    })
}
