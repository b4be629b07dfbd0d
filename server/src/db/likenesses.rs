//! Evidence that was seen before: the same words, the same bytes, the same look.
//!
//! Looks are searched within a commune by the four 16-bit bands of their hash: two hashes that differ in at most three
//! bits share a band, and most that differ in four do.

use super::schema_records::{photo, photo_likeness, record_text};
use super::{Conn, DbError};
use diesel::prelude::*;
use keng_shared::id::AreaId;

/// Another record of the commune with the same long texts.
pub fn is_text_known(
    conn: &mut Conn,
    commune: AreaId,
    text_sha256: &str,
    own_record: &str,
) -> Result<bool, DbError> {
    let found: Option<String> = record_text::table
        .filter(record_text::commune_id.eq(commune.0))
        .filter(record_text::text_sha256.eq(text_sha256))
        .filter(record_text::record_id.ne(own_record))
        .select(record_text::record_id)
        .first(conn)
        .optional()?;
    Ok(found.is_some())
}

/// Remembers the long texts of a record; none forgets them.
pub fn set_text(
    conn: &mut Conn,
    record: &str,
    commune: AreaId,
    text_sha256: Option<&str>,
) -> Result<(), DbError> {
    diesel::delete(record_text::table.find(record)).execute(conn)?;
    if let Some(text_sha256) = text_sha256 {
        diesel::insert_into(record_text::table)
            .values((
                record_text::record_id.eq(record),
                record_text::commune_id.eq(commune.0),
                record_text::text_sha256.eq(text_sha256),
            ))
            .execute(conn)?;
    }
    Ok(())
}

/// Whether another record holds a photo of exactly these bytes.
pub fn are_bytes_known(conn: &mut Conn, sha256: &str, own_record: &str) -> Result<bool, DbError> {
    let found: Option<String> = photo::table
        .filter(photo::sha256.eq(sha256))
        .filter(photo::record_id.ne(own_record))
        .filter(photo::held_at.is_not_null())
        .select(photo::id)
        .first(conn)
        .optional()?;
    Ok(found.is_some())
}

/// How a photo looks, and where it belongs.
#[derive(Debug, Clone, Copy)]
pub struct Look<'a> {
    pub photo: &'a str,
    pub record: &'a str,
    pub commune: AreaId,
    pub hash: u64,
}

impl Look<'_> {
    fn bands(&self) -> [i32; 4] {
        [48, 32, 16, 0].map(|shift| i32::from((self.hash >> shift) as u16))
    }

    /// The longest known photo of another record of the commune for which `is_near` says yes.
    pub fn find_earlier(
        &self,
        conn: &mut Conn,
        is_near: impl Fn(u64, u64) -> bool,
    ) -> Result<Option<String>, DbError> {
        let [band0, band1, band2, band3] = self.bands();
        let same_band = photo_likeness::band0
            .eq(band0)
            .or(photo_likeness::band1.eq(band1))
            .or(photo_likeness::band2.eq(band2))
            .or(photo_likeness::band3.eq(band3));
        let candidates: Vec<(String, i64)> = photo_likeness::table
            .filter(photo_likeness::commune_id.eq(self.commune.0))
            .filter(same_band)
            .filter(photo_likeness::record_id.ne(self.record))
            .order(photo_likeness::photo_id)
            .select((photo_likeness::photo_id, photo_likeness::hash))
            .load(conn)?;
        let near = candidates
            .into_iter()
            .find(|(_, hash)| is_near(hash.cast_unsigned(), self.hash));
        Ok(near.map(|(photo, _)| photo))
    }

    /// Remembers the look and what it is like.
    pub fn insert(&self, conn: &mut Conn, like: Option<&str>) -> Result<(), DbError> {
        let [band0, band1, band2, band3] = self.bands();
        diesel::delete(photo_likeness::table.find(self.photo)).execute(conn)?;
        diesel::insert_into(photo_likeness::table)
            .values((
                photo_likeness::photo_id.eq(self.photo),
                photo_likeness::record_id.eq(self.record),
                photo_likeness::commune_id.eq(self.commune.0),
                photo_likeness::hash.eq(self.hash.cast_signed()),
                photo_likeness::band0.eq(band0),
                photo_likeness::band1.eq(band1),
                photo_likeness::band2.eq(band2),
                photo_likeness::band3.eq(band3),
                photo_likeness::like_photo_id.eq(like),
            ))
            .execute(conn)?;
        Ok(())
    }
}

/// A photo and an earlier one that it repeats: photo, earlier photo, earlier record.
pub type Repeat = (String, String, String);

/// The photos of a record that repeat one of another record, by their bytes or their look.
pub fn repeats(conn: &mut Conn, record: &str) -> Result<Vec<Repeat>, DbError> {
    let (mine, earlier) = diesel::alias!(photo as mine, photo as earlier);
    let by_bytes: Vec<Repeat> = mine
        .inner_join(
            earlier.on(earlier
                .field(photo::sha256)
                .eq(mine.field(photo::sha256))
                .and(earlier.field(photo::record_id).ne(mine.field(photo::record_id)))),
        )
        .filter(mine.field(photo::record_id).eq(record))
        .filter(mine.field(photo::name).is_null())
        .filter(earlier.field(photo::held_at).lt(mine.field(photo::held_at)))
        .order((mine.field(photo::id), earlier.field(photo::held_at)))
        .select((
            mine.field(photo::id),
            earlier.field(photo::id),
            earlier.field(photo::record_id),
        ))
        .load(conn)?;
    let by_look: Vec<Repeat> = photo_likeness::table
        .inner_join(photo::table.on(photo_likeness::like_photo_id.eq(photo::id.nullable())))
        .filter(photo_likeness::record_id.eq(record))
        .select((photo_likeness::photo_id, photo::id, photo::record_id))
        .load(conn)?;
    let mut found = by_bytes;
    found.extend(by_look);
    found.sort();
    found.dedup_by(|later, first| later.0 == first.0);
    Ok(found)
}
