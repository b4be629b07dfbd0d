//! The caller.

use crate::auth::Caller;
use crate::extract::Json;
use keng_shared::sync::Me;

/// Who asks, and as what.
pub async fn me(caller: Caller) -> Json<Me> {
    Json(caller.me())
}
