//! Many people at once, from CSV: each row is one person with a first membership. Rows that are wrong are reported and
//! left out; in a dry run nothing is stored.

use super::manage_people::{Actor, check_team, parse_membership, parse_user, permit_grant, store_user};
use crate::auth::Caller;
use crate::db::memberships::{self, NewMembership as StoredMembership};
use crate::db::users::{self, User};
use crate::db::{Conn, DbError, teams};
use crate::extract::{Body, Json, Query};
use crate::import::table::{self, Cells, Columns};
use crate::import::{ParentRef, decode};
use crate::problem::AppError;
use crate::state::State;
use keng_shared::api::{ImportReport, NewMembership, RefusedRow};
use keng_shared::area::Area;
use keng_shared::id::{AreaId, TeamId};
use keng_shared::permission::{MembershipState, Role};
use keng_shared::problem::{FieldCode, FieldError, Problem, ProblemCode};
use keng_shared::text;
use keng_shared::time::LocalDate;
use serde::Deserialize;
use std::cell::RefCell;
use std::collections::HashSet;
use std::str::FromStr;

/// Largest file: 2 MiB.
const MAX_BYTES: usize = 2 * 1024 * 1024;
/// An area and a team are named as people name them, or by number.
const COLUMNS: Columns = Columns {
    required: &["username", "name", "role"],
    any_of: &["area_code", "area_id"],
    optional: &[
        "area_code",
        "area_id",
        "team",
        "team_id",
        "valid_from",
        "valid_to",
    ],
    max_rows: 5_000,
};

/// Query of `POST /users/import`.
#[derive(Debug, Deserialize, utoipa::IntoParams)]
#[serde(deny_unknown_fields)]
pub struct ImportQuery {
    /// Only say what would happen.
    #[serde(default)]
    dry_run: bool,
}

/// One row that can be stored.
#[derive(Clone)]
struct Row {
    number: usize,
    user: User,
    membership: StoredMembership,
    /// Name of a team in the membership's area, still to be looked up.
    team: Option<String>,
}

/// Columns `username,name,role,area_code,team,valid_from,valid_to`; the last three may be missing or empty. An area is
/// `15112`, `15112@2025-06-30` (the area that had the code on that day) or, below one with a code, `15112/Thôn Thành Sơn`;
/// `area_id` and `team_id` take numbers instead.
pub async fn import(
    state: State,
    caller: Caller,
    Query(query): Query<ImportQuery>,
    Body(body): Body<MAX_BYTES>,
) -> Result<Json<ImportReport>, AppError> {
    caller.require_somewhere(keng_shared::permission::Verb::ManagePeople)?;
    let (rows, mut report) = read_rows(&caller, &body)?;
    report.dry_run = query.dry_run;

    let (now, actor) = (caller.now(), Actor::of(&caller));
    let report = if query.dry_run {
        state
            .db
            .snapshot(move |conn| {
                for row in &rows {
                    let outcome = judge(conn, row)?;
                    count(&mut report, row, outcome.map(|(change, _)| change));
                }
                Ok(report)
            })
            .await?
    } else {
        state
            .db
            .write(move |conn| {
                let mut report = report.clone();
                for row in &rows {
                    let outcome = judge(conn, row)?;
                    if let Ok((Change::Create, membership)) = &outcome {
                        store_user(conn, &row.user, membership, actor, now)?;
                    }
                    count(&mut report, row, outcome.map(|(change, _)| change));
                }
                Ok(report)
            })
            .await?
    };
    Ok(Json(report))
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Change {
    Create,
    Nothing,
}

/// What storing the row would do, given what is stored, and the membership with its team.
fn judge(conn: &mut Conn, row: &Row) -> Result<Result<(Change, StoredMembership), FieldError>, DbError> {
    let mut wanted = row.membership.clone();
    if let Some(name) = &row.team {
        let Some(team) = teams::by_name(conn, wanted.area_id, name)? else {
            return Ok(Err(FieldError::new("team", FieldCode::NoSuchObject)));
        };
        wanted.team_id = Some(team);
    }
    match check_team(conn, &wanted) {
        Ok(()) => {}
        Err(DbError::Refused(problem)) => {
            let error = problem.fields.into_iter().next();
            return Ok(Err(
                error.unwrap_or_else(|| FieldError::new("team_id", FieldCode::BadFormat))
            ));
        }
        Err(error) => return Err(error),
    }
    let Some(known) = users::by_username(conn, &row.user.username)? else {
        return Ok(Ok((Change::Create, wanted)));
    };
    let is_same = known.name == row.user.name
        && memberships::of_user(conn, known.id)?
            .iter()
            .any(|m| (m.role, m.area_id, m.team_id) == (wanted.role, wanted.area_id, wanted.team_id));
    Ok(if is_same {
        Ok((Change::Nothing, wanted))
    } else {
        Err(FieldError::new("username", FieldCode::Duplicate))
    })
}

fn count(report: &mut ImportReport, row: &Row, outcome: Result<Change, FieldError>) {
    match outcome {
        Ok(Change::Create) => report.created += 1,
        Ok(Change::Nothing) => report.unchanged += 1,
        Err(error) => {
            report.refused.push(RefusedRow {
                row: row.number,
                what: row.user.username.clone(),
                error,
            });
            report.refused.sort_by_key(|refused| refused.row);
        }
    }
}

/// Rows with the right form, and a report that already holds the others.
fn read_rows(caller: &Caller, body: &[u8]) -> Result<(Vec<Row>, ImportReport), AppError> {
    let body = decode(body);
    let names = RefCell::new(HashSet::new());
    let parse = |number: usize, cells: &Cells<'_>| {
        let row = parse_row(caller, number, |name| cells.get(name))?;
        match names.borrow_mut().insert(row.user.username.clone()) {
            true => Ok(row),
            false => Err(FieldError::new("username", FieldCode::Duplicate)),
        }
    };
    let what = |cells: &Cells<'_>| cells.get("username").chars().take(40).collect();
    let (rows, refused) = table::read(body.as_bytes(), &COLUMNS, parse, what).map_err(|error| {
        match (error.field.as_str(), error.code) {
            ("file", FieldCode::TooLong) => Problem::new(ProblemCode::TooLarge)
                .with("max", COLUMNS.max_rows)
                .into(),
            _ => AppError::from(error),
        }
    })?;
    let report = ImportReport {
        read: rows.len() + refused.len(),
        refused,
        ..ImportReport::default()
    };
    Ok((rows, report))
}

