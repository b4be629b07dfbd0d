//! Patrol routes. An ended one stays stored, as the audit names it.

use super::records::json;
use super::schema_roster::patrol_route;
use super::{CHUNK, Conn, DbError};
use diesel::prelude::*;
use keng_shared::id::{AreaId, PatrolRouteId, UserId};
use keng_shared::patrol_route::{PatrolRoute, RouteTerms};
use keng_shared::text;
use keng_shared::time::Millis;

type Columns = (i64, String, i32, String);
const COLUMNS: (
    patrol_route::id,
    patrol_route::terms,
    patrol_route::revision,
    patrol_route::sort,
) = (
    patrol_route::id,
    patrol_route::terms,
    patrol_route::revision,
    patrol_route::sort,
);

/// Routes of these areas, by name.
pub fn in_areas(conn: &mut Conn, areas: &[AreaId]) -> Result<Vec<PatrolRoute>, DbError> {
    let mut rows: Vec<Columns> = Vec::new();
    for chunk in areas.chunks(CHUNK) {
        let ids: Vec<i64> = chunk.iter().map(|id| id.0).collect();
        let query = patrol_route::table
            .filter(patrol_route::area_id.eq_any(ids))
            .filter(patrol_route::ended_at.is_null())
            .select(COLUMNS);
        rows.extend(query.load::<Columns>(conn)?);
    }
    rows.sort_by(|a, b| (&a.3, a.0).cmp(&(&b.3, b.0)));
    rows.into_iter().map(route_of).collect()
}

/// The route with this id, unless it was ended.
pub fn by_id(conn: &mut Conn, id: PatrolRouteId) -> Result<Option<PatrolRoute>, DbError> {
    let row = patrol_route::table
        .find(id.0)
        .filter(patrol_route::ended_at.is_null())
        .select(COLUMNS)
        .first::<Columns>(conn)
        .optional()?;
    row.map(route_of).transpose()
}

/// As [`by_id`], and nobody else changes it before this transaction ends.
pub fn lock(conn: &mut Conn, id: PatrolRouteId) -> Result<Option<PatrolRoute>, DbError> {
    if let Conn::Postgres(conn) = conn {
        let query = patrol_route::table.find(id.0).select(patrol_route::id);
        query.for_no_key_update().first::<i64>(conn).optional()?;
    }
    by_id(conn, id)
}

/// Stores a route whose terms have been checked.
pub fn insert(
    conn: &mut Conn,
    terms: &RouteTerms,
    by: UserId,
    now: Millis,
) -> Result<PatrolRouteId, DbError> {
    let id: i64 = diesel::insert_into(patrol_route::table)
        .values((
            patrol_route::area_id.eq(terms.area_id.0),
            patrol_route::sort.eq(text::sort_key(&terms.name)),
            patrol_route::terms.eq(written(terms)?),
            patrol_route::revision.eq(1),
            patrol_route::created_by.eq(by.to_string()),
            patrol_route::created_at.eq(now.0),
        ))
        .returning(patrol_route::id)
        .get_result(conn)?;
    Ok(PatrolRouteId(id))
}

/// Replaces the terms of a route; its revision grows by one.
pub fn update(conn: &mut Conn, id: PatrolRouteId, terms: &RouteTerms) -> Result<(), DbError> {
    diesel::update(patrol_route::table.find(id.0))
        .set((
            patrol_route::area_id.eq(terms.area_id.0),
            patrol_route::sort.eq(text::sort_key(&terms.name)),
            patrol_route::terms.eq(written(terms)?),
            patrol_route::revision.eq(patrol_route::revision + 1),
        ))
        .execute(conn)?;
    Ok(())
}

/// Ends a route: phones show it no more.
pub fn end(conn: &mut Conn, id: PatrolRouteId, now: Millis) -> Result<(), DbError> {
    diesel::update(patrol_route::table.find(id.0))
        .set(patrol_route::ended_at.eq(now.0))
        .execute(conn)?;
    Ok(())
}

fn written(terms: &RouteTerms) -> Result<String, DbError> {
    DbError::unless(serde_json::to_string(terms).ok(), "the terms of a route")
}

fn route_of((id, terms, revision, _): Columns) -> Result<PatrolRoute, DbError> {
    Ok(PatrolRoute {
        id: PatrolRouteId(id),
        revision: DbError::unless(u32::try_from(revision).ok(), "patrol_route.revision")?,
        terms: json(&terms, "patrol_route.terms")?,
    })
}
