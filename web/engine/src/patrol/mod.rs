//! A running patrol on the phone: its record, its track as it is recorded, and how far it has come.

mod progress;
mod recorder;
mod running;

pub use progress::{Progress, progress};
pub use recorder::{Recorder, SEGMENT_MS, SEGMENT_POINTS};
pub(crate) use running::RunningPatrol;
