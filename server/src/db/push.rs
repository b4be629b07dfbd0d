//! Subscriptions to Web Push and the messages that wait to be sent. Messages are put in the transaction of the line of
//! the inbox that they tell; the worker of `push` sends them after the commit.

use super::schema::device_session;
use super::schema_incidents::inbox_item;
use super::schema_push::{push_message, push_subscription};
use super::{Conn, DbError};
use diesel::prelude::*;
use keng_shared::api::NewPushSubscription;
use keng_shared::id::{InboxItemId, SessionId, UserId};
use keng_shared::inbox::News;
use keng_shared::time::Millis;
use uuid::Uuid;

/// A message to be sent, with what it takes to send it.
#[derive(Debug, Clone)]
pub struct Waiting {
    /// The message.
    pub id: String,
    /// Whose browser, by the device session that subscribed.
    pub session: String,
    /// The line of the inbox and what it tells; none in a trial.
    pub item: Option<(InboxItemId, News)>,
    /// When it was put.
    pub created_at: Millis,
    /// How often it was sent already without success.
    pub tries: i32,
    /// Where it goes and how it is encrypted.
    pub to: NewPushSubscription,
}

/// The address that a device session is subscribed with.
pub fn endpoint(conn: &mut Conn, session: SessionId) -> Result<Option<String>, DbError> {
    Ok(push_subscription::table
        .find(session.to_string())
        .select(push_subscription::endpoint)
        .first(conn)
        .optional()?)
}

/// Stores the subscription of a device session. A browser has one address: whoever subscribed with it before, in another
/// session, no longer gets anything there.
pub fn subscribe(
    conn: &mut Conn,
    session: SessionId,
    user: UserId,
    new: &NewPushSubscription,
    now: Millis,
) -> Result<(), DbError> {
    let same_browser: Vec<String> = push_subscription::table
        .filter(push_subscription::endpoint.eq(&new.endpoint))
        .select(push_subscription::session_id)
        .load(conn)?;
    for session in same_browser {
        forget(conn, &session)?;
    }
    forget(conn, &session.to_string())?;
    diesel::insert_into(push_subscription::table)
        .values((
            push_subscription::session_id.eq(session.to_string()),
            push_subscription::user_id.eq(user.to_string()),
            push_subscription::endpoint.eq(&new.endpoint),
            push_subscription::p256dh.eq(&new.p256dh),
            push_subscription::auth.eq(&new.auth),
            push_subscription::created_at.eq(now.0),
        ))
        .execute(conn)?;
    Ok(())
}

/// Ends the subscription of a device session, if it has one, with what waits for it.
pub fn forget(conn: &mut Conn, session: &str) -> Result<(), DbError> {
    diesel::delete(push_message::table.filter(push_message::session_id.eq(session))).execute(conn)?;
    diesel::delete(push_subscription::table.find(session)).execute(conn)?;
    Ok(())
}

/// Puts a message for every open session of the person that has subscribed.
pub fn announce(conn: &mut Conn, user: UserId, item: InboxItemId, now: Millis) -> Result<(), DbError> {
    let sessions: Vec<String> = push_subscription::table
        .inner_join(device_session::table)
        .filter(push_subscription::user_id.eq(user.to_string()))
        .filter(device_session::ended_at.is_null())
        .filter(device_session::expires_at.gt(now.0))
        .select(push_subscription::session_id)
        .load(conn)?;
    sessions
        .iter()
        .try_for_each(|session| put(conn, session, Some(item), now))
}

/// Puts a message that tells nothing, so that the person sees that messages arrive.
pub fn put_trial(conn: &mut Conn, session: SessionId, now: Millis) -> Result<(), DbError> {
    put(conn, &session.to_string(), None, now)
}

fn put(conn: &mut Conn, session: &str, item: Option<InboxItemId>, now: Millis) -> Result<(), DbError> {
    diesel::insert_into(push_message::table)
        .values((
            push_message::id.eq(Uuid::now_v7().to_string()),
            push_message::session_id.eq(session),
            push_message::item_id.eq(item.map(|id| id.to_string())),
            push_message::created_at.eq(now.0),
            push_message::due_at.eq(now.0),
            push_message::tries.eq(0),
        ))
        .execute(conn)?;
    Ok(())
}

