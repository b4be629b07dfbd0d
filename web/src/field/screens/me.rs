//! The person: who they are here, language and look, the app on the home screen, devices, password, and the way out.

use super::enrol::check_password;
use crate::field::app::{App, use_app};
use crate::field::parts;
use crate::icons;
use crate::push::PushSwitch;
use crate::shell::dom;
use crate::shell::install::{self, Installing};
use crate::ui::live;
use crate::ui::{
    Answer, Button, ButtonKind, ChoiceButtons, Dialog, Disclosure, Notice, PasswordInput, Skeleton, Submits,
    Tone,
};
use crate::words::{Lang, domain, field as f, interface as w, problem, when};
use keng_engine::{Event, SignOutChoice, Unsent};
use keng_shared::api::{ChangePassword, SessionView};
use keng_shared::client::CallError;
use keng_shared::id::SessionId;
use leptos::prelude::*;
use leptos::task::spawn_local;

/// The screen.
#[component]
pub fn Me() -> impl IntoView {
    let app = use_app();
    let roles = app.project(|engine| {
        let scope = engine.scope();
        let me = scope.map(|scope| &scope.me);
        let line = |membership: &keng_shared::sync::MyMembership| {
            let team = membership.team_id.and_then(|id| parts::team(scope?, id));
            let place = parts::area_name(engine, membership.area_id);
            let team = team.map(|team| format!(", {}", team.name)).unwrap_or_default();
            format!("{}{team} · {place}", domain::role(membership.role))
        };
        me.map(|me| me.memberships.iter().map(line).collect::<Vec<_>>())
            .unwrap_or_default()
    });
    let has_desk = app
        .me()
        .is_some_and(|me| me.memberships.iter().any(|membership| membership.role.has_desk()));
    let name = app.me().map(|me| me.name).unwrap_or_default();
    let username = app.me().map(|me| me.username).unwrap_or_default();
    view! {
        <h1>{name}</h1>
        <section class="stack-tight">
            <p class="soft">{username}</p>
            <ul class="plain-list">
                {live(move || roles.get().unwrap_or_default().into_iter().map(|role| view! { <li>{role}</li> }).collect_view())}
            </ul>
        </section>
        <ul class="cards">
            <li>
                <a class="card record-card" href="/phone">
                    <icons::Picture icon=icons::SMARTPHONE/>
                    <span class="record-card-text strong">{f::on_this_phone()}</span>
                    <icons::Picture icon=icons::CHEVRON_RIGHT/>
                </a>
            </li>
            {has_desk.then(|| view! {
                <li>
                    <a class="card record-card" href="/desk">
                        <icons::Picture icon=icons::CLIPBOARD_CHECK/>
                        <span class="record-card-text strong">{f::to_desk()}</span>
                        <icons::Picture icon=icons::CHEVRON_RIGHT/>
                    </a>
                </li>
            })}
        </ul>
        <Look/>
        <PushSwitch server=app/>
        <Install/>
        <Disclosure summary=w::devices()><Devices/></Disclosure>
        <Disclosure summary=w::change_password()><Password/></Disclosure>
        <SignOut/>
    }
}

#[component]
fn Look() -> impl IntoView {
    let app = use_app();
    let theme = RwSignal::new(dom::setting("theme").unwrap_or_default());
    let languages: Vec<Answer> = Lang::ALL
        .iter()
        .map(|(lang, name)| Answer::new(lang.tag(), *name))
        .collect();
    let themes = vec![
        Answer::new("", w::theme_system()),
        Answer::new("light", w::theme_light()),
        Answer::new("dark", w::theme_dark()),
    ];
    view! {
        <ChoiceButtons
            id="language"
            label=w::language()
            answers=languages
            value=Signal::derive(move || app.lang.get().tag().to_owned())
            on_choose=Callback::new(move |tag: String| app.set_lang(Lang::from_tag(&tag)))
        />
        <ChoiceButtons
            id="theme"
            label=w::theme()
            answers=themes
            value=theme
            on_choose=Callback::new(move |chosen: String| {
                dom::set_setting("theme", &chosen);
                dom::set_root("data-theme", &chosen);
                theme.set(chosen);
            })
        />
    }
}

#[component]
fn Install() -> impl IntoView {
    let app = use_app();
    live(move || {
        app.install_changed.track();
        match install::state() {
            Installing::Installed => view! { <p class="soft">{f::installed()}</p> }.into_any(),
            Installing::Offered => view! {
                <Button label=f::install() icon=icons::SMARTPHONE on_press=move |_| install::ask()/>
            }
            .into_any(),
            Installing::ByMenu => view! {
                <Disclosure summary=f::install()><p>{f::install_by_menu()}</p></Disclosure>
            }
            .into_any(),
        }
    })
}

/// What became of asking the server.
#[derive(Debug, Clone, PartialEq)]
enum Asked<T> {
    Waiting,
    Failed(String),
    Got(T),
}

