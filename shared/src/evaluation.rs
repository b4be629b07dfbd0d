//! The yearly evaluation of teams: what a team's logged work proposes, and what an officer may decide.
//!
//! The rules are those of Hướng dẫn 01/HD-BCA-V05 of the Ministry of Public Security: the year goes from 15 November to
//! 14 November, there are four levels, a team that has worked less than nine months is not evaluated, and at most 20 %
//! of those rated good have the top level. The guidance asks more than a log can know (discipline, meetings, training),
//! so a level is only proposed from logged work; people decide.

use crate::json::{FromJson, ToJson};
use crate::time::LocalDate;
use chrono::{Datelike, Months, NaiveDate};
use serde::{Deserialize, Serialize};

/// A level, the best first.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, FromJson, ToJson,
)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum Rating {
    /// Hoàn thành xuất sắc nhiệm vụ.
    Excellent,
    /// Hoàn thành tốt nhiệm vụ.
    Good,
    /// Hoàn thành nhiệm vụ.
    Fulfilled,
    /// Không hoàn thành nhiệm vụ.
    Unfulfilled,
}

impl Rating {
    /// All levels, the best first.
    pub const ALL: [Self; 4] = [Self::Excellent, Self::Good, Self::Fulfilled, Self::Unfulfilled];

    /// The wire form.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Excellent => "excellent",
            Self::Good => "good",
            Self::Fulfilled => "fulfilled",
            Self::Unfulfilled => "unfulfilled",
        }
    }

    /// The level with this wire form.
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|rating| rating.as_str() == text)
    }
}

/// Earliest and latest year that can be evaluated.
pub const YEARS: std::ops::RangeInclusive<i32> = 2024..=2100;
/// Longest words about a team, in characters.
pub const MAX_WORDS: usize = 500;
/// A team that has worked fewer months is not evaluated.
pub const MIN_MONTHS: u32 = 9;
/// More than this percentage of its tasks done is what the guidance asks of the top level.
pub const EXCELLENT_ABOVE: u32 = 95;
/// From this percentage of planned shifts on "good" is proposed. The guidance gives no figure; an officer sees the share.
pub const GOOD_FROM: u32 = 80;
/// From this percentage of planned shifts on "fulfilled" is proposed, as above.
pub const FULFILLED_FROM: u32 = 50;

/// First and last day of a year of evaluation.
pub fn period(year: i32) -> Option<(LocalDate, LocalDate)> {
    Some((
        NaiveDate::from_ymd_opt(year - 1, 11, 15)?,
        NaiveDate::from_ymd_opt(year, 11, 14)?,
    ))
}

/// The year whose evaluation a day belongs to.
pub fn year_of(day: LocalDate) -> i32 {
    match (day.month(), day.day()) {
        (12, _) => day.year() + 1,
        (11, date) if date >= 15 => day.year() + 1,
        _ => day.year(),
    }
}

/// How many teams may have the top level when so many are rated good or better: 20 %, rounded down.
pub fn most_excellent(good_or_better: usize) -> usize {
    good_or_better / 5
}

/// What a team logged in the year. Counts of things, never of persons.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, FromJson, ToJson)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct TeamWork {
    /// Planned shifts whose time is over.
    pub planned: u32,
    /// Those of them that were begun and ended.
    pub done: u32,
    /// Those done that were begun late.
    pub late: u32,
    /// Those that nobody began.
    pub missed: u32,
    /// Accepted patrols, planned or not.
    pub patrols: u32,
    /// Accepted reports of incidents.
    pub incidents: u32,
    /// Other accepted records.
    pub others: u32,
}

impl TeamWork {
    /// All accepted records.
    pub fn records(&self) -> u32 {
        self.patrols + self.incidents + self.others
    }

    fn reaches(&self, percent: u32) -> bool {
        u64::from(self.done) * 100 >= u64::from(self.planned) * u64::from(percent)
    }
}

/// Why a level is proposed, or none.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, FromJson, ToJson)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum Because {
    /// The team has worked less than [`MIN_MONTHS`] of the year.
    TooShort,
    /// Nothing was planned, so there is no share to go by.
    NothingPlanned,
    /// The share of planned shifts that were done.
    Share,
    /// The share would do for the top level, which others with more have taken.
    TopIsFull,
}