/// Whether a message is due.
pub fn any_due(conn: &mut Conn, now: Millis) -> Result<bool, DbError> {
    Ok(diesel::select(diesel::dsl::exists(
        push_message::table.filter(push_message::due_at.le(now.0)),
    ))
    .get_result(conn)?)
}

/// Takes up the messages that are due, the oldest first: nobody else sends them before `retry_at`. What needs no sending
/// any more is removed instead: the session has ended, or the line of the inbox has been read.
pub fn take_up(conn: &mut Conn, now: Millis, retry_at: Millis, limit: i64) -> Result<Vec<Waiting>, DbError> {
    type Row = (String, String, Option<String>, i64, i64, i32);
    let due: Vec<Row> = push_message::table
        .filter(push_message::due_at.le(now.0))
        .order((push_message::due_at, push_message::id))
        .limit(limit)
        .select((
            push_message::id,
            push_message::session_id,
            push_message::item_id,
            push_message::created_at,
            push_message::due_at,
            push_message::tries,
        ))
        .load(conn)?;
    let mut waiting = Vec::new();
    for (id, session, item_id, created_at, due_at, tries) in due {
        // Another instance may have been faster.
        let taken = diesel::update(push_message::table.find(&id))
            .filter(push_message::due_at.eq(due_at))
            .set((
                push_message::due_at.eq(retry_at.0),
                push_message::tries.eq(tries + 1),
            ))
            .execute(conn)?;
        if taken == 0 {
            continue;
        }
        let Some(to) = open_subscription(conn, &session, now)? else {
            forget(conn, &session)?;
            continue;
        };
        let item = item_id.map(|item| unread(conn, &item)).transpose()?;
        match item {
            Some(None) => remove(conn, &id)?,
            item => waiting.push(Waiting {
                id,
                session,
                item: item.flatten(),
                created_at: Millis(created_at),
                tries,
                to,
            }),
        }
    }
    Ok(waiting)
}

/// Removes a message: it was sent, or it is of no use any more.
pub fn remove(conn: &mut Conn, id: &str) -> Result<(), DbError> {
    diesel::delete(push_message::table.find(id)).execute(conn)?;
    Ok(())
}

/// Lets a message wait longer.
pub fn delay(conn: &mut Conn, id: &str, until: Millis) -> Result<(), DbError> {
    diesel::update(push_message::table.find(id))
        .set(push_message::due_at.eq(until.0))
        .execute(conn)?;
    Ok(())
}

fn open_subscription(
    conn: &mut Conn,
    session: &str,
    now: Millis,
) -> Result<Option<NewPushSubscription>, DbError> {
    let row: Option<(String, String, String)> = push_subscription::table
        .inner_join(device_session::table)
        .filter(push_subscription::session_id.eq(session))
        .filter(device_session::ended_at.is_null())
        .filter(device_session::expires_at.gt(now.0))
        .select((
            push_subscription::endpoint,
            push_subscription::p256dh,
            push_subscription::auth,
        ))
        .first(conn)
        .optional()?;
    Ok(row.map(|(endpoint, p256dh, auth)| NewPushSubscription {
        endpoint,
        p256dh,
        auth,
    }))
}

/// What an unread line tells; none when it was read.
fn unread(conn: &mut Conn, item: &str) -> Result<Option<(InboxItemId, News)>, DbError> {
    let row: Option<(String, String)> = inbox_item::table
        .find(item)
        .filter(inbox_item::read_at.is_null())
        .select((inbox_item::id, inbox_item::news))
        .first(conn)
        .optional()?;
    let Some((id, news)) = row else { return Ok(None) };
    let id = DbError::unless(id.parse().ok(), "inbox_item.id")?;
    Ok(Some((id, super::records::json(&news, "inbox_item.news")?)))
}
