//! Which week of which area a page shows: both stand in the address of the page.

use super::api::use_api;
use super::known::{AreaChoice, number, use_known};
use super::today;
use crate::icons;
use crate::ui::{Button, Required, Select};
use crate::words::{loudspeaker as l, when};
use chrono::Days;
use keng_shared::area::AreaKind;
use keng_shared::id::AreaId;
use keng_shared::loudspeaker::monday_of;
use keng_shared::time::LocalDate;
use leptos::prelude::*;
use leptos_router::NavigateOptions;
use leptos_router::hooks::{use_navigate, use_query_map};

/// The area and the week of a page.
#[derive(Clone, Copy)]
pub struct ShownWeek {
    /// A commune or a residential area; none for a province, which has too many for one grid.
    pub area: Memo<Option<AreaId>>,
    /// Monday of the week.
    pub monday: Memo<LocalDate>,
}

impl ShownWeek {
    /// As the address says; the person's own area and this week where it says nothing.
    pub fn from_address() -> Self {
        let (api, known) = (use_api(), use_known());
        let query = use_query_map();
        let asked = Memo::new(move |_| {
            query
                .with(|query| query.get("area").and_then(|id| id.parse().ok()))
                .map(AreaId)
        });
        let home = api.home();
        let area = Memo::new(move |_| {
            let area = asked.get().or(home)?;
            let kind = known.kind(area)?;
            matches!(kind, AreaKind::Commune | AreaKind::ResidentialArea).then_some(area)
        });
        let monday = Memo::new(move |_| {
            let date = query.with(|query| query.get("week").and_then(|day| day.parse().ok()));
            monday_of(date.unwrap_or_else(today))
        });
        Self { area, monday }
    }
}

/// The week before and after, this week, and the area.
#[component]
pub fn WeekPicker(
    /// Path of the page.
    page: &'static str,
    /// What it shows.
    shown: ShownWeek,
) -> impl IntoView {
    let known = use_known();
    let ShownWeek { area, monday } = shown;
    let go = StoredValue::new(use_navigate());
    let show = move |area: Option<AreaId>, monday: LocalDate| {
        let area = area.map(|area| format!("area={area}&")).unwrap_or_default();
        let address = format!("{page}?{area}week={monday}");
        go.with_value(|go| go(&address, NavigateOptions::default()));
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
                id="week-area"
                label=l::choose_area()
                answers=Signal::derive(move || known.area_answers(AreaChoice::Working))
                value=Signal::derive(move || area.get().map(|area| area.to_string()).unwrap_or_default())
                on_input=move |text: String| show(number(&text).map(AreaId), monday.get_untracked())
                empty=l::choose_area()
                required=Required::Shown
            />
        </div>
        <h2 aria-live="polite">{title}</h2>
    }
}
