//! The roster: planned shifts of teams, patrols and duty, and what became of each.
//!
//! What became of a shift is computed from the plan and the records of it, never stored: a shift that nobody began turns
//! late and then missed by the clock alone. The records of a patrol are those that name the plan; those of a duty shift
//! are the records of kind [`DUTY`] of its team that overlap it in time, since a form does not name a plan.

use crate::id::{TeamId, UserId};
use crate::json::{FromJson, ToJson};
use crate::sync::PatrolPlan;
use crate::time::Millis;
use serde::{Deserialize, Serialize};

/// A shift that nobody began so long after its start is late: 15 minutes.
pub const LATE_AFTER_MS: i64 = 15 * 60_000;
/// A record that began earlier than so long before the planned start is of another walk: 24 hours, since phones offer a
/// shift on its whole day.
pub const EARLIEST_MS: i64 = 24 * 3_600_000;
/// The kind of record that a duty shift leaves.
pub const DUTY: &str = "duty_shift";
/// Most people named in one shift.
pub const MAX_NAMED: usize = 50;

/// What a team does in a shift.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize, FromJson, ToJson)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum ShiftKind {
    /// Walks (ca tuần tra).
    #[default]
    Patrol,
    /// Stands by at the post (ca trực).
    Duty,
}

impl ShiftKind {
    /// The wire form.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Patrol => "patrol",
            Self::Duty => "duty",
        }
    }

    /// The kind with this wire form.
    pub fn parse(text: &str) -> Option<Self> {
        [Self::Patrol, Self::Duty]
            .into_iter()
            .find(|kind| kind.as_str() == text)
    }
}

/// What was recorded of a shift: when it began and ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, FromJson, ToJson)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ShiftRecord {
    /// First instant.
    pub started_at: Millis,
    /// Last instant; none while it goes on.
    #[serde(default)]
    pub ended_at: Option<Millis>,
}

/// What became of a shift.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum ShiftState {
    /// Nobody has to have begun yet.
    Upcoming,
    /// Somebody began and has not ended.
    UnderWay,
    /// Nobody began, [`LATE_AFTER_MS`] or more after the planned start.
    Late,
    /// Nobody began, and the planned end is over.
    Missed,
    /// Somebody began and ended.
    Done,
}

impl ShiftState {
    /// The word for it, as problems name it.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Upcoming => "upcoming",
            Self::UnderWay => "under_way",
            Self::Late => "late",
            Self::Missed => "missed",
            Self::Done => "done",
        }
    }

    /// Whether the shift may still be moved: what was begun or missed is history.
    pub fn is_open(self) -> bool {
        matches!(self, Self::Upcoming | Self::Late)
    }
}

impl PatrolPlan {
    /// What became of it at `now`.
    pub fn state(&self, now: Millis) -> ShiftState {
        let mut counted = self.counted().peekable();
        if counted.peek().is_some() {
            return match counted.all(|record| record.ended_at.is_none()) {
                true => ShiftState::UnderWay,
                false => ShiftState::Done,
            };
        }
        if now >= self.ends_at {
            ShiftState::Missed
        } else if now >= self.starts_at.plus(LATE_AFTER_MS) {
            ShiftState::Late
        } else {
            ShiftState::Upcoming
        }
    }

    /// How long after the planned start it was begun, if it was begun late; in milliseconds.
    pub fn late_by(&self) -> Option<i64> {
        let first = self.counted().map(|record| record.started_at).min()?;
        let late = first.since(self.starts_at);
        (late >= LATE_AFTER_MS).then_some(late)
    }

    /// Whether a duty record of this team and time is a record of this shift.
    pub fn is_duty_of(&self, team: Option<TeamId>, from: Millis, to: Millis) -> bool {
        self.kind == ShiftKind::Duty
            && team == Some(self.team_id)
            && from < self.ends_at
            && to >= self.starts_at
            && self.counts(from)
    }

    /// The people of a shift, for the question whether two of them can be at once.
    pub fn claim(&self) -> Claim<'_> {
        Claim {
            team: self.team_id,
            named: &self.members,
            from: self.starts_at,
            to: self.ends_at,
        }
    }

    fn counted(&self) -> impl Iterator<Item = &ShiftRecord> {
        self.records
            .iter()
            .filter(|record| self.counts(record.started_at))
    }

    /// A walk that began long before the shift or after it is another one, whatever it names.
    fn counts(&self, started_at: Millis) -> bool {
        started_at >= self.starts_at.plus(-EARLIEST_MS) && started_at < self.ends_at
    }
}

/// Whom a shift takes, and when: those it names, or the whole team when it names nobody.
#[derive(Debug, Clone, Copy)]
pub struct Claim<'a> {
    /// The team.
    pub team: TeamId,
    /// The people it names.
    pub named: &'a [UserId],
    /// First instant.
    pub from: Millis,
    /// The instant at which they are free again.
    pub to: Millis,
}

