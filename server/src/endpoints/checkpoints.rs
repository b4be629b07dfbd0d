//! Checkpoints of patrols, and the sheet with the QR code that hangs there.

use super::areas::name;
use super::teams::{InArea, require_in};
use crate::auth::Caller;
use crate::db::audit::{self, Entry};
use crate::db::checkpoints::{self, Sheet};
use crate::extract::{Json, Path, Query};
use crate::problem::AppError;
use crate::state::State;
use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use actix_web::http::header::{CACHE_CONTROL, CONTENT_TYPE};
use keng_shared::api::NewCheckpoint;
use keng_shared::evidence::sha256_hex;
use keng_shared::id::CheckpointId;
use keng_shared::permission::Verb;
use keng_shared::problem::{FieldCode, FieldError, ProblemCode};
use keng_shared::sync::Checkpoint;
use qrcode::{Color, EcLevel, QrCode};
use serde_json::json;

/// Longest name of a checkpoint, in characters.
const MAX_NAME: usize = 100;
/// Radius of a fence in metres.
const RADIUS: std::ops::RangeInclusive<u16> = 10..=500;
/// White modules around a code, as its standard asks.
const QUIET: usize = 4;

/// `GET /checkpoints`
pub async fn list(
    state: State,
    caller: Caller,
    Query(query): Query<InArea>,
) -> Result<Json<Vec<Checkpoint>>, AppError> {
    let areas = query.areas(&caller, Verb::ReadAreas)?;
    Ok(Json(
        state
            .db
            .read(move |conn| checkpoints::in_areas(conn, &areas))
            .await?,
    ))
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
            if checkpoints::by_name(conn, new.area_id, &new.name)?.is_some() {
                return Err(ProblemCode::NameTaken.into());
            }
            let id = checkpoints::insert(conn, &new, &token, caller.now())?;
            audit::record(
                conn,
                &Entry {
                    at: caller.now(),
                    actor: Some(caller.user_id()),
                    device: Some(caller.device_id()),
                    action: "checkpoint.create",
                    object_type: "checkpoint",
                    object_id: id.to_string(),
                    details: json!({"area": new.area_id, "radius_m": new.radius_m}),
                },
            )?;
            Ok(Checkpoint {
                id,
                area_id: new.area_id,
                name: new.name.clone(),
                position: new.position,
                radius_m: new.radius_m,
                token_sha256: sha256_hex(token.as_bytes()),
            })
        })
        .await?;
    Ok((Json(checkpoint), StatusCode::CREATED))
}

/// `GET /checkpoints/{id}/qr`: whoever holds the sheet can claim to have been there, so only those who may hang it up
/// get it.
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
    let area = caller.tree().get(sheet.checkpoint.area_id);
    let svg = draw(&sheet, area.map_or("", |area| &area.name)).map_err(AppError::internal)?;
    Ok(HttpResponse::Ok()
        .insert_header((CONTENT_TYPE, "image/svg+xml"))
        .insert_header((CACHE_CONTROL, "no-store"))
        .body(svg))
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
    use keng_shared::geo::LatLon;
    use keng_shared::id::AreaId;

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
