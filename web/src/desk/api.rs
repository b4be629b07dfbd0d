//! The typed client with what a signed-in page needs around it: a fresh token when one has run out, and the knowledge
//! that the session is over.

use crate::shell::Fault;
use crate::shell::fetch::Fetch;
use crate::ui::{Notice, Tone, live};
use crate::words::problem;
use keng_shared::api::SignedIn;
use keng_shared::client::{CallError, Client};
use keng_shared::id::AreaId;
use keng_shared::permission::{Role, Verb};
use keng_shared::problem::{FieldError, ProblemCode};
use keng_shared::sync::Me;
use leptos::prelude::*;

/// Why a call failed.
pub type Failed = CallError<Fault>;

/// Who is signed in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Session {
    /// Nobody knows yet: the page has just begun.
    Asking,
    /// Nobody.
    SignedOut,
    /// This person.
    SignedIn(Me),
}

/// The server, as this page speaks with it.
#[derive(Clone, Copy)]
pub struct Api {
    client: StoredValue<Client<Fetch>>,
    session: RwSignal<Session>,
}

impl Api {
    /// Makes it and gives it to everything below.
    pub fn provide() -> Self {
        let api = Self {
            client: StoredValue::new(Client::new(Fetch)),
            session: RwSignal::new(Session::Asking),
        };
        provide_context(api);
        api
    }

    /// Who is signed in.
    pub fn session(self) -> Signal<Session> {
        self.session.into()
    }

    /// Goes on with the session of the refresh cookie, if there is one.
    pub async fn resume(self) {
        match self.client.get_value().refresh().await {
            Ok(signed_in) => self.signed_in(&signed_in),
            Err(_) => self.session.set(Session::SignedOut),
        }
    }

    /// Remembers a new session.
    pub fn signed_in(self, answer: &SignedIn) {
        self.client
            .with_value(|client| client.set_token(Some(answer.access_token.clone())));
        self.session.set(Session::SignedIn(answer.me.clone()));
    }

    /// Ends the session. Without a network the page forgets it all the same, and the token runs out by itself.
    pub async fn sign_out(self) {
        let _told = self.client.get_value().sign_out().await;
        self.client.with_value(|client| client.set_token(None));
        self.session.set(Session::SignedOut);
    }

    /// The client without anything around it.
    pub fn client(self) -> Client<Fetch> {
        self.client.get_value()
    }

    /// Asks the server. When the token has run out it gets a new one and asks again; when the session is over, the page
    /// shows the sign-in.
    pub async fn call<A>(self, ask: impl AsyncFn(&Client<Fetch>) -> Result<A, Failed>) -> Result<A, Failed> {
        let client = self.client.get_value();
        let first = ask(&client).await;
        let answer = match first {
            Err(error) if is(&error, ProblemCode::TokenExpired) || is(&error, ProblemCode::NotSignedIn) => {
                match client.refresh().await {
                    Ok(_) => ask(&client).await,
                    Err(error) => Err(error),
                }
            }
            other => other,
        };
        if let Err(error) = &answer
            && (is(error, ProblemCode::SessionEnded) || is(error, ProblemCode::NotSignedIn))
        {
            self.session.set(Session::SignedOut);
        }
        answer
    }

    /// The person who is signed in. A page is built anew when that changes, so it need not follow.
    pub fn me(self) -> Option<Me> {
        match self.session.get_untracked() {
            Session::SignedIn(me) => Some(me),
            _ => None,
        }
    }

    /// Whether the person may do this somewhere: what they may not, they are not shown.
    pub fn may(self, verb: Verb) -> bool {
        self.me()
            .is_some_and(|me| me.memberships.iter().any(|held| held.role.allows(verb)))
    }

    /// Whether the person is staff, rather than the leader of a team.
    pub fn is_staff(self) -> bool {
        self.me()
            .is_some_and(|me| me.memberships.iter().any(|held| held.role.is_staff()))
    }

