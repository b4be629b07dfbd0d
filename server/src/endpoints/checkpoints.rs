//! Checkpoints of patrols, and the sheet with the QR code that hangs there.

use super::areas::name;
use super::teams::{InArea, require_in};
use crate::auth::Caller;
use crate::db::checkpoints::{self, Sheet};
use crate::db::{Conn, DbError};
use crate::extract::{IfMatch, Json, Path, Query};
use crate::problem::AppError;
use crate::state::State;
use crate::sync::Actor;
use crate::sync::permit::actor;
use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use actix_web::http::header::{CACHE_CONTROL, CONTENT_TYPE};
use keng_shared::api::NewCheckpoint;
use keng_shared::id::{AreaId, CheckpointId};
use keng_shared::permission::Verb;
use keng_shared::problem::{FieldCode, FieldError, Problem, ProblemCode};
use keng_shared::sync::Checkpoint;
use qrcode::{Color, EcLevel, QrCode};
use serde::Deserialize;
use serde_json::{Value, json};

/// Longest name of a checkpoint, in characters.
const MAX_NAME: usize = 100;
/// Radius of a fence in metres.
const RADIUS: std::ops::RangeInclusive<u16> = 10..=500;
/// White modules around a code, as its standard asks.
const QUIET: usize = 4;

/// Query of [`list`].
#[derive(Debug, Deserialize, utoipa::IntoParams)]
#[serde(deny_unknown_fields)]
pub struct CheckpointQuery {
    /// In this area or below; everything in reach if missing.
    #[param(value_type = Option<i64>)]
    area: Option<AreaId>,
    /// Those that are retired instead of those in use.
    #[serde(default)]
    retired: bool,
}

/// `GET /checkpoints`
pub async fn list(
    state: State,
    caller: Caller,
    Query(query): Query<CheckpointQuery>,
) -> Result<Json<Vec<Checkpoint>>, AppError> {
    let areas = InArea { area: query.area }.areas(&caller, Verb::ReadAreas)?;
    let found = state.db.read(move |conn| match query.retired {
        true => checkpoints::retired(conn, &areas),
        false => checkpoints::in_areas(conn, &areas),
    });
    Ok(Json(found.await?))
}

/// `POST /checkpoints`
pub async fn create(
    state: State,
    caller: Caller,
    Json(new): Json<NewCheckpoint>,
) -> Result<(Json<Checkpoint>, StatusCode), AppError> {
    require_in(&caller, Verb::ManageCheckpoints, new.area_id)?;
    let new = checked(new)?;
    let token = checkpoints::new_token();
    let checkpoint = state
        .db
        .write(move |conn| {
            require_free_name(conn, new.area_id, &new.name, None)?;
            let id = checkpoints::insert(conn, &new, &token, caller.now())?;
            let details = json!({"area": new.area_id, "radius_m": new.radius_m});
            record(conn, &actor(&caller), "checkpoint.create", id, details)?;
            stored(conn, id)
        })
        .await?;
    Ok((Json(checkpoint), StatusCode::CREATED))
}

/// `PUT /checkpoints/{id}`: another name, place, fence or area. The code on its sheet stays.
pub async fn edit(
    state: State,
    caller: Caller,
    Path(id): Path<CheckpointId>,
    IfMatch(revision): IfMatch,
    Json(new): Json<NewCheckpoint>,
) -> Result<Json<Checkpoint>, AppError> {
    require_managed(&state, &caller, id).await?;
    require_in(&caller, Verb::ManageCheckpoints, new.area_id)?;
    let new = checked(new)?;
    let checkpoint = state
        .db
        .write(move |conn| {
            let old = locked(conn, id, revision)?;
            if old.retired_at.is_some() {
                return Err(ProblemCode::StateConflict.into());
            }
            require_free_name(conn, new.area_id, &new.name, Some(id))?;
            checkpoints::update(conn, &old, &new, caller.now())?;
            let details = json!({
                "area": new.area_id,
                "radius_m": new.radius_m,
                "renamed": old.name != new.name,
                "moved_m": old.position.distance_m(new.position).round() as u32,
            });
            record(conn, &actor(&caller), "checkpoint.edit", id, details)?;
            stored(conn, id)
        })
        .await?;
    Ok(Json(checkpoint))
}

