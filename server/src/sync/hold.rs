//! The bytes of a photo are on stable storage: one transaction makes the photo held, writes the audit leaf and the
//! signed receipt, and tells the feed.

use super::Actor;
use crate::db::flags as flag_text;
use crate::db::photos::{self, RenditionState, StoredPhoto};
use crate::db::records::{self, Arrival, Event};
use crate::db::{Conn, DbError, feed, likenesses, uploads};
use crate::evidence::flags;
use crate::evidence::inspect::Inspection;
use crate::evidence::receipt::ReceiptKey;
use keng_shared::evidence::{Receipt, SignedReceipt};
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
    pub inspection: Inspection,
    pub key: Arc<ReceiptKey>,
}

impl Hold {
    /// The write job. A photo that is held already gives its receipt again.
    pub fn run(&self, conn: &mut Conn) -> Result<SignedReceipt, DbError> {
        let (mut photo, row) = photos::lock_with_record(conn, self.photo)?.ok_or(ProblemCode::NotFound)?;
        if let Some(receipt) = photo.receipt()? {
            uploads::delete(conn, self.photo)?;
            return Ok(receipt);
        }
        let manifest = photo.manifest()?.ok_or(ProblemCode::StateConflict)?;
        let mut found = photo.flag_set();
        found.extend(flags::of_exif(&manifest, &self.inspection.exif));
        if self.inspection.upright_size.is_none() {
            found.insert(Flag::Undecodable);
        }

        if likenesses::are_bytes_known(conn, &photo.sha256, &row.id)? {
            found.insert(Flag::RepeatedPhoto);
        }

        let is_listed = photo.position.is_some();
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
        let audit_leaf = self
            .actor
            .audit(conn, "photo.hold", "photo", &photo.id, details)?;
        let receipt = self.key.sign(Receipt {
            v: 1,
            photo_id: self.photo,
            record_id: row.record_id()?,
            sha256: photo.sha256.clone(),
            size: self.size,
            manifest_sha256: manifest.digest(),
            held_at: self.actor.now,
            audit_leaf,
            key_id: self.key.id().to_owned(),
        });
        self.fill(&mut photo, &found, &receipt)?;
        photos::update(conn, &photo)?;
        uploads::delete(conn, self.photo)?;
        records::add_event(
            conn,
            &Event {
                record_id: &row.id,
                at: self.actor.now,
                by: Some(self.actor.user),
                action: HistoryAction::PhotoHeld,
                photo: Some(self.photo),
                words: "",
                revision: row.revision,
            },
        )?;
        Ok(receipt)
    }

    fn fill(
        &self,
        photo: &mut StoredPhoto,
        found: &BTreeSet<Flag>,
        receipt: &SignedReceipt,
    ) -> Result<(), DbError> {
        let pixels = |value: u32| i32::try_from(value).ok();
        let exif = &self.inspection.exif;
        let says_something = exif.taken_at.is_some() || exif.position.is_some() || exif.device.is_some();
        photo.size = i64::try_from(self.size).ok();
        photo.media_type = Some(self.inspection.media_type.as_str().to_owned());
        photo.width = self.inspection.upright_size.and_then(|(width, _)| pixels(width));
        photo.height = self
            .inspection
            .upright_size
            .and_then(|(_, height)| pixels(height));
        photo.orientation = self.inspection.orientation.into();
        photo.exif = match says_something {
            true => Some(DbError::unless(serde_json::to_string(exif).ok(), "photo.exif")?),
            false => None,
        };
        photo.flags = flag_text::to_text(found);
        photo.held_at = Some(self.actor.now.0);
        photo.receipt = Some(DbError::unless(
            serde_json::to_string(receipt).ok(),
            "photo.receipt",
        )?);
        photo.rendition = match self.inspection.upright_size {
            Some(_) => RenditionState::Pending,
            None => RenditionState::Failed,
        }
        .as_str()
        .to_owned();
        Ok(())
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
