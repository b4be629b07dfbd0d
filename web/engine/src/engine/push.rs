//! Pushing operations and taking in what became of each.

use super::outbox::{base_of, rebase};
use super::rows::{Meta, Row};
use super::{Engine, FlightKind, Plan, Turn};
use crate::effect::Call;
use crate::item::{Item, ItemKey, ItemState, Reason, Work};
use crate::retime::retime;
use crate::sorted::{SortedMap, SortedSet};
use keng_shared::id::{OpId, PhotoId, RecordId};
use keng_shared::json;
use keng_shared::order;
use keng_shared::problem::{Problem, ProblemCode};
use keng_shared::sync::{MAX_PUSH_BYTES, Op, OpAction, OpOutcome, PROTOCOL, PushAnswer, PushRequest};

/// Room for the parts of a push beside its operations.
const FRAME_BYTES: usize = 1024;
/// Room for the id of an operation and the names of its two fields.
const ID_BYTES: usize = 80;
/// How often "not found" about a part of a record is taken for an echo.
const MAX_ECHOES: u32 = 3;

impl Engine {
    /// Chooses the operations of the next push and marks each as *sending*. Parts of a record come after it, in the same
    /// push or when it was acknowledged.
    pub(super) fn choose_ops(&mut self, turn: &Turn) -> Vec<(ItemKey, OpId)> {
        let mut waiting: Vec<(bool, u64, ItemKey)> = self
            .items
            .values()
            .filter(|item| item.is_waiting() && matches!(item.work, Work::Op { .. }))
            .map(|item| (!matches!(item.key, ItemKey::Record(_)), item.order, item.key))
            .collect();
        order::sort_by_key(&mut waiting, |entry| *entry);
        let mut chosen = Vec::new();
        let mut put: SortedMap<RecordId, Vec<PhotoId>> = SortedMap::default();
        let mut bytes = FRAME_BYTES;
        for (_, _, key) in waiting {
            if chosen.len() >= self.max_ops {
                break;
            }
            if self.item_waits(key, turn.now) || !self.may_follow(key, &put) {
                continue;
            }
            self.correct_times(key);
            let Some((id, action)) = self.items.get(&key).and_then(Item::op) else {
                continue;
            };
            // An operation that is too large by itself is sent alone, for the server to say so.
            let size = op_bytes(action);
            if bytes + size > MAX_PUSH_BYTES && !chosen.is_empty() {
                continue;
            }
            bytes += size;
            if let OpAction::PutRecord { draft, .. } = action {
                put.insert(draft.id, draft.attached().collect());
            }
            chosen.push((key, id));
            self.mark_sending(key);
        }
        chosen
    }

    fn may_follow(&self, key: ItemKey, put: &SortedMap<RecordId, Vec<PhotoId>>) -> bool {
        let Some(record) = self.items.get(&key).map(|item| item.record_id) else {
            return false;
        };
        match key {
            ItemKey::Record(_) | ItemKey::Task(_) | ItemKey::Footage(_) => true,
            ItemKey::Segment(_) => put.contains_key(&record) || self.is_acknowledged(record),
            ItemKey::Announce(photo) => {
                put.get(&record).is_some_and(|photos| photos.contains(&photo))
                    || self.is_listed(record, photo)
            }
            ItemKey::Upload(_) => false,
        }
    }

    /// Corrects the times of a record that is sent for the first time, and keeps to that correction later on.
    fn correct_times(&mut self, key: ItemKey) {
        let Some(offset) = self.clock.offset_ms else {
            return;
        };
        let Some(item) = self.items.get_mut(&key).filter(|i| i.state == ItemState::Queued) else {
            return;
        };
        let shift = item.shifted_ms.unwrap_or(offset);
        if let Work::Op { action, .. } = &mut item.work
            && let OpAction::PutRecord { draft, .. } = action.as_mut()
            && draft.clock_offset_ms.is_none()
        {
            **draft = retime((**draft).clone(), shift);
            item.shifted_ms = Some(shift);
            item.local_date = draft.started_at.local_date();
            self.mark(Row::Item(key));
        }
    }

