//! Cases of incidents, and pairs of reports that an officer compared.

use super::cameras::user;
use super::people;
use super::record_lists::Place;
use super::records::person;
use super::schema_incidents::{case_pair, incident_case};
use super::schema_records::record;
use super::{CHUNK, Conn, DbError};
use crate::both;
use diesel::dsl::sql;
use diesel::prelude::*;
use diesel::sql_types::Bool;
use keng_shared::api::{CaseRow, SameEvent};
use keng_shared::area::AreaTree;
use keng_shared::geo::LatLon;
use keng_shared::id::{AreaId, CameraId, RecordId, UserId};
use keng_shared::incident::case::{CaseState, PlaceOf};
use keng_shared::incident::near::{Report, WITHIN_MS};
use keng_shared::incident::{Category, Severity};
use keng_shared::time::Millis;
use std::collections::{HashMap, HashSet};

/// A row of [`incident_case`], column by column.
#[derive(Debug, Clone, PartialEq, Queryable, Insertable, AsChangeset, Identifiable)]
#[diesel(table_name = incident_case, primary_key(record_id), treat_none_as_null = true)]
pub struct StoredCase {
    pub record_id: String,
    pub commune_id: i64,
    pub area_id: i64,
    pub category: String,
    pub severity: String,
    pub state: String,
    pub revision: i32,
    pub place: String,
    pub lat_e7: Option<i32>,
    pub lon_e7: Option<i32>,
    pub place_of: String,
    pub camera_id: Option<i64>,
    pub happened_at: i64,
    pub received_at: i64,
    pub due_at: i64,
    pub assignee_id: Option<String>,
    pub changed_at: i64,
}

impl StoredCase {
    pub fn record(&self) -> Result<RecordId, DbError> {
        DbError::unless(self.record_id.parse().ok(), "incident_case.record_id")
    }

    pub fn area(&self) -> AreaId {
        AreaId(self.area_id)
    }

    pub fn commune(&self) -> AreaId {
        AreaId(self.commune_id)
    }

    pub fn state(&self) -> Result<CaseState, DbError> {
        DbError::unless(CaseState::parse(&self.state), "incident_case.state")
    }

    pub fn category(&self) -> Result<Category, DbError> {
        DbError::unless(Category::parse(&self.category), "incident_case.category")
    }

    pub fn severity(&self) -> Result<Severity, DbError> {
        DbError::unless(Severity::parse(&self.severity), "incident_case.severity")
    }

    pub fn revision(&self) -> Result<u32, DbError> {
        DbError::unless(u32::try_from(self.revision).ok(), "incident_case.revision")
    }

    pub fn assignee(&self) -> Result<Option<UserId>, DbError> {
        user(self.assignee_id.as_deref(), "incident_case.assignee_id")
    }

    pub fn camera(&self) -> Option<CameraId> {
        self.camera_id.map(CameraId)
    }

    pub fn position(&self) -> Option<LatLon> {
        Some(LatLon {
            lat_e7: self.lat_e7?,
            lon_e7: self.lon_e7?,
        })
    }

    /// Who says where it happened.
    pub fn place_of(&self) -> Result<PlaceOf, DbError> {
        DbError::unless(PlaceOf::parse(&self.place_of), "incident_case.place_of")
    }

    /// It happened there, as somebody says.
    pub fn put_at(&mut self, position: Option<LatLon>, place_of: PlaceOf) {
        self.lat_e7 = position.map(|at| at.lat_e7);
        self.lon_e7 = position.map(|at| at.lon_e7);
        self.place_of = place_of.as_str().to_owned();
    }

    /// What is compared with other reports.
    pub fn report(&self) -> Result<Report, DbError> {
        Ok(Report {
            category: self.category()?,
            at: Millis(self.happened_at),
            position: self.position(),
            area: self.area(),
        })
    }
}

/// The case of this record.
pub fn find(conn: &mut Conn, id: RecordId) -> Result<Option<StoredCase>, DbError> {
    Ok(incident_case::table.find(id.to_string()).first(conn).optional()?)
}

/// As [`find`], and nobody else changes the case before this transaction ends. The record is locked first.
pub fn lock(conn: &mut Conn, id: RecordId) -> Result<Option<StoredCase>, DbError> {
    let query = incident_case::table.find(id.to_string());
    let found = match conn {
        Conn::Postgres(conn) => query.for_update().first(conn).optional(),
        Conn::Sqlite(conn) => query.first(conn).optional(),
    };
    Ok(found?)
}

/// Stores a new case.
pub fn insert(conn: &mut Conn, row: &StoredCase) -> Result<(), DbError> {
    diesel::insert_into(incident_case::table)
        .values(row)
        .execute(conn)?;
    Ok(())
}

/// Writes every column of a case that exists.
pub fn update(conn: &mut Conn, row: &StoredCase) -> Result<(), DbError> {
    diesel::update(incident_case::table.find(&row.record_id))
        .set(row)
        .execute(conn)?;
    Ok(())
}

