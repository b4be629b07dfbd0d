//! Reading JSON in two steps, so that the browser carries one reader a type.
//!
//! serde compiles a reader for every pair of type and source. A type that is read from text, from bytes and from
//! a [`Value`] would be there three times, and deserialisation is the largest part of the app. Everything that the
//! browser reads therefore goes through [`Value`] first.

use serde::de::DeserializeOwned;
use serde_json::Value;

/// Reads bytes of JSON as `T`.
pub fn read<T: DeserializeOwned>(bytes: &[u8]) -> Result<T, serde_json::Error> {
    serde_json::from_slice::<Value>(bytes).and_then(serde_json::from_value)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::track::TrackPoint;

    #[test]
    fn reading_in_two_steps_gives_what_one_step_gives() {
        let text = br#"[[1732280000000,199555000,1053776000,500]]"#;
        let direct: Vec<TrackPoint> = serde_json::from_slice(text).unwrap();
        assert_eq!(read::<Vec<TrackPoint>>(text).unwrap(), direct);
        assert!(read::<Vec<TrackPoint>>(b"[[1]]").is_err());
    }
}
