//! What is not the same in two versions of a plan, in the order of the form in which it is changed.

use super::matrix::name_of;
use keng_shared::api::{Asked, MAX_NAMED_UNITS, PlanChange, PlanDay, PlanWords};
use keng_shared::area::AreaTree;
use keng_shared::id::AreaId;
use keng_shared::target::{Comparator, OwnTerms, PlanTerms, Target, Thousandths};
use keng_shared::text;
use std::collections::BTreeSet;

/// What changed from one version to the next.
pub fn changes(tree: &AreaTree, before: &PlanTerms, after: &PlanTerms) -> Vec<PlanChange> {
    let mut found = head(before, after);
    for target in &after.targets {
        match before.targets.iter().find(|old| old.code == target.code) {
            Some(old) => of_target(tree, old, target, &mut found),
            None => found.push(PlanChange::Added {
                code: target.code.clone(),
                text: target.text.clone(),
            }),
        }
    }
    let gone = before
        .targets
        .iter()
        .filter(|old| !after.targets.iter().any(|target| target.code == old.code));
    found.extend(gone.map(|old| PlanChange::Removed {
        code: old.code.clone(),
        text: old.text.clone(),
    }));
    if in_common(before, after) != in_common(after, before) {
        found.push(PlanChange::Order);
    }
    found
}

/// Codes of one version that the other has too, in their order.
fn in_common<'a>(one: &'a PlanTerms, other: &PlanTerms) -> Vec<&'a str> {
    let codes = one.targets.iter().map(|target| target.code.as_str());
    codes
        .filter(|code| other.targets.iter().any(|target| target.code == *code))
        .collect()
}

fn head(before: &PlanTerms, after: &PlanTerms) -> Vec<PlanChange> {
    let words = [
        (PlanWords::Title, &before.title, &after.title),
        (PlanWords::Number, &before.number, &after.number),
        (PlanWords::Issuer, &before.issuer, &after.issuer),
        (PlanWords::Source, &before.source, &after.source),
    ];
    let days = [
        (PlanDay::IssuedOn, before.issued_on, after.issued_on),
        (PlanDay::CutOff, before.cut_off, after.cut_off),
        (PlanDay::Due, before.due, after.due),
    ];
    let words = words.into_iter().filter(|(_, before, after)| before != after);
    let days = days.into_iter().filter(|(_, before, after)| before != after);
    let period = (before.period != after.period).then_some(PlanChange::Period {
        before: before.period,
        after: after.period,
    });
    words
        .map(|(of, before, after)| PlanChange::Words {
            of,
            before: before.clone(),
            after: after.clone(),
        })
        .chain(period)
        .chain(days.map(|(of, before, after)| PlanChange::Day { of, before, after }))
        .collect()
}

fn of_target(tree: &AreaTree, before: &Target, after: &Target, found: &mut Vec<PlanChange>) {
    let code = || after.code.clone();
    if before.text != after.text {
        found.push(PlanChange::Reworded {
            code: code(),
            before: before.text.clone(),
            after: after.text.clone(),
        });
    }
    let (was, is) = (asked(before), asked(after));
    if was != is {
        found.push(PlanChange::Value {
            code: code(),
            before: was,
            after: is,
        });
    }
    if before.deadline != after.deadline {
        found.push(PlanChange::Deadline {
            code: code(),
            before: before.deadline,
            after: after.deadline,
        });
    }
    let units = units(before, after);
    if !units.is_empty() {
        let mut names: Vec<String> = units.iter().map(|unit| name_of(tree, *unit)).collect();
        names.sort_by_cached_key(|name| text::sort_key(name));
        let others = names.len().saturating_sub(MAX_NAMED_UNITS);
        names.truncate(MAX_NAMED_UNITS);
        found.push(PlanChange::Units {
            code: code(),
            names,
            others: u32::try_from(others).unwrap_or(u32::MAX),
        });
    }
    if counting(before) != counting(after) {
        found.push(PlanChange::Counting { code: code() });
    }
    if before.note != after.note {
        found.push(PlanChange::Note { code: code() });
    }
}

fn asked(target: &Target) -> Asked {
    Asked {
        comparator: target.comparator,
        value: target.value,
        measure: target.measure.clone(),
    }
}

/// Units whose terms are others now.
fn units(before: &Target, after: &Target) -> BTreeSet<AreaId> {
    let lists = [(&before.excluded, &after.excluded), (&before.named, &after.named)];
    let listed = lists.into_iter().flat_map(|(before, after)| {
        let gone = before.iter().filter(|unit| !after.contains(unit));
        let came = after.iter().filter(|unit| !before.contains(unit));
        gone.chain(came).copied()
    });
    let own = |terms: &[OwnTerms], unit: AreaId| terms.iter().find(|own| own.area_id == unit).cloned();
    let with_own = before.own.iter().chain(&after.own).map(|own| own.area_id);
    let owned = with_own.filter(|unit| own(&before.own, *unit) != own(&after.own, *unit));
    listed.chain(owned).collect()
}

/// A target without what is told by itself: what is left says which records count and how.
fn counting(target: &Target) -> Target {
    Target {
        text: String::new(),
        measure: String::new(),
        note: String::new(),
        comparator: Comparator::AtLeast,
        value: Thousandths(0),
        deadline: None,
        excluded: Vec::new(),
        named: Vec::new(),
        own: Vec::new(),
        ..target.clone()
    }
}