#[component]
fn Devices() -> impl IntoView {
    let app = use_app();
    let sessions = RwSignal::new(Asked::<Vec<SessionView>>::Waiting);
    let load = move || spawn_local(async move { sessions.set(ask(app).await) });
    load();
    let end = move |id: SessionId| {
        spawn_local(async move {
            match app.call(async |client| client.end_session(id).await).await {
                Ok(()) => {
                    app.say(w::session_ended());
                    load();
                }
                Err(error) => sessions.set(Asked::Failed(problem::call(&error))),
            }
        });
    };
    live(move || match sessions.get() {
        Asked::Waiting => view! { <Skeleton lines=2/> }.into_any(),
        Asked::Failed(words) => view! {
            <Notice tone=Tone::Warn words=words><Button label=w::retry() on_press=move |_| load()/></Notice>
        }
        .into_any(),
        Asked::Got(all) => {
            let items = all
                .into_iter()
                .map(|session| {
                    let id = session.id;
                    let now = app.now.get_untracked();
                    view! {
                        <li class="card stack-tight">
                            <p class="strong">{session.device_label}</p>
                            <p class="soft small">{w::last_seen(when::ago(session.last_seen_at, now))}</p>
                            {if session.current {
                                view! { <p class="small">{w::this_device()}</p> }.into_any()
                            } else {
                                view! { <Button label=w::end_session() on_press=move |_| end(id)/> }.into_any()
                            }}
                        </li>
                    }
                })
                .collect_view();
            view! { <ul class="cards">{items}</ul> }.into_any()
        }
    })
}

async fn ask(app: App) -> Asked<Vec<SessionView>> {
    match app.call(async |client| client.sessions().await).await {
        Ok(all) => Asked::Got(all),
        Err(CallError::Transport(_)) => Asked::Failed(f::needs_network().to_owned()),
        Err(error) => Asked::Failed(problem::call(&error)),
    }
}

#[component]
fn Password() -> impl IntoView {
    let app = use_app();
    let current = RwSignal::new(String::new());
    let new = RwSignal::new(String::new());
    let current_error = RwSignal::new(String::new());
    let new_error = RwSignal::new(String::new());
    let busy = RwSignal::new(false);
    let submit = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        if busy.get_untracked() {
            return;
        }
        current_error.set(String::new());
        new_error.set(String::new());
        if let Some(wrong) = check_password(&new.get_untracked()) {
            return new_error.set(problem::field(&wrong));
        }
        busy.set(true);
        spawn_local(async move {
            let body = ChangePassword {
                current: current.get_untracked(),
                new: new.get_untracked(),
            };
            match app.call(async |client| client.change_password(&body).await).await {
                Ok(()) => {
                    current.set(String::new());
                    new.set(String::new());
                    app.say(w::password_changed());
                }
                Err(CallError::Problem(found)) if !found.fields.is_empty() => {
                    for error in &found.fields {
                        let slot = if error.field == "current" {
                            current_error
                        } else {
                            new_error
                        };
                        slot.set(problem::field(error));
                    }
                }
                Err(error) => current_error.set(problem::call(&error)),
            }
            busy.set(false);
        });
    };
    view! {
        <form class="stack" on:submit=submit>
            <PasswordInput
                id="current-password"
                label=w::current_password()
                value=current
                error=current_error
                on_input=Callback::new(move |text| current.set(text))
            />
            <PasswordInput
                id="new-password"
                label=w::new_password()
                hint=w::new_password_hint()
                value=new
                error=new_error
                on_input=Callback::new(move |text| new.set(text))
                autocomplete="new-password"
            />
            <Button label=w::change_password() kind=ButtonKind::Primary submits=Submits::Form blocked=busy/>
        </form>
    }
}

/// Signing out never drops unsent work in silence.
#[component]
fn SignOut() -> impl IntoView {
    let app = use_app();
    let open = RwSignal::new(false);
    Effect::new(move || open.set(app.sign_out_question.with(Option::is_some)));
    let on_patrol = app.is_on_patrol();
    let choose = move |choice: SignOutChoice| {
        open.set(false);
        app.sign_out_question.set(None);
        app.tell(Event::SignOutAnyway(choice));
    };
    view! {
        <Button
            label=w::sign_out()
            icon=icons::LOG_OUT
            class="button-wide"
            on_press=move |_| app.tell(Event::SignOut)
        />
        <Dialog open title=w::sign_out().to_owned()>
            {live(move || {
                let Unsent { drafts, items, photos } = app.sign_out_question.get().unwrap_or_default();
                view! {
                    <p>{f::sign_out_unsent(items, photos, drafts)}</p>
                    {on_patrol.get().then(|| view! { <p>{f::sign_out_patrol()}</p> })}
                }
            })}
            <div class="stack-tight">
                <Button
                    label=f::sign_out_stay()
                    kind=ButtonKind::Primary
                    class="button-wide"
                    on_press=move |_| choose(SignOutChoice::Stay)
                />
                <Button label=f::sign_out_keep() class="button-wide" on_press=move |_| choose(SignOutChoice::Keep)/>
                <Button
                    label=f::sign_out_delete()
                    kind=ButtonKind::Danger
                    class="button-wide"
                    on_press=move |_| choose(SignOutChoice::Delete)
                />
            </div>
        </Dialog>
    }
}
