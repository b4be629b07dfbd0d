//! People and the roles they hold. Nobody hands out more than they hold, and nobody takes over an account that holds
//! more than they could hand out.

use crate::auth::Caller;
use crate::auth::random_text;
use crate::db::audit::{self, Entry};
use crate::db::memberships::{self, Membership, NewMembership as StoredMembership};
use crate::db::users::{self, After, User};
use crate::db::{Conn, DbError, enrolments};
use crate::extract::{Json, Path, Query};
use crate::problem::AppError;
use crate::qr;
use crate::state::State;
use actix_web::HttpRequest;
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use keng_shared::api::{
    DEFAULT_PAGE, EnrolmentView, MAX_PAGE, MembershipView, NewMembership, NewUser, Page, SetMembershipState,
    UserView,
};
use keng_shared::id::{AreaId, MembershipId, TeamId, UserId};
use keng_shared::permission::{MembershipState, Role, Verb};
use keng_shared::problem::{FieldCode, FieldError, Problem, ProblemCode};
use keng_shared::text;
use keng_shared::time::Millis;
use serde::Deserialize;
use serde_json::{Value, json};
use uuid::Uuid;

/// How long an enrolment code works: 7 days.
pub const ENROLMENT_MS: i64 = 7 * 24 * 3_600_000;
const MAX_NAME: usize = 100;

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

/// Gives a person another role.
pub async fn add_membership(
    state: State,
    caller: Caller,
    Path(user_id): Path<UserId>,
    Json(body): Json<NewMembership>,
) -> Result<Json<MembershipView>, AppError> {
    let (user, _) = load_managed(&state, &caller, user_id, Reach::AnyMembership).await?;
    permit_grant(&caller, body.role, body.area_id)?;
    let first_state = match user.password_hash {
        Some(_) => MembershipState::Active,
        None => MembershipState::Invited,
    };
    let new = parse_membership(&caller, &body, first_state)?;

    let (now, actor) = (caller.now(), Actor::of(&caller));
    let stored = state
        .db
        .write(move |conn| {
            check_team(conn, &new)?;
            let id = memberships::insert(conn, user_id, &new, now)?;
            let details = membership_details(&new);
            actor.record(
                conn,
                now,
                "membership.create",
                ("membership", id.to_string()),
                details,
            )?;
            DbError::unless(memberships::by_id(conn, id)?, "membership.id")
        })
        .await?;
    state.auth.people.forget_user(user_id);
    Ok(Json(membership_view(&stored)))
}

/// Suspends, resumes or ends a membership. What has ended stays ended.
pub async fn set_membership_state(
    state: State,
    caller: Caller,
    Path(id): Path<MembershipId>,
    Json(body): Json<SetMembershipState>,
) -> Result<Json<MembershipView>, AppError> {
    let membership = state
        .db
        .read(move |conn| memberships::by_id(conn, id))
        .await?
        .ok_or(ProblemCode::NotFound)?;
    permit_grant(&caller, membership.role, membership.area_id)?;

    let (now, actor, wanted) = (caller.now(), Actor::of(&caller), body.state);
    let stored = state
        .db
        .write(move |conn| {
            let current = DbError::unless(memberships::by_id(conn, id)?, "membership.id")?;
            if !may_follow(current.state, wanted) {
                return Err(Problem::new(ProblemCode::StateConflict)
                    .with("state", current.state.as_str())
                    .into());
            }
            memberships::set_state(conn, id, wanted)?;
            let details = json!({"from": current.state.as_str(), "to": wanted.as_str()});
            actor.record(
                conn,
                now,
                "membership.set_state",
                ("membership", id.to_string()),
                details,
            )?;
            Ok(Membership {
                state: wanted,
                ..current
            })
        })
        .await?;
    state.auth.people.forget_user(stored.user_id);
    Ok(Json(membership_view(&stored)))
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

/// How much of a person the caller must be in charge of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reach {
    /// One membership: enough to give them another role in one's own area.
    AnyMembership,
    /// Every membership that has not ended: needed for what touches the account itself.
    EveryMembership,
}

/// The person, if the caller may manage them: 404 when out of sight, 403 when visible but not manageable.
pub async fn load_managed(
    state: &State,
    caller: &Caller,
    id: UserId,
    reach: Reach,
) -> Result<(User, Vec<Membership>), AppError> {
    let (user, memberships) = state
        .db
        .snapshot(move |conn| Ok((users::by_id(conn, id)?, memberships::of_user(conn, id)?)))
        .await?;
    let user = user.ok_or(ProblemCode::NotFound)?;
    let visible = memberships
        .iter()
        .any(|m| caller.can(Verb::ReadPeople, m.area_id));
    if !visible {
        return Err(ProblemCode::NotFound.into());
    }
    let manages = |m: &Membership| may_grant(caller, m.role, m.area_id);
    let mut open = memberships.iter().filter(|m| m.state != MembershipState::Ended);
    let allowed = match reach {
        Reach::AnyMembership => memberships
            .iter()
            .any(|m| caller.can(Verb::ManagePeople, m.area_id)),
        Reach::EveryMembership => open.all(manages),
    };
    if !allowed {
        return Err(ProblemCode::Forbidden.into());
    }
    Ok((user, memberships))
}

