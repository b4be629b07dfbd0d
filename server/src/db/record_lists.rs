//! Lists of records in the order of their arrival, page by page, and the numbers of the desk.
//!
//! A page costs the same whether there are a thousand records or a million: each list walks one index from where the
//! page before ended. A list over a few communes walks each commune's index and merges the heads; one over many walks
//! all arrivals. A search over several communes tries what arrived last, then the index of words.

use super::flags;
use super::people;
use super::records::{self, StoredRecord};
use super::review_queue::{self, Waiting};
use super::schema_records::record;
use super::{CHUNK, Conn, DbError, record_words};
use diesel::expression::SqlLiteral;
use diesel::prelude::*;
use diesel::sql_types::Untyped;
use keng_shared::api::{RecordCounts, RecordQuery, RecordRow};
use keng_shared::area::AreaTree;
use keng_shared::id::{AreaId, RecordId, TeamId, UserId};
use keng_shared::problem::{FieldCode, FieldError};
use keng_shared::record::{Flag, RecordStatus};
use keng_shared::text;
use keng_shared::time::{LocalDate, Millis};
use std::collections::{BTreeSet, HashMap};

/// Waiting records that a filter is tried on at a time, at least.
const AT_A_TIME: usize = 100;

/// Where to look.
#[derive(Debug, Clone)]
pub enum Place {
    /// One area below a commune.
    Area(AreaId),
    /// Whole communes.
    Communes(Vec<AreaId>),
    /// Somebody's own records and those of the teams that the person leads.
    Reach { author: UserId, teams: Vec<TeamId> },
}

/// What to look for. Everything given must hold.
#[derive(Debug, Clone, Default)]
pub struct Filter {
    pub kind: Option<String>,
    pub status: Option<RecordStatus>,
    pub author: Option<UserId>,
    pub team: Option<TeamId>,
    pub from: Option<LocalDate>,
    pub to: Option<LocalDate>,
    pub flagged: Option<bool>,
    pub flag: Option<Flag>,
    /// A search key: lower case, without marks.
    pub search: Option<String>,
}

/// Longest search text, in characters.
const MAX_SEARCH: usize = 200;

impl Filter {
    /// The filter of a query; its paging is left to the caller.
    pub fn of(query: &RecordQuery) -> Result<Self, FieldError> {
        let search = query.search.as_deref().unwrap_or_default();
        if search.chars().count() > MAX_SEARCH {
            return Err(FieldError::new("search", FieldCode::TooLong).with("max", MAX_SEARCH));
        }
        Ok(Self {
            kind: query.kind.clone(),
            status: query.status,
            author: query.author,
            team: query.team,
            from: query.from,
            to: query.to,
            flagged: query.flagged,
            flag: query.flag,
            search: Some(text::search_key(search)).filter(|key| !key.is_empty()),
        })
    }
}

/// The last item of the page before.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct After {
    pub received_at: Millis,
    pub id: RecordId,
}

/// Which end of a list comes first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum First {
    /// What was received last.
    #[default]
    Newest,
    /// What was received first.
    Oldest,
}

/// Up to `limit` records in the order of their arrival.
pub fn page(
    conn: &mut Conn,
    place: &Place,
    filter: &Filter,
    first: First,
    after: Option<&After>,
    limit: usize,
) -> Result<Vec<StoredRecord>, DbError> {
    if let (Place::Communes(communes), Some(key)) = (place, &filter.search)
        && communes.len() > 1
    {
        return searched(conn, (communes, key), filter, first, after, limit);
    }
    let limit_sql = i64::try_from(limit).unwrap_or(i64::MAX);
    let mut heads: Vec<StoredRecord> = Vec::new();
    for one in place.walks(filter) {
        let query = beyond(narrow(&one, filter), first, after).limit(limit_sql);
        let query = match first {
            First::Newest => query.order((record::received_at.desc(), record::id.desc())),
            First::Oldest => query.order((record::received_at, record::id)),
        };
        heads.extend(query.load::<StoredRecord>(conn)?);
    }
    heads.sort_by(|a, b| (b.received_at, &b.id).cmp(&(a.received_at, &a.id)));
    if first == First::Oldest {
        heads.reverse();
    }
    heads.dedup_by(|a, b| a.id == b.id);
    heads.truncate(limit);
    Ok(heads)
}

/// Ids of those of `only` that are in the place and fit the filter, newest received first.
pub fn chosen(
    conn: &mut Conn,
    place: &Place,
    filter: &Filter,
    only: &[RecordId],
) -> Result<Vec<String>, DbError> {
    let mut found: Vec<(i64, String)> = Vec::new();
    for one in place.indexes() {
        for chunk in only.chunks(CHUNK) {
            let ids: Vec<String> = chunk.iter().map(RecordId::to_string).collect();
            let rows = narrow(&one, filter).filter(record::id.eq_any(ids));
            found.extend(
                rows.select((record::received_at, record::id))
                    .load::<(i64, String)>(conn)?,
            );
        }
    }
    found.sort_unstable_by(|a, b| b.cmp(a));
    found.dedup();
    Ok(found.into_iter().map(|(_, id)| id).collect())
}

