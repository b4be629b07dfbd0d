//! The inbox as the server told it last, and which of its lines were seen since.
//!
//! What was seen counts at once on this phone and is told to the server when there is a network. It is no work of the
//! person's: it does not stand in the outbox, nobody waits for it, and telling it twice changes nothing.

use super::rows::{Meta, Row};
use super::{Engine, FlightKind, Turn};
use crate::effect::Call;
use crate::sorted::SortedSet;
use keng_shared::api::Inbox;
use keng_shared::id::InboxItemId;
use keng_shared::json::{FromJson, ToJson};
use keng_shared::time::Millis;

/// Most lines in one call; the server takes no more.
const MAX_MARKS: usize = 200;

/// What the phone knows about its copy of the inbox.
#[derive(Debug, Clone, PartialEq, Eq, Default, FromJson, ToJson)]
pub(crate) struct InboxState {
    /// When the copy came, by the phone's clock.
    pub brought_at: Option<Millis>,
    /// Lines that were seen and that the server does not know of yet.
    pub seen: Vec<InboxItemId>,
}

impl Engine {
    pub(super) fn inbox_read(&mut self, turn: &Turn, ids: Vec<InboxItemId>) {
        let Some(inbox) = &mut self.inbox else { return };
        let wanted: SortedSet<InboxItemId> = ids.into_iter().collect();
        let now = self.clock.correct(turn.now);
        let mut seen = mark(inbox, &wanted, now);
        if !seen.is_empty() {
            self.inbox_state.seen.append(&mut seen);
            self.mark(Row::Meta(Meta::Inbox));
            self.mark(Row::Meta(Meta::InboxState));
        }
    }

    /// The newest inbox takes the place of the old one; what was seen here stays seen.
    pub(super) fn inbox_came(&mut self, turn: &Turn, mut inbox: Inbox) {
        self.wants.inbox = false;
        self.refused_tokens = 0;
        let seen: SortedSet<InboxItemId> = self.inbox_state.seen.iter().copied().collect();
        mark(&mut inbox, &seen, self.clock.correct(turn.now));
        if self.inbox.as_ref() != Some(&inbox) {
            self.inbox = Some(inbox);
            self.mark(Row::Meta(Meta::Inbox));
        }
        self.inbox_state.brought_at = Some(turn.now);
        self.mark(Row::Meta(Meta::InboxState));
    }

    /// The server knows that these were seen.
    pub(super) fn marked_read(&mut self, ids: &[InboxItemId]) {
        self.refused_tokens = 0;
        self.inbox_state.seen.retain(|id| !ids.contains(id));
        self.mark(Row::Meta(Meta::InboxState));
    }

    /// Tells what was seen, then asks for what is new.
    pub(super) fn next_inbox_call(&mut self, turn: &Turn) {
        if !self.inbox_state.seen.is_empty() {
            let ids: Vec<_> = self.inbox_state.seen.iter().copied().take(MAX_MARKS).collect();
            self.send(turn, FlightKind::MarkRead(ids.clone()), Call::MarkRead { ids });
        } else if self.wants.inbox {
            self.send(turn, FlightKind::Inbox, Call::Inbox);
        }
    }

    /// Who is signed out leaves no news behind.
    pub(super) fn forget_inbox(&mut self) {
        self.inbox = None;
        self.inbox_state = InboxState::default();
        self.mark(Row::Meta(Meta::Inbox));
        self.mark(Row::Meta(Meta::InboxState));
    }
}

/// Marks the unread lines among these as read and says which they were.
fn mark(inbox: &mut Inbox, wanted: &SortedSet<InboxItemId>, now: Millis) -> Vec<InboxItemId> {
    let lines = inbox.items.iter_mut();
    let unread = lines.filter(|line| line.read_at.is_none() && wanted.contains(&line.id));
    let marked: Vec<_> = unread
        .map(|line| {
            line.read_at = Some(now);
            line.id
        })
        .collect();
    let count = u32::try_from(marked.len()).unwrap_or(u32::MAX);
    inbox.unread = inbox.unread.saturating_sub(count);
    marked
}
