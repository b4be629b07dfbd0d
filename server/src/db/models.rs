//! What the register of models is made of: accepted records, and what the desk said about endings.

use super::people;
use super::records::{json, person};
use super::schema_models::model_ending;
use super::schema_records::{photo, record};
use super::{CHUNK, Conn, DbError};
use diesel::dsl::sql;
use diesel::prelude::*;
use diesel::sql_types::Bool;
use keng_shared::api::ModelEnded;
use keng_shared::id::{AreaId, PhotoId, RecordId, UserId};
use keng_shared::model_register::{Ending, ModelKey, ModelName, ModelState};
use keng_shared::record::PersonName;
use keng_shared::time::{LocalDate, Millis, parse_date};
use serde_json::Value;
use std::collections::HashMap;

/// The condition of the index `record_model`, word by word: a database uses it only for what it can see to be the same.
const ACCEPTED: &str =
    "status = 'accepted' AND kind IN ('self_management_model', 'model_review', 'model_activity')";

/// An accepted record about a model.
#[derive(Debug, Clone)]
pub struct Told {
    /// The record.
    pub id: RecordId,
    /// Its kind.
    pub kind: String,
    /// Where.
    pub area_id: AreaId,
    /// The commune of its date.
    pub commune_id: AreaId,
    /// On which day.
    pub local_date: LocalDate,
    /// What it says.
    pub body: Value,
}

/// What the desk said of a model, with its revision.
#[derive(Debug, Clone)]
pub struct StoredEnding {
    /// The model, with its commune of that day.
    pub key: ModelKey,
    /// What was said, by whom and when.
    pub ended: ModelEnded,
    /// Counts changes.
    pub revision: u32,
}

/// Accepted records about models of these communes.
pub fn told(conn: &mut Conn, communes: &[AreaId]) -> Result<Vec<Told>, DbError> {
    let mut found = Vec::new();
    for chunk in communes.chunks(CHUNK) {
        let ids: Vec<i64> = chunk.iter().map(|id| id.0).collect();
        let rows: Vec<(String, String, i64, i64, String, String)> = record::table
            .filter(record::commune_id.eq_any(ids))
            .filter(sql::<Bool>(ACCEPTED))
            .select((
                record::id,
                record::kind,
                record::area_id,
                record::commune_id,
                record::local_date,
                record::body,
            ))
            .load(conn)?;
        for (id, kind, area, commune, date, body) in rows {
            found.push(Told {
                id: DbError::unless(id.parse().ok(), "record.id")?,
                kind,
                area_id: AreaId(area),
                commune_id: AreaId(commune),
                local_date: DbError::unless(parse_date(&date), "record.local_date")?,
                body: json(&body, "record.body")?,
            });
        }
    }
    Ok(found)
}

/// Photos of these records that the server holds, in their order.
pub fn photos_of(conn: &mut Conn, records: &[RecordId]) -> Result<HashMap<RecordId, Vec<PhotoId>>, DbError> {
    let mut found: HashMap<RecordId, Vec<PhotoId>> = HashMap::new();
    for chunk in records.chunks(CHUNK) {
        let rows: Vec<(String, String)> = photo::table
            .filter(photo::record_id.eq_any(chunk.iter().map(|id| id.to_string())))
            .filter(photo::position.is_not_null())
            .filter(photo::name.is_null())
            .filter(photo::held_at.is_not_null())
            .order((photo::record_id, photo::position))
            .select((photo::record_id, photo::id))
            .load(conn)?;
        for (record, id) in rows {
            let record = DbError::unless(record.parse().ok(), "photo.record_id")?;
            let id = DbError::unless(id.parse().ok(), "photo.id")?;
            found.entry(record).or_default().push(id);
        }
    }
    Ok(found)
}

type Columns = (
    i64,
    String,
    String,
    String,
    String,
    String,
    Option<String>,
    Option<String>,
    i32,
    String,
    i64,
);

