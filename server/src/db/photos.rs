//! Photos as they are stored: listed by a record, then announced by a manifest, then held. A file of a record is one with a
//! name: it goes the same way, and no pictures are made of it.

use super::prepared::Prepared;
use super::schema_records::{photo, record};
use super::{CHUNK, Conn, DbError};
use super::{flags, records};
use crate::both;
use diesel::prelude::*;
use keng_shared::evidence::{Manifest, SignedReceipt};
use keng_shared::file::{FileRef, FileView};
use keng_shared::id::{DeviceId, PhotoId, RecordId};
use keng_shared::record::{Flag, PhotoRef, PhotoState, PhotoView, RecordDraft};
use std::collections::{BTreeSet, HashMap};

/// A row of [`photo`], column by column.
#[derive(Debug, Clone, PartialEq, Queryable, Insertable, AsChangeset, Identifiable)]
#[diesel(table_name = photo, treat_none_as_null = true, treat_none_as_default_value = false)]
pub struct StoredPhoto {
    pub id: String,
    pub record_id: String,
    pub position: Option<i32>,
    pub sha256: String,
    pub caption: String,
    pub manifest: Option<String>,
    pub manifest_sha256: Option<String>,
    pub signature: Option<String>,
    pub device_id: Option<String>,
    pub seq: Option<i64>,
    pub size: Option<i64>,
    pub media_type: Option<String>,
    pub width: Option<i32>,
    pub height: Option<i32>,
    pub orientation: i32,
    pub exif: Option<String>,
    pub flags: String,
    pub held_at: Option<i64>,
    pub receipt: Option<String>,
    pub rendition: String,
    pub rendition_tries: i32,
    pub review_verdict: Option<String>,
    pub review_reason: Option<String>,
    pub review_by: Option<String>,
    pub review_at: Option<i64>,
    /// The name of a file; photos have none.
    pub name: Option<String>,
}

/// State of the renditions of a photo.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RenditionState {
    /// No bytes yet.
    Absent,
    /// The bytes are held, the renditions are to be made.
    Pending,
    /// They are there.
    Made,
    /// The bytes cannot be decoded.
    Failed,
}

impl RenditionState {
    /// The stored form.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Absent => "none",
            Self::Pending => "pending",
            Self::Made => "made",
            Self::Failed => "failed",
        }
    }
}

impl StoredPhoto {
    /// A photo that a record has begun to list.
    pub fn listed(record: RecordId, position: usize, photo: &PhotoRef) -> Self {
        Self {
            id: photo.id.to_string(),
            record_id: record.to_string(),
            position: i32::try_from(position).ok(),
            sha256: photo.sha256.clone(),
            caption: photo.caption.clone(),
            manifest: None,
            manifest_sha256: None,
            signature: None,
            device_id: None,
            seq: None,
            size: None,
            media_type: None,
            width: None,
            height: None,
            orientation: 1,
            exif: None,
            flags: String::new(),
            held_at: None,
            receipt: None,
            rendition: RenditionState::Absent.as_str().to_owned(),
            rendition_tries: 0,
            review_verdict: None,
            review_reason: None,
            review_by: None,
            review_at: None,
            name: None,
        }
    }

    /// A file that a record has begun to list.
    pub fn listed_file(record: RecordId, position: usize, file: &FileRef) -> Self {
        let listed = PhotoRef {
            id: file.id,
            sha256: file.sha256.clone(),
            caption: String::new(),
        };
        Self {
            name: Some(file.name.clone()),
            ..Self::listed(record, position, &listed)
        }
    }

    /// What a draft attaches: its photos, then its files, each kind in its own order.
    pub fn attached(draft: &RecordDraft) -> Vec<Self> {
        let photos = draft.photos.iter().enumerate();
        let photos = photos.map(|(position, photo)| Self::listed(draft.id, position, photo));
        let files = draft.files.iter().enumerate();
        let files = files.map(|(position, file)| Self::listed_file(draft.id, position, file));
        photos.chain(files).collect()
    }

    /// Whether it is a file, which nobody looks at inside the app.
    pub fn is_file(&self) -> bool {
        self.name.is_some()
    }

    pub fn photo_id(&self) -> Result<PhotoId, DbError> {
        DbError::unless(self.id.parse().ok(), "photo.id")
    }

    /// The signed statement, once announced.
    pub fn manifest(&self) -> Result<Option<Manifest>, DbError> {
        self.manifest
            .as_deref()
            .map(|text| records::json(text, "photo.manifest"))
            .transpose()
    }

    /// The signed receipt, once held.
    pub fn receipt(&self) -> Result<Option<SignedReceipt>, DbError> {
        self.receipt
            .as_deref()
            .map(|text| records::json(text, "photo.receipt"))
            .transpose()
    }

