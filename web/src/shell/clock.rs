//! The device's clock, and ids that carry its time.

use keng_shared::time::Millis;
use uuid::{NoContext, Timestamp, Uuid};

/// The wall clock of the device. It is a claim: the person can set it.
pub fn now() -> Millis {
    Millis(js_sys::Date::now() as i64)
}

/// Milliseconds since the page began; no setting of the clock moves it.
pub fn since_start() -> f64 {
    web_sys::window()
        .and_then(|window| window.performance())
        .map_or(0.0, |performance| performance.now())
}

/// A fresh UUIDv7 by the device's clock.
pub fn new_id() -> Uuid {
    let now = now().0.max(0).unsigned_abs();
    let nanos = u32::try_from(now % 1000).unwrap_or_default() * 1_000_000;
    Uuid::new_v7(Timestamp::from_unix(NoContext, now / 1000, nanos))
}