/// The records with these ids, newest received first.
pub fn of_ids(conn: &mut Conn, ids: &[String]) -> Result<Vec<StoredRecord>, DbError> {
    let rows = record::table.filter(record::id.eq_any(ids));
    Ok(rows
        .order((record::received_at.desc(), record::id.desc()))
        .load(conn)?)
}

/// Arrivals that a search reads before it asks the index of words: common words fill a page from them.
const NEAR: i64 = 2_000;
/// Arrivals that the index is asked about first, so that words that are common elsewhere need not all be looked at.
const FAR: i64 = 50_000;

/// A page of a search over several communes.
fn searched(
    conn: &mut Conn,
    (communes, key): (&[AreaId], &str),
    filter: &Filter,
    first: First,
    after: Option<&After>,
    limit: usize,
) -> Result<Vec<StoredRecord>, DbError> {
    let limit_sql = i64::try_from(limit).unwrap_or(i64::MAX);
    let end = arrival(conn, first, after, NEAR)?;
    let walk = beyond(narrow(&One::Arrivals(communes.to_vec()), filter), first, after).limit(limit_sql);
    let found: Vec<StoredRecord> = match (first, end) {
        (First::Newest, Some(end)) => walk.filter(record::received_at.ge(end)),
        (First::Oldest, Some(end)) => walk.filter(record::received_at.le(end)),
        (_, None) => walk,
    }
    .order(match first {
        First::Newest => ordered("received_at DESC, id DESC"),
        First::Oldest => ordered("received_at, id"),
    })
    .load(conn)?;
    if found.len() == limit || end.is_none() {
        return Ok(found);
    }
    let start = after.map(|after| after.received_at);
    for reach in [Some(FAR), None] {
        let end = match reach {
            Some(count) => arrival(conn, first, after, count)?.map(Millis),
            None => None,
        };
        let span = match first {
            First::Newest => (end, start),
            First::Oldest => (start, end),
        };
        let one = One::Found(communes.to_vec(), record_words::candidates(conn, key, span));
        let query = beyond(narrow(&one, filter), first, after).limit(limit_sql);
        // A sum is in no index, so that candidates are looked up and put in order instead of walking all arrivals.
        let (query, order) = match first {
            First::Newest => (
                query.filter((record::received_at + 0).ge(end.map_or(i64::MIN, |end| end.0))),
                ordered("received_at + 0 DESC, id DESC"),
            ),
            First::Oldest => (
                query.filter((record::received_at + 0).le(end.map_or(i64::MAX, |end| end.0))),
                ordered("received_at + 0, id"),
            ),
        };
        let found: Vec<StoredRecord> = query.order(order).load(conn)?;
        if found.len() == limit || end.is_none() {
            return Ok(found);
        }
    }
    Ok(Vec::new())
}

fn ordered(columns: &'static str) -> SqlLiteral<Untyped> {
    diesel::dsl::sql(columns)
}

/// When the record arrived that lies so many arrivals behind the end of the page before; `None` if there are not so many.
fn arrival(conn: &mut Conn, first: First, after: Option<&After>, count: i64) -> Result<Option<i64>, DbError> {
    let all = record::table
        .select(record::received_at)
        .offset(count)
        .limit(1)
        .into_boxed();
    let (query, at) = (all, after.map(|after| after.received_at.0));
    let query = match (first, at) {
        (First::Newest, Some(at)) => query.filter(record::received_at.le(at)),
        (First::Oldest, Some(at)) => query.filter(record::received_at.ge(at)),
        (_, None) => query,
    };
    let query = match first {
        First::Newest => query.order((record::received_at.desc(), record::id.desc())),
        First::Oldest => query.order((record::received_at, record::id)),
    };
    Ok(query.first(conn).optional()?)
}

/// Up to `limit` of what waits for review, riskiest first, and where the next page begins.
pub fn riskiest(
    conn: &mut Conn,
    place: &Place,
    filter: &Filter,
    mut after: Option<Waiting>,
    limit: usize,
) -> Result<(Vec<StoredRecord>, Option<Waiting>), DbError> {
    let mut found = Vec::new();
    loop {
        let waiting = review_queue::page(conn, place, after.as_ref(), limit.max(AT_A_TIME))?;
        let is_last = waiting.len() < limit.max(AT_A_TIME);
        let ids: Vec<String> = waiting.iter().map(|waiting| waiting.record_id.clone()).collect();
        let narrowed: Vec<StoredRecord> = narrow(&One::Anywhere, filter)
            .filter(record::id.eq_any(ids))
            .load(conn)?;
        let mut rows: HashMap<String, StoredRecord> =
            narrowed.into_iter().map(|row| (row.id.clone(), row)).collect();
        for waiting in waiting {
            if let Some(row) = rows.remove(&waiting.record_id) {
                found.push(row);
            }
            after = Some(waiting);
            if found.len() == limit {
                return Ok((found, after));
            }
        }
        if is_last {
            return Ok((found, None));
        }
    }
}

