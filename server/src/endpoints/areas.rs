//! Areas: lists, one area on a date, what became of an old code, and the units that hang on an area.

use crate::auth::Caller;
use crate::db::audit::{self, Entry};
use crate::db::{areas, boundaries, org_units, successions};
use crate::extract::{Json, Path, Query};
use crate::import::check_order;
use crate::problem::AppError;
use crate::state::State;
use actix_web::http::StatusCode;
use keng_shared::api::{AreaRef, AreaView, DEFAULT_PAGE, MAX_PAGE, NewUnit, Page, Resolved, UnitView};
use keng_shared::area::{Area, AreaTree};
use keng_shared::id::AreaId;
use keng_shared::permission::Verb;
use keng_shared::problem::{FieldCode, FieldError, Problem, ProblemCode};
use keng_shared::text;
use keng_shared::time::LocalDate;
use serde::Deserialize;
use serde_json::json;
use std::collections::HashSet;

/// Longest name of a unit, in characters.
const MAX_UNIT_NAME: usize = 200;

/// Query of `GET /areas`.
#[derive(Debug, Deserialize, utoipa::IntoParams)]
#[serde(deny_unknown_fields)]
pub struct ListQuery {
    /// Directly below this area; without it and without `search`, the caller's own areas.
    #[param(value_type = Option<i64>)]
    parent: Option<AreaId>,
    /// Words of the name, or the code.
    search: Option<String>,
    /// The date on which the tree is asked; today if missing.
    #[param(value_type = Option<String>, format = Date)]
    as_of: Option<LocalDate>,
    /// `next` of the page before.
    after: Option<String>,
    /// Items on the page, 1 to 200.
    limit: Option<usize>,
}

/// Query of `GET /areas/{id}`.
#[derive(Debug, Deserialize, utoipa::IntoParams)]
#[serde(deny_unknown_fields)]
pub struct AsOfQuery {
    /// The date on which the tree is asked; today if missing, or the last day of an area that has ended.
    #[param(value_type = Option<String>, format = Date)]
    pub(super) as_of: Option<LocalDate>,
}

/// Query of `GET /areas/resolve`.
#[derive(Debug, Deserialize, utoipa::IntoParams)]
#[serde(deny_unknown_fields)]
pub struct ResolveQuery {
    /// Official code.
    code: String,
    /// A date on which the code is meant; if missing, the area that had the code most recently before the one of
    /// today, or the one of today.
    #[param(value_type = Option<String>, format = Date)]
    as_of: Option<LocalDate>,
    /// The date for which the answer is wanted; today if missing.
    #[param(value_type = Option<String>, format = Date)]
    on: Option<LocalDate>,
}

/// `GET /areas`
pub async fn list(
    state: State,
    caller: Caller,
    Query(query): Query<ListQuery>,
) -> Result<Json<Page<AreaView>>, AppError> {
    let limit = page_size(query.limit)?;
    let date = query.as_of.unwrap_or(caller.today());
    let tree = caller.tree().clone();
    if let Some(parent) = query.parent {
        require_readable(&caller, parent, date)?;
    }
    let mut ids: Vec<AreaId> = match (query.parent, &query.search) {
        (Some(parent), None) => tree.children(parent, date).collect(),
        (None, None) => caller.roots(Verb::ReadAreas),
        (_, Some(words)) => {
            let key = text::search_key(words);
            state.db.read(move |conn| areas::search(conn, &key)).await?
        }
    };
    ids.retain(|id| {
        let Some(area) = tree.get(*id) else { return false };
        let below = query
            .parent
            .is_none_or(|parent| *id != parent && tree.is_within(*id, parent, date));
        area.is_valid_on(date) && below && is_readable(&caller, *id, date)
    });
    let mut found: Vec<&Area> = ids.iter().filter_map(|id| tree.get(*id)).collect();
    found.sort_by_cached_key(|area| (area.kind, text::sort_key(&area.name), area.id));
    let start = match &query.after {
        None => 0,
        Some(after) => found
            .iter()
            .position(|area| area.id.to_string() == *after)
            .map(|place| place + 1)
            .ok_or_else(|| FieldError::new("after", FieldCode::BadFormat))?,
    };
    let page: Vec<Area> = found
        .iter()
        .skip(start)
        .take(limit)
        .map(|area| (*area).clone())
        .collect();
    let next = match found.len() > start + limit {
        true => page.last().map(|area| area.id.to_string()),
        false => None,
    };
    let ids: Vec<AreaId> = page.iter().map(|area| area.id).collect();
    let bounded = state.db.read(move |conn| boundaries::present(conn, &ids)).await?;
    let items = page
        .into_iter()
        .map(|area| view(&tree, area, date, &bounded))
        .collect();
    Ok(Json(Page { items, next }))
}

/// `GET /areas/{id}`
pub async fn get(
    state: State,
    caller: Caller,
    Path(id): Path<AreaId>,
    Query(query): Query<AsOfQuery>,
) -> Result<Json<AreaView>, AppError> {
    let (area, date) = readable_area(&caller, id, query.as_of)?;
    let bounded = state
        .db
        .read(move |conn| boundaries::present(conn, &[id]))
        .await?;
    Ok(Json(view(caller.tree(), area, date, &bounded)))
}

