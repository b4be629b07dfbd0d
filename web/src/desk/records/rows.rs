//! The rows of the table under heads that put it in order.

use super::columns::{Begins, Column};
use super::{Selection, Table, page, use_table};
use crate::desk::known::{Known, use_known};
use crate::icons;
use crate::ui::{Button, EmptyState, Order, OrderHead};
use crate::words::{desk as d, domain, records as w, when};
use keng_shared::api::{MAX_SORTED, RecordRow, RecordSort};
use keng_shared::id::RecordId;
use leptos::prelude::*;
use std::collections::HashSet;

/// Id of the link of a row, for the keys.
pub fn link_id(id: RecordId) -> String {
    format!("row-{id}")
}

/// The table, or why there is none.
#[component]
pub fn Rows() -> impl IntoView {
    let table = use_table();
    let (listing, known) = (table.listing, use_known());
    let columns = Memo::new(move |_| table.shown.with(|shown| shown.columns.clone()));
    listing.view(move |found| {
        if found.items.is_empty() {
            return view! { <Nothing/> }.into_any();
        }
        let rows = StoredValue::new(found.items);
        let more = listing.more(move |after| {
            page(
                table.api,
                table.shown.with_untracked(|shown| shown.query.clone()),
                Some(after),
            )
        });
        view! {
            <div class="table-frame records" tabindex="0" role="group" aria-label=w::caption()>
                {move || {
                    let columns = columns.get();
                    let body = rows.with_value(|rows| {
                        rows.iter().map(|row| record(table, known, &columns, row)).collect_view()
                    });
                    view! {
                        <table class="table">
                            <caption class="unseen">{w::caption()}</caption>
                            <thead>
                                <tr>
                                    <td class="records-pick"><PickPage/></td>
                                    {columns.into_iter().map(|column| head(table, column)).collect_view()}
                                </tr>
                            </thead>
                            <tbody>{body}</tbody>
                        </table>
                    }
                }}
            </div>
            {more}
        }
        .into_any()
    })
}

#[component]
fn Nothing() -> impl IntoView {
    let table = use_table();
    let is_narrowed = table
        .shown
        .with_untracked(|shown| shown.conditions() > 0 || shown.query.search.is_some());
    let words = if is_narrowed { w::empty() } else { w::empty_yet() };
    view! {
        <EmptyState icon=icons::SEARCH words>
            {is_narrowed
                .then(|| view! { <Button label=d::filter_clear() on_press=move |_| table.show(&Default::default())/> })}
        </EmptyState>
    }
}

/// The head of a column: a button where it gives an order, and how it stands now.
fn head(table: Table, column: Column) -> impl IntoView + use<> {
    let class = column.is_number().then_some("number");
    let Some((sort, begins)) = column.order() else {
        return view! { <th scope="col" class=class>{column.words()}</th> }.into_any();
    };
    let (now, reversed) = table.shown.with(|shown| {
        (
            shown.query.sort.unwrap_or_default(),
            shown.query.reverse == Some(true),
        )
    });
    let holds = now == sort;
    let order = match (begins == Begins::Ascending) != reversed {
        true => Order::Ascending,
        false => Order::Descending,
    };
    let press = move |()| {
        table.change(|query| {
            query.sort = Some(sort).filter(|sort| *sort != RecordSort::Newest);
            query.reverse = (holds && !reversed).then_some(true);
        });
    };
    let words = match column.is_number() {
        true => format!("#{}", column.words()),
        false => column.words().to_owned(),
    };
    view! { <OrderHead words order=holds.then_some(order) on_press=press/> }.into_any()
}

fn record(table: Table, known: Known, columns: &[Column], row: &RecordRow) -> impl IntoView + use<> {
    let id = row.id;
    let name = format!("{} {}", domain::kind(&row.kind), when::date(row.local_date));
    let cells = columns
        .iter()
        .enumerate()
        .map(|(place, column)| {
            let cell = column.cell(row, known);
            match place {
                // The first column names the row and leads to it.
                0 => view! {
                    <th scope="row" class="nowrap">
                        <a id=link_id(id) href=format!("/desk/review/{id}?status=all")>{cell}</a>
                    </th>
                }
                .into_any(),
                _ => view! { <td class=column.is_number().then_some("number")>{cell}</td> }.into_any(),
            }
        })
        .collect_view();
    view! {
        <tr class:records-selected=move || table.is_selected(id)>
            <td class="records-pick">
                <input
                    type="checkbox"
                    aria-label=w::select_row(name)
                    prop:checked=move || table.is_selected(id)
                    on:change=move |_| table.toggle(id)
                />
            </td>
            {cells}
        </tr>
    }
}

/// Selects every row of the page, or none.
#[component]
fn PickPage() -> impl IntoView {
    let table = use_table();
    let ids = move || -> HashSet<RecordId> { table.rows().iter().map(|row| row.id).collect() };
    let whole = move || {
        table.selection.with(|selection| match selection {
            Selection::Everything => true,
            Selection::Rows(rows) => !rows.is_empty() && ids().is_subset(rows),
        })
    };
    let press = move |_| {
        let next = if whole() { HashSet::new() } else { ids() };
        table.selection.set(Selection::Rows(next));
    };
    view! { <input type="checkbox" aria-label=w::select_page() prop:checked=whole on:change=press/> }
}

/// Words for an order that the server refused.
pub fn too_many() -> &'static str {
    // The words name the number.
    const { assert!(MAX_SORTED == 20_000) };
    w::too_many_to_sort()
}
