//! Thumbnails and previews, made after the receipt: a photo is safe before anybody looks at it.
//!
//! What is to be made is told by the database, so a restart forgets nothing. A try is counted before it begins: a
//! picture that brings the process down is given up after [`MAX_TRIES`], not tried at every start.

use super::hold::Undecodable;
use super::look::Looked;
use crate::db::photos::{self, RenditionState, StoredPhoto};
use crate::db::uploads;
use crate::evidence::inspect::MediaType;
use crate::evidence::renditions;
use crate::evidence::store::Rendition;
use crate::problem::AppError;
use crate::state::{AppState, State};
use bytes::Bytes;
use keng_shared::id::PhotoId;
use std::time::Duration;

/// Tries before a picture is given up.
const MAX_TRIES: i32 = 3;
/// Pixels from which on a picture is decoded alone.
const LARGE_PIXELS: i64 = 24_000_000;
/// Photos looked up at a time.
const BATCH: i64 = 16;
/// Pause when there is nothing to do.
const IDLE: Duration = Duration::from_secs(2);
/// Pause while uploads come in: they go first.
const YIELD: Duration = Duration::from_millis(50);
/// Longest that uploads hold renditions up, in pauses.
const MAX_YIELDS: u32 = 200;

/// Makes what is pending and clears expired uploads, for as long as the server runs.
pub async fn run(state: State) {
    loop {
        match round(&state).await {
            Ok(0) => tokio::time::sleep(IDLE).await,
            Ok(_) => {}
            Err(error) => {
                tracing::warn!(%error, "renditions have to wait");
                tokio::time::sleep(IDLE).await;
            }
        }
    }
}

async fn round(state: &AppState) -> Result<usize, AppError> {
    clear_expired(state).await?;
    let pending = state
        .db
        .read(|conn| photos::pending_renditions(conn, BATCH))
        .await?;
    let found = pending.len();
    for photo in pending {
        for _ in 0..MAX_YIELDS {
            if state.evidence.is_quiet() {
                break;
            }
            tokio::time::sleep(YIELD).await;
        }
        make(state, photo).await?;
    }
    Ok(found)
}

/// Makes both renditions of a held photo and returns whether there are any now.
pub async fn make(state: &AppState, photo: StoredPhoto) -> Result<bool, AppError> {
    let id = photo.photo_id()?;
    let media_type = photo.media_type.as_deref().and_then(MediaType::parse);
    let (Some(media_type), true) = (media_type, photo.rendition_tries < MAX_TRIES) else {
        give_up(state, id).await?;
        return Ok(false);
    };
    let permits = match i64::from(photo.width.unwrap_or(0)) * i64::from(photo.height.unwrap_or(0)) {
        LARGE_PIXELS.. => 2,
        _ => 1,
    };
    let permit = state
        .evidence
        .decoders
        .acquire_many(permits)
        .await
        .map_err(AppError::internal)?;
    // Only a picture that is about to be decoded counts as tried: a store that is away says nothing about the photo.
    let original = state.evidence.store.original(id, &photo.sha256).await?;
    state.db.write(move |conn| photos::count_try(conn, id)).await?;
    let orientation = u8::try_from(photo.orientation).unwrap_or(1);
    let made =
        tokio::task::spawn_blocking(move || renditions::make(&original, media_type, orientation)).await;
    drop(permit);
    let Ok(Ok(made)) = made else {
        give_up(state, id).await?;
        return Ok(false);
    };
    let hash = made.look;
    if let Err(error) = keep(state, id, made).await {
        // It was decoded, so it is no picture that brings the process down; only the store has to come back.
        state.db.write(move |conn| photos::clear_tries(conn, id)).await?;
        return Err(error);
    }
    let looked = Looked {
        photo: id,
        hash,
        now: state.clock.now(),
    };
    state.db.write(move |conn| looked.run(conn)).await?;
    Ok(true)
}

async fn keep(state: &AppState, id: PhotoId, made: renditions::Renditions) -> Result<(), AppError> {
    let store = &state.evidence.store;
    store
        .put_rendition(id, Rendition::Thumbnail, made.thumbnail)
        .await?;
    store.put_rendition(id, Rendition::Preview, made.preview).await?;
    Ok(())
}

/// The bytes of a rendition; made now if the background has not come to it yet.
pub async fn get(state: &AppState, photo: StoredPhoto, which: Rendition) -> Result<Option<Bytes>, AppError> {
    let id = photo.photo_id()?;
    let there = match photo.rendition.as_str() {
        made if made == RenditionState::Made.as_str() => true,
        pending if pending == RenditionState::Pending.as_str() => make(state, photo).await?,
        _ => false,
    };
    if !there {
        return Ok(None);
    }
    Ok(Some(state.evidence.store.rendition(id, which).await?))
}

async fn give_up(state: &AppState, photo: PhotoId) -> Result<(), AppError> {
    let change = Undecodable {
        photo,
        now: state.clock.now(),
    };
    Ok(state.db.write(move |conn| change.run(conn)).await?)
}

async fn clear_expired(state: &AppState) -> Result<(), AppError> {
    let now = state.clock.now();
    let expired = state
        .db
        .read(move |conn| uploads::expired(conn, now, BATCH))
        .await?;
    for photo in expired {
        let _claim = state.evidence.claims.take(photo).await;
        state.db.write(move |conn| uploads::delete(conn, photo)).await?;
        state
            .evidence
            .parts
            .remove(photo)
            .await
            .map_err(AppError::internal)?;
    }
    Ok(())
}