    /// Roles that the person may give to others.
    pub fn grants(self) -> Vec<Role> {
        let held: Vec<Role> = self
            .me()
            .map(|me| me.memberships.iter().map(|held| held.role).collect())
            .unwrap_or_default();
        Role::ALL
            .iter()
            .copied()
            .filter(|role| held.iter().any(|mine| mine.may_grant(*role)))
            .collect()
    }

    /// The area that the person works in: that of the first membership of staff.
    pub fn home(self) -> Option<AreaId> {
        let me = self.me()?;
        let staff = me.memberships.iter().find(|held| held.role.is_staff());
        staff.or(me.memberships.first()).map(|held| held.area_id)
    }
}

/// The server of this page. Every page stands below [`Api::provide`].
pub fn use_api() -> Api {
    use_context::<Api>().unwrap_or_else(Api::provide)
}

/// Whether a call failed with this problem.
pub fn is(error: &Failed, code: ProblemCode) -> bool {
    matches!(error, CallError::Problem(problem) if problem.code == code)
}

/// The wrong fields of a call.
pub fn fields(error: &Failed) -> Vec<FieldError> {
    match error {
        CallError::Problem(problem) => problem.fields.clone(),
        _ => Vec::new(),
    }
}

/// Whether an error is of a field or of anything below it.
fn is_of(error: &FieldError, field: &str) -> bool {
    let below = error.field.strip_prefix(field);
    below.is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
}

/// What is wrong with a form: words for the whole, and words for each field.
#[derive(Clone, Copy)]
pub struct FormErrors {
    whole: RwSignal<String>,
    fields: RwSignal<Vec<FieldError>>,
    /// Fields whose errors an input shows.
    claimed: StoredValue<Vec<String>>,
}

impl FormErrors {
    /// Nothing is wrong.
    pub fn new() -> Self {
        Self {
            whole: RwSignal::new(String::new()),
            fields: RwSignal::new(Vec::new()),
            claimed: StoredValue::new(Vec::new()),
        }
    }

    /// Nothing is wrong any more.
    pub fn clear(self) {
        self.whole.set(String::new());
        self.fields.set(Vec::new());
    }

    /// Says what the server refused.
    pub fn show(self, error: &Failed) {
        self.whole.try_set(problem::call(error));
        self.fields.try_set(fields(error));
    }

    /// Says what is wrong before anything is sent.
    pub fn show_fields(self, found: Vec<FieldError>) {
        self.whole.set(String::new());
        self.fields.set(found);
    }

    /// Words for the whole form: what no input of the form says itself; empty if there is nothing of that.
    pub fn whole(self) -> Signal<String> {
        Signal::derive(move || {
            if self.fields.with(Vec::is_empty) {
                return self.whole.get();
            }
            let is_claimed = |error: &&FieldError| {
                self.claimed
                    .with_value(|claimed| claimed.iter().any(|field| is_of(error, field)))
            };
            self.fields.with(|errors| {
                let unsaid = errors.iter().filter(|error| !is_claimed(error));
                let lines: Vec<String> = unsaid.map(problem::named_field).collect();
                lines.join(" ")
            })
        })
    }

    /// The words for the whole form, as a notice above its fields.
    pub fn notice(self) -> AnyView {
        let words = self.whole();
        live(move || {
            let words = words.get();
            (!words.is_empty()).then(|| view! { <Notice tone=Tone::Danger words/> })
        })
    }

    /// Words for the first error of a field or of anything below it.
    pub fn of(self, field: impl Into<String>) -> Signal<String> {
        let field = field.into();
        self.claimed.update_value(|claimed| {
            if !claimed.contains(&field) {
                claimed.push(field.clone());
            }
        });
        Signal::derive(move || {
            self.fields.with(|errors| {
                errors
                    .iter()
                    .find(|error| is_of(error, &field))
                    .map(problem::field)
                    .unwrap_or_default()
            })
        })
    }
}