/// Who does a change, for the audit trail.
#[derive(Debug, Clone, Copy)]
pub(super) struct Actor {
    pub(super) user: UserId,
    device: keng_shared::id::DeviceId,
}

impl Actor {
    pub(super) fn of(caller: &Caller) -> Self {
        Self {
            user: caller.user_id(),
            device: caller.device_id(),
        }
    }

    fn record(
        self,
        conn: &mut Conn,
        at: Millis,
        action: &str,
        (object_type, object_id): (&str, String),
        details: Value,
    ) -> Result<(), DbError> {
        let entry = Entry {
            at,
            actor: Some(self.user),
            device: Some(self.device),
            action,
            object_type,
            object_id,
            details,
        };
        audit::record(conn, &entry).map(drop)
    }
}

/// Refuses unless the caller may give this role in this area.
pub(super) fn permit_grant(caller: &Caller, role: Role, area: AreaId) -> Result<(), AppError> {
    caller.require(Verb::ManagePeople, area)?;
    if may_grant(caller, role, area) {
        Ok(())
    } else {
        Err(ProblemCode::Forbidden.into())
    }
}

fn may_grant(caller: &Caller, role: Role, area: AreaId) -> bool {
    caller
        .roles_in(area)
        .any(|own| own.allows(Verb::ManagePeople) && own.may_grant(role))
}

/// A checked user without a password.
pub(super) fn parse_user(username: &str, name: &str) -> Result<User, Vec<FieldError>> {
    let username = username.trim().to_lowercase();
    let name = text::clean(name);
    let mut errors = Vec::new();
    let in_alphabet = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit() || b"._-".contains(&b);
    if !(3..=40).contains(&username.len()) || !username.bytes().all(in_alphabet) {
        let error = FieldError::new("username", FieldCode::BadFormat);
        errors.push(error.with("expected", "3 to 40 of a-z 0-9 . _ -"));
    }
    if name.is_empty() {
        errors.push(FieldError::new("name", FieldCode::Required));
    } else if name.chars().count() > MAX_NAME {
        errors.push(FieldError::new("name", FieldCode::TooLong).with("max", MAX_NAME));
    }
    if !errors.is_empty() {
        return Err(errors);
    }
    Ok(User {
        id: UserId(Uuid::now_v7()),
        username,
        name,
        password_hash: None,
    })
}

/// A checked membership; its team is checked in the transaction.
pub(super) fn parse_membership(
    caller: &Caller,
    new: &NewMembership,
    state: MembershipState,
) -> Result<StoredMembership, FieldError> {
    let valid_from = new.valid_from.unwrap_or(caller.today());
    if new.valid_to.is_some_and(|to| to < valid_from) {
        return Err(FieldError::new("valid_to", FieldCode::EndBeforeStart));
    }
    Ok(StoredMembership {
        role: new.role,
        area_id: new.area_id,
        team_id: new.team_id,
        state,
        valid_from: Some(valid_from),
        valid_to: new.valid_to,
    })
}

/// A team of a membership works in the membership's area.
pub(super) fn check_team(conn: &mut Conn, new: &StoredMembership) -> Result<(), DbError> {
    let Some(team) = new.team_id else { return Ok(()) };
    if memberships::area_of_team(conn, team)? == Some(new.area_id) {
        return Ok(());
    }
    let error = FieldError::new("team_id", FieldCode::NoSuchObject);
    Err(Problem::fields(vec![error]).into())
}

/// Stores a person with a first membership and its audit entry.
pub(super) fn store_user(
    conn: &mut Conn,
    user: &User,
    membership: &StoredMembership,
    actor: Actor,
    now: Millis,
) -> Result<Vec<Membership>, DbError> {
    users::insert(conn, user.id, &user.username, &user.name, now)?;
    memberships::insert(conn, user.id, membership, now)?;
    let details = membership_details(membership);
    actor.record(
        conn,
        now,
        "user.create",
        ("app_user", user.id.to_string()),
        details,
    )?;
    memberships::of_user(conn, user.id)
}

fn membership_details(new: &StoredMembership) -> Value {
    json!({
        "role": new.role.as_str(),
        "area": new.area_id,
        "team": new.team_id.map(|TeamId(id)| id),
        "state": new.state.as_str(),
    })
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

fn membership_view(membership: &Membership) -> MembershipView {
    MembershipView {
        id: membership.id,
        role: membership.role,
        area_id: membership.area_id,
        team_id: membership.team_id,
        state: membership.state,
        valid_from: membership.valid_from,
        valid_to: membership.valid_to,
    }
}

fn may_follow(now: MembershipState, next: MembershipState) -> bool {
    use MembershipState::{Active, Ended, Invited, Suspended};
    match (now, next) {
        (Ended, _) | (_, Invited) => false,
        (Invited, next) => next == Ended,
        (Active | Suspended, next) => next != now,
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
