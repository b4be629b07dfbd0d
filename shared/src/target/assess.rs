//! How a unit stands: exact comparisons, what should be there by now, what is missing.

use super::figure::{Asked, Assessment, Cell, Extent, Missing, PartState, Progress, Unit};
use super::plan::{Aggregation, Comparator, Reach, Span, SplitBy, Target, Thousandths};
use super::rule::{month_of, quarter_of};
use crate::id::AreaId;
use crate::time::LocalDate;
use chrono::{Datelike, Days};
use std::collections::BTreeSet;

/// How a unit whose places were there all along stands on `today` with what counted for it. `period` is the target's,
/// `last_day` the unit's last day in time, `value` what is asked of the unit.
pub fn assess(
    target: &Target,
    unit: Unit,
    cells: &[Cell<'_>],
    value: Thousandths,
    period: Span,
    last_day: LocalDate,
    today: LocalDate,
) -> Assessment {
    let asked = Asked::throughout(
        value,
        Span {
            from: period.from,
            to: last_day,
        },
    );
    assess_over(target, unit.all_along(asked.span, today), cells, asked, today)
}

/// How a unit of this extent stands on `today` with what counted for it.
pub fn assess_over(
    target: &Target,
    extent: Extent,
    cells: &[Cell<'_>],
    asked: Asked<'_>,
    today: LocalDate,
) -> Assessment {
    let Asked { value, span, .. } = asked;
    let whole = Figure {
        target,
        extent,
        value,
        sum: Sum::of(target, cells.iter()),
        span,
        today,
    };
    let progress = whole.progress();
    let assessment = Assessment {
        progress,
        figure: whole.shown(),
        value,
        amount: whole.sum.amount,
        total: whole.sum.total,
        records: whole.sum.records,
        missing: whole.missing(),
        overdue_since: (progress == Progress::Overdue).then_some(span.to),
        parts: Vec::new(),
    };
    let parts = parts_of(target, span, cells);
    if parts.is_empty() {
        return assessment;
    }
    let asked_of = |days: Span| asked.of_part.map_or(Some(value), |of_part| of_part(days));
    let figures = parts.into_iter().filter_map(|(part, span)| {
        let sum = Sum::of(target, cells.iter().filter(|cell| cell.part == part));
        let extent = whole.extent.within(whole.span, span, today);
        let value = asked_of(span)?;
        Some((
            part,
            Figure {
                sum,
                span,
                extent,
                value,
                ..whole
            },
        ))
    });
    in_parts(assessment, &figures.collect::<Vec<_>>())
}

/// A figure of which every part must meet what was asked.
fn in_parts(whole: Assessment, figures: &[(String, Figure<'_>)]) -> Assessment {
    let parts: Vec<PartState> = figures
        .iter()
        .map(|(part, figure)| PartState {
            part: part.clone(),
            figure: figure.shown(),
            progress: figure.progress(),
            last_day: figure.span.to,
            missing: figure.missing().filter(|_| figure.span.holds(figure.today)),
        })
        .collect();
    let overdue = parts.iter().filter(|part| part.progress == Progress::Overdue);
    let missing = parts.iter().filter_map(|part| part.missing);
    Assessment {
        progress: match parts.is_empty() {
            true => Progress::NotApplicable,
            false => worst(parts.iter().map(|part| part.progress)),
        },
        value: figures
            .iter()
            .map(|(_, figure)| figure.value)
            .max()
            .unwrap_or(whole.value),
        missing: missing.min_by_key(|missing| missing.until),
        overdue_since: overdue.map(|part| part.last_day).min(),
        parts,
        ..whole
    }
}

fn worst(all: impl Iterator<Item = Progress>) -> Progress {
    let rank = |progress| match progress {
        Progress::NotApplicable | Progress::Met => 0,
        Progress::OnTrack => 1,
        Progress::Behind => 2,
        Progress::Overdue => 3,
    };
    all.fold(
        Progress::Met,
        |worst, next| if rank(next) > rank(worst) { next } else { worst },
    )
}

/// The days of the parts of a target within a span, as far as they are known before anything counts; none where nothing is
/// split.
pub fn days_of_parts(target: &Target, span: Span) -> Vec<Span> {
    let parts = split_parts(target, span, &[]);
    parts.into_iter().map(|(_, days)| days).collect()
}

/// The parts that must meet what was asked, each with its days in this span; none where nothing is split, or parts are
/// what is counted.
fn parts_of(target: &Target, span: Span, cells: &[Cell<'_>]) -> Vec<(String, Span)> {
    match target.aggregation {
        Aggregation::Distinct => Vec::new(),
        _ => split_parts(target, span, cells),
    }
}

fn split_parts(target: &Target, span: Span, cells: &[Cell<'_>]) -> Vec<(String, Span)> {
    let source = target.source.as_ref();
    let Some((source, split)) = source.and_then(|source| Some((source, source.split.as_ref()?))) else {
        return Vec::new();
    };
    match split {
        SplitBy::Field { field, among } => {
            let mut parts = among.clone();
            if parts.is_empty() {
                parts.extend(cells.iter().map(|cell| cell.part.to_owned()));
                parts.sort_unstable();
                parts.dedup();
            }
            let days = |part: String| {
                let days = source
                    .days_of(field, &part)
                    .map_or(span, |days| days.shared(span));
                (part, days)
            };
            parts
                .into_iter()
                .map(days)
                .filter(|(_, days)| days.days() > 0)
                .collect()
        }
        SplitBy::Month => calendar_parts(span, month_of),
        SplitBy::Quarter => calendar_parts(span, quarter_of),
    }
}

/// The months or quarters of a span, by their names.
fn calendar_parts(span: Span, name: fn(LocalDate) -> String) -> Vec<(String, Span)> {
    let mut parts: Vec<(String, Span)> = Vec::new();
    let mut day = span.from;
    while day <= span.to {
        let part = name(day);
        match parts.last_mut().filter(|(last, _)| *last == part) {
            Some((_, last)) => last.to = month_end(day).min(span.to),
            None => parts.push((
                part,
                Span {
                    from: day,
                    to: month_end(day).min(span.to),
                },
            )),
        }
        match month_end(day).succ_opt() {
            Some(next) => day = next,
            None => break,
        }
    }
    parts
}

fn month_end(day: LocalDate) -> LocalDate {
    let (year, month) = match day.month() {
        12 => (day.year() + 1, 1),
        month => (day.year(), month + 1),
    };
    let next = LocalDate::from_ymd_opt(year, month, 1);
    next.and_then(|next| next.pred_opt()).unwrap_or(day)
}

/// The Sunday of the week of a day.
fn sunday_of(day: LocalDate) -> LocalDate {
    let ahead = 6 - u64::from(day.weekday().num_days_from_monday());
    day.checked_add_days(Days::new(ahead)).unwrap_or(day)
}

#[derive(Clone, Copy)]
struct Sum {
    amount: i64,
    total: i64,
    records: u32,
    /// Different parts, or places reached, where those are what is counted.
    different: i64,
}

impl Sum {
    fn of<'a>(target: &Target, cells: impl Iterator<Item = &'a Cell<'a>>) -> Self {
        let mut sum = Self {
            amount: 0,
            total: 0,
            records: 0,
            different: 0,
        };
        let mut places: BTreeSet<AreaId> = BTreeSet::new();
        let mut parts: BTreeSet<&str> = BTreeSet::new();
        for cell in cells.filter(|cell| cell.records > 0) {
            sum.amount = sum.amount.saturating_add(cell.amount);
            sum.total = sum.total.saturating_add(cell.total);
            sum.records = sum.records.saturating_add(cell.records);
            match target.aggregation {
                Aggregation::Distinct => drop(parts.insert(cell.part)),
                Aggregation::Reach { of: Reach::Communes } => drop(places.insert(cell.commune)),
                Aggregation::Reach { of: Reach::Areas } if cell.area != cell.commune => {
                    places.insert(cell.area);
                }
                _ => {}
            }
        }
        sum.different = i64::try_from(places.len().max(parts.len())).unwrap_or(i64::MAX);
        sum
    }
}

#[derive(Clone, Copy)]
struct Figure<'a> {
    target: &'a Target,
    extent: Extent,
    value: Thousandths,
    sum: Sum,
    span: Span,
    today: LocalDate,
}

impl Figure<'_> {
    /// The figure as a fraction; none while there is nothing to divide by.
    fn fraction(&self) -> Option<(i128, i128)> {
        let sum = &self.sum;
        let (amount, total) = (i128::from(sum.amount), i128::from(sum.total));
        let (top, bottom) = match self.target.aggregation {
            Aggregation::Sum | Aggregation::Parts { .. } => (amount, 1),
            Aggregation::Distinct => (sum.different.into(), 1),
            Aggregation::Average => (
                amount * i128::from(self.span.days()),
                self.extent.commune_days.into(),
            ),
            Aggregation::WeeklyAverage => (amount * 7, self.extent.area_days.into()),
            Aggregation::Ratio => (amount * 100, total),
            Aggregation::Reach { of } => (i128::from(sum.different) * 100, self.places(of).into()),
            Aggregation::Decrease if sum.records > 0 && amount == 0 => (100, 1),
            Aggregation::Decrease => ((total - amount) * 100, total),
        };
        (bottom > 0).then_some((top, bottom))
    }

    fn places(&self, of: Reach) -> u32 {
        match of {
            Reach::Areas => self.extent.areas,
            Reach::Communes => self.extent.communes,
        }
    }

    /// Days of the span that have begun.
    fn elapsed(&self) -> i64 {
        self.span.until(self.today).days()
    }

    fn shown(&self) -> Option<Thousandths> {
        let (top, bottom) = self.fraction()?;
        // Half away from zero, in whole numbers.
        let doubled = (top * 2_000).checked_div(bottom)?;
        let rounded = if doubled >= 0 {
            (doubled + 1) / 2
        } else {
            (doubled - 1) / 2
        };
        i64::try_from(rounded).ok().map(Thousandths)
    }

    fn is_met(&self) -> bool {
        self.fraction().is_some_and(|(top, bottom)| {
            let (figure, asked) = (top * 1_000, i128::from(self.value.0) * bottom);
            match self.target.comparator {
                Comparator::AtLeast => figure >= asked,
                Comparator::MoreThan => figure > asked,
                Comparator::Exactly => figure == asked,
                Comparator::AtMost => figure <= asked,
                Comparator::LessThan => figure < asked,
            }
        })
    }

    /// Whether a figure that meets what was asked today may fail it tomorrow without anything being taken back.
    fn may_fall(&self) -> bool {
        let is_ceiling = matches!(self.target.comparator, Comparator::AtMost | Comparator::LessThan);
        let is_none = self.target.comparator == Comparator::Exactly && self.value.0 == 0;
        is_ceiling || is_none || self.target.aggregation == Aggregation::WeeklyAverage
    }

    fn progress(&self) -> Progress {
        let is_over = self.today > self.span.to;
        match (self.is_met(), is_over) {
            // It was stated that there was nothing to have a rate of.
            (false, true) if self.is_stated_of_nothing() => Progress::NotApplicable,
            (true, false) if self.may_fall() => Progress::OnTrack,
            (true, _) => Progress::Met,
            (false, true) => Progress::Overdue,
            (false, false) if self.is_enough_so_far() => Progress::OnTrack,
            (false, false) => Progress::Behind,
        }
    }

    /// What is asked, in what is counted and in thousandths; none where nothing is counted towards it.
    fn goal(&self) -> Option<i128> {
        let value = i128::from(self.value.0);
        match self.target.aggregation {
            Aggregation::Sum | Aggregation::Parts { .. } | Aggregation::Distinct => Some(value),
            Aggregation::Average => {
                let days = i128::from(self.extent.commune_days);
                (value * days).checked_div(self.span.days().into())
            }
            Aggregation::Reach { of } => Some(value * i128::from(self.places(of)) / 100),
            Aggregation::WeeklyAverage | Aggregation::Ratio | Aggregation::Decrease => None,
        }
    }

    /// How much of what is counted there is.
    fn done(&self) -> i128 {
        match self.target.aggregation {
            Aggregation::Distinct | Aggregation::Reach { .. } => self.sum.different.into(),
            _ => self.sum.amount.into(),
        }
    }

    fn is_floor(&self) -> bool {
        matches!(
            self.target.comparator,
            Comparator::AtLeast | Comparator::MoreThan | Comparator::Exactly
        )
    }

    fn is_enough_so_far(&self) -> bool {
        // Today is not over yet.
        let elapsed = i128::from(self.elapsed() - 1);
        if elapsed < 0 {
            return true;
        }
        match self.goal() {
            // In proportion to the days elapsed, rounded down to what can be counted; and an exact goal is not overshot.
            Some(goal) if self.is_floor() => {
                let expected = goal * elapsed / (1_000 * i128::from(self.span.days().max(1)));
                let is_overshot = self.target.comparator == Comparator::Exactly && self.done() * 1_000 > goal;
                self.done() >= expected && !is_overshot
            }
            // A ceiling that is broken stays broken.
            Some(_) => false,
            // A rate of which nothing has been stated yet, or of nothing; what rose from nothing has not fallen.
            None => {
                let is_of_nothing = self.fraction().is_none() && !self.rose_from_nothing();
                is_of_nothing || self.sum.records == 0 && !self.is_weekly()
            }
        }
    }

    fn is_stated_of_nothing(&self) -> bool {
        let is_rate = self.target.aggregation == Aggregation::Ratio;
        is_rate && self.sum.records > 0 && self.sum.total == 0
    }

    fn rose_from_nothing(&self) -> bool {
        let is_decrease = self.target.aggregation == Aggregation::Decrease;
        is_decrease && self.sum.total == 0 && self.sum.amount > 0
    }

    fn is_weekly(&self) -> bool {
        self.target.aggregation == Aggregation::WeeklyAverage
    }

    fn missing(&self) -> Option<Missing> {
        if !self.is_floor() || self.today > self.span.to || (self.is_met() && !self.is_weekly()) {
            return None;
        }
        let value = i128::from(self.value.0);
        let days_until = |until: LocalDate| i128::from(self.span.until(until).days());
        // What should be there at the end of that day, as thousandths over a divisor.
        let (until, top, bottom) = match (&self.target.aggregation, self.goal()) {
            (Aggregation::WeeklyAverage, _) => {
                let until = sunday_of(self.today).min(self.span.to);
                // The days of this week that are still to come belong to those that are there now.
                let to_come = days_until(until) - i128::from(self.elapsed());
                let days = i128::from(self.extent.area_days) + i128::from(self.extent.areas) * to_come;
                (until, value * days, 7_000)
            }
            (Aggregation::Average, Some(goal)) => {
                let until = month_end(self.today).min(self.span.to);
                (
                    until,
                    goal * days_until(until),
                    1_000 * i128::from(self.span.days().max(1)),
                )
            }
            (_, Some(goal)) => (self.span.to, goal, 1_000),
            (_, None) => return None,
        };
        let needed = match self.target.comparator {
            Comparator::MoreThan => top / bottom + 1,
            _ => (top + bottom - 1) / bottom,
        };
        let count = i64::try_from(needed - self.done()).ok()?;
        (count > 0).then_some(Missing { count, until })
    }
}
