//! What the whole app shares: the screen, the engine's driver, and a number that grows with every step of the engine.

use super::boot::{self, Gate};
use super::chunks::Chunks;
use super::photos::PhotoAddresses;
use super::route::{self, Route};
use super::{frame, outdoors};
use crate::derived::Derived;
use crate::push::AsksServer;
use crate::shell::device::Device;
use crate::shell::driver::{Driver, Notice};
use crate::shell::fetch::Fetch;
use crate::shell::history::{self, Step};
use crate::shell::position::Measured;
use crate::shell::wake_lock::Screen;
use crate::shell::{Fault, Listener, clock, dom, install, timer, update, visibility};
use crate::ui::ToastBox;
use crate::words::{self, Lang};
use keng_engine::{Engine, Event, Question, Unsent};
use keng_shared::client::{CallError, Client};
use keng_shared::id::RecordId;
use keng_shared::problem::{FieldError, ProblemCode};
use keng_shared::sync::Me;
use keng_shared::time::Millis;
use leptos::prelude::*;
use std::cell::RefCell;

/// How long a short message stays: time enough to read two lines twice.
const TOAST_MS: u32 = 7_000;

/// A handle on what the app shares; copies are the same app.
#[derive(Clone, Copy)]
pub struct App {
    /// Screens whose code comes later.
    pub chunks: Chunks,
    /// What stands between the person and the screens.
    pub gate: RwSignal<Gate>,
    /// The screen.
    pub route: RwSignal<Route>,
    /// The phone's clock, every second while a patrol runs, otherwise every 15 seconds.
    pub now: RwSignal<Millis>,
    /// Where the phone is, while somebody wants to know.
    pub here: RwSignal<Option<Measured>>,
    /// Whether positions are denied.
    pub position_denied: RwSignal<bool>,
    /// How many screens want to know where the phone is.
    pub position_wanted: RwSignal<u32>,
    /// Whether the browser keeps the screen on.
    pub screen: RwSignal<Screen>,
    /// Errors of a form that was not valid.
    pub invalid: RwSignal<Option<(RecordId, Vec<FieldError>)>>,
    /// Unsent work that a sign-out asks about.
    pub sign_out_question: RwSignal<Option<Unsent>>,
    /// Whether a newer version of the app waits.
    pub update_ready: RwSignal<bool>,
    /// Counts changes of the way to install the app.
    pub install_changed: RwSignal<u32>,
    /// The language; changing it builds the page anew.
    pub lang: RwSignal<Lang>,
    toasts: ToastBox,
    /// The addresses under which photos can be shown.
    pub photos: PhotoAddresses,
    version: RwSignal<u64>,
    driver: StoredValue<Option<Driver>, LocalStorage>,
    device: StoredValue<Option<Device>, LocalStorage>,
    update: StoredValue<Option<update::Update>, LocalStorage>,
    client: StoredValue<Client<Fetch>, LocalStorage>,
}

thread_local! {
    /// Listeners that live as long as the page.
    static LISTENERS: RefCell<Vec<Listener>> = const { RefCell::new(Vec::new()) };
}

/// Starts the field app in the page.
pub fn start(chunks: Chunks) {
    words::set_lang(stored_lang());
    dom::mount("app", move || {
        let app = App::new(chunks);
        provide_context(app);
        app.listen();
        outdoors::follow(app);
        boot::begin(app);
        view! { <frame::Frame/> }
    });
    dom::remove("skeleton");
}

/// The app of the component that asks.
pub fn use_app() -> App {
    expect_context::<App>()
}

impl App {
    fn new(chunks: Chunks) -> Self {
        Self {
            chunks,
            gate: RwSignal::new(Gate::Opening),
            route: RwSignal::new(Route::parse(&history::path())),
            now: RwSignal::new(clock::now()),
            here: RwSignal::new(None),
            position_denied: RwSignal::new(false),
            position_wanted: RwSignal::new(0),
            screen: RwSignal::new(Screen::Kept),
            invalid: RwSignal::new(None),
            sign_out_question: RwSignal::new(None),
            update_ready: RwSignal::new(false),
            install_changed: RwSignal::new(0),
            lang: RwSignal::new(words::lang()),
            toasts: ToastBox::provide(),
            photos: PhotoAddresses::new(),
            version: RwSignal::new(0),
            driver: StoredValue::new_local(None),
            device: StoredValue::new_local(None),
            update: StoredValue::new_local(None),
            client: StoredValue::new_local(Client::new(Fetch)),
        }
    }

    /// Goes to a screen.
    pub fn go(self, route: Route) {
        history::go(&route.path(), Step::New);
        self.show(route);
    }

    /// Goes to a screen in the place of this one.
    pub fn go_instead(self, route: Route) {
        history::go(&route.path(), Step::Instead);
        self.show(route);
    }

    /// Tells the engine what happened.
    pub fn tell(self, event: Event) {
        if let Some(driver) = self.driver() {
            driver.tell(event);
        }
    }

    /// The driver, once a person's store is open.
    pub fn driver(self) -> Option<Driver> {
        self.driver.with_value(Clone::clone)
    }

