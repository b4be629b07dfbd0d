//! Who listens: streams of server-sent events, woken when something in a commune changes.
//!
//! A stream carries what its person's inbox holds, and the bare word that something in a commune has changed. The inbox
//! is the truth: a stream that was woken asks the database, so a wake that gets lost delays a line until the next
//! heartbeat, and one too many costs a small read. Changes by another instance on the same database arrive with the
//! heartbeat.

use keng_shared::id::AreaId;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;
use tokio::sync::broadcast::error::RecvError;
use tokio::sync::{broadcast, watch};

/// A quiet stream says this often that it lives, and looks for what another instance changed.
pub const HEARTBEAT: Duration = Duration::from_secs(15);
/// Most streams at the same time; more are told to come back, and poll the inbox meanwhile.
const MOST_STREAMS: usize = 4_096;
/// Wakes that a slow stream may be behind; one that is further behind looks at everything.
const BACKLOG: usize = 256;

/// The place where changes and streams meet.
pub struct Events {
    changes: broadcast::Sender<AreaId>,
    closing: watch::Sender<bool>,
    streams: Arc<AtomicUsize>,
}

/// The seat of one stream; dropping it gives it back.
pub struct Listener {
    changes: broadcast::Receiver<AreaId>,
    closing: watch::Receiver<bool>,
    streams: Arc<AtomicUsize>,
}

/// Why a stream wakes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Wake {
    /// Something changed in this commune; none when so much changed that it is not known where.
    Change(Option<AreaId>),
    /// Nothing happened for a while.
    Beat,
    /// The server stops.
    Closing,
}

impl Listener {
    /// Waits for the next reason to wake, at most [`HEARTBEAT`].
    pub async fn woken(&mut self) -> Wake {
        tokio::select! {
            _ = self.closing.wait_for(|closing| *closing) => Wake::Closing,
            change = self.changes.recv() => match change {
                Ok(commune) => Wake::Change(Some(commune)),
                Err(RecvError::Lagged(_)) => Wake::Change(None),
                Err(RecvError::Closed) => Wake::Closing,
            },
            () = tokio::time::sleep(HEARTBEAT) => Wake::Beat,
        }
    }
}

impl Default for Events {
    fn default() -> Self {
        Self {
            changes: broadcast::Sender::new(BACKLOG),
            closing: watch::Sender::new(false),
            streams: Arc::default(),
        }
    }
}

impl Events {
    /// Wakes those who care for this commune. Call it after the commit.
    pub fn stir(&self, commune: AreaId) {
        // Without a listener there is nobody to wake.
        let _nobody = self.changes.send(commune);
    }

    /// A seat for a stream; none when there are too many.
    pub fn listen(&self) -> Option<Listener> {
        let listener = Listener {
            changes: self.changes.subscribe(),
            closing: self.closing.subscribe(),
            streams: Arc::clone(&self.streams),
        };
        let before = self.streams.fetch_add(1, Ordering::SeqCst);
        (before < MOST_STREAMS).then_some(listener)
    }

    /// Ends every stream, so that the server can stop.
    pub fn close(&self) {
        self.closing.send_replace(true);
    }
}

impl Drop for Listener {
    fn drop(&mut self) {
        self.streams.fetch_sub(1, Ordering::SeqCst);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_seat_that_is_given_back_can_be_taken_again() {
        let events = Events::default();
        let seats: Vec<_> = std::iter::from_fn(|| events.listen()).collect();
        assert_eq!(seats.len(), MOST_STREAMS);
        drop(seats);
        assert!(events.listen().is_some());
    }
}
