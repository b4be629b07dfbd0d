//! Drafts and the items of the outbox.

use keng_shared::id::{FootageTaskId, OpId, PhotoId, RecordId, SegmentId, TaskId};
use keng_shared::json::{FromJson, ToJson};
use keng_shared::problem::Problem;
use keng_shared::record::RecordDraft;
use keng_shared::sync::OpAction;
use keng_shared::time::{LocalDate, Millis};
use std::fmt;

/// A form that was not sent.
#[derive(Debug, Clone, PartialEq, Eq, FromJson, ToJson)]
pub struct StoredDraft {
    /// As it is; it need not be valid.
    pub draft: RecordDraft,
    /// The revision that the edit started from; none for a new record.
    pub base_revision: Option<u32>,
    /// When a field changed last, by the phone's clock.
    pub changed_at: Millis,
}

/// Names an item. A record has one item however often it is edited.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, FromJson, ToJson)]
pub enum ItemKey {
    /// Putting or withdrawing a record.
    Record(RecordId),
    /// A stretch of track.
    Segment(SegmentId),
    /// A photo's signed manifest.
    Announce(PhotoId),
    /// A photo's bytes.
    Upload(PhotoId),
    /// What is said about a task, however often; of no record.
    Task(TaskId),
    /// The answer to a question for footage; of no record.
    Footage(FootageTaskId),
}

impl ItemKey {
    /// Whether it is what somebody says about a thing of the server's, a task or a question for footage, rather than a record
    /// or a part of one.
    pub fn is_word(self) -> bool {
        matches!(self, Self::Task(_) | Self::Footage(_))
    }
}

impl fmt::Display for ItemKey {
    /// The key of the item's row.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Record(id) => write!(f, "record:{id}"),
            Self::Segment(id) => write!(f, "segment:{id}"),
            Self::Announce(id) => write!(f, "announce:{id}"),
            Self::Upload(id) => write!(f, "upload:{id}"),
            Self::Task(id) => write!(f, "task:{id}"),
            Self::Footage(id) => write!(f, "footage:{id}"),
        }
    }
}

/// One piece of work for the server.
#[derive(Debug, Clone, PartialEq, FromJson, ToJson)]
pub struct Item {
    /// Its name.
    pub key: ItemKey,
    /// The record that it belongs to. A task or an answer belongs to none: here stands its own id, which no record has.
    pub record_id: RecordId,
    /// The date that the record belongs to.
    pub local_date: Option<LocalDate>,
    /// What is sent now, or was sent last.
    pub work: Work,
    /// Where it stands.
    pub state: ItemState,
    /// The newest edit, made while `work` may already be with the server. It follows when that outcome is known.
    pub next: Option<Work>,
    /// The last revision that the server acknowledged, for a record.
    pub revision: Option<u32>,
    /// The photos that the acknowledged revision lists; only those may be announced.
    pub listed: Vec<PhotoId>,
    /// Milliseconds that were added to the record's times because the phone's clock was wrong.
    pub shifted_ms: Option<i64>,
    /// Place in the queue.
    pub order: u64,
    /// Whether the server has acknowledged it in the past and it is only sent again to a restored server.
    pub recovered: bool,
}

/// What an item does.
#[derive(Debug, Clone, PartialEq, FromJson, ToJson)]
pub enum Work {
    /// An operation of a push. Its content never changes once it may have been sent.
    Op {
        /// Guards against doing it twice.
        id: OpId,
        /// What to do.
        action: Box<OpAction>,
    },
    /// The upload of a photo's bytes.
    Upload,
}

/// Where an item stands. *Draft* is not a state of an item but a [`StoredDraft`]; *returned* is the server's word about
/// an accepted one.
#[derive(Debug, Clone, PartialEq, FromJson, ToJson)]
pub enum ItemState {
    /// Waits; it was never sent.
    Queued,
    /// Was sent, or is about to be, and its outcome is not known. Survives a kill: it is sent again unchanged.
    Sending,
    /// The server acknowledged it.
    Accepted {
        /// When, by the phone's clock.
        at: Millis,
    },
    /// It came too late: somebody else has confirmed the slot of a broadcast or answered for a camera, or a task was
    /// withdrawn. Nothing waits and nothing is to be mended.
    Superseded {
        /// What the server says, with who was first.
        problem: Box<Problem>,
        /// When, by the phone's clock.
        at: Millis,
    },
    /// Cannot be done as it is; waits for the person.
    SetAside {
        /// Why.
        reason: Reason,
        /// When, by the phone's clock.
        at: Millis,
    },
}

/// Why an item was set aside.
#[derive(Debug, Clone, PartialEq, FromJson, ToJson)]
pub enum Reason {
    /// The server refused it.
    Refused(Box<Problem>),
    /// The photo's bytes are not on the phone any more: the browser has removed them.
    BytesMissing,
    /// The server's receipt names other bytes than the phone's.
    WrongReceipt,
}

impl Item {
    /// Whether it still has to go to the server.
    pub fn is_unsent(&self) -> bool {
        self.settled_at().is_none()
    }

    /// When the server had its last word about it, if it had.
    pub fn settled_at(&self) -> Option<Millis> {
        match self.state {
            ItemState::Accepted { at } | ItemState::Superseded { at, .. } => Some(at),
            ItemState::Queued | ItemState::Sending | ItemState::SetAside { .. } => None,
        }
    }

    /// Whether it waits for the network rather than for the person.
    pub fn is_waiting(&self) -> bool {
        matches!(self.state, ItemState::Queued | ItemState::Sending)
    }

    /// Whether it stands for itself, as a record does, and is no part of one.
    pub fn is_head(&self) -> bool {
        matches!(self.key, ItemKey::Record(_)) || self.key.is_word()
    }

    /// The newest content of a record's item.
    pub fn newest_draft(&self) -> Option<&RecordDraft> {
        self.next.as_ref().unwrap_or(&self.work).draft()
    }
}

impl Work {
    /// The record that it puts, if it puts one.
    pub fn draft(&self) -> Option<&RecordDraft> {
        match self {
            Self::Op { action, .. } => match action.as_ref() {
                OpAction::PutRecord { draft, .. } => Some(draft),
                _ => None,
            },
            Self::Upload => None,
        }
    }

    /// Whether it withdraws a record.
    pub fn is_withdrawal(&self) -> bool {
        matches!(self, Self::Op { action, .. } if matches!(**action, OpAction::WithdrawRecord { .. }))
    }
}

impl Item {
    /// Whether its newest work withdraws the record.
    pub fn is_withdrawn(&self) -> bool {
        self.next.as_ref().unwrap_or(&self.work).is_withdrawal()
    }
}
