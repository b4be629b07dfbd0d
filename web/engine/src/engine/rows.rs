//! Which rows of the store differ from memory, and writing them.
//!
//! One batch is under way at a time. Whatever changes meanwhile is collected and written next, each row once and as it
//! is then, so that the store is always the whole state after some step.

use super::{Engine, Turn};
use crate::effect::{Effect, Ticket};
use crate::item::ItemKey;
use crate::sorted::SortedSet;
use crate::store::{Batch, Table, Write};
use keng_shared::id::{PhotoId, RecordId};
use keng_shared::json::{self, ToJson};
use keng_shared::time::Millis;

/// A row of the store.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Row {
    Meta(Meta),
    Draft(RecordId),
    Item(ItemKey),
    Record(RecordId),
    Photo(PhotoId),
    Blob(PhotoId),
    Patrol,
}

/// Single values.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Meta {
    Version,
    Owner,
    Chain,
    Clock,
    Scope,
    Pull,
    Held,
    LastSent,
    Inbox,
    InboxState,
}

impl Meta {
    /// The key of the row.
    pub fn key(self) -> &'static str {
        match self {
            Self::Version => "version",
            Self::Owner => "owner",
            Self::Chain => "chain",
            Self::Clock => "clock",
            Self::Scope => "scope",
            Self::Pull => "pull",
            Self::Held => "held",
            Self::LastSent => "last_sent",
            Self::Inbox => "inbox",
            Self::InboxState => "inbox_state",
        }
    }
}

/// The key of the one row of the table of the running patrol.
pub(super) const RUNNING: &str = "running";

/// Rows to write and rows being written.
#[derive(Debug, Default)]
pub(crate) struct Rows {
    dirty: SortedSet<Row>,
    writing: Option<Writing>,
    wipe: bool,
    next_ticket: u64,
    tries: u32,
    retry_at: Option<Millis>,
}

/// The batch that is under way.
#[derive(Debug)]
struct Writing {
    ticket: Ticket,
    rows: SortedSet<Row>,
    wipe: bool,
}

impl Rows {
    /// Notes that a row changed.
    pub fn mark(&mut self, row: Row) {
        self.dirty.insert(row);
    }

    /// Notes that everything is to be deleted.
    pub fn wipe(&mut self) {
        self.dirty.clear();
        self.wipe = true;
    }

    /// Whether a row is in the store as it is in memory.
    pub fn is_saved(&self, row: Row) -> bool {
        !self.dirty.contains(&row)
            && !self
                .writing
                .as_ref()
                .is_some_and(|writing| writing.rows.contains(&row))
    }

    /// Whether every row is in the store as it is in memory.
    pub fn all_saved(&self) -> bool {
        self.dirty.is_empty() && !self.wipe && self.writing.is_none()
    }

    /// Whether the last batch could not be written.
    pub fn is_failing(&self) -> bool {
        self.tries > 0
    }

    /// When a batch that failed is to be tried again.
    pub fn retry_at(&self) -> Option<Millis> {
        self.retry_at
    }

    /// A batch is durable.
    pub fn written(&mut self, ticket: Ticket) {
        if self.writing.take_if(|writing| writing.ticket == ticket).is_some() {
            self.tries = 0;
            self.retry_at = None;
        }
    }
}

impl Engine {
    pub(super) fn persist_failed(&mut self, turn: &Turn, ticket: Ticket) {
        let Some(failed) = self.rows.writing.take_if(|writing| writing.ticket == ticket) else {
            return;
        };
        self.rows.dirty.extend(failed.rows);
        self.rows.wipe |= failed.wipe;
        self.rows.tries += 1;
        self.rows.retry_at = Some(turn.now.plus(super::drive::delay(self.rows.tries, turn)));
        self.note(turn, "persist_failed", Some(i64::from(self.rows.tries)), None);
    }

    /// Ends the waiting time after a batch that failed.
    pub(super) fn rows_retry_now(&mut self) {
        self.rows.retry_at = None;
    }

    /// Writes what changed, unless a batch is under way or a failed one waits.
    pub(super) fn flush(&mut self, now: Millis) {
        let rows = &mut self.rows;
        let waits = rows.retry_at.is_some_and(|at| super::drive::is_later(at, now));
        if rows.writing.is_some() || waits || (rows.dirty.is_empty() && !rows.wipe) {
            return;
        }
        let dirty = std::mem::take(&mut rows.dirty);
        let wipe = std::mem::take(&mut rows.wipe);
        rows.next_ticket += 1;
        let ticket = Ticket(rows.next_ticket);
        let mut writes = Vec::with_capacity(dirty.len() + 4);
        if wipe {
            writes.push(Write::Wipe);
        } else {
            for (key, entry) in self.journal.take_unsaved() {
                writes.extend(put(Table::Journal, key, Some(entry)));
            }
        }
        writes.extend(dirty.iter().filter_map(|row| self.encode(*row)));
        self.rows.writing = Some(Writing {
            ticket,
            rows: dirty,
            wipe,
        });
        self.effects.push(Effect::Persist {
            ticket,
            batch: Batch(writes),
        });
    }

    /// The write that makes a row what it is in memory.
    fn encode(&self, row: Row) -> Option<Write> {
        match row {
            Row::Meta(meta) => self.encode_meta(meta),
            Row::Draft(id) => put(Table::Drafts, id.to_string(), self.drafts.get(&id)),
            Row::Item(key) => put(Table::Items, key.to_string(), self.items.get(&key)),
            Row::Record(id) => put(Table::Records, id.to_string(), self.records.get(&id)),
            Row::Photo(id) => put(Table::Photos, id.to_string(), self.photos.get(&id)),
            Row::Blob(id) => Some(Write::DeletePhoto(id)),
            Row::Patrol => put(Table::Patrol, RUNNING.to_owned(), self.patrol.as_ref()),
        }
    }

    fn encode_meta(&self, meta: Meta) -> Option<Write> {
        let key = meta.key().to_owned();
        match meta {
            Meta::Version => put(Table::Meta, key, Some(&super::open::VERSION)),
            Meta::Owner => put(Table::Meta, key, Some(&self.owner)),
            Meta::Chain => put(Table::Meta, key, Some(&self.chain)),
            Meta::Clock => put(Table::Meta, key, Some(&self.clock)),
            Meta::Scope => put(Table::Meta, key, self.scope.as_ref()),
            Meta::Pull => put(Table::Meta, key, Some(&self.pull)),
            Meta::Held => put(Table::Meta, key, self.held.as_ref()),
            Meta::LastSent => put(Table::Meta, key, self.last_sent_at.as_ref()),
            Meta::Inbox => put(Table::Meta, key, self.inbox.as_ref()),
            Meta::InboxState => put(Table::Meta, key, Some(&self.inbox_state)),
        }
    }
}

/// A put of a value, or a delete when there is none.
fn put<V: ToJson>(table: Table, key: String, value: Option<&V>) -> Option<Write> {
    match value {
        Some(value) => {
            let value = json::write(value);
            Some(Write::Put { table, key, value })
        }
        None => Some(Write::Delete { table, key }),
    }
}