    pub fn is_held(&self) -> bool {
        self.held_at.is_some()
    }

    pub fn flag_set(&self) -> BTreeSet<Flag> {
        flags::from_text(&self.flags)
    }

    pub(super) fn into_file_view(self) -> Result<FileView, DbError> {
        Ok(FileView {
            id: self.photo_id()?,
            state: self.state(),
            size: self.size.and_then(|size| u64::try_from(size).ok()),
            sha256: self.sha256,
            name: self.name.unwrap_or_default(),
        })
    }

    fn state(&self) -> PhotoState {
        match self.held_at {
            Some(_) => PhotoState::Held,
            None => PhotoState::Expected,
        }
    }

    pub(super) fn into_view(self, names: &HashMap<String, String>) -> Result<PhotoView, DbError> {
        let manifest = self.manifest()?;
        let pixels = |value: Option<i32>| value.and_then(|value| u32::try_from(value).ok());
        let review = records::review(
            self.review_verdict.as_deref(),
            self.review_reason.as_deref(),
            self.review_by.as_deref(),
            self.review_at,
            names,
        )?;
        Ok(PhotoView {
            id: self.photo_id()?,
            state: self.state(),
            captured_at: manifest.as_ref().map(|manifest| manifest.captured_at),
            fix: manifest.as_ref().and_then(|manifest| manifest.fix),
            origin: manifest.as_ref().map(|manifest| manifest.origin),
            size: self.size.and_then(|size| u64::try_from(size).ok()),
            width: pixels(self.width),
            height: pixels(self.height),
            exif: self
                .exif
                .as_deref()
                .map(|text| records::json(text, "photo.exif"))
                .transpose()?,
            flags: self.flag_set().into_iter().collect(),
            review,
            sha256: self.sha256,
            caption: self.caption,
        })
    }
}

/// The photo with this id.
pub fn find(conn: &mut Conn, id: PhotoId) -> Result<Option<StoredPhoto>, DbError> {
    let query = photo::table.find(id.to_string());
    Ok(both!(conn, |conn| query.first(conn).optional())?)
}

/// Those of these photos that are known, in no order.
pub fn known(conn: &mut Conn, ids: &[PhotoId]) -> Result<Vec<StoredPhoto>, DbError> {
    let ids = ids.iter().map(PhotoId::to_string);
    Ok(Prepared(photo::table.filter(photo::id.eq_any(ids))).load(conn)?)
}

/// Every photo of a record, those no longer listed too.
pub fn of_record(conn: &mut Conn, record: &str) -> Result<Vec<StoredPhoto>, DbError> {
    let query = photo::table
        .filter(photo::record_id.eq(record))
        .order((photo::position, photo::id));
    Ok(both!(conn, |conn| query.load(conn))?)
}

/// The photos and files that each record lists, each in the order of its list.
pub(super) fn of_records<'a>(
    conn: &mut Conn,
    records: impl Iterator<Item = &'a str>,
) -> Result<HashMap<String, Vec<StoredPhoto>>, DbError> {
    let ids: Vec<&str> = records.collect();
    let mut found: HashMap<String, Vec<StoredPhoto>> = HashMap::new();
    for chunk in ids.chunks(CHUNK) {
        let photos: Vec<StoredPhoto> = photo::table
            .filter(photo::record_id.eq_any(chunk))
            .filter(photo::position.is_not_null())
            .order((photo::record_id, photo::position))
            .load(conn)?;
        for photo in photos {
            found.entry(photo.record_id.clone()).or_default().push(photo);
        }
    }
    Ok(found)
}

/// Stores new photos: one kept statement, run for each.
pub fn insert_all(conn: &mut Conn, photos: &[StoredPhoto]) -> Result<(), DbError> {
    for row in photos {
        both!(conn, |conn| diesel::insert_into(photo::table)
            .values(row)
            .execute(conn))?;
    }
    Ok(())
}

/// Writes every column of a photo that exists.
pub fn update(conn: &mut Conn, row: &StoredPhoto) -> Result<(), DbError> {
    Prepared(diesel::update(photo::table.find(&row.id)).set(row)).run(conn)?;
    Ok(())
}

/// What an announcement says of a photo.
#[derive(Debug, AsChangeset)]
#[diesel(table_name = photo)]
pub struct Announced {
    pub manifest: String,
    pub manifest_sha256: String,
    pub signature: String,
    pub device_id: String,
    /// None for a file, which stands outside of the chain.
    pub seq: Option<i64>,
    pub flags: String,
}

/// Writes what was announced, and no index but that of the device's numbers.
pub fn announce(conn: &mut Conn, id: &str, announced: &Announced) -> Result<(), DbError> {
    Prepared(diesel::update(photo::table.find(id)).set(announced)).run(conn)?;
    Ok(())
}