/// So many communes are walked one by one; more share one index.
pub(super) const FEW: usize = 16;

impl Place {
    /// The indexes that hold what fits the filter, each in the order of arrival.
    pub(super) fn walks(&self, filter: &Filter) -> Vec<One> {
        // Where few records are in the state, those of the state are read and put in order; otherwise what arrived last
        // is walked until the page is full.
        let is_rare = filter
            .status
            .is_some_and(|status| status != RecordStatus::Accepted);
        match self {
            Self::Area(area) => vec![One::Area(*area)],
            Self::Communes(communes) if communes.len() <= FEW => {
                communes.iter().copied().map(One::Commune).collect()
            }
            Self::Communes(communes) if !is_rare => vec![One::Arrivals(communes.clone())],
            Self::Communes(_) | Self::Reach { .. } => self.indexes(),
        }
    }

    /// As [`Place::indexes`], with the index of words where a search is over several communes.
    pub(super) fn whole(&self, conn: &Conn, filter: &Filter) -> Vec<One> {
        match (self, &filter.search) {
            (Self::Communes(communes), Some(key)) if communes.len() > 1 => {
                let candidates = record_words::candidates(conn, key, (None, None));
                vec![One::Found(communes.clone(), candidates)]
            }
            _ => self.indexes(),
        }
    }

    /// The indexes that hold what lies in the place, for who reads it all and in no order.
    pub(super) fn indexes(&self) -> Vec<One> {
        match self {
            Self::Area(area) => vec![One::Area(*area)],
            Self::Communes(communes) => vec![One::Communes(communes.clone())],
            Self::Reach { author, teams } => std::iter::once(One::Author(*author))
                .chain(teams.iter().copied().map(One::Team))
                .collect(),
        }
    }
}

/// One index to walk.
#[derive(Debug, Clone)]
pub(super) enum One {
    Area(AreaId),
    Commune(AreaId),
    /// The indexes of many communes.
    Communes(Vec<AreaId>),
    /// All arrivals, of which those of many communes count.
    Arrivals(Vec<AreaId>),
    /// What a search may find in many communes, as a condition of [`record_words`].
    Found(Vec<AreaId>, String),
    Author(UserId),
    Team(TeamId),
    /// Where other conditions say so.
    Anywhere,
}

type Backend = <Conn as diesel::Connection>::Backend;
pub(super) type Narrowed = record::BoxedQuery<'static, Backend>;

pub(super) fn narrow(one: &One, filter: &Filter) -> Narrowed {
    let mut query = record::table.into_boxed();
    let ids = |communes: &[AreaId]| communes.iter().map(|id| id.0).collect::<Vec<_>>();
    query = match one {
        One::Area(area) => query.filter(record::area_id.eq(area.0)),
        One::Commune(commune) => query.filter(record::commune_id.eq(commune.0)),
        One::Communes(communes) => query.filter(record::commune_id.eq_any(ids(communes))),
        // A sum is in no index, so that the order of arrival is the one that is walked.
        One::Arrivals(communes) => query.filter((record::commune_id + 0).eq_any(ids(communes))),
        One::Found(communes, candidates) => query
            .filter((record::commune_id + 0).eq_any(ids(communes)))
            .filter(diesel::dsl::sql::<diesel::sql_types::Bool>(candidates)),
        One::Author(author) => query.filter(record::author_id.eq(author.to_string())),
        One::Team(team) => query.filter(record::team_id.eq(team.0)),
        One::Anywhere => query,
    };
    query = match filter.status {
        Some(status) => query.filter(record::status.eq(status.as_str())),
        None => query.filter(record::status.ne(RecordStatus::Withdrawn.as_str())),
    };
    if let Some(kind) = &filter.kind {
        query = query.filter(record::kind.eq(kind.clone()));
    }
    if let Some(author) = filter.author {
        query = query.filter(record::author_id.eq(author.to_string()));
    }
    if let Some(team) = filter.team {
        query = query.filter(record::team_id.eq(team.0));
    }
    if let Some(from) = filter.from {
        query = query.filter(record::local_date.ge(from.to_string()));
    }
    if let Some(to) = filter.to {
        query = query.filter(record::local_date.le(to.to_string()));
    }
    query = match filter.flagged {
        Some(true) => query.filter(record::flags.ne("").or(record::photo_flags.ne(""))),
        Some(false) => query.filter(record::flags.eq("").and(record::photo_flags.eq(""))),
        None => query,
    };
    if let Some(flag) = filter.flag {
        let holds = flags::pattern(flag);
        query = query.filter(
            record::flags
                .like(holds.clone())
                .or(record::photo_flags.like(holds)),
        );
    }
    if let Some(search) = &filter.search {
        // A search key holds letters, digits and spaces only, so nothing in it means something to LIKE. It begins where a
        // word begins; its last word may go on.
        let begins = record::search.like(format!("{search}%"));
        query = query.filter(begins.or(record::search.like(format!("% {search}%"))));
    }
    query
}

