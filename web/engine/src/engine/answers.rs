//! What comes back from the server: successes go to their places, failures decide how to go on.

use super::{Engine, Flight, FlightKind, Link, Retry, Session, Turn};
use crate::event::{Answer, Failure, RequestId};
use keng_shared::problem::{Problem, ProblemCode};
use keng_shared::sync::Envelope;
use keng_shared::time::Millis;

/// Refreshed tokens that may be refused in a row before the engine waits between tries.
const PATIENCE_WITH_TOKENS: u32 = 2;

impl Engine {
    pub(super) fn answered(&mut self, turn: &mut Turn, request: RequestId, result: Result<Answer, Failure>) {
        let is_it = |flight: &mut Flight| flight.request == request;
        let Some(flight) = self.call.take_if(is_it).or_else(|| self.upload.take_if(is_it)) else {
            return;
        };
        match result {
            Ok(answer) => self.succeeded(turn, flight, answer),
            Err(failure) => self.failed(turn, flight.kind, failure),
        }
    }

    fn succeeded(&mut self, turn: &mut Turn, flight: Flight, answer: Answer) {
        if let Some((server_time, protocol)) = clock_of(&answer) {
            self.heard(turn, &flight, server_time, protocol);
        }
        self.call_retry = Retry::default();
        match (flight.kind, answer) {
            (FlightKind::Push(ops), Answer::Pushed(answer)) => self.pushed(turn, &ops, answer),
            (FlightKind::Pull, Answer::Pulled(answer)) => self.pulled(turn, answer),
            (FlightKind::Scope, Answer::Scope(scope)) => self.scoped(turn, scope),
            (FlightKind::Held(date), Answer::Held(held)) => self.held(date, held),
            (FlightKind::Inbox, Answer::Inbox(inbox)) => self.inbox_came(turn, inbox),
            (FlightKind::MarkRead(ids), Answer::MarkedRead) => self.marked_read(&ids),
            (FlightKind::Refresh, Answer::Refreshed { .. }) => {
                self.session = Session::Active;
                self.note(turn, "refreshed", None, None);
            }
            (FlightKind::Upload(photo), Answer::Uploaded(receipt)) => {
                self.refused_tokens = 0;
                self.uploaded(turn, photo, *receipt);
            }
            (kind, _) => self.failed(turn, kind, Failure::NotOurs { status: 200 }),
        }
    }

    fn heard(&mut self, turn: &Turn, flight: &Flight, server_time: Millis, protocol: Option<u16>) {
        self.refused_tokens = if matches!(flight.kind, FlightKind::Refresh) {
            self.refused_tokens
        } else {
            0
        };
        let known = match self.link {
            Link::Fine { protocol } => protocol,
            _ => keng_shared::sync::PROTOCOL,
        };
        self.link = Link::Fine {
            protocol: protocol.unwrap_or(known),
        };
        if self.clock.measure(server_time, flight.sent_at, turn.now) {
            self.mark(super::Row::Meta(super::rows::Meta::Clock));
            if self.clock.is_skewed() {
                self.note(turn, "clock_skewed", self.clock.offset_ms, None);
            }
        }
    }

    /// A token came from signing in.
    pub(super) fn signed_in(&mut self, turn: &Turn, server_time: Millis) {
        self.session = Session::Active;
        self.refused_tokens = 0;
        self.call_retry = Retry::default();
        if self.clock.measure(server_time, turn.now, turn.now) {
            self.mark(super::Row::Meta(super::rows::Meta::Clock));
        }
        self.note(turn, "signed_in", None, None);
        self.want_news();
    }

    pub(super) fn failed(&mut self, turn: &mut Turn, kind: FlightKind, failure: Failure) {
        match failure {
            Failure::NoAnswer => {
                self.link = Link::NoNetwork;
                self.note(turn, "no_answer", None, None);
                self.call_retry.failed(turn, None);
            }
            Failure::NotOurs { status } => {
                self.link = Link::NotOurs;
                self.note(turn, "not_ours", Some(i64::from(status)), None);
                self.call_retry.failed(turn, None);
            }
            Failure::BytesMissing => {
                if let FlightKind::Upload(photo) = kind {
                    self.bytes_missing(turn, photo);
                }
            }
            Failure::Problem {
                problem,
                retry_after_ms,
            } => self.refused(turn, kind, *problem, retry_after_ms),
        }
    }

    fn refused(&mut self, turn: &mut Turn, kind: FlightKind, problem: Problem, retry_after_ms: Option<i64>) {
        self.note(
            turn,
            "problem",
            Some(i64::from(problem.status)),
            Some(problem.code.as_str()),
        );
        if problem.status == 401 {
            return self.token_refused(turn, &kind);
        }
        match kind {
            FlightKind::Push(ops) if is_about_the_content(problem.code) => {
                self.push_refused(turn, &ops, problem);
            }
            FlightKind::Pull if problem.code == ProblemCode::CursorExpired => self.cursor_expired(turn),
            FlightKind::Upload(photo) => self.upload_refused(turn, photo, problem, retry_after_ms),
            // Marks that the server cannot read would be sent for ever.
            FlightKind::MarkRead(ids) if is_about_the_content(problem.code) => self.marked_read(&ids),
            FlightKind::Push(_)
            | FlightKind::Pull
            | FlightKind::Scope
            | FlightKind::Held(_)
            | FlightKind::Inbox
            | FlightKind::MarkRead(_)
            | FlightKind::Refresh => self.wait(turn, problem.code, retry_after_ms),
        }
    }

    /// The server cannot do it now.
    pub(super) fn wait(&mut self, turn: &Turn, code: ProblemCode, retry_after_ms: Option<i64>) {
        self.link = Link::Trouble(code);
        self.call_retry.failed(turn, retry_after_ms);
    }

    fn token_refused(&mut self, turn: &Turn, kind: &FlightKind) {
        if matches!(kind, FlightKind::Refresh) {
            self.session = Session::Ended;
            return;
        }
        if self.session == Session::Active {
            self.session = Session::NeedsRefresh;
            self.refused_tokens += 1;
        }
        if self.refused_tokens > PATIENCE_WITH_TOKENS {
            self.call_retry.failed(turn, None);
        }
    }
}

/// The server's clock and protocol in an answer.
fn clock_of(answer: &Answer) -> Option<(Millis, Option<u16>)> {
    let of = |envelope: &Envelope| Some((envelope.server_time, Some(envelope.keng)));
    match answer {
        Answer::Pushed(answer) => of(&answer.envelope),
        Answer::Pulled(answer) => of(&answer.envelope),
        Answer::Scope(scope) => of(&scope.envelope),
        Answer::Held(held) => of(&held.envelope),
        Answer::Refreshed { server_time } => Some((*server_time, None)),
        Answer::Uploaded(_) | Answer::Inbox(_) | Answer::MarkedRead => None,
    }
}

/// Whether a whole push was refused for something in it, so that sending less of it finds out what.
fn is_about_the_content(code: ProblemCode) -> bool {
    matches!(
        code,
        ProblemCode::TooLarge | ProblemCode::MalformedRequest | ProblemCode::InvalidFields
    )
}
