//! How old areas became new ones.

use super::schema::area_succession;
use super::{CHUNK, Conn, DbError, areas};
use diesel::prelude::*;
use keng_shared::api::{Resolved, Successor};
use keng_shared::area::{Area, AreaTree, Succession, SuccessionRelation};
use keng_shared::id::AreaId;
use keng_shared::text;
use keng_shared::time::LocalDate;

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

/// Most generations that a question for successors follows.
const MAX_GENERATIONS: usize = 20;

/// What the area that had a code on `as_of` is on another date: one area, or several after a split. `None` when no
/// area has had the code.
pub fn resolve(
    conn: &mut Conn,
    tree: &AreaTree,
    code: &str,
    as_of: Option<LocalDate>,
    on: LocalDate,
) -> Result<Option<Resolved>, DbError> {
    let Some(asked) = with_code(tree, code, as_of) else {
        return Ok(None);
    };
    let mut now: Vec<Successor> = Vec::new();
    let mut open = vec![(asked.clone(), SuccessionRelation::Unchanged)];
    for _ in 0..MAX_GENERATIONS {
        let mut later = Vec::new();
        for (area, relation) in open {
            if area.is_valid_on(on) {
                if !now.iter().any(|known| known.area.id == area.id) {
                    now.push(Successor { area, relation });
                }
                continue;
            }
            for step in of_old(conn, area.id)? {
                if let Some(next) = tree.get(step.new).filter(|_| step.effective <= on) {
                    later.push((next.clone(), joined(relation, step.relation)));
                }
            }
        }
        open = later;
        if open.is_empty() {
            break;
        }
    }
    now.sort_by_cached_key(|successor| (text::sort_key(&successor.area.name), successor.area.id));
    let asked = asked.clone();
    Ok(Some(Resolved { asked, now }))
}

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

/// What became of these areas, and of what they became, generation after generation.
pub fn onward(conn: &mut Conn, olds: &[AreaId]) -> Result<Vec<Succession>, DbError> {
    let mut found: Vec<Succession> = Vec::new();
    let mut open: Vec<AreaId> = olds.to_vec();
    for _ in 0..MAX_GENERATIONS {
        let mut later: Vec<AreaId> = Vec::new();
        for chunk in open.chunks(CHUNK) {
            let rows: Vec<Columns> = area_succession::table
                .filter(area_succession::old_id.eq_any(chunk.iter().map(|id| id.0)))
                .order((area_succession::old_id, area_succession::new_id))
                .select(COLUMNS)
                .load(conn)?;
            for row in rows {
                let step = succession_of(row)?;
                if !found.contains(&step) {
                    later.push(step.new);
                    found.push(step);
                }
            }
        }
        if later.is_empty() {
            break;
        }
        open = later;
    }
    Ok(found)
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

/// The successions that lead to these areas, directly or through others.
pub fn leading_to(conn: &mut Conn, areas: &[AreaId]) -> Result<Vec<Succession>, DbError> {
    let mut found: Vec<Succession> = Vec::new();
    let mut open: Vec<i64> = areas.iter().map(|id| id.0).collect();
    for _ in 0..MAX_GENERATIONS {
        let mut rows: Vec<Columns> = Vec::new();
        for chunk in open.chunks(CHUNK) {
            let query = area_succession::table.filter(area_succession::new_id.eq_any(chunk.iter().copied()));
            rows.extend(query.select(COLUMNS).load::<Columns>(conn)?);
        }
        open.clear();
        for row in rows {
            let step = succession_of(row)?;
            if step.old != step.new && !found.contains(&step) {
                open.push(step.old.0);
                found.push(step);
            }
        }
        if open.is_empty() {
            break;
        }
    }
    Ok(found)
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

/// The area that had the code on the date. Without a date an *old* area is meant when there is one: nobody asks what
/// has become of an area that goes on.
fn with_code<'a>(tree: &'a AreaTree, code: &str, as_of: Option<LocalDate>) -> Option<&'a Area> {
    let mut candidates: Vec<&Area> = tree
        .iter()
        .filter(|area| area.code.as_deref() == Some(code.trim()))
        .filter(|area| as_of.is_none_or(|date| area.is_valid_on(date)))
        .collect();
    candidates.sort_by_key(|area| (area.valid_to.is_none(), std::cmp::Reverse(area.valid_to), area.id));
    candidates.first().copied()
}

/// A part of a whole is a part; a whole of something unchanged is a whole.
fn joined(before: SuccessionRelation, step: SuccessionRelation) -> SuccessionRelation {
    match (before, step) {
        (SuccessionRelation::Partial, _) | (_, SuccessionRelation::Partial) => SuccessionRelation::Partial,
        (SuccessionRelation::Unchanged, step) => step,
        (SuccessionRelation::Whole, _) => SuccessionRelation::Whole,
    }
}
