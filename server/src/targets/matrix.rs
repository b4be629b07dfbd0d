//! How far units are: stored figures put under the units of a tree, and compared with what was asked.

use super::extent::Place;
use super::ground::{Extents, Ground, Row, Rows, Standard, adds_up};
use super::homes::lives::AskedOf;
use crate::db::target_figures::StoredFigure;
use keng_shared::api::{MatrixCell, MatrixTarget, MatrixUnit, MyTarget};
use keng_shared::area::{AreaKind, AreaTree};
use keng_shared::id::{AreaId, TargetPlanId};
use keng_shared::target::{
    Aggregation, Asked, Assessment, Cell, Level, PlanTerms, Progress, Rollup, Rule, Span, Target,
    Thousandths, Unit, assess_over,
};
use keng_shared::text;
use std::collections::{HashMap, HashSet};

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

/// A matrix: rows and columns.
pub struct Matrix {
    pub units: Vec<MatrixUnit>,
    pub targets: Vec<MatrixTarget>,
}

impl Ground<'_> {
    /// Lays figures out. `figures` belong to the target of that code; `late` counts by code.
    pub fn matrix(
        &self,
        show: &Rows,
        figures: &HashMap<&str, Vec<&StoredFigure>>,
        late: &HashMap<&str, u32>,
    ) -> Matrix {
        let mut rows = self.rows(show);
        // What lies nowhere else gets a row of its own, so that the totals agree.
        let mut known: HashSet<AreaId> = rows.iter().map(|row| row.area).collect();
        for figure in figures.values().flatten() {
            let area = self.home(show, place(figure));
            if !matches!(show, Rows::Within(_)) && known.insert(area) {
                rows.push(self.row(area, vec![AreaId(figure.commune_id)]));
            }
        }
        let name = |area: AreaId| name_of(self.tree, area);
        rows.sort_by_cached_key(|row| (text::sort_key(&name(row.area)), row.area));
        // In the year of a merger a new commune may be called as an old one is; the old one says when it ended.
        let mut called: HashMap<String, u32> = HashMap::new();
        for row in &rows {
            *called.entry(name(row.area)).or_default() += 1;
        }
        let until = |area: AreaId| {
            let is_double = called.get(&name(area)).is_some_and(|count| *count > 1);
            self.tree
                .get(area)
                .filter(|_| is_double)
                .and_then(|area| area.valid_to)
        };
        let mut units: Vec<MatrixUnit> = rows
            .iter()
            .map(|row| MatrixUnit {
                area_id: row.area,
                name: name(row.area),
                until: until(row.area),
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
        show: &Rows,
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
                .entry(self.home(show, place(figure)))
                .or_default()
                .push(self.cell(figure));
        }
        let extents = self.extents(show, &rule, rule.span());
        let cells: Vec<MatrixCell> = rows
            .iter()
            .map(|row| {
                let cells = by_row.get(&row.area).map_or(&[][..], Vec::as_slice);
                let how = self.assess_row(show, &rule, row, cells, &extents);
                MatrixCell::of(&how, target.value, rule.span().to)
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
            last_day: rule.span().to,
            asked,
            rollup,
            whole,
            cells,
            late: late.get(target.code.as_str()).copied().unwrap_or(0),
        }
    }

    /// How a row stands.
    fn assess_row(
        &self,
        show: &Rows,
        rule: &Rule<'_>,
        row: &Row,
        cells: &[Cell<'_>],
        extents: &Extents,
    ) -> Assessment {
        let target = rule.target;
        let Some(standard) = self.standard_of_row(show, rule, row) else {
            return self.not_asked(rule, row, cells);
        };
        let Standard {
            unit,
            value,
            last_day,
        } = standard;
        let span = Span {
            from: rule.period.from,
            to: last_day,
        };
        let extent = self.extent_of_row(show, rule, (row.area, unit), span, extents);
        let (lives, of) = (self.homes.lives(), self.parts_of_row(show, target, row));
        let of_part = |days| lives.of_part(target, of, value, days);
        let asked = Asked {
            value,
            span,
            of_part: Some(&of_part),
        };
        let today = self.day_of_row(show, row, last_day);
        let mut how = assess_over(target, extent, cells, asked, today);
        how.overdue_since = how.overdue_since.map(|since| since.min(self.today));
        how
    }

    /// A row that is not asked. What a commune did although those that it was made of are asked belongs to the sum, so that
    /// it is shown.
    fn not_asked(&self, rule: &Rule<'_>, row: &Row, cells: &[Cell<'_>]) -> Assessment {
        let none = Assessment::not_applicable(rule.target.value);
        let lives = self.homes.lives();
        let is_covered = |commune: &AreaId| lives.covers(*commune, rule.span());
        if cells.is_empty() || row.communes.iter().all(is_covered) {
            return none;
        }
        let unit = Unit {
            communes: 1,
            areas: 1,
        };
        let extent = unit.all_along(rule.span(), self.today);
        let asked = Asked::throughout(none.value, rule.span());
        let how = assess_over(rule.target, extent, cells, asked, self.today);
        Assessment {
            figure: how.figure,
            amount: how.amount,
            total: how.total,
            records: how.records,
            ..none
        }
    }

    /// The figure of everything shown. A target of the whole is compared by itself, one of its units is met when all are.
    fn whole(
        &self,
        show: &Rows,
        rule: &Rule<'_>,
        rows: &[Row],
        figures: &[&StoredFigure],
        rollup: Rollup,
    ) -> (Assessment, Option<Thousandths>) {
        let target = rule.target;
        let cells: Vec<Cell<'_>> = figures.iter().map(|figure| self.cell(figure)).collect();
        if let Rows::Within(commune) = show {
            // The commune's own figure, whatever its residential areas are asked.
            let extents = self.extents(&Rows::Then, rule, rule.span());
            let row = self.row(*commune, vec![*commune]);
            let own = self.assess_row(&Rows::Then, rule, &row, &cells, &extents);
            let asked = adds_up(&target.aggregation).then_some(own.value);
            return (own, asked);
        }
        let standard = self.standard_of_whole(rule, rows);
        let (unit, value, last_day) = (standard.unit, standard.value, standard.last_day);
        let span = Span {
            from: rule.period.from,
            to: last_day,
        };
        let extent = self.extent_of_whole(rule, unit, span);
        let communes: Vec<AreaId> = rows.iter().flat_map(|row| row.communes.iter().copied()).collect();
        let of = match target.levels.contains(&Level::Whole) {
            true => AskedOf::Whole,
            false => AskedOf::Communes(&communes),
        };
        let of_part = |days| self.homes.lives().of_part(target, of, value, days);
        let asked = Asked {
            value,
            span,
            of_part: Some(&of_part),
        };
        let mut whole = assess_over(target, extent, &cells, asked, self.today);
        if !target.levels.contains(&Level::Whole) {
            whole.progress = match rollup {
                rollup if rollup.asked() == 0 => Progress::NotApplicable,
                rollup if rollup.overdue > 0 => Progress::Overdue,
                rollup if rollup.behind > 0 => Progress::Behind,
                rollup if rollup.on_track > 0 => Progress::OnTrack,
                _ => Progress::Met,
            };
            whole.overdue_since = whole.overdue_since.filter(|_| rollup.overdue > 0);
        }
        let asked = adds_up(&target.aggregation).then_some(whole.value);
        (whole, asked)
    }

    /// Targets of one commune with all that became it, and of one of its residential areas, as its people see them. The
    /// communes of the ground are these.
    pub fn mine(
        &self,
        plan_id: TargetPlanId,
        commune: AreaId,
        village: Option<AreaId>,
        figures: &HashMap<&str, Vec<&StoredFigure>>,
    ) -> Vec<MyTarget> {
        let mut found = Vec::new();
        let whole = || match self.communes {
            [_] => Rows::Then,
            _ => Rows::Now,
        };
        for target in &self.terms.targets {
            let rule = self.terms.rule(target);
            let own = figures_of(target, figures);
            let level = |level| target.levels.contains(&level);
            let places = [
                village
                    .filter(|_| level(Level::Area) || target.is_shared_out())
                    .map(|area| (area, Rows::Within(commune))),
                Some((commune, whole())),
            ];
            for (area, show) in places.into_iter().flatten() {
                let row = match show {
                    Rows::Within(_) => Row {
                        area,
                        communes: vec![commune],
                        areas: vec![area],
                    },
                    Rows::Then | Rows::Now => self.row(area, self.communes.to_vec()),
                };
                let cells: Vec<Cell<'_>> = own
                    .iter()
                    .filter(|figure| {
                        let is_own = figure.commune_id == commune.0 || matches!(show, Rows::Now);
                        is_own && self.home(&show, place(figure)) == area
                    })
                    .map(|figure| self.cell(figure))
                    .collect();
                let extents = self.extents(&show, &rule, rule.span());
                let how = self.assess_row(&show, &rule, &row, &cells, &extents);
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
                    parts: how.parts,
                    this_week: None,
                    by_me: 0,
                    by_team: 0,
                    last_day: rule.closes_on(area, commune),
                });
            }
        }
        found
    }

    /// A figure as it is assessed: communes that became one are one.
    fn cell<'f>(&self, figure: &'f StoredFigure) -> Cell<'f> {
        Cell {
            commune: self.homes.of(AreaId(figure.commune_id)),
            area: AreaId(figure.area_id),
            part: &figure.part,
            amount: figure.amount,
            total: figure.total,
            records: u32::try_from(figure.records).unwrap_or(0),
        }
    }
}

/// The figures of a target, or of those that it adds up.
fn figures_of<'a>(target: &Target, figures: &HashMap<&str, Vec<&'a StoredFigure>>) -> Vec<&'a StoredFigure> {
    let of = |code: &str| figures.get(code).cloned().unwrap_or_default();
    match &target.aggregation {
        Aggregation::Parts { codes } => codes.iter().flat_map(|code| of(code)).collect(),
        _ => of(&target.code),
    }
}

const fn place(figure: &StoredFigure) -> Place {
    Place {
        commune: AreaId(figure.commune_id),
        area: AreaId(figure.area_id),
    }
}
