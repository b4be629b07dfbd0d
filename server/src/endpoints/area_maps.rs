//! Areas as GeoJSON (RFC 7946): the boundary of one, and the map of one with what is directly below it.

use super::areas::{AsOfQuery, readable_area};
use crate::auth::Caller;
use crate::db::{boundaries, checkpoints};
use crate::extract::{Path, Query};
use crate::problem::AppError;
use crate::state::State;
use actix_web::HttpResponse;
use actix_web::http::header::{CACHE_CONTROL, CONTENT_TYPE};
use keng_shared::area::Area;
use keng_shared::id::AreaId;
use keng_shared::problem::ProblemCode;
use keng_shared::sync::Checkpoint;
use serde_json::{Value, json};

/// Media type of GeoJSON.
const GEO_JSON: &str = "application/geo+json";

/// `GET /areas/{id}/boundary`: a Feature.
pub async fn boundary(
    state: State,
    caller: Caller,
    Path(id): Path<AreaId>,
) -> Result<HttpResponse, AppError> {
    let (area, _) = readable_area(&caller, id, None)?;
    let mut geometries = state
        .db
        .read(move |conn| boundaries::geometries(conn, &[id]))
        .await?;
    let geometry = geometries.remove(&id).ok_or(ProblemCode::NotFound)?;
    Ok(geo_json(&feature(&area, geometry, "area")))
}

/// `GET /areas/{id}/map`: a FeatureCollection of the area, what is directly below it, and the checkpoints in it.
/// `role` among the properties says which: `area`, `part`, `checkpoint`.
pub async fn map(
    state: State,
    caller: Caller,
    Path(id): Path<AreaId>,
    Query(query): Query<AsOfQuery>,
) -> Result<HttpResponse, AppError> {
    let (area, date) = readable_area(&caller, id, query.as_of)?;
    let tree = caller.tree();
    let parts: Vec<Area> = tree
        .children(id, date)
        .filter_map(|part| tree.get(part))
        .cloned()
        .collect();
    let drawn: Vec<AreaId> = std::iter::once(id)
        .chain(parts.iter().map(|part| part.id))
        .collect();
    let below = tree.subtree(id, date);
    let (mut geometries, points) = state
        .db
        .snapshot(move |conn| {
            Ok((
                boundaries::geometries(conn, &drawn)?,
                checkpoints::in_areas(conn, &below)?,
            ))
        })
        .await?;
    let mut features = Vec::new();
    if let Some(geometry) = geometries.remove(&id) {
        features.push(feature(&area, geometry, "area"));
    }
    for part in &parts {
        if let Some(geometry) = geometries.remove(&part.id) {
            features.push(feature(part, geometry, "part"));
        }
    }
    features.extend(points.iter().map(checkpoint_feature));
    Ok(geo_json(
        &json!({"type": "FeatureCollection", "features": features}),
    ))
}

fn feature(area: &Area, geometry: Value, role: &str) -> Value {
    json!({
        "type": "Feature",
        "id": area.id,
        "geometry": geometry,
        "properties": {"role": role, "kind": area.kind, "code": area.code, "name": area.name},
    })
}

fn checkpoint_feature(checkpoint: &Checkpoint) -> Value {
    let at = checkpoint.position;
    json!({
        "type": "Feature",
        "id": format!("checkpoint-{}", checkpoint.id),
        "geometry": {"type": "Point", "coordinates": [at.lon(), at.lat()]},
        "properties": {
            "role": "checkpoint",
            "checkpoint_id": checkpoint.id,
            "area_id": checkpoint.area_id,
            "name": checkpoint.name,
            "radius_m": checkpoint.radius_m,
        },
    })
}

fn geo_json(value: &Value) -> HttpResponse {
    HttpResponse::Ok()
        .insert_header((CONTENT_TYPE, GEO_JSON))
        .insert_header((CACHE_CONTROL, "private, max-age=60"))
        .body(value.to_string())
}
