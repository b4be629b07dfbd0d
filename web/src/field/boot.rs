//! From an empty page to a person's store: who was here last, sign-in, one tab at a time, and the way out.

use super::app::App;
use super::route::Route;
use crate::shell::device::Device;
use crate::shell::driver::{Driver, OpenFault};
use crate::shell::locks::{self, Channel, Contention, Held};
use crate::shell::{Fault, storage};
use keng_engine::Event;
use keng_shared::api::SignedIn;
use keng_shared::id::UserId;
use keng_shared::sync::Me;
use keng_shared::time::Millis;
use leptos::prelude::*;
use leptos::task::spawn_local;
use std::cell::RefCell;

/// What stands between the person and the screens.
#[derive(Debug, Clone, PartialEq)]
pub enum Gate {
    /// The store is being opened.
    Opening,
    /// Somebody has to sign in.
    SignIn,
    /// The app is open in another tab, which has the store.
    OtherTab(Me),
    /// The browser does not let us store anything; the words are the browser's own.
    Refused(String),
    /// The store is open.
    Open,
}

/// What a tab keeps while it has a person's store: the lock, and the line on which others ask for it.
struct Tenure {
    _lock: Held,
    _channel: Option<Channel>,
}

thread_local! {
    static TENURE: RefCell<Option<Tenure>> = const { RefCell::new(None) };
}

/// The word with which a tab asks for the store.
const YIELD: &str = "yield";

/// Opens the device, and the store of whoever used it last.
pub fn begin(app: App) {
    spawn_local(async move {
        let device = match Device::open().await {
            Ok(device) => device,
            Err(fault) => return app.gate.set(Gate::Refused(fault.to_string())),
        };
        app.set_device(device.clone());
        match device.last_user().await {
            Ok(Some(me)) => open(app, me, None, Contention::GiveUp).await,
            Ok(None) => app.gate.set(Gate::SignIn),
            Err(fault) => app.gate.set(Gate::Refused(fault.to_string())),
        }
    });
}

/// Goes on after the server has let a person in.
pub async fn signed_in(app: App, answer: SignedIn) -> Result<(), Fault> {
    let Some(device) = app.device() else { return Ok(()) };
    device.set_last_user(Some(&answer.me)).await?;
    match app.driver().filter(|driver| driver.me().id == answer.me.id) {
        // The same person again, after the session had run out.
        Some(driver) => {
            driver.tell(Event::SignedIn {
                server_time: answer.server_time,
            });
            app.gate.set(Gate::Open);
        }
        None => open(app, answer.me, Some(answer.server_time), Contention::GiveUp).await,
    }
    // Asked here because the person has just shown that they mean to use the app. A browser that says no may still
    // keep everything; the screen "on this phone" says which it is.
    let _promised = storage::persist().await;
    Ok(())
}

/// Takes the store over from another tab.
pub fn take_over(app: App, me: Me) {
    spawn_local(async move {
        if let Ok(channel) = Channel::open(&line(me.id), |_| {}) {
            channel.say(YIELD);
        }
        open(app, me, None, Contention::Wait).await;
    });
}

/// Back to the sign-in page, after the engine has let go.
pub fn signed_out(app: App) {
    leave(app);
    app.sign_out_question.set(None);
    app.gate.set(Gate::SignIn);
    app.go_instead(Route::Today);
}

async fn open(app: App, me: Me, server_time: Option<Millis>, contention: Contention) {
    leave(app);
    let lock = match locks::hold(&line(me.id), contention).await {
        Ok(Some(lock)) => lock,
        Ok(None) => return app.gate.set(Gate::OtherTab(me)),
        Err(fault) => return app.gate.set(Gate::Refused(fault.to_string())),
    };
    let Some(device) = app.device() else { return };
    let driver = match Driver::open(&device, &me, app.client(), move |notice| app.hear(notice)).await {
        Ok(driver) => driver,
        Err(fault) => return app.gate.set(Gate::Refused(words_of(fault))),
    };
    let other = me.clone();
    let channel = Channel::open(&line(me.id), move |word| {
        if word == YIELD {
            leave(app);
            app.gate.set(Gate::OtherTab(other.clone()));
        }
    });
    let tenure = Tenure {
        _lock: lock,
        // Without the line another tab simply waits until this one is closed.
        _channel: channel.ok(),
    };
    TENURE.with_borrow_mut(|slot| *slot = Some(tenure));
    app.set_driver(Some(driver.clone()));
    driver.start();
    if let Some(server_time) = server_time {
        driver.tell(Event::SignedIn { server_time });
    }
    app.gate.set(Gate::Open);
}

/// Lets go of the store that this tab has, if it has one.
fn leave(app: App) {
    if let Some(driver) = app.driver() {
        driver.close();
    }
    app.set_driver(None);
    // The channel may be the one whose word is being heard: it is dropped when that is over.
    let tenure = TENURE.with_borrow_mut(Option::take);
    if let Some(tenure) = tenure {
        spawn_local(async move { drop(tenure) });
    }
}

fn line(user: UserId) -> String {
    format!("keng-store-{user}")
}

fn words_of(fault: OpenFault) -> String {
    match fault {
        OpenFault::Browser(fault) => fault.to_string(),
        OpenFault::Store(error) => error.to_string(),
        OpenFault::Engine(error) => format!("{error:?}"),
    }
}
