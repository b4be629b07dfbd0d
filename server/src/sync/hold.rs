//! The bytes of a photo or a file are on stable storage: one transaction makes the photo held, writes the audit leaf and the
//! signed receipt, and tells the feed.

use super::Actor;
use crate::db::flags as flag_text;
use crate::db::photos::{self, Held, RenditionState};
use crate::db::records::{self, Arrival, Event};
use crate::db::{Conn, DbError, feed, likenesses, uploads};
use crate::evidence::flags;
use crate::evidence::inspect::Inspection;
use crate::evidence::receipt::ReceiptKey;
use keng_shared::evidence::{Receipt, SignedReceipt};
use keng_shared::file::PDF;
use keng_shared::id::PhotoId;
use keng_shared::problem::ProblemCode;
use keng_shared::record::{Flag, HistoryAction};
use serde_json::json;
use std::collections::BTreeSet;
use std::sync::Arc;

/// Bytes that have been verified against the manifest and stored.
pub struct Hold {
    pub actor: Actor,
    pub photo: PhotoId,
    pub size: u64,
    pub content: Content,
    pub key: Arc<ReceiptKey>,
}

/// What the bytes turned out to be.
pub enum Content {
    /// A picture.
    Picture(Inspection),
    /// A whole PDF.
    File,
}

/// A photo that is held.
pub struct Acknowledged {
    pub receipt: SignedReceipt,
    /// Whether an upload in parts had been begun, so that its file is to be removed.
    pub was_in_parts: bool,
}

impl Hold {
    /// The write job. A photo that is held already gives its receipt again.
    pub fn run(&self, conn: &mut Conn) -> Result<Acknowledged, DbError> {
        let (photo, row) = photos::lock_with_record(conn, self.photo)?.ok_or(ProblemCode::NotFound)?;
        if let Some(receipt) = photo.receipt()? {
            return self.acknowledge(conn, receipt);
        }
        let manifest = photo.manifest()?.ok_or(ProblemCode::StateConflict)?;
        let mut found = photo.flag_set();
        if let Content::Picture(inspection) = &self.content {
            found.extend(flags::of_exif(&manifest, &inspection.exif));
            if inspection.upright_size.is_none() {
                found.insert(Flag::Undecodable);
            }
            if likenesses::are_bytes_known(conn, &photo.sha256, &row.id)? {
                found.insert(Flag::RepeatedPhoto);
            }
        }

        let is_listed = photo.position.is_some() && !photo.is_file();
        let mut photo_flags = flag_text::from_text(&row.photo_flags);
        photo_flags.extend(found.iter().copied().filter(|_| is_listed));
        let arrival = Arrival {
            feed_rev: feed::bump(conn, row.commune())?,
            flags: row.flags.clone(),
            photo_flags: flag_text::to_text(&photo_flags),
            photos_held: row.photos_held.saturating_add(i32::from(is_listed)),
            track: row.track.clone(),
            changed_at: self.actor.now.0,
        };
        records::update_arrival(conn, &row.id, &arrival)?;
        let details = json!({
            "sha256": photo.sha256,
            "size": self.size,
            "manifest_sha256": photo.manifest_sha256,
        });
        let (action, event) = match photo.is_file() {
            true => ("file.hold", HistoryAction::FileHeld),
            false => ("photo.hold", HistoryAction::PhotoHeld),
        };
        let audit_leaf = self.actor.audit(conn, action, "photo", &photo.id, details)?;
        let receipt = self.key.sign(Receipt {
            v: 1,
            photo_id: self.photo,
            record_id: row.record_id()?,
            sha256: photo.sha256.clone(),
            size: self.size,
            manifest_sha256: DbError::unless(photo.manifest_sha256, "photo.manifest_sha256")?,
            held_at: self.actor.now,
            audit_leaf,
            key_id: self.key.id().to_owned(),
        });
        photos::hold(conn, &photo.id, &self.held(&found, &receipt)?)?;
        records::add_event(
            conn,
            &Event {
                record_id: &row.id,
                at: self.actor.now,
                by: Some(self.actor.user),
                action: event,
                photo: Some(self.photo),
                words: "",
                revision: row.revision,
            },
        )?;
        self.acknowledge(conn, receipt)
    }

    fn acknowledge(&self, conn: &mut Conn, receipt: SignedReceipt) -> Result<Acknowledged, DbError> {
        Ok(Acknowledged {
            receipt,
            was_in_parts: uploads::delete(conn, self.photo)?,
        })
    }

    fn held(&self, found: &BTreeSet<Flag>, receipt: &SignedReceipt) -> Result<Held, DbError> {
        let held = Held {
            size: DbError::unless(i64::try_from(self.size).ok(), "photo.size")?,
            media_type: PDF.to_owned(),
            width: None,
            height: None,
            orientation: 1,
            exif: None,
            flags: flag_text::to_text(found),
            held_at: self.actor.now.0,
            receipt: DbError::unless(serde_json::to_string(receipt).ok(), "photo.receipt")?,
            rendition: RenditionState::Absent.as_str().to_owned(),
        };
        let Content::Picture(inspection) = &self.content else {
            return Ok(held);
        };
        let pixels = |value: u32| i32::try_from(value).ok();
        let size = inspection.upright_size;
        let exif = &inspection.exif;
        let says_something = exif.taken_at.is_some() || exif.position.is_some() || exif.device.is_some();
        let rendition = match size {
            Some(_) => RenditionState::Pending,
            None => RenditionState::Failed,
        };
        Ok(Held {
            media_type: inspection.media_type.as_str().to_owned(),
            width: size.and_then(|(width, _)| pixels(width)),
            height: size.and_then(|(_, height)| pixels(height)),
            orientation: inspection.orientation.into(),
            exif: match says_something {
                true => Some(DbError::unless(serde_json::to_string(exif).ok(), "photo.exif")?),
                false => None,
            },
            rendition: rendition.as_str().to_owned(),
            ..held
        })
    }
}

/// A held photo turned out not to decode: it is flagged, the bytes stay.
pub struct Undecodable {
    pub photo: PhotoId,
    pub now: keng_shared::time::Millis,
}

impl Undecodable {
    /// The write job.
    pub fn run(&self, conn: &mut Conn) -> Result<(), DbError> {
        let Some((mut photo, row)) = photos::lock_with_record(conn, self.photo)? else {
            return Ok(());
        };
        let mut found = photo.flag_set();
        found.insert(Flag::Undecodable);
        photo.flags = flag_text::to_text(&found);
        photo.rendition = RenditionState::Failed.as_str().to_owned();
        photos::update(conn, &photo)?;
        let mut photo_flags = flag_text::from_text(&row.photo_flags);
        photo_flags.insert(Flag::Undecodable);
        let arrival = Arrival {
            feed_rev: feed::bump(conn, row.commune())?,
            flags: row.flags.clone(),
            photo_flags: flag_text::to_text(&photo_flags),
            photos_held: row.photos_held,
            track: row.track.clone(),
            changed_at: self.now.0,
        };
        records::update_arrival(conn, &row.id, &arrival)
    }
}
