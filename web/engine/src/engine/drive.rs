//! Decides, after every step, which calls to make and when to wake up.
//!
//! At most one upload and one other call are under way. Before the first push the server's clock is asked, so that a
//! phone with a wrong clock does not send wrong times.

use super::{Engine, Flight, FlightKind, Link, Plan, Retry, Session, Turn};
use crate::effect::{Call, Effect};
use crate::event::{Event, Failure, RequestId};
use crate::item::ItemKey;
use keng_shared::time::Millis;

/// The first waiting time after a failure.
const FIRST_DELAY_MS: i64 = 2_000;
/// The longest waiting time.
pub(super) const MAX_DELAY_MS: i64 = 5 * 60_000;
/// A call without a sign of life for so long is given up; its answer, should it still come, is ignored.
const GIVE_UP_MS: i64 = 5 * 60_000;
/// How often a page in front asks what changed.
const PULL_EVERY_MS: i64 = 60_000;

/// The waiting time after so many failures: doubled each time, half of it drawn by lot, so that the phones of a commune do not
/// come back in one instant.
pub(super) fn delay(tries: u32, turn: &Turn) -> i64 {
    let doubled = FIRST_DELAY_MS.saturating_mul(1_i64 << tries.saturating_sub(1).min(20));
    let delay = doubled.min(MAX_DELAY_MS);
    delay / 2 + turn.jitter(delay / 2 + 1)
}

/// Whether `at` is still to come. A time that lies farther ahead than any waiting time was set by a clock that has been
/// set back since; it counts as past.
pub(super) fn is_later(at: Millis, now: Millis) -> bool {
    (1..=MAX_DELAY_MS * 2).contains(&at.since(now))
}

impl Retry {
    /// One more failure.
    pub(super) fn failed(&mut self, turn: &Turn, at_least_ms: Option<i64>) {
        self.tries += 1;
        let delay = delay(self.tries, turn)
            .max(at_least_ms.unwrap_or(0))
            .min(MAX_DELAY_MS);
        self.at = Some(turn.now.plus(delay));
    }

    fn waits(&self, now: Millis) -> bool {
        self.at.is_some_and(|at| is_later(at, now))
    }
}

impl Engine {
    pub(super) fn started(&mut self, turn: &Turn) {
        self.note(turn, "started", Some(self.items.len() as i64), None);
        self.want_news();
        self.sweep(turn.now);
    }

    pub(super) fn woke(&mut self, turn: &mut Turn) {
        self.wake_at = None;
        self.give_up_silent_calls(turn);
        self.sweep(turn.now);
        self.wants.pull = true;
        self.wants.inbox = true;
    }

    /// The network may be back, or the person does not want to wait: every waiting time ends.
    pub(super) fn hurry(&mut self, turn: &mut Turn, why: &Event) {
        let what = match why {
            Event::Online => "online",
            Event::SendNow => "send_now",
            _ => "visible",
        };
        self.note(turn, what, None, None);
        if *why == Event::Online {
            self.link = Link::Unknown;
        }
        self.call_retry = Retry::default();
        self.pauses.clear();
        self.rows_retry_now();
        self.give_up_silent_calls(turn);
        self.want_news();
    }

    pub(super) fn want_news(&mut self) {
        self.wants.pull = true;
        self.wants.held = true;
        self.wants.inbox = true;
        if self.scope.is_none() {
            self.wants.scope = true;
        }
    }

    pub(super) fn drive(&mut self, turn: &mut Turn) {
        if self.close_when_signed_out() {
            return;
        }
        self.sign_next(turn);
        if self.call.is_none() && !self.call_retry.waits(turn.now) {
            self.next_call(turn);
        }
        let may_upload = self.session == Session::Active && self.upload.is_none();
        if may_upload && !self.call_retry.waits(turn.now) {
            self.next_upload(turn);
        }
    }

    fn next_call(&mut self, turn: &mut Turn) {
        match self.session {
            Session::NeedsRefresh => self.send(turn, FlightKind::Refresh, Call::Refresh),
            Session::Active if self.wants.scope => self.send(turn, FlightKind::Scope, Call::Scope),
            Session::Active => {
                let may_push = self.clock.is_fresh && !self.must_pull_before_push();
                if may_push && (self.push_plan(turn) || self.plan.is_some()) {
                    return;
                }
                if self.wants.pull {
                    let cursor = self.pull.cursor.clone();
                    self.send(turn, FlightKind::Pull, Call::Pull { cursor });
                } else if self.wants.held
                    && let Some(date) = self.clock.correct(turn.now).local_date()
                {
                    self.send(turn, FlightKind::Held(date), Call::Held { date });
                } else {
                    self.next_inbox_call(turn);
                }
            }
            Session::Ended | Session::SigningOut | Session::SignedOut => {}
        }
    }

    /// Plans a push, or sends the planned one once its mark is durable. Says whether a push was sent.
    fn push_plan(&mut self, turn: &mut Turn) -> bool {
        if self.plan.is_none() {
            let ops = self.choose_ops(turn);
            if ops.is_empty() {
                return false;
            }
            self.plan = Some(Plan { ops });
        }
        let rows = &self.rows;
        // A phone whose storage fails still sends: what the server holds is safe.
        let is_durable = |key: &ItemKey| rows.is_saved(super::Row::Item(*key)) || rows.is_failing();
        let is_ready = self
            .plan
            .as_ref()
            .is_some_and(|plan| plan.ops.iter().all(|(key, _)| is_durable(key)));
        match self.plan.take_if(|_| is_ready) {
            Some(plan) => self.send_push(turn, plan),
            None => false,
        }
    }

    pub(super) fn send(&mut self, turn: &Turn, kind: FlightKind, call: Call) {
        self.next_request += 1;
        let request = RequestId(self.next_request);
        let is_upload = matches!(kind, FlightKind::Upload(_));
        let flight = Flight {
            request,
            sent_at: turn.now,
            alive_at: turn.now,
            kind,
        };
        if is_upload {
            self.upload = Some(flight);
        } else {
            self.call = Some(flight);
        }
        self.effects.push(Effect::Send { request, call });
    }

    fn give_up_silent_calls(&mut self, turn: &mut Turn) {
        let is_silent = |flight: &mut Flight| !(0..GIVE_UP_MS).contains(&turn.now.since(flight.alive_at));
        let given_up = [self.call.take_if(is_silent), self.upload.take_if(is_silent)];
        for flight in given_up.into_iter().flatten() {
            self.failed(turn, flight.kind, Failure::NoAnswer);
        }
    }

    /// Asks to be woken at the next moment at which something is due.
    pub(super) fn schedule(&mut self, now: Millis) {
        if matches!(self.session, Session::SignedOut | Session::Ended) {
            return;
        }
        let due = [self.call_retry.at, self.rows.retry_at()];
        let due = due
            .into_iter()
            .flatten()
            .chain(self.pauses.values().filter_map(|r| r.at));
        let next = due
            .filter(|at| is_later(*at, now))
            .chain([now.plus(PULL_EVERY_MS)])
            .min();
        let Some(next) = next else { return };
        let is_sooner = self
            .wake_at
            .is_none_or(|known| next < known || !is_later(known, now));
        if is_sooner {
            self.wake_at = Some(next);
            self.effects.push(Effect::Wake {
                after_ms: next.since(now),
            });
        }
    }

    /// Whether an item waits after a failure of its own.
    pub(super) fn item_waits(&self, key: ItemKey, now: Millis) -> bool {
        self.pauses.get(&key).is_some_and(|retry| retry.waits(now))
    }
}