/// States of the cases of these records.
pub fn states(conn: &mut Conn, ids: &[&str]) -> Result<HashMap<String, CaseState>, DbError> {
    let mut found = HashMap::new();
    for chunk in ids.chunks(CHUNK) {
        let rows: Vec<(String, String)> = incident_case::table
            .filter(incident_case::record_id.eq_any(chunk))
            .select((incident_case::record_id, incident_case::state))
            .load(conn)?;
        for (id, state) in rows {
            found.insert(
                id,
                DbError::unless(CaseState::parse(&state), "incident_case.state")?,
            );
        }
    }
    Ok(found)
}

/// What to look for. Everything given must hold.
#[derive(Debug, Clone, Default)]
pub struct Filter {
    pub state: Option<CaseState>,
    pub assignee: Option<UserId>,
    /// When the last case of the page before was received, and its id.
    pub after: Option<(Millis, RecordId)>,
}

type Backend = <Conn as diesel::Connection>::Backend;

/// Up to `limit` cases of a place, the latest received first. Each commune's index is walked and the heads are merged.
pub fn page(
    conn: &mut Conn,
    place: &Place,
    filter: &Filter,
    limit: usize,
) -> Result<Vec<StoredCase>, DbError> {
    let mut heads: Vec<StoredCase> = Vec::new();
    let limit_sql = i64::try_from(limit).unwrap_or(i64::MAX);
    let walks: Vec<incident_case::BoxedQuery<'static, Backend>> = match place {
        Place::Area(area) => vec![
            incident_case::table
                .into_boxed()
                .filter(incident_case::area_id.eq(area.0)),
        ],
        Place::Communes(communes) => communes
            .iter()
            .map(|commune| {
                incident_case::table
                    .into_boxed()
                    .filter(incident_case::commune_id.eq(commune.0))
            })
            .collect(),
        Place::Reach { .. } => Vec::new(),
    };
    for mut query in walks {
        if let Some(state) = filter.state {
            query = query.filter(incident_case::state.eq(state.as_str()));
        }
        if let Some(assignee) = filter.assignee {
            query = query.filter(incident_case::assignee_id.eq(assignee.to_string()));
        }
        if let Some((at, id)) = filter.after {
            query = query.filter(incident_case::received_at.le(at.0)).filter(
                incident_case::received_at
                    .lt(at.0)
                    .or(incident_case::record_id.lt(id.to_string())),
            );
        }
        heads.extend(
            query
                .order((incident_case::received_at.desc(), incident_case::record_id.desc()))
                .limit(limit_sql)
                .load::<StoredCase>(conn)?,
        );
    }
    heads.sort_by(|a, b| (b.received_at, &b.record_id).cmp(&(a.received_at, &a.record_id)));
    heads.truncate(limit);
    Ok(heads)
}

/// Cases of the commune that began within the time of near-duplicates and were not withdrawn; at most 200.
pub fn around(conn: &mut Conn, of: &StoredCase) -> Result<Vec<StoredCase>, DbError> {
    Ok(incident_case::table
        .filter(incident_case::commune_id.eq(of.commune_id))
        .filter(incident_case::happened_at.ge(of.happened_at.saturating_sub(WITHIN_MS)))
        .filter(incident_case::happened_at.le(of.happened_at.saturating_add(WITHIN_MS)))
        .filter(incident_case::category.eq(&of.category))
        .filter(incident_case::state.ne(CaseState::Withdrawn.as_str()))
        .filter(incident_case::record_id.ne(&of.record_id))
        .order((incident_case::happened_at, incident_case::record_id))
        .limit(200)
        .load(conn)?)
}

/// Cases of these communes that began between two times and were not withdrawn, the latest first; at most `limit`.
pub fn begun_between(
    conn: &mut Conn,
    communes: &[i64],
    from: i64,
    to: i64,
    limit: i64,
) -> Result<Vec<StoredCase>, DbError> {
    let mut found: Vec<StoredCase> = Vec::new();
    for chunk in communes.chunks(CHUNK) {
        let query = incident_case::table
            .filter(incident_case::commune_id.eq_any(chunk))
            .filter(incident_case::happened_at.ge(from))
            .filter(incident_case::happened_at.le(to))
            .filter(incident_case::state.ne(CaseState::Withdrawn.as_str()))
            .order((incident_case::happened_at.desc(), incident_case::record_id))
            .limit(limit);
        found.extend(query.load::<StoredCase>(conn)?);
    }
    Ok(found)
}

/// Pairs of reports that officers have judged, as far as the first of them is one of these.
pub fn judged_pairs(conn: &mut Conn, ids: &[&str]) -> Result<HashSet<(String, String)>, DbError> {
    let mut pairs = HashSet::new();
    for chunk in ids.chunks(CHUNK) {
        let found = case_pair::table
            .filter(case_pair::first_id.eq_any(chunk))
            .select((case_pair::first_id, case_pair::second_id));
        pairs.extend(found.load::<(String, String)>(conn)?);
    }
    Ok(pairs)
}