/// `POST /checkpoints/{id}/retire`: nobody is sent there any more. Records, plans and routes keep it.
pub async fn retire(
    state: State,
    caller: Caller,
    Path(id): Path<CheckpointId>,
    IfMatch(revision): IfMatch,
) -> Result<Json<Checkpoint>, AppError> {
    require_managed(&state, &caller, id).await?;
    let checkpoint = state
        .db
        .write(move |conn| {
            if locked(conn, id, revision)?.retired_at.is_some() {
                return Err(ProblemCode::StateConflict.into());
            }
            checkpoints::set_retired(conn, id, Some(caller.now()))?;
            record(conn, &actor(&caller), "checkpoint.retire", id, json!({}))?;
            stored(conn, id)
        })
        .await?;
    Ok(Json(checkpoint))
}

/// `POST /checkpoints/{id}/reopen`: brings a retired one back; the sheet that hangs there holds again.
pub async fn reopen(
    state: State,
    caller: Caller,
    Path(id): Path<CheckpointId>,
    IfMatch(revision): IfMatch,
) -> Result<Json<Checkpoint>, AppError> {
    require_managed(&state, &caller, id).await?;
    let checkpoint = state
        .db
        .write(move |conn| {
            let old = locked(conn, id, revision)?;
            if old.retired_at.is_none() {
                return Err(ProblemCode::StateConflict.into());
            }
            require_free_name(conn, old.area_id, &old.name, Some(id))?;
            checkpoints::set_retired(conn, id, None)?;
            record(conn, &actor(&caller), "checkpoint.reopen", id, json!({}))?;
            stored(conn, id)
        })
        .await?;
    Ok(Json(checkpoint))
}

/// `GET /checkpoints/{id}/qr`: whoever holds the sheet can claim to have been there, so only those who may hang it up
/// get it. A retired checkpoint has none.
pub async fn sheet(
    state: State,
    caller: Caller,
    Path(id): Path<CheckpointId>,
) -> Result<HttpResponse, AppError> {
    let sheet = state
        .db
        .read(move |conn| checkpoints::sheet(conn, id))
        .await?
        .ok_or(ProblemCode::NotFound)?;
    caller.require(Verb::ManageCheckpoints, sheet.checkpoint.area_id)?;
    if sheet.checkpoint.retired_at.is_some() {
        return Err(ProblemCode::StateConflict.into());
    }
    let area = caller.tree().get(sheet.checkpoint.area_id);
    let svg = draw(&sheet, area.map_or("", |area| &area.name)).map_err(AppError::internal)?;
    Ok(HttpResponse::Ok()
        .insert_header((CONTENT_TYPE, "image/svg+xml"))
        .insert_header((CACHE_CONTROL, "no-store"))
        .body(svg))
}

/// Whoever does not reach the checkpoint is told that there is none.
async fn require_managed(state: &State, caller: &Caller, id: CheckpointId) -> Result<(), AppError> {
    let sheet = state.db.read(move |conn| checkpoints::sheet(conn, id)).await?;
    let area = sheet.ok_or(ProblemCode::NotFound)?.checkpoint.area_id;
    caller.require(Verb::ManageCheckpoints, area)
}

fn locked(conn: &mut Conn, id: CheckpointId, revision: u32) -> Result<Checkpoint, DbError> {
    let found = checkpoints::lock(conn, id)?.ok_or(ProblemCode::NotFound)?;
    if found.revision == revision {
        return Ok(found);
    }
    let problem = Problem::new(ProblemCode::RevisionMismatch).with("revision", found.revision);
    let value = DbError::unless(serde_json::to_value(found).ok(), "a checkpoint")?;
    Err(problem.with_stored(value).into())
}

/// Of the checkpoints in use in an area each has a name of its own.
fn require_free_name(
    conn: &mut Conn,
    area: AreaId,
    name: &str,
    own: Option<CheckpointId>,
) -> Result<(), DbError> {
    match checkpoints::by_name(conn, area, name)? {
        Some(id) if Some(id) != own => Err(ProblemCode::NameTaken.into()),
        _ => Ok(()),
    }
}

fn record(
    conn: &mut Conn,
    actor: &Actor,
    action: &str,
    id: CheckpointId,
    details: Value,
) -> Result<(), DbError> {
    let id = id.to_string();
    actor.audit(conn, action, "checkpoint", &id, details).map(drop)
}

fn stored(conn: &mut Conn, id: CheckpointId) -> Result<Checkpoint, DbError> {
    let sheet = DbError::unless(checkpoints::sheet(conn, id)?, "checkpoint")?;
    Ok(sheet.checkpoint)
}

