//! A record arrives whole: for the first time, or again after its author changed it.

use super::boundaries::Boundaries;
use super::cases::{self, Reporter};
use super::{Actor, Operation, broadcast, last_done, require_revision, roster, state_conflict, with_stored};
use crate::db::cameras::StoredCamera;
use crate::db::flags as flag_text;
use crate::db::operations::Done;
use crate::db::photos::{self, StoredPhoto};
use crate::db::records::{self, Event, StoredRecord};
use crate::db::{Conn, DbError, feed, likenesses, places};
use crate::evidence::flags::{self, Fence, Surroundings};
use keng_shared::evidence::sha256_hex;
use keng_shared::id::AreaId;
use keng_shared::patrol::CheckInProof;
use keng_shared::problem::{FieldCode, FieldError, Problem, ProblemCode};
use keng_shared::record::{Body, Flag, HistoryAction, Record, RecordStatus};
use keng_shared::text;
use serde_json::{Value, json};
use std::collections::BTreeSet;
use std::sync::Arc;

/// Longest search key stored, in characters.
const MAX_SEARCH: usize = 2_000;
/// Two people do not write the same words of this length by chance, in characters.
const LONG_TEXT: usize = 80;

/// A checked record on its way in.
pub struct PutRecord {
    actor: Actor,
    record: Arc<Record>,
    /// The commune of its area on its local date.
    commune: AreaId,
    /// The revision that the edit started from; none for a new record.
    base_revision: Option<u32>,
    operation: Option<Operation>,
    boundaries: Arc<Boundaries>,
    reporter: Reporter,
    content_sha256: String,
    body: String,
    search: String,
    /// Digest of the long texts, if there are any.
    text_sha256: Option<String>,
}

/// What became of it.
pub struct Put {
    pub done: Done,
    pub row: StoredRecord,
    /// Photos of a record that was created.
    pub photos: Vec<StoredPhoto>,
    pub made: Made,
}

/// Whether there was anything to do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Made {
    /// Stored for the first time.
    Created,
    /// The stored record was replaced.
    Edited,
    /// The same content was stored already.
    Nothing,
}

impl PutRecord {
    /// Prepares everything that needs no database, so that the write job is short.
    pub fn new(
        actor: Actor,
        record: Record,
        commune: AreaId,
        base_revision: Option<u32>,
        operation: Option<Operation>,
        boundaries: Arc<Boundaries>,
    ) -> Self {
        Self {
            actor,
            commune,
            base_revision,
            operation,
            boundaries,
            reporter: Reporter::default(),
            content_sha256: super::content_hash(record.draft()),
            body: record.draft().body.to_string(),
            search: search_key(&record),
            text_sha256: long_texts(&record),
            record: Arc::new(record),
        }
    }

    /// The same change by somebody of whom the area tree says this: who is told of an incident hangs on it.
    #[must_use]
    pub fn reported_by(self, reporter: Reporter) -> Self {
        Self { reporter, ..self }
    }

    /// The write job.
    pub fn run(&self, conn: &mut Conn) -> Result<Put, DbError> {
        match (records::lock(conn, self.record.draft().id)?, self.base_revision) {
            (None, None) => self.create(conn),
            // A phone edits what this server once acknowledged and has lost to a restore: the whole record is here.
            (None, Some(_)) if self.operation.is_some() => self.create(conn),
            (None, Some(_)) => Err(ProblemCode::NotFound.into()),
            (Some(stored), base) => self.meet(conn, stored, base),
        }
    }

    fn create(&self, conn: &mut Conn) -> Result<Put, DbError> {
        let draft = self.record.draft();
        let photos = StoredPhoto::attached(draft);
        self.refuse_taken_photos(conn, &photos)?;
        let camera = self.camera(conn)?;
        let flags = self.flags(conn, None)?;
        let feed_rev = feed::bump(conn, self.commune)?;
        // Another instance may have stored the same record while this job waited for the commune's lock.
        if let Some(stored) = records::arrived_meanwhile(conn, draft.id)? {
            return self.meet(conn, stored, self.base_revision);
        }
        broadcast::require_free_slot(conn, &self.record)?;
        let row = self.row(feed_rev, &flags, None);
        records::insert(conn, &row)?;
        if let Some(digest) = &self.text_sha256 {
            likenesses::set_text(conn, &row.id, self.commune, Some(digest))?;
        }
        photos::insert_all(conn, &photos)?;
        if let Body::Incident(incident) = self.record.body() {
            let stored = (self.record.as_ref(), &row);
            cases::open(
                conn,
                &self.actor,
                &self.reporter,
                stored,
                camera.as_ref(),
                incident,
            )?;
        }
        broadcast::project(conn, self.actor.user, &self.record)?;
        roster::follow(conn, &self.record, None)?;
        self.finish(conn, row, photos, "record.create", Made::Created)
    }

