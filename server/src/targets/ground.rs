//! The ground that figures are put on: the rows of a matrix, what each is asked, and how large it is.

use super::extent::{Land, Place};
use super::homes::Homes;
use super::homes::lives::AskedOf;
use keng_shared::area::{AreaKind, AreaTree};
use keng_shared::id::AreaId;
use keng_shared::target::{
    Aggregation, Extent, Level, PlanTerms, Reach, Rule, Span, Target, Thousandths, Unit,
};
use keng_shared::time::LocalDate;
use std::collections::{BTreeMap, HashMap};

/// A row before its figures: the communes of the plan that it stands for, and its residential areas.
#[derive(Debug, Clone)]
pub(super) struct Row {
    pub area: AreaId,
    pub communes: Vec<AreaId>,
    pub areas: Vec<AreaId>,
}

/// What a figure is compared with.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Standard {
    /// Whose figure it is.
    pub unit: Unit,
    /// What is asked.
    pub value: Thousandths,
    /// The last day in time.
    pub last_day: LocalDate,
}

/// The ground that figures are put on.
pub struct Ground<'a> {
    pub tree: &'a AreaTree,
    pub terms: &'a PlanTerms,
    /// Communes of the plan.
    pub communes: &'a [AreaId],
    /// Where they are today.
    pub homes: &'a Homes,
    /// The day that figures are compared on.
    pub today: LocalDate,
}

/// How large the rows of a target are over the days of the target.
pub(super) struct Extents {
    span: Span,
    by_row: HashMap<AreaId, Extent>,
}

/// What a matrix shows.
pub enum Rows {
    /// The communes of each record's date.
    Then,
    /// The communes of today.
    Now,
    /// The residential areas of one commune.
    Within(AreaId),
}

