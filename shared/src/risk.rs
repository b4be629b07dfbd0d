//! How much a record wants a reviewer's eye.
//!
//! Each [`Flag`] is a signal with a reason in words; it never refuses anything. Points say how rarely an honest record
//! shows the signal and how much is wrong if it is true. The score orders the review queue and nothing else: it is not
//! shown as a judgement of a person, and no record is refused by it.

use crate::record::Flag;
use std::collections::BTreeSet;

/// The highest score.
pub const MAX_SCORE: u16 = 200;

/// What a signal adds to the score.
pub fn points(flag: Flag) -> u16 {
    match flag {
        // The same evidence, told twice.
        Flag::RepeatedPhoto => 80,
        Flag::SimilarPhoto => 60,
        Flag::CopiedText => 40,
        // Two sources about one moment that exclude each other.
        Flag::ExifPlaceDiffers => 50,
        Flag::ExifTimeDiffers => 45,
        Flag::ImpossibleSpeed => 45,
        Flag::OutsideFence => 40,
        Flag::OutsideArea => 35,
        Flag::ClockSkew => 30,
        // Happens to honest people, too: a reinstalled app, a picture from a friend, a dead battery.
        Flag::ChainBroken => 20,
        Flag::PickedFile => 20,
        Flag::LongGap => 10,
        Flag::Undecodable => 10,
        Flag::NoPosition => 8,
        Flag::LateSend | Flag::LateConfirmation => 5,
    }
}

/// The score of a record by the signals on it and on its photos: 0 to [`MAX_SCORE`].
pub fn score(flags: &BTreeSet<Flag>) -> u16 {
    flags.iter().map(|flag| points(*flag)).sum::<u16>().min(MAX_SCORE)
}

/// Signals with the weightiest first.
pub fn by_weight(flags: &[Flag]) -> Vec<Flag> {
    let mut sorted = flags.to_vec();
    sorted.sort_by_key(|flag| std::cmp::Reverse(points(*flag)));
    sorted
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_repeated_photo_outweighs_everything_that_happens_to_honest_people_together() {
        let ordinary = [
            Flag::ChainBroken,
            Flag::PickedFile,
            Flag::LongGap,
            Flag::NoPosition,
            Flag::LateSend,
        ];
        assert!(score(&BTreeSet::from([Flag::RepeatedPhoto])) > score(&ordinary.into_iter().collect()));
    }

    #[test]
    fn a_record_without_signals_has_no_risk_and_one_with_many_has_the_highest() {
        assert_eq!(score(&BTreeSet::new()), 0);
        let all = BTreeSet::from([
            Flag::RepeatedPhoto,
            Flag::SimilarPhoto,
            Flag::ExifPlaceDiffers,
            Flag::ExifTimeDiffers,
        ]);
        assert_eq!(score(&all), MAX_SCORE);
    }

    #[test]
    fn the_weightiest_signal_is_named_first() {
        let sorted = by_weight(&[Flag::LateSend, Flag::RepeatedPhoto, Flag::PickedFile]);
        assert_eq!(sorted, [Flag::RepeatedPhoto, Flag::PickedFile, Flag::LateSend]);
    }
}
