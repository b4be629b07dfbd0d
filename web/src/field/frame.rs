//! The frame around every screen: the sync state on top, the running patrol and the four places at the bottom.

use super::app::{App, use_app};
use super::boot::{self, Gate};
use super::route::{Place, Route};
use super::{ground, screens, states};
use crate::derived::Derived;
use crate::icons;
use crate::later::later;
use crate::shell::{self, clock, dom};
use crate::ui::live;
use crate::ui::{BottomBar, Button, ButtonKind, EmptyState, NavItem, Notice, Skeleton, Toasts, Tone};
use crate::words::{field as f, interface as w, when};
use leptos::prelude::*;

/// The whole page.
#[component]
pub fn Frame() -> impl IntoView {
    let app = use_app();
    // Words are not reactive: another language builds the page anew.
    live(move || {
        app.lang.track();
        view! {
            <a class="skip-link" href="#main">{w::skip_to_content()}</a>
            <Gates/>
            <Toasts/>
        }
    })
}

#[component]
fn Gates() -> impl IntoView {
    let app = use_app();
    let enrolling = Derived::new(move || app.route.get() == Route::Enrol);
    live(move || {
        if enrolling.get() && app.gate.get() != Gate::Opening {
            return view! { <Bare>{later(app.chunks.own, Route::Enrol)}</Bare> }.into_any();
        }
        match app.gate.get() {
            Gate::Opening => {
                view! { <Bare><UnseenHeading/><p>{f::opening()}</p><Skeleton/></Bare> }.into_any()
            }
            Gate::SignIn => view! { <Bare><screens::SignIn/></Bare> }.into_any(),
            Gate::OtherTab(me) => view! {
                <Bare>
                    <UnseenHeading/>
                    <EmptyState icon=icons::LAYERS words=f::other_tab()>
                        <Button
                            label=f::use_here()
                            kind=ButtonKind::Primary
                            on_press=move |_| boot::take_over(app, me.clone())
                        />
                    </EmptyState>
                </Bare>
            }
            .into_any(),
            Gate::Refused(why) => view! {
                <Bare>
                    <UnseenHeading/>
                    <Notice tone=Tone::Danger words=f::refused()>
                        <p class="small">{why}</p>
                    </Notice>
                </Bare>
            }
            .into_any(),
            Gate::Open => view! { <Inside/> }.into_any(),
        }
    })
}

/// The heading of a page that says only one thing.
#[component]
fn UnseenHeading() -> impl IntoView {
    view! { <h1 class="unseen">{w::app_name()}</h1> }
}

/// A page without bars.
#[component]
fn Bare(children: Children) -> impl IntoView {
    view! {
        <header class="top-bar"><p class="top-title">{w::app_name()}</p></header>
        <main id="main" class="screen" tabindex="-1">{children()}</main>
    }
}

#[component]
fn Inside() -> impl IntoView {
    let app = use_app();
    let night = Derived::new(move || app.route.with(Route::is_night));
    Effect::new(move || {
        let theme = dom::setting("theme").unwrap_or_default();
        dom::set_root("data-theme", if night.get() { "night" } else { &theme });
    });
    crate::push::keep_true(app);
    ground::follow(app);
    // Listens for as long as this view is there.
    let _opened = StoredValue::new_local(shell::push::on_open(move |path| app.go(Route::parse(&path))));
    let has_place = Derived::new(move || app.route.with(|route| route.place().is_some()));
    view! {
        <TopBar/>
        <main id="main" class="screen" class:screen-alone=move || !has_place.get() tabindex="-1">
            <SessionEnded/>
            <NewVersion/>
            {live(move || screen(app, app.route.get()))}
        </main>
        {live(move || has_place.get().then(|| view! { <PatrolBar/><Places/> }))}
    }
}

