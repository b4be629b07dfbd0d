//! The state of the review page: what is listed, what is read, what is on its way to the server.

use super::filter::Filter;
use crate::desk::api::{Api, Failed, use_api};
use crate::desk::frame::use_counts;
use crate::desk::load::{Loaded, load};
use crate::shell::timer;
use keng_shared::api::{RecordDetail, RecordQuery, RecordRow};
use keng_shared::id::{PhotoId, RecordId};
use keng_shared::permission::Verb;
use keng_shared::record::RecordView;
use leptos::prelude::*;
use leptos::task::spawn_local;
use leptos_router::NavigateOptions;
use leptos_router::hooks::{use_navigate, use_params_map, use_query_map};
use std::collections::HashSet;

/// How often the list is asked for again although the counts stand still: photos arrive without changing them.
const REFRESH_MS: u32 = 15_000;

/// Rows of the list, and where the rest begins.
#[derive(Debug, Clone, PartialEq)]
pub struct Listing {
    /// Rows, in the order of the filter.
    pub rows: Vec<RecordRow>,
    /// Passed on to get more.
    pub next: Option<String>,
}

/// What is to be returned.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Target {
    /// The record.
    Record,
    /// One photo of it.
    Photo(PhotoId),
}

/// How the page changes its address.
type Go = Box<dyn Fn(&str, NavigateOptions) + Send + Sync>;

/// The state of the page.
#[derive(Clone, Copy)]
pub struct Queue {
    api: Api,
    filter: Memo<Filter>,
    chosen: Memo<Option<RecordId>>,
    listing: Loaded<Listing>,
    detail: Loaded<Option<RecordDetail>>,
    /// Rows that arrived while somebody reads; they are shown when asked for.
    arrived: RwSignal<Vec<RecordRow>>,
    /// Whether the server holds a newer version of what is read.
    outdated: RwSignal<bool>,
    /// Accepted here, not yet sent: there is still time to undo.
    pending: RwSignal<HashSet<RecordId>>,
    returning: RwSignal<Option<Target>>,
    viewing: RwSignal<Option<PhotoId>>,
    go: StoredValue<Go>,
}

impl Queue {
    /// Makes it and gives it to the parts of the page.
    pub fn provide() -> Self {
        let api = use_api();
        let (query, params) = (use_query_map(), use_params_map());
        let filter = Memo::new(move |_| query.with(|query| Filter::read(|name| query.get(name))));
        let chosen = Memo::new(move |_| {
            params.with(|params| params.get("id").and_then(|id| id.parse::<RecordId>().ok()))
        });
        let listing = load(move || {
            let question = filter.get().query(None);
            async move { page(api, question).await }
        });
        let detail = load(move || {
            let id = chosen.get();
            async move {
                match id {
                    Some(id) => api.call(async |client| client.record(id).await).await.map(Some),
                    None => Ok(None),
                }
            }
        });
        let queue = Self {
            api,
            filter,
            chosen,
            listing,
            detail,
            arrived: RwSignal::new(Vec::new()),
            outdated: RwSignal::new(false),
            pending: RwSignal::new(HashSet::new()),
            returning: RwSignal::new(None),
            viewing: RwSignal::new(None),
            go: StoredValue::new(Box::new(use_navigate())),
        };
        provide_context(queue);
        queue.follow();
        queue
    }

    /// Looks for news whenever the counts change, and now and then besides.
    fn follow(self) {
        let counts = use_counts();
        Effect::new(move |before: Option<()>| {
            counts.0.track();
            if before.is_some() {
                spawn_local(self.look_for_news());
            }
        });
        spawn_local(async move {
            loop {
                timer::sleep(REFRESH_MS).await;
                if self.arrived.is_disposed() {
                    return;
                }
                self.look_for_news().await;
            }
        });
        let (filter, chosen) = (self.filter, self.chosen);
        Effect::new(move |_| {
            filter.track();
            self.arrived.set(Vec::new());
        });
        Effect::new(move |_| {
            chosen.track();
            self.outdated.set(false);
            self.viewing.set(None);
            self.returning.set(None);
        });
    }

    async fn look_for_news(self) {
        let (Some(filter), Some(chosen)) = (self.filter.try_get_untracked(), self.chosen.try_get_untracked())
        else {
            return;
        };
        if let Ok(found) = page(self.api, filter.query(None)).await
            && self.filter.try_get_untracked().as_ref() == Some(&filter)
        {
            self.take_in(found, chosen.is_some());
        }
        let Some(id) = chosen else { return };
        if let Ok(found) = self.api.call(async |client| client.record(id).await).await
            && let Some(Some(known)) = self.detail.peek()
            && known.record.id == id
            && known.record.changed_at != found.record.changed_at
        {
            self.outdated.try_set(true);
        }
    }

