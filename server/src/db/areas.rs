//! The area tree as it is stored.

use super::schema::{area, area_edge, setting};
use super::{Conn, DbError};
use diesel::prelude::*;
use keng_shared::area::{Area, AreaEdge, AreaKind, AreaTree};
use keng_shared::geo::LatLon;
use keng_shared::id::AreaId;
use keng_shared::time::LocalDate;

const TREE_VERSION: &str = "tree_version";
/// Most areas that a search finds; a person who sees more wants another word.
const MAX_FOUND: i64 = 2_000;

/// Columns of [`area`] that make an [`Area`].
pub type AreaColumns = (
    i64,
    String,
    Option<String>,
    String,
    Option<String>,
    Option<String>,
    Option<i32>,
    Option<i32>,
);

/// What to select for [`AreaColumns`].
pub const AREA_COLUMNS: (
    area::id,
    area::kind,
    area::code,
    area::name,
    area::valid_from,
    area::valid_to,
    area::centre_lat_e7,
    area::centre_lon_e7,
) = (
    area::id,
    area::kind,
    area::code,
    area::name,
    area::valid_from,
    area::valid_to,
    area::centre_lat_e7,
    area::centre_lon_e7,
);

/// The area of a row.
pub fn area_of(row: AreaColumns) -> Result<Area, DbError> {
    let (id, kind, code, name, valid_from, valid_to, lat_e7, lon_e7) = row;
    Ok(Area {
        id: AreaId(id),
        kind: DbError::unless(AreaKind::parse(&kind), "area.kind")?,
        code,
        name,
        valid_from: date(valid_from)?,
        valid_to: date(valid_to)?,
        centre: lat_e7
            .zip(lon_e7)
            .map(|(lat_e7, lon_e7)| LatLon { lat_e7, lon_e7 }),
    })
}

/// A date column.
pub fn date(text: Option<String>) -> Result<Option<LocalDate>, DbError> {
    text.map(|text| DbError::unless(text.parse().ok(), "a date"))
        .transpose()
}

/// The whole tree, all dates.
pub fn load_tree(conn: &mut Conn) -> Result<AreaTree, DbError> {
    let areas = area::table
        .select(AREA_COLUMNS)
        .load::<AreaColumns>(conn)?
        .into_iter()
        .map(area_of)
        .collect::<Result<_, _>>()?;
    let edges = area_edge::table
        .select((
            area_edge::child_id,
            area_edge::parent_id,
            area_edge::valid_from,
            area_edge::valid_to,
        ))
        .load::<(i64, i64, Option<String>, Option<String>)>(conn)?
        .into_iter()
        .map(|(child, parent, from, to)| {
            Ok::<_, DbError>(AreaEdge {
                child: AreaId(child),
                parent: AreaId(parent),
                valid_from: date(from)?,
                valid_to: date(to)?,
            })
        })
        .collect::<Result<_, _>>()?;
    Ok(AreaTree::new(areas, edges))
}

/// Areas whose name or code holds these words (a search key), at most [`MAX_FOUND`]; whatever their dates.
pub fn search(conn: &mut Conn, key: &str) -> Result<Vec<AreaId>, DbError> {
    // A search key has only letters, digits and spaces, so nothing in it means anything to LIKE.
    let ids = area::table
        .filter(area::search.like(format!("%{key}%")))
        .order((area::sort, area::id))
        .limit(MAX_FOUND)
        .select(area::id)
        .load::<i64>(conn)?;
    Ok(ids.into_iter().map(AreaId).collect())
}

/// A number that grows with every change of an area or an edge.
pub fn tree_version(conn: &mut Conn) -> Result<i64, DbError> {
    let text: String = setting::table
        .find(TREE_VERSION)
        .select(setting::value)
        .first(conn)?;
    DbError::unless(text.parse().ok(), TREE_VERSION)
}

/// Says that the tree has changed. Call it in the job that changes an area or an edge.
pub fn bump_tree_version(conn: &mut Conn) -> Result<(), DbError> {
    let next = tree_version(conn)? + 1;
    diesel::update(setting::table.find(TREE_VERSION))
        .set(setting::value.eq(next.to_string()))
        .execute(conn)?;
    Ok(())
}
