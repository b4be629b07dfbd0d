//! For how long communes were there, and which of them are asked for something in given days when some became others.
//!
//! Invariant: a reform asks for nothing twice. What adds up is asked, in the days of the target or of a part of it, of the
//! communes that were there first; one that was made of them within these days is asked for nothing that they were asked.

use keng_shared::area::{AreaTree, Succession};
use keng_shared::id::AreaId;
use keng_shared::target::{Aggregation, Span, Target, Thousandths, days_of_parts};
use keng_shared::time::LocalDate;
use std::collections::HashMap;

/// The lives of the communes of a plan.
#[derive(Debug, Default)]
pub struct Lives {
    /// Of those that have not always been there, or are no more.
    days: HashMap<AreaId, Span>,
    /// What each was made of, wholly or in part.
    made_of: HashMap<AreaId, Vec<AreaId>>,
}

/// Of whom a figure in parts is asked.
#[derive(Debug, Clone, Copy)]
pub enum AskedOf<'a> {
    /// Of everybody together, in every part the same.
    Whole,
    /// Of these communes, each its own value.
    Communes(&'a [AreaId]),
    /// Of a village, as long as its commune is there.
    Village(AreaId),
}

impl Lives {
    /// The lives of these communes.
    pub fn of(tree: &AreaTree, communes: &[AreaId], successions: &[Succession]) -> Self {
        let mut lives = Self::default();
        for commune in communes {
            let found = tree.get(*commune).map(|area| (area.valid_from, area.valid_to));
            if let Some((from, to)) = found.filter(|(from, to)| from.is_some() || to.is_some()) {
                let days = Span {
                    from: from.unwrap_or(LocalDate::MIN),
                    to: to.unwrap_or(LocalDate::MAX),
                };
                lives.days.insert(*commune, days);
            }
        }
        for step in successions {
            lives.made_of.entry(step.new).or_default().push(step.old);
        }
        lives
    }

    /// Whether a commune was there on all of these days.
    pub fn covers(&self, commune: AreaId, days: Span) -> bool {
        let life = self.days.get(&commune);
        life.is_none_or(|life| life.from <= days.from && days.to <= life.to)
    }

    /// Whether something is asked of a commune in these days, or in those of any part of them.
    pub fn is_asked(&self, target: &Target, commune: AreaId, days: Span) -> bool {
        if self.covers(commune, days) {
            return true;
        }
        let parts = days_of_parts(target, days);
        match parts.is_empty() {
            true => self.is_asked_in(target, commune, days),
            false => parts.iter().any(|part| self.is_asked_in(target, commune, *part)),
        }
    }

    /// What is asked of these communes for a number of different parts: no more than there were parts in their days.
    pub fn different(
        &self,
        target: &Target,
        communes: &[AreaId],
        value: Thousandths,
        days: Span,
    ) -> Thousandths {
        if communes.iter().any(|commune| self.covers(*commune, days)) {
            return value;
        }
        let parts = days_of_parts(target, days).into_iter();
        let own = parts.filter(|part| communes.iter().any(|id| self.is_asked_in(target, *id, *part)));
        let own = i64::try_from(own.count()).unwrap_or(i64::MAX);
        value.min(Thousandths::whole(own))
    }

    /// What is asked in the days of a part; none where it is not asked.
    pub fn of_part(
        &self,
        target: &Target,
        of: AskedOf<'_>,
        value: Thousandths,
        days: Span,
    ) -> Option<Thousandths> {
        match of {
            AskedOf::Whole => Some(value),
            AskedOf::Village(commune) => self.shared(commune, days).map(|_| value),
            AskedOf::Communes(communes) => {
                let asked = communes.iter().copied();
                let (count, sum) = target.asked_of(asked.filter(|id| self.is_asked_in(target, *id, days)));
                let adds_up = target.aggregation == Aggregation::Sum;
                (count > 0).then_some(if adds_up { sum } else { value })
            }
        }
    }

    /// The days of these on which a commune was there.
    pub fn shared(&self, commune: AreaId, days: Span) -> Option<Span> {
        let shared = self.days.get(&commune).map_or(days, |life| life.shared(days));
        (shared.days() > 0).then_some(shared)
    }

    fn is_asked_in(&self, target: &Target, commune: AreaId, days: Span) -> bool {
        let Some(own) = self.shared(commune, days) else {
            return false;
        };
        match target.aggregation {
            Aggregation::Sum | Aggregation::Parts { .. } | Aggregation::Distinct => {
                self.is_first(commune, days, own)
            }
            // A rate is stated at the end, by who is there then.
            Aggregation::Ratio | Aggregation::Decrease => own.to == days.to,
            // An average is divided by the days that each was there.
            Aggregation::Average | Aggregation::WeeklyAverage | Aggregation::Reach { .. } => true,
        }
    }

