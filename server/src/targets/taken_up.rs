//! A plan of one's own taken up again, for another year or another area. What it says of units follows them to what they
//! have become; what lies outside is left out and told, target by target.
//!
//! Invariant: a draft names no unit that its plan could not be saved with, and a target that was asked of some units by
//! name is never asked of all instead.

use super::matrix::{communes_of, name_of};
use keng_shared::api::{DraftGap, GapCause, PlanDraft};
use keng_shared::area::{AreaKind, AreaTree, Succession, SuccessionRelation};
use keng_shared::id::AreaId;
use keng_shared::target::{Aggregation, Level, OwnTerms, PlanTerms, Target, Thousandths};
use keng_shared::time::LocalDate;
use std::collections::{BTreeMap, BTreeSet};

/// Units that a plan may speak of: its communes and what lies below them, at the ends of its period or today.
pub fn units_of(
    tree: &AreaTree,
    terms: &PlanTerms,
    communes: &[AreaId],
    today: LocalDate,
) -> BTreeSet<AreaId> {
    let days = [terms.period.from, terms.period.to, today];
    let below = |commune: &AreaId| {
        days.into_iter()
            .flat_map(|day| tree.subtree(*commune, day))
            .collect::<Vec<_>>()
    };
    communes.iter().flat_map(below).collect()
}

/// Whether a figure of a larger whole says nothing about a part of it: numbers that add up.
pub fn is_of_larger_whole(target: &Target) -> bool {
    let adds_up = matches!(target.aggregation, Aggregation::Sum | Aggregation::Parts { .. });
    adds_up && target.levels == [Level::Whole]
}

/// The plan `original` as one of `area`, so many years later. `successions` lead onward from its communes.
pub fn draft(
    tree: &AreaTree,
    successions: &[Succession],
    original: &PlanTerms,
    (area, years): (AreaId, i32),
    today: LocalDate,
) -> PlanDraft {
    let mut terms = original.clone().years_later(years);
    terms.area_id = area;
    let known = units_of(tree, &terms, &communes_of(tree, &terms), today);
    let mut members: BTreeMap<AreaId, Vec<AreaId>> = BTreeMap::new();
    for old in communes_of(tree, original) {
        // In the year of a merger the old ones stand beside the new one; what was said of them was said of it.
        if let Some(home) = home(&known, successions, old).filter(|home| *home != old) {
            members.entry(home).or_default().push(old);
        }
    }
    let homes = Homes {
        known,
        successions,
        members,
    };
    let is_part =
        area != original.area_id && tree.get(area).is_some_and(|area| area.kind == AreaKind::Commune);
    let mut gaps: Vec<DraftGap> = Vec::new();
    let mut not_found: Vec<String> = Vec::new();
    for target in &mut terms.targets {
        let code = target.code.clone();
        let mut note = |cause: GapCause| {
            gaps.push(DraftGap {
                code: code.clone(),
                cause,
            });
        };
        if is_part && is_of_larger_whole(target) {
            match target
                .own
                .iter()
                .find(|own| own.area_id == area)
                .and_then(|own| own.value)
            {
                // Its share of the whole is what is asked of it.
                Some(share) => (target.value, target.levels) = (share, vec![Level::Commune]),
                None => note(GapCause::OfLargerWhole),
            }
            target
                .own
                .retain(|own| own.area_id == area && own.deadline.is_some());
        }
        let was_named = !target.named.is_empty();
        let lost = homes.carry(target);
        if lost.is_empty() {
            continue;
        }
        let names: Vec<String> = lost.into_iter().map(|lost| name_of(tree, lost)).collect();
        not_found.extend(names.iter().filter(|name| !name.is_empty()).cloned());
        note(match was_named && target.named.is_empty() {
            true => GapCause::NoneNamed { names },
            false => GapCause::SomeMissing { names },
        });
    }
    let mut seen = BTreeSet::new();
    not_found.retain(|name| seen.insert(name.clone()));
    PlanDraft {
        terms,
        not_found,
        gaps,
    }
}