/// `GET /areas/resolve`: codes are public facts, so whoever may see areas at all may ask.
pub async fn resolve(
    state: State,
    caller: Caller,
    Query(query): Query<ResolveQuery>,
) -> Result<Json<Resolved>, AppError> {
    caller.require_somewhere(Verb::ReadAreas)?;
    let tree = caller.tree().clone();
    let on = query.on.unwrap_or(caller.today());
    let resolved = state
        .db
        .snapshot(move |conn| successions::resolve(conn, &tree, &query.code, query.as_of, on))
        .await?;
    Ok(Json(resolved.ok_or(ProblemCode::NotFound)?))
}

/// `GET /areas/{id}/units`
pub async fn units(
    state: State,
    caller: Caller,
    Path(id): Path<AreaId>,
) -> Result<Json<Vec<UnitView>>, AppError> {
    readable_area(&caller, id, None)?;
    Ok(Json(
        state.db.read(move |conn| org_units::of_area(conn, id)).await?,
    ))
}

/// `POST /areas/{id}/units`
pub async fn create_unit(
    state: State,
    caller: Caller,
    Path(id): Path<AreaId>,
    Json(new): Json<NewUnit>,
) -> Result<(Json<UnitView>, StatusCode), AppError> {
    caller.require(Verb::ManageAreas, id)?;
    check_order(new.valid_from, new.valid_to)?;
    let new = NewUnit {
        name: name("name", &new.name, MAX_UNIT_NAME)?,
        ..new
    };
    let unit = state
        .db
        .write(move |conn| {
            if org_units::by_name(conn, id, &new.name)?.is_some() {
                return Err(ProblemCode::NameTaken.into());
            }
            let unit = org_units::insert(conn, id, &new, caller.now())?;
            audit::record(
                conn,
                &Entry {
                    at: caller.now(),
                    actor: Some(caller.user_id()),
                    device: Some(caller.device_id()),
                    action: "unit.create",
                    object_type: "org_unit",
                    object_id: unit.to_string(),
                    details: json!({"area": id, "kind": new.kind}),
                },
            )?;
            Ok(UnitView {
                id: unit,
                kind: new.kind,
                name: new.name.clone(),
                area_id: id,
                valid_from: new.valid_from,
                valid_to: new.valid_to,
            })
        })
        .await?;
    Ok((Json(unit), StatusCode::CREATED))
}

/// The area and the date on which to look at it, if the caller may see it: an area that has ended is seen on its last
/// day, one that has not begun on its first.
pub(super) fn readable_area(
    caller: &Caller,
    id: AreaId,
    as_of: Option<LocalDate>,
) -> Result<(Area, LocalDate), AppError> {
    let area = caller.tree().get(id).ok_or(ProblemCode::NotFound)?;
    let date = as_of.unwrap_or_else(|| {
        let not_after = area.valid_to.map_or(caller.today(), |to| caller.today().min(to));
        area.valid_from.map_or(not_after, |from| not_after.max(from))
    });
    require_readable(caller, id, date)?;
    if !area.is_valid_on(date) {
        return Err(Problem::new(ProblemCode::NotFound).with("as_of", date).into());
    }
    Ok((area.clone(), date))
}

/// A name that has been cleaned and measured.
pub(super) fn name(field: &str, raw: &str, max: usize) -> Result<String, FieldError> {
    let name = text::clean(raw).replace('\n', " ");
    match name.chars().count() {
        0 => Err(FieldError::new(field, FieldCode::Required)),
        length if length > max => Err(FieldError::new(field, FieldCode::TooLong).with("max", max)),
        _ => Ok(name),
    }
}

fn require_readable(caller: &Caller, id: AreaId, date: LocalDate) -> Result<(), AppError> {
    match caller.tree().get(id).is_some() && is_readable(caller, id, date) {
        true => Ok(()),
        false => Err(ProblemCode::NotFound.into()),
    }
}

/// Whether the area lies in the caller's reach today or did on `date`: history stays readable to those who hold the
/// same upper area today.
fn is_readable(caller: &Caller, id: AreaId, date: LocalDate) -> bool {
    if caller.can(Verb::ReadAreas, id) {
        return true;
    }
    let above = caller.tree().chain(id, date);
    caller
        .memberships()
        .any(|membership| membership.role.allows(Verb::ReadAreas) && above.contains(&membership.area_id))
}

fn view(tree: &AreaTree, area: Area, date: LocalDate, bounded: &HashSet<AreaId>) -> AreaView {
    let above = tree.chain(area.id, date).into_iter().skip(1);
    AreaView {
        above: above
            .filter_map(|id| tree.get(id))
            .map(|area| AreaRef {
                id: area.id,
                name: area.name.clone(),
                code: area.code.clone(),
            })
            .collect(),
        children: u32::try_from(tree.children(area.id, date).count()).unwrap_or(u32::MAX),
        has_boundary: bounded.contains(&area.id),
        area,
    }
}

/// Items on a page, within the limits.
fn page_size(limit: Option<usize>) -> Result<usize, FieldError> {
    match limit {
        None => Ok(DEFAULT_PAGE),
        Some(0) => Err(FieldError::new("limit", FieldCode::TooSmall).with("min", 1)),
        Some(limit) if limit > MAX_PAGE => {
            Err(FieldError::new("limit", FieldCode::TooBig).with("max", MAX_PAGE))
        }
        Some(limit) => Ok(limit),
    }
}
