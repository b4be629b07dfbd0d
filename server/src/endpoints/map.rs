//! What a page needs to know before it draws a map, the tiles of the archive, if one is configured, and records on it.

use super::records::place_of;
use crate::auth::Caller;
use crate::config::TileSource;
use crate::db::record_lists::Place;
use crate::db::record_map;
use crate::extract::{Json, Path, Query};
use crate::problem::AppError;
use crate::state::State;
use actix_web::http::header::{CACHE_CONTROL, CONTENT_TYPE};
use actix_web::{HttpResponse, web};
use keng_shared::api::{MAX_SQUARES, MapQuery, MapSettings, MapSquare, TileLayer};
use keng_shared::id::AreaId;
use keng_shared::permission::Verb;
use keng_shared::problem::{FieldCode, FieldError, ProblemCode};

/// Zoom levels of a tile server that does not say which it has.
const ELSEWHERE_MAX_ZOOM: u8 = 19;

/// Where tiles come from; by default there are none.
pub async fn settings(state: State) -> Json<MapSettings> {
    let attribution = &state.config.tiles_attribution;
    let tiles = match (&state.config.tiles, &state.tiles) {
        (Some(TileSource::Elsewhere { address, .. }), _) => Some(TileLayer {
            address: address.clone(),
            attribution: attribution.clone(),
            min_zoom: 0,
            max_zoom: ELSEWHERE_MAX_ZOOM,
        }),
        (_, Some(archive)) => Some(archive.layer(attribution)),
        _ => None,
    };
    Json(MapSettings { tiles })
}

/// Records of a view, counted by squares.
pub async fn records(
    state: State,
    caller: Caller,
    Query(query): Query<MapQuery>,
) -> Result<Json<Vec<MapSquare>>, AppError> {
    caller.require_somewhere(Verb::ReadRecords)?;
    let place = place_of(&caller, Verb::ReadRecords, query.area)?;
    check(&query)?;
    let communes = match &place {
        Place::Communes(communes) => communes.clone(),
        // A village has been in several communes; its records are with that of their date.
        Place::Area(area) => communes_of(&caller, *area),
        Place::Reach { .. } => Vec::new(),
    };
    let tree = caller.tree().clone();
    let squares = if record_map::is_wide(&place) {
        let (mut points, today) = (state.points.turn().await?, caller.today());
        let count = state.db.snapshot(move |conn| {
            record_map::squares_of_many(conn, &tree, &mut points, (&communes, today), &query)
        });
        count.await?
    } else {
        let count = state
            .db
            .read(move |conn| record_map::squares(conn, &tree, (&place, &communes), &query));
        count.await?
    };
    Ok(Json(squares))
}

fn communes_of(caller: &Caller, area: AreaId) -> Vec<AreaId> {
    let tree = caller.tree();
    let above = tree.edges().filter(|edge| edge.child == area);
    let mut communes: Vec<AreaId> = above
        .map(|edge| edge.parent)
        .chain(tree.commune_of(area, caller.today()))
        .collect();
    communes.sort_unstable();
    communes.dedup();
    communes
}

/// The view must be one, and not of more squares than a screen can show.
fn check(query: &MapQuery) -> Result<(), FieldError> {
    if query.square_e7 < 1 {
        return Err(FieldError::new("square_e7", FieldCode::TooSmall).with("min", 1));
    }
    if query.north_e7 < query.south_e7 {
        return Err(FieldError::new("north_e7", FieldCode::TooSmall).with("min", query.south_e7));
    }
    if query.east_e7 < query.west_e7 {
        return Err(FieldError::new("east_e7", FieldCode::TooSmall).with("min", query.west_e7));
    }
    if query.to < query.from {
        return Err(FieldError::new("to", FieldCode::EndBeforeStart));
    }
    let side = i64::from(query.square_e7);
    let across = |from: i32, to: i32| (i64::from(to) - i64::from(from)) / side + 2;
    let squares = across(query.south_e7, query.north_e7) * across(query.west_e7, query.east_e7);
    if squares > i64::try_from(MAX_SQUARES).unwrap_or(i64::MAX) {
        return Err(FieldError::new("square_e7", FieldCode::TooSmall));
    }
    Ok(())
}

/// One tile of the archive. A basemap is no secret: pictures of a page cannot carry a token.
pub async fn tile(state: State, Path((zoom, x, y)): Path<(u8, u32, u32)>) -> Result<HttpResponse, AppError> {
    let media_type = match &state.tiles {
        Some(archive) => archive.media_type(),
        None => return Err(ProblemCode::NotFound.into()),
    };
    let read = web::block(move || match &state.tiles {
        Some(archive) => archive.tile(zoom, x, y),
        None => Ok(None),
    });
    let bytes = match read.await {
        Ok(Ok(bytes)) => bytes.ok_or(ProblemCode::NotFound)?,
        Ok(Err(error)) => {
            tracing::error!(%error, zoom, x, y, "cannot read a map tile");
            return Err(ProblemCode::Internal.into());
        }
        Err(_) => return Err(ProblemCode::Busy.into()),
    };
    Ok(HttpResponse::Ok()
        .insert_header((CONTENT_TYPE, media_type))
        .insert_header((CACHE_CONTROL, "public, max-age=86400"))
        .body(bytes))
}