/// What is known of a photo once its bytes are held.
#[derive(Debug, AsChangeset)]
#[diesel(table_name = photo, treat_none_as_null = true)]
pub struct Held {
    pub size: i64,
    pub media_type: String,
    pub width: Option<i32>,
    pub height: Option<i32>,
    pub orientation: i32,
    pub exif: Option<String>,
    pub flags: String,
    pub held_at: i64,
    pub receipt: String,
    pub rendition: String,
}

/// Writes that a photo is held.
pub fn hold(conn: &mut Conn, id: &str, held: &Held) -> Result<(), DbError> {
    Prepared(diesel::update(photo::table.find(id)).set(held)).run(conn)?;
    Ok(())
}

/// The digest of the manifest that a device signed with this number.
pub fn digest_of(conn: &mut Conn, device: DeviceId, seq: u64) -> Result<Option<String>, DbError> {
    let seq = i64::try_from(seq).unwrap_or(i64::MAX);
    let digest: Option<Option<String>> = photo::table
        .filter(photo::device_id.eq(device.to_string()))
        .filter(photo::seq.eq(seq))
        .select(photo::manifest_sha256)
        .first(conn)
        .optional()?;
    Ok(digest.flatten())
}

/// The photo whose manifest has this number on the device.
pub fn with_seq(conn: &mut Conn, device: DeviceId, seq: u64) -> Result<Option<StoredPhoto>, DbError> {
    let seq = i64::try_from(seq).unwrap_or(i64::MAX);
    Ok(photo::table
        .filter(photo::device_id.eq(device.to_string()))
        .filter(photo::seq.eq(seq))
        .first(conn)
        .optional()?)
}

/// Photos of the user's records of one date whose bytes are durable.
pub fn held_ids(conn: &mut Conn, records: &[String]) -> Result<Vec<PhotoId>, DbError> {
    let mut found = Vec::new();
    for chunk in records.chunks(CHUNK) {
        let ids: Vec<String> = photo::table
            .filter(photo::record_id.eq_any(chunk))
            .filter(photo::position.is_not_null())
            .filter(photo::held_at.is_not_null())
            .select(photo::id)
            .load(conn)?;
        for id in ids {
            found.push(DbError::unless(id.parse().ok(), "photo.id")?);
        }
    }
    Ok(found)
}

/// The oldest photos whose renditions are to be made.
pub fn pending_renditions(conn: &mut Conn, limit: i64) -> Result<Vec<StoredPhoto>, DbError> {
    Ok(photo::table
        .filter(photo::rendition.eq(RenditionState::Pending.as_str()))
        .order((photo::held_at, photo::id))
        .limit(limit)
        .load(conn)?)
}

/// Counts a try to make renditions, before it begins: a picture that stops the server must not stop it again.
pub fn count_try(conn: &mut Conn, id: PhotoId) -> Result<(), DbError> {
    let count = diesel::update(photo::table.find(id.to_string()))
        .set(photo::rendition_tries.eq(photo::rendition_tries + 1));
    Prepared(count).run(conn)?;
    Ok(())
}

/// Forgets the tries of a picture that was decoded but could not be kept.
pub fn clear_tries(conn: &mut Conn, id: PhotoId) -> Result<(), DbError> {
    diesel::update(photo::table.find(id.to_string()))
        .set(photo::rendition_tries.eq(0))
        .execute(conn)?;
    Ok(())
}

/// Says what became of the renditions.
pub fn set_rendition(conn: &mut Conn, id: PhotoId, state: RenditionState) -> Result<(), DbError> {
    let set = diesel::update(photo::table.find(id.to_string())).set(photo::rendition.eq(state.as_str()));
    Prepared(set).run(conn)?;
    Ok(())
}

/// A photo and its record, which nobody else changes before this transaction ends.
pub fn lock_with_record(
    conn: &mut Conn,
    id: PhotoId,
) -> Result<Option<(StoredPhoto, records::StoredRecord)>, DbError> {
    let Some(photo) = find(conn, id)? else {
        return Ok(None);
    };
    let record = DbError::unless(photo.record_id.parse().ok(), "photo.record_id")?;
    let row = DbError::unless(records::lock(conn, record)?, "photo.record_id")?;
    // It may have changed while this job waited for the lock.
    let photo = DbError::unless(find(conn, id)?, "photo")?;
    Ok(Some((photo, row)))
}

/// The record of a photo together with the photo.
pub fn with_record(
    conn: &mut Conn,
    id: PhotoId,
) -> Result<Option<(StoredPhoto, records::StoredRecord)>, DbError> {
    let query = photo::table
        .inner_join(record::table)
        .filter(photo::id.eq(id.to_string()));
    Ok(both!(conn, |conn| query.first(conn).optional())?)
}
