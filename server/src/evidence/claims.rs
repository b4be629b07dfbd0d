//! One request at a time works on an upload, and the newest wins.
//!
//! A phone that lost its connection comes back while the server still waits for bytes of the old request. The new
//! request takes the claim: the old one is told to stop, keeps what it has received, and lets go.

use keng_shared::id::PhotoId;
use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use tokio::sync::{OwnedMutexGuard, watch};

/// Claims on uploads of this process.
#[derive(Debug, Default)]
pub struct Claims {
    slots: Mutex<HashMap<PhotoId, Arc<Slot>>>,
}

#[derive(Debug)]
struct Slot {
    /// Number of the newest request.
    newest: watch::Sender<u64>,
    /// Held by the request at work.
    work: Arc<tokio::sync::Mutex<()>>,
}

/// The right to work on an upload.
#[derive(Debug)]
pub struct Claim {
    number: u64,
    newest: watch::Receiver<u64>,
    _work: OwnedMutexGuard<()>,
}

impl Claims {
    /// Tells an older request to stop, waits until it has, and takes its place.
    pub async fn take(&self, photo: PhotoId) -> Claim {
        let slot = self.slot(photo);
        let mut number = 0;
        slot.newest.send_modify(|newest| {
            *newest += 1;
            number = *newest;
        });
        let newest = slot.newest.subscribe();
        let work = Arc::clone(&slot.work).lock_owned().await;
        Claim {
            number,
            newest,
            _work: work,
        }
    }

    fn slot(&self, photo: PhotoId) -> Arc<Slot> {
        let mut slots = self.slots.lock().unwrap_or_else(PoisonError::into_inner);
        // A slot that only this map knows has nobody at work and nobody waiting.
        slots.retain(|id, slot| {
            *id == photo || Arc::strong_count(slot) > 1 || slot.newest.receiver_count() > 0
        });
        let slot = slots.entry(photo).or_insert_with(|| {
            Arc::new(Slot {
                newest: watch::Sender::new(0),
                work: Arc::default(),
            })
        });
        Arc::clone(slot)
    }
}

impl Claim {
    /// Waits until a newer request wants the upload.
    pub async fn is_taken_over(&mut self) {
        let mine = self.number;
        // The sender lives as long as anybody listens; if it were gone, nobody could take over.
        if self.newest.wait_for(|newest| *newest > mine).await.is_err() {
            std::future::pending::<()>().await;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use uuid::Uuid;

    #[tokio::test]
    async fn a_newer_request_makes_the_older_let_go_and_then_gets_its_turn() {
        let claims = Arc::new(Claims::default());
        let photo = PhotoId(Uuid::nil());
        let mut older = claims.take(photo).await;
        let newer = tokio::spawn({
            let claims = Arc::clone(&claims);
            async move { claims.take(photo).await }
        });
        older.is_taken_over().await;
        assert!(!newer.is_finished());
        drop(older);
        newer.await.unwrap();
    }

    #[tokio::test]
    async fn claims_on_different_photos_do_not_wait_for_each_other() {
        let claims = Claims::default();
        let _first = claims.take(PhotoId(Uuid::from_u128(1))).await;
        let _second = claims.take(PhotoId(Uuid::from_u128(2))).await;
        assert_eq!(claims.slots.lock().unwrap().len(), 2);
    }
}
