//! The stored tree and what an import has made of it so far.

use super::known::Known;
use super::{Mode, Outcome, Reach, Terms};
use crate::db::schema::{area, area_edge};
use crate::db::{Conn, DbError, areas, successions};
use crate::import::{AreaRow, ParentRef, SuccessionRow};
use diesel::prelude::*;
use keng_shared::area::{Area, AreaEdge, AreaKind, Succession};
use keng_shared::id::AreaId;
use keng_shared::problem::{FieldCode, FieldError};
use keng_shared::text;
use keng_shared::time::{LocalDate, Millis};
use std::collections::HashSet;

/// The tree as it is and as the import has made it so far. In a dry run new areas have negative ids.
pub(super) struct Work<'a> {
    terms: &'a Terms,
    known: Known,
    touched: HashSet<AreaId>,
    made: i64,
}

pub(super) type RowOutcome = Result<Result<Outcome, FieldError>, DbError>;

/// Ends a row's work with a refusal.
macro_rules! accept {
    ($result:expr) => {
        match $result {
            Ok(value) => value,
            Err(error) => return Ok(Err(error)),
        }
    };
}

impl<'a> Work<'a> {
    pub(super) fn begin(conn: &mut Conn, terms: &'a Terms) -> Result<Self, DbError> {
        Ok(Self {
            terms,
            known: Known::of(&areas::load_tree(conn)?),
            touched: HashSet::new(),
            made: 0,
        })
    }

    pub(super) fn area(&mut self, conn: &mut Conn, row: &AreaRow) -> RowOutcome {
        let mut parents = Vec::new();
        for parent in &row.parents {
            parents.push(accept!(self.parent(row, parent)));
        }
        // Everything is checked before anything is written: a refused row leaves nothing behind.
        let stored = accept!(self.stored(row, &parents));
        match &stored {
            Some(area) if self.touched.contains(&area.id) => {
                return Ok(Err(FieldError::new("code", FieldCode::Duplicate)));
            }
            Some(_) => {}
            None => accept!(self.may_create(row, &parents)),
        }
        let edges = accept!(self.new_edges(row, stored.as_ref(), &parents));
        let (id, mut outcome) = match stored {
            Some(stored) => (stored.id, self.update(conn, &stored, row)?),
            None => (self.create(conn, row)?, Outcome::Created),
        };
        self.touched.insert(id);
        for (parent, (valid_from, valid_to)) in edges {
            let edge = AreaEdge {
                child: id,
                parent,
                valid_from,
                valid_to,
            };
            if self.terms.mode == Mode::Write {
                insert_edge(conn, &edge)?;
            }
            self.known.push_edge(edge);
            outcome = outcome.max(Outcome::Updated);
        }
        Ok(Ok(outcome))
    }

    /// The area above: on its own date, or on the day nearest to `as_of` on which the row's area exists.
    fn parent(&self, row: &AreaRow, parent: &ParentRef) -> Result<AreaId, FieldError> {
        let on = parent
            .on
            .unwrap_or_else(|| nearest(self.terms.as_of, row.valid_from, row.valid_to));
        let found = self
            .known
            .with_code(&parent.code)
            .find(|area| area.kind < row.kind && area.is_valid_on(on))
            .map(|area| area.id)
            .filter(|id| self.is_in_reach(*id));
        found.ok_or_else(|| {
            FieldError::new("parent_code", FieldCode::NoSuchObject)
                .with("code", &parent.code)
                .with("on", on)
        })
    }

    /// The stored area that the row is about.
    fn stored(&self, row: &AreaRow, parents: &[AreaId]) -> Result<Option<Area>, FieldError> {
        let dated = row.valid_from.is_some() || row.valid_to.is_some();
        let is_meant = |area: &&Area| {
            let on_date = if dated {
                overlap((area.valid_from, area.valid_to), (row.valid_from, row.valid_to)).is_some()
            } else {
                area.is_valid_on(self.terms.as_of)
            };
            let is_there = row.code.is_some() || self.is_child_of(area.id, parents);
            area.kind == row.kind && on_date && is_there
        };
        let (first, second) = match &row.code {
            Some(code) => two(self.known.with_code(code).filter(is_meant)),
            None => two(self.known.named(&row.name).filter(is_meant)),
        };
        if second.is_some() {
            return Err(FieldError::new("code", FieldCode::Duplicate));
        }
        match first {
            Some(area) if !self.is_in_reach(area.id) => Err(FieldError::new("code", FieldCode::NoSuchObject)),
            found => Ok(found.cloned()),
        }
    }

    /// A new root of the tree may only come from somebody who may touch everything, and a code that is taken on some
    /// of the days wants dates.
    fn may_create(&self, row: &AreaRow, parents: &[AreaId]) -> Result<(), FieldError> {
        if parents.is_empty() && !matches!(self.terms.reach, Reach::Everything) {
            return Err(FieldError::new("parent_code", FieldCode::Required));
        }
        let taken = row.code.as_ref().is_some_and(|code| {
            self.known.with_code(code).any(|area| {
                area.kind == row.kind
                    && overlap((area.valid_from, area.valid_to), (row.valid_from, row.valid_to)).is_some()
            })
        });
        if taken {
            return Err(FieldError::new("valid_from", FieldCode::Required));
        }
        Ok(())
    }