    /// Whether a commune, there on its own of these days, was made of none that was there before it.
    fn is_first(&self, commune: AreaId, days: Span, own: Span) -> bool {
        let Some(eve) = own.from.pred_opt().filter(|_| own.from > days.from) else {
            return true;
        };
        let before = Span { to: eve, ..days };
        let made_of = self.made_of.get(&commune).map_or(&[][..], Vec::as_slice);
        !made_of.iter().any(|old| self.shared(*old, before).is_some())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use keng_shared::target::{Amount, Comparator, Level, Source, SplitBy};

    const OLD: AreaId = AreaId(1);
    const NEW: AreaId = AreaId(2);
    const STAYS: AreaId = AreaId(3);

    fn span(from: &str, to: &str) -> Span {
        Span {
            from: from.parse().unwrap(),
            to: to.parse().unwrap(),
        }
    }

    fn reform() -> Lives {
        let life = |from: &str, to: &str| span(from, to);
        Lives {
            days: HashMap::from([
                (OLD, life("2000-01-01", "2025-06-30")),
                (NEW, life("2025-07-01", "2100-12-31")),
            ]),
            made_of: HashMap::from([(NEW, vec![OLD])]),
        }
    }

    fn target(aggregation: Aggregation, split: Option<SplitBy>) -> Target {
        Target {
            code: "1".to_owned(),
            text: "Chỉ tiêu".to_owned(),
            measure: String::new(),
            comparator: Comparator::AtLeast,
            value: Thousandths::whole(12),
            applies_to: Vec::new(),
            levels: vec![Level::Commune],
            aggregation,
            source: Some(Source {
                kind: "document".to_owned(),
                conditions: Vec::new(),
                amount: Amount::Records,
                dated_by: None,
                limit: None,
                split,
            }),
            period: None,
            deadline: None,
            excluded: Vec::new(),
            named: Vec::new(),
            own: Vec::new(),
            note: String::new(),
        }
    }

    #[test]
    fn what_adds_up_is_asked_of_who_was_there_first_and_of_each_part_once() {
        let lives = reform();
        let year = span("2025-01-01", "2025-12-31");
        let asked = |target: &Target, days| [OLD, NEW, STAYS].map(|id| lives.is_asked(target, id, days));
        let sum = target(Aggregation::Sum, None);
        assert_eq!(asked(&sum, year), [true, false, true]);
        assert_eq!(asked(&sum, span("2025-01-01", "2025-03-11")), [true, false, true]);
        assert_eq!(asked(&sum, span("2025-08-01", "2025-10-31")), [false, true, true]);
        let quarters = target(Aggregation::Sum, Some(SplitBy::Quarter));
        assert_eq!(asked(&quarters, year), [true, true, true]);
        let of = AskedOf::Communes(&[OLD, NEW]);
        for quarter in [span("2025-04-01", "2025-06-30"), span("2025-07-01", "2025-09-30")] {
            let value = lives.of_part(&quarters, of, Thousandths::whole(24), quarter);
            assert_eq!(value, Some(Thousandths::whole(12)), "of one of the two");
        }
    }

    #[test]
    fn a_rate_is_asked_of_who_is_there_at_the_end_and_an_average_of_both() {
        let lives = reform();
        let year = span("2025-01-01", "2025-12-31");
        let asked = |target: &Target| [OLD, NEW, STAYS].map(|id| lives.is_asked(target, id, year));
        assert_eq!(asked(&target(Aggregation::Ratio, None)), [false, true, true]);
        assert_eq!(asked(&target(Aggregation::Average, None)), [true, true, true]);
    }

    #[test]
    fn of_twelve_months_a_commune_of_half_a_year_is_asked_six() {
        let lives = reform();
        let year = span("2025-01-01", "2025-12-31");
        let months = target(Aggregation::Distinct, Some(SplitBy::Month));
        let asked = |communes: &[AreaId]| lives.different(&months, communes, months.value, year);
        assert_eq!(asked(&[OLD]), Thousandths::whole(6));
        assert_eq!(asked(&[NEW]), Thousandths::whole(6));
        assert_eq!(asked(&[OLD, NEW]), Thousandths::whole(12));
        assert_eq!(asked(&[STAYS]), Thousandths::whole(12));
    }
}
