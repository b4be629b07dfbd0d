//! A photo is announced: its signed manifest is stored, once and for all. The bytes follow by upload.

use super::boundaries::Boundaries;
use super::{Actor, Operation, last_done, own_record};
use crate::db::flags as flag_text;
use crate::db::operations::Done;
use crate::db::photos::{self, Announced, StoredPhoto};
use crate::db::records::{self, Arrival, StoredRecord};
use crate::db::{Conn, DbError, feed};
use crate::evidence::{flags, manifest};
use keng_shared::evidence::{SignedManifest, sha256_hex};
use keng_shared::problem::{FieldCode, FieldError, Problem, ProblemCode};
use keng_shared::record::{Flag, RecordStatus};
use serde_json::json;
use std::collections::BTreeSet;
use std::sync::Arc;

/// A manifest whose form and signature have been checked ([`manifest::verify`]).
pub struct Announce {
    pub actor: Actor,
    pub signed: SignedManifest,
    pub operation: Option<Operation>,
    pub boundaries: Arc<Boundaries>,
}

impl Announce {
    /// The write job.
    pub fn run(&self, conn: &mut Conn) -> Result<Done, DbError> {
        let stated = &self.signed.manifest;
        let row = own_record(conn, &self.actor, stated.record_id)?;
        if row.status()? == RecordStatus::Withdrawn {
            return Err(ProblemCode::Gone.into());
        }
        let photo = photos::find(conn, stated.photo_id)?
            .filter(|photo| photo.record_id == row.id && photo.position.is_some())
            .ok_or_else(|| field("manifest.photo_id", FieldCode::NoSuchObject))?;
        let canonical = stated.canonical();
        let digest = sha256_hex(&canonical);
        if let Some(known) = &photo.manifest_sha256 {
            return match *known == digest {
                true => last_done(conn, &row, &photo.id),
                false => Err(ProblemCode::IdTaken.into()),
            };
        }
        if photo.is_file() != stated.is_file() {
            return Err(field("manifest.mime", FieldCode::NotAChoice));
        }
        if photo.sha256 != stated.sha256 {
            return Err(field("manifest.sha256", FieldCode::NotAChoice));
        }
        let manifest = DbError::unless(String::from_utf8(canonical).ok(), "photo.manifest")?;
        self.store(conn, row, photo, manifest, digest)
    }

    fn store(
        &self,
        conn: &mut Conn,
        row: StoredRecord,
        photo: StoredPhoto,
        manifest: String,
        digest: String,
    ) -> Result<Done, DbError> {
        let stated = &self.signed.manifest;
        let (found, seq) = match stated.is_file() {
            // Where and when somebody picked a file says nothing about the document.
            true => (BTreeSet::new(), None),
            false => (
                self.doubts(conn, &row)?,
                Some(DbError::unless(i64::try_from(stated.seq).ok(), "photo.seq")?),
            ),
        };
        let announced = Announced {
            manifest,
            manifest_sha256: digest.clone(),
            signature: self.signed.signature.clone(),
            device_id: stated.device_id.to_string(),
            seq,
            flags: flag_text::to_text(&found),
        };
        photos::announce(conn, &photo.id, &announced)?;
        if seq.is_some() {
            self.mend_successor(conn, &digest)?;
        }

        touch(conn, &row, self.actor)?;
        let details = json!({ "manifest_sha256": digest, "sha256": stated.sha256 });
        let audit_leaf = self
            .actor
            .audit(conn, "photo.announce", "photo", &photo.id, details)?;
        let done = Done {
            revision: row.revision()?,
            audit_leaf,
        };
        if let Some(operation) = &self.operation {
            operation.remember(conn, &self.actor, &done)?;
        }
        Ok(done)
    }

    /// What a reviewer should look at in the statement about a photo.
    fn doubts(&self, conn: &mut Conn, row: &StoredRecord) -> Result<BTreeSet<Flag>, DbError> {
        let stated = &self.signed.manifest;
        let boundary = match stated.fix {
            Some(_) => self
                .boundaries
                .around(conn, row.area(), row.commune(), self.actor.now)?,
            None => None,
        };
        let mut found = flags::of_manifest(stated, boundary.as_deref(), self.actor.now);
        let before = match stated.seq {
            0 | 1 => None,
            seq => photos::digest_of(conn, stated.device_id, seq - 1)?,
        };
        if !manifest::follows(stated, before.as_deref()) {
            found.insert(Flag::ChainBroken);
        }
        Ok(found)
    }

    /// A manifest that overtook this one was flagged as a break; now that this one is here, it follows.
    fn mend_successor(&self, conn: &mut Conn, digest: &str) -> Result<(), DbError> {
        let stated = &self.signed.manifest;
        let Some(mut next) = photos::with_seq(conn, stated.device_id, stated.seq.saturating_add(1))? else {
            return Ok(());
        };
        let follows = next
            .manifest()?
            .is_some_and(|next| manifest::follows(&next, Some(digest)));
        let mut flags = next.flag_set();
        if !follows || !flags.remove(&Flag::ChainBroken) {
            return Ok(());
        }
        next.flags = flag_text::to_text(&flags);
        photos::update(conn, &next)?;
        let record = DbError::unless(next.record_id.parse().ok(), "photo.record_id")?;
        let row = DbError::unless(records::lock(conn, record)?, "photo.record_id")?;
        touch(conn, &row, self.actor)
    }
}

/// Tells the feed that photos of the record changed, and sums up their flags.
fn touch(conn: &mut Conn, row: &StoredRecord, actor: Actor) -> Result<(), DbError> {
    let photo_flags = photos::of_record(conn, &row.id)?
        .iter()
        .filter(|photo| photo.position.is_some())
        .flat_map(StoredPhoto::flag_set)
        .collect();
    let arrival = Arrival {
        feed_rev: feed::bump(conn, row.commune())?,
        flags: row.flags.clone(),
        photo_flags: flag_text::to_text(&photo_flags),
        photos_held: row.photos_held,
        track: row.track.clone(),
        changed_at: actor.now.0,
    };
    records::update_arrival(conn, &row.id, &arrival)
}

fn field(name: &str, code: FieldCode) -> DbError {
    Problem::fields(vec![FieldError::new(name, code)]).into()
}
