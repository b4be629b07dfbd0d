//! The difference between the phone's clock and the server's, learned from every answer.

use keng_shared::json::{FromJson, ToJson};
use keng_shared::record::CLOCK_TOLERANCE_MS;
use keng_shared::time::Millis;

/// An answer that took longer than this says too little about the clock.
const MAX_ROUND_TRIP_MS: i64 = 60_000;
/// A smaller change of the offset is noise of the network.
const NOISE_MS: i64 = 2_000;

/// What is known about the phone's clock.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, FromJson, ToJson)]
pub struct Clock {
    /// Server clock minus phone clock, in milliseconds; none before the first answer ever.
    pub offset_ms: Option<i64>,
    /// Whether the offset was measured since the app started. An older one may be wrong: the person may have set the
    /// clock in between.
    #[serde(skip)]
    pub is_fresh: bool,
}

impl Clock {
    /// The server's time, as far as it is known, when the phone's clock shows `now`.
    pub fn correct(&self, now: Millis) -> Millis {
        now.plus(self.offset_ms.unwrap_or(0))
    }

    /// Whether the phone's clock is more than 10 minutes off.
    pub fn is_skewed(&self) -> bool {
        self.offset_ms
            .is_some_and(|offset| offset.saturating_abs() > CLOCK_TOLERANCE_MS)
    }

    /// Learns from an answer; says whether the offset changed.
    pub(crate) fn measure(&mut self, server_time: Millis, sent_at: Millis, now: Millis) -> bool {
        let round_trip = now.since(sent_at);
        let unclear = !(0..=MAX_ROUND_TRIP_MS).contains(&round_trip);
        if unclear && self.is_fresh {
            return false;
        }
        // When the clock was set during the call, the moment of the answer is the only honest reference.
        let halfway = if unclear { 0 } else { round_trip / 2 };
        let offset = server_time.since(now.plus(-halfway));
        let is_news = self
            .offset_ms
            .is_none_or(|old| old.saturating_sub(offset).saturating_abs() > NOISE_MS);
        self.is_fresh = true;
        if is_news {
            self.offset_ms = Some(offset);
        }
        is_news
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn half_of_the_round_trip_is_taken_off() {
        let mut clock = Clock::default();
        assert!(clock.measure(Millis(1_005_000), Millis(0), Millis(10_000)));
        assert_eq!(clock.correct(Millis(20_000)), Millis(1_020_000));
    }

    #[test]
    fn a_clock_two_days_ahead_is_skewed_and_corrected() {
        let mut clock = Clock::default();
        let two_days = 2 * 86_400_000;
        clock.measure(Millis(1_000), Millis(1_000 + two_days), Millis(1_000 + two_days));
        assert!(clock.is_skewed());
        assert_eq!(clock.correct(Millis(5_000 + two_days)), Millis(5_000));
    }

    #[test]
    fn a_slow_answer_does_not_replace_a_good_measurement() {
        let mut clock = Clock::default();
        clock.measure(Millis(0), Millis(0), Millis(0));
        assert!(!clock.measure(Millis(900_000), Millis(0), Millis(100_000)));
        assert_eq!(clock.offset_ms, Some(0));
    }

    #[test]
    fn a_change_within_the_noise_of_the_network_is_no_news() {
        let mut clock = Clock::default();
        clock.measure(Millis(0), Millis(0), Millis(0));
        assert!(!clock.measure(Millis(1_500), Millis(0), Millis(0)));
    }
}
