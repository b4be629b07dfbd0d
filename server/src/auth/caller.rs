//! The person who asks. Only the extractor of [`Caller`] makes one, so a handler that takes a `Caller` cannot run for
//! somebody who is not signed in.

use crate::db::memberships::Membership;
use crate::db::sessions::SignedInPerson;
use crate::problem::AppError;
use crate::state::State;
use actix_web::dev::Payload;
use actix_web::http::header::AUTHORIZATION;
use actix_web::{FromRequest, HttpRequest};
use futures::future::LocalBoxFuture;
use keng_shared::area::AreaTree;
use keng_shared::id::{AreaId, DeviceId, SessionId, TeamId, UserId};
use keng_shared::permission::{Role, Verb};
use keng_shared::problem::ProblemCode;
use keng_shared::sync::{Me, MyMembership};
use keng_shared::time::{LocalDate, Millis};
use std::sync::Arc;

/// The person who asks, with the roles that are in force today.
#[derive(Clone)]
pub struct Caller {
    person: Arc<SignedInPerson>,
    tree: Arc<AreaTree>,
    now: Millis,
    today: LocalDate,
}

impl Caller {
    /// The person.
    pub fn user_id(&self) -> UserId {
        self.person.user.id
    }

    /// Sign-in name.
    pub fn username(&self) -> &str {
        &self.person.user.username
    }

    /// Display name.
    pub fn name(&self) -> &str {
        &self.person.user.name
    }

    /// The device session of the request.
    pub fn session_id(&self) -> SessionId {
        self.person.session.id
    }

    /// The device of the session.
    pub fn device_id(&self) -> DeviceId {
        self.person.session.device_id
    }

    /// The time at which the request began.
    pub fn now(&self) -> Millis {
        self.now
    }

    /// The local date at which the request began.
    pub fn today(&self) -> LocalDate {
        self.today
    }

    /// The area tree.
    pub fn tree(&self) -> &Arc<AreaTree> {
        &self.tree
    }

    /// Memberships in force today.
    pub fn memberships(&self) -> impl Iterator<Item = &Membership> {
        self.person
            .memberships
            .iter()
            .filter(|membership| membership.is_in_force(self.today))
    }

    /// The caller as the app shows them.
    pub fn me(&self) -> Me {
        me(&self.person, self.today)
    }

    /// Teams in which a membership is in force today.
    pub fn teams(&self) -> Vec<TeamId> {
        let mut teams: Vec<_> = self.memberships().filter_map(|m| m.team_id).collect();
        teams.sort_unstable();
        teams.dedup();
        teams
    }

    /// Whether the caller may do this to an object of this area.
    pub fn can(&self, verb: Verb, area: AreaId) -> bool {
        self.roles_in(area).any(|role| role.allows(verb))
    }

    /// Whether the area lies in any area where the caller has a role.
    pub fn reaches(&self, area: AreaId) -> bool {
        self.roles_in(area).next().is_some()
    }

    /// Refuses unless the caller may do this to an object of this area: 404 when the area is out of reach, so that
    /// nobody learns what exists elsewhere; 403 when it is in reach but the role is not enough.
    pub fn require(&self, verb: Verb, area: AreaId) -> Result<(), AppError> {
        if self.can(verb, area) {
            Ok(())
        } else if self.reaches(area) {
            Err(ProblemCode::Forbidden.into())
        } else {
            Err(ProblemCode::NotFound.into())
        }
    }

    /// As [`Caller::can`], and an area that has ended is asked for on its last day: its history belongs to those who
    /// hold the area that was above it then.
    pub fn can_in_history(&self, verb: Verb, area: AreaId) -> bool {
        let last_day = self.tree.get(area).and_then(|area| area.valid_to);
        let Some(last_day) = last_day.filter(|day| *day < self.today) else {
            return self.can(verb, area);
        };
        let chain = self.tree.chain(area, last_day);
        self.memberships()
            .any(|held| chain.contains(&held.area_id) && held.role.allows(verb))
    }

