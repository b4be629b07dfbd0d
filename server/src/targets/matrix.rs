//! How far units are: stored figures put under the units of a tree, and compared with what was asked.

use super::homes::Homes;
use crate::db::target_figures::StoredFigure;
use keng_shared::api::{MatrixCell, MatrixTarget, MatrixUnit, MyTarget};
use keng_shared::area::{AreaKind, AreaTree};
use keng_shared::id::{AreaId, TargetPlanId};
use keng_shared::target::{
    Aggregation, Assessment, Cell, Level, PlanTerms, Progress, Reach, Rollup, Rule, Target, Thousandths,
    Unit, assess,
};
use keng_shared::text;
use keng_shared::time::LocalDate;
use std::collections::{BTreeMap, HashMap, HashSet};

/// The communes of a plan's area at any time of its period, sorted.
pub fn communes_of(tree: &AreaTree, terms: &PlanTerms) -> Vec<AreaId> {
    let mut found: Vec<AreaId> = tree
        .iter()
        .filter(|area| area.kind == AreaKind::Commune)
        .filter(|area| {
            let from = area
                .valid_from
                .map_or(terms.period.from, |from| from.max(terms.period.from));
            let to = area
                .valid_to
                .map_or(terms.period.to, |to| to.min(terms.period.to));
            from <= to
                && [from, to]
                    .iter()
                    .any(|day| tree.is_within(area.id, terms.area_id, *day))
        })
        .map(|area| area.id)
        .collect();
    found.sort_unstable();
    found
}

/// The name of an area; empty for one that the tree does not have.
pub fn name_of(tree: &AreaTree, area: AreaId) -> String {
    tree.get(area).map_or_else(String::new, |area| area.name.clone())
}

/// A row before its figures: the communes of the plan that it stands for, and its residential areas.
#[derive(Debug, Clone)]
struct Row {
    area: AreaId,
    communes: Vec<AreaId>,
    areas: Vec<AreaId>,
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
    /// The day that figures are compared on.
    pub today: LocalDate,
}

/// What a matrix shows.
pub enum Rows<'a> {
    /// The communes of each record's date.
    Then,
    /// The communes of today.
    Now(&'a Homes),
    /// The residential areas of one commune.
    Within(AreaId),
}

/// A matrix: rows and columns.
pub struct Matrix {
    pub units: Vec<MatrixUnit>,
    pub targets: Vec<MatrixTarget>,
}