    fn create(&mut self, conn: &mut Conn, row: &AreaRow) -> Result<AreaId, DbError> {
        let id = match self.terms.mode {
            Mode::DryRun => {
                self.made -= 1;
                AreaId(self.made)
            }
            Mode::Write => insert_area(conn, row, self.terms.now)?,
        };
        self.known.push(Area {
            id,
            kind: row.kind,
            code: row.code.clone(),
            name: row.name.clone(),
            valid_from: row.valid_from,
            valid_to: row.valid_to,
            centre: row.centre,
        });
        Ok(id)
    }

    /// Writes what the row says and the stored area does not. What the row leaves empty stays as it is.
    fn update(&mut self, conn: &mut Conn, stored: &Area, row: &AreaRow) -> Result<Outcome, DbError> {
        let changed = Area {
            name: row.name.clone(),
            valid_from: row.valid_from.or(stored.valid_from),
            valid_to: row.valid_to.or(stored.valid_to),
            centre: row.centre.or(stored.centre),
            ..stored.clone()
        };
        if changed == *stored {
            return Ok(Outcome::Unchanged);
        }
        if self.terms.mode == Mode::Write {
            diesel::update(area::table.find(stored.id.0))
                .set((
                    area::name.eq(&changed.name),
                    area::search.eq(search(&changed.name, changed.code.as_deref())),
                    area::sort.eq(text::sort_key(&changed.name)),
                    area::valid_from.eq(changed.valid_from.map(|date| date.to_string())),
                    area::valid_to.eq(changed.valid_to.map(|date| date.to_string())),
                    area::centre_lat_e7.eq(changed.centre.map(|at| at.lat_e7)),
                    area::centre_lon_e7.eq(changed.centre.map(|at| at.lon_e7)),
                ))
                .execute(conn)?;
        }
        self.known.replace(changed);
        Ok(Outcome::Updated)
    }

    /// The parents that the area does not have yet, each for the days on which both exist. An area has one parent at
    /// a time.
    fn new_edges(
        &self,
        row: &AreaRow,
        stored: Option<&Area>,
        parents: &[AreaId],
    ) -> Result<Vec<(AreaId, Days)>, FieldError> {
        let wrong = |code| Err(FieldError::new("parent_code", code));
        let days = (
            row.valid_from.or(stored.and_then(|area| area.valid_from)),
            row.valid_to.or(stored.and_then(|area| area.valid_to)),
        );
        let mut new: Vec<(AreaId, Days)> = Vec::new();
        for &parent in parents {
            let Some(common) = self.days(parent).and_then(|parent| overlap(days, parent)) else {
                return wrong(FieldCode::NoSuchObject);
            };
            if new.iter().any(|(_, other)| overlap(*other, common).is_some()) {
                return wrong(FieldCode::Duplicate);
            }
            let above = stored.map_or(&[][..], |area| self.known.edges_of(area.id));
            let mut known = above
                .iter()
                .filter(|edge| overlap((edge.valid_from, edge.valid_to), common).is_some());
            match (known.next(), known.next()) {
                (None, _) => new.push((parent, common)),
                (Some(edge), None) if edge.parent == parent => {}
                _ => return wrong(FieldCode::Duplicate),
            }
        }
        Ok(new)
    }

    pub(super) fn succession(&mut self, conn: &mut Conn, row: &SuccessionRow) -> RowOutcome {
        let missing = |field: &str| FieldError::new(field, FieldCode::NoSuchObject);
        let eve = row.effective.pred_opt().unwrap_or(row.effective);
        let old = accept!(
            self.by_code(&row.old_code, eve)
                .ok_or_else(|| missing("old_code"))
        );
        let new = accept!(
            self.by_code(&row.new_code, row.effective)
                .ok_or_else(|| missing("new_code"))
        );
        let succession = Succession {
            old,
            new,
            relation: row.relation,
            effective: row.effective,
        };
        // A dry run asks the database about areas that it has only imagined; it finds nothing, which is right.
        let stored = successions::of_old(conn, old)?
            .into_iter()
            .find(|stored| stored.new == new);
        let outcome = match &stored {
            None => Outcome::Created,
            Some(stored) if *stored == succession => Outcome::Unchanged,
            Some(_) => Outcome::Updated,
        };
        match (self.terms.mode, outcome) {
            (Mode::Write, Outcome::Created) => successions::insert(conn, &succession)?,
            (Mode::Write, Outcome::Updated) => successions::update(conn, &succession)?,
            _ => {}
        }
        Ok(Ok(outcome))
    }

    /// The area in reach that has the code on a date. Codes of different tiers have different lengths.
    pub(super) fn by_code(&self, code: &str, on: LocalDate) -> Option<AreaId> {
        self.known
            .with_code(code)
            .find(|area| area.is_valid_on(on))
            .map(|area| area.id)
            .filter(|id| self.is_in_reach(*id))
    }