    fn mark_sending(&mut self, key: ItemKey) {
        if let Some(item) = self.items.get_mut(&key)
            && item.state != ItemState::Sending
        {
            item.state = ItemState::Sending;
            self.mark(Row::Item(key));
        }
    }

    pub(super) fn send_push(&mut self, turn: &Turn, plan: Plan) -> bool {
        let mut sent = Vec::with_capacity(plan.ops.len());
        let mut ops = Vec::with_capacity(plan.ops.len());
        for (key, planned) in plan.ops {
            let op = self.items.get(&key).and_then(Item::op);
            if let Some((id, action)) = op.filter(|(id, _)| *id == planned) {
                sent.push((key, id));
                ops.push(Op {
                    id,
                    action: action.clone(),
                });
            }
        }
        if ops.is_empty() {
            return false;
        }
        self.note(turn, "push", Some(ops.len() as i64), None);
        let request = PushRequest {
            protocol: PROTOCOL,
            device_id: self.owner.device_id,
            device_time: turn.now,
            ops,
        };
        self.send(turn, FlightKind::Push(sent), Call::Push(request));
        true
    }

    pub(super) fn pushed(&mut self, turn: &mut Turn, sent: &[(ItemKey, OpId)], answer: PushAnswer) {
        let orphans: SortedSet<ItemKey> = sent
            .iter()
            .map(|(key, _)| *key)
            .filter(|key| self.is_orphan(*key))
            .collect();
        let mut done = 0;
        for result in answer.results {
            // Only the outcome of what the item sends now counts; anything else is the echo of an earlier life.
            let Some((key, _)) = sent.iter().find(|(_, id)| *id == result.id) else {
                continue;
            };
            let is_current = self
                .items
                .get(key)
                .and_then(Item::op)
                .is_some_and(|(id, _)| id == result.id);
            if !is_current {
                continue;
            }
            match result.outcome {
                OpOutcome::Done { revision, .. } => {
                    done += 1;
                    self.done(turn, *key, revision);
                }
                OpOutcome::Refused { problem }
                    if orphans.contains(key) || self.may_be_an_echo(*key, &problem) =>
                {
                    self.refused_with_its_record(turn, *key, problem.code);
                }
                OpOutcome::Refused { problem } => self.op_refused(turn, *key, *problem),
                OpOutcome::Later { problem } => self.later(turn, *key, problem.code),
            }
        }
        self.note(turn, "pushed", Some(done), None);
        if done > 0 {
            self.last_sent_at = Some(turn.now);
            self.mark(Row::Meta(Meta::LastSent));
            self.wants.pull = true;
            self.wants.held = true;
        }
    }

    fn done(&mut self, turn: &Turn, key: ItemKey, revision: u32) {
        self.pauses.remove(&key);
        if let ItemKey::Record(id) = key {
            // What waited for this record need not wait any longer.
            let items = &self.items;
            self.pauses
                .retain(|part, _| items.get(part).is_none_or(|item| item.record_id != id));
        }
        self.mark(Row::Item(key));
        let Some(item) = self.items.get_mut(&key) else {
            return;
        };
        if item.is_head() {
            item.revision = Some(revision);
            if let Some(draft) = item.work.draft() {
                item.listed = draft.attached().collect();
            }
        }
        item.state = turn.accepted();
        item.recovered = false;
        item.promote();
    }

    /// Whether an item's record was not acknowledged so far, so that a refusal of the item may only be the echo of its
    /// record's.
    fn is_orphan(&self, key: ItemKey) -> bool {
        let record = self.items.get(&key).map(|item| item.record_id);
        record.is_some_and(|record| match key {
            ItemKey::Segment(_) => !self.is_acknowledged(record),
            ItemKey::Announce(photo) => !self.is_listed(record, photo),
            ItemKey::Record(_) | ItemKey::Task(_) | ItemKey::Footage(_) | ItemKey::Upload(_) => false,
        })
    }

