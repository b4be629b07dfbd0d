//! The few things that a view asks of the page itself: focus, scrolling, the theme, and values for the style sheet.

use super::{js, listen};
use wasm_bindgen::JsCast;
use web_sys::{Element, HtmlDialogElement, HtmlElement};

/// Moves the focus to the element with this id and scrolls it into view; nothing happens when it is not there.
pub fn focus(id: &str) {
    if let Some(element) = find::<HtmlElement>(id) {
        let _focused = element.focus();
        element.scroll_into_view();
    }
}

/// Scrolls the page to its top, as after going to another screen.
pub fn scroll_to_top() {
    if let Ok(window) = listen::window() {
        window.scroll_to_with_x_and_y(0.0, 0.0);
    }
}

/// Opens the dialog with this id above everything.
pub fn open_dialog(id: &str) {
    if let Some(dialog) = find::<HtmlDialogElement>(id).filter(|dialog| !dialog.open()) {
        let _shown = dialog.show_modal();
    }
}

/// Closes the dialog with this id.
pub fn close_dialog(id: &str) {
    if let Some(dialog) = find::<HtmlDialogElement>(id) {
        dialog.close();
    }
}

/// Gives the style sheet a value: a custom property of one element. The content security policy forbids `style`
/// attributes, but not this.
pub fn set_property(id: &str, name: &str, value: &str) {
    if let Some(element) = find::<HtmlElement>(id) {
        let _set = element.style().set_property(name, value);
    }
}

/// Sets an attribute of the root element, such as `data-theme`; an empty value removes it.
pub fn set_root(name: &str, value: &str) {
    let Some(root) = root() else { return };
    if value.is_empty() {
        let _removed = root.remove_attribute(name);
    } else {
        let _set = root.set_attribute(name, value);
    }
}

/// Sets the title of the page.
pub fn set_title(title: &str) {
    if let Ok(document) = listen::document() {
        document.set_title(title);
    }
}

/// Builds a program in the element with this id, for as long as the page lives.
pub fn mount<V: leptos::prelude::IntoView + 'static>(id: &str, build: impl FnOnce() -> V + 'static) {
    if let Some(element) = find::<HtmlElement>(id) {
        leptos::mount::mount_to(element, build).forget();
    }
}

/// Moves the focus to an element that is about to be built.
pub fn focus_soon(id: &'static str) {
    wasm_bindgen_futures::spawn_local(async move {
        super::timer::sleep(0).await;
        focus(id);
    });
}

/// As [`focus_soon`] for an element that is named at run time, once the page has settled.
pub fn focus_later(id: String) {
    wasm_bindgen_futures::spawn_local(async move {
        super::timer::sleep(50).await;
        focus(&id);
    });
}

/// Gives a drag something to carry: without it Firefox does not begin to drag.
pub fn carry(event: &leptos::ev::DragEvent, what: &str) {
    if let Some(data) = js::get(event.as_ref(), "dataTransfer") {
        let _carried = js::call(&data, "setData", &["text/plain".into(), what.into()]);
    }
}

/// Takes the static skeleton of the page away, once there is something better to show.
pub fn remove(id: &str) {
    if let Some(element) = find::<Element>(id) {
        element.remove();
    }
}

/// The fragment of the address without its `#`.
pub fn fragment() -> String {
    let hash = listen::window().and_then(|window| window.location().hash().map_err(Into::into));
    hash.map(|hash| hash.trim_start_matches('#').to_owned())
        .unwrap_or_default()
}

/// Forgets the fragment, so that a one-time code does not stay in the history.
pub fn clear_fragment() {
    if let Ok(window) = listen::window() {
        let path = window.location().pathname().unwrap_or_else(|_| "/".to_owned());
        if let Ok(history) = window.history() {
            let _replaced = history.replace_state_with_url(&wasm_bindgen::JsValue::NULL, "", Some(&path));
        }
    }
}

/// A small setting that is not secret (language, theme), kept in this browser.
pub fn setting(name: &str) -> Option<String> {
    listen::window()
        .ok()?
        .local_storage()
        .ok()??
        .get_item(name)
        .ok()?
}

/// Keeps a small setting.
pub fn set_setting(name: &str, value: &str) {
    if let Ok(window) = listen::window()
        && let Ok(Some(storage)) = window.local_storage()
    {
        // A browser that refuses storage keeps the setting for this visit only.
        let _kept = storage.set_item(name, value);
    }
}

fn root() -> Option<Element> {
    listen::document().ok()?.document_element()
}

fn find<T: JsCast>(id: &str) -> Option<T> {
    listen::document().ok()?.get_element_by_id(id)?.dyn_into().ok()
}