    /// The camera that an incident names.
    fn camera(&self, conn: &mut Conn) -> Result<Option<StoredCamera>, DbError> {
        match self.record.body() {
            Body::Incident(incident) => cases::named_camera(conn, &self.actor, &self.reporter, incident),
            Body::Patrol(_) | Body::Loudspeaker(_) | Body::Plain(_) => Ok(None),
        }
    }

    /// A record with this id is stored: the same again, an edit, or a conflict.
    fn meet(&self, conn: &mut Conn, stored: StoredRecord, base: Option<u32>) -> Result<Put, DbError> {
        if stored.author()? != self.actor.user {
            // Whose it is and what it holds is nobody's business.
            let problem = match base {
                None => ProblemCode::IdTaken,
                Some(_) => ProblemCode::NotFound,
            };
            return Err(problem.into());
        }
        if let Some(operation) = &self.operation
            && let Some(done) = operation.find(conn, &self.actor)?
        {
            return Ok(Put {
                done,
                row: stored,
                photos: Vec::new(),
                made: Made::Nothing,
            });
        }
        if stored.status()? == RecordStatus::Withdrawn {
            return Err(ProblemCode::Gone.into());
        }
        if stored.content_sha256 == self.content_sha256 {
            return Ok(Put {
                done: last_done(conn, &stored, &stored.id)?,
                row: stored,
                photos: Vec::new(),
                made: Made::Nothing,
            });
        }
        match base {
            None => {
                let problem = Problem::new(ProblemCode::IdTaken);
                Err(with_stored(conn, problem, &stored)?.into())
            }
            Some(base) => {
                require_revision(conn, &stored, base)?;
                self.edit(conn, stored)
            }
        }
    }

    fn edit(&self, conn: &mut Conn, stored: StoredRecord) -> Result<Put, DbError> {
        let status = stored.status()?;
        if !status.is_editable() {
            return Err(state_conflict(status));
        }
        let draft = self.record.draft();
        if stored.kind != draft.kind {
            let error = FieldError::new("kind", FieldCode::NotAChoice);
            return Err(Problem::fields(vec![error]).into());
        }
        let camera = self.camera(conn)?;
        broadcast::require_same_slot(&stored, &self.record)?;
        let listed = self.relist_photos(conn, &stored)?;
        let flags = self.flags(conn, Some(&stored))?;
        // Both communes change when the record moves; ascending, so that two such moves never wait for each other.
        let communes = BTreeSet::from([stored.commune(), self.commune]);
        let mut feed_rev = stored.feed_rev;
        for commune in communes {
            let rev = feed::bump(conn, commune)?;
            if commune == self.commune {
                feed_rev = rev;
            }
        }
        let mut row = self.row(feed_rev, &flags, Some(&stored));
        let held = listed
            .iter()
            .filter(|row| row.is_held() && !row.is_file())
            .count();
        row.photos_held = i32::try_from(held).unwrap_or(i32::MAX);
        row.photo_flags = flag_text::to_text(&listed.iter().flat_map(StoredPhoto::flag_set).collect());
        records::update(conn, &row)?;
        if let Body::Incident(incident) = self.record.body() {
            let stored = (self.record.as_ref(), &row);
            cases::follow(
                conn,
                &self.actor,
                &self.reporter,
                stored,
                camera.as_ref(),
                incident,
            )?;
        }
        broadcast::project(conn, self.actor.user, &self.record)?;
        roster::follow(conn, &self.record, Some(&stored))?;
        likenesses::set_text(conn, &row.id, self.commune, self.text_sha256.as_deref())?;
        records::add_event(
            conn,
            &Event {
                record_id: &row.id,
                at: self.actor.now,
                by: Some(self.actor.user),
                action: HistoryAction::Edited,
                photo: None,
                words: "",
                revision: row.revision,
            },
        )?;
        self.finish(conn, row, Vec::new(), "record.edit", Made::Edited)
    }

