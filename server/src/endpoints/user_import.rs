//! Many people at once, from CSV: each row is one person with a first membership. Rows that are wrong are reported and
//! left out; in a dry run nothing is stored.

use super::manage_people::{Actor, check_team, parse_membership, parse_user, permit_grant, store_user};
use crate::auth::Caller;
use crate::db::memberships::{self, NewMembership as StoredMembership};
use crate::db::users::{self, User};
use crate::db::{Conn, DbError};
use crate::extract::{Body, Json, Query};
use crate::problem::AppError;
use crate::state::State;
use keng_shared::api::{ImportReport, NewMembership, RefusedRow};
use keng_shared::id::{AreaId, TeamId};
use keng_shared::permission::{MembershipState, Role};
use keng_shared::problem::{FieldCode, FieldError, Problem, ProblemCode};
use keng_shared::time::LocalDate;
use serde::Deserialize;
use std::collections::HashSet;
use std::str::FromStr;

/// Largest file: 2 MiB.
const MAX_BYTES: usize = 2 * 1024 * 1024;
/// Most rows.
const MAX_ROWS: usize = 5_000;
const COLUMNS: [&str; 7] = [
    "username",
    "name",
    "role",
    "area_id",
    "team_id",
    "valid_from",
    "valid_to",
];

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
}

/// Columns `username,name,role,area_id,team_id,valid_from,valid_to`; the last three may be empty.
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
                    count(&mut report, row, outcome);
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
                    if outcome == Ok(Change::Create) {
                        store_user(conn, &row.user, &row.membership, actor, now)?;
                    }
                    count(&mut report, row, outcome);
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

/// What storing the row would do, given what is stored.
fn judge(conn: &mut Conn, row: &Row) -> Result<Result<Change, FieldError>, DbError> {
    match check_team(conn, &row.membership) {
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
        return Ok(Ok(Change::Create));
    };
    let wanted = &row.membership;
    let is_same = known.name == row.user.name
        && memberships::of_user(conn, known.id)?
            .iter()
            .any(|m| (m.role, m.area_id, m.team_id) == (wanted.role, wanted.area_id, wanted.team_id));
    Ok(if is_same {
        Ok(Change::Nothing)
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
    let malformed =
        |what: String| AppError::from(Problem::new(ProblemCode::MalformedRequest).with("reason", what));
    // Excel marks UTF-8 with a byte order mark.
    let body = body.strip_prefix("\u{feff}".as_bytes()).unwrap_or(body);
    let mut reader = csv::ReaderBuilder::new()
        .trim(csv::Trim::All)
        .flexible(true)
        .from_reader(body);
    let header = reader
        .headers()
        .map_err(|error| malformed(error.to_string()))?
        .clone();
    if let Some(unknown) = header.iter().find(|name| !COLUMNS.contains(name)) {
        return Err(FieldError::new(unknown, FieldCode::Unknown).into());
    }
    if let Some(missing) = COLUMNS[..4]
        .iter()
        .find(|name| !header.iter().any(|given| given == **name))
    {
        return Err(FieldError::new(*missing, FieldCode::Required).into());
    }

    let mut report = ImportReport::default();
    let mut rows = Vec::new();
    let mut names = HashSet::new();
    for (index, record) in reader.records().enumerate() {
        let number = index + 1;
        if number > MAX_ROWS {
            return Err(Problem::new(ProblemCode::TooLarge).with("max", MAX_ROWS).into());
        }
        report.read = number;
        let record = record.map_err(|error| malformed(error.to_string()))?;
        let cell = |name: &str| {
            let column = header.iter().position(|given| given == name);
            column.and_then(|column| record.get(column)).unwrap_or_default()
        };
        let parsed = parse_row(caller, number, cell).and_then(|row| {
            if names.insert(row.user.username.clone()) {
                Ok(row)
            } else {
                Err(FieldError::new("username", FieldCode::Duplicate))
            }
        });
        match parsed {
            Ok(row) => rows.push(row),
            Err(error) => report.refused.push(RefusedRow {
                row: number,
                what: cell("username").chars().take(40).collect(),
                error,
            }),
        }
    }
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
    let area_id = value::<i64>("area_id", cell("area_id"))?
        .map(AreaId)
        .ok_or_else(|| FieldError::new("area_id", FieldCode::Required))?;
    permit_grant(caller, role, area_id).map_err(|error| match error.problem().code {
        ProblemCode::NotFound => FieldError::new("area_id", FieldCode::NoSuchObject),
        _ => FieldError::new("role", FieldCode::NotAChoice),
    })?;
    let new = NewMembership {
        role,
        area_id,
        team_id: value::<i64>("team_id", cell("team_id"))?.map(TeamId),
        valid_from: value::<LocalDate>("valid_from", cell("valid_from"))?,
        valid_to: value::<LocalDate>("valid_to", cell("valid_to"))?,
    };
    Ok(Row {
        number,
        user,
        membership: parse_membership(caller, &new, MembershipState::Invited)?,
    })
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