/// What comes after the end of the page before. The first condition alone bounds the walk of the index; the second
/// settles ties.
fn beyond(query: Narrowed, first: First, after: Option<&After>) -> Narrowed {
    let Some(after) = after else { return query };
    let (at, id) = (after.received_at.0, after.id.to_string());
    match first {
        First::Newest => query
            .filter(record::received_at.le(at))
            .filter(record::received_at.lt(at).or(record::id.lt(id))),
        First::Oldest => query
            .filter(record::received_at.ge(at))
            .filter(record::received_at.gt(at).or(record::id.gt(id))),
    }
}

/// How many records the pages hold in all; one that several walks meet is counted by each.
pub fn count(conn: &mut Conn, place: &Place, filter: &Filter) -> Result<u64, DbError> {
    let mut sum = 0;
    for one in place.whole(conn, filter) {
        let found: i64 = narrow(&one, filter).count().get_result(conn)?;
        sum += u64::try_from(found).unwrap_or(0);
    }
    Ok(sum)
}

/// Rows as the desk lists them.
pub fn rows(conn: &mut Conn, tree: &AreaTree, stored: Vec<StoredRecord>) -> Result<Vec<RecordRow>, DbError> {
    let ids: BTreeSet<String> = stored.iter().map(|row| row.author_id.clone()).collect();
    let names = people::names(conn, ids)?;
    stored
        .into_iter()
        .map(|row| {
            let count = |value: i32| u32::try_from(value).unwrap_or(0);
            Ok(RecordRow {
                id: row.record_id()?,
                area_id: row.area(),
                area_name: tree
                    .get(row.area())
                    .map(|area| area.name.clone())
                    .unwrap_or_default(),
                team_id: row.team(),
                author: records::person(&names, &row.author_id)?,
                local_date: row.local_date()?,
                started_at: Millis(row.started_at),
                ended_at: row.ended_at.map(Millis),
                status: row.status()?,
                revision: row.revision()?,
                photos: count(row.photos_listed),
                photos_held: count(row.photos_held),
                flags: row.all_flags(),
                received_at: Millis(row.received_at),
                kind: row.kind,
            })
        })
        .collect()
}

/// Numbers of a place; accepted ones since `week`.
pub fn counts(conn: &mut Conn, place: &Place, week: Millis) -> Result<RecordCounts, DbError> {
    let mut sum = RecordCounts::default();
    for one in place.indexes() {
        let mut count = |status: RecordStatus| -> Result<u64, DbError> {
            let filter = Filter {
                status: Some(status),
                ..Filter::default()
            };
            let found: i64 = narrow(&one, &filter).count().get_result(conn)?;
            Ok(u64::try_from(found).unwrap_or(0))
        };
        sum.open += count(RecordStatus::Open)?;
        sum.submitted += count(RecordStatus::Submitted)?;
        sum.returned += count(RecordStatus::Returned)?;
        sum.accepted_week += accepted_since(conn, &one, week)?;
    }
    Ok(sum)
}

/// The state is written into the query, not bound: only so may the partial index `record_accepted` be used.
fn accepted_since(conn: &mut Conn, one: &One, since: Millis) -> Result<u64, DbError> {
    let found: i64 = narrow(one, &Filter::default())
        .filter(diesel::dsl::sql::<diesel::sql_types::Bool>("status = 'accepted'"))
        .filter(record::review_at.ge(since.0))
        .count()
        .get_result(conn)?;
    Ok(u64::try_from(found).unwrap_or(0))
}

/// Ids of the author's records of one local date.
pub fn ids_of_date(conn: &mut Conn, author: UserId, date: LocalDate) -> Result<Vec<String>, DbError> {
    Ok(record::table
        .filter(record::author_id.eq(author.to_string()))
        .filter(record::local_date.eq(date.to_string()))
        .filter(record::status.ne(RecordStatus::Withdrawn.as_str()))
        .order(record::id)
        .select(record::id)
        .load(conn)?)
}
