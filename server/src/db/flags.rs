//! Flags as they are stored: wire names with a comma between.

use keng_shared::record::Flag;
use keng_shared::risk;
use std::collections::BTreeSet;

/// The stored form: wire names with a comma between.
pub fn to_text(flags: &BTreeSet<Flag>) -> String {
    let names = flags.iter().map(|flag| flag.as_str());
    names.collect::<Vec<_>>().join(",")
}

/// The score of a record by the stored forms of its own flags and of its photos'.
pub fn score_of(record: &str, photos: &str) -> u16 {
    let mut all = from_text(record);
    all.extend(from_text(photos));
    risk::score(&all)
}

/// The pattern of stored forms that hold a flag: no name is part of another.
pub fn pattern(flag: Flag) -> String {
    format!("%{}%", flag.as_str())
}

/// The flags of the stored form.
pub fn from_text(text: &str) -> BTreeSet<Flag> {
    text.split(',').filter_map(Flag::parse).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_flag_survives_being_stored() {
        let flags = BTreeSet::from([Flag::OutsideArea, Flag::LateSend, Flag::Undecodable]);
        assert_eq!(to_text(&flags), "outside_area,late_send,undecodable");
        assert_eq!(from_text(&to_text(&flags)), flags);
        assert_eq!(from_text(""), BTreeSet::new());
        let all = BTreeSet::from(Flag::ALL);
        assert_eq!(from_text(&to_text(&all)), all);
    }

    #[test]
    fn no_name_is_part_of_another() {
        for flag in Flag::ALL {
            let holders = Flag::ALL
                .into_iter()
                .filter(|other| other.as_str().contains(flag.as_str()));
            assert_eq!(holders.collect::<Vec<_>>(), [flag]);
        }
    }
}
