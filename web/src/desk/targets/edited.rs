//! A plan under the hands of a person: its terms as they are typed, what is not asked, and what was not understood.

use crate::words::{plan_entry as e, targets as t};
use keng_shared::api::{DraftGap, GapCause, PastedLine, PlanDraft};
use keng_shared::id::AreaId;
use keng_shared::target::{Aggregation, OwnTerms, PlanTerms, Target, Thousandths};
use leptos::prelude::*;

/// A plan under the hands of a person.
#[derive(Clone, Copy)]
pub(super) struct Edited {
    pub terms: RwSignal<PlanTerms>,
    /// Codes of targets that are not asked.
    left_out: RwSignal<Vec<String>>,
    /// Values that were typed so that they say nothing.
    unclear: RwSignal<Vec<Unclear>>,
    /// What the draft could not take over.
    gaps: RwSignal<Vec<DraftGap>>,
    /// What would have been saved before anything was changed.
    begun: StoredValue<PlanTerms>,
}

/// A value that was not understood: of a target, or of one of its units.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Unclear {
    code: String,
    unit: Option<AreaId>,
    /// What it is called.
    name: String,
    typed: String,
}

impl Edited {
    /// A plan before anything was changed.
    pub fn new(terms: PlanTerms) -> Self {
        Self::of_draft(PlanDraft {
            terms,
            not_found: Vec::new(),
            gaps: Vec::new(),
        })
    }

    /// A draft; what it could not take over as it was is not asked before a person has looked at it.
    pub fn of_draft(draft: PlanDraft) -> Self {
        let set_aside = draft.gaps.iter().filter(|gap| gap.cause.sets_aside());
        let left_out = set_aside.map(|gap| gap.code.clone()).collect();
        let edited = Self {
            begun: StoredValue::new(draft.terms.clone()),
            terms: RwSignal::new(draft.terms),
            left_out: RwSignal::new(left_out),
            unclear: RwSignal::new(Vec::new()),
            gaps: RwSignal::new(draft.gaps),
        };
        edited.begun.set_value(edited.finished());
        edited
    }

    /// Whether something would be lost by leaving now.
    pub fn is_changed(self) -> bool {
        !self.is_clear() || self.begun.with_value(|begun| *begun != self.finished())
    }

    /// Whether every value was understood; what was not is named in the form and must not be saved as something else.
    pub fn is_clear(self) -> bool {
        let left_out = self.left_out.get_untracked();
        self.unclear
            .with_untracked(|unclear| unclear.iter().all(|one| left_out.contains(&one.code)))
    }

    /// What was not understood, in words; empty when everything was.
    pub fn unclear_words(self) -> String {
        self.unclear.with(|unclear| {
            let kept = unclear.iter().filter(|one| self.is_kept(&one.code));
            let names: Vec<&str> = kept.map(|one| one.name.as_str()).collect();
            names.join(", ")
        })
    }

    /// What was typed and not understood for a target, or for one of its units.
    pub fn unclear_typed(self, code: &str, unit: Option<AreaId>) -> Option<String> {
        self.unclear.with(|unclear| {
            let one = unclear.iter().find(|one| one.code == code && one.unit == unit);
            one.map(|one| one.typed.clone())
        })
    }

    /// Whether the target is asked.
    pub fn is_kept(self, code: &str) -> bool {
        self.left_out
            .with(|left_out| left_out.iter().all(|other| other != code))
    }

    /// Asks for a target, or no more.
    pub fn keep(self, code: &str, is_kept: bool) {
        self.left_out.update(|left_out| {
            left_out.retain(|other| other != code);
            if !is_kept {
                left_out.push(code.to_owned());
            }
        });
    }

    /// What the draft could not take over of this target, in words.
    pub fn gaps_of(self, code: &str) -> Vec<String> {
        let words = |gap: &DraftGap| gap_words(&gap.cause);
        self.gaps
            .with(|gaps| gaps.iter().filter(|gap| gap.code == code).map(words).collect())
    }

    /// Takes the value of a target as it was typed.
    pub fn set_value(self, code: &str, typed: &str) {
        let value = parse_value(typed);
        self.note(code, None, code.to_owned(), typed, value.is_none());
        if let Some(value) = value {
            self.change_target(code, |target| target.value = value);
        }
    }

    /// Takes the value of one unit as it was typed; nothing means what is asked of the others.
    pub fn set_unit_value(self, code: &str, (unit, name): (AreaId, &str), typed: &str) {
        let value = parse_value(typed);
        let is_unclear = value.is_none() && !typed.trim().is_empty();
        self.note(code, Some(unit), t::of_unit(code, name), typed, is_unclear);
        if !is_unclear {
            self.change_own(code, unit, |own| own.value = value);
        }
    }

    fn note(self, code: &str, unit: Option<AreaId>, name: String, typed: &str, is_unclear: bool) {
        let is_it = |one: &Unclear| one.code == code && one.unit == unit;
        if !is_unclear && !self.unclear.with_untracked(|unclear| unclear.iter().any(is_it)) {
            return;
        }
        self.unclear.update(|unclear| {
            unclear.retain(|one| !is_it(one));
            if is_unclear {
                unclear.push(Unclear {
                    code: code.to_owned(),
                    unit,
                    name,
                    typed: typed.to_owned(),
                });
            }
        });
    }

