//! What a page needs to know before it draws a map, and the tiles of the archive, if one is configured.

use crate::config::TileSource;
use crate::extract::{Json, Path};
use crate::problem::AppError;
use crate::state::State;
use actix_web::http::header::{CACHE_CONTROL, CONTENT_TYPE};
use actix_web::{HttpResponse, web};
use keng_shared::api::{MapSettings, TileLayer};
use keng_shared::problem::ProblemCode;

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
