//! Records as they are stored, one row each, and the views made of them.

use super::flags;
use super::photos::{self, StoredPhoto};
use super::prepared::Prepared;
use super::schema_records::{record, record_event};
use super::{Conn, DbError, cases, people, review_queue, target_shares};
use crate::both;
use diesel::prelude::*;
use keng_shared::geo::{Fix, LatLon};
use keng_shared::id::{AreaId, DeviceId, PhotoId, RecordId, TeamId, UserId};
use keng_shared::incident::case::CaseState;
use keng_shared::kind::{self, KindShape};
use keng_shared::record::{
    Flag, HistoryAction, HistoryEntry, PersonName, RecordStatus, RecordView, Review, Verdict,
};
use keng_shared::time::{LocalDate, Millis};
use std::collections::{BTreeSet, HashMap};
use uuid::Uuid;

/// A row of [`record`], column by column.
#[derive(Debug, Clone, PartialEq, Queryable, Insertable, AsChangeset, Identifiable)]
#[diesel(table_name = record, treat_none_as_null = true, treat_none_as_default_value = false)]
pub struct StoredRecord {
    pub id: String,
    pub kind: String,
    pub area_id: i64,
    pub commune_id: i64,
    pub team_id: Option<i64>,
    pub author_id: String,
    pub device_id: String,
    pub local_date: String,
    pub started_at: i64,
    pub ended_at: Option<i64>,
    pub lat_e7: Option<i32>,
    pub lon_e7: Option<i32>,
    pub accuracy_cm: Option<i64>,
    pub fix_age_ms: Option<i64>,
    pub clock_offset_ms: Option<i64>,
    pub status: String,
    pub revision: i32,
    pub feed_rev: i64,
    pub body: String,
    pub content_sha256: String,
    pub search: String,
    pub flags: String,
    pub photo_flags: String,
    pub photos_listed: i32,
    pub photos_held: i32,
    pub track: Option<String>,
    pub review_verdict: Option<String>,
    pub review_reason: Option<String>,
    pub review_by: Option<String>,
    pub review_at: Option<i64>,
    pub received_at: i64,
    pub changed_at: i64,
}

impl StoredRecord {
    pub fn record_id(&self) -> Result<RecordId, DbError> {
        DbError::unless(self.id.parse().ok(), "record.id")
    }

    pub fn author(&self) -> Result<UserId, DbError> {
        DbError::unless(self.author_id.parse().ok(), "record.author_id")
    }

    pub fn device(&self) -> Result<DeviceId, DbError> {
        DbError::unless(self.device_id.parse().ok(), "record.device_id")
    }

    pub fn area(&self) -> AreaId {
        AreaId(self.area_id)
    }

    pub fn commune(&self) -> AreaId {
        AreaId(self.commune_id)
    }

    pub fn team(&self) -> Option<TeamId> {
        self.team_id.map(TeamId)
    }

    pub fn status(&self) -> Result<RecordStatus, DbError> {
        DbError::unless(RecordStatus::parse(&self.status), "record.status")
    }

    pub fn revision(&self) -> Result<u32, DbError> {
        DbError::unless(u32::try_from(self.revision).ok(), "record.revision")
    }

    pub fn local_date(&self) -> Result<LocalDate, DbError> {
        DbError::unless(self.local_date.parse().ok(), "record.local_date")
    }

    /// Flags of the record itself.
    pub fn own_flags(&self) -> BTreeSet<Flag> {
        flags::from_text(&self.flags)
    }

    /// Flags of the record and of its photos.
    pub fn all_flags(&self) -> Vec<Flag> {
        let mut all = self.own_flags();
        all.extend(flags::from_text(&self.photo_flags));
        all.into_iter().collect()
    }

    pub(super) fn fix(&self) -> Result<Option<Fix>, DbError> {
        let (Some(lat_e7), Some(lon_e7)) = (self.lat_e7, self.lon_e7) else {
            return Ok(None);
        };
        let narrow = |value: Option<i64>| {
            DbError::unless(
                value.and_then(|value| u32::try_from(value).ok()),
                "record.accuracy_cm",
            )
        };
        Ok(Some(Fix {
            at: LatLon { lat_e7, lon_e7 },
            accuracy_cm: narrow(self.accuracy_cm)?,
            age_ms: narrow(self.fix_age_ms)?,
        }))
    }
}

