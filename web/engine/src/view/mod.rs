//! What the app shows of the engine's state: plain data, computed from it whenever it is asked for.
//!
//! Something is shown as saved or sent only when the phone's store says so too.

mod broadcasts;
mod entries;
mod footage;
mod held;
mod inbox;
mod patrol;
mod shifts;
mod status;
mod tasks;

pub use broadcasts::ScheduleSlots;
pub use entries::{FileEntry, PhotoEntry, PhotoStage, RecordEntry, Stage};
pub use footage::{FootageEntry, FootageWord};
pub use held::{Count, HeldNumbers};
pub use inbox::KeptInbox;
pub use patrol::PatrolView;
pub use status::{Connection, SyncStatus};
pub use tasks::TaskEntry;
