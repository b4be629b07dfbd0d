//! The engine's state and its one entrance, [`Engine::step`].

mod answers;
mod compose;
mod drive;
mod inbox;
mod open;
mod outbox;
mod patrol;
mod photos;
mod pull;
mod push;
mod recovery;
mod rows;
mod session;
mod tasks;

pub use open::OpenError;

use crate::clock::Clock;
use crate::effect::Effect;
use crate::event::{Event, Moment, RequestId};
use crate::item::{Item, ItemKey, StoredDraft};
use crate::journal::{Journal, JournalEntry};
use crate::patrol::RunningPatrol;
use crate::photo::{Chain, Photo};
use crate::sorted::{SortedMap, SortedSet};
use crate::storage::Gauge;
use inbox::InboxState;
use keng_shared::api::Inbox;
use keng_shared::id::{DeviceId, InboxItemId, OpId, PhotoId, RecordId, UserId};
use keng_shared::json::{FromJson, ToJson};
use keng_shared::record::RecordView;
use keng_shared::sync::{Held, Scope};
use keng_shared::time::{LocalDate, Millis};
use rows::{Row, Rows};
use uuid::Uuid;

/// Whose store this is. One engine runs for one person on one device, in the tab that holds the sync lock.
#[derive(Debug, Clone, Copy, PartialEq, Eq, FromJson, ToJson)]
pub struct Owner {
    /// The person.
    pub user_id: UserId,
    /// The device; made for this person's store and kept in it.
    pub device_id: DeviceId,
}

/// The offline engine.
#[derive(Debug)]
pub struct Engine {
    pub(crate) owner: Owner,
    // What the store holds too.
    pub(crate) drafts: SortedMap<RecordId, StoredDraft>,
    pub(crate) items: SortedMap<ItemKey, Item>,
    pub(crate) photos: SortedMap<PhotoId, Photo>,
    pub(crate) records: SortedMap<RecordId, StoredRecord>,
    pub(crate) patrol: Option<RunningPatrol>,
    pub(crate) scope: Option<Box<Scope>>,
    pub(crate) held: Option<HeldOn>,
    pub(crate) clock: Clock,
    pub(crate) last_sent_at: Option<Millis>,
    pub(crate) inbox: Option<Inbox>,
    pub(crate) inbox_state: InboxState,
    chain: Chain,
    pull: PullState,
    next_order: u64,
    // What a restart forgets.
    pub(crate) gauge: Option<Gauge>,
    pub(crate) link: Link,
    pub(crate) unreadable: usize,
    pub(crate) rows: Rows,
    reach: SortedSet<keng_shared::id::AreaId>,
    session: Session,
    wants: Wants,
    call: Option<Flight>,
    upload: Option<Flight>,
    plan: Option<Plan>,
    pauses: SortedMap<ItemKey, Retry>,
    call_retry: Retry,
    refused_tokens: u32,
    scope_rounds: u32,
    max_ops: usize,
    chunk: u64,
    signing: Option<(PhotoId, Millis)>,
    next_request: u64,
    wake_at: Option<Millis>,
    journal: Journal,
    effects: Vec<Effect>,
}

/// A record of the server, and the round of pulling that brought it.
#[derive(Debug, Clone, PartialEq, FromJson, ToJson)]
pub(crate) struct StoredRecord {
    pub generation: u64,
    pub view: RecordView,
}

/// What the server said to hold on a date.
#[derive(Debug, Clone, PartialEq, FromJson, ToJson)]
pub(crate) struct HeldOn {
    pub date: LocalDate,
    pub held: Held,
}

/// How far pulling has come.
#[derive(Debug, Clone, PartialEq, Eq, Default, FromJson, ToJson)]
struct PullState {
    cursor: Option<String>,
    generation: u64,
    round: Round,
}

/// Why the records are pulled.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, FromJson, ToJson)]
enum Round {
    /// What changed since the cursor.
    Changes,
    /// Everything, because the phone has nothing yet or the scope changed; what does not come again is dropped.
    #[default]
    Scope,
    /// Everything, because the server does not know the cursor any more: it may have been restored from a backup, and
    /// nothing that builds on what it may have lost is sent before.
    Restored,
}