impl Ground<'_> {
    /// Lays figures out. `figures` belong to the target of that code; `late` counts by code.
    pub fn matrix(
        &self,
        show: &Rows<'_>,
        figures: &HashMap<&str, Vec<&StoredFigure>>,
        late: &HashMap<&str, u32>,
    ) -> Matrix {
        let mut rows = self.rows(show);
        // What lies nowhere else gets a row of its own, so that the totals agree.
        let mut known: HashSet<AreaId> = rows.iter().map(|row| row.area).collect();
        for figure in figures.values().flatten() {
            let area = self.home(show, figure);
            if !matches!(show, Rows::Within(_)) && known.insert(area) {
                rows.push(self.row(area, vec![AreaId(figure.commune_id)]));
            }
        }
        let name = |area: AreaId| name_of(self.tree, area);
        rows.sort_by_cached_key(|row| (text::sort_key(&name(row.area)), row.area));
        let mut units: Vec<MatrixUnit> = rows
            .iter()
            .map(|row| MatrixUnit {
                area_id: row.area,
                name: name(row.area),
                rollup: Rollup::default(),
            })
            .collect();
        let targets: Vec<MatrixTarget> = self
            .terms
            .targets
            .iter()
            .map(|target| self.column(show, target, &rows, figures, late))
            .collect();
        for target in &targets {
            for (unit, cell) in units.iter_mut().zip(&target.cells) {
                unit.rollup.add(cell.progress);
            }
        }
        Matrix { units, targets }
    }

    fn column(
        &self,
        show: &Rows<'_>,
        target: &Target,
        rows: &[Row],
        figures: &HashMap<&str, Vec<&StoredFigure>>,
        late: &HashMap<&str, u32>,
    ) -> MatrixTarget {
        let rule = self.terms.rule(target);
        let own = figures_of(target, figures);
        let mut by_row: HashMap<AreaId, Vec<Cell<'_>>> = HashMap::new();
        for figure in &own {
            by_row
                .entry(self.home(show, figure))
                .or_default()
                .push(cell(figure));
        }
        let cells: Vec<MatrixCell> = rows
            .iter()
            .map(|row| {
                let cells = by_row.get(&row.area).map_or(&[][..], Vec::as_slice);
                MatrixCell::of(&self.assess_row(show, &rule, row, cells), target.value)
            })
            .collect();
        let mut rollup = Rollup::default();
        cells.iter().for_each(|cell| rollup.add(cell.progress));
        let (whole, asked) = self.whole(show, &rule, rows, &own, rollup);
        MatrixTarget {
            code: target.code.clone(),
            text: target.text.clone(),
            measure: target.measure.clone(),
            comparator: target.comparator,
            value: target.value,
            last_day: target
                .deadline
                .map_or(rule.period.to, |deadline| deadline.last_day()),
            asked,
            rollup,
            whole,
            cells,
            late: late.get(target.code.as_str()).copied().unwrap_or(0),
        }
    }

    /// How a row stands.
    fn assess_row(&self, show: &Rows<'_>, rule: &Rule<'_>, row: &Row, cells: &[Cell<'_>]) -> Assessment {
        let target = rule.target;
        match self.standard_of_row(show, rule, row) {
            None => Assessment::not_applicable(target.value),
            Some(Standard {
                unit,
                value,
                last_day,
            }) => assess(target, unit, cells, value, rule.period, last_day, self.today),
        }
    }

    /// What is asked of a row. The target is asked of it when it is asked of any of its communes; what adds up is asked as
    /// often as there are such communes. A target of the whole that was shared out is asked of those that have a share.
    fn standard_of_row(&self, show: &Rows<'_>, rule: &Rule<'_>, row: &Row) -> Option<Standard> {
        let target = rule.target;
        let level = match show {
            Rows::Within(_) => Level::Area,
            Rows::Then | Rows::Now(_) => Level::Commune,
        };
        let (asked, sum) = match show {
            Rows::Within(commune) => {
                let asked = u32::from(target.applies(row.area, *commune));
                (asked, target.value_of(row.area))
            }
            Rows::Then | Rows::Now(_) => target.asked_of(&row.communes),
        };
        // In the plan of a commune, the commune is the whole.
        let is_whole = level == Level::Commune && row.area == self.terms.area_id;
        let is_asked = target.levels.contains(&level)
            || is_whole && target.levels.contains(&Level::Whole)
            || level == Level::Commune && target.is_shared_out();
        // An average over residential areas is asked of nobody where there are none yet.
        let has_none = row.areas.is_empty() && is_by_area(&target.aggregation);
        if !is_asked || asked == 0 || has_none {
            return None;
        }
        let value = match adds_up(&target.aggregation) {
            true => sum,
            false => row
                .communes
                .first()
                .map_or(target.value, |commune| target.value_of(*commune)),
        };
        let unit = Unit {
            communes: asked,
            areas: u32::try_from(row.areas.len()).unwrap_or(u32::MAX),
        };
        let last_day = row
            .communes
            .iter()
            .map(|commune| rule.last_day(*commune))
            .max()
            .unwrap_or(rule.period.to);
        Some(Standard {
            unit,
            value,
            last_day,
        })
    }

    /// The figure of everything shown. A target of the whole is compared by itself, one of its units is met when all are.
    fn whole(
        &self,
        show: &Rows<'_>,
        rule: &Rule<'_>,
        rows: &[Row],
        figures: &[&StoredFigure],
        rollup: Rollup,
    ) -> (Assessment, Option<Thousandths>) {
        let target = rule.target;
        let cells: Vec<Cell<'_>> = figures.iter().map(|figure| cell(figure)).collect();
        if let Rows::Within(commune) = show {
            // The commune's own figure, whatever its residential areas are asked.
            let own = self.assess_row(&Rows::Then, rule, &self.row(*commune, vec![*commune]), &cells);
            let asked = adds_up(&target.aggregation).then_some(own.value);
            return (own, asked);
        }
        let standard = self.standard_of_whole(rule, rows);
        let (unit, value, last_day) = (standard.unit, standard.value, standard.last_day);
        let mut whole = assess(target, unit, &cells, value, rule.period, last_day, self.today);
        if !target.levels.contains(&Level::Whole) {
            whole.progress = match rollup {
                rollup if rollup.asked() == 0 => Progress::NotApplicable,
                rollup if rollup.overdue > 0 => Progress::Overdue,
                rollup if rollup.behind > 0 => Progress::Behind,
                rollup if rollup.on_track > 0 => Progress::OnTrack,
                _ => Progress::Met,
            };
        }
        (whole, adds_up(&target.aggregation).then_some(value))
    }

    /// What is asked of everything shown together.
    fn standard_of_whole(&self, rule: &Rule<'_>, rows: &[Row]) -> Standard {
        let target = rule.target;
        let communes: Vec<AreaId> = rows.iter().flat_map(|row| row.communes.clone()).collect();
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
            true => target.asked_of(&communes).1,
            false => target.value,
        };
        let last_day = target
            .deadline
            .map_or(rule.period.to, |deadline| deadline.last_day());
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

    fn rows(&self, show: &Rows<'_>) -> Vec<Row> {
        match show {
            Rows::Then => self.communes.iter().map(|id| self.row(*id, vec![*id])).collect(),
            Rows::Now(homes) => {
                let mut by_home: BTreeMap<AreaId, Vec<AreaId>> = BTreeMap::new();
                for commune in self.communes {
                    by_home.entry(homes.of(*commune)).or_default().push(*commune);
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

    fn row(&self, area: AreaId, communes: Vec<AreaId>) -> Row {
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

    /// The row of a figure.
    fn home(&self, show: &Rows<'_>, figure: &StoredFigure) -> AreaId {
        let (area, commune) = (AreaId(figure.area_id), AreaId(figure.commune_id));
        match show {
            Rows::Then => commune,
            Rows::Within(_) => area,
            Rows::Now(homes) => {
                let is_village = area != commune;
                let today = is_village
                    .then(|| self.tree.commune_of(area, self.today))
                    .flatten();
                today.unwrap_or_else(|| homes.of(commune))
            }
        }
    }

    /// Targets of one commune, and of one of its residential areas, as its people see them.
    pub fn mine(
        &self,
        plan_id: TargetPlanId,
        commune: AreaId,
        village: Option<AreaId>,
        figures: &HashMap<&str, Vec<&StoredFigure>>,
    ) -> Vec<MyTarget> {
        let mut found = Vec::new();
        for target in &self.terms.targets {
            let rule = self.terms.rule(target);
            let own = figures_of(target, figures);
            let level = |level| target.levels.contains(&level);
            let places = [
                village
                    .filter(|_| level(Level::Area))
                    .map(|area| (area, Rows::Within(commune))),
                Some((commune, Rows::Then)),
            ];
            for (area, show) in places.into_iter().flatten() {
                let row = match show {
                    Rows::Within(_) => Row {
                        area,
                        communes: vec![commune],
                        areas: vec![area],
                    },
                    Rows::Then | Rows::Now(_) => self.row(area, vec![commune]),
                };
                let cells: Vec<Cell<'_>> = own
                    .iter()
                    .filter(|figure| self.home(&show, figure) == area && figure.commune_id == commune.0)
                    .map(|figure| cell(figure))
                    .collect();
                let how = self.assess_row(&show, &rule, &row, &cells);
                if how.progress == Progress::NotApplicable {
                    continue;
                }
                found.push(MyTarget {
                    plan_id,
                    plan: self.terms.title.clone(),
                    target: target.clone(),
                    period: rule.period,
                    cut_off: rule.cut_off,
                    area_id: area,
                    progress: how.progress,
                    figure: how.figure,
                    value: how.value,
                    missing: how.missing,
                    this_week: None,
                    last_day: rule.last_day(commune),
                });
            }
        }
        found
    }
}

/// Whether what is asked of several units is the sum of what is asked of each.
fn adds_up(aggregation: &Aggregation) -> bool {
    matches!(aggregation, Aggregation::Sum | Aggregation::Parts { .. })
}

/// Whether figures are divided by the number of residential areas.
fn is_by_area(aggregation: &Aggregation) -> bool {
    matches!(
        aggregation,
        Aggregation::WeeklyAverage | Aggregation::Reach { of: Reach::Areas }
    )
}

/// The figures of a target, or of those that it adds up.
fn figures_of<'a>(target: &Target, figures: &HashMap<&str, Vec<&'a StoredFigure>>) -> Vec<&'a StoredFigure> {
    let of = |code: &str| figures.get(code).cloned().unwrap_or_default();
    match &target.aggregation {
        Aggregation::Parts { codes } => codes.iter().flat_map(|code| of(code)).collect(),
        _ => of(&target.code),
    }
}

fn cell(figure: &StoredFigure) -> Cell<'_> {
    Cell {
        commune: AreaId(figure.commune_id),
        area: AreaId(figure.area_id),
        part: &figure.part,
        amount: figure.amount,
        total: figure.total,
        records: u32::try_from(figure.records).unwrap_or(0),
    }
}
