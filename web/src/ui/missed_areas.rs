//! The areas that did not hear a broadcast: one reason for all of them, or each its own.

use super::live::live;
use super::{Answer, Checkboxes, ChoiceButtons, TextInput};
use crate::words::loudspeaker as l;
use keng_shared::id::AreaId;
use keng_shared::loudspeaker::{CoveredArea, MissReason};
use leptos::prelude::*;

/// What was said of the areas that did not hear a broadcast.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Missed {
    /// The areas, each with its reason.
    pub areas: Vec<CoveredArea>,
    /// Whether each is asked for its own reason.
    pub apart: bool,
}

impl Missed {
    /// These areas; asked one by one when their reasons differ already.
    pub fn of(areas: Vec<CoveredArea>) -> Self {
        let mut reasons = areas.iter().map(|area| (area.missed, &area.note));
        let first = reasons.next();
        let apart = reasons.any(|reason| Some(reason) != first);
        Self { areas, apart }
    }

    /// The input of the first reason that wants words and has none, in a form whose ids begin with `id`.
    pub fn first_without_words(&self, id: &str) -> Option<String> {
        let lacking = self.areas.iter().find(|area| lacks_words(area))?;
        Some(words_id(&self.reason_id(id, lacking.area_id)))
    }

    fn reason_id(&self, id: &str, area: AreaId) -> String {
        match self.apart {
            true => format!("{id}-why-{area}"),
            false => format!("{id}-why"),
        }
    }

    /// These areas and no others; one that is new has the reason of the last.
    fn choose(&mut self, chosen: &[AreaId]) {
        self.areas.retain(|area| chosen.contains(&area.area_id));
        for id in chosen {
            if !self.areas.iter().any(|area| area.area_id == *id) {
                let last = self.areas.last().filter(|_| !self.apart);
                let next = CoveredArea {
                    area_id: *id,
                    missed: Some(last.and_then(|area| area.missed).unwrap_or(MissReason::PowerCut)),
                    note: last.map(|area| area.note.clone()).unwrap_or_default(),
                };
                self.areas.push(next);
            }
        }
    }

    /// Asked one by one, or all with the reason of the first.
    fn set_apart(&mut self, apart: bool) {
        self.apart = apart;
        let first = self.areas.first().cloned();
        if let (false, Some(first)) = (apart, first) {
            for area in &mut self.areas {
                (area.missed, area.note) = (first.missed, first.note.clone());
            }
        }
    }

    /// The reason of one area, or of all when none is named.
    fn explain(&mut self, of: Option<AreaId>, reason: MissReason, note: &str) {
        let meant = self
            .areas
            .iter_mut()
            .filter(|area| of.is_none_or(|of| of == area.area_id));
        for area in meant {
            (area.missed, area.note) = (Some(reason), note.to_owned());
        }
    }
}

fn lacks_words(area: &CoveredArea) -> bool {
    area.missed == Some(MissReason::Other) && area.note.trim().is_empty()
}

fn words_id(id: &str) -> String {
    format!("{id}-words")
}

/// Which areas did not hear it, and why.
#[component]
pub fn MissedAreas(
    /// What the ids of the inputs begin with.
    id: String,
    /// The areas that were to hear it.
    areas: Vec<Answer>,
    /// What was said.
    missed: Signal<Missed>,
    /// Whether somebody tried to go on: what lacks is told from then on.
    #[prop(into)]
    tried: Signal<bool>,
    /// Called with what is said now.
    on_change: Callback<Missed>,
) -> impl IntoView {
    let change = move |change: &dyn Fn(&mut Missed)| {
        let mut next = missed.get_untracked();
        change(&mut next);
        on_change.run(next);
    };
    let choose = move |chosen: Vec<String>| {
        let chosen: Vec<AreaId> = chosen
            .iter()
            .filter_map(|id| id.parse().ok())
            .map(AreaId)
            .collect();
        change(&|missed| missed.choose(&chosen));
    };
    let explain = move |of: Option<AreaId>| {
        Callback::new(move |(reason, note): (MissReason, String)| {
            change(&|missed| missed.explain(of, reason, &note));
        })
    };
    // Fields are built anew only when other areas are asked, so that one who types keeps the place.
    let asked = Memo::new(move |_| {
        missed.with(|missed| {
            let all: Vec<AreaId> = missed.areas.iter().map(|area| area.area_id).collect();
            (all, missed.apart)
        })
    });
    let names = StoredValue::new(areas.clone());
    let name_of = move |area: AreaId| {
        let id = area.to_string();
        let found = names.with_value(|names| names.iter().find(|answer| answer.value == id).cloned());
        found.map(|answer| answer.words).unwrap_or_default()
    };
    let apart_id = format!("{id}-apart");
    let why_id = id.clone();
    let why = move || {
        let (chosen, apart) = asked.get();
        let each = match (chosen.first(), apart) {
            (None, _) => return ().into_any(),
            (Some(_), true) => chosen.clone(),
            (Some(first), false) => vec![*first],
        };
        let fields = each
            .into_iter()
            .map(|area| {
                let own = Signal::derive(move || {
                    let areas = missed.with(|missed| missed.areas.clone());
                    areas.into_iter().find(|one| one.area_id == area)
                });
                let label = match apart {
                    true => l::why_in(name_of(area)),
                    false => l::why().to_owned(),
                };
                let lacks = move || tried.get() && own.get().is_some_and(|own| lacks_words(&own));
                view! {
                    <ReasonFields
                        id=missed.with_untracked(|missed| missed.reason_id(&why_id, area))
                        label
                        reason=Signal::derive(move || {
                            own.get().and_then(|own| own.missed).unwrap_or(MissReason::PowerCut)
                        })
                        note=Signal::derive(move || own.get().map(|own| own.note).unwrap_or_default())
                        error=Signal::derive(move || if lacks() { l::say_why().to_owned() } else { String::new() })
                        on_change=explain(apart.then_some(area))
                    />
                }
            })
            .collect_view();
        let part =
            move |values: Vec<String>| change(&|missed: &mut Missed| missed.set_apart(!values.is_empty()));
        let choice = (chosen.len() > 1).then(|| {
            view! {
                <Checkboxes
                    id=apart_id.clone()
                    label=l::reasons()
                    answers=vec![Answer::new("apart", l::reason_each())]
                    values=Signal::derive(move || {
                        if apart { vec!["apart".to_owned()] } else { Vec::new() }
                    })
                    on_change=part
                />
            }
        });
        view! { {choice} {fields} }.into_any()
    };
    view! {
        <Checkboxes
            id=format!("{id}-areas")
            label=l::which_areas()
            answers=areas
            values=Signal::derive(move || {
                missed.with(|missed| missed.areas.iter().map(|area| area.area_id.to_string()).collect())
            })
            on_change=choose
        />
        {why}
    }
}

/// Why it was not heard; words where the reasons do not say it.
#[component]
fn ReasonFields(
    /// Id of the first answer.
    id: String,
    /// The question.
    label: String,
    /// The reason.
    reason: Signal<MissReason>,
    /// Words.
    note: Signal<String>,
    /// What is wrong with the words.
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
            label
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
