//! Photos going out: pictures to look at, the original, the receipt. Who may read the record may read its photos;
//! the original is for those who hold the verb, and every look at it is written down first.

use crate::auth::Caller;
use crate::db::audit::{self, Entry};
use crate::db::photos::{self, StoredPhoto};
use crate::db::records::StoredRecord;
use crate::evidence::inspect::MediaType;
use crate::evidence::store::Rendition;
use crate::extract::{Json, Path};
use crate::problem::AppError;
use crate::state::{AppState, State};
use crate::sync::permit::{may_read, require};
use crate::sync::renditions;
use actix_web::http::header::{
    CACHE_CONTROL, CONTENT_DISPOSITION, CONTENT_SECURITY_POLICY, CONTENT_TYPE, ETAG, IF_NONE_MATCH,
};
use actix_web::{HttpRequest, HttpResponse, HttpResponseBuilder};
use keng_shared::evidence::SignedReceipt;
use keng_shared::id::PhotoId;
use keng_shared::permission::Verb;
use keng_shared::problem::{Problem, ProblemCode};
use serde_json::json;

/// Nothing in a photo may run or load anything, whatever a browser takes it for.
const SANDBOX: &str = "sandbox; default-src 'none'; style-src 'none'; frame-ancestors 'none'";

/// A small upright picture without metadata.
pub async fn thumbnail(
    state: State,
    caller: Caller,
    request: HttpRequest,
    Path(id): Path<PhotoId>,
) -> Result<HttpResponse, AppError> {
    rendition(&state, caller, &request, id, Rendition::Thumbnail).await
}

/// A picture large enough to judge, upright and without metadata.
pub async fn preview(
    state: State,
    caller: Caller,
    request: HttpRequest,
    Path(id): Path<PhotoId>,
) -> Result<HttpResponse, AppError> {
    rendition(&state, caller, &request, id, Rendition::Preview).await
}

async fn rendition(
    state: &AppState,
    caller: Caller,
    request: &HttpRequest,
    id: PhotoId,
    which: Rendition,
) -> Result<HttpResponse, AppError> {
    let (photo, row) = find_picture(state, id).await?;
    may_read(&caller, &row)?;
    require_held(&photo)?;
    let tag = format!("\"{}\"", photo.sha256);
    if request
        .headers()
        .get(IF_NONE_MATCH)
        .is_some_and(|known| known == tag.as_str())
    {
        return Ok(HttpResponse::NotModified().insert_header((ETAG, tag)).finish());
    }
    match renditions::get(state, photo, which).await? {
        Some(bytes) => Ok(sandboxed(HttpResponse::Ok())
            .insert_header((CONTENT_TYPE, "image/jpeg"))
            .insert_header((CONTENT_DISPOSITION, "inline"))
            .insert_header((CACHE_CONTROL, "private, no-cache"))
            .insert_header((ETAG, tag))
            .body(bytes)),
        None => Err(state_conflict("undecodable")),
    }
}

/// The untouched bytes. If the look cannot be written down, it is refused.
pub async fn original(
    state: State,
    caller: Caller,
    Path(id): Path<PhotoId>,
) -> Result<HttpResponse, AppError> {
    let (photo, row) = find_picture(&state, id).await?;
    require(&caller, Verb::ReadOriginals, &row)?;
    require_held(&photo)?;
    let (now, actor, device) = (caller.now(), caller.user_id(), caller.device_id());
    let details = json!({ "sha256": photo.sha256 });
    state
        .db
        .write_in(row.commune(), move |conn| {
            audit::record(
                conn,
                &Entry {
                    at: now,
                    actor: Some(actor),
                    device: Some(device),
                    action: "photo.view_original",
                    object_type: "photo",
                    object_id: id.to_string(),
                    details: details.clone(),
                },
            )
        })
        .await?;
    let stream = state.evidence.store.original_stream(id, &photo.sha256).await?;
    let media_type = photo.media_type.as_deref().and_then(MediaType::parse);
    let (content_type, ending) = media_type.map_or(("application/octet-stream", "bin"), |media| {
        (media.as_str(), media.extension())
    });
    Ok(sandboxed(HttpResponse::Ok())
        .insert_header((CONTENT_TYPE, content_type))
        .insert_header((
            CONTENT_DISPOSITION,
            format!("attachment; filename=\"{id}.{ending}\""),
        ))
        .insert_header((CACHE_CONTROL, "no-store"))
        .streaming(stream))
}

/// The server's signed statement that it holds the bytes.
pub async fn receipt(
    state: State,
    caller: Caller,
    Path(id): Path<PhotoId>,
) -> Result<Json<SignedReceipt>, AppError> {
    let (photo, row) = find(&state, id).await?;
    may_read(&caller, &row)?;
    let receipt = photo.receipt()?.ok_or_else(|| state_conflict("expected"))?;
    Ok(Json(receipt))
}

/// A file of a record is no picture.
async fn find_picture(state: &AppState, id: PhotoId) -> Result<(StoredPhoto, StoredRecord), AppError> {
    let found = find(state, id).await?;
    match found.0.is_file() {
        true => Err(ProblemCode::NotFound.into()),
        false => Ok(found),
    }
}

pub(super) async fn find(state: &AppState, id: PhotoId) -> Result<(StoredPhoto, StoredRecord), AppError> {
    let found = state.db.read(move |conn| photos::with_record(conn, id)).await?;
    found.ok_or_else(|| ProblemCode::NotFound.into())
}

pub(super) fn require_held(photo: &StoredPhoto) -> Result<(), AppError> {
    if photo.is_held() {
        Ok(())
    } else {
        Err(state_conflict("expected"))
    }
}

fn state_conflict(state: &str) -> AppError {
    Problem::new(ProblemCode::StateConflict)
        .with("state", state)
        .into()
}

pub(super) fn sandboxed(mut answer: HttpResponseBuilder) -> HttpResponseBuilder {
    answer.insert_header((CONTENT_SECURITY_POLICY, SANDBOX));
    answer
}
