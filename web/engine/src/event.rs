//! What can happen to the engine, and the moment at which it happens.
//!
//! Every time that the shell hands in is by the phone's own clock. The engine corrects a record once, when it first
//! sends it, and marks it with `clock_offset_ms`; a draft that carries that mark is corrected already.

use crate::effect::Ticket;
use crate::item::ItemKey;
use crate::photo::Capture;
use keng_shared::api::{FootageAnswer, Inbox};
use keng_shared::evidence::{SignedManifest, SignedReceipt};
use keng_shared::id::{FootageTaskId, InboxItemId, PhotoId, RecordId, TaskId};
use keng_shared::patrol::{CheckIn, Crew, Finding, PatrolEnd};
use keng_shared::problem::Problem;
use keng_shared::record::RecordDraft;
use keng_shared::sync::{Held, PullAnswer, PushAnswer, Scope};
use keng_shared::task::TaskStep;
use keng_shared::time::Millis;
use keng_shared::track::TrackPoint;
use uuid::Uuid;

/// When something happens, with one fresh id; the engine makes every other id and the jitter of retries from it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Moment {
    /// The phone's own clock.
    pub now: Millis,
    /// A UUIDv7 made for this step.
    pub fresh: Uuid,
}

/// Names a call, so that its answer finds it again. Answers to calls that the engine has given up are ignored.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct RequestId(pub u64);

/// What happened.
#[derive(Debug, Clone, PartialEq)]
pub enum Event {
    /// The app runs, after [`crate::Engine::open`] and the performing of its effects.
    Started,
    /// The delay of an [`crate::Effect::Wake`] is over.
    Woke,
    /// The browser says that there is a network. A hint, no more: it ends a waiting time.
    Online,
    /// The browser says that there is no network. Shown, never believed.
    Offline,
    /// The page came to the front.
    Visible,
    /// The person pressed "send now".
    SendNow,

    /// The shell holds a fresh access token; `server_time` is from the same answer.
    SignedIn {
        /// The server's clock.
        server_time: Millis,
    },
    /// The person wants to sign out.
    SignOut,
    /// What to do with unsent work, after [`crate::Question::SignOutWithUnsent`].
    SignOutAnyway(SignOutChoice),

    /// A field of a form changed, or the form opened: the whole draft as it is now.
    DraftChanged {
        /// The draft; it need not be valid.
        draft: RecordDraft,
    },
    /// The person threw a draft away.
    DraftDiscarded {
        /// Whose form.
        record_id: RecordId,
    },
    /// The person sends a form, or mends and sends again a record that was returned or set aside.
    Submitted {
        /// The whole record.
        draft: RecordDraft,
    },
    /// The person confirms several broadcasts at once; every draft is valid by the way it was made.
    SlotsConfirmed {
        /// One record a slot.
        drafts: Vec<RecordDraft>,
    },
    /// The person says that a task is done, or that it is to be done after all.
    TaskStepped {
        /// Which.
        task_id: TaskId,
        /// What is said.
        step: TaskStep,
    },
    /// The person says what became of the recording of their camera; also anew, before or after the server has it.
    FootageAnswered {
        /// Which question.
        task_id: FootageTaskId,
        /// The answer.
        answer: FootageAnswer,
    },
    /// The person has seen lines of the inbox.
    InboxRead {
        /// Which.
        ids: Vec<InboxItemId>,
    },
    /// The person withdraws a record of their own.
    Withdrawn {
        /// Which.
        record_id: RecordId,
    },
    /// The person tries an item that was set aside again as it is.
    Resent {
        /// Which.
        key: ItemKey,
    },

    /// The person gives an item up that was set aside: a segment, or a photo with its announcement.
    GivenUp {
        /// Which.
        key: ItemKey,
    },