impl Claim<'_> {
    /// Whether both want the same people at the same time. Two groups of one team may go at once when each is named.
    pub fn clashes(&self, other: &Claim<'_>) -> bool {
        let at_once = self.from < other.to && other.from < self.to;
        let whole = self.named.is_empty() || other.named.is_empty();
        let shared = self.named.iter().any(|person| other.named.contains(person));
        at_once && (shared || (whole && self.team == other.team))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::id::{AreaId, PatrolPlanId};
    use uuid::Uuid;

    const MINUTE: i64 = 60_000;
    const START: Millis = Millis(1_790_000_000_000);

    fn shift(records: &[(i64, Option<i64>)]) -> PatrolPlan {
        PatrolPlan {
            id: PatrolPlanId(1),
            kind: ShiftKind::Patrol,
            team_id: TeamId(1),
            area_id: AreaId(1),
            starts_at: START,
            ends_at: START.plus(120 * MINUTE),
            checkpoints: vec![],
            members: vec![],
            note: String::new(),
            records: records
                .iter()
                .map(|(from, to)| ShiftRecord {
                    started_at: START.plus(from * MINUTE),
                    ended_at: to.map(|to| START.plus(to * MINUTE)),
                })
                .collect(),
            revision: 1,
        }
    }

    #[test]
    fn a_shift_that_nobody_began_turns_late_and_then_missed() {
        let states: Vec<_> = [-60, 0, 14, 15, 119, 120, 9_000]
            .map(|minute| shift(&[]).state(START.plus(minute * MINUTE)))
            .to_vec();
        use ShiftState::*;
        assert_eq!(states, [Upcoming, Upcoming, Upcoming, Late, Late, Missed, Missed]);
    }

    #[test]
    fn a_shift_that_was_begun_is_under_way_until_somebody_ends_it() {
        let later = START.plus(200 * MINUTE);
        assert_eq!(shift(&[(5, None)]).state(later), ShiftState::UnderWay);
        assert_eq!(shift(&[(5, None), (6, Some(90))]).state(later), ShiftState::Done);
        assert_eq!(shift(&[(5, Some(90))]).late_by(), None);
        assert_eq!(shift(&[(40, Some(90))]).late_by(), Some(40 * MINUTE));
    }

    #[test]
    fn a_walk_of_the_day_before_or_after_the_planned_end_is_another_one() {
        let after = START.plus(300 * MINUTE);
        assert_eq!(shift(&[(-1_441, Some(-1_300))]).state(after), ShiftState::Missed);
        assert_eq!(shift(&[(120, Some(200))]).state(after), ShiftState::Missed);
        assert_eq!(shift(&[(-120, Some(-10))]).state(after), ShiftState::Done);
    }

    #[test]
    fn a_duty_record_belongs_to_the_duty_shift_of_its_team_that_it_overlaps() {
        let duty = PatrolPlan {
            kind: ShiftKind::Duty,
            ..shift(&[])
        };
        let at = |minute: i64| START.plus(minute * MINUTE);
        assert!(duty.is_duty_of(Some(TeamId(1)), at(-10), at(110)));
        assert!(!duty.is_duty_of(Some(TeamId(2)), at(-10), at(110)));
        assert!(!duty.is_duty_of(Some(TeamId(1)), at(-90), at(-10)));
        assert!(!duty.is_duty_of(None, at(0), at(60)));
        assert!(!shift(&[]).is_duty_of(Some(TeamId(1)), at(0), at(60)));
    }

    #[test]
    fn two_shifts_clash_when_they_want_the_same_people_at_the_same_time() {
        let person = |n: u128| UserId(Uuid::from_u128(n));
        let (one, two) = ([person(1)], [person(2)]);
        let claim = |team: i64, named, from: i64, to: i64| Claim {
            team: TeamId(team),
            named,
            from: START.plus(from),
            to: START.plus(to),
        };
        let whole = claim(1, &[], 0, 100);
        assert!(whole.clashes(&claim(1, &[], 50, 150)));
        assert!(
            !whole.clashes(&claim(1, &[], 100, 150)),
            "one ends when the next begins"
        );
        assert!(!whole.clashes(&claim(2, &[], 50, 150)), "another team");
        assert!(
            whole.clashes(&claim(1, &one, 50, 150)),
            "the whole team and one of it"
        );
        assert!(
            !claim(1, &one, 0, 100).clashes(&claim(1, &two, 0, 100)),
            "two groups of a team"
        );
        assert!(
            claim(1, &one, 0, 100).clashes(&claim(2, &one, 0, 100)),
            "nobody is in two teams at once"
        );
    }
}
