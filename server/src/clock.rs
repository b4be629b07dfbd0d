//! Time as the server sees it. Everything asks a [`Clock`], so that a test can set the time for the whole server.

use keng_shared::time::{LocalDate, Millis};
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::{SystemTime, UNIX_EPOCH};

/// The server's clock. Clones show the same time.
#[derive(Debug, Clone)]
pub struct Clock(Source);

#[derive(Debug, Clone)]
enum Source {
    System,
    Set(Arc<AtomicI64>),
}

impl Clock {
    /// The machine's clock.
    pub fn system() -> Self {
        Self(Source::System)
    }

    /// A clock that stands at `at` until it is moved.
    pub fn standing_at(at: Millis) -> Self {
        Self(Source::Set(Arc::new(AtomicI64::new(at.0))))
    }

    /// Moves a standing clock by `ms` milliseconds. The machine's clock does not move for anybody.
    pub fn advance(&self, ms: i64) {
        if let Source::Set(at) = &self.0 {
            at.fetch_add(ms, Ordering::SeqCst);
        }
    }

    /// Now.
    pub fn now(&self) -> Millis {
        match &self.0 {
            Source::System => Millis(system_millis()),
            Source::Set(at) => Millis(at.load(Ordering::SeqCst)),
        }
    }

    /// Today's date in Việt Nam.
    pub fn today(&self) -> LocalDate {
        self.now().local_date().unwrap_or(LocalDate::MIN)
    }
}

#[expect(
    clippy::disallowed_methods,
    reason = "this is the one place that reads the machine's clock"
)]
fn system_millis() -> i64 {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    i64::try_from(since.as_millis()).unwrap_or(i64::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn clones_of_a_standing_clock_move_together() {
        let clock = Clock::standing_at(Millis(1_000));
        let other = clock.clone();
        clock.advance(500);
        assert_eq!(other.now(), Millis(1_500));
    }
}