    fn finish(
        &self,
        conn: &mut Conn,
        row: StoredRecord,
        photos: Vec<StoredPhoto>,
        action: &str,
        made: Made,
    ) -> Result<Put, DbError> {
        let details = json!({
            "revision": row.revision,
            "content_sha256": self.content_sha256,
            "photos": row.photos_listed,
        });
        let audit_leaf = self.actor.audit(conn, action, "record", &row.id, details)?;
        let done = Done {
            revision: row.revision()?,
            audit_leaf,
        };
        if let Some(operation) = &self.operation {
            operation.remember(conn, &self.actor, &done)?;
        }
        Ok(Put {
            done,
            row,
            photos,
            made,
        })
    }

    /// The photos and files of a new record must be new, too.
    fn refuse_taken_photos(&self, conn: &mut Conn, listed: &[StoredPhoto]) -> Result<(), DbError> {
        if listed.is_empty() {
            return Ok(());
        }
        let ids = listed.iter().map(StoredPhoto::photo_id);
        let known = photos::known(conn, &ids.collect::<Result<Vec<_>, _>>()?)?;
        match known.first() {
            None => Ok(()),
            Some(taken) => Err(self.taken_photo(&taken.id)),
        }
    }

    /// Brings the rows of photos and files in line with the lists; what is no longer listed stays stored. Returns the listed.
    fn relist_photos(&self, conn: &mut Conn, stored: &StoredRecord) -> Result<Vec<StoredPhoto>, DbError> {
        let mut before = photos::of_record(conn, &stored.id)?;
        let mut listed = Vec::new();
        let mut new = Vec::new();
        for wanted in StoredPhoto::attached(self.record.draft()) {
            match before.iter().position(|row| row.id == wanted.id) {
                None => new.push(wanted),
                Some(index) => {
                    let mut row = before.swap_remove(index);
                    if row.sha256 != wanted.sha256 || row.is_file() != wanted.is_file() {
                        return Err(self.taken_photo(&wanted.id));
                    }
                    if (row.position, &row.caption, &row.name)
                        != (wanted.position, &wanted.caption, &wanted.name)
                    {
                        row.position = wanted.position;
                        row.caption = wanted.caption;
                        row.name = wanted.name;
                        photos::update(conn, &row)?;
                    }
                    listed.push(row);
                }
            }
        }
        self.refuse_taken_photos(conn, &new)?;
        photos::insert_all(conn, &new)?;
        for mut dropped in before.into_iter().filter(|row| row.position.is_some()) {
            dropped.position = None;
            photos::update(conn, &dropped)?;
        }
        listed.extend(new);
        Ok(listed)
    }

    fn taken_photo(&self, id: &str) -> DbError {
        let draft = self.record.draft();
        let photo = draft.photos.iter().position(|photo| photo.id.to_string() == id);
        let file = draft.files.iter().position(|file| file.id.to_string() == id);
        let field = match (photo, file) {
            (None, Some(index)) => format!("files.{index}.id"),
            (index, _) => format!("photos.{}.id", index.unwrap_or_default()),
        };
        Problem::fields(vec![FieldError::new(field, FieldCode::Duplicate)]).into()
    }

    fn flags(&self, conn: &mut Conn, stored: Option<&StoredRecord>) -> Result<BTreeSet<Flag>, DbError> {
        let draft = self.record.draft();
        let boundary = match draft.fix {
            Some(_) => self
                .boundaries
                .around(conn, draft.area_id, self.commune, self.actor.now)?,
            None => None,
        };
        let checkpoints: Vec<_> = match self.record.body() {
            Body::Patrol(patrol) => patrol
                .check_ins
                .iter()
                .filter(|check_in| matches!(check_in.proof, CheckInProof::Gps { .. }))
                .map(|check_in| check_in.checkpoint_id)
                .collect(),
            Body::Incident(_) | Body::Loudspeaker(_) | Body::Plain(_) => Vec::new(),
        };
        let fences: Vec<Fence> = places::fences(conn, &checkpoints)?
            .into_iter()
            .map(|(id, centre, radius_m, until)| Fence {
                id,
                centre,
                radius_m,
                until,
            })
            .collect();
        let track = stored
            .and_then(|row| row.track.as_deref())
            .map(|text| DbError::unless(serde_json::from_str(text).ok(), "record.track"))
            .transpose()?;
        let around = Surroundings {
            boundary: boundary.as_deref(),
            fences: &fences,
            track,
        };
        let mut flags = flags::of_record(&self.record, around, self.actor.now);
        if let Some(digest) = &self.text_sha256
            && likenesses::is_text_known(conn, self.commune, digest, &draft.id.to_string())?
        {
            flags.insert(Flag::CopiedText);
        }
        // Lateness is that of the first version with an end: mending a returned record days later is not late.
        if let Some(before) = stored.filter(|row| row.ended_at.is_some()) {
            flags.remove(&Flag::LateSend);
            flags.extend(before.own_flags().get(&Flag::LateSend));
        }
        Ok(flags)
    }

