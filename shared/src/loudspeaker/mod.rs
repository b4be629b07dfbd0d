//! Loudspeaker sessions (buổi phát thanh): what a station broadcast, to which residential areas, and the weekly schedules
//! that propose them.
//!
//! * A **session** ([`LoudspeakerSession`]) is the body of a record: one broadcast covers many residential areas, and an
//!   area that it did not reach says why. Review, photos, audit and withdrawal are those of records.
//! * A **schedule** ([`BroadcastSchedule`]) says when a station broadcasts, to whom and about what. It proposes; nothing
//!   counts before somebody has confirmed it.
//! * A **slot** ([`Slot`]) is one proposed broadcast, named by schedule, date and time of day. One slot is one session:
//!   whoever confirms first has confirmed it.
//!
//! The slots of a week are computed by [`week()`] alone, on the phone, at the desk and on the server.

mod coverage;
mod schedule;
mod session;
mod week;

pub use coverage::{TARGET_PER_WEEK, average_tenths, elapsed_days, meets_target};
pub use schedule::{
    BroadcastSchedule, MAX_TIMES, MAX_TOPICS, Pause, PlannedSlot, Rest, ScheduleTerms, parse_terms,
};
pub use session::{
    CoveredArea, LATE_CONFIRMATION_MS, LoudspeakerSession, MAX_AREAS, MAX_MINUTES, MAX_NAME, MAX_NOTE,
    MAX_SCRIPT, MissReason, Slot,
};
pub use week::{ConfirmedSlot, Confirming, SlotState, WeekSlot, monday_of, week};