    /// Puts a driver in place or takes it away.
    pub fn set_driver(self, driver: Option<Driver>) {
        self.driver.set_value(driver);
        self.photos.forget();
        self.version.update(|version| *version += 1);
    }

    /// The device, once it is open.
    pub fn device(self) -> Option<Device> {
        self.device.with_value(Clone::clone)
    }

    /// Keeps the opened device.
    pub fn set_device(self, device: Device) {
        self.device.set_value(Some(device));
    }

    /// The client of the API.
    pub fn client(self) -> Client<Fetch> {
        self.client.with_value(Clone::clone)
    }

    /// Calls the server beside the engine. The token may still be on its way, as right after a start, or have run out.
    pub async fn call<T>(
        self,
        call: impl AsyncFn(&Client<Fetch>) -> Result<T, CallError<Fault>>,
    ) -> Result<T, CallError<Fault>> {
        let client = self.client();
        if client.token().is_none() {
            client.refresh().await?;
        }
        match call(&client).await {
            Err(CallError::Problem(problem)) if problem.code == ProblemCode::TokenExpired => {
                client.refresh().await?;
                call(&client).await
            }
            answer => answer,
        }
    }

    /// The person whose store is open.
    pub fn me(self) -> Option<Me> {
        self.driver().map(|driver| driver.me().clone())
    }

    /// A view of the engine's state that follows it.
    pub fn project<T>(self, look: impl Fn(&Engine) -> T + Send + Sync + 'static) -> Derived<Option<T>>
    where
        T: PartialEq + Send + Sync + 'static,
    {
        Derived::new(move || {
            self.version.track();
            self.driver().map(|driver| driver.look(&look))
        })
    }

    /// A look at the engine's state as it is now.
    pub fn look<T>(self, look: impl FnOnce(&Engine) -> T) -> Option<T> {
        self.driver().map(|driver| driver.look(look))
    }

    /// Whether a patrol runs.
    pub fn is_on_patrol(self) -> Derived<bool> {
        Derived::new(move || {
            self.version.track();
            self.look(|engine| engine.patrol(clock::now()).is_some())
                .unwrap_or(false)
        })
    }

    /// Hears what a step of the engine shows to the person.
    pub fn hear(self, notice: Notice) {
        match notice {
            Notice::Changed => self.version.update(|version| *version += 1),
            Notice::Ask(Question::SignOutWithUnsent(unsent)) => self.sign_out_question.set(Some(unsent)),
            Notice::Invalid { record_id, errors } => self.invalid.set(Some((record_id, errors))),
            Notice::SignedOut => boot::signed_out(self),
        }
    }

    /// Says something that passes by.
    pub fn say(self, words: impl Into<String>) {
        let number = self.toasts.say(words);
        leptos::task::spawn_local(async move {
            timer::sleep(TOAST_MS).await;
            self.toasts.take_back(number);
        });
    }

    /// Changes the language of the page.
    pub fn set_lang(self, lang: Lang) {
        words::set_lang(lang);
        dom::set_setting("lang", lang.tag());
        dom::set_root("lang", lang.tag());
        self.lang.set(lang);
    }

    /// Changes to the newer version of the app that waits.
    pub fn apply_update(self) {
        if let Some(update) = self.update.with_value(Clone::clone) {
            update.apply();
        }
    }

    fn show(self, route: Route) {
        if self.route.with_untracked(|now| *now != route) {
            self.invalid.set(None);
            self.route.set(route);
        }
    }

    fn listen(self) {
        dom::set_root("lang", words::lang().tag());
        dom::set_root("data-theme", &dom::setting("theme").unwrap_or_default());
        let mut listeners = history::watch(route::is_ours, move |path| self.show(Route::parse(&path)));
        listeners.extend(visibility::watch_online(move |online| {
            self.tell(if online { Event::Online } else { Event::Offline });
        }));
        listeners.extend(visibility::watch(move |state| {
            if state == visibility::Visibility::Visible {
                self.tell(Event::Visible);
                leptos::task::spawn_local(update::look());
            }
        }));
        listeners.extend(install::watch(move || self.install_changed.update(|n| *n += 1)));
        LISTENERS.with_borrow_mut(|all| all.extend(listeners));
        update::start(move |update| {
            self.update.set_value(Some(update));
            self.update_ready.set(true);
        });
        let on_patrol = self.is_on_patrol();
        let ticker = timer::Ticker::every(1_000, move || {
            let now = clock::now();
            let is_due = now.since(self.now.get_untracked()).abs() >= 15_000;
            if is_due || on_patrol.get_untracked() {
                self.now.set(now);
            }
        });
        // The page's own clock ticks as long as the page lives.
        std::mem::forget(ticker);
    }
}

fn stored_lang() -> Lang {
    Lang::from_tag(&dom::setting("lang").unwrap_or_default())
}

impl AsksServer for App {
    async fn ask<T>(
        self,
        call: impl AsyncFn(&Client<Fetch>) -> Result<T, CallError<Fault>>,
    ) -> Result<T, CallError<Fault>> {
        self.call(call).await
    }

    fn say(self, words: &str) {
        App::say(self, words);
    }
}