    fn row(&self, feed_rev: i64, flags: &BTreeSet<Flag>, stored: Option<&StoredRecord>) -> StoredRecord {
        let draft = self.record.draft();
        let status = if self.record.is_open() {
            RecordStatus::Open
        } else {
            RecordStatus::Submitted
        };
        StoredRecord {
            id: draft.id.to_string(),
            kind: draft.kind.clone(),
            area_id: draft.area_id.0,
            commune_id: self.commune.0,
            team_id: draft.team_id.map(|team| team.0),
            author_id: self.actor.user.to_string(),
            device_id: draft.device_id.to_string(),
            local_date: self.record.local_date().to_string(),
            started_at: draft.started_at.0,
            ended_at: self.record.ended_at().map(|end| end.0),
            lat_e7: draft.fix.map(|fix| fix.at.lat_e7),
            lon_e7: draft.fix.map(|fix| fix.at.lon_e7),
            accuracy_cm: draft.fix.map(|fix| fix.accuracy_cm.into()),
            fix_age_ms: draft.fix.map(|fix| fix.age_ms.into()),
            clock_offset_ms: draft.clock_offset_ms,
            status: status.as_str().to_owned(),
            revision: stored.map_or(1, |row| row.revision.saturating_add(1)),
            feed_rev,
            body: self.body.clone(),
            content_sha256: self.content_sha256.clone(),
            search: self.search.clone(),
            flags: flag_text::to_text(flags),
            photo_flags: String::new(),
            photos_listed: i32::try_from(draft.photos.len()).unwrap_or(i32::MAX),
            photos_held: 0,
            track: stored.and_then(|row| row.track.clone()),
            review_verdict: None,
            review_reason: None,
            review_by: None,
            review_at: None,
            received_at: stored.map_or(self.actor.now.0, |row| row.received_at),
            changed_at: self.actor.now.0,
        }
    }
}

/// Words of the body, the captions and the names of files, folded for search.
fn search_key(record: &Record) -> String {
    let mut words = texts(record.body());
    words.extend(record.draft().photos.iter().map(|photo| photo.caption.as_str()));
    words.extend(record.draft().files.iter().map(|file| file.name.as_str()));
    let key = text::search_key(&words.join(" "));
    key.chars().take(MAX_SEARCH).collect()
}

/// Every text of a body.
fn texts(body: &Body) -> Vec<&str> {
    let mut words = Vec::new();
    match body {
        Body::Plain(body) => collect_words(body, &mut words),
        Body::Incident(incident) => words.extend([incident.place.as_str(), incident.description.as_str()]),
        Body::Loudspeaker(session) => {
            let own = [
                &session.station,
                &session.script,
                &session.presenter,
                &session.note,
            ];
            words.extend(own.map(String::as_str));
            words.extend(session.areas.iter().map(|area| area.note.as_str()));
        }
        Body::Patrol(patrol) => {
            words.push(patrol.note.as_str());
            words.extend(patrol.findings.iter().map(|finding| finding.note.as_str()));
        }
    }
    words
}

/// Digest of the texts that are too long to be the same by chance, without case, marks and punctuation.
fn long_texts(record: &Record) -> Option<String> {
    // A script is written to be read out many times.
    if matches!(record.body(), Body::Loudspeaker(_)) {
        return None;
    }
    let long: Vec<String> = texts(record.body())
        .into_iter()
        .filter(|text| text.chars().count() >= LONG_TEXT)
        .map(text::search_key)
        .collect();
    (!long.is_empty()).then(|| sha256_hex(long.join("\n").as_bytes()))
}

fn collect_words<'a>(value: &'a Value, words: &mut Vec<&'a str>) {
    match value {
        Value::String(text) => words.push(text),
        Value::Array(items) => items.iter().for_each(|item| collect_words(item, words)),
        Value::Object(fields) => fields.values().for_each(|field| collect_words(field, words)),
        Value::Null | Value::Bool(_) | Value::Number(_) => {}
    }
}
