//! What anybody may know: the catalogue of kinds, and the public keys that receipts are checked with.

use crate::evidence::receipt::ReceiptPublicKey;
use crate::extract::Json;
use crate::state::State;
use keng_shared::kind::{self, KindSpec};

/// Every kind of activity with its fields.
pub async fn list() -> Json<Vec<&'static KindSpec>> {
    Json(kind::catalogue().collect())
}

/// The public keys of receipts.
pub async fn keys(state: State) -> Json<Vec<ReceiptPublicKey>> {
    Json(vec![state.evidence.key.public()])
}
