//! Putting the app on the home screen: its storage is then kept longer and the app opens like any other.

use super::{Listener, js, listen};
use std::cell::RefCell;
use wasm_bindgen::JsValue;

thread_local! {
    /// The browser's offer arrives once, possibly before anything is on screen.
    static OFFER: RefCell<Option<JsValue>> = const { RefCell::new(None) };
}

/// How the app can be installed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Installing {
    /// It runs from the home screen already.
    Installed,
    /// The browser offers to do it.
    Offered,
    /// The person does it by the browser's menu.
    ByMenu,
}

/// Keeps the browser's offer for later instead of letting it pop up; `changed` runs when it comes or is used.
pub fn watch(changed: impl Fn() + Clone + 'static) -> Vec<Listener> {
    let installed = changed.clone();
    [
        listen::on_window("beforeinstallprompt", move |event| {
            event.prevent_default();
            OFFER.with_borrow_mut(|offer| *offer = Some(event.into()));
            changed();
        }),
        listen::on_window("appinstalled", move |_| {
            OFFER.with_borrow_mut(|offer| *offer = None);
            installed();
        }),
    ]
    .into_iter()
    .flatten()
    .collect()
}

/// How it stands now.
pub fn state() -> Installing {
    if is_standalone() {
        Installing::Installed
    } else if OFFER.with_borrow(|offer| offer.is_some()) {
        Installing::Offered
    } else {
        Installing::ByMenu
    }
}

/// Shows the browser's question; call it from a tap.
pub fn ask() {
    let offer = OFFER.with_borrow_mut(|offer| offer.take());
    if let Some(offer) = offer {
        // The answer comes as `appinstalled`.
        let _asked = js::call(&offer, "prompt", &[]);
    }
}

fn is_standalone() -> bool {
    let Some(window) = js::global("window") else {
        return false;
    };
    js::call(&window, "matchMedia", &["(display-mode: standalone)".into()])
        .ok()
        .and_then(|query| js::get(&query, "matches"))
        .is_some_and(|matches| matches.is_truthy())
}
