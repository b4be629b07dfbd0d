//! Plans with targets: those that ship with the program, how far their units are, and counting anew.
//!
//! What counts is decided in `keng_shared::target`; shares and figures are kept by `db::target_shares`.

pub(crate) mod appendix;
pub(crate) mod extent;
pub(crate) mod ground;
pub(crate) mod guess;
pub(crate) mod homes;
pub(crate) mod indicators;
pub(crate) mod kept;
pub(crate) mod kept_figures;
pub(crate) mod matrix;
pub(crate) mod pace;
pub(crate) mod paste;
pub(crate) mod ready_made;
pub mod recount;
pub(crate) mod reminders;
pub(crate) mod scope;
pub(crate) mod taken_up;
pub(crate) mod versions;
pub(crate) mod years;