    /// Whether "not found" about a part of an acknowledged record may be remembered from a time before the record came.
    fn may_be_an_echo(&self, key: ItemKey, problem: &Problem) -> bool {
        let is_part = matches!(key, ItemKey::Segment(_) | ItemKey::Announce(_));
        let tries = self.pauses.get(&key).map_or(0, |retry| retry.tries);
        is_part && problem.code == ProblemCode::NotFound && tries < MAX_ECHOES
    }

    /// The item waits for its record and is then sent under a fresh id, since the server may remember the refusal.
    fn refused_with_its_record(&mut self, turn: &mut Turn, key: ItemKey, code: ProblemCode) {
        self.note(turn, "refused_with_its_record", None, Some(code.as_str()));
        self.pauses.or_default(key).failed(turn, None);
        let op = turn.op_id();
        if let Some(item) = self.items.get_mut(&key) {
            item.renew(op, None);
            self.mark(Row::Item(key));
        }
    }

    fn op_refused(&mut self, turn: &Turn, key: ItemKey, problem: Problem) {
        self.note(turn, "refused", None, Some(problem.code.as_str()));
        self.mark(Row::Item(key));
        let Some(item) = self.items.get_mut(&key) else {
            return;
        };
        let is_gone_already = item.work.is_withdrawal() && problem.code == ProblemCode::Gone;
        // A record or a word that a restored server does not take back is told; parts of a record were acknowledged once
        // and stay quiet.
        let is_refilled_part = item.recovered && !item.is_head();
        if item.next.is_some() {
            item.state = turn.accepted();
            item.promote();
        } else if is_refilled_part || is_gone_already {
            item.state = turn.accepted();
        } else if is_somebody_elses_slot(item, &problem) || key.is_word() {
            item.state = ItemState::Superseded {
                problem: Box::new(problem),
                at: turn.now,
            };
            // The scope says which slots are confirmed and how tasks and questions stand.
            self.wants.scope = true;
        } else {
            item.state = ItemState::SetAside {
                reason: Reason::Refused(Box::new(problem)),
                at: turn.now,
            };
        }
    }

    /// Not now. The item stays *sending*: an earlier try whose answer was lost may have done it, so its content must not
    /// change yet.
    fn later(&mut self, turn: &Turn, key: ItemKey, code: ProblemCode) {
        self.note(turn, "later", None, Some(code.as_str()));
        self.pauses.or_default(key).failed(turn, None);
    }

    /// The server refused a push as a whole for its content: half of it is tried next, and what is refused alone is set
    /// aside.
    pub(super) fn push_refused(&mut self, turn: &mut Turn, sent: &[(ItemKey, OpId)], problem: Problem) {
        match sent {
            [(key, _)] if self.is_orphan(*key) => self.refused_with_its_record(turn, *key, problem.code),
            [(key, _)] => {
                self.op_refused(turn, *key, problem);
                self.max_ops = keng_shared::sync::MAX_OPS;
            }
            _ => self.max_ops = (sent.len() / 2).max(1),
        }
    }
}

/// A slot that somebody else confirmed first is done. Only a session with photos waits for the person: they are evidence
/// and belong to a record.
fn is_somebody_elses_slot(item: &Item, problem: &Problem) -> bool {
    problem.code == ProblemCode::SlotTaken
        && item.revision.is_none()
        && item.work.draft().is_some_and(|draft| draft.photos.is_empty())
}

impl Item {
    /// The operation that it sends now.
    fn op(&self) -> Option<(OpId, &OpAction)> {
        match &self.work {
            Work::Op { id, action } => Some((*id, action)),
            Work::Upload => None,
        }
    }

    /// The newer edit takes the place of what was just settled and starts from the acknowledged revision.
    fn promote(&mut self) {
        let Some(next) = self.next.take() else { return };
        self.work = next;
        self.state = ItemState::Queued;
        let revision = self.revision;
        if let Work::Op { action, .. } = &mut self.work {
            let base = base_of(action).max(revision);
            rebase(action, base);
        }
    }
}

fn op_bytes(action: &OpAction) -> usize {
    json::write(action).len() + ID_BYTES
}