/// The record with this id, withdrawn or not.
pub fn find(conn: &mut Conn, id: RecordId) -> Result<Option<StoredRecord>, DbError> {
    Ok(record::table.find(id.to_string()).first(conn).optional()?)
}

/// As [`find`], and nobody else changes the record before this transaction ends. Every change of a record that decides
/// by what is stored begins here; SQLite has one writer anyway.
pub fn lock(conn: &mut Conn, id: RecordId) -> Result<Option<StoredRecord>, DbError> {
    let query = record::table.find(id.to_string());
    let found = match conn {
        Conn::Postgres(conn) => query.for_update().first(conn).optional(),
        Conn::Sqlite(conn) => query.first(conn).optional(),
    };
    Ok(found?)
}

/// A record that was not there a moment ago, in this transaction. SQLite has one writer: nothing comes between.
pub fn arrived_meanwhile(conn: &mut Conn, id: RecordId) -> Result<Option<StoredRecord>, DbError> {
    match conn {
        Conn::Postgres(_) => lock(conn, id),
        Conn::Sqlite(_) => Ok(None),
    }
}

/// Stores a new record.
pub fn insert(conn: &mut Conn, row: &StoredRecord) -> Result<(), DbError> {
    both!(conn, |conn| diesel::insert_into(record::table)
        .values(row)
        .execute(conn))?;
    review_queue::enter(conn, row)
}

/// Writes every column of a record that exists. The revision of its commune has been bumped in this transaction: its
/// lock keeps the figures of targets together.
pub fn update(conn: &mut Conn, row: &StoredRecord) -> Result<(), DbError> {
    Prepared(diesel::update(record::table.find(&row.id)).set(row)).run(conn)?;
    review_queue::follow(conn, row)?;
    target_shares::follow(conn, row)
}

/// What evidence that arrives changes in its record.
#[derive(Debug, AsChangeset)]
#[diesel(table_name = record)]
pub struct Arrival {
    pub feed_rev: i64,
    pub flags: String,
    pub photo_flags: String,
    pub photos_held: i32,
    pub track: Option<String>,
    pub changed_at: i64,
}

/// Writes what arriving evidence changes, and leaves every column that lists are ordered by alone.
pub fn update_arrival(conn: &mut Conn, id: &str, arrival: &Arrival) -> Result<(), DbError> {
    Prepared(diesel::update(record::table.find(id)).set(arrival)).run(conn)?;
    review_queue::weigh(conn, id, arrival)
}

/// Tells phones that something beside the record has moved: its case.
pub fn touch(conn: &mut Conn, id: &str, feed_rev: i64, now: Millis) -> Result<(), DbError> {
    diesel::update(record::table.find(id))
        .set((record::feed_rev.eq(feed_rev), record::changed_at.eq(now.0)))
        .execute(conn)?;
    Ok(())
}

/// Adds a step to the history of a record.
pub fn add_event(conn: &mut Conn, event: &Event<'_>) -> Result<(), DbError> {
    let row = (
        record_event::id.eq(Uuid::now_v7().to_string()),
        record_event::record_id.eq(event.record_id),
        record_event::at.eq(event.at.0),
        record_event::by_id.eq(event.by.map(|by| by.to_string())),
        record_event::action.eq(wire(event.action)),
        record_event::photo_id.eq(event.photo.map(|photo| photo.to_string())),
        record_event::words.eq(event.words),
        record_event::revision.eq(event.revision),
    );
    both!(conn, |conn| diesel::insert_into(record_event::table)
        .values(row)
        .execute(conn))?;
    Ok(())
}

/// A step of a record's history. The creation is not stored: it is told by the record itself.
#[derive(Debug, Clone, Copy)]
pub struct Event<'a> {
    pub record_id: &'a str,
    pub at: Millis,
    pub by: Option<UserId>,
    pub action: HistoryAction,
    pub photo: Option<PhotoId>,
    pub words: &'a str,
    pub revision: i32,
}