/// The condition of the index `incident_case_open`, word by word.
const OPEN: &str = "state IN ('received', 'verifying')";

/// Cases that wait to be dealt with and are due at this time or later, locked.
pub fn due_from(conn: &mut Conn, at: Millis) -> Result<Vec<StoredCase>, DbError> {
    let query = incident_case::table
        .filter(sql::<Bool>(OPEN))
        .filter(incident_case::due_at.ge(at.0))
        .order(incident_case::record_id);
    Ok(match conn {
        Conn::Postgres(conn) => query.for_update().load(conn)?,
        Conn::Sqlite(conn) => query.load(conn)?,
    })
}

/// These cases.
pub fn by_ids(conn: &mut Conn, ids: &[RecordId]) -> Result<Vec<StoredCase>, DbError> {
    Ok(incident_case::table
        .filter(incident_case::record_id.eq_any(ids.iter().map(ToString::to_string)))
        .order(incident_case::happened_at)
        .load(conn)?)
}

/// What officers said about this report and others.
pub fn compared(conn: &mut Conn, id: RecordId) -> Result<HashMap<RecordId, SameEvent>, DbError> {
    let id = id.to_string();
    let rows: Vec<(String, String, String)> = case_pair::table
        .filter(case_pair::first_id.eq(&id).or(case_pair::second_id.eq(&id)))
        .select((case_pair::first_id, case_pair::second_id, case_pair::verdict))
        .load(conn)?;
    rows.into_iter()
        .map(|(first, second, verdict)| {
            let other = if first == id { second } else { first };
            Ok((
                DbError::unless(other.parse().ok(), "case_pair.first_id")?,
                DbError::unless(SameEvent::parse(&verdict), "case_pair.verdict")?,
            ))
        })
        .collect()
}

/// Remembers what an officer said about two reports; the last word counts.
pub fn compare(
    conn: &mut Conn,
    pair: (RecordId, RecordId),
    verdict: SameEvent,
    by: UserId,
    at: Millis,
) -> Result<(), DbError> {
    let (first, second) = (pair.0.min(pair.1).to_string(), pair.0.max(pair.1).to_string());
    both!(conn, |conn| diesel::insert_into(case_pair::table)
        .values((
            case_pair::first_id.eq(&first),
            case_pair::second_id.eq(&second),
            case_pair::verdict.eq(verdict.as_str()),
            case_pair::by_id.eq(by.to_string()),
            case_pair::at.eq(at.0),
        ))
        .on_conflict((case_pair::first_id, case_pair::second_id))
        .do_update()
        .set((
            case_pair::verdict.eq(verdict.as_str()),
            case_pair::by_id.eq(by.to_string()),
            case_pair::at.eq(at.0),
        ))
        .execute(conn))?;
    Ok(())
}

/// Cases as staff list them, in the given order. `sees_cameras` says in which areas the reader may know where cameras
/// hang; elsewhere a position that is a camera's is left out.
pub fn views(
    conn: &mut Conn,
    tree: &AreaTree,
    rows: Vec<StoredCase>,
    sees_cameras: impl Fn(AreaId) -> bool,
) -> Result<Vec<CaseRow>, DbError> {
    let mut records: HashMap<String, (String, String, i32)> = HashMap::new();
    let ids: Vec<&String> = rows.iter().map(|row| &row.record_id).collect();
    for chunk in ids.chunks(CHUNK) {
        let found: Vec<(String, String, String, i32)> = record::table
            .filter(record::id.eq_any(chunk.iter().copied()))
            .select((record::id, record::kind, record::author_id, record::photos_listed))
            .load(conn)?;
        records.extend(
            found
                .into_iter()
                .map(|(id, kind, author, photos)| (id, (kind, author, photos))),
        );
    }
    let people_ids = records
        .values()
        .map(|(_, author, _)| author.clone())
        .chain(rows.iter().filter_map(|row| row.assignee_id.clone()));
    let names = people::names(conn, people_ids.collect::<Vec<_>>())?;
    rows.into_iter()
        .map(|row| {
            let (kind, author, photos) = DbError::unless(records.get(&row.record_id).cloned(), "record")?;
            let place_of = row.place_of()?;
            let is_hidden = place_of == PlaceOf::Camera && !sees_cameras(row.area());
            Ok(CaseRow {
                record_id: row.record()?,
                kind,
                area_id: row.area(),
                area_name: tree
                    .get(row.area())
                    .map(|area| area.name.clone())
                    .unwrap_or_default(),
                category: row.category()?,
                severity: row.severity()?,
                state: row.state()?,
                revision: row.revision()?,
                position: row.position().filter(|_| !is_hidden),
                place_of,
                happened_at: Millis(row.happened_at),
                received_at: Millis(row.received_at),
                due_at: Millis(row.due_at),
                assignee: row
                    .assignee_id
                    .as_deref()
                    .map(|id| person(&names, id))
                    .transpose()?,
                author: person(&names, &author)?,
                photos: u32::try_from(photos).unwrap_or(0),
                near: 0,
                place: row.place,
            })
        })
        .collect()
}
