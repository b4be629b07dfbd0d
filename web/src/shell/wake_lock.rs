//! Keeping the screen on while a patrol runs.
//!
//! The browser drops the lock whenever the page is hidden, so [`WakeLock`] asks again each time it comes back.

use super::{Listener, js, visibility};
use std::cell::RefCell;
use std::rc::Rc;
use visibility::Visibility;
use wasm_bindgen::JsValue;
use wasm_bindgen_futures::spawn_local;

/// Whether the screen stays on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Screen {
    /// The browser keeps it on.
    Kept,
    /// The browser cannot, or would not (battery saver): the person must keep it on by hand.
    NotKept,
}

/// A wish to keep the screen on; dropping it lets the screen go off.
pub struct WakeLock {
    sentinel: Rc<RefCell<Option<JsValue>>>,
    _again: Option<Listener>,
}

impl WakeLock {
    /// Asks now and at each return to the page; `told` hears how it went.
    pub fn hold(told: impl Fn(Screen) + Clone + 'static) -> Self {
        let sentinel = Rc::new(RefCell::new(None));
        request(Rc::clone(&sentinel), told.clone());
        let again = {
            let sentinel = Rc::clone(&sentinel);
            visibility::watch(move |state| {
                if state == Visibility::Visible {
                    request(Rc::clone(&sentinel), told.clone());
                }
            })
        };
        Self {
            sentinel,
            _again: again,
        }
    }
}

impl Drop for WakeLock {
    fn drop(&mut self) {
        if let Some(sentinel) = self.sentinel.borrow_mut().take() {
            // Releasing a lock that the browser has already dropped is harmless.
            let _released = js::call(&sentinel, "release", &[]);
        }
    }
}

fn request(slot: Rc<RefCell<Option<JsValue>>>, told: impl Fn(Screen) + 'static) {
    spawn_local(async move {
        let answer = match js::navigator("wakeLock") {
            Some(wake_lock) => js::call_async(&wake_lock, "request", &["screen".into()])
                .await
                .ok(),
            None => None,
        };
        told(if answer.is_some() {
            Screen::Kept
        } else {
            Screen::NotKept
        });
        slot.replace(answer);
    });
}
