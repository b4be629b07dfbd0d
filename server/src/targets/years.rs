//! A plan beside that of the year before, unit by unit. Both years stand on the tree of today, so that what was merged is
//! compared with all that went into it; only an area that has ended is compared with itself.

use super::extent::{Land, Place};
use super::homes::Homes;
use super::matrix::name_of;
use crate::db::target_figures::{self, StoredFigure};
use crate::db::target_plans::{self, StoredPlan, StoredTarget};
use crate::db::{Conn, DbError, successions};
use chrono::Datelike;
use keng_shared::api::YearsOfUnit;
use keng_shared::area::{AreaKind, AreaTree};
use keng_shared::id::AreaId;
use keng_shared::target::{Aggregation, Asked, Cell, Extent, Span, Target, Thousandths, assess_over};
use keng_shared::text;
use keng_shared::time::LocalDate;
use std::collections::{BTreeSet, HashMap};

/// The same day a year earlier; 28 February for the 29th.
pub fn year_earlier(day: LocalDate) -> LocalDate {
    in_year(day, day.year() - 1)
}

/// The same day a year later; 28 February for the 29th.
pub fn year_later(day: LocalDate) -> LocalDate {
    in_year(day, day.year() + 1)
}

fn in_year(day: LocalDate, year: i32) -> LocalDate {
    day.with_year(year)
        .or_else(|| LocalDate::from_ymd_opt(year, day.month(), 28))
        .unwrap_or(day)
}

/// Whose figures are compared.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Shows {
    /// The whole plan, with the communes of today.
    Communes,
    /// A commune of today, with its villages.
    Villages(AreaId),
    /// A commune that has ended, with the villages that it had.
    Ended(AreaId),
    /// A residential area.
    Village(AreaId),
}

impl Shows {
    /// What an area of a plan shows.
    pub fn of(tree: &AreaTree, plan_area: AreaId, area: AreaId, today: LocalDate) -> Self {
        let found = tree.get(area);
        match found.map(|found| found.kind) {
            Some(AreaKind::ResidentialArea) => Self::Village(area),
            Some(AreaKind::Commune) if found.is_some_and(|found| found.is_valid_on(today)) => {
                Self::Villages(area)
            }
            Some(AreaKind::Commune) => Self::Ended(area),
            _ if area == plan_area => Self::Communes,
            _ => Self::Ended(area),
        }
    }
}

/// When a figure is asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum When {
    /// With all that counts.
    Whole(LocalDate),
    /// With what had counted by this day.
    Until(LocalDate),
}

impl When {
    fn day(self) -> LocalDate {
        match self {
            Self::Whole(day) | Self::Until(day) => day,
        }
    }
}

/// One year: a plan with what is needed to say its figures.
pub struct Year<'a> {
    tree: &'a AreaTree,
    shows: Shows,
    now: LocalDate,
    plan: StoredPlan,
    communes: Vec<AreaId>,
    homes: Homes,
    targets: Vec<(Option<String>, StoredTarget)>,
}

/// Figures of one target.
#[derive(Debug, Default)]
pub struct Laid {
    pub whole: Option<Thousandths>,
    pub units: HashMap<AreaId, Option<Thousandths>>,
}

impl<'a> Year<'a> {
    /// Reads a plan; `now` is the day of the tree of today.
    pub fn read(
        conn: &mut Conn,
        tree: &'a AreaTree,
        plan: StoredPlan,
        shows: Shows,
        now: LocalDate,
    ) -> Result<Self, DbError> {
        let communes = target_plans::communes(conn, plan.id)?;
        let steps = successions::onward(conn, &communes)?;
        Ok(Self {
            homes: Homes::today(tree, &communes, &steps, now),
            targets: target_plans::targets_of(conn, plan.id)?,
            tree,
            shows,
            now,
            plan,
            communes,
        })
    }

    /// The plan.
    pub fn plan(&self) -> &StoredPlan {
        &self.plan
    }

    /// A target of the plan.
    pub fn target(&self, code: &str) -> Option<&Target> {
        self.plan.terms.targets.iter().find(|target| target.code == code)
    }

    /// What is stored of these targets and of those that they add up.
    pub fn figures(
        &self,
        conn: &mut Conn,
        targets: &[&Target],
        when: When,
    ) -> Result<Vec<StoredFigure>, DbError> {
        let codes: BTreeSet<&str> = targets.iter().flat_map(|target| counted(target)).collect();
        let stored = self.targets.iter().map(|(_, target)| target);
        let ids: Vec<i64> = stored
            .filter(|target| codes.contains(target.code.as_str()))
            .map(|target| target.id)
            .collect();
        match when {
            When::Whole(_) => target_figures::of_targets(conn, &ids, &self.communes),
            When::Until(day) => target_figures::until(conn, &ids, &self.communes, day),
        }
    }

    /// The figures of a target on that day, of the whole and of each unit.
    pub fn laid(&self, target: &Target, figures: &[StoredFigure], when: When) -> Laid {
        let mut by_unit: HashMap<AreaId, Vec<Cell<'_>>> = HashMap::new();
        for (place, cell) in self.cells(target, figures) {
            if let Some(unit) = self.unit_of(place) {
                by_unit.entry(unit).or_default().push(cell);
            }
        }
        let extents = self
            .land(target, when)
            .extents(target, |place| self.unit_of(place));
        let units = extents.into_iter().map(|(unit, extent)| {
            let cells = by_unit.get(&unit).map_or(&[][..], Vec::as_slice);
            (unit, self.figure(target, extent, cells, when))
        });
        Laid {
            whole: self.whole(target, figures, when),
            units: units.collect(),
        }
    }

