//! Web Push: what is urgent reaches browsers that are not open. The inbox stays the truth: a message that is lost costs
//! nothing but time, so nothing waits for a push service and nothing is sent longer than [`LIFE_MS`].

mod message;
mod services;
mod vapid;

pub use message::Recipient;
pub use services::PushService;

use crate::db::push::{self, Waiting};
use crate::db::{Db, DbError};
use crate::problem::AppError;
use crate::state::{AppState, State};
use futures::{StreamExt, stream};
use keng_shared::time::Millis;
use reqwest::header::{AUTHORIZATION, CONTENT_ENCODING, CONTENT_TYPE, RETRY_AFTER};
use reqwest::redirect::Policy;
use reqwest::{Client, StatusCode, Url};
use std::time::Duration;
use vapid::Vapid;

/// How long a message is worth sending: four hours.
const LIFE_MS: i64 = 4 * 60 * 60 * 1_000;
/// Messages taken up at a time, and those under way at once.
const BATCH: i64 = 64;
const AT_ONCE: usize = 8;
/// A push service that has not answered by then is asked again later.
const PATIENCE: Duration = Duration::from_secs(10);
/// First pause before a message is sent again; it doubles each time.
const FIRST_PAUSE_MS: i64 = 30_000;
/// Longest pause, also when a push service asks for a longer one.
const LONGEST_PAUSE_MS: i64 = 30 * 60_000;
/// Pause when there is nothing to send.
const IDLE: Duration = Duration::from_secs(1);

/// What pushes need: the services that are allowed and the server's key.
pub struct Push {
    services: Vec<PushService>,
    vapid: Vapid,
}

/// What became of sending a message.
#[derive(Debug, PartialEq, Eq)]
enum Sent {
    /// The service took it.
    Taken,
    /// Nobody needs to hear of it any more.
    TooLate,
    /// There is no such subscription any more.
    Gone,
    /// The service will never take this one.
    Refused(StatusCode),
    /// Again later, after so many milliseconds if the service says.
    Later(Option<i64>),
}

impl Push {
    /// Loads the key that all instances share.
    pub async fn load(db: &Db, services: Vec<PushService>, now: Millis) -> Result<Self, DbError> {
        let (_, secret) = crate::auth::shared_key(db, "push", now).await?;
        Ok(Self {
            services,
            vapid: Vapid::new(&secret)?,
        })
    }

    /// The key that browsers subscribe with; none when this server sends no pushes.
    pub fn public_key(&self) -> Option<&str> {
        (!self.services.is_empty()).then(|| self.vapid.public_key())
    }

    /// Whether this server writes to the service at this address.
    pub fn knows(&self, url: &Url) -> bool {
        self.services.iter().any(|service| service.has(url))
    }
}

/// Sends what waits, for as long as the server runs.
pub async fn run(state: State) {
    if state.push.services.is_empty() {
        return;
    }
    // Trusted certificates are read when the first message needs them, not while the server starts.
    let mut client = None;
    loop {
        match round(&state, &mut client).await {
            Ok(0) => tokio::time::sleep(IDLE).await,
            Ok(_) => {}
            Err(error) => {
                tracing::warn!(%error, "push messages have to wait");
                tokio::time::sleep(IDLE).await;
            }
        }
    }
}

/// Sends the messages that are due; gives how many there were.
async fn round(state: &AppState, client: &mut Option<Client>) -> Result<usize, AppError> {
    let now = state.clock.now();
    if !state.db.read(move |conn| push::any_due(conn, now)).await? {
        return Ok(0);
    }
    let client = match client {
        Some(client) => client.clone(),
        None => {
            let made = new_client().map_err(|error| DbError::Corrupt(error.to_string()))?;
            client.insert(made).clone()
        }
    };
    let retry_at = now.plus(FIRST_PAUSE_MS);
    let waiting = state
        .db
        .write(move |conn| push::take_up(conn, now, retry_at, BATCH))
        .await?;
    let count = waiting.len();
    let outcomes = stream::iter(waiting)
        .map(|message| {
            let client = &client;
            async move {
                let sent = send(state, client, &message, now).await;
                settle(state, message, sent, now).await
            }
        })
        .buffer_unordered(AT_ONCE)
        .collect::<Vec<_>>()
        .await;
    outcomes.into_iter().collect::<Result<(), _>>()?;
    Ok(count)
}

fn new_client() -> reqwest::Result<Client> {
    // An error means that the process has its provider of TLS already.
    drop(rustls::crypto::ring::default_provider().install_default());
    Client::builder()
        .timeout(PATIENCE)
        .redirect(Policy::none())
        .build()
}

