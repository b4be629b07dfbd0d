//! What a person tells a group chat about finished work: a picture and a few words.
//!
//! Invariant: a [`Card`] holds names of kinds and residential areas, times and counts. No photo, no person, no position
//! and no free words get into it, so none can leave the app with it; the way walked is a line without its ends, without
//! a scale and without a map.

mod button;
mod card;
mod way;

pub use button::ShareButton;
pub use card::{Card, Done, card_of};
