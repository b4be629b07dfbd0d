//! Uploads under way: how many bytes of a photo are on stable storage.

use super::schema_records::upload;
use super::{Conn, DbError};
use crate::both;
use diesel::prelude::*;
use keng_shared::id::{PhotoId, UserId};
use keng_shared::time::Millis;

/// An upload under way.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Upload {
    pub photo: PhotoId,
    pub user: UserId,
    /// Bytes that the whole photo has.
    pub size: u64,
    /// Bytes from the beginning that are on stable storage.
    pub received: u64,
    pub expires_at: Millis,
}

type UploadColumns = (String, String, i64, i64, i64);

/// The upload of this photo.
pub fn find(conn: &mut Conn, photo: PhotoId) -> Result<Option<Upload>, DbError> {
    upload::table
        .find(photo.to_string())
        .first::<UploadColumns>(conn)
        .optional()?
        .map(upload_of)
        .transpose()
}

/// Begins an upload.
pub fn insert(conn: &mut Conn, new: &Upload) -> Result<(), DbError> {
    diesel::insert_into(upload::table)
        .values((
            upload::photo_id.eq(new.photo.to_string()),
            upload::user_id.eq(new.user.to_string()),
            upload::size.eq(wide(new.size)),
            upload::received.eq(wide(new.received)),
            upload::expires_at.eq(new.expires_at.0),
        ))
        .execute(conn)?;
    Ok(())
}

/// Moves the offset from `from` to `to`; `false` when it was not at `from`.
pub fn advance(
    conn: &mut Conn,
    photo: PhotoId,
    from: u64,
    to: u64,
    expires_at: Millis,
) -> Result<bool, DbError> {
    let moved = diesel::update(upload::table.find(photo.to_string()))
        .filter(upload::received.eq(wide(from)))
        .set((upload::received.eq(wide(to)), upload::expires_at.eq(expires_at.0)))
        .execute(conn)?;
    Ok(moved == 1)
}

/// Forgets an upload; `false` when none was begun.
pub fn delete(conn: &mut Conn, photo: PhotoId) -> Result<bool, DbError> {
    let delete = diesel::delete(upload::table.find(photo.to_string()));
    Ok(both!(conn, |conn| delete.execute(conn))? > 0)
}

/// Uploads whose time has run out.
pub fn expired(conn: &mut Conn, now: Millis, limit: i64) -> Result<Vec<PhotoId>, DbError> {
    let ids: Vec<String> = upload::table
        .filter(upload::expires_at.lt(now.0))
        .order(upload::expires_at)
        .limit(limit)
        .select(upload::photo_id)
        .load(conn)?;
    ids.into_iter()
        .map(|id| DbError::unless(id.parse().ok(), "upload.photo_id"))
        .collect()
}

fn upload_of((photo, user, size, received, expires_at): UploadColumns) -> Result<Upload, DbError> {
    let bytes = |value: i64| DbError::unless(u64::try_from(value).ok(), "upload.size");
    Ok(Upload {
        photo: DbError::unless(photo.parse().ok(), "upload.photo_id")?,
        user: DbError::unless(user.parse().ok(), "upload.user_id")?,
        size: bytes(size)?,
        received: bytes(received)?,
        expires_at: Millis(expires_at),
    })
}

fn wide(bytes: u64) -> i64 {
    i64::try_from(bytes).unwrap_or(i64::MAX)
}
