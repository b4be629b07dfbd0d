//! Loudspeakers: the week of an area with what was proposed, broadcast and heard, how often each residential area was
//! reached, and the schedules. The address holds the area and the week.

mod calendar;
mod confirm;
mod rota;
mod schedule_form;
mod schedules;

use super::api::use_api;
use super::load::load;
use super::week_picker::{ShownWeek, WeekPicker};
use crate::icons;
use crate::ui::{Button, ButtonKind, Dialog, EmptyState};
use crate::words::loudspeaker as l;
use calendar::Calendar;
use confirm::ConfirmForm;
use keng_shared::api::{BroadcastWeek, DEFAULT_WEEKS};
use keng_shared::id::AreaId;
use keng_shared::loudspeaker::{BroadcastSchedule, WeekSlot, week};
use keng_shared::permission::Verb;
use keng_shared::time::LocalDate;
use leptos::prelude::*;
use schedules::Schedules;

/// The page.
#[component]
pub fn LoudspeakerPage() -> impl IntoView {
    let shown = ShownWeek::from_address();
    let ShownWeek { area, monday } = shown;
    view! {
        <div class="page stack">
            <h1>{l::title()}</h1>
            <WeekPicker page="/desk/loudspeaker" shown/>
            {move || match area.get() {
                Some(area) => view! { <Week area monday/> }.into_any(),
                None => view! { <EmptyState icon=icons::RADIO_TOWER words=l::no_areas()/> }.into_any(),
            }}
        </div>
    }
}

#[component]
fn Week(area: AreaId, monday: Memo<LocalDate>) -> impl IntoView {
    let api = use_api();
    let found = load(move || {
        let monday = monday.get();
        api.call(async move |client| client.broadcast_week(area, Some(monday)).await)
    });
    let coverage = load(move || {
        let monday = monday.get();
        api.call(async move |client| {
            client
                .broadcast_coverage(area, Some(monday), Some(DEFAULT_WEEKS))
                .await
        })
    });
    let again = Callback::new(move |()| {
        found.again();
        coverage.again();
    });
    let open = RwSignal::new(false);
    let may_confirm = api.may(Verb::LogBroadcasts);
    let button = move || {
        let count = found.get().map_or(0, |week| waiting(&week).len());
        (may_confirm && count > 0).then(|| {
            view! {
                <Button
                    label=format!("{} · {}", l::confirm_week(), l::waiting_count(count))
                    kind=ButtonKind::Primary
                    icon=icons::CHECK
                    on_press=move |_| open.set(true)
                />
            }
        })
    };
    view! {
        <div class="row">{button}</div>
        {found.view(move |week| {
            view! {
                {coverage.view(move |coverage| view! { <Calendar week=week.clone() coverage/> })}
            }
        })}
        {found.view(move |week| {
            let mut schedules = week.schedules;
            schedules.retain(|schedule| !week.ended.contains(&schedule.id));
            view! { <Schedules area schedules again/> }
        })}
        <Dialog open title=l::confirm_week() class="dialog-wide">
            {
                // What was said stays when the week is read again.
                found.peek().map(|week| view! { <ConfirmForm week open again/> })
            }
        </Dialog>
    }
}

/// Every slot of the week with its schedule, by time.
fn slots(found: &BroadcastWeek) -> Vec<(BroadcastSchedule, WeekSlot)> {
    let mut all: Vec<_> = found
        .schedules
        .iter()
        .flat_map(|schedule| {
            let slots = week(schedule, found.monday, &found.confirmed, found.now);
            slots.into_iter().map(|slot| (schedule.clone(), slot))
        })
        .collect();
    all.sort_by_key(|(_, slot)| (slot.planned.starts_at(), slot.planned.slot));
    all
}

/// Those that wait to be confirmed.
fn waiting(found: &BroadcastWeek) -> Vec<(BroadcastSchedule, WeekSlot)> {
    let mut all = slots(found);
    all.retain(|(_, slot)| slot.state.is_waiting());
    all
}
