//! Confirming the week's broadcasts at once.

use super::super::api::use_api;
use super::super::known::use_known;
use super::waiting;
use crate::shell::{clock, dom};
use crate::ui::{Answer, Button, ButtonKind, DialogActions, Notice, ProposedSlot, Said, Tone, use_toasts};
use crate::words::{loudspeaker as l, problem};
use keng_shared::api::{BroadcastWeek, ConfirmSlots, MAX_CONFIRMED, SlotConfirmation};
use keng_shared::id::RecordId;
use keng_shared::loudspeaker::Slot;
use keng_shared::problem::{Problem, ProblemCode};
use keng_shared::text;
use leptos::prelude::*;
use leptos::task::spawn_local;

/// The slots that wait, all ticked, and one button. What could not be confirmed stays with what was said of it.
#[component]
pub fn ConfirmForm(week: BroadcastWeek, open: RwSignal<bool>, again: Callback<()>) -> impl IntoView {
    let (api, known, toasts) = (use_api(), use_known(), use_toasts());
    let said = Said::default();
    let (failed, sending) = (RwSignal::new(Vec::<String>::new()), RwSignal::new(false));
    let found = waiting(&week);
    let slots: Vec<Slot> = found.iter().map(|(_, slot)| slot.planned.slot).collect();
    let left = RwSignal::new(slots);
    let chosen = Memo::new(move |_| left.with(|left| left.iter().filter(|slot| said.takes(slot)).count()));
    let confirm = move |_| {
        if let Some(id) = left.with_untracked(|left| said.first_without_words(left)) {
            return dom::focus(&id);
        }
        let confirmed: Vec<SlotConfirmation> = left.with_untracked(|left| {
            let taken = left.iter().filter(|slot| said.took(slot));
            taken
                .map(|slot| SlotConfirmation {
                    record_id: RecordId(clock::new_id()),
                    slot: *slot,
                    missed: said.missed(slot),
                })
                .collect()
        });
        sending.set(true);
        failed.set(Vec::new());
        spawn_local(async move {
            let (mut stored, mut taken, mut refused) = (Vec::new(), 0, Vec::new());
            for part in confirmed.chunks(MAX_CONFIRMED) {
                let body = ConfirmSlots { slots: part.to_vec() };
                let results = match api.call(async |client| client.confirm_slots(&body).await).await {
                    Ok(results) => results,
                    Err(error) => {
                        refused.push(problem::call(&error));
                        break;
                    }
                };
                for (one, result) in part.iter().zip(results) {
                    match result.problem {
                        None => stored.push(one.slot),
                        Some(problem) if problem.code == ProblemCode::SlotTaken => {
                            taken += 1;
                            stored.push(one.slot);
                        }
                        Some(problem) => refused.push(refusal(&one.slot, &problem)),
                    }
                }
            }
            sending.try_set(false);
            let is_whole = refused.is_empty();
            failed.try_set(refused);
            if stored.len() > taken {
                toasts.say(l::confirmed_now(stored.len() - taken));
            }
            if taken > 0 {
                toasts.say(l::some_taken(taken));
            }
            if !stored.is_empty() {
                left.try_update(|left| left.retain(|slot| !stored.contains(slot)));
                again.run(());
            }
            if is_whole {
                open.try_set(false);
            }
        });
    };
    let cards: Vec<_> = found
        .into_iter()
        .map(|(schedule, slot)| {
            let mut areas: Vec<Answer> = schedule
                .terms
                .areas
                .iter()
                .map(|id| Answer::new(id.to_string(), known.area(*id)))
                .collect();
            areas.sort_by_cached_key(|area| text::sort_key(&area.words));
            (slot, areas)
        })
        .collect();
    let cards = StoredValue::new(cards);
    let cards = move || {
        let left = left.get();
        cards.with_value(|cards| {
            let cards = cards.iter().filter(|(slot, _)| left.contains(&slot.planned.slot));
            cards
                .cloned()
                .map(|(slot, areas)| view! { <ProposedSlot proposal=slot said areas/> })
                .collect_view()
        })
    };
    view! {
        <p class="soft">{l::confirm_hint()}</p>
        {move || {
            let lines = failed.get();
            (!lines.is_empty())
                .then(|| view! { <Notice tone=Tone::Danger words=format!("{} {}", l::not_stored(), lines.join(" "))/> })
        }}
        <ul class="cards">{cards}</ul>
        <DialogActions open>
            <Button
                label=Signal::derive(move || l::confirm_some(chosen.get()))
                kind=ButtonKind::Primary
                blocked=Signal::derive(move || chosen.get() == 0 || sending.get())
                on_press=confirm
            />
        </DialogActions>
    }
}

/// Which slot was refused, and why.
fn refusal(slot: &Slot, refused: &Problem) -> String {
    let why = match refused.fields.first() {
        Some(error) => problem::field(error),
        None => problem::problem(refused),
    };
    format!("{} · {}: {why}", l::short_day(slot.date), slot.time)
}
