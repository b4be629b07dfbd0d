//! How a figure grew over its period, where it should have been, and where it leads at the pace so far.

use keng_shared::api::PaceShape;
use keng_shared::id::AreaId;
use keng_shared::target::{Aggregation, Asked, Cell, Extent, Span, Target, Thousandths, assess_over};
use keng_shared::time::LocalDate;
use std::collections::BTreeMap;

/// What counted, day by day, as far as a figure can be told from it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Growth {
    /// Sums of amounts, totals and shares of each day.
    Sums(BTreeMap<LocalDate, (i64, i64, u32)>),
    /// The day on which each part, or each place, counted first.
    Firsts(Vec<(LocalDate, First)>),
    /// What counted for each part that must meet what is asked.
    Parts(Vec<OfPart>),
}

/// What counted on a day for one part.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OfPart {
    pub day: LocalDate,
    pub part: String,
    pub amount: i64,
    pub total: i64,
    pub records: u32,
}

/// What counted for the first time.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum First {
    /// A part of a split.
    Part(String),
    /// A residential area or a commune.
    Place(AreaId),
}

/// The commune of cells that stand for sums of many.
const EVERYWHERE: AreaId = AreaId(0);

impl Growth {
    /// The growth of these days, which may come more than once.
    pub fn sums(days: impl Iterator<Item = (LocalDate, (i64, i64, u32))>) -> Self {
        let mut found: BTreeMap<LocalDate, (i64, i64, u32)> = BTreeMap::new();
        for (day, (amount, total, records)) in days {
            let sums = found.entry(day).or_default();
            sums.0 = sums.0.saturating_add(amount);
            sums.1 = sums.1.saturating_add(total);
            sums.2 = sums.2.saturating_add(records);
        }
        Self::Sums(found)
    }

    /// The figure at the end of a day, of places of this extent on that day; of a split one, how many parts are met.
    pub fn on(
        &self,
        target: &Target,
        extent: Extent,
        asked: Asked<'_>,
        day: LocalDate,
    ) -> Option<Thousandths> {
        let how = assess_over(target, extent, &self.cells(target, day), asked, day);
        match self {
            Self::Parts(_) => Some(count(how.parts_met())),
            Self::Sums(_) | Self::Firsts(_) => how.figure,
        }
    }

    /// How many parts are asked; none where nothing is split.
    pub fn parts(&self, target: &Target, extent: Extent, asked: Asked<'_>) -> Option<Thousandths> {
        let is_split = matches!(self, Self::Parts(_));
        let last_day = asked.span.to;
        let how =
            is_split.then(|| assess_over(target, extent, &self.cells(target, last_day), asked, last_day));
        how.map(|how| count(how.parts.len()))
    }

    fn cells(&self, target: &Target, day: LocalDate) -> Vec<Cell<'_>> {
        match self {
            Self::Sums(days) => {
                let until = days.range(..=day).map(|(_, sums)| *sums);
                let (amount, total, records) = until.fold((0_i64, 0_i64, 0_u32), |sum, next| {
                    (
                        sum.0.saturating_add(next.0),
                        sum.1.saturating_add(next.1),
                        sum.2.saturating_add(next.2),
                    )
                });
                vec![Cell {
                    commune: EVERYWHERE,
                    area: EVERYWHERE,
                    part: "",
                    amount,
                    total,
                    records,
                }]
            }
            Self::Firsts(firsts) => firsts
                .iter()
                .filter(|(first, _)| *first <= day)
                .map(|(_, what)| what.cell(&target.aggregation))
                .collect(),
            Self::Parts(parts) => parts
                .iter()
                .filter(|of| of.day <= day)
                .map(OfPart::cell)
                .collect(),
        }
    }
}

impl OfPart {
    fn cell(&self) -> Cell<'_> {
        Cell {
            commune: EVERYWHERE,
            area: EVERYWHERE,
            part: &self.part,
            amount: self.amount,
            total: self.total,
            records: self.records,
        }
    }
}

fn count(parts: usize) -> Thousandths {
    Thousandths::whole(i64::try_from(parts).unwrap_or(i64::MAX))
}