/// What a unit has become among the known ones. What was split has become nothing that could stand for it.
fn home(known: &BTreeSet<AreaId>, successions: &[Succession], unit: AreaId) -> Option<AreaId> {
    let mut at = unit;
    // A chain of successions is short; a circle in bad data ends here.
    for _ in 0..20 {
        if known.contains(&at) {
            return Some(at);
        }
        let is_whole = |step: &&Succession| step.old == at && step.relation != SuccessionRelation::Partial;
        at = successions.iter().find(is_whole)?.new;
    }
    None
}

/// Where the units of the original are now.
struct Homes<'a> {
    known: BTreeSet<AreaId>,
    successions: &'a [Succession],
    /// The communes of the original that a commune was made of; nothing where it only goes on.
    members: BTreeMap<AreaId, Vec<AreaId>>,
}

impl Homes<'_> {
    fn of(&self, unit: AreaId) -> Option<AreaId> {
        home(&self.known, self.successions, unit)
    }

    /// Makes the target speak of the units of today; what could not be carried over comes back.
    fn carry(&self, target: &mut Target) -> BTreeSet<AreaId> {
        let mut lost = BTreeSet::new();
        let sum_shares = target.is_shared_out();
        let old = std::mem::take(&mut target.named);
        // One of its parts was named, so the new one is.
        let found = old
            .iter()
            .filter_map(|unit| self.of(*unit))
            .collect::<BTreeSet<_>>();
        lost.extend(old.iter().filter(|unit| self.of(**unit).is_none()));
        target.named = found.into_iter().collect();

        let old: BTreeSet<AreaId> = std::mem::take(&mut target.excluded).into_iter().collect();
        let is_all_of = |home: &AreaId| match self.members.get(home) {
            Some(members) => old.contains(home) || members.iter().all(|member| old.contains(member)),
            None => true,
        };
        // An exemption of a part is not one of the whole.
        let carried = |unit: &AreaId| self.of(*unit).filter(is_all_of);
        let found = old.iter().filter_map(carried).collect::<BTreeSet<_>>();
        lost.extend(old.iter().filter(|unit| carried(unit).is_none()));
        target.excluded = found.into_iter().collect();

        let mut by_home: BTreeMap<AreaId, Vec<OwnTerms>> = BTreeMap::new();
        for own in std::mem::take(&mut target.own) {
            match self.of(own.area_id) {
                Some(home) => by_home.entry(home).or_default().push(own),
                None => drop(lost.insert(own.area_id)),
            }
        }
        for (home, owns) in by_home {
            match self.joined(home, &owns, sum_shares) {
                Some(own) => target.own.push(own),
                None => lost.extend(owns.iter().map(|own| own.area_id)),
            }
        }
        lost
    }

    /// The terms of a unit that was made of these: shares add up, other terms hold when all its parts had the same.
    fn joined(&self, home: AreaId, owns: &[OwnTerms], sum_shares: bool) -> Option<OwnTerms> {
        let first = owns.first()?;
        let of_home = |own: &OwnTerms| OwnTerms {
            area_id: home,
            ..own.clone()
        };
        let has_same_deadline = owns.iter().all(|own| own.deadline == first.deadline);
        if sum_shares {
            let values = owns.iter().filter_map(|own| own.value);
            let sum = values.fold(0_i64, |sum, value| sum.saturating_add(value.0));
            return Some(OwnTerms {
                area_id: home,
                value: Some(Thousandths(sum)),
                deadline: first.deadline.filter(|_| has_same_deadline),
            });
        }
        if let Some(own) = owns.iter().find(|own| own.area_id == home) {
            return Some(own.clone());
        }
        let parts = self.members.get(&home).map_or(1, Vec::len);
        let is_same = owns.len() >= parts && owns.iter().all(|own| of_home(own) == of_home(first));
        is_same.then(|| of_home(first))
    }
}