    /// Rows that are listed change where they stand; new ones wait while somebody reads.
    fn take_in(self, found: Listing, is_reading: bool) {
        let Some(known) = self.listing.peek() else {
            return self.listing.set(found);
        };
        let is_listed = |row: &RecordRow| known.rows.iter().any(|listed| listed.id == row.id);
        // By risk, what was on the second page moves up when the first has been worked off; that is no news.
        let newest = known.rows.iter().map(|row| row.received_at).max();
        let is_fresh =
            |row: &&RecordRow| !is_listed(row) && newest.is_none_or(|newest| row.received_at >= newest);
        let fresh: Vec<RecordRow> = found.rows.iter().filter(is_fresh).cloned().collect();
        let mut rows = known.rows.clone();
        for row in &mut rows {
            if let Some(newer) = found.rows.iter().find(|newer| newer.id == row.id) {
                *row = newer.clone();
            }
        }
        if !is_reading {
            rows.splice(0..0, fresh);
            self.arrived.try_set(Vec::new());
        } else if self.arrived.try_get_untracked().as_ref() != Some(&fresh) {
            self.arrived.try_set(fresh);
        }
        if rows != known.rows {
            self.listing.set(Listing { rows, ..known });
        }
    }

    /// The server.
    pub fn api(self) -> Api {
        self.api
    }

    /// What is listed.
    pub fn filter(self) -> Memo<Filter> {
        self.filter
    }

    /// Lists something else; the address says so.
    pub fn set_filter(self, filter: &Filter) {
        let path = format!("/desk/review{}", filter.write());
        self.navigate(&path, NavigateOptions::default());
    }

    /// The record that is read.
    pub fn chosen(self) -> Memo<Option<RecordId>> {
        self.chosen
    }

    /// The rows.
    pub fn listing(self) -> Loaded<Listing> {
        self.listing
    }

    /// Rows that arrived and are not shown yet.
    pub fn arrived(self) -> RwSignal<Vec<RecordRow>> {
        self.arrived
    }

    /// Shows what arrived.
    pub fn show_arrived(self) {
        let fresh = self.arrived.get_untracked();
        self.arrived.set(Vec::new());
        self.listing
            .change(|listing| drop(listing.rows.splice(0..0, fresh)));
    }

    /// Adds the next page.
    pub fn more(self) {
        let Some(after) = self.listing.peek().and_then(|listing| listing.next) else {
            return;
        };
        let question = self.filter.get_untracked().query(Some(after));
        spawn_local(async move {
            if let Ok(found) = page(self.api, question).await {
                self.listing.change(|listing| {
                    listing.rows.extend(found.rows);
                    listing.next = found.next;
                });
            }
        });
    }

    /// The record that is read, once it is here.
    pub fn detail(self) -> Loaded<Option<RecordDetail>> {
        self.detail
    }

    /// Whether there is a newer version.
    pub fn outdated(self) -> RwSignal<bool> {
        self.outdated
    }

    /// Reads the newer version.
    pub fn reload(self) {
        self.outdated.try_set(false);
        self.detail.again();
    }

    /// Takes in what the server answered to a verdict.
    pub fn judged(self, record: RecordView) {
        self.listing.change(|listing| {
            if let Some(row) = listing.rows.iter_mut().find(|row| row.id == record.id) {
                row.status = record.status;
                row.revision = record.revision;
            }
        });
        let is_read = self.chosen.try_get_untracked().flatten() == Some(record.id);
        if is_read {
            // The history has a new line, which only the server knows.
            self.detail.change(|detail| {
                if let Some(detail) = detail {
                    detail.record = record;
                }
            });
            self.reload();
        }
    }

    /// What is accepted and not yet sent.
    pub fn pending(self) -> RwSignal<HashSet<RecordId>> {
        self.pending
    }

    /// What the return dialog is open for.
    pub fn returning(self) -> RwSignal<Option<Target>> {
        self.returning
    }

    /// The photo in the large viewer.
    pub fn viewing(self) -> RwSignal<Option<PhotoId>> {
        self.viewing
    }

    /// Address of a record with the filter kept.
    pub fn address(self, id: RecordId) -> String {
        format!("/desk/review/{id}{}", self.filter.get_untracked().write())
    }

    /// Reads the row `by` places further on; the first one if none is read.
    pub fn step(self, by: isize) {
        let rows = self
            .listing
            .peek()
            .map(|listing| listing.rows)
            .unwrap_or_default();
        let at = self
            .chosen
            .get_untracked()
            .and_then(|id| rows.iter().position(|row| row.id == id));
        let to = match at {
            Some(at) => at.checked_add_signed(by),
            None => Some(0),
        };
        if let Some(row) = to.and_then(|to| rows.get(to)) {
            // A walk through the list is one step back, not fifty.
            let options = NavigateOptions {
                replace: at.is_some(),
                scroll: false,
                ..NavigateOptions::default()
            };
            self.navigate(&self.address(row.id), options);
        }
    }

    /// Goes back from the record to the list.
    pub fn close(self) {
        let path = format!("/desk/review{}", self.filter.get_untracked().write());
        self.navigate(&path, NavigateOptions::default());
    }

    fn navigate(self, path: &str, options: NavigateOptions) {
        self.go.with_value(|go| go(path, options));
    }
}

/// The state of the page that a part stands on.
pub fn use_queue() -> Queue {
    use_context::<Queue>().unwrap_or_else(Queue::provide)
}

async fn page(api: Api, mut question: RecordQuery) -> Result<Listing, Failed> {
    // Who sees only their own and their team's records has no queue.
    question.sort = question.sort.filter(|_| api.may(Verb::ReadRecords));
    let page = api.call(async |client| client.records(&question).await).await?;
    Ok(Listing {
        rows: page.items,
        next: page.next,
    })
}
