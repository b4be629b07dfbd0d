//! A broadcast that a schedule proposes: ticked when it took place, with the areas that did not hear it.

use super::{Answer, Chip, Disclosure, Missed, MissedAreas, Tone};
use crate::icons;
use crate::words::loudspeaker as l;
use keng_shared::loudspeaker::{CoveredArea, PlannedSlot, Slot, SlotState, WeekSlot};
use leptos::prelude::*;
use std::collections::{BTreeMap, BTreeSet};

/// What a person says about the slots of a list: all took place and were heard everywhere, except what is named here.
#[derive(Clone, Copy)]
pub struct Said {
    /// Whether somebody tried to confirm: what lacks is told from then on.
    tried: RwSignal<bool>,
    left_out: RwSignal<BTreeSet<Slot>>,
    missed: RwSignal<BTreeMap<Slot, Missed>>,
}

fn slot_id(slot: &Slot) -> String {
    format!("slot-{}-{}-{}", slot.schedule_id, slot.date, slot.time.minutes())
}

impl Default for Said {
    fn default() -> Self {
        Self {
            tried: RwSignal::new(false),
            left_out: RwSignal::new(BTreeSet::new()),
            missed: RwSignal::new(BTreeMap::new()),
        }
    }
}

impl Said {
    /// Whether the slot is ticked; follows changes.
    pub fn takes(self, slot: &Slot) -> bool {
        self.left_out.with(|left_out| !left_out.contains(slot))
    }

    /// The same, without following changes.
    pub fn took(self, slot: &Slot) -> bool {
        self.left_out.with_untracked(|left_out| !left_out.contains(slot))
    }

    /// Areas that did not hear it.
    pub fn missed(self, slot: &Slot) -> Vec<CoveredArea> {
        let missed = self.missed.with_untracked(|missed| missed.get(slot).cloned());
        missed.unwrap_or_default().areas
    }

    /// The input of the first of these slots whose reason wants words and has none; it says so from then on.
    pub fn first_without_words(self, slots: &[Slot]) -> Option<String> {
        self.tried.set(true);
        let mut taken = slots.iter().filter(|slot| self.took(slot));
        self.missed.with_untracked(|missed| {
            taken.find_map(|slot| missed.get(slot)?.first_without_words(&slot_id(slot)))
        })
    }

    fn toggle(self, slot: Slot) {
        self.left_out.update(|left_out| {
            if !left_out.remove(&slot) {
                left_out.insert(slot);
            }
        });
    }

    fn of(self, slot: &Slot) -> Missed {
        self.missed
            .with(|missed| missed.get(slot).cloned())
            .unwrap_or_default()
    }
}

/// One proposed broadcast in a list.
#[component]
pub fn ProposedSlot(
    /// The slot.
    proposal: WeekSlot,
    /// What the person says.
    said: Said,
    /// Its areas.
    areas: Vec<Answer>,
) -> impl IntoView {
    let is_overdue = proposal.state == SlotState::Overdue;
    let PlannedSlot {
        slot, minutes, topic, ..
    } = proposal.planned;
    let id = slot_id(&slot);
    let missed = Memo::new(move |_| said.of(&slot));
    let summary = Signal::derive(move || match missed.with(|missed| missed.areas.len()) {
        0 => l::exceptions().to_owned(),
        count => l::exceptions_count(count),
    });
    let change = Callback::new(move |next: Missed| {
        said.missed.update(|missed| drop(missed.insert(slot, next)));
    });
    view! {
        <li class="card stack-tight">
            <label class="choice choice-wide">
                <input
                    type="checkbox"
                    id=id.clone()
                    prop:checked=move || said.takes(&slot)
                    on:change=move |_| said.toggle(slot)
                />
                <span class="choice-face">
                    <span class="choice-box choice-box-square"><icons::Picture icon=icons::CHECK/></span>
                    <span>
                        <span class="strong">{l::short_day(slot.date)} " · " {slot.time.to_string()}</span>
                        <br/>
                        <span class="small">{l::topic_of(&topic)} " · " {l::minutes_count(minutes)}</span>
                    </span>
                </span>
            </label>
            {is_overdue.then(|| view! { <Chip tone=Tone::Warn icon=icons::HOURGLASS words=l::overdue()/> })}
            <Disclosure summary>
                <div class="stack-tight">
                    <MissedAreas id areas missed=missed.into() tried=said.tried on_change=change/>
                </div>
            </Disclosure>
        </li>
    }
}
