//! Agreement between the tabs of one browser: one sync at a time, and a word to the others when something changed.

use super::{Fault, Listener, js};
use futures::channel::oneshot;
use std::cell::RefCell;
use std::future::Future;
use std::rc::Rc;
use wasm_bindgen::closure::Closure;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::{future_to_promise, spawn_local};
use web_sys::{BroadcastChannel, EventTarget};

/// What a tab does when another tab holds the lock.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Contention {
    /// Waits for its turn.
    Wait,
    /// Lets the other do the work: the answer is `None`.
    GiveUp,
}

/// Runs `work` while no other tab runs work under the same name.
///
/// A browser without Web Locks (before 2022) runs it at once: the server's own guards keep everything single, the
/// lock only saves traffic.
pub async fn exclusively<T: 'static>(
    name: &str,
    contention: Contention,
    work: impl Future<Output = T> + 'static,
) -> Result<Option<T>, Fault> {
    let Some(locks) = js::navigator("locks") else {
        return Ok(Some(work.await));
    };
    let (sender, receiver) = oneshot::channel();
    let job = Rc::new(RefCell::new(Some((work, sender))));
    let granted = Closure::<dyn FnMut(JsValue) -> JsValue>::new(move |lock: JsValue| {
        let job = job.borrow_mut().take();
        if lock.is_null() {
            return JsValue::UNDEFINED;
        }
        let Some((work, sender)) = job else {
            return JsValue::UNDEFINED;
        };
        let held = future_to_promise(async move {
            // Nobody waits for the result when the caller itself was dropped.
            let _sent = sender.send(work.await);
            Ok(JsValue::UNDEFINED)
        });
        held.into()
    });
    let if_available = contention == Contention::GiveUp;
    let options = js::object(&[("ifAvailable", if_available.into())]);
    let handler = granted.as_ref().unchecked_ref::<JsValue>().clone();
    js::call_async(&locks, "request", &[name.into(), options.into(), handler]).await?;
    // A lock that was not granted dropped the sender.
    Ok(receiver.await.ok())
}

/// A lock that is held until it is dropped or the tab is closed.
pub struct Held {
    _release: oneshot::Sender<()>,
}

/// Takes a lock and keeps it. `None` when another tab holds it and `contention` says to give up.
pub async fn hold(name: &str, contention: Contention) -> Result<Option<Held>, Fault> {
    let (granted, grant) = oneshot::channel();
    let (release, released) = oneshot::channel::<()>();
    let name = name.to_owned();
    spawn_local(async move {
        let work = async move {
            // The caller may have gone meanwhile; then the lock is let go at once.
            if granted.send(()).is_ok() {
                let _dropped = released.await;
            }
        };
        // Giving up drops `granted`, and that is the answer to the caller.
        let _done = exclusively(&name, contention, work).await;
    });
    Ok(grant.await.ok().map(|()| Held { _release: release }))
}

/// A line to the other tabs of this browser.
pub struct Channel {
    raw: BroadcastChannel,
    _listener: Listener,
}

impl Channel {
    /// Opens the line; `heard` runs when another tab speaks.
    pub fn open(name: &str, mut heard: impl FnMut(String) + 'static) -> Result<Self, Fault> {
        let raw = BroadcastChannel::new(name)?;
        let target: &EventTarget = raw.as_ref();
        let listener = Listener::new(target, "message", move |event| {
            if let Some(word) = js::text(event.as_ref(), "data") {
                heard(word);
            }
        });
        Ok(Self {
            raw,
            _listener: listener,
        })
    }

    /// Says a word to the others; this tab does not hear it.
    pub fn say(&self, word: &str) {
        // Fails only on a closed channel, and this one is open as long as it lives.
        let _posted = self.raw.post_message(&word.into());
    }
}

impl Drop for Channel {
    fn drop(&mut self) {
        self.raw.close();
    }
}
