//! Enrolment: a one-time code from a link or QR sets the first password on this phone.

use crate::field::app::{App, use_app};
use crate::field::boot;
use crate::field::parts::error_of;
use crate::field::route::Route;
use crate::shell::{Fault, dom};
use crate::ui::live;
use crate::ui::{Button, ButtonKind, Notice, PasswordInput, Submits, TextInput, Tone};
use crate::words::{field as f, interface as w, problem};
use keng_shared::api::{Enrol as Request, EnrolCheck, EnrolInfo, MAX_PASSWORD, MIN_PASSWORD};
use keng_shared::client::CallError;
use keng_shared::problem::{FieldCode, FieldError};
use leptos::prelude::*;
use leptos::task::spawn_local;

/// The screen.
#[component]
pub fn Enrol() -> impl IntoView {
    let app = use_app();
    let code = RwSignal::new(dom::fragment());
    let info = RwSignal::new(None::<EnrolInfo>);
    let password = RwSignal::new(String::new());
    let busy = RwSignal::new(false);
    let error = RwSignal::new(String::new());
    let password_error = RwSignal::new(String::new());
    // The code is used once; it must not stay in the history of a shared phone.
    dom::clear_fragment();
    let check = move || {
        if busy.get_untracked() || code.with_untracked(|code| code.trim().is_empty()) {
            return;
        }
        busy.set(true);
        error.set(String::new());
        spawn_local(async move {
            let body = EnrolCheck {
                code: code.get_untracked().trim().to_owned(),
            };
            match app.client().check_enrolment(&body).await {
                Ok(found) => info.set(Some(found)),
                Err(CallError::Transport(_)) => error.set(f::sign_in_offline().to_owned()),
                Err(failed) => error.set(problem::call(&failed)),
            }
            busy.set(false);
        });
    };
    if code.with_untracked(|code| !code.is_empty()) {
        check();
    }
    let submit = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        let Some(found) = info.get_untracked() else {
            return check();
        };
        if busy.get_untracked() {
            return;
        }
        let secret = password.get_untracked();
        if let Some(wrong) = check_password(&secret) {
            return password_error.set(problem::field(&wrong));
        }
        busy.set(true);
        password_error.set(String::new());
        spawn_local(async move {
            match enrol(app, found.username, code.get_untracked(), secret).await {
                Ok(()) => app.go_instead(Route::Today),
                Err(Refusal::Password(words)) => password_error.set(words),
                Err(Refusal::Other(words)) => error.set(words),
            }
            busy.set(false);
        });
    };
    view! {
        <form class="stack" on:submit=submit>
            <h1>{f::enrol_title()}</h1>
            {live(move || {
                let words = error.get();
                (!words.is_empty()).then(|| view! { <Notice tone=Tone::Danger words=words/> })
            })}
            {live(move || match info.get() {
                None => view! {
                    <TextInput
                        id="code"
                        label=f::enrol_code()
                        hint=f::enrol_code_hint()
                        value=code
                        on_input=Callback::new(move |text| code.set(text))
                    />
                    <Button
                        label=f::enrol_check()
                        kind=ButtonKind::Primary
                        class="button-wide button-large"
                        submits=Submits::Form
                        blocked=busy
                    />
                }
                .into_any(),
                Some(found) => view! {
                    <p>{f::enrol_hello(&found.name)}</p>
                    <p class="strong">{f::enrol_username(&found.username)}</p>
                    <input type="hidden" name="username" autocomplete="username" value=found.username/>
                    <PasswordInput
                        id="new-password"
                        label=w::new_password()
                        hint=w::new_password_hint()
                        value=password
                        error=password_error
                        on_input=Callback::new(move |text| password.set(text))
                        autocomplete="new-password"
                    />
                    <Button
                        label=f::enrol_set()
                        kind=ButtonKind::Primary
                        class="button-wide button-large"
                        submits=Submits::Form
                        blocked=busy
                    />
                }
                .into_any(),
            })}
            <p><a href="/">{w::sign_in()}</a></p>
        </form>
    }
}

enum Refusal {
    Password(String),
    Other(String),
}

impl From<Fault> for Refusal {
    fn from(fault: Fault) -> Self {
        Self::Other(fault.to_string())
    }
}

/// What is wrong with a password before it is sent; whether it is too common only the server knows.
pub fn check_password(password: &str) -> Option<FieldError> {
    match password.chars().count() {
        0..MIN_PASSWORD => Some(FieldError::new("password", FieldCode::TooShort).with("min", MIN_PASSWORD)),
        MIN_PASSWORD..=MAX_PASSWORD => None,
        _ => Some(FieldError::new("password", FieldCode::TooLong).with("max", MAX_PASSWORD)),
    }
}

async fn enrol(app: App, username: String, code: String, password: String) -> Result<(), Refusal> {
    let Some(device) = app.device() else { return Ok(()) };
    let identity = device.identity(&username).await?;
    let body = Request {
        code: code.trim().to_owned(),
        password,
        device: identity.info().await?,
    };
    match app.client().enrol(&body).await {
        Ok(answer) => Ok(boot::signed_in(app, answer).await?),
        Err(CallError::Problem(found)) if found.fields.iter().any(|field| field.field == "password") => {
            Err(Refusal::Password(error_of(&found.fields, "password")))
        }
        Err(CallError::Transport(_)) => Err(Refusal::Other(f::sign_in_offline().to_owned())),
        Err(error) => Err(Refusal::Other(problem::call(&error))),
    }
}
