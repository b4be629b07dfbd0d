//! The person at the desk: language, theme, password, devices, sign-out.

use super::api::{FormErrors, use_api};
use super::frame::Language;
use super::load::load;
use super::people::SessionList;
use super::push::AtDesk;
use super::{LANGUAGE, THEME};
use crate::icons;
use crate::push::PushSwitch;
use crate::shell::dom;
use crate::ui::{Answer, Button, ButtonKind, ChoiceButtons, Disclosure, PasswordInput, Submits, use_toasts};
use crate::words::{Lang, desk as d, domain, interface as w};
use keng_shared::api::ChangePassword;
use leptos::ev::SubmitEvent;
use leptos::prelude::*;
use leptos::task::spawn_local;

/// The page.
#[component]
pub fn ProfilePage() -> impl IntoView {
    let (api, toasts) = (use_api(), use_toasts());
    let sessions = load(move || api.call(async |client| client.sessions().await));
    let end = move |id| {
        spawn_local(async move {
            match api.call(async |client| client.end_session(id).await).await {
                Ok(()) => drop(toasts.say(w::session_ended())),
                Err(error) => drop(toasts.say(crate::words::problem::call(&error))),
            }
            sessions.again();
        });
    };
    let me = api.me();
    let roles = me
        .iter()
        .flat_map(|me| &me.memberships)
        .map(|held| domain::role(held.role));
    let roles: Vec<&str> = roles.collect();
    view! {
        <div class="page stack measure">
            <h1>{me.as_ref().map(|me| me.name.clone())}</h1>
            <p class="soft">{roles.join(", ")}</p>
            <Look/>
            <PushSwitch server=AtDesk::here()/>
            <section class="card stack">
                <h2>{w::devices()}</h2>
                {sessions.view(move |sessions| view! { <SessionList sessions on_end=end/> })}
            </section>
            <section class="card">
                <Disclosure summary=w::change_password()><PasswordForm/></Disclosure>
            </section>
            <div>
                <Button
                    label=w::sign_out()
                    kind=ButtonKind::Plain
                    icon=icons::LOG_OUT
                    on_press=move |_| spawn_local(api.sign_out())
                />
            </div>
            <p class="small"><a href="/" rel="external">{d::open_field_app()}</a></p>
        </div>
    }
}

#[component]
fn Look() -> impl IntoView {
    let Language(lang) = use_context::<Language>().unwrap_or(Language(RwSignal::new(Lang::Vi)));
    let theme = RwSignal::new(dom::setting(THEME).unwrap_or_default());
    let languages = Lang::ALL
        .into_iter()
        .map(|(lang, name)| Answer::new(lang.tag(), name))
        .collect::<Vec<_>>();
    let themes = vec![
        Answer::new("", w::theme_system()),
        Answer::new("light", w::theme_light()),
        Answer::new("dark", w::theme_dark()),
    ];
    let choose_language = move |tag: String| {
        dom::set_setting(LANGUAGE, &tag);
        lang.set(Lang::from_tag(&tag));
    };
    let choose_theme = move |name: String| {
        dom::set_setting(THEME, &name);
        dom::set_root("data-theme", &name);
        theme.set(name);
    };
    view! {
        <section class="card stack">
            <ChoiceButtons
                id="language"
                label=w::language()
                answers=languages
                value=Signal::derive(move || lang.get().tag().to_owned())
                on_choose=choose_language
            />
            <ChoiceButtons id="theme" label=w::theme() answers=themes value=theme on_choose=choose_theme/>
        </section>
    }
}

#[component]
fn PasswordForm() -> impl IntoView {
    let (api, toasts) = (use_api(), use_toasts());
    let (current, new) = (RwSignal::new(String::new()), RwSignal::new(String::new()));
    let errors = FormErrors::new();
    let submit = move |event: SubmitEvent| {
        event.prevent_default();
        errors.clear();
        let body = ChangePassword {
            current: current.get_untracked(),
            new: new.get_untracked(),
        };
        spawn_local(async move {
            match api.call(async |client| client.change_password(&body).await).await {
                Ok(()) => {
                    current.try_set(String::new());
                    new.try_set(String::new());
                    toasts.say(w::password_changed());
                }
                Err(error) => errors.show(&error),
            }
        });
    };
    view! {
        <form class="stack" on:submit=submit>
            {errors.notice()}
            <PasswordInput
                id="current-password"
                label=w::current_password()
                value=current
                on_input=move |text| current.set(text)
                error=errors.of("current")
            />
            <PasswordInput
                id="new-password"
                label=w::new_password()
                hint=w::new_password_hint()
                value=new
                on_input=move |text| new.set(text)
                error=errors.of("new")
                autocomplete="new-password"
            />
            <div><Button label=w::change_password() kind=ButtonKind::Primary submits=Submits::Form/></div>
        </form>
    }
}