    /// The plan without what is not asked; a sum keeps the parts that are.
    pub fn finished(self) -> PlanTerms {
        let left_out = self.left_out.get_untracked();
        let mut terms = self.terms.get_untracked();
        terms.targets.retain(|target| !left_out.contains(&target.code));
        for target in &mut terms.targets {
            if let Aggregation::Parts { codes } = &mut target.aggregation {
                codes.retain(|code| !left_out.contains(code));
            }
        }
        terms
    }

    /// The target with this number.
    pub fn target(self, code: &str) -> Option<Target> {
        self.terms
            .with(|terms| terms.targets.iter().find(|target| target.code == code).cloned())
    }

    /// The target with this number as it is now.
    pub fn target_now(self, code: &str) -> Option<Target> {
        self.terms
            .with_untracked(|terms| terms.targets.iter().find(|target| target.code == code).cloned())
    }

    /// Takes targets; one whose number is there already takes its place.
    pub fn add(self, targets: Vec<Target>) {
        let codes: Vec<String> = targets.iter().map(|target| target.code.clone()).collect();
        self.unclear
            .update(|unclear| unclear.retain(|one| !codes.contains(&one.code)));
        self.terms.update(|terms| {
            for target in targets {
                match terms.targets.iter_mut().find(|known| known.code == target.code) {
                    Some(known) => *known = target,
                    None => terms.targets.push(target),
                }
            }
        });
    }

    /// Takes pasted targets; one that could not be taken over as it was is not asked before a person has looked at it.
    pub fn take(self, lines: Vec<PastedLine>) {
        let mut targets = Vec::new();
        for line in lines {
            let Some(target) = line.target else { continue };
            self.gaps.update(|gaps| {
                gaps.retain(|gap| gap.code != target.code);
                gaps.extend(line.gap.clone().map(|cause| DraftGap {
                    code: target.code.clone(),
                    cause,
                }));
            });
            self.keep(&target.code, !line.gap.is_some_and(|gap| gap.sets_aside()));
            targets.push(target);
        }
        self.add(targets);
    }

    /// Changes the target with this number.
    pub fn change_target(self, code: &str, change: impl FnOnce(&mut Target)) {
        self.terms.update(|terms| {
            if let Some(target) = terms.targets.iter_mut().find(|target| target.code == code) {
                change(target);
            }
        });
    }

    /// Changes the terms of a unit's own; terms that say nothing are left out.
    pub fn change_own(self, code: &str, unit: AreaId, change: impl FnOnce(&mut OwnTerms)) {
        self.change_target(code, |target| {
            let mut own = match target.own.iter().position(|own| own.area_id == unit) {
                Some(place) => target.own.remove(place),
                None => OwnTerms {
                    area_id: unit,
                    value: None,
                    deadline: None,
                },
            };
            change(&mut own);
            if own.value.is_some() || own.deadline.is_some() {
                target.own.push(own);
            }
        });
    }
}

/// What could not be taken over of a target, in words.
pub(super) fn gap_words(gap: &GapCause) -> String {
    match gap {
        GapCause::NoneNamed { names } => e::none_named(names.join(", ")),
        GapCause::SomeMissing { names } => e::some_missing(names.join(", ")),
        GapCause::OfLargerWhole => e::of_larger_whole().to_owned(),
    }
}

/// A value as a person types it: with a comma, without grouping.
pub(super) fn value_text(value: Thousandths) -> String {
    let (whole, rest) = (value.0 / 1_000, value.0.rem_euclid(1_000));
    match rest {
        0 => whole.to_string(),
        rest => format!("{whole},{rest:03}").trim_end_matches('0').to_owned(),
    }
}

/// A value as it was typed, with a comma or a point; none for anything else.
pub(super) fn parse_value(text: &str) -> Option<Thousandths> {
    let text = text.trim().replace(',', ".");
    let (whole, rest) = text.split_once('.').unwrap_or((&text, ""));
    if rest.len() > 3 || !rest.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let whole: u32 = whole.parse().ok()?;
    let rest: i64 = format!("{rest:0<3}").parse().ok()?;
    Some(Thousandths(i64::from(whole) * 1_000 + rest))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_value_is_read_as_it_is_typed_and_written_as_it_is_read() {
        for (typed, value) in [("3", 3_000), ("1,5", 1_500), ("1.25", 1_250), (" 80 ", 80_000)] {
            assert_eq!(parse_value(typed), Some(Thousandths(value)), "{typed}");
        }
        assert_eq!(value_text(Thousandths(1_500)), "1,5");
        assert_eq!(value_text(Thousandths::whole(57)), "57");
        for odd in ["", "-1", "x", "1,2345", "1,2,3", "1.000.000"] {
            assert_eq!(parse_value(odd), None, "{odd}");
        }
    }
}