    /// Refuses unless [`Caller::can_in_history`].
    pub fn require_in_history(&self, verb: Verb, area: AreaId) -> Result<(), AppError> {
        match self.can_in_history(verb, area) {
            true => Ok(()),
            false => self.require(verb, area),
        }
    }

    /// Refuses unless the caller may do this somewhere; for lists, which then show only [`Caller::areas`].
    pub fn require_somewhere(&self, verb: Verb) -> Result<(), AppError> {
        if self.memberships().any(|membership| membership.role.allows(verb)) {
            Ok(())
        } else {
            Err(ProblemCode::Forbidden.into())
        }
    }

    /// The areas in which the caller holds a role that allows this, without those below them.
    pub fn roots(&self, verb: Verb) -> Vec<AreaId> {
        let mut roots: Vec<_> = self
            .memberships()
            .filter(|membership| membership.role.allows(verb))
            .map(|membership| membership.area_id)
            .collect();
        roots.sort_unstable();
        roots.dedup();
        roots
    }

    /// Every area in which the caller may do this, sorted by id.
    pub fn areas(&self, verb: Verb) -> Vec<AreaId> {
        let mut areas: Vec<_> = self
            .roots(verb)
            .into_iter()
            .flat_map(|root| self.tree.subtree(root, self.today))
            .collect();
        areas.sort_unstable();
        areas.dedup();
        areas
    }

    /// Roles whose area is this one or above it.
    pub fn roles_in(&self, area: AreaId) -> impl Iterator<Item = Role> {
        let chain = match self.tree.get(area) {
            Some(_) => self.tree.chain(area, self.today),
            None => Vec::new(),
        };
        self.memberships()
            .filter(move |membership| chain.contains(&membership.area_id))
            .map(|membership| membership.role)
    }
}

/// A person as the app shows them, with the memberships in force on `today`.
pub fn me(person: &SignedInPerson, today: LocalDate) -> Me {
    Me {
        id: person.user.id,
        username: person.user.username.clone(),
        name: person.user.name.clone(),
        memberships: person
            .memberships
            .iter()
            .filter(|membership| membership.is_in_force(today))
            .map(|membership| MyMembership {
                role: membership.role,
                area_id: membership.area_id,
                team_id: membership.team_id,
            })
            .collect(),
    }
}

impl FromRequest for Caller {
    type Error = AppError;
    type Future = LocalBoxFuture<'static, Result<Self, AppError>>;

    fn from_request(request: &HttpRequest, _payload: &mut Payload) -> Self::Future {
        let state = request.app_data::<State>().cloned();
        let token = bearer(request).map(str::to_owned);
        Box::pin(async move {
            let state = state.ok_or_else(|| AppError::internal("the app has no state"))?;
            let token = token.ok_or(ProblemCode::NotSignedIn)?;
            caller_of(&state, &token).await
        })
    }
}

async fn caller_of(state: &State, token: &str) -> Result<Caller, AppError> {
    let now = state.clock.now();
    let claims = state.auth.tokens.read(token, now)?;
    let person = state
        .auth
        .people
        .get(&state.db, claims.session_id, now)
        .await?
        .filter(|person| person.user.id == claims.user_id)
        .ok_or(ProblemCode::NotSignedIn)?;
    if !person.session.is_open(now) {
        return Err(ProblemCode::SessionEnded.into());
    }
    Ok(Caller {
        person,
        tree: state.auth.tree.get(&state.db, now).await?,
        now,
        today: now
            .local_date()
            .ok_or_else(|| AppError::internal("the clock is wrong"))?,
    })
}

/// The token of `Authorization: Bearer <token>`, if there is exactly one such header.
fn bearer(request: &HttpRequest) -> Option<&str> {
    let mut values = request.headers().get_all(AUTHORIZATION);
    let value = values.next()?.to_str().ok()?;
    if values.next().is_some() {
        return None;
    }
    let (scheme, token) = value.split_once(' ')?;
    scheme.eq_ignore_ascii_case("bearer").then_some(token)
}