async fn send(state: &AppState, client: &Client, message: &Waiting, now: Millis) -> Sent {
    let left = message.created_at.plus(LIFE_MS).since(now);
    if left <= 0 {
        return Sent::TooLate;
    }
    let Ok(recipient) = Recipient::read(&message.to) else {
        return Sent::Gone;
    };
    // The list of services may have become shorter.
    if !state.push.knows(&recipient.url) {
        return Sent::Gone;
    }
    let contact = state.config.public_origin.as_deref();
    let contact = contact.filter(|origin| origin.starts_with("https://"));
    let origin = recipient.url.origin().ascii_serialization();
    let signed = state.push.vapid.authorization(&origin, contact, now);
    let (Ok(authorization), Ok(body)) = (signed, recipient.encrypt(message)) else {
        tracing::error!(message = message.id, "a push message could not be sealed");
        return Sent::Gone;
    };
    let request = client
        .post(recipient.url)
        .header(AUTHORIZATION, authorization)
        .header(CONTENT_ENCODING, "aes128gcm")
        .header(CONTENT_TYPE, "application/octet-stream")
        .header("ttl", left / 1_000)
        .header("urgency", "high")
        .body(body);
    match request.send().await {
        Ok(answer) => verdict(answer.status(), || {
            let wait = answer.headers().get(RETRY_AFTER)?.to_str().ok()?;
            wait.parse::<i64>().ok()
        }),
        // Not even a status: the network is down or the service is.
        Err(error) => {
            tracing::warn!(message = message.id, error = %error.without_url(), "a push service did not answer");
            Sent::Later(None)
        }
    }
}

/// What a status of a push service means (RFC 8030, section 5 and 7.3).
fn verdict(status: StatusCode, retry_after_s: impl FnOnce() -> Option<i64>) -> Sent {
    match status {
        status if status.is_success() => Sent::Taken,
        // 403 is the answer to a key that the subscription was not made with.
        StatusCode::NOT_FOUND | StatusCode::GONE | StatusCode::FORBIDDEN => Sent::Gone,
        StatusCode::TOO_MANY_REQUESTS => Sent::Later(retry_after_s().map(|s| s.saturating_mul(1_000))),
        status if status.is_server_error() => Sent::Later(retry_after_s().map(|s| s.saturating_mul(1_000))),
        status => Sent::Refused(status),
    }
}

async fn settle(state: &AppState, message: Waiting, sent: Sent, now: Millis) -> Result<(), AppError> {
    let Waiting {
        id,
        session,
        created_at,
        tries,
        ..
    } = message;
    state
        .db
        .write(move |conn| match sent {
            Sent::Taken | Sent::TooLate => push::remove(conn, &id),
            Sent::Gone => push::forget(conn, &session),
            Sent::Refused(status) => {
                tracing::warn!(message = id, %status, "a push service refused a message");
                push::remove(conn, &id)
            }
            Sent::Later(asked) => {
                let until = now.plus(pause_ms(tries, asked));
                match until.since(created_at) < LIFE_MS {
                    true => push::delay(conn, &id, until),
                    false => push::remove(conn, &id),
                }
            }
        })
        .await?;
    Ok(())
}

/// How long a message waits that was not taken for the `tries`-th time, counted from none.
fn pause_ms(tries: i32, asked_ms: Option<i64>) -> i64 {
    let doubled = FIRST_PAUSE_MS.saturating_mul(1 << tries.clamp(0, 10));
    asked_ms
        .unwrap_or(0)
        .max(doubled)
        .clamp(FIRST_PAUSE_MS, LONGEST_PAUSE_MS)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_service_that_is_busy_is_asked_later_and_one_that_knows_nobody_never_again() {
        let status = |code: u16| StatusCode::from_u16(code).unwrap();
        for (code, expected) in [
            (201, Sent::Taken),
            (202, Sent::Taken),
            (404, Sent::Gone),
            (410, Sent::Gone),
            (403, Sent::Gone),
            (429, Sent::Later(Some(120_000))),
            (503, Sent::Later(Some(120_000))),
            (413, Sent::Refused(status(413))),
            (301, Sent::Refused(status(301))),
        ] {
            assert_eq!(verdict(status(code), || Some(120)), expected, "{code}");
        }
    }

    #[test]
    fn pauses_double_up_to_half_an_hour_and_follow_the_service() {
        assert_eq!(pause_ms(0, None), 30_000);
        assert_eq!(pause_ms(1, None), 60_000);
        assert_eq!(pause_ms(9, None), LONGEST_PAUSE_MS);
        assert_eq!(pause_ms(0, Some(120_000)), 120_000);
        assert_eq!(pause_ms(0, Some(i64::MAX)), LONGEST_PAUSE_MS);
    }
}
