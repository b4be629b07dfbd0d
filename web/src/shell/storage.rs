//! How much room the device gives us, and whether it promises to keep what we store.

use super::{Fault, js};

/// Room on the device, as far as the browser tells.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Room {
    /// Bytes that this site uses.
    pub used: f64,
    /// Bytes that it may use in all.
    pub quota: f64,
}

/// A new photo is refused when less than this many bytes are left: 20 MB, room for some sixty photos in the queue.
pub const RESERVE: f64 = 20_000_000.0;

impl Room {
    /// Whether another photo fits without touching the reserve.
    pub fn has_room_for_photo(&self) -> bool {
        self.quota - self.used > RESERVE
    }
}

/// Asks how much room there is; `None` where the browser does not tell.
pub async fn room() -> Option<Room> {
    let storage = js::navigator("storage")?;
    let estimate = js::call_async(&storage, "estimate", &[]).await.ok()?;
    Some(Room {
        used: js::number(&estimate, "usage")?,
        quota: js::number(&estimate, "quota")?,
    })
}

/// Asks the browser not to evict what is stored. `true` when it promises.
pub async fn persist() -> Result<bool, Fault> {
    let storage = js::navigator("storage").ok_or_else(|| Fault::new("NotSupportedError", "no storage"))?;
    let answer = js::call_async(&storage, "persist", &[]).await?;
    Ok(answer.as_bool().unwrap_or(false))
}

/// Whether it has promised already.
pub async fn is_persisted() -> bool {
    let Some(storage) = js::navigator("storage") else {
        return false;
    };
    let answer = js::call_async(&storage, "persisted", &[]).await;
    answer.ok().and_then(|value| value.as_bool()).unwrap_or(false)
}
