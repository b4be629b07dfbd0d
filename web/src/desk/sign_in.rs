//! Sign-in of the desk.

use super::api::{FormErrors, use_api};
use crate::icons;
use crate::shell::device::Device;
use crate::ui::{Button, ButtonKind, Notice, PasswordInput, Submits, TextInput, Tone};
use crate::words::{desk as d, interface as w, problem};
use keng_shared::api::SignIn;
use leptos::ev::SubmitEvent;
use leptos::prelude::*;
use leptos::task::spawn_local;

/// Asks for name and password.
#[component]
pub fn SignInPage() -> impl IntoView {
    let api = use_api();
    let (username, password) = (RwSignal::new(String::new()), RwSignal::new(String::new()));
    let errors = FormErrors::new();
    let trouble = RwSignal::new(String::new());
    let busy = RwSignal::new(false);
    let submit = move |event: SubmitEvent| {
        event.prevent_default();
        if busy.get_untracked() {
            return;
        }
        busy.set(true);
        errors.clear();
        trouble.set(String::new());
        spawn_local(async move {
            let name = username.get_untracked();
            match device_info(&name).await {
                Ok(device) => {
                    let body = SignIn {
                        username: name,
                        password: password.get_untracked(),
                        device,
                    };
                    match api.client().sign_in(&body).await {
                        Ok(answer) => api.signed_in(&answer),
                        Err(error) => errors.show(&error),
                    }
                }
                Err(words) => drop(trouble.try_set(words)),
            }
            busy.try_set(false);
        });
    };
    view! {
        <main class="sign-in" id="main">
            <div class="card sign-in-card stack">
                <div class="sign-in-head">
                    <img class="keng-logo" src="/assets/keng.svg" alt="" width="56" height="56"/>
                    <div>
                        <h1>{w::app_name()}" · "{d::desk()}</h1>
                        <p class="soft">{w::app_purpose()}</p>
                    </div>
                </div>
                {move || {
                    let words = [trouble.get(), errors.whole().get()].concat();
                    (!words.is_empty()).then(|| view! { <Notice tone=Tone::Danger words/> })
                }}
                <form class="stack" on:submit=submit>
                    <TextInput
                        id="username"
                        label=w::username()
                        value=username
                        on_input=move |text| username.set(text)
                        error=errors.of("username")
                        autocomplete="username"
                    />
                    <PasswordInput
                        id="password"
                        label=w::password()
                        value=password
                        on_input=move |text| password.set(text)
                        error=errors.of("password")
                    />
                    <Button
                        label=Signal::derive(move || if busy.get() { w::signing_in() } else { w::sign_in() }.to_owned())
                        kind=ButtonKind::Primary
                        icon=icons::KEY_ROUND
                        class="button-wide"
                        submits=Submits::Form
                        blocked=busy
                    />
                </form>
                <p class="small">
                    <a href="/" rel="external">{d::open_field_app()}</a>
                </p>
            </div>
        </main>
    }
}

async fn device_info(username: &str) -> Result<keng_shared::api::DeviceInfo, String> {
    let device = Device::open().await;
    let identity = match device {
        Ok(device) => device.identity(username).await,
        Err(fault) => Err(fault),
    };
    match identity {
        Ok(identity) => identity.info().await.map_err(|_| problem::no_device().to_owned()),
        Err(_) => Err(problem::no_device().to_owned()),
    }
}