/// Whether the shell holds a token.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Session {
    /// None yet, or one that has run out.
    NeedsRefresh,
    /// A token that was good when last used.
    Active,
    /// The person has to sign in again; everything is kept.
    Ended,
    /// Signed out on this phone; the engine does nothing any more once the store has followed.
    SigningOut,
    /// The engine is closed.
    SignedOut,
}

/// What the last calls say about the way to the server.
#[derive(Debug, Clone, PartialEq, Default)]
pub(crate) enum Link {
    /// Nothing was tried yet.
    #[default]
    Unknown,
    /// The server answered.
    Fine {
        /// The protocol that it speaks.
        protocol: u16,
    },
    /// No answer, or the browser says so.
    NoNetwork,
    /// Somebody else answers: a captive portal, a proxy.
    NotOurs,
    /// The server answers with a problem of its own.
    Trouble(keng_shared::problem::ProblemCode),
}

/// What should be asked when there is nothing more important.
#[derive(Debug, Clone, Copy, Default)]
struct Wants {
    scope: bool,
    pull: bool,
    held: bool,
    inbox: bool,
}

/// A call under way.
#[derive(Debug, Clone)]
struct Flight {
    request: RequestId,
    sent_at: Millis,
    /// When it was last known to be alive.
    alive_at: Millis,
    kind: FlightKind,
}

#[derive(Debug, Clone)]
enum FlightKind {
    Push(Vec<(ItemKey, OpId)>),
    Pull,
    Scope,
    Held(LocalDate),
    Inbox,
    MarkRead(Vec<InboxItemId>),
    Refresh,
    Upload(PhotoId),
}

/// Items that are marked as *sending* and go out as soon as the mark is durable.
#[derive(Debug, Clone)]
struct Plan {
    ops: Vec<(ItemKey, OpId)>,
}

/// Tries so far and when the next one is due.
#[derive(Debug, Clone, Copy, Default)]
struct Retry {
    tries: u32,
    at: Option<Millis>,
}

/// Time and fresh ids of one step.
#[derive(Debug, Clone, Copy)]
struct Turn {
    now: Millis,
    fresh: Uuid,
    used: u128,
}

impl Turn {
    fn new(moment: Moment) -> Self {
        Self {
            now: moment.now,
            fresh: moment.fresh,
            used: 0,
        }
    }

    /// The next id of this step: the random end of the fresh one counted up, so that version and time stay.
    fn id(&mut self) -> Uuid {
        let id = self.fresh.as_u128();
        let random_end = (1_u128 << 62) - 1;
        let counted = (id & !random_end) | (id.wrapping_add(self.used) & random_end);
        self.used += 1;
        Uuid::from_u128(counted)
    }

    fn op_id(&mut self) -> OpId {
        OpId(self.id())
    }

    /// A number below `limit` for the jitter of retries.
    fn jitter(&self, limit: i64) -> i64 {
        let drawn = (self.fresh.as_u128() & 0xffff_ffff) as i64;
        drawn.checked_rem(limit).unwrap_or(0)
    }
}

impl Engine {
    /// Takes what happened and returns what to do, in this order.
    pub fn step(&mut self, moment: Moment, event: Event) -> Vec<Effect> {
        if self.session == Session::SignedOut {
            return Vec::new();
        }
        let mut turn = Turn::new(moment);
        if self.session != Session::SigningOut || event.is_about_the_store() {
            self.handle(&mut turn, event);
        }
        self.drive(&mut turn);
        self.flush(turn.now);
        self.schedule(turn.now);
        std::mem::take(&mut self.effects)
    }

    /// Whose engine it is.
    pub fn owner(&self) -> Owner {
        self.owner
    }

    /// The scope as the server gave it last.
    pub fn scope(&self) -> Option<&Scope> {
        self.scope.as_deref()
    }

    /// What is known about the phone's clock.
    pub fn clock(&self) -> Clock {
        self.clock
    }

    /// The last steps, for support.
    pub fn journal(&self) -> impl Iterator<Item = &JournalEntry> {
        self.journal.entries()
    }

