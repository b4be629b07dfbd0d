//! Whether the person sees the page, and whether the browser believes that there is a network.

use super::listen::{self, Listener};
use web_sys::VisibilityState;

/// Whether the page is in front.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Visibility {
    /// In front.
    Visible,
    /// Behind another app, or the screen is off.
    Hidden,
}

/// Whether the page is in front now.
pub fn now() -> Visibility {
    match listen::document().map(|document| document.visibility_state()) {
        Ok(VisibilityState::Hidden) => Visibility::Hidden,
        _ => Visibility::Visible,
    }
}

/// Calls back at every change until the listener is dropped.
pub fn watch(mut changed: impl FnMut(Visibility) + 'static) -> Option<Listener> {
    let document = listen::document().ok()?;
    Some(Listener::new(&document, "visibilitychange", move |_| {
        changed(now())
    }))
}

/// Whether the browser believes that there is a network: only a hint, a captive portal also says yes.
pub fn is_online() -> bool {
    listen::window().map_or(true, |window| window.navigator().on_line())
}

/// Calls back when that belief changes, until the listeners are dropped.
pub fn watch_online(changed: impl Fn(bool) + Clone + 'static) -> Vec<Listener> {
    let gone = changed.clone();
    [
        listen::on_window("online", move |_| changed(true)),
        listen::on_window("offline", move |_| gone(false)),
    ]
    .into_iter()
    .flatten()
    .collect()
}
