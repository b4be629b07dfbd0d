//! Saved views of the table of records. Each person has their own.

use crate::auth::Caller;
use crate::db::DbError;
use crate::db::record_lists::Filter;
use crate::db::saved_views;
use crate::extract::{Json, Path};
use crate::problem::AppError;
use crate::state::State;
use actix_web::HttpResponse;
use keng_shared::api::{MAX_COLUMNS, MAX_VIEW_NAME, MAX_VIEWS, NewSavedView, SavedView};
use keng_shared::id::SavedViewId;
use keng_shared::problem::{FieldCode, FieldError, Problem, ProblemCode};
use keng_shared::text;

/// Longest id of a column, in characters.
const MAX_COLUMN: usize = 40;

/// The caller's views, in Vietnamese order.
pub async fn list(state: State, caller: Caller) -> Result<Json<Vec<SavedView>>, AppError> {
    let me = caller.user_id();
    let views = state.db.read(move |conn| saved_views::of_user(conn, me)).await?;
    Ok(Json(views))
}

/// Saves a view under its name.
pub async fn save(
    state: State,
    caller: Caller,
    Json(mut new): Json<NewSavedView>,
) -> Result<Json<SavedView>, AppError> {
    new.name = text::clean(&new.name);
    check(&new)?;
    let me = caller.user_id();
    let saved = state
        .db
        .write(move |conn| {
            let known = saved_views::of_user(conn, me)?;
            if known.len() >= MAX_VIEWS && !known.iter().any(|view| view.name == new.name) {
                let error = FieldError::new("name", FieldCode::TooBig).with("max", MAX_VIEWS);
                return Err(Problem::fields(vec![error]).into());
            }
            saved_views::save(conn, me, &new)
        })
        .await?;
    Ok(Json(saved))
}

fn check(new: &NewSavedView) -> Result<(), AppError> {
    let mut errors = Vec::new();
    let length = new.name.chars().count();
    if length == 0 {
        errors.push(FieldError::new("name", FieldCode::Required));
    }
    if length > MAX_VIEW_NAME {
        errors.push(FieldError::new("name", FieldCode::TooLong).with("max", MAX_VIEW_NAME));
    }
    if new.columns.len() > MAX_COLUMNS {
        errors.push(FieldError::new("columns", FieldCode::TooLong).with("max", MAX_COLUMNS));
    }
    let is_id = |column: &String| {
        (1..=MAX_COLUMN).contains(&column.len())
            && column
                .bytes()
                .all(|byte| byte.is_ascii_lowercase() || byte == b'_')
    };
    let wrong = new
        .columns
        .iter()
        .enumerate()
        .filter(|(_, column)| !is_id(column));
    errors.extend(wrong.map(|(at, _)| FieldError::new(format!("columns.{at}"), FieldCode::BadFormat)));
    let paging = [
        ("filter.after", new.filter.after.is_some()),
        ("filter.limit", new.filter.limit.is_some()),
    ];
    let given = paging.into_iter().filter(|(_, given)| *given);
    errors.extend(given.map(|(field, _)| FieldError::new(field, FieldCode::Unknown)));
    if !errors.is_empty() {
        return Err(AppError::fields(errors));
    }
    Filter::of(&new.filter)?;
    Ok(())
}

/// Deletes a view. Another person's is as good as missing.
pub async fn delete(
    state: State,
    caller: Caller,
    Path(id): Path<SavedViewId>,
) -> Result<HttpResponse, AppError> {
    let me = caller.user_id();
    state
        .db
        .write(move |conn| match saved_views::delete(conn, me, id)? {
            true => Ok(()),
            false => Err::<(), DbError>(ProblemCode::NotFound.into()),
        })
        .await?;
    Ok(HttpResponse::NoContent().finish())
}