    fn handle(&mut self, turn: &mut Turn, event: Event) {
        match event {
            Event::Started => self.started(turn),
            Event::Woke => self.woke(turn),
            Event::Online | Event::Visible | Event::SendNow => self.hurry(turn, &event),
            Event::Offline => self.link = Link::NoNetwork,
            Event::SignedIn { server_time } => self.signed_in(turn, server_time),
            Event::SignOut => self.sign_out(turn),
            Event::SignOutAnyway(choice) => self.sign_out_anyway(turn, choice),
            Event::DraftChanged { draft } => self.draft_changed(turn, draft),
            Event::DraftDiscarded { record_id } => self.draft_discarded(turn, record_id),
            Event::Submitted { draft } => self.submitted(turn, draft),
            Event::SlotsConfirmed { drafts } => {
                for draft in drafts {
                    self.slot_confirmed(turn, draft);
                }
            }
            Event::TaskStepped { task_id, step } => self.task_stepped(turn, task_id, step),
            Event::FootageAnswered { task_id, answer } => self.footage_answered(turn, task_id, answer),
            Event::InboxRead { ids } => self.inbox_read(turn, ids),
            Event::Withdrawn { record_id } => self.withdrawn(turn, record_id),
            Event::Resent { key } => self.resent(turn, key),
            Event::GivenUp { key } => self.given_up(turn, key),
            Event::PhotoTaken { capture } => self.photo_taken(turn, capture),
            Event::PhotoRemoved { photo_id } => self.photo_removed(turn, photo_id),
            Event::FileRemoved { record_id, photo_id } => self.file_removed(turn, record_id, photo_id),
            Event::Signed { signed } => self.signed(turn, signed),
            Event::SignFailed { photo_id } => self.sign_failed(turn, photo_id),
            Event::StorageMeasured { used, quota } => {
                self.gauge = Some(Gauge { used, quota });
                self.sweep(turn.now);
            }
            Event::Persisted(ticket) => self.rows.written(ticket),
            Event::PersistFailed(ticket) => self.persist_failed(turn, ticket),
            Event::Answered { request, result } => self.answered(turn, request, result),
            Event::UploadProgress { request, .. } => {
                if let Some(flight) = self.upload.as_mut().filter(|f| f.request == request) {
                    flight.alive_at = turn.now;
                }
            }
            Event::Patrol(event) => self.patrol_event(turn, event),
        }
    }

    /// Whether the shell holds a token.
    pub(crate) fn session(&self) -> Session {
        self.session
    }

    /// Whether an item is in the store as it is in memory.
    pub(crate) fn is_saved(&self, key: ItemKey) -> bool {
        self.rows.is_saved(Row::Item(key))
    }

    /// Whether something is being sent.
    pub(crate) fn is_sending(&self) -> bool {
        let pushes = |flight: &Flight| matches!(flight.kind, FlightKind::Push(_));
        self.upload.is_some() || self.plan.is_some() || self.call.as_ref().is_some_and(pushes)
    }

    /// Whether an item is on its way.
    pub(crate) fn is_in_flight(&self, key: ItemKey) -> bool {
        let carries = |flight: &Flight| match &flight.kind {
            FlightKind::Push(ops) => ops.iter().any(|(sent, _)| *sent == key),
            FlightKind::Upload(photo) => key == ItemKey::Upload(*photo),
            FlightKind::Pull
            | FlightKind::Scope
            | FlightKind::Held(_)
            | FlightKind::Inbox
            | FlightKind::MarkRead(_)
            | FlightKind::Refresh => false,
        };
        let planned = |plan: &Plan| plan.ops.iter().any(|(sent, _)| *sent == key);
        self.call.as_ref().is_some_and(carries)
            || self.upload.as_ref().is_some_and(carries)
            || self.plan.as_ref().is_some_and(planned)
    }

    fn mark(&mut self, row: Row) {
        self.rows.mark(row);
    }

    fn note(&mut self, turn: &Turn, what: &'static str, figure: Option<i64>, code: Option<&'static str>) {
        self.journal.note(turn.now, what, figure, code);
    }
}
