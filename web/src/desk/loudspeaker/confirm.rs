//! Confirming the week's broadcasts at once.

use super::super::api::use_api;
use super::super::known::use_known;
use super::waiting;
use crate::shell::clock;
use crate::ui::{Answer, Button, ButtonKind, DialogActions, Notice, ProposedSlot, Said, Tone, use_toasts};
use crate::words::{loudspeaker as l, problem};
use keng_shared::api::{BroadcastWeek, ConfirmSlots, MAX_CONFIRMED, SlotConfirmation, SlotResult};
use keng_shared::id::RecordId;
use keng_shared::loudspeaker::Slot;
use leptos::prelude::*;
use leptos::task::spawn_local;

/// The slots that wait, all ticked, and one button.
#[component]
pub fn ConfirmForm(week: BroadcastWeek, open: RwSignal<bool>, again: Callback<()>) -> impl IntoView {
    let (api, known, toasts) = (use_api(), use_known(), use_toasts());
    let said = Said::default();
    let (failed, sending) = (RwSignal::new(String::new()), RwSignal::new(false));
    let found = waiting(&week);
    let slots: Vec<Slot> = found.iter().map(|(_, slot)| slot.planned.slot).collect();
    let slots = StoredValue::new(slots);
    let chosen =
        Memo::new(move |_| slots.with_value(|slots| slots.iter().filter(|slot| said.takes(slot)).count()));
    let confirm = move |_| {
        let confirmed: Vec<SlotConfirmation> = slots.with_value(|slots| {
            let taken = slots.iter().filter(|slot| said.took(slot));
            taken
                .map(|slot| SlotConfirmation {
                    record_id: RecordId(clock::new_id()),
                    slot: *slot,
                    missed: said.missed(slot),
                })
                .collect()
        });
        sending.set(true);
        failed.set(String::new());
        spawn_local(async move {
            let mut results: Vec<SlotResult> = Vec::new();
            for part in confirmed.chunks(MAX_CONFIRMED) {
                let body = ConfirmSlots { slots: part.to_vec() };
                match api.call(async |client| client.confirm_slots(&body).await).await {
                    Ok(found) => results.extend(found),
                    Err(error) => {
                        failed.try_set(problem::call(&error));
                        break;
                    }
                }
            }
            sending.try_set(false);
            let taken = results.iter().filter(|result| result.problem.is_some()).count();
            if results.len() > taken {
                toasts.say(l::confirmed_now(results.len() - taken));
            }
            if taken > 0 {
                toasts.say(l::some_taken(taken));
            }
            again.run(());
            if results.len() == confirmed.len() {
                open.try_set(false);
            }
        });
    };
    let cards = found
        .into_iter()
        .map(|(schedule, slot)| {
            let areas: Vec<Answer> = schedule
                .terms
                .areas
                .iter()
                .map(|id| Answer::new(id.to_string(), known.area(*id)))
                .collect();
            view! { <ProposedSlot proposal=slot said areas/> }
        })
        .collect_view();
    view! {
        <p class="soft">{l::confirm_hint()}</p>
        {move || {
            let words = failed.get();
            (!words.is_empty()).then(|| view! { <Notice tone=Tone::Danger words/> })
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