fn screen(app: App, route: Route) -> AnyView {
    if let Some(chunk) = app.chunks.of(&route) {
        return later(chunk, route);
    }
    match route {
        Route::Today => view! { <screens::Today/> }.into_any(),
        Route::Log => view! { <screens::Log/> }.into_any(),
        Route::Records => view! { <screens::Records/> }.into_any(),
        _ => view! {
            <EmptyState icon=icons::MAP words=f::unknown_page()>
                <a class="button button-primary" href="/">{f::to_today()}</a>
            </EmptyState>
        }
        .into_any(),
    }
}

/// The sync state, always in sight and in words; it leads to what is still on this phone.
#[component]
fn TopBar() -> impl IntoView {
    let app = use_app();
    let status = app.project(|engine| engine.status());
    let state = Derived::new(move || {
        let status = status.get();
        status.map(|status| states::sync(&status, app.now.get()))
    });
    view! {
        <header class="top-bar">
            <p class="top-title">{w::app_name()}</p>
            <a class="sync-state" href="/phone">
                {live(move || {
                    state.get().map(|(tone, icon, words)| {
                        let class = match tone {
                            Tone::Warn | Tone::Danger => "sync-words sync-words-warn",
                            _ => "sync-words",
                        };
                        view! { <icons::Picture icon/><span class=class role="status">{words}</span> }
                    })
                })}
            </a>
        </header>
    }
}

/// The running patrol, one tap away from everywhere.
#[component]
fn PatrolBar() -> impl IntoView {
    let app = use_app();
    let started = app.project(|engine| {
        engine
            .patrol(clock::now())
            .map(|patrol| (patrol.record.started_at, patrol.is_paused))
    });
    live(move || {
        started.get().flatten().map(|(started_at, is_paused)| {
            let words = if is_paused { f::paused() } else { f::on_patrol() };
            view! {
                <a class="patrol-bar" href="/patrol">
                    <icons::Picture icon=icons::FOOTPRINTS/>
                    <span>{words}</span>
                    <span class="patrol-bar-time">{live(move || when::stopwatch(app.now.get().since(started_at)))}</span>
                    <icons::Picture icon=icons::CHEVRON_RIGHT/>
                </a>
            }
        })
    })
}

#[component]
fn Places() -> impl IntoView {
    let app = use_app();
    let counted = app.project(|engine| engine.status().to_mend as u64 + u64::from(engine.unread()));
    let here = Signal::derive(move || {
        let place = app.route.with(Route::place);
        match place {
            Some(Place::Log) => "/log",
            Some(Place::Records) => "/records",
            Some(Place::Me) => "/me",
            Some(Place::Today) | None => "/",
        }
        .to_owned()
    });
    let items = vec![
        NavItem::new("/", f::today(), icons::HOUSE).alone(),
        NavItem::new("/log", f::log(), icons::PLUS),
        NavItem::new("/records", f::my_records(), icons::LIST_CHECKS)
            .counting(Signal::derive(move || counted.get().unwrap_or(0))),
        NavItem::new("/me", f::me(), icons::USER),
    ];
    view! { <BottomBar items here/> }
}

/// The session has run out: what is here stays here, sending waits.
#[component]
fn SessionEnded() -> impl IntoView {
    let app = use_app();
    let ended =
        app.project(|engine| engine.status().connection == keng_engine::view::Connection::SignInAgain);
    live(move || {
        (ended.get() == Some(true)).then(|| {
            view! {
                <Notice tone=Tone::Warn words=f::sign_in_again()>
                    <Button label=f::sign_in_now() on_press=move |_| app.gate.set(Gate::SignIn)/>
                </Notice>
            }
        })
    })
}

/// A new version waits for a tap, and not while something is half-done.
#[component]
fn NewVersion() -> impl IntoView {
    let app = use_app();
    let on_patrol = app.is_on_patrol();
    live(move || {
        let may_reload = app.route.with(|route| !route.is_busy()) && !on_patrol.get();
        (app.update_ready.get() && may_reload).then(|| {
            view! {
                <Notice words=f::update_ready()>
                    <Button label=f::update_now() on_press=move |_| app.apply_update()/>
                </Notice>
            }
        })
    })
}
