//! Signing in: the first time on this phone, or again when the session has run out.

use crate::field::app::use_app;
use crate::field::boot;
use crate::icons;
use crate::ui::live;
use crate::ui::{Button, ButtonKind, Notice, PasswordInput, Submits, TextInput, Tone};
use crate::words::{field as f, interface as w, problem};
use keng_shared::api::SignIn as Request;
use keng_shared::client::CallError;
use leptos::prelude::*;
use leptos::task::spawn_local;

/// The screen.
#[component]
pub fn SignIn() -> impl IntoView {
    let app = use_app();
    let is_open = app.driver().is_some();
    let known = app.me().map(|me| me.username).unwrap_or_default();
    let username = RwSignal::new(known);
    let password = RwSignal::new(String::new());
    let busy = RwSignal::new(false);
    let error = RwSignal::new(String::new());
    let submit = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        let (name, secret) = (
            username.get_untracked().trim().to_owned(),
            password.get_untracked(),
        );
        if busy.get_untracked() || name.is_empty() || secret.is_empty() {
            return;
        }
        busy.set(true);
        error.set(String::new());
        spawn_local(async move {
            if let Err(words) = sign_in(app, name, secret).await {
                error.set(words);
            }
            busy.set(false);
        });
    };
    view! {
        <form class="stack" on:submit=submit>
            <div class="welcome">
                <icons::Picture icon=icons::BELL/>
                <h1>{w::sign_in()}</h1>
                <p class="soft">{w::app_purpose()}</p>
            </div>
            {live(move || {
                let words = error.get();
                (!words.is_empty()).then(|| view! { <Notice tone=Tone::Danger words=words/> })
            })}
            <TextInput
                id="username"
                label=w::username()
                value=username
                on_input=Callback::new(move |text| username.set(text))
                autocomplete="username"
            />
            <PasswordInput
                id="password"
                label=w::password()
                value=password
                on_input=Callback::new(move |text| password.set(text))
            />
            <Button
                label=Signal::derive(move || if busy.get() { w::signing_in() } else { w::sign_in() }.to_owned())
                kind=ButtonKind::Primary
                class="button-wide button-large"
                submits=Submits::Form
                blocked=busy
            />
            {is_open.then(|| view! {
                // The session has run out, but what is on this phone can still be seen and added to.
                <Button label=w::back() kind=ButtonKind::Quiet on_press=move |_| app.gate.set(boot::Gate::Open)/>
            })}
            <p class="soft small">{f::sign_in_help()} " " <a href="/enrol">{f::enrol_title()}</a></p>
        </form>
    }
}

async fn sign_in(app: crate::field::app::App, username: String, password: String) -> Result<(), String> {
    let fault = |fault: crate::shell::Fault| fault.to_string();
    let Some(device) = app.device() else { return Ok(()) };
    let identity = device.identity(&username).await.map_err(fault)?;
    let body = Request {
        username,
        password,
        device: identity.info().await.map_err(fault)?,
    };
    match app.client().sign_in(&body).await {
        Ok(answer) => boot::signed_in(app, answer).await.map_err(fault),
        Err(CallError::Transport(_)) => Err(f::sign_in_offline().to_owned()),
        Err(error) => Err(problem::call(&error)),
    }
}
