//! A broadcast that a schedule proposes: ticked when it took place, with the areas that did not hear it.

use super::live::live;
use super::{Answer, Checkboxes, Chip, ChoiceButtons, Disclosure, TextInput, Tone};
use crate::icons;
use crate::words::loudspeaker as l;
use keng_shared::id::AreaId;
use keng_shared::loudspeaker::{CoveredArea, MissReason, PlannedSlot, Slot, SlotState, WeekSlot};
use leptos::prelude::*;
use std::collections::{BTreeMap, BTreeSet};

/// What a person says about the slots of a list: all took place and were heard everywhere, except what is named here.
#[derive(Clone, Copy)]
pub struct Said {
    /// Whether somebody tried to confirm: what lacks is told from then on.
    tried: RwSignal<bool>,
    left_out: RwSignal<BTreeSet<Slot>>,
    missed: RwSignal<BTreeMap<Slot, Exception>>,
}

/// Areas that did not hear a broadcast, with one reason.
#[derive(Debug, Clone, PartialEq)]
struct Exception {
    areas: Vec<AreaId>,
    reason: MissReason,
    note: String,
}

impl Exception {
    fn lacks_words(&self) -> bool {
        !self.areas.is_empty() && self.reason == MissReason::Other && self.note.trim().is_empty()
    }
}

fn slot_id(slot: &Slot) -> String {
    format!("slot-{}-{}-{}", slot.schedule_id, slot.date, slot.time.minutes())
}

fn why_id(id: &str) -> String {
    format!("{id}-why")
}

fn words_id(id: &str) -> String {
    format!("{id}-words")
}

impl Default for Exception {
    fn default() -> Self {
        Self {
            areas: Vec::new(),
            reason: MissReason::PowerCut,
            note: String::new(),
        }
    }
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
        let exception = self.missed.with_untracked(|missed| missed.get(slot).cloned());
        let exception = exception.unwrap_or_default();
        let covered = |area_id: &AreaId| CoveredArea {
            area_id: *area_id,
            missed: Some(exception.reason),
            note: exception.note.clone(),
        };
        exception.areas.iter().map(covered).collect()
    }

    /// The input of the first of these slots whose reason wants words and has none; it says so from then on.
    pub fn first_without_words(self, slots: &[Slot]) -> Option<String> {
        self.tried.set(true);
        let lacking = slots.iter().filter(|slot| self.took(slot)).find(|slot| {
            self.missed
                .with_untracked(|missed| missed.get(slot).is_some_and(Exception::lacks_words))
        });
        lacking.map(|slot| words_id(&why_id(&slot_id(slot))))
    }

    fn toggle(self, slot: Slot) {
        self.left_out.update(|left_out| {
            if !left_out.remove(&slot) {
                left_out.insert(slot);
            }
        });
    }

    fn exception(self, slot: &Slot) -> Exception {
        self.missed
            .with(|missed| missed.get(slot).cloned())
            .unwrap_or_default()
    }

    fn change(self, slot: Slot, change: impl FnOnce(&mut Exception)) {
        self.missed
            .update(|missed| change(missed.entry(slot).or_default()));
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
    let exception = Memo::new(move |_| said.exception(&slot));
    let summary = Signal::derive(move || match exception.with(|exception| exception.areas.len()) {
        0 => l::exceptions().to_owned(),
        count => l::exceptions_count(count),
    });
    let choose = move |chosen: Vec<String>| {
        let areas = chosen
            .iter()
            .filter_map(|id| id.parse().ok())
            .map(AreaId)
            .collect();
        said.change(slot, |exception| exception.areas = areas);
    };
    let why_id = why_id(&id);
    let has_areas = Memo::new(move |_| exception.with(|exception| !exception.areas.is_empty()));
    let why = move || {
        has_areas.get().then(|| {
            view! {
                <ReasonFields
                    id=why_id.clone()
                    reason=Signal::derive(move || exception.with(|exception| exception.reason))
                    note=Signal::derive(move || exception.with(|exception| exception.note.clone()))
                    error=Signal::derive(move || match said.tried.get() && exception.with(Exception::lacks_words) {
                        true => l::say_why().to_owned(),
                        false => String::new(),
                    })
                    on_change=Callback::new(move |(reason, note): (MissReason, String)| {
                        said.change(slot, |exception| {
                            exception.reason = reason;
                            exception.note = note;
                        });
                    })
                />
            }
        })
    };
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
                    <Checkboxes
                        id=format!("{id}-areas")
                        label=l::which_areas()
                        answers=areas
                        values=Signal::derive(move || {
                            exception.with(|exception| exception.areas.iter().map(AreaId::to_string).collect())
                        })
                        on_change=choose
                    />
                    {why}
                </div>
            </Disclosure>
        </li>
    }
}

/// Why areas did not hear a broadcast; words where the reasons do not say it.
#[component]
pub fn ReasonFields(
    /// Id of the first answer.
    id: String,
    /// The reason.
    reason: Signal<MissReason>,
    /// Words.
    note: Signal<String>,
    /// What is wrong with the words.
    #[prop(into, optional)]
    error: Signal<String>,
    /// Called with both.
    on_change: Callback<(MissReason, String)>,
) -> impl IntoView {
    // The place in the list names a reason here; nothing of it is stored.
    let place = |reason: MissReason| MissReason::ALL.iter().position(|one| *one == reason);
    let answers: Vec<Answer> = MissReason::ALL
        .iter()
        .enumerate()
        .map(|(place, reason)| Answer::new(place.to_string(), l::miss_reason(*reason)))
        .collect();
    let choose = move |chosen: String| {
        let reason = chosen
            .parse::<usize>()
            .ok()
            .and_then(|place| MissReason::ALL.get(place));
        if let Some(reason) = reason {
            on_change.run((*reason, note.get_untracked()));
        }
    };
    let is_other = Memo::new(move |_| reason.get() == MissReason::Other);
    let note_id = words_id(&id);
    view! {
        <ChoiceButtons
            id
            label=l::why()
            answers
            value=Signal::derive(move || place(reason.get()).map(|place| place.to_string()).unwrap_or_default())
            on_choose=choose
        />
        {live(move || is_other.get().then(|| view! {
            <TextInput
                id=note_id.clone()
                label=l::reason_words()
                value=note
                error
                on_input=move |words: String| on_change.run((reason.get_untracked(), words))
            />
        }))}
    }
}
