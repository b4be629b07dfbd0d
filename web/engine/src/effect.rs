//! What the shell is asked to do.

use crate::event::RequestId;
use crate::store::Batch;
use keng_shared::evidence::Manifest;
use keng_shared::id::{InboxItemId, PhotoId, RecordId};
use keng_shared::problem::FieldError;
use keng_shared::sync::PushRequest;
use keng_shared::time::LocalDate;

/// Names a batch, so that its completion finds it again.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Ticket(pub u64);

/// One thing for the shell to do. Effects of one step are started in their order.
#[derive(Debug, Clone, PartialEq)]
pub enum Effect {
    /// Write a batch in one transaction with strict durability, then tell [`crate::Event::Persisted`] or
    /// [`crate::Event::PersistFailed`]. Batches are written one after the other, never out of order.
    Persist {
        /// Its name.
        ticket: Ticket,
        /// What to write.
        batch: Batch,
    },
    /// Call the server and tell [`crate::Event::Answered`]. At most one upload and one other call are under way.
    Send {
        /// Its name.
        request: RequestId,
        /// The call.
        call: Call,
    },
    /// Sign the manifest's canonical bytes with the device's key and tell [`crate::Event::Signed`].
    Sign {
        /// The manifest.
        manifest: Box<Manifest>,
    },
    /// Tell [`crate::Event::Woke`] after so many milliseconds. A newer one replaces an older one.
    Wake {
        /// The delay.
        after_ms: i64,
    },
    /// Ask the person.
    Ask(Question),
    /// A submitted form is not valid; its draft is kept. The form shows the errors at their fields.
    Invalid {
        /// Whose form.
        record_id: RecordId,
        /// What is wrong.
        errors: Vec<FieldError>,
    },
    /// Sign out at the server as far as possible, forget the token and show the sign-in page. Comes after everything
    /// that it deletes is deleted.
    SignedOut,
}

/// A call to the server.
#[derive(Debug, Clone, PartialEq)]
pub enum Call {
    /// `Client::push`.
    Push(PushRequest),
    /// `Client::pull`.
    Pull {
        /// From where; none from the beginning.
        cursor: Option<String>,
    },
    /// `Client::scope`.
    Scope,
    /// `Client::held`.
    Held {
        /// The date.
        date: LocalDate,
    },
    /// `Client::inbox`.
    Inbox,
    /// `Client::mark_read`.
    MarkRead {
        /// Lines that the person has seen.
        ids: Vec<InboxItemId>,
    },
    /// `Client::refresh`.
    Refresh,
    /// Upload a photo's bytes by tus: create (the same id gives the same address), ask the offset, send chunk after
    /// chunk, tell [`crate::Event::UploadProgress`] after each, and fetch the receipt at the end.
    Upload {
        /// The photo.
        photo_id: PhotoId,
        /// Its media type.
        mime: String,
        /// Number of bytes.
        size: u64,
        /// SHA-256 (hex) of the bytes.
        sha256: String,
        /// Bytes in one chunk.
        chunk: u64,
    },
}

/// A question to the person.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Question {
    /// Signing out while work is unsent; answered by [`crate::Event::SignOutAnyway`].
    SignOutWithUnsent(Unsent),
}

/// How much is still only on this phone.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Unsent {
    /// Forms that were not sent.
    pub drafts: usize,
    /// Records, withdrawals, track segments, and what is said about tasks and footage.
    pub items: usize,
    /// Photos.
    pub photos: usize,
}

impl Unsent {
    /// Whether everything is with the server.
    pub fn is_nothing(self) -> bool {
        self == Self::default()
    }
}