    /// The figure of everything that is shown.
    pub fn whole(&self, target: &Target, figures: &[StoredFigure], when: When) -> Option<Thousandths> {
        let extent = self
            .land(target, when)
            .extent(target, |place| self.is_shown(place));
        let cells: Vec<Cell<'_>> = self
            .cells(target, figures)
            .into_iter()
            .map(|(_, cell)| cell)
            .collect();
        self.figure(target, extent, &cells, when)
    }

    fn figure(&self, target: &Target, extent: Extent, cells: &[Cell<'_>], when: When) -> Option<Thousandths> {
        let span = self.span(target);
        let asked = Asked::throughout(target.value, span);
        assess_over(target, extent, cells, asked, when.day()).figure
    }

    /// From the first to the last day in time.
    fn span(&self, target: &Target) -> Span {
        self.plan.terms.rule(target).span()
    }

    fn land(&self, target: &Target, when: When) -> Land<'_> {
        Land {
            tree: self.tree,
            communes: &self.communes,
            homes: &self.homes,
            span: self.span(target),
            today: when.day(),
        }
    }

    /// What of these figures belongs to the target and is shown, each with its place. Communes that became one are one.
    fn cells<'f>(&self, target: &Target, figures: &'f [StoredFigure]) -> Vec<(Place, Cell<'f>)> {
        let codes = counted(target);
        let stored = self.targets.iter().map(|(_, stored)| stored);
        let ids: BTreeSet<i64> = stored
            .filter(|stored| codes.contains(&stored.code.as_str()))
            .map(|stored| stored.id)
            .collect();
        let own = figures.iter().filter(|figure| ids.contains(&figure.target_id));
        let placed = own.map(|figure| {
            let place = Place {
                commune: AreaId(figure.commune_id),
                area: AreaId(figure.area_id),
            };
            let cell = Cell {
                commune: self.homes.of(place.commune),
                area: place.area,
                part: &figure.part,
                amount: figure.amount,
                total: figure.total,
                records: u32::try_from(figure.records).unwrap_or(0),
            };
            (place, cell)
        });
        placed.filter(|(place, _)| self.is_shown(*place)).collect()
    }

    /// Whether something of a place belongs to what is shown.
    fn is_shown(&self, place: Place) -> bool {
        match self.shows {
            Shows::Communes => true,
            Shows::Villages(commune) => self.home(place) == commune,
            Shows::Ended(commune) => place.commune == commune,
            Shows::Village(village) => place.area == village,
        }
    }

    /// The unit of a place that is shown; none for what a commune did as a whole beside its villages.
    fn unit_of(&self, place: Place) -> Option<AreaId> {
        match self.shows {
            Shows::Communes => Some(self.home(place)),
            Shows::Villages(_) | Shows::Ended(_) => {
                (self.is_shown(place) && place.area != place.commune).then_some(place.area)
            }
            Shows::Village(_) => None,
        }
    }

    fn home(&self, place: Place) -> AreaId {
        self.homes.of_area(self.tree, place.area, place.commune, self.now)
    }
}

/// The codes whose records a target counts: its own, or those that it adds up.
fn counted(target: &Target) -> Vec<&str> {
    match &target.aggregation {
        Aggregation::Parts { codes } => codes.iter().map(String::as_str).collect(),
        _ => vec![target.code.as_str()],
    }
}

/// Units of this year and of the one before side by side, by name; those without any figure are left out.
pub fn side_by_side(tree: &AreaTree, now: &Laid, then: &Laid, end: &Laid) -> Vec<YearsOfUnit> {
    let units: BTreeSet<AreaId> = now.units.keys().chain(end.units.keys()).copied().collect();
    let figure = |laid: &Laid, unit: &AreaId| laid.units.get(unit).copied().flatten();
    let mut found: Vec<YearsOfUnit> = units
        .into_iter()
        .map(|unit| YearsOfUnit {
            area_id: unit,
            name: name_of(tree, unit),
            figure: figure(now, &unit),
            on_this_day: figure(then, &unit),
            at_the_end: figure(end, &unit),
        })
        .collect();
    // A figure that villages do not have says nothing of them.
    found.retain(|unit| unit.figure.is_some() || unit.on_this_day.is_some() || unit.at_the_end.is_some());
    found.sort_by_cached_key(|unit| (text::sort_key(&unit.name), unit.area_id));
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_day_of_a_year_before_is_found_through_leap_years() {
        let day = |text: &str| text.parse::<LocalDate>().unwrap();
        assert_eq!(year_earlier(day("2025-03-01")), day("2024-03-01"));
        assert_eq!(year_earlier(day("2025-12-31")), day("2024-12-31"));
        assert_eq!(year_earlier(day("2024-02-29")), day("2023-02-28"));
        assert_eq!(year_later(day("2024-12-31")), day("2025-12-31"));
    }
}
