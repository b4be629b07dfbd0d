//! The service worker and new versions of the app.
//!
//! A new version waits until the person taps; the page is never reloaded under a form or a running patrol.

use super::listen::Listener;
use super::{Fault, js, listen};
use std::cell::{Cell, RefCell};
use std::rc::Rc;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::spawn_local;
use web_sys::{EventTarget, ServiceWorker};

/// Path of the worker; its scope is the whole site.
const WORKER: &str = "/service-worker.js";

/// A new version that is ready.
#[derive(Clone)]
pub struct Update {
    waiting: ServiceWorker,
}

impl Update {
    /// Changes to the new version: the worker takes over and the page reloads once.
    pub fn apply(&self) {
        // Fails only when the worker is gone, and then the next start has the new version anyway.
        let _told = self.waiting.post_message(&"take-over".into());
    }
}

/// Registers the worker; `ready` runs when a newer version waits.
pub fn start(ready: impl Fn(Update) + Clone + 'static) {
    spawn_local(async move {
        // Without a worker (private mode of some browsers) the app works as a plain page.
        let _registered = register(ready).await;
    });
}

/// Asks the server whether there is a newer version, as when the app comes back to the front.
pub async fn look() {
    if let Ok(container) = container()
        && let Ok(registration) = js::call_async(&container, "getRegistration", &[]).await
    {
        // Without a network there is nothing newer to find.
        let _looked = js::call_async(&registration, "update", &[]).await;
    }
}

async fn register(ready: impl Fn(Update) + Clone + 'static) -> Result<(), Fault> {
    let container = container()?;
    reload_when_taken_over(&container);
    let registration = js::call_async(&container, "register", &[WORKER.into()]).await?;
    let controlled = js::get(&container, "controller").is_some();
    if let Some(waiting) = js::get(&registration, "waiting").filter(|_| controlled) {
        ready(Update {
            waiting: waiting.unchecked_into(),
        });
    }
    let found = {
        let registration = registration.clone();
        move |_| {
            if let Some(installing) = js::get(&registration, "installing") {
                watch_installing(installing.unchecked_into(), ready.clone());
            }
        }
    };
    let target: EventTarget = registration.unchecked_into();
    Listener::new(&target, "updatefound", found).forever();
    Ok(())
}

/// A fresh worker is an update only when an older one controls the page; the very first install is not.
fn watch_installing(worker: ServiceWorker, ready: impl Fn(Update) + 'static) {
    let target: EventTarget = worker.clone().unchecked_into();
    let slot: Rc<RefCell<Option<Listener>>> = Rc::default();
    let own = Rc::clone(&slot);
    let listener = Listener::new(&target, "statechange", move |_| {
        let installed = js::text(worker.as_ref(), "state").as_deref() == Some("installed");
        let controlled = container().is_ok_and(|container| js::get(&container, "controller").is_some());
        if installed && controlled {
            ready(Update {
                waiting: worker.clone(),
            });
        }
        // A worker that is past installing says nothing more that matters; keep the listener until the page goes.
        let _kept = &own;
    });
    slot.replace(Some(listener));
}

fn reload_when_taken_over(container: &JsValue) {
    let controlled_before = js::get(container, "controller").is_some();
    let reloaded = Cell::new(!controlled_before);
    let target: EventTarget = container.clone().unchecked_into();
    let taken = move |_| {
        if !reloaded.replace(true)
            && let Ok(window) = listen::window()
        {
            let _reloading = window.location().reload();
        }
    };
    Listener::new(&target, "controllerchange", taken).forever();
}

fn container() -> Result<JsValue, Fault> {
    js::navigator("serviceWorker").ok_or_else(|| Fault::new("NotSupportedError", "no service worker"))
}