    /// A photo was taken or picked; its bytes are already in the store. The engine lists it in the draft or in the
    /// running patrol of its record.
    PhotoTaken {
        /// What is known about it.
        capture: Capture,
    },
    /// The person removes a photo from a draft or a running patrol, before the server holds it.
    PhotoRemoved {
        /// Which.
        photo_id: PhotoId,
    },
    /// The person took a file out of a record.
    FileRemoved {
        /// The record.
        record_id: RecordId,
        /// The file.
        photo_id: PhotoId,
    },
    /// The device's key signed a manifest.
    Signed {
        /// The manifest and its signature.
        signed: SignedManifest,
    },
    /// The device's key could not sign now.
    SignFailed {
        /// The photo.
        photo_id: PhotoId,
    },
    /// The browser measured its storage (`navigator.storage.estimate`).
    StorageMeasured {
        /// Bytes in use.
        used: u64,
        /// Bytes allowed in all.
        quota: u64,
    },

    /// A batch is durable.
    Persisted(Ticket),
    /// A batch could not be written; nothing of it was.
    PersistFailed(Ticket),
    /// A call came back.
    Answered {
        /// Which.
        request: RequestId,
        /// With what.
        result: Result<Answer, Failure>,
    },
    /// Bytes of a photo arrived at the server.
    UploadProgress {
        /// The call.
        request: RequestId,
        /// Bytes that the server has.
        offset: u64,
    },

    /// Something happened on patrol.
    Patrol(PatrolEvent),
}

impl Event {
    /// Whether it still matters while the person is being signed out.
    pub(crate) fn is_about_the_store(&self) -> bool {
        matches!(self, Self::Persisted(_) | Self::PersistFailed(_))
    }
}

/// What people may answer when they sign out with unsent work.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SignOutChoice {
    /// Stay signed in.
    Stay,
    /// Sign out; the unsent work stays on this phone and goes on when the same person signs in.
    Keep,
    /// Sign out and delete the unsent work.
    Delete,
}

/// What happens on patrol. One patrol runs at a time.
#[derive(Debug, Clone, PartialEq)]
pub enum PatrolEvent {
    /// The patrol starts; the draft's body is a [`keng_shared::patrol::Patrol`] without an end.
    Started {
        /// The record.
        draft: RecordDraft,
    },
    /// A position came in.
    Fix(TrackPoint),
    /// The page is hidden: no positions come until it is shown again.
    Hidden,
    /// The page is shown again.
    Shown,
    /// The position was denied by the person or the browser.
    Denied,
    /// The phone looks for its position and finds none.
    NoFix,
    /// A break begins.
    Paused,
    /// A break ends.
    Resumed,
    /// A checkpoint was reached. A photo that proves it was told by [`Event::PhotoTaken`] before.
    CheckedIn(CheckIn),
    /// Something was found, or a finding with the same id changed. Its photos were told by [`Event::PhotoTaken`] before.
    Found(Finding),
    /// The words under a photo changed.
    Captioned {
        /// The photo.
        photo_id: PhotoId,
        /// The words.
        caption: String,
    },
    /// The crew changed.
    CrewChanged(Crew),
    /// The free note changed.
    NoteChanged(String),
    /// The patrol ends.
    Ended(PatrolEnd),
}

/// A successful answer, already known to be the server's own.
#[derive(Debug, Clone, PartialEq)]
pub enum Answer {
    /// To [`crate::Call::Push`].
    Pushed(PushAnswer),
    /// To [`crate::Call::Pull`].
    Pulled(PullAnswer),
    /// To [`crate::Call::Scope`].
    Scope(Box<Scope>),
    /// To [`crate::Call::Held`].
    Held(Held),
    /// To [`crate::Call::Inbox`].
    Inbox(Inbox),
    /// To [`crate::Call::MarkRead`].
    MarkedRead,
    /// To [`crate::Call::Refresh`].
    Refreshed {
        /// The server's clock.
        server_time: Millis,
    },
    /// To [`crate::Call::Upload`].
    Uploaded(Box<SignedReceipt>),
}

/// Why a call brought no success.
#[derive(Debug, Clone, PartialEq)]
pub enum Failure {
    /// No answer: no network, time out, connection cut.
    NoAnswer,
    /// An answer that is not the server's (a captive portal, a proxy).
    NotOurs {
        /// Its HTTP status.
        status: u16,
    },
    /// The server's own problem.
    Problem {
        /// What it says.
        problem: Box<Problem>,
        /// `Retry-After`, in milliseconds.
        retry_after_ms: Option<i64>,
    },
    /// The bytes of the photo are not in the store.
    BytesMissing,
}
