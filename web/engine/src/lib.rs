//! Kẻng's offline engine: drafts, outbox, sync and patrol recording as one pure state machine.
//!
//! [`Engine::step`] takes what happened and returns what to do. It has no clock, no randomness and no IO: the time and
//! fresh ids come in with [`Moment`], answers and results come in as [`Event`]s, and the shell performs each
//! [`Effect`] with one match. That is why the same code runs in the browser, in a hundred thousand simulated nights
//! and on a developer's desk.
//!
//! Invariants:
//! * Nothing is sent before it is durable on the phone, and nothing leaves the outbox without a typed acknowledgement.
//! * An operation keeps its id and its content until its outcome is known; a newer edit waits behind it.
//! * A photo's bytes leave the phone's store only after a receipt that names this photo and its SHA-256.
//! * One bad item never blocks another; it is set aside with the server's reason, for the person to mend.
#![warn(missing_docs)]

mod clock;
pub mod contract;
mod effect;
mod engine;
mod event;
mod item;
mod journal;
pub mod patrol;
mod photo;
mod retime;
mod sorted;
mod storage;
pub mod store;
pub mod view;

pub use clock::Clock;
pub use effect::{Call, Effect, Question, Ticket, Unsent};
pub use engine::{Engine, OpenError, Owner};
pub use event::{Answer, Event, Failure, Moment, PatrolEvent, RequestId, SignOutChoice};
pub use item::{Item, ItemKey, ItemState, Reason, StoredDraft, Work};
pub use journal::JournalEntry;
pub use photo::{Capture, Photo, PhotoBytes};
pub use storage::{Gauge, StorageLevel};
