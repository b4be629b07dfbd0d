//! The address of the page: reading it, changing it without a reload, and links that stay inside the program.

use super::listen::{self, Listener};
use super::{dom, js};
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{Element, Event};

/// The path of the address, without query and fragment.
pub fn path() -> String {
    listen::window()
        .and_then(|window| window.location().pathname().map_err(Into::into))
        .unwrap_or_else(|_| "/".to_owned())
}

/// Whether going somewhere leaves a step to come back to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Step {
    /// Back returns to where one was.
    New,
    /// Takes the place of where one was.
    Instead,
}

/// Changes the address.
pub fn go(path: &str, step: Step) {
    let Ok(Ok(history)) = listen::window().map(|window| window.history()) else {
        return;
    };
    // A browser that refuses (too many changes a second) keeps the old address; the screen changes all the same.
    let _changed = match step {
        Step::New => history.push_state_with_url(&JsValue::NULL, "", Some(path)),
        Step::Instead => history.replace_state_with_url(&JsValue::NULL, "", Some(path)),
    };
    dom::scroll_to_top();
}

/// Goes back one step.
pub fn back() {
    if let Ok(Ok(history)) = listen::window().map(|window| window.history()) {
        let _went = history.back();
    }
}

/// Calls back with the path when the person goes back or forward, or presses a link to a path that `is_ours`.
/// A link to a place inside the page moves the focus there.
pub fn watch(is_ours: fn(&str) -> bool, went: impl Fn(String) + Clone + 'static) -> Vec<Listener> {
    let by_link = went.clone();
    let links = listen::on_window("click", move |event| {
        let Some(path) = pressed_link(&event) else { return };
        if let Some(id) = path.strip_prefix('#') {
            // A link inside the page, as from an error to its field: the field gets the focus, the address stays.
            event.prevent_default();
            dom::focus(id);
        } else if is_ours(&path) {
            event.prevent_default();
            go(&path, Step::New);
            by_link(path);
        }
    });
    let back = listen::on_window("popstate", move |_| went(path()));
    [links, back].into_iter().flatten().collect()
}

/// The path or fragment of the plain link that an event pressed: no modifier key, no other window, no download.
fn pressed_link(event: &Event) -> Option<String> {
    let raw: &JsValue = event.as_ref();
    let with_key = ["ctrlKey", "metaKey", "shiftKey", "altKey"]
        .iter()
        .any(|key| js::get(raw, key).is_some_and(|held| held.is_truthy()));
    let other_button = js::number(raw, "button").is_some_and(|button| button != 0.0);
    if with_key || other_button || event.default_prevented() {
        return None;
    }
    let target: Element = listen::target_of(event).dyn_into().ok()?;
    let link = target.closest("a[href]").ok()??;
    if link.has_attribute("target") || link.has_attribute("download") {
        return None;
    }
    link.get_attribute("href")
        .filter(|href| href.starts_with(['/', '#']))
}
