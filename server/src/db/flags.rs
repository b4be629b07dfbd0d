//! Flags as they are stored: wire names with a comma between.

use keng_shared::record::Flag;
use std::collections::BTreeSet;

/// The stored form: wire names with a comma between.
pub fn to_text(flags: &BTreeSet<Flag>) -> String {
    let names = flags.iter().filter_map(|flag| match serde_json::to_value(flag) {
        Ok(serde_json::Value::String(name)) => Some(name),
        _ => None,
    });
    names.collect::<Vec<_>>().join(",")
}

/// The flags of the stored form.
pub fn from_text(text: &str) -> BTreeSet<Flag> {
    text.split(',')
        .filter_map(|name| serde_json::from_value(serde_json::Value::String(name.to_owned())).ok())
        .collect()
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
    }
}
