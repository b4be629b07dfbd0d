//! The browser's own question before a page is left or loaded anew.

use super::listen::{self, Listener};

/// Lets the browser ask before the page goes, whenever `would_lose` says so, until the listener is dropped. The words are
/// the browser's.
pub fn ask_before_leaving(would_lose: impl Fn() -> bool + 'static) -> Option<Listener> {
    listen::on_window("beforeunload", move |event| {
        if would_lose() {
            event.prevent_default();
        }
    })
}
