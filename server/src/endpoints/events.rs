//! `GET /events`: server-sent events for the caller, for as long as the device session is open.
//!
//! Two events: `inbox` with a line of the caller's inbox (its id is that of the line, so a browser that comes back with
//! `Last-Event-ID` gets what it missed), and `changed` with a commune in which something changed. A comment line is the
//! heartbeat.

use crate::auth::Caller;
use crate::db::inbox;
use crate::events::{Listener, Wake};
use crate::extract::Query;
use crate::problem::AppError;
use crate::state::State;
use actix_web::http::header::{CACHE_CONTROL, CONTENT_TYPE};
use actix_web::{HttpRequest, HttpResponse};
use bytes::Bytes;
use futures::stream::{self, StreamExt};
use keng_shared::id::AreaId;
use keng_shared::problem::ProblemCode;
use serde::Deserialize;
use std::collections::BTreeSet;
use std::fmt::Write;
use uuid::Uuid;

/// A stream ends after so many heartbeats, so that a browser comes back with a fresh token: one hour.
const MOST_BEATS: u32 = 240;
/// Lines of an inbox are numbered before they are committed: a line may appear this much later than its number.
const OVERLAP_MS: u64 = 60_000;
/// Most lines in one look.
const MOST_LINES: usize = 100;

/// Query of [`stream`].
#[derive(Debug, Deserialize, utoipa::IntoParams)]
#[serde(deny_unknown_fields)]
pub struct EventsQuery {
    /// `false` ends the answer after what is there now, for programs that poll.
    #[serde(default = "yes")]
    follow: bool,
}

fn yes() -> bool {
    true
}

/// The stream.
pub async fn stream(
    state: State,
    caller: Caller,
    request: HttpRequest,
    Query(query): Query<EventsQuery>,
) -> Result<HttpResponse, AppError> {
    let last = request.headers().get("last-event-id");
    let last = last
        .and_then(|id| id.to_str().ok())
        .and_then(|id| Uuid::parse_str(id).ok());
    let listener = state
        .events
        .listen()
        .ok_or_else(|| AppError::from(ProblemCode::Busy).retry_after(30))?;
    let mut follower = Follower {
        since: before(last.unwrap_or_else(Uuid::now_v7)),
        sent: BTreeSet::from_iter(last.map(|id| id.to_string())),
        state,
        caller,
        listener,
        beats: 0,
    };
    let mut first = "retry: 3000\n\n".to_owned();
    if last.is_some() || !query.follow {
        first.push_str(&follower.lines().await?);
    }
    let beginning = stream::iter([Ok::<_, AppError>(Bytes::from(first))]);
    let rest = stream::unfold(Some(follower), |follower| async {
        let mut follower = follower?;
        match follower.next().await {
            Ok(Some(text)) => Some((Ok(Bytes::from(text)), Some(follower))),
            Ok(None) => None,
            Err(error) => Some((Err(error), None)),
        }
    });
    let mut answer = HttpResponse::Ok();
    answer.insert_header((CONTENT_TYPE, "text/event-stream"));
    answer.insert_header((CACHE_CONTROL, "no-store"));
    // Proxies that collect answers would hold events back.
    answer.insert_header(("x-accel-buffering", "no"));
    Ok(match query.follow {
        true => answer.streaming(beginning.chain(rest)),
        false => answer.streaming(beginning),
    })
}

struct Follower {
    state: State,
    caller: Caller,
    listener: Listener,
    /// Lines up to here were looked at, except for the overlap.
    since: String,
    /// Lines of the overlap that were sent.
    sent: BTreeSet<String>,
    beats: u32,
}

impl Follower {
    /// The next piece of the stream; none at its end.
    async fn next(&mut self) -> Result<Option<String>, AppError> {
        loop {
            let tail = match self.listener.woken().await {
                Wake::Change(Some(commune)) if !self.concerns(commune) => continue,
                Wake::Change(Some(commune)) => {
                    format!("event: changed\ndata: {{\"commune_id\":{commune}}}\n\n")
                }
                Wake::Change(None) => "event: changed\ndata: {}\n\n".to_owned(),
                Wake::Beat => {
                    self.beats += 1;
                    if self.beats > MOST_BEATS || !self.is_open().await? {
                        return Ok(None);
                    }
                    ": \n\n".to_owned()
                }
                Wake::Closing => return Ok(None),
            };
            return Ok(Some(self.lines().await? + &tail));
        }
    }

    /// Unread lines of the inbox that were not sent.
    async fn lines(&mut self) -> Result<String, AppError> {
        let (me, since) = (self.caller.user_id(), self.since.clone());
        let items = self
            .state
            .db
            .read(move |conn| inbox::unread_after(conn, me, &since, MOST_LINES))
            .await?;
        let mut text = String::new();
        for item in items {
            let id = item.id.to_string();
            if self.sent.insert(id.clone()) {
                let data = serde_json::to_string(&item).map_err(AppError::internal)?;
                // Writing to a string cannot fail.
                let _written = write!(text, "id: {id}\nevent: inbox\ndata: {data}\n\n");
                self.since = self.since.clone().max(before(item.id.0));
            }
        }
        let since = &self.since;
        self.sent.retain(|id| id >= since);
        Ok(text)
    }

    /// Whether somebody with the caller's roles may want to know of a change in this commune.
    fn concerns(&self, commune: AreaId) -> bool {
        let (tree, today) = (self.caller.tree(), self.caller.today());
        self.caller.memberships().any(|held| {
            tree.is_within(commune, held.area_id, today) || tree.is_within(held.area_id, commune, today)
        })
    }

    async fn is_open(&self) -> Result<bool, AppError> {
        let now = self.state.clock.now();
        let people = &self.state.auth.people;
        let person = people.get(&self.state.db, self.caller.session_id(), now).await?;
        Ok(person.is_some_and(|person| person.session.is_open(now)))
    }
}

/// The smallest id of a line that may have become visible after the line with this id.
fn before(id: Uuid) -> String {
    let millis = id.get_timestamp().map_or(0, |at| {
        let (seconds, nanos) = at.to_unix();
        seconds * 1_000 + u64::from(nanos / 1_000_000)
    });
    let millis = millis.saturating_sub(OVERLAP_MS);
    uuid::Builder::from_unix_timestamp_millis(millis, &[0; 10])
        .into_uuid()
        .to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_is_looked_for_from_a_minute_before_the_last_one() {
        let last = Uuid::now_v7();
        let from = before(last);
        assert!(from < last.to_string());
        let (seconds, _) = last.get_timestamp().unwrap().to_unix();
        let (back, _) = Uuid::parse_str(&from).unwrap().get_timestamp().unwrap().to_unix();
        assert!((59..=61).contains(&(seconds - back)));
    }
}
