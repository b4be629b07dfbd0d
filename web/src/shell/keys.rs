//! Keys that do something anywhere on a page.

use super::{Listener, js, listen};
use wasm_bindgen::JsCast;
use web_sys::{Element, Event};

/// Whether a key was used.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Key {
    /// It did something; the browser does nothing more with it.
    Used,
    /// It is not ours.
    Free,
}

/// Hears keys until the listener is dropped. Keys typed into a field, keys with Ctrl, Alt or Meta, and keys while a
/// dialog is open are not heard: they belong to what has the focus.
pub fn watch(mut pressed: impl FnMut(&str) -> Key + 'static) -> Option<Listener> {
    listen::on_window("keydown", move |event| {
        if belongs_elsewhere(&event) {
            return;
        }
        if let Some(key) = js::text(&event, "key")
            && pressed(&key) == Key::Used
        {
            event.prevent_default();
        }
    })
}

fn belongs_elsewhere(event: &Event) -> bool {
    let held = |name: &str| js::get(event, name).is_some_and(|held| held.is_truthy());
    let target: Option<Element> = listen::target_of(event).dyn_into().ok();
    let in_field = target.is_some_and(|target| {
        ["INPUT", "TEXTAREA", "SELECT"].contains(&target.tag_name().as_str())
            || target
                .closest("dialog, .leaflet-container")
                .ok()
                .flatten()
                .is_some()
    });
    let dialog = listen::document()
        .ok()
        .and_then(|document| document.query_selector("dialog[open]").ok().flatten());
    ["ctrlKey", "altKey", "metaKey"].into_iter().any(held) || in_field || dialog.is_some()
}