/// What is proposed for a team.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, FromJson, ToJson)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Proposal {
    /// The level; none where the work says nothing.
    pub rating: Option<Rating>,
    /// Why.
    pub because: Because,
}

/// A team as far as a proposal needs it.
#[derive(Debug, Clone, Copy)]
pub struct Candidate {
    /// What it logged.
    pub work: TeamWork,
    /// Its first day, where it is known.
    pub since: Option<LocalDate>,
    /// Its last day, if it has ended.
    pub until: Option<LocalDate>,
}

impl Candidate {
    /// Whether it has worked at least [`MIN_MONTHS`] between these days.
    fn worked_long_enough(&self, from: LocalDate, to: LocalDate) -> bool {
        let begun = self.since.map_or(from, |since| since.max(from));
        let ended = self.until.map_or(to, |until| until.min(to));
        // Whole months: from 15 February to 14 November are nine.
        begun
            .checked_add_months(Months::new(MIN_MONTHS))
            .and_then(|day| day.pred_opt())
            .is_some_and(|day| day <= ended)
    }

    fn alone(&self, from: LocalDate, to: LocalDate) -> Proposal {
        let propose = |rating, because| Proposal { rating, because };
        if !self.worked_long_enough(from, to) {
            return propose(None, Because::TooShort);
        }
        let work = &self.work;
        if work.planned == 0 {
            return propose(None, Because::NothingPlanned);
        }
        let above_top = u64::from(work.done) * 100 > u64::from(work.planned) * u64::from(EXCELLENT_ABOVE);
        let rating = if above_top {
            Rating::Excellent
        } else if work.reaches(GOOD_FROM) {
            Rating::Good
        } else if work.reaches(FULFILLED_FROM) {
            Rating::Fulfilled
        } else {
            Rating::Unfulfilled
        };
        propose(Some(rating), Because::Share)
    }

    /// Orders those who share the places of the top level: the greater share of shifts done, then fewer begun late, then
    /// more accepted records.
    fn before(&self, other: &Self) -> std::cmp::Ordering {
        let share = |one: &TeamWork, two: &TeamWork| u64::from(one.done) * u64::from(two.planned);
        share(&other.work, &self.work)
            .cmp(&share(&self.work, &other.work))
            .then(self.work.late.cmp(&other.work.late))
            .then(other.work.records().cmp(&self.work.records()))
    }
}

