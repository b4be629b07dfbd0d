//! Search and filters above the table, its columns, and taking it away as a file.

use super::columns::Column;
use super::jobs::JobsButton;
use super::rows::too_many;
use super::{Table, use_table};
use crate::desk::export::ExportButton;
use crate::desk::known::{
    AreaChoice, flag_answers, flag_value, kind_answers, number, read_flag, status_answers, use_known,
};
use crate::icons::{self, Picture};
use crate::ui::{Answer, Button, ButtonKind, Checkboxes, DateInput, Dialog, Notice, Required, Select, Tone};
use crate::words::{desk as d, records as w};
use keng_shared::api::RecordQuery;
use keng_shared::id::{AreaId, TeamId};
use keng_shared::record::{Flag, RecordStatus};
use leptos::prelude::*;

/// Id of the search field, for the key `/`.
pub const SEARCH_ID: &str = "records-search";

/// The filters.
#[component]
pub fn Filters() -> impl IntoView {
    let table = use_table();
    let shown = table.shown;
    let open = RwSignal::new(false);
    let text = Signal::derive(move || shown.with(|shown| shown.query.search.clone().unwrap_or_default()));
    // Names of thousands of people cannot be put in order for every page; the server says so.
    let is_too_wide = move || {
        let is_sorted = shown.with(|shown| shown.query.sort.is_some());
        is_sorted && table.listing.failure().is_some()
    };
    // Each of the two groups answers for its own columns; those of the other stay.
    let choose = move |ids: Vec<String>, signals: bool| {
        let mut next = shown.get_untracked();
        let is_other = |column: &Column| matches!(column, Column::Flag(_)) != signals;
        let chosen = |column: &Column| ids.iter().any(|id| id == column.as_str());
        let columns: Vec<Column> = Column::all()
            .filter(|column| match is_other(column) {
                true => next.columns.contains(column),
                false => chosen(column),
            })
            .collect();
        // A table without columns is none: the last one stays.
        if !columns.is_empty() {
            next.columns = columns;
        }
        table.show(&next);
    };
    let answers = |columns: &mut dyn Iterator<Item = Column>| -> Vec<Answer> {
        columns
            .map(|column| Answer::new(column.as_str(), column.words()))
            .collect()
    };
    view! {
        <div class="records-bar">
            <label class="search">
                <Picture icon=icons::SEARCH/>
                <span class="unseen">{d::filter_search()}</span>
                <input
                    class="input"
                    type="search"
                    id=SEARCH_ID
                    placeholder=d::filter_search()
                    prop:value=text
                    on:change=move |event| {
                        let text = event_target_value(&event).trim().to_owned();
                        table.change(|query| query.search = Some(text).filter(|text| !text.is_empty()));
                    }
                />
            </label>
            <Button
                label=w::columns()
                kind=ButtonKind::Quiet
                icon=icons::LAYERS
                on_press=move |_| open.set(true)
            />
            <ExportButton query=move |()| table.filter()/>
            <JobsButton/>
        </div>
        <details class="disclosure">
            <summary>
                <Picture icon=icons::CHEVRON_RIGHT/>
                {d::filter()}
                {move || {
                    let set = shown.with(|shown| shown.conditions());
                    (set > 0).then(|| view! { <span class="nav-count">{set}</span> })
                }}
            </summary>
            <div class="disclosure-body"><Conditions table/></div>
        </details>
        {move || is_too_wide().then(|| view! { <Notice tone=Tone::Warn words=too_many()/> })}
        <Dialog open title=w::columns_title()>
            <Checkboxes
                id="records-columns"
                label=w::columns_shown()
                answers=answers(&mut Column::PLAIN.into_iter())
                values=Signal::derive(move || shown.with(|shown| shown.ids()))
                on_change=move |ids| choose(ids, false)
            />
            <Checkboxes
                id="records-signals"
                label=w::columns_signals()
                answers=answers(&mut Flag::ALL.into_iter().map(Column::Flag))
                values=Signal::derive(move || shown.with(|shown| shown.ids()))
                on_change=move |ids| choose(ids, true)
            />
        </Dialog>
    }
}

#[component]
fn Conditions(table: Table) -> impl IntoView {
    let (shown, known) = (table.shown, use_known());
    let of = move |read: fn(&RecordQuery) -> Option<String>| {
        Signal::derive(move || shown.with(|shown| read(&shown.query).unwrap_or_default()))
    };
    view! {
        <div class="records-conditions">
            <Select
                id="records-status"
                label=d::filter_status()
                answers=Signal::stored(status_answers())
                value=of(|query| query.status.map(|status| status.as_str().to_owned()))
                on_input=move |text: String| table.change(|query| query.status = RecordStatus::parse(&text))
                empty=w::any_status()
            />
            <Select
                id="records-kind"
                label=d::filter_kind()
                answers=Signal::stored(kind_answers())
                value=of(|query| query.kind.clone())
                on_input=move |text: String| {
                    table.change(|query| query.kind = Some(text).filter(|text| !text.is_empty()));
                }
                empty=w::any_kind()
            />
            <Select
                id="records-area"
                label=d::filter_area()
                answers=Signal::derive(move || known.area_answers(AreaChoice::Any))
                value=of(|query| query.area.map(|id| id.to_string()))
                on_input=move |text: String| table.change(|query| query.area = number(&text).map(AreaId))
                empty=w::any_area()
            />
            <Select
                id="records-team"
                label=w::team()
                answers=Signal::derive(move || known.team_answers())
                value=of(|query| query.team.map(|id| id.to_string()))
                on_input=move |text: String| table.change(|query| query.team = number(&text).map(TeamId))
                empty=w::any_team()
            />
            <DateInput
                id="records-from"
                label=d::filter_from()
                value=of(|query| query.from.map(|day| day.to_string()))
                on_input=move |text: String| table.change(|query| query.from = text.parse().ok())
                required=Required::Yes
            />
            <DateInput
                id="records-to"
                label=d::filter_to()
                value=of(|query| query.to.map(|day| day.to_string()))
                on_input=move |text: String| table.change(|query| query.to = text.parse().ok())
                required=Required::Yes
            />
            <Select
                id="records-flag"
                label=d::flags()
                answers=Signal::stored(flag_answers())
                value=of(|query| flag_value(query.flagged, query.flag))
                on_input=move |text: String| {
                    table.change(|query| (query.flagged, query.flag) = read_flag(&text));
                }
                empty=w::any_flag()
            />
            <div>
                <Button
                    label=d::filter_clear()
                    kind=ButtonKind::Quiet
                    icon=icons::X
                    on_press=move |_| {
                        let mut next = shown.get_untracked();
                        next.query = RecordQuery::default();
                        table.show(&next);
                    }
                />
            </div>
        </div>
    }
}