fn parse_row<'a>(caller: &Caller, number: usize, cell: impl Fn(&str) -> &'a str) -> Result<Row, FieldError> {
    let user = parse_user(cell("username"), cell("name")).map_err(|errors| {
        errors
            .into_iter()
            .next()
            .unwrap_or_else(|| FieldError::new("username", FieldCode::BadFormat))
    })?;
    let role = Role::parse(cell("role")).ok_or_else(|| FieldError::new("role", FieldCode::NotAChoice))?;
    let (area_field, area_id) = area(caller, &cell)?;
    permit_grant(caller, role, area_id).map_err(|error| match error.problem().code {
        ProblemCode::NotFound => FieldError::new(area_field, FieldCode::NoSuchObject),
        _ => FieldError::new("role", FieldCode::NotAChoice),
    })?;
    let (team, team_id) = (
        text::clean(cell("team")),
        value::<i64>("team_id", cell("team_id"))?.map(TeamId),
    );
    if !team.is_empty() && team_id.is_some() {
        return Err(FieldError::new("team_id", FieldCode::Duplicate));
    }
    let new = NewMembership {
        role,
        area_id,
        team_id,
        valid_from: value::<LocalDate>("valid_from", cell("valid_from"))?,
        valid_to: value::<LocalDate>("valid_to", cell("valid_to"))?,
    };
    Ok(Row {
        number,
        user,
        membership: parse_membership(caller, &new, MembershipState::Invited)?,
        team: (!team.is_empty()).then_some(team),
    })
}

/// The area of a row, and the column that names it.
fn area<'a>(caller: &Caller, cell: &impl Fn(&str) -> &'a str) -> Result<(&'static str, AreaId), FieldError> {
    match (cell("area_code"), value::<i64>("area_id", cell("area_id"))?) {
        ("", None) => Err(FieldError::new("area_code", FieldCode::Required)),
        ("", Some(id)) => Ok(("area_id", AreaId(id))),
        (_, Some(_)) => Err(FieldError::new("area_id", FieldCode::Duplicate)),
        (code, None) => {
            let found = area_by_code(caller, code)?;
            found
                .map(|id| ("area_code", id))
                .ok_or_else(|| FieldError::new("area_code", FieldCode::NoSuchObject))
        }
    }
}

/// The area that `15112`, `15112@2025-06-30` or `15112/Thôn Thành Sơn` means.
fn area_by_code(caller: &Caller, text: &str) -> Result<Option<AreaId>, FieldError> {
    let (code, name) = text.split_once('/').unwrap_or((text, ""));
    let (tree, named) = (caller.tree(), ParentRef::parse("area_code", code)?);
    let on = named.on.unwrap_or(caller.today());
    let is_meant = |area: &&Area| area.code.as_ref() == Some(&named.code) && area.is_valid_on(on);
    let Some(area) = tree.iter().find(is_meant).map(|area| area.id) else {
        return Ok(None);
    };
    if name.is_empty() {
        return Ok(Some(area));
    }
    let name = text::clean(name);
    let below = tree.subtree(area, on).into_iter().filter_map(|id| tree.get(id));
    Ok(below
        .filter(|below| below.name == name && below.is_valid_on(on))
        .map(|below| below.id)
        .next())
}

/// The value of a cell; none if it is empty.
fn value<T: FromStr>(field: &str, cell: &str) -> Result<Option<T>, FieldError> {
    if cell.is_empty() {
        return Ok(None);
    }
    cell.parse()
        .map(Some)
        .map_err(|_| FieldError::new(field, FieldCode::BadFormat))
}