/// The last day of each week from the first day of a span, and the last of these days.
pub fn weeks(span: Span, until: LocalDate) -> Vec<LocalDate> {
    let mut days = Vec::new();
    let mut day = span.from;
    while day < until {
        days.push(day);
        match day.checked_add_days(chrono::Days::new(7)) {
            Some(next) => day = next,
            None => break,
        }
    }
    if until >= span.from {
        days.push(until);
    }
    days
}

impl First {
    fn cell(&self, aggregation: &Aggregation) -> Cell<'_> {
        let (commune, area, part) = match (self, aggregation) {
            (Self::Part(part), _) => (EVERYWHERE, EVERYWHERE, part.as_str()),
            (
                Self::Place(place),
                Aggregation::Reach {
                    of: keng_shared::target::Reach::Areas,
                },
            ) => (EVERYWHERE, *place, ""),
            (Self::Place(place), _) => (*place, *place, ""),
        };
        Cell {
            commune,
            area,
            part,
            amount: 1,
            total: 0,
            records: 1,
        }
    }
}

/// Whether a figure rises to what is asked, or is to keep a level.
pub fn shape(aggregation: &Aggregation) -> PaceShape {
    match aggregation {
        Aggregation::Sum
        | Aggregation::Distinct
        | Aggregation::Average
        | Aggregation::Reach { .. }
        | Aggregation::Parts { .. } => PaceShape::Rising,
        Aggregation::WeeklyAverage | Aggregation::Ratio | Aggregation::Decrease => PaceShape::Level,
    }
}

/// Where the figure leads on the last day: what rises goes on as it did, a level stays. None on a day before the second of
/// the period, and when the last day has passed.
pub fn forecast(
    shape: PaceShape,
    figure: Option<Thousandths>,
    from: LocalDate,
    today: LocalDate,
    last_day: LocalDate,
) -> Option<Thousandths> {
    let elapsed = today.signed_duration_since(from).num_days();
    let whole = last_day.signed_duration_since(from).num_days() + 1;
    if today >= last_day || elapsed < 1 {
        return None;
    }
    match shape {
        PaceShape::Level => figure,
        PaceShape::Rising => {
            let grown = i128::from(figure?.0) * i128::from(whole) / i128::from(elapsed);
            i64::try_from(grown).ok().map(Thousandths)
        }
    }
}

/// The day on which a figure that rises reaches what is asked at the pace so far; none when it stands still or is there.
pub fn reached_on(
    figure: Option<Thousandths>,
    value: Thousandths,
    from: LocalDate,
    today: LocalDate,
) -> Option<LocalDate> {
    let figure = figure?.0;
    let elapsed = today.signed_duration_since(from).num_days();
    if figure <= 0 || figure >= value.0 || elapsed < 1 {
        return None;
    }
    let days = i128::from(value.0) * i128::from(elapsed) / i128::from(figure);
    let days = u64::try_from(days).ok().filter(|days| *days < 3_660)?;
    from.checked_add_days(chrono::Days::new(days))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> LocalDate {
        text.parse().unwrap()
    }

    #[test]
    fn what_rises_leads_on_as_it_did_and_a_level_stays() {
        let (from, last) = (day("2026-01-01"), day("2026-12-31"));
        let half = day("2026-07-02");
        // 182 of 365 days have passed, and six are there: at that pace it will be twelve.
        let twelve = forecast(PaceShape::Rising, Some(Thousandths::whole(6)), from, half, last);
        assert_eq!(twelve, Some(Thousandths(12_032)));
        let level = forecast(PaceShape::Level, Some(Thousandths(3_100)), from, half, last);
        assert_eq!(level, Some(Thousandths(3_100)));
        assert_eq!(
            forecast(PaceShape::Rising, Some(Thousandths(1)), from, from, last),
            None
        );
        assert_eq!(
            forecast(PaceShape::Rising, Some(Thousandths(1)), from, last, last),
            None
        );
    }

    #[test]
    fn the_day_of_the_goal_follows_from_the_pace_and_there_is_none_for_nothing() {
        let (from, today) = (day("2026-01-01"), day("2026-04-11"));
        let reached = |figure: i64| {
            reached_on(
                Some(Thousandths::whole(figure)),
                Thousandths::whole(20),
                from,
                today,
            )
        };
        // Ten in a hundred days: twenty after two hundred.
        assert_eq!(reached(10), Some(day("2026-07-20")));
        assert_eq!(reached(0), None);
        assert_eq!(reached(20), None);
    }
}
