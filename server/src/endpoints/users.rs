//! People, and the one-time links with which they set a password.

use super::manage_people::{
    Actor, Reach, check_team, load_managed, parse_membership, parse_user, permit_grant, store_user,
};
use super::memberships::membership_view;
use crate::auth::Caller;
use crate::auth::random_text;
use crate::db::memberships::{self, Membership};
use crate::db::users::{self, After, User};
use crate::db::{DbError, enrolments};
use crate::extract::{Json, Path, Query};
use crate::problem::AppError;
use crate::qr;
use crate::state::State;
use actix_web::HttpRequest;
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use keng_shared::api::{DEFAULT_PAGE, EnrolmentView, MAX_PAGE, NewUser, Page, UserView};
use keng_shared::id::{AreaId, UserId};
use keng_shared::permission::{MembershipState, Verb};
use keng_shared::problem::{FieldCode, FieldError, ProblemCode};
use keng_shared::text;
use serde::Deserialize;
use serde_json::json;

/// How long an enrolment code works: 7 days.
const ENROLMENT_MS: i64 = 7 * 24 * 3_600_000;

/// Query of `GET /users`.
#[derive(Debug, Deserialize, utoipa::IntoParams)]
#[serde(deny_unknown_fields)]
pub struct UserQuery {
    /// With a membership in this area or below.
    #[param(value_type = Option<i64>)]
    area: Option<AreaId>,
    /// Words to find in names; marks, tone placement and case do not matter.
    search: Option<String>,
    /// `next` of the page before.
    after: Option<String>,
    /// Items on the page, 1 to 200.
    limit: Option<usize>,
}

/// People of the areas whose people the caller may read, in Vietnamese order of names.
pub async fn list(
    state: State,
    caller: Caller,
    Query(query): Query<UserQuery>,
) -> Result<Json<Page<UserView>>, AppError> {
    let limit = query.limit.unwrap_or(DEFAULT_PAGE);
    if !(1..=MAX_PAGE).contains(&limit) {
        return Err(FieldError::new("limit", FieldCode::TooBig)
            .with("max", MAX_PAGE)
            .into());
    }
    let after = query.after.as_deref().map(read_cursor).transpose()?;
    caller.require_somewhere(Verb::ReadPeople)?;
    let areas = match query.area {
        Some(area) => {
            caller.require(Verb::ReadPeople, area)?;
            caller.tree().subtree(area, caller.today())
        }
        None => caller.areas(Verb::ReadPeople),
    };

    let search = text::search_key(query.search.as_deref().unwrap_or_default());
    let wanted = limit as i64 + 1;
    let (mut users, memberships) = state
        .db
        .snapshot(move |conn| {
            let users = users::list(conn, &areas, &search, after.as_ref(), wanted)?;
            let ids: Vec<UserId> = users.iter().map(|(user, _)| user.id).collect();
            Ok((users, memberships::of_users(conn, &ids)?))
        })
        .await?;
    let more = users.len() > limit;
    users.truncate(limit);
    let next = users.last().filter(|_| more).map(|(_, after)| cursor(after));
    let items = users
        .into_iter()
        .map(|(user, _)| {
            let own: Vec<_> = memberships
                .iter()
                .filter(|m| m.user_id == user.id)
                .cloned()
                .collect();
            view(&caller, &user, &own)
        })
        .collect();
    Ok(Json(Page { items, next }))
}

/// Stores a person with a first membership, which waits for their enrolment.
pub async fn create(
    state: State,
    caller: Caller,
    Json(body): Json<NewUser>,
) -> Result<Json<UserView>, AppError> {
    let user = parse_user(&body.username, &body.name).map_err(AppError::fields)?;
    permit_grant(&caller, body.membership.role, body.membership.area_id)?;
    let membership = parse_membership(&caller, &body.membership, MembershipState::Invited)
        .map_err(|error| AppError::from(error.under("membership")))?;

    let (now, actor) = (caller.now(), Actor::of(&caller));
    let new_user = user.clone();
    let stored = state
        .db
        .write(move |conn| {
            check_team(conn, &membership).map_err(|error| under(error, "membership"))?;
            store_user(conn, &new_user, &membership, actor, now)
        })
        .await
        .map_err(name_taken)?;
    Ok(Json(view(&caller, &user, &stored)))
}

/// A one-time link with which the person sets a password: the first one, or a new one when it was forgotten.
pub async fn new_enrolment(
    state: State,
    caller: Caller,
    request: HttpRequest,
    Path(user_id): Path<UserId>,
) -> Result<Json<EnrolmentView>, AppError> {
    load_managed(&state, &caller, user_id, Reach::EveryMembership).await?;

    let code = random_text();
    let (now, actor) = (caller.now(), Actor::of(&caller));
    let expires_at = now.plus(ENROLMENT_MS);
    let stored = code.clone();
    state
        .db
        .write(move |conn| {
            enrolments::replace(conn, &stored, user_id, Some(actor.user), now, expires_at)?;
            actor.record(
                conn,
                now,
                "enrolment.create",
                ("app_user", user_id.to_string()),
                json!({"expires_at": expires_at}),
            )
        })
        .await?;

    let path = format!("/enrol#{code}");
    let qr_svg = qr::svg(&format!("{}{path}", state.origin(&request)))
        .ok_or_else(|| AppError::internal("the enrolment link does not fit a QR code"))?;
    Ok(Json(EnrolmentView {
        user_id,
        code,
        path,
        expires_at,
        qr_svg,
    }))
}

/// A person with the memberships that the caller may see.
fn view(caller: &Caller, user: &User, memberships: &[Membership]) -> UserView {
    UserView {
        id: user.id,
        username: user.username.clone(),
        name: user.name.clone(),
        enrolled: user.password_hash.is_some(),
        memberships: memberships
            .iter()
            .filter(|m| caller.can(Verb::ReadPeople, m.area_id))
            .map(membership_view)
            .collect(),
    }
}

/// A taken name is the caller's to mend, not a fault.
fn name_taken(error: DbError) -> AppError {
    if error.is_unique_violation() {
        ProblemCode::NameTaken.into()
    } else {
        error.into()
    }
}

fn under(error: DbError, parent: &str) -> DbError {
    match error {
        DbError::Refused(mut problem) => {
            problem.fields = problem
                .fields
                .into_iter()
                .map(|field| field.under(parent))
                .collect();
            DbError::Refused(problem)
        }
        other => other,
    }
}

fn cursor(after: &After) -> String {
    URL_SAFE_NO_PAD.encode(format!("{}\n{}", after.sort, after.id))
}

fn read_cursor(cursor: &str) -> Result<After, AppError> {
    let text = URL_SAFE_NO_PAD
        .decode(cursor)
        .ok()
        .and_then(|bytes| String::from_utf8(bytes).ok());
    let parts = text.as_deref().and_then(|text| text.split_once('\n'));
    let (sort, id) = parts.ok_or_else(|| FieldError::new("after", FieldCode::BadFormat))?;
    Ok(After {
        sort: sort.to_owned(),
        id: id.to_owned(),
    })
}
