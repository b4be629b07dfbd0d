//! Event listeners that end when they are dropped.

use super::Fault;
use futures::channel::oneshot;
use std::cell::RefCell;
use std::rc::Rc;
use wasm_bindgen::closure::Closure;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{Event, EventTarget};

/// A listener; dropping it stops it.
pub struct Listener {
    target: EventTarget,
    kind: &'static str,
    handler: Closure<dyn FnMut(Event)>,
}

impl Listener {
    pub(super) fn new(
        target: &EventTarget,
        kind: &'static str,
        handler: impl FnMut(Event) + 'static,
    ) -> Self {
        let handler = Closure::<dyn FnMut(Event)>::new(handler);
        // A listener with a valid function is never refused.
        let _added = target.add_event_listener_with_callback(kind, handler.as_ref().unchecked_ref());
        Self {
            target: target.clone(),
            kind,
            handler,
        }
    }

    /// Leaves the listener running for as long as the page lives.
    pub fn forever(self) {
        std::mem::forget(self);
    }
}

impl Drop for Listener {
    fn drop(&mut self) {
        let _removed = self
            .target
            .remove_event_listener_with_callback(self.kind, self.handler.as_ref().unchecked_ref());
    }
}

/// Waits for the first of some events of a target: `Ok` with its name.
pub(super) async fn first_event(target: &EventTarget, kinds: &[&'static str]) -> Result<&'static str, Fault> {
    let (sender, receiver) = oneshot::channel();
    let sender = Rc::new(RefCell::new(Some(sender)));
    let listeners: Vec<Listener> = kinds
        .iter()
        .map(|&kind| {
            let sender = Rc::clone(&sender);
            Listener::new(target, kind, move |_| {
                if let Some(sender) = sender.borrow_mut().take() {
                    // The receiver is gone only when nobody waits any more.
                    let _sent = sender.send(kind);
                }
            })
        })
        .collect();
    let first = receiver.await;
    drop(listeners);
    first.map_err(|_| Fault::new("AbortError", "nobody answered"))
}

/// The window, as a target of events.
pub(super) fn window() -> Result<web_sys::Window, Fault> {
    web_sys::window().ok_or_else(|| Fault::new("NotSupportedError", "no window"))
}

/// The document.
pub(super) fn document() -> Result<web_sys::Document, Fault> {
    window()?
        .document()
        .ok_or_else(|| Fault::new("NotSupportedError", "no document"))
}

/// Runs a callback at every event of the window until the listener is dropped.
pub(super) fn on_window(kind: &'static str, handler: impl FnMut(Event) + 'static) -> Option<Listener> {
    window().ok().map(|window| Listener::new(&window, kind, handler))
}

/// A value from an event's target, for handlers that get only the event.
pub(super) fn target_of(event: &Event) -> JsValue {
    event.target().map(JsValue::from).unwrap_or(JsValue::NULL)
}