/// What the desk said of models of these communes.
pub fn endings(conn: &mut Conn, communes: &[AreaId]) -> Result<Vec<StoredEnding>, DbError> {
    let mut rows: Vec<Columns> = Vec::new();
    for chunk in communes.chunks(CHUNK) {
        let ids: Vec<i64> = chunk.iter().map(|id| id.0).collect();
        let query = model_ending::table.filter(model_ending::commune_id.eq_any(ids));
        rows.extend(query.load::<Columns>(conn)?);
    }
    let names = people::names(conn, rows.iter().map(|row| row.9.clone()))?;
    rows.into_iter()
        .map(|row| {
            let by = person(&names, &row.9)?;
            stored(row, by)
        })
        .collect()
}

/// Stores what the desk said over `revision`, 0 for nothing; `false` when somebody else was faster.
pub fn end(
    conn: &mut Conn,
    key: &ModelKey,
    revision: u32,
    ending: &Ending,
    by: UserId,
    at: Millis,
) -> Result<bool, DbError> {
    let old = i32::try_from(revision).unwrap_or(i32::MAX);
    let row = model_ending::table.find((key.commune.0, key.category.as_str(), key.name.as_str()));
    let (into_category, into_name) = match &ending.into {
        Some(into) => (Some(into.category.as_str()), Some(into.name.as_str())),
        None => (None, None),
    };
    let said = (
        model_ending::state.eq(ending.state.as_str()),
        model_ending::on_date.eq(ending.on.to_string()),
        model_ending::words.eq(&ending.words),
        model_ending::into_category.eq(into_category),
        model_ending::into_name.eq(into_name),
        model_ending::revision.eq(old.saturating_add(1)),
        model_ending::by_id.eq(by.to_string()),
        model_ending::at.eq(at.0),
    );
    let changed = match revision {
        0 if row.count().get_result::<i64>(conn)? > 0 => 0,
        0 => diesel::insert_into(model_ending::table)
            .values((
                model_ending::commune_id.eq(key.commune.0),
                model_ending::category.eq(&key.category),
                model_ending::name_key.eq(&key.name),
                said,
            ))
            .execute(conn)?,
        _ => diesel::update(row)
            .filter(model_ending::revision.eq(old))
            .set(said)
            .execute(conn)?,
    };
    Ok(changed > 0)
}

/// Takes back what the desk said; `false` when somebody else was faster. The audit keeps what it was.
pub fn reopen(conn: &mut Conn, key: &ModelKey, revision: u32) -> Result<bool, DbError> {
    let old = i32::try_from(revision).unwrap_or(i32::MAX);
    let row = model_ending::table.find((key.commune.0, key.category.as_str(), key.name.as_str()));
    let gone = diesel::delete(row.filter(model_ending::revision.eq(old))).execute(conn)?;
    Ok(gone > 0)
}

fn stored(row: Columns, by: PersonName) -> Result<StoredEnding, DbError> {
    let (commune, category, name, state, on, words, into_category, into_name, revision, _, at) = row;
    let into = into_category.zip(into_name);
    Ok(StoredEnding {
        key: ModelKey {
            commune: AreaId(commune),
            category,
            name,
        },
        ended: ModelEnded {
            ending: Ending {
                state: DbError::unless(ModelState::parse(&state), "model_ending.state")?,
                on: DbError::unless(parse_date(&on), "model_ending.on_date")?,
                words,
                into: into.map(|(category, name)| ModelName { category, name }),
            },
            by,
            at: Millis(at),
        },
        revision: DbError::unless(u32::try_from(revision).ok(), "model_ending.revision")?,
    })
}

#[cfg(test)]
mod tests {
    use super::ACCEPTED;
    use keng_shared::model_register::KINDS;

    #[test]
    fn the_index_holds_every_kind_that_speaks_of_a_model() {
        for kind in KINDS {
            assert!(ACCEPTED.contains(&format!("'{kind}'")), "{kind}");
        }
    }
}
