//! The table of records: everything that was logged, filtered and ordered, with columns of one's choice. The address holds
//! what is shown; saved views are addresses with a name. Rows can be selected and judged together.

mod bulk;
mod columns;
mod filters;
mod jobs;
mod rows;
mod shown;
mod views;

use super::api::{Api, use_api};
use super::load::{Loaded, load};
use crate::shell::dom;
use crate::shell::keys::{self, Key};
use crate::words::records as w;
use bulk::{BulkDialog, SelectionBar};
use filters::Filters;
use keng_shared::api::{Page, RecordQuery, RecordRow};
use keng_shared::id::RecordId;
use keng_shared::record::Verdict;
use leptos::prelude::*;
use leptos_router::NavigateOptions;
use leptos_router::hooks::{use_navigate, use_query_map};
use rows::Rows;
use shown::Shown;
use std::collections::HashSet;
use views::Views;

/// Rows on a page.
const PAGE: usize = 100;

/// What is selected.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Selection {
    /// These rows.
    Rows(HashSet<RecordId>),
    /// Everything that the filter shows.
    Everything,
}

/// How the page changes its address.
type Go = Box<dyn Fn(&str, NavigateOptions) + Send + Sync>;

/// The state of the page.
#[derive(Clone, Copy)]
struct Table {
    api: Api,
    shown: Memo<Shown>,
    listing: Loaded<Page<RecordRow>>,
    selection: RwSignal<Selection>,
    /// The verdict that the dialog is open for.
    judging: RwSignal<Option<Verdict>>,
    /// The row that the keys walk from.
    at: StoredValue<Option<usize>>,
    go: StoredValue<Go>,
}

impl Table {
    fn show(self, shown: &Shown) {
        let path = format!("/desk/records{}", shown.write());
        self.go.with_value(|go| {
            go(
                &path,
                NavigateOptions {
                    scroll: false,
                    ..NavigateOptions::default()
                },
            )
        });
    }

    fn change(self, change: impl FnOnce(&mut RecordQuery)) {
        let mut shown = self.shown.get_untracked();
        change(&mut shown.query);
        self.show(&shown);
    }

    fn rows(self) -> Vec<RecordRow> {
        self.listing.peek().map(|page| page.items).unwrap_or_default()
    }

    fn is_selected(self, id: RecordId) -> bool {
        self.selection.with(|selection| match selection {
            Selection::Rows(rows) => rows.contains(&id),
            Selection::Everything => true,
        })
    }

    /// Selects a row or takes it out; out of everything the rows on the page stay.
    fn toggle(self, id: RecordId) {
        let on_page: HashSet<RecordId> = self.rows().iter().map(|row| row.id).collect();
        self.selection.update(|selection| {
            if *selection == Selection::Everything {
                *selection = Selection::Rows(on_page);
            }
            if let Selection::Rows(rows) = selection
                && !rows.remove(&id)
            {
                rows.insert(id);
            }
        });
    }

    /// The selected rows; none where everything is selected.
    fn chosen(self) -> Vec<RecordId> {
        self.selection.with_untracked(|selection| match selection {
            Selection::Rows(rows) => rows.iter().copied().collect(),
            Selection::Everything => Vec::new(),
        })
    }

    /// What the filter shows, in no order.
    fn filter(self) -> RecordQuery {
        RecordQuery {
            sort: None,
            reverse: None,
            ..self.shown.get_untracked().query
        }
    }

    fn clear(self) {
        self.selection.set(Selection::Rows(HashSet::new()));
    }
}

fn use_table() -> Table {
    expect_context::<Table>()
}

/// The page.
#[component]
pub fn RecordsPage() -> impl IntoView {
    let (api, query) = (use_api(), use_query_map());
    let shown = Memo::new(move |_| query.with(|query| Shown::read(|name| query.get(name))));
    // Other columns are no other question.
    let asked = Memo::new(move |_| shown.with(|shown| shown.query.clone()));
    let listing = load(move || page(api, asked.get(), None));
    let table = Table {
        api,
        shown,
        listing,
        selection: RwSignal::new(Selection::Rows(HashSet::new())),
        judging: RwSignal::new(None),
        at: StoredValue::new(None),
        go: StoredValue::new(Box::new(use_navigate())),
    };
    provide_context(table);
    Effect::new(move |_| {
        asked.track();
        table.clear();
        table.at.set_value(None);
    });
    view! {
        <div class="page page-wide stack">
            <div class="row-apart">
                <h1>{w::nav_records()}</h1>
                <Views/>
            </div>
            <Filters/>
            <SelectionBar/>
            <Rows/>
        </div>
        <BulkDialog/>
        <Walk/>
    }
}

async fn page(
    api: Api,
    query: RecordQuery,
    after: Option<String>,
) -> Result<Page<RecordRow>, super::api::Failed> {
    let query = RecordQuery {
        after,
        limit: Some(PAGE),
        ..query
    };
    api.call(async |client| client.records(&query).await).await
}

/// j and k go from row to row, x selects the row, Enter opens the link that has the focus, / searches.
#[component]
fn Walk() -> impl IntoView {
    let table = use_table();
    let listener = keys::watch(move |key| {
        let rows = table.rows();
        let now = table.at.get_value();
        let next = match key {
            "j" => now.map_or(0, |now| now + 1).min(rows.len().saturating_sub(1)),
            "k" => now.map_or(0, |now| now.saturating_sub(1)),
            "x" => {
                if let Some(row) = now.and_then(|now| rows.get(now)) {
                    table.toggle(row.id);
                }
                return Key::Used;
            }
            "/" => {
                dom::focus(filters::SEARCH_ID);
                return Key::Used;
            }
            "Escape" => {
                table.clear();
                return Key::Used;
            }
            _ => return Key::Free,
        };
        table.at.set_value(Some(next));
        if let Some(row) = rows.get(next) {
            dom::focus(&rows::link_id(row.id));
        }
        Key::Used
    });
    // The listener lives as long as the page.
    let _listener = StoredValue::new_local(listener);
}