/// What is proposed for the teams of a commune, in their order. The top level keeps to [`most_excellent`]; teams that
/// nothing tells apart at its edge are all left at good, so that the order of a list never decides.
pub fn propose(teams: &[Candidate], from: LocalDate, to: LocalDate) -> Vec<Proposal> {
    let mut proposals: Vec<Proposal> = teams.iter().map(|team| team.alone(from, to)).collect();
    let good_or_better = proposals
        .iter()
        .filter(|proposal| matches!(proposal.rating, Some(Rating::Excellent | Rating::Good)))
        .count();
    let most = most_excellent(good_or_better);
    let mut top: Vec<&Candidate> = teams
        .iter()
        .zip(&proposals)
        .filter(|(_, proposal)| proposal.rating == Some(Rating::Excellent))
        .map(|(team, _)| team)
        .collect();
    if top.len() <= most {
        return proposals;
    }
    top.sort_by(|one, two| one.before(two));
    // The first who gets no place; whoever equals them gets none either.
    let Some(first_out) = top.get(most).copied() else {
        return proposals;
    };
    for (team, proposal) in teams.iter().zip(&mut proposals) {
        if proposal.rating == Some(Rating::Excellent) && team.before(first_out).is_ge() {
            *proposal = Proposal {
                rating: Some(Rating::Good),
                because: Because::TopIsFull,
            };
        }
    }
    proposals
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn day(text: &str) -> LocalDate {
        text.parse().unwrap()
    }

    fn team(done: u32, planned: u32) -> Candidate {
        Candidate {
            work: TeamWork {
                planned,
                done,
                ..TeamWork::default()
            },
            since: None,
            until: None,
        }
    }

    fn ratings(teams: &[Candidate]) -> Vec<Option<Rating>> {
        let (from, to) = period(2026).unwrap();
        let proposals = propose(teams, from, to);
        proposals.into_iter().map(|proposal| proposal.rating).collect()
    }

    #[test]
    fn a_year_goes_from_the_fifteenth_of_november_to_the_fourteenth() {
        assert_eq!(period(2026), Some((day("2025-11-15"), day("2026-11-14"))));
        for (date, year) in [
            ("2025-11-14", 2025),
            ("2025-11-15", 2026),
            ("2025-12-01", 2026),
            ("2026-01-01", 2026),
            ("2026-11-14", 2026),
        ] {
            assert_eq!(year_of(day(date)), year, "{date}");
        }
    }

    #[test]
    fn levels_follow_the_share_and_ninety_five_per_cent_is_not_above_it() {
        // Enough good teams for the top level to have room.
        let mut teams = vec![team(96, 100), team(95, 100), team(80, 100), team(79, 100)];
        teams.extend([team(50, 100), team(49, 100), team(90, 100), team(90, 100)]);
        let expected = [
            Rating::Excellent,
            Rating::Good,
            Rating::Good,
            Rating::Fulfilled,
            Rating::Fulfilled,
            Rating::Unfulfilled,
            Rating::Good,
            Rating::Good,
        ];
        assert_eq!(ratings(&teams), expected.map(Some));
    }

    #[test]
    fn a_fifth_of_those_rated_good_have_the_top_level_and_equals_share_their_fate() {
        let (from, to) = period(2026).unwrap();
        let best = team(100, 100);
        let teams = [best, team(97, 100), team(98, 100), team(98, 100), team(90, 100)];
        let proposals = propose(&teams, from, to);
        assert_eq!(proposals[0].rating, Some(Rating::Excellent));
        for proposal in &proposals[1..4] {
            assert_eq!(proposal.because, Because::TopIsFull);
            assert_eq!(proposal.rating, Some(Rating::Good));
        }
        // Two that nothing tells apart, and one place: neither.
        let teams = [best, best, team(90, 100), team(90, 100), team(90, 100)];
        assert_eq!(ratings(&teams), [Some(Rating::Good); 5]);
    }

    #[test]
    fn without_nine_months_or_without_a_plan_nothing_is_proposed() {
        let (from, to) = period(2026).unwrap();
        let since = |text: &str| Candidate {
            since: Some(day(text)),
            ..team(90, 100)
        };
        let because = |candidate| propose(&[candidate], from, to)[0].because;
        assert_eq!(because(since("2026-02-15")), Because::Share);
        assert_eq!(because(since("2026-02-16")), Because::TooShort);
        let ended = Candidate {
            until: Some(day("2026-08-13")),
            ..team(90, 100)
        };
        assert_eq!(because(ended), Because::TooShort);
        assert_eq!(because(team(0, 0)), Because::NothingPlanned);
    }

    proptest! {
        #[test]
        fn the_top_level_never_exceeds_a_fifth_of_the_good(work in prop::collection::vec((0_u32..=40, 0_u32..5, 0_u32..9), 0..60)) {
            let teams: Vec<Candidate> = work
                .into_iter()
                .map(|(done, late, patrols)| Candidate {
                    work: TeamWork { planned: 40, done, late, patrols, ..TeamWork::default() },
                    since: None,
                    until: None,
                })
                .collect();
            let ratings = ratings(&teams);
            let count = |wanted: &[Rating]| ratings.iter().flatten().filter(|rating| wanted.contains(rating)).count();
            prop_assert!(count(&[Rating::Excellent]) <= most_excellent(count(&[Rating::Excellent, Rating::Good])));
            // Nobody at the top has done less than somebody who was left at good.
            let least = |wanted| teams.iter().zip(&ratings).filter(|(_, rating)| **rating == Some(wanted)).map(|(team, _)| team.work.done).min();
            if let (Some(top), Some(_)) = (least(Rating::Excellent), least(Rating::Good)) {
                let best_good = teams.iter().zip(&ratings).filter(|(_, rating)| **rating == Some(Rating::Good)).map(|(team, _)| team.work.done).max();
                prop_assert!(best_good.is_none_or(|done| done <= top));
            }
        }
    }
}