    /// The areas of this tier on the date of the import that say where they lie.
    pub(super) fn placed(&self, kind: AreaKind) -> Vec<Area> {
        let is_placed =
            |area: &&Area| area.kind == kind && area.centre.is_some() && area.is_valid_on(self.terms.as_of);
        self.known.iter().filter(is_placed).cloned().collect()
    }

    /// The area above on the date of the import.
    pub(super) fn above(&self, id: AreaId) -> Option<&Area> {
        let on = self.terms.as_of;
        let holds =
            |edge: &&AreaEdge| overlap((edge.valid_from, edge.valid_to), (Some(on), Some(on))).is_some();
        let edge = self.known.edges_of(id).iter().find(holds)?;
        self.known.get(edge.parent)
    }

    fn days(&self, id: AreaId) -> Option<Days> {
        let area = self.known.get(id)?;
        Some((area.valid_from, area.valid_to))
    }

    fn is_child_of(&self, id: AreaId, parents: &[AreaId]) -> bool {
        self.known
            .edges_of(id)
            .iter()
            .any(|edge| parents.contains(&edge.parent))
    }

    /// Whether the area is, or was ever below, an area that the import may touch.
    fn is_in_reach(&self, id: AreaId) -> bool {
        let Reach::Below(roots) = &self.terms.reach else {
            return true;
        };
        let mut chain = vec![id];
        let mut next = 0;
        while let Some(&at) = chain.get(next) {
            if roots.contains(&at) {
                return true;
            }
            next += 1;
            for edge in self.known.edges_of(at) {
                if !chain.contains(&edge.parent) {
                    chain.push(edge.parent);
                }
            }
        }
        false
    }
}

/// The first two of them.
fn two<'a>(mut areas: impl Iterator<Item = &'a Area>) -> (Option<&'a Area>, Option<&'a Area>) {
    (areas.next(), areas.next())
}

/// First and last day; none is open.
type Days = (Option<LocalDate>, Option<LocalDate>);

/// The days that both have in common.
fn overlap(a: Days, b: Days) -> Option<Days> {
    let from = a.0.max(b.0);
    let to = match (a.1, b.1) {
        (Some(a), Some(b)) => Some(a.min(b)),
        (one, None) | (None, one) => one,
    };
    match (from, to) {
        (Some(from), Some(to)) if to < from => None,
        days => Some(days),
    }
}

/// The day between `from` and `to` that is nearest to `date`.
fn nearest(date: LocalDate, from: Option<LocalDate>, to: Option<LocalDate>) -> LocalDate {
    let not_after = to.map_or(date, |to| date.min(to));
    from.map_or(not_after, |from| not_after.max(from))
}

fn insert_area(conn: &mut Conn, row: &AreaRow, now: Millis) -> Result<AreaId, DbError> {
    let id = diesel::insert_into(area::table)
        .values((
            area::kind.eq(row.kind.as_str()),
            area::code.eq(&row.code),
            area::name.eq(&row.name),
            area::search.eq(search(&row.name, row.code.as_deref())),
            area::sort.eq(text::sort_key(&row.name)),
            area::valid_from.eq(row.valid_from.map(|date| date.to_string())),
            area::valid_to.eq(row.valid_to.map(|date| date.to_string())),
            area::centre_lat_e7.eq(row.centre.map(|at| at.lat_e7)),
            area::centre_lon_e7.eq(row.centre.map(|at| at.lon_e7)),
            area::created_at.eq(now.0),
        ))
        .returning(area::id)
        .get_result::<i64>(conn)?;
    Ok(AreaId(id))
}

fn insert_edge(conn: &mut Conn, edge: &AreaEdge) -> Result<(), DbError> {
    diesel::insert_into(area_edge::table)
        .values((
            area_edge::child_id.eq(edge.child.0),
            area_edge::parent_id.eq(edge.parent.0),
            area_edge::valid_from.eq(edge.valid_from.map(|date| date.to_string())),
            area_edge::valid_to.eq(edge.valid_to.map(|date| date.to_string())),
        ))
        .execute(conn)?;
    Ok(())
}

/// What a search compares: the folded name and the code.
fn search(name: &str, code: Option<&str>) -> String {
    text::search_key(&format!("{name} {}", code.unwrap_or("")))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> Option<LocalDate> {
        text.parse().ok()
    }

    #[test]
    fn days_in_common_are_the_later_start_and_the_earlier_end() {
        let (old, new) = ((None, day("2025-06-30")), (day("2025-07-01"), None));
        assert_eq!(overlap(old, new), None);
        assert_eq!(overlap(old, (None, None)), Some(old));
        assert_eq!(
            overlap(new, (day("2024-01-01"), day("2026-01-01"))),
            Some((day("2025-07-01"), day("2026-01-01")))
        );
    }

    #[test]
    fn the_nearest_day_of_an_old_area_is_its_last() {
        let today = day("2026-11-22").unwrap();
        assert_eq!(
            nearest(today, None, day("2025-06-30")),
            day("2025-06-30").unwrap()
        );
        assert_eq!(
            nearest(today, day("2027-01-01"), None),
            day("2027-01-01").unwrap()
        );
        assert_eq!(nearest(today, None, None), today);
    }
}
