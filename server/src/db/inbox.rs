//! What people should look at. Lines are put in the transaction of the change that they tell.

use super::schema_incidents::inbox_item;
use super::{Conn, DbError, push};
use diesel::prelude::*;
use keng_shared::id::{InboxItemId, UserId};
use keng_shared::inbox::{InboxItem, News};
use keng_shared::time::Millis;
use uuid::Uuid;

type Columns = (String, i64, String, Option<i64>);
const COLUMNS: (
    inbox_item::id,
    inbox_item::at,
    inbox_item::news,
    inbox_item::read_at,
) = (
    inbox_item::id,
    inbox_item::at,
    inbox_item::news,
    inbox_item::read_at,
);

/// Puts a line into the inbox of each of these people, and what is urgent into the hands of their push services.
pub fn put(
    conn: &mut Conn,
    users: impl IntoIterator<Item = UserId>,
    at: Millis,
    news: &News,
) -> Result<(), DbError> {
    let text = serde_json::to_string(news);
    let text = text.map_err(|_| DbError::Corrupt("a line of the inbox is not JSON".to_owned()))?;
    for user in users {
        let id = InboxItemId(Uuid::now_v7());
        diesel::insert_into(inbox_item::table)
            .values((
                inbox_item::id.eq(id.to_string()),
                inbox_item::user_id.eq(user.to_string()),
                inbox_item::at.eq(at.0),
                inbox_item::news.eq(&text),
            ))
            .execute(conn)?;
        if news.is_urgent() {
            push::announce(conn, user, id, at)?;
        }
    }
    Ok(())
}

/// The latest lines, the latest first.
pub fn latest(conn: &mut Conn, user: UserId, limit: usize) -> Result<Vec<InboxItem>, DbError> {
    inbox_item::table
        .filter(inbox_item::user_id.eq(user.to_string()))
        .order(inbox_item::id.desc())
        .limit(i64::try_from(limit).unwrap_or(i64::MAX))
        .select(COLUMNS)
        .load::<Columns>(conn)?
        .into_iter()
        .map(item)
        .collect()
}

/// Unread lines whose id comes after `after`, the oldest first.
pub fn unread_after(
    conn: &mut Conn,
    user: UserId,
    after: &str,
    limit: usize,
) -> Result<Vec<InboxItem>, DbError> {
    inbox_item::table
        .filter(inbox_item::user_id.eq(user.to_string()))
        .filter(inbox_item::id.gt(after))
        .filter(inbox_item::read_at.is_null())
        .order(inbox_item::id)
        .limit(i64::try_from(limit).unwrap_or(i64::MAX))
        .select(COLUMNS)
        .load::<Columns>(conn)?
        .into_iter()
        .map(item)
        .collect()
}

/// How many lines the person has not read.
pub fn unread(conn: &mut Conn, user: UserId) -> Result<u32, DbError> {
    let count: i64 = inbox_item::table
        .filter(inbox_item::user_id.eq(user.to_string()))
        .filter(inbox_item::read_at.is_null())
        .count()
        .get_result(conn)?;
    Ok(u32::try_from(count).unwrap_or(u32::MAX))
}

/// Marks the person's own lines among these as read; what is read already keeps its time.
pub fn mark_read(conn: &mut Conn, user: UserId, ids: &[InboxItemId], now: Millis) -> Result<(), DbError> {
    diesel::update(inbox_item::table)
        .filter(inbox_item::user_id.eq(user.to_string()))
        .filter(inbox_item::id.eq_any(ids.iter().map(ToString::to_string)))
        .filter(inbox_item::read_at.is_null())
        .set(inbox_item::read_at.eq(now.0))
        .execute(conn)?;
    Ok(())
}

fn item((id, at, news, read_at): Columns) -> Result<InboxItem, DbError> {
    Ok(InboxItem {
        id: DbError::unless(id.parse().ok(), "inbox_item.id")?,
        at: Millis(at),
        news: super::records::json(&news, "inbox_item.news")?,
        read_at: read_at.map(Millis),
    })
}
