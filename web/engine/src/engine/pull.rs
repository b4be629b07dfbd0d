//! Pulling what changed, the scope, and what the server holds of a date.
//!
//! A page and its cursor are written together. A page that was made for another scope than the one the phone knows is not
//! applied: the scope comes first.

use super::rows::{Meta, Row};
use super::{Engine, HeldOn, PullState, Round, StoredRecord, Turn};
use crate::item::Item;
use crate::sorted::SortedSet;
use keng_shared::id::{AreaId, RecordId};
use keng_shared::problem::ProblemCode;
use keng_shared::record::RecordStatus;
use keng_shared::sync::{Held, PullAnswer, Scope};
use keng_shared::time::LocalDate;

/// The areas that a person works in: those of the memberships and everything below them.
pub(super) fn reach(scope: Option<&Scope>) -> SortedSet<AreaId> {
    let Some(scope) = scope else {
        return SortedSet::default();
    };
    let mut reach: SortedSet<_> = scope.me.memberships.iter().map(|m| m.area_id).collect();
    loop {
        let below = scope
            .edges
            .iter()
            .filter(|edge| reach.contains(&edge.parent) && !reach.contains(&edge.child));
        let below: Vec<_> = below.map(|edge| edge.child).collect();
        if below.is_empty() {
            return reach;
        }
        reach.extend(below);
    }
}

impl Engine {
    pub(super) fn pulled(&mut self, turn: &mut Turn, answer: PullAnswer) {
        if self
            .scope
            .as_ref()
            .is_none_or(|scope| scope.tag != answer.scope_tag)
        {
            self.wants.scope = true;
            self.scope_rounds += 1;
            if self.scope_rounds > 2 {
                // The scope changes faster than it can be fetched.
                self.call_retry.failed(turn, None);
            }
            return;
        }
        self.scope_rounds = 0;
        self.note(turn, "pulled", Some(answer.records.len() as i64), None);
        let generation = self.pull.generation;
        for view in answer.records {
            let id = view.id;
            let is_tombstone = view.status == RecordStatus::Withdrawn && view.author.id != self.owner.user_id;
            if is_tombstone {
                self.records.remove(&id);
            } else {
                self.records.insert(id, StoredRecord { generation, view });
            }
            self.mark(Row::Record(id));
        }
        self.pull.cursor = Some(answer.cursor);
        self.wants.pull = answer.more;
        if !answer.more {
            self.finish_round(turn);
        }
        self.mark(Row::Meta(Meta::Pull));
    }

    fn finish_round(&mut self, turn: &mut Turn) {
        let round = std::mem::replace(&mut self.pull.round, Round::Changes);
        if round == Round::Changes {
            return;
        }
        let generation = self.pull.generation;
        self.drop_records(|stored| stored.generation < generation);
        self.refill_server(turn);
        self.wants.held = true;
    }

    pub(super) fn scoped(&mut self, turn: &mut Turn, scope: Box<Scope>) {
        self.note(turn, "scope", Some(scope.areas.len() as i64), None);
        self.wants.scope = false;
        let is_same_ground = self.scope.as_ref().is_some_and(|known| {
            known.me.memberships == scope.me.memberships
                && known.areas == scope.areas
                && known.edges == scope.edges
        });
        self.reach = reach(Some(&scope));
        self.scope = Some(scope);
        self.mark(Row::Meta(Meta::Scope));
        self.refill_words(turn);
        if !is_same_ground {
            self.drop_what_is_no_longer_ours();
            self.pull_everything(Round::Scope);
        }
    }

    /// The server does not know the cursor: it was restored from a backup, or the cursor is too old.
    pub(super) fn cursor_expired(&mut self, turn: &Turn) {
        if self.pull.cursor.is_none() {
            return self.wait(turn, ProblemCode::CursorExpired, None);
        }
        self.pull_everything(Round::Restored);
    }

    /// While the server may have lost what it once acknowledged, nothing that builds on it is sent.
    pub(super) fn must_pull_before_push(&self) -> bool {
        self.pull.round == Round::Restored
    }

    pub(super) fn held(&mut self, date: LocalDate, held: Held) {
        self.held = Some(HeldOn { date, held });
        self.wants.held = false;
        self.mark(Row::Meta(Meta::Held));
    }

    fn pull_everything(&mut self, round: Round) {
        let is_restored = self.pull.round == Round::Restored || round == Round::Restored;
        self.pull = PullState {
            cursor: None,
            generation: self.pull.generation + 1,
            round: if is_restored { Round::Restored } else { round },
        };
        self.wants.pull = true;
        self.mark(Row::Meta(Meta::Pull));
    }

    fn drop_what_is_no_longer_ours(&mut self) {
        let reach = std::mem::take(&mut self.reach);
        self.drop_records(|stored| {
            !reach.contains(&stored.view.area_id) && !reach.contains(&stored.view.commune_id)
        });
        let is_outside = |item: &&Item| {
            item.newest_draft()
                .is_some_and(|draft| !reach.contains(&draft.area_id))
        };
        let outside: Vec<RecordId> = self
            .items
            .values()
            .filter(is_outside)
            .map(|item| item.record_id)
            .collect();
        for id in outside {
            self.drop_if_all_sent(id);
        }
        self.reach = reach;
    }

    /// Unsent work stays, whatever the scope says; the server judges it.
    fn drop_if_all_sent(&mut self, id: RecordId) {
        let is_unsent = self
            .items
            .values()
            .any(|item| item.record_id == id && item.is_unsent());
        let is_running = self.patrol.as_ref().is_some_and(|patrol| patrol.head().id == id);
        let has_new_photos = self
            .photos
            .values()
            .any(|photo| photo.capture.record_id == id && photo.receipt.is_none());
        if !is_unsent && !is_running && !has_new_photos && !self.drafts.contains_key(&id) {
            self.drop_parts(id);
            self.remove_item(crate::item::ItemKey::Record(id));
        }
    }

    fn drop_records(&mut self, is_dropped: impl Fn(&StoredRecord) -> bool) {
        let dropped = self.records.iter().filter(|(_, stored)| is_dropped(stored));
        let dropped: Vec<_> = dropped.map(|(id, _)| *id).collect();
        for id in dropped {
            self.records.remove(&id);
            self.mark(Row::Record(id));
        }
    }
}
