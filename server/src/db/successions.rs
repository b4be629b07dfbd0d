//! How old areas became new ones.

use super::schema::area_succession;
use super::{Conn, DbError, areas};
use diesel::prelude::*;
use keng_shared::area::{Succession, SuccessionRelation};
use keng_shared::id::AreaId;

type Columns = (i64, i64, String, String);
const COLUMNS: (
    area_succession::old_id,
    area_succession::new_id,
    area_succession::relation,
    area_succession::effective,
) = (
    area_succession::old_id,
    area_succession::new_id,
    area_succession::relation,
    area_succession::effective,
);

/// What became of an area: the rows that name it as the old one.
pub fn of_old(conn: &mut Conn, old: AreaId) -> Result<Vec<Succession>, DbError> {
    area_succession::table
        .filter(area_succession::old_id.eq(old.0))
        .order(area_succession::new_id)
        .select(COLUMNS)
        .load::<Columns>(conn)?
        .into_iter()
        .map(succession_of)
        .collect()
}

/// Stores that `old` became `new`.
pub fn insert(conn: &mut Conn, succession: &Succession) -> Result<(), DbError> {
    diesel::insert_into(area_succession::table)
        .values((
            area_succession::old_id.eq(succession.old.0),
            area_succession::new_id.eq(succession.new.0),
            area_succession::relation.eq(relation_text(succession.relation)),
            area_succession::effective.eq(succession.effective.to_string()),
        ))
        .execute(conn)?;
    Ok(())
}

/// Changes how and when `old` became `new`.
pub fn update(conn: &mut Conn, succession: &Succession) -> Result<(), DbError> {
    let row = area_succession::table
        .filter(area_succession::old_id.eq(succession.old.0))
        .filter(area_succession::new_id.eq(succession.new.0));
    diesel::update(row)
        .set((
            area_succession::relation.eq(relation_text(succession.relation)),
            area_succession::effective.eq(succession.effective.to_string()),
        ))
        .execute(conn)?;
    Ok(())
}

fn succession_of((old, new, relation, effective): Columns) -> Result<Succession, DbError> {
    let relation = match relation.as_str() {
        "whole" => Some(SuccessionRelation::Whole),
        "partial" => Some(SuccessionRelation::Partial),
        "unchanged" => Some(SuccessionRelation::Unchanged),
        _ => None,
    };
    Ok(Succession {
        old: AreaId(old),
        new: AreaId(new),
        relation: DbError::unless(relation, "area_succession.relation")?,
        effective: DbError::unless(areas::date(Some(effective))?, "area_succession.effective")?,
    })
}

fn relation_text(relation: SuccessionRelation) -> &'static str {
    match relation {
        SuccessionRelation::Whole => "whole",
        SuccessionRelation::Partial => "partial",
        SuccessionRelation::Unchanged => "unchanged",
    }
}