type EventColumns = (i64, Option<String>, String, Option<String>, String, i32);

/// What happened to a record, oldest first.
pub fn history(conn: &mut Conn, stored: &StoredRecord) -> Result<Vec<HistoryEntry>, DbError> {
    let rows: Vec<EventColumns> = record_event::table
        .filter(record_event::record_id.eq(&stored.id))
        .order(record_event::id)
        .select((
            record_event::at,
            record_event::by_id,
            record_event::action,
            record_event::photo_id,
            record_event::words,
            record_event::revision,
        ))
        .load(conn)?;
    let ids = rows
        .iter()
        .filter_map(|row| row.1.clone())
        .chain([stored.author_id.clone()]);
    let names = people::names(conn, ids)?;
    let created = HistoryEntry {
        at: Millis(stored.received_at),
        by: Some(person(&names, &stored.author_id)?),
        action: HistoryAction::Created,
        photo_id: None,
        words: String::new(),
        revision: 1,
    };
    let mut entries = vec![created];
    for (at, by, action, photo, words, revision) in rows {
        entries.push(HistoryEntry {
            at: Millis(at),
            by: by.map(|by| person(&names, &by)).transpose()?,
            action: DbError::unless(from_wire(&action), "record_event.action")?,
            photo_id: photo
                .map(|photo| DbError::unless(photo.parse().ok(), "record_event.photo_id"))
                .transpose()?,
            words,
            revision: DbError::unless(u32::try_from(revision).ok(), "record_event.revision")?,
        });
    }
    Ok(entries)
}

/// A verdict on a record, or that the last one was taken back.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct GivenVerdict {
    pub at: Millis,
    pub action: HistoryAction,
}

/// The verdicts on a record as a whole, oldest first.
pub fn verdicts(conn: &mut Conn, id: &str) -> Result<Vec<GivenVerdict>, DbError> {
    let actions = [
        HistoryAction::Accepted,
        HistoryAction::Returned,
        HistoryAction::Reopened,
    ];
    let rows: Vec<(i64, String)> = record_event::table
        .filter(record_event::record_id.eq(id))
        .filter(record_event::photo_id.is_null())
        .filter(record_event::action.eq_any(actions.map(wire)))
        .order(record_event::id)
        .select((record_event::at, record_event::action))
        .load(conn)?;
    let given = |(at, action): (i64, String)| {
        Ok(GivenVerdict {
            at: Millis(at),
            action: DbError::unless(from_wire(&action), "record_event.action")?,
        })
    };
    rows.into_iter().map(given).collect()
}

/// The records as the API shows them, in the given order.
pub fn views(conn: &mut Conn, rows: Vec<StoredRecord>) -> Result<Vec<RecordView>, DbError> {
    let mut photos = photos::of_records(conn, rows.iter().map(|row| row.id.as_str()))?;
    let people_in_rows = rows
        .iter()
        .flat_map(|row| std::iter::once(row.author_id.clone()).chain(row.review_by.clone()));
    let people_in_photos = photos
        .values()
        .flatten()
        .filter_map(|photo| photo.review_by.clone());
    let ids: BTreeSet<String> = people_in_rows.chain(people_in_photos).collect();
    let names = people::names(conn, ids)?;
    let incidents: Vec<&str> = rows
        .iter()
        .filter(|row| is_incident(&row.kind))
        .map(|row| row.id.as_str())
        .collect();
    let mut cases = cases::states(conn, &incidents)?;
    rows.into_iter()
        .map(|row| {
            let photos = photos.remove(&row.id).unwrap_or_default();
            let case = cases.remove(&row.id);
            Ok(RecordView {
                case,
                ..view(row, photos, &names)?
            })
        })
        .collect()
}

/// One record as the API shows it.
pub fn view_of(conn: &mut Conn, row: StoredRecord) -> Result<RecordView, DbError> {
    let view = views(conn, vec![row])?.pop();
    DbError::unless(view, "record")
}

