//! Agencies, enterprises and schools that hang on an area.

use super::schema::org_unit;
use super::{Conn, DbError, areas};
use diesel::prelude::*;
use keng_shared::api::{NewUnit, UnitKind, UnitView};
use keng_shared::id::{AreaId, UnitId};
use keng_shared::text;
use keng_shared::time::Millis;

type Columns = (i64, String, String, i64, Option<String>, Option<String>);
const COLUMNS: (
    org_unit::id,
    org_unit::kind,
    org_unit::name,
    org_unit::area_id,
    org_unit::valid_from,
    org_unit::valid_to,
) = (
    org_unit::id,
    org_unit::kind,
    org_unit::name,
    org_unit::area_id,
    org_unit::valid_from,
    org_unit::valid_to,
);

/// Units of one area, in Vietnamese order.
pub fn of_area(conn: &mut Conn, area: AreaId) -> Result<Vec<UnitView>, DbError> {
    org_unit::table
        .filter(org_unit::area_id.eq(area.0))
        .order((org_unit::sort, org_unit::id))
        .select(COLUMNS)
        .load::<Columns>(conn)?
        .into_iter()
        .map(unit_of)
        .collect()
}

/// The id of the unit with this name in this area.
pub fn by_name(conn: &mut Conn, area: AreaId, name: &str) -> Result<Option<UnitId>, DbError> {
    let id = org_unit::table
        .filter(org_unit::area_id.eq(area.0))
        .filter(org_unit::name.eq(name))
        .select(org_unit::id)
        .first::<i64>(conn)
        .optional()?;
    Ok(id.map(UnitId))
}

/// Stores a unit whose fields have been checked.
pub fn insert(conn: &mut Conn, area: AreaId, new: &NewUnit, now: Millis) -> Result<UnitId, DbError> {
    let id = diesel::insert_into(org_unit::table)
        .values((
            org_unit::kind.eq(new.kind.as_str()),
            org_unit::name.eq(&new.name),
            org_unit::search.eq(text::search_key(&new.name)),
            org_unit::sort.eq(text::sort_key(&new.name)),
            org_unit::area_id.eq(area.0),
            org_unit::valid_from.eq(new.valid_from.map(|date| date.to_string())),
            org_unit::valid_to.eq(new.valid_to.map(|date| date.to_string())),
            org_unit::created_at.eq(now.0),
        ))
        .returning(org_unit::id)
        .get_result::<i64>(conn)?;
    Ok(UnitId(id))
}

fn unit_of((id, kind, name, area_id, valid_from, valid_to): Columns) -> Result<UnitView, DbError> {
    Ok(UnitView {
        id: UnitId(id),
        kind: DbError::unless(UnitKind::parse(&kind), "org_unit.kind")?,
        name,
        area_id: AreaId(area_id),
        valid_from: areas::date(valid_from)?,
        valid_to: areas::date(valid_to)?,
    })
}
