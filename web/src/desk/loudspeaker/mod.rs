//! Loudspeakers: the week of an area with what was proposed, broadcast and heard, how often each residential area was
//! reached, and the schedules. The address holds the area and the week.

mod calendar;
mod confirm;
mod schedule_form;
mod schedules;

use super::api::use_api;
use super::known::{AreaChoice, number, use_known};
use super::load::load;
use super::today;
use crate::icons;
use crate::ui::{Button, ButtonKind, Dialog, EmptyState, Required, Select};
use crate::words::{loudspeaker as l, when};
use calendar::Calendar;
use chrono::Days;
use confirm::ConfirmForm;
use keng_shared::api::{BroadcastWeek, DEFAULT_WEEKS};
use keng_shared::area::AreaKind;
use keng_shared::id::AreaId;
use keng_shared::loudspeaker::{BroadcastSchedule, WeekSlot, monday_of, week};
use keng_shared::permission::Verb;
use keng_shared::time::LocalDate;
use leptos::prelude::*;
use leptos_router::NavigateOptions;
use leptos_router::hooks::{use_navigate, use_query_map};
use schedules::Schedules;

/// The page.
#[component]
pub fn LoudspeakerPage() -> impl IntoView {
    let (api, known) = (use_api(), use_known());
    let query = use_query_map();
    let asked =
        Memo::new(move |_| query.with(|query| query.get("area").and_then(|id| id.parse().ok()).map(AreaId)));
    let home = api.home();
    // A province has too many villages for one calendar: it chooses a commune.
    let area = Memo::new(move |_| {
        let area = asked.get().or(home)?;
        let kind = known.kind(area)?;
        matches!(kind, AreaKind::Commune | AreaKind::ResidentialArea).then_some(area)
    });
    let monday = Memo::new(move |_| {
        let date = query.with(|query| query.get("week").and_then(|day| day.parse().ok()));
        monday_of(date.unwrap_or_else(today))
    });
    view! {
        <div class="page stack">
            <h1>{l::title()}</h1>
            <Pickers area monday/>
            {move || match area.get() {
                Some(area) => view! { <Week area monday/> }.into_any(),
                None => view! { <EmptyState icon=icons::RADIO_TOWER words=l::no_areas()/> }.into_any(),
            }}
        </div>
    }
}

fn address(area: Option<AreaId>, monday: LocalDate) -> String {
    let area = area.map(|area| format!("area={area}&")).unwrap_or_default();
    format!("/desk/loudspeaker?{area}week={monday}")
}

#[component]
fn Pickers(area: Memo<Option<AreaId>>, monday: Memo<LocalDate>) -> impl IntoView {
    let known = use_known();
    let go = StoredValue::new(use_navigate());
    let show = move |area: Option<AreaId>, monday: LocalDate| {
        go.with_value(|go| go(&address(area, monday), NavigateOptions::default()));
    };
    let step = move |days: i64| {
        let now = monday.get_untracked();
        let moved = now
            .checked_add_signed(chrono::TimeDelta::days(days))
            .unwrap_or(now);
        show(area.get_untracked(), moved);
    };
    let title = move || {
        let from = monday.get();
        let to = from.checked_add_days(Days::new(6)).unwrap_or(from);
        l::week_of(when::date(from), when::date(to))
    };
    view! {
        <div class="row-apart">
            <div class="row">
                <Button label=l::week_before() icon=icons::ARROW_LEFT on_press=move |_| step(-7)/>
                <Button
                    label=l::this_week()
                    icon=icons::CALENDAR
                    on_press=move |_| show(area.get_untracked(), monday_of(today()))
                />
                <Button label=l::week_after() icon=icons::CHEVRON_RIGHT on_press=move |_| step(7)/>
            </div>
            <Select
                id="loudspeaker-area"
                label=l::choose_area()
                answers=Signal::derive(move || known.area_answers(AreaChoice::Working))
                value=Signal::derive(move || area.get().map(|area| area.to_string()).unwrap_or_default())
                on_input=move |text: String| show(number(&text).map(AreaId), monday.get_untracked())
                empty=l::choose_area()
                required=Required::No
            />
        </div>
        <h2 aria-live="polite">{title}</h2>
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
        {button}
        {found.view(move |week| {
            view! {
                {coverage.view(move |coverage| view! { <Calendar week=week.clone() coverage/> })}
            }
        })}
        {found.view(move |week| view! { <Schedules area schedules=week.schedules again/> })}
        <Dialog open title=l::confirm_week() class="dialog-wide">
            {move || found.get().map(|week| view! { <ConfirmForm week open again/> })}
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