fn checked(new: NewCheckpoint) -> Result<NewCheckpoint, AppError> {
    let mut errors = Vec::new();
    let name = name("name", &new.name, MAX_NAME).unwrap_or_else(|error| {
        errors.push(error);
        String::new()
    });
    if !new.position.is_valid() {
        errors.push(FieldError::new("position", FieldCode::BadFormat).with("expected", "degrees"));
    }
    if new.radius_m < *RADIUS.start() {
        errors.push(FieldError::new("radius_m", FieldCode::TooSmall).with("min", RADIUS.start()));
    }
    if new.radius_m > *RADIUS.end() {
        errors.push(FieldError::new("radius_m", FieldCode::TooBig).with("max", RADIUS.end()));
    }
    match errors.is_empty() {
        true => Ok(NewCheckpoint { name, ..new }),
        false => Err(AppError::fields(errors)),
    }
}

/// An A5 sheet: what it is, where it hangs, the code, and the code in letters for phones that cannot scan. Presentation
/// attributes only, since the content policy forbids inline styles.
fn draw(sheet: &Sheet, area: &str) -> Result<String, qrcode::types::QrError> {
    let code = QrCode::with_error_correction_level(&sheet.token, EcLevel::Q)?;
    let (side, dark) = (code.width() + 2 * QUIET, modules(&code));
    let letters = escape(&in_groups(&sheet.token));
    let (name, area) = (escape(&sheet.checkpoint.name), escape(area));
    let line = |y: u32, size: u32, weight: &str, words: &str| {
        format!(
            "<text x=\"280\" y=\"{y}\" font-size=\"{size}\" font-weight=\"{weight}\" text-anchor=\"middle\" \
             font-family=\"sans-serif\" fill=\"#111\">{words}</text>"
        )
    };
    Ok(format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"148mm\" height=\"210mm\" viewBox=\"0 0 560 794\">\
         <rect width=\"560\" height=\"794\" fill=\"#fff\"/>{}{}{}<svg x=\"80\" y=\"210\" width=\"400\" height=\"400\" \
         viewBox=\"0 0 {side} {side}\" shape-rendering=\"crispEdges\"><path d=\"{dark}\" fill=\"#000\"/></svg>\
         <text x=\"280\" y=\"640\" font-size=\"17\" text-anchor=\"middle\" font-family=\"monospace\" \
         fill=\"#111\">{letters}</text>{}{}{}</svg>",
        line(70, 22, "400", "ĐIỂM TUẦN TRA"),
        line(130, 34, "700", &name),
        line(175, 22, "400", &area),
        line(690, 19, "400", "Mở ca tuần tra trong Kẻng,"),
        line(716, 19, "400", "bấm “Quét mã” và đưa máy vào mã này."),
        line(752, 16, "400", "Mã bị rách hoặc mờ: báo Công an xã để in lại."),
    ))
}

/// The dark modules of a code as one path, a unit each, behind the quiet zone.
fn modules(code: &QrCode) -> String {
    let colors = code.to_colors();
    let rows = colors.chunks(code.width()).enumerate();
    let squares = rows.flat_map(|(y, row)| {
        let dark = row.iter().enumerate().filter(|(_, color)| **color == Color::Dark);
        dark.map(move |(x, _)| format!("M{} {}h1v1h-1z", x + QUIET, y + QUIET))
    });
    squares.collect()
}

/// Letters in groups of four, as people read them off.
fn in_groups(token: &str) -> String {
    let letters: Vec<char> = token.chars().collect();
    let groups: Vec<String> = letters.chunks(4).map(|group| group.iter().collect()).collect();
    groups.join(" ")
}

fn escape(text: &str) -> String {
    text.replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
        .replace('"', "&quot;")
}

#[cfg(test)]
mod tests {
    use super::*;
    use keng_shared::evidence::sha256_hex;
    use keng_shared::geo::LatLon;

    #[test]
    fn a_name_cannot_smuggle_markup_into_the_sheet() {
        let token = checkpoints::new_token();
        let sheet = Sheet {
            checkpoint: Checkpoint {
                id: CheckpointId(1),
                area_id: AreaId(1),
                name: "<script>alert(1)</script>".to_owned(),
                position: LatLon { lat_e7: 0, lon_e7: 0 },
                radius_m: 50,
                token_sha256: sha256_hex(token.as_bytes()),
                revision: 1,
                moved_at: None,
                retired_at: None,
            },
            token,
        };
        let svg = draw(&sheet, "Thôn \"A\" & B").unwrap();
        assert!(!svg.contains("<script>") && svg.contains("&lt;script&gt;"));
        assert!(svg.contains("Thôn &quot;A&quot; &amp; B"));
        assert!(
            svg.contains(&in_groups(&sheet.token)),
            "the code stands there in letters too"
        );
    }
}