/// A record that was stored just now by the person of this name.
pub fn fresh_view(row: StoredRecord, photos: Vec<StoredPhoto>, author: &str) -> Result<RecordView, DbError> {
    let names = HashMap::from([(row.author_id.clone(), author.to_owned())]);
    let case = is_incident(&row.kind).then_some(CaseState::Received);
    Ok(RecordView {
        case,
        ..view(row, photos, &names)?
    })
}

fn is_incident(kind: &str) -> bool {
    kind::find(kind).is_some_and(|kind| kind.shape == KindShape::Incident)
}

fn view(
    row: StoredRecord,
    attached: Vec<StoredPhoto>,
    names: &HashMap<String, String>,
) -> Result<RecordView, DbError> {
    let (files, photos): (Vec<_>, Vec<_>) = attached.into_iter().partition(StoredPhoto::is_file);
    Ok(RecordView {
        id: row.record_id()?,
        area_id: row.area(),
        commune_id: row.commune(),
        team_id: row.team(),
        author: person(names, &row.author_id)?,
        local_date: row.local_date()?,
        started_at: Millis(row.started_at),
        ended_at: row.ended_at.map(Millis),
        fix: row.fix()?,
        status: row.status()?,
        revision: row.revision()?,
        body: json(&row.body, "record.body")?,
        photos: photos
            .into_iter()
            .map(|photo| photo.into_view(names))
            .collect::<Result<_, _>>()?,
        files: files
            .into_iter()
            .map(StoredPhoto::into_file_view)
            .collect::<Result<_, _>>()?,
        track: row
            .track
            .as_deref()
            .map(|text| json(text, "record.track"))
            .transpose()?,
        flags: row.own_flags().into_iter().collect(),
        review: review(
            row.review_verdict.as_deref(),
            row.review_reason.as_deref(),
            row.review_by.as_deref(),
            row.review_at,
            names,
        )?,
        case: None,
        received_at: Millis(row.received_at),
        changed_at: Millis(row.changed_at),
        kind: row.kind,
    })
}

/// The verdict of the four review columns, which records and photos share.
pub(super) fn review(
    verdict: Option<&str>,
    reason: Option<&str>,
    by: Option<&str>,
    at: Option<i64>,
    names: &HashMap<String, String>,
) -> Result<Option<Review>, DbError> {
    let (Some(verdict), Some(by), Some(at)) = (verdict, by, at) else {
        return Ok(None);
    };
    let known = [Verdict::Accepted, Verdict::Returned]
        .into_iter()
        .find(|known| known.as_str() == verdict);
    Ok(Some(Review {
        verdict: DbError::unless(known, "review_verdict")?,
        reason: reason.unwrap_or_default().to_owned(),
        by: person(names, by)?,
        at: Millis(at),
    }))
}

pub(super) fn person(names: &HashMap<String, String>, id: &str) -> Result<PersonName, DbError> {
    Ok(PersonName {
        id: DbError::unless(id.parse().ok(), "a user id")?,
        name: DbError::unless(names.get(id).cloned(), "a user")?,
    })
}

pub(super) fn json<T: serde::de::DeserializeOwned>(text: &str, what: &str) -> Result<T, DbError> {
    DbError::unless(serde_json::from_str(text).ok(), what)
}

fn wire(action: HistoryAction) -> &'static str {
    match action {
        HistoryAction::Created => "created",
        HistoryAction::Edited => "edited",
        HistoryAction::PhotoHeld => "photo_held",
        HistoryAction::FileHeld => "file_held",
        HistoryAction::Accepted => "accepted",
        HistoryAction::Returned => "returned",
        HistoryAction::Withdrawn => "withdrawn",
        HistoryAction::Reopened => "reopened",
    }
}

fn from_wire(text: &str) -> Option<HistoryAction> {
    [
        HistoryAction::Created,
        HistoryAction::Edited,
        HistoryAction::PhotoHeld,
        HistoryAction::FileHeld,
        HistoryAction::Accepted,
        HistoryAction::Returned,
        HistoryAction::Withdrawn,
        HistoryAction::Reopened,
    ]
    .into_iter()
    .find(|action| wire(*action) == text)
}