impl Ground<'_> {
    /// What is asked of a row. The target is asked of it when it is asked of any of its communes; what adds up is asked as
    /// often as there are such communes. A target of the whole that was shared out is asked of those that have a share. A
    /// commune that others became within the days of the target is asked as [`super::homes::lives`] says.
    pub(super) fn standard_of_row(&self, show: &Rows, rule: &Rule<'_>, row: &Row) -> Option<Standard> {
        let target = rule.target;
        // In the plan of a commune, the commune is the whole, and asked all of what its villages have shares of.
        let is_whole = self.is_whole(target, row.area);
        let last_day = match show {
            Rows::Within(commune) => rule.closes_on(row.area, *commune),
            Rows::Then | Rows::Now => {
                let communes = row.communes.iter();
                let last_days = communes.map(|commune| rule.closes_on(*commune, *commune));
                last_days.max().unwrap_or_else(|| rule.span().to)
            }
        };
        let days = Span {
            from: rule.period.from,
            to: last_day,
        };
        let (level, (asked, sum)) = match show {
            Rows::Within(commune) => {
                let is_there = self.homes.lives().shared(*commune, days).is_some();
                let asked = u32::from(is_there && target.applies(row.area, *commune));
                (Level::Area, (asked, target.value_of(row.area)))
            }
            Rows::Then | Rows::Now if is_whole => (Level::Whole, (1, target.value)),
            Rows::Then | Rows::Now => (Level::Commune, self.asked_of(target, &row.communes, days)),
        };
        let is_asked = match level {
            Level::Area => target.levels.contains(&Level::Area) || target.has_share(row.area),
            Level::Commune => target.levels.contains(&Level::Commune) || target.is_shared_out(),
            Level::Whole => true,
        };
        // An average over residential areas is asked of nobody where there are none yet.
        let has_none = row.areas.is_empty() && is_by_area(&target.aggregation);
        if !is_asked || asked == 0 || has_none {
            return None;
        }
        let own = || {
            let first = row.communes.first();
            first.map_or(target.value, |commune| target.value_of(*commune))
        };
        let value = match target.aggregation {
            Aggregation::Sum | Aggregation::Parts { .. } => sum,
            Aggregation::Distinct => self.homes.lives().different(target, &row.communes, own(), days),
            _ => own(),
        };
        let unit = Unit {
            communes: asked,
            areas: u32::try_from(row.areas.len()).unwrap_or(u32::MAX),
        };
        Some(Standard {
            unit,
            value,
            last_day,
        })
    }

    /// Whether an area is the whole that a target is asked of.
    fn is_whole(&self, target: &Target, area: AreaId) -> bool {
        area == self.terms.area_id && target.levels.contains(&Level::Whole)
    }

    /// How many of these communes a target is asked of in these days, and what that adds up to.
    fn asked_of(&self, target: &Target, communes: &[AreaId], days: Span) -> (u32, Thousandths) {
        let lives = self.homes.lives();
        let asked = communes.iter().copied();
        target.asked_of(asked.filter(|commune| lives.is_asked(target, *commune, days)))
    }

    /// Of whom the parts of a row's figure are asked.
    pub(super) fn parts_of_row<'r>(&self, show: &Rows, target: &Target, row: &'r Row) -> AskedOf<'r> {
        match show {
            Rows::Within(commune) => AskedOf::Village(*commune),
            Rows::Then | Rows::Now if self.is_whole(target, row.area) => AskedOf::Whole,
            Rows::Then | Rows::Now => AskedOf::Communes(&row.communes),
        }
    }

    /// The day that a row is compared on. An area that has ended has had its last day, whatever time others have.
    pub(super) fn day_of_row(&self, show: &Rows, row: &Row, last_day: LocalDate) -> LocalDate {
        let area = match show {
            Rows::Within(commune) => *commune,
            Rows::Then | Rows::Now => row.area,
        };
        let ended = self.tree.get(area).and_then(|area| area.valid_to);
        match (ended, last_day.succ_opt()) {
            (Some(ended), Some(after)) if ended < self.today => self.today.max(after),
            _ => self.today,
        }
    }

    /// What is asked of everything shown together.
    pub(super) fn standard_of_whole(&self, rule: &Rule<'_>, rows: &[Row]) -> Standard {
        let target = rule.target;
        let communes: Vec<AreaId> = rows.iter().flat_map(|row| row.communes.iter().copied()).collect();
        let of_whole = target.levels.contains(&Level::Whole);
        let applying = communes.iter().filter(|id| target.applies(**id, **id)).count();
        let areas = rows
            .iter()
            .filter(|row| row.communes.iter().any(|id| target.applies(*id, *id)));
        let unit = Unit {
            communes: u32::try_from(applying.max(1)).unwrap_or(u32::MAX),
            areas: areas
                .map(|row| u32::try_from(row.areas.len()).unwrap_or(u32::MAX))
                .sum(),
        };
        let value = match !of_whole && adds_up(&target.aggregation) {
            true => self.asked_of(target, &communes, rule.span()).1,
            false => target.value,
        };
        let last_day = rule.span().to;
        Standard {
            unit,
            value,
            last_day,
        }
    }

    /// What is asked of an area: that of the whole plan, a commune, or a residential area of that commune. None where the
    /// target is not asked of it.
    pub fn standard_of(&self, rule: &Rule<'_>, area: AreaId) -> Option<Standard> {
        let is_village = |id: AreaId| {
            let found = self.tree.get(id);
            found.is_some_and(|found| found.kind == AreaKind::ResidentialArea)
        };
        if area == self.terms.area_id && self.communes != [area] {
            return Some(self.standard_of_whole(rule, &self.rows(&Rows::Then)));
        }
        if is_village(area) {
            let commune = self.tree.commune_of(area, self.today)?;
            let row = Row {
                area,
                communes: vec![commune],
                areas: vec![area],
            };
            return self.standard_of_row(&Rows::Within(commune), rule, &row);
        }
        self.standard_of_row(&Rows::Then, rule, &self.row(area, vec![area]))
    }

    /// What is asked of a commune together with all that became it.
    pub fn standard_of_all(&self, rule: &Rule<'_>, area: AreaId, communes: Vec<AreaId>) -> Option<Standard> {
        self.standard_of_row(&Rows::Now, rule, &self.row(area, communes))
    }

    pub(super) fn rows(&self, show: &Rows) -> Vec<Row> {
        match show {
            Rows::Then => self.communes.iter().map(|id| self.row(*id, vec![*id])).collect(),
            Rows::Now => {
                let mut by_home: BTreeMap<AreaId, Vec<AreaId>> = BTreeMap::new();
                for commune in self.communes {
                    by_home.entry(self.homes.of(*commune)).or_default().push(*commune);
                }
                by_home
                    .into_iter()
                    .map(|(home, communes)| self.row(home, communes))
                    .collect()
            }
            Rows::Within(commune) => self
                .villages(*commune)
                .into_iter()
                .map(|area| Row {
                    area,
                    communes: vec![*commune],
                    areas: vec![area],
                })
                .collect(),
        }
    }

    pub(super) fn row(&self, area: AreaId, communes: Vec<AreaId>) -> Row {
        let areas = communes
            .iter()
            .flat_map(|commune| self.villages(*commune))
            .collect();
        Row {
            area,
            communes,
            areas,
        }
    }

    /// Residential areas of a commune, on the day that figures are compared on or the last one of the commune before it.
    pub fn villages(&self, commune: AreaId) -> Vec<AreaId> {
        let until = self.tree.get(commune).and_then(|area| area.valid_to);
        let day = self.today.min(self.terms.period.to);
        let day = until.map_or(day, |until| until.min(day));
        let from = self.tree.get(commune).and_then(|area| area.valid_from);
        let day = from.map_or(day, |from| from.max(day));
        let residential = |id: &AreaId| {
            let found = self.tree.get(*id);
            found.is_some_and(|area| area.kind == AreaKind::ResidentialArea)
        };
        self.tree
            .subtree(commune, day)
            .into_iter()
            .filter(residential)
            .collect()
    }

    /// The row of a place.
    pub(super) fn home(&self, show: &Rows, place: Place) -> AreaId {
        match show {
            Rows::Then => place.commune,
            Rows::Within(_) => place.area,
            Rows::Now => self
                .homes
                .of_area(self.tree, place.area, place.commune, self.today),
        }
    }

    /// How large each row is, and for how long its places were there. Empty for a target whose figure is not divided by that.
    pub(super) fn extents(&self, show: &Rows, rule: &Rule<'_>, span: Span) -> Extents {
        // A village stands for a commune where communes are what is divided by.
        let is_one_each = matches!(show, Rows::Within(_)) && rule.target.aggregation == Aggregation::Average;
        let by_row = match is_divided(&rule.target.aggregation) && !is_one_each {
            true => self.extents_by_row(show, rule.target, span),
            false => HashMap::new(),
        };
        Extents { span, by_row }
    }

    fn extents_by_row(&self, show: &Rows, target: &Target, span: Span) -> HashMap<AreaId, Extent> {
        self.land(span).extents(target, |place| match show {
            Rows::Within(commune) => {
                (place.commune == *commune && place.area != *commune).then_some(place.area)
            }
            Rows::Then | Rows::Now => Some(self.home(show, place)),
        })
    }

    /// How large a row is over its own days, which end with its own deadline.
    pub(super) fn extent_of_row(
        &self,
        show: &Rows,
        rule: &Rule<'_>,
        (row, unit): (AreaId, Unit),
        span: Span,
        extents: &Extents,
    ) -> Extent {
        let known = match extents.span == span {
            true => extents.by_row.get(&row).copied(),
            false => self.extents(show, rule, span).by_row.remove(&row),
        };
        known.unwrap_or_else(|| unit.all_along(span, self.today))
    }

    /// How large everything shown is together.
    pub(super) fn extent_of_whole(&self, rule: &Rule<'_>, unit: Unit, span: Span) -> Extent {
        match is_divided(&rule.target.aggregation) {
            true => self.land(span).extent(rule.target, |_| true),
            false => unit.all_along(span, self.today),
        }
    }

    fn land(&self, span: Span) -> Land<'_> {
        Land {
            tree: self.tree,
            communes: self.communes,
            homes: self.homes,
            span,
            today: self.today,
        }
    }
}

/// Whether what is asked of several units is the sum of what is asked of each.
pub(super) fn adds_up(aggregation: &Aggregation) -> bool {
    matches!(aggregation, Aggregation::Sum | Aggregation::Parts { .. })
}

/// Whether figures are divided by the number of residential areas.
fn is_by_area(aggregation: &Aggregation) -> bool {
    matches!(
        aggregation,
        Aggregation::WeeklyAverage | Aggregation::Reach { of: Reach::Areas }
    )
}

/// Whether figures are divided by how many places there are.
fn is_divided(aggregation: &Aggregation) -> bool {
    matches!(
        aggregation,
        Aggregation::Average | Aggregation::WeeklyAverage | Aggregation::Reach { .. }
    )
}
