//! Waiting and ticking.

use super::listen;
use js_sys::Promise;
use wasm_bindgen::JsCast;
use wasm_bindgen::closure::Closure;
use wasm_bindgen_futures::JsFuture;

/// Waits at least `ms` milliseconds; a page in the background may wait longer.
pub async fn sleep(ms: u32) {
    let promise = Promise::new(&mut |resolve, _reject| {
        if let Ok(window) = listen::window() {
            let ms = i32::try_from(ms).unwrap_or(i32::MAX);
            let _timer = window.set_timeout_with_callback_and_timeout_and_arguments_0(&resolve, ms);
        }
    });
    // A promise that is only ever resolved does not reject.
    let _done = JsFuture::from(promise).await;
}

/// A repeated call; dropping it stops it.
pub struct Ticker {
    handle: i32,
    _tick: Closure<dyn FnMut()>,
}

impl Ticker {
    /// Calls `tick` every `ms` milliseconds.
    pub fn every(ms: u32, tick: impl FnMut() + 'static) -> Option<Self> {
        let tick = Closure::<dyn FnMut()>::new(tick);
        let handle = listen::window()
            .ok()?
            .set_interval_with_callback_and_timeout_and_arguments_0(
                tick.as_ref().unchecked_ref(),
                i32::try_from(ms).unwrap_or(i32::MAX),
            )
            .ok()?;
        Some(Self { handle, _tick: tick })
    }
}

impl Drop for Ticker {
    fn drop(&mut self) {
        if let Ok(window) = listen::window() {
            window.clear_interval_with_handle(self.handle);
        }
    }
}
