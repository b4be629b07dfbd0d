//! Incidents: the board of cases by state, the same as a list, and one case with everything about it.

mod board;
mod case;
pub(super) mod drawing;
mod footage;
mod footage_answer;
mod near;
mod overwritten;
mod parts;
mod place;
mod steps;
mod withdrawal;

pub(super) use steps::Whole;

use super::api::{Api, use_api};
use super::load::{Loaded, load};
use super::stream::use_live;
use crate::icons;
use crate::shell::dom;
use crate::shell::keys::{self, Key};
use crate::ui::EmptyState;
use crate::words::incidents as n;
use board::{Board, CaseTable};
use case::CasePage;
use keng_shared::api::{CaseQuery, CaseRow, MAX_PAGE, Page};
use keng_shared::id::RecordId;
use leptos::prelude::*;
use leptos_router::hooks::{use_params_map, use_query_map};

/// The page: the board, or the case that the address names.
#[component]
pub fn IncidentsPage() -> impl IntoView {
    let params = use_params_map();
    let chosen = Memo::new(move |_| params.with(|params| params.get("id")?.parse::<RecordId>().ok()));
    move || match chosen.get() {
        Some(id) => view! { <CasePage id/> }.into_any(),
        None => view! { <Overview/> }.into_any(),
    }
}

/// What the address says about the overview.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Shown {
    list: bool,
    mine: bool,
    closed: bool,
}

impl Shown {
    fn address(self) -> String {
        let parts = [
            ("view=list", self.list),
            ("mine=1", self.mine),
            ("closed=1", self.closed),
        ];
        let set: Vec<&str> = parts
            .into_iter()
            .filter(|(_, on)| *on)
            .map(|(part, _)| part)
            .collect();
        match set.is_empty() {
            true => "/desk/incidents".to_owned(),
            false => format!("/desk/incidents?{}", set.join("&")),
        }
    }
}

#[component]
fn Overview() -> impl IntoView {
    let (api, live) = (use_api(), use_live());
    let query = use_query_map();
    let shown = Memo::new(move |_| {
        query.with(|query| Shown {
            list: query.get("view").as_deref() == Some("list"),
            mine: query.get("mine").is_some(),
            closed: query.get("closed").is_some(),
        })
    });
    let cases = load(move || {
        live.changed.track();
        let mine = shown.get().mine;
        asked(api, mine)
    });
    view! {
        <div class="page stack">
            <div class="row-apart">
                <h1>{n::nav_incidents()}</h1>
                {move || switches(shown.get())}
            </div>
            {cases.view(move |page| shelf(page, shown))}
        </div>
        <Walk cases/>
    }
}

async fn asked(api: Api, mine: bool) -> Result<Page<CaseRow>, super::api::Failed> {
    let query = CaseQuery {
        assignee: api.me().filter(|_| mine).map(|me| me.id),
        limit: Some(MAX_PAGE),
        ..CaseQuery::default()
    };
    api.call(async |client| client.cases(&query).await).await
}

fn shelf(page: Page<CaseRow>, shown: Memo<Shown>) -> impl IntoView {
    if page.items.is_empty() {
        return view! { <EmptyState icon=icons::SIREN words=n::none_yet()/> }.into_any();
    }
    let cases = StoredValue::new(page.items);
    let part = move || {
        let shown = shown.get();
        let cases: Vec<CaseRow> = cases
            .get_value()
            .into_iter()
            .filter(|case| shown.closed || !case.state.is_closed())
            .collect();
        match shown.list {
            true => view! { <CaseTable cases/> }.into_any(),
            false => view! { <Board cases closed=shown.closed/> }.into_any(),
        }
    };
    part.into_any()
}

/// Links that change the address: each says what it leads to, and the one that holds is marked.
fn switches(shown: Shown) -> impl IntoView {
    let link = |to: Shown, words: &'static str, holds: bool| {
        let current = holds.then_some("true");
        view! { <a class="button" href=to.address() aria-current=current>{words}</a> }
    };
    view! {
        <nav class="row" aria-label=n::nav_incidents()>
            {link(Shown { list: false, ..shown }, n::board(), !shown.list)}
            {link(Shown { list: true, ..shown }, n::list(), shown.list)}
            {link(Shown { mine: !shown.mine, ..shown }, n::only_mine(), shown.mine)}
            {link(Shown { closed: !shown.closed, ..shown }, n::show_closed(), shown.closed)}
        </nav>
    }
}

/// j and k go from case to case; Enter opens the one that has the focus, as any link.
#[component]
fn Walk(cases: Loaded<Page<CaseRow>>) -> impl IntoView {
    let at = StoredValue::new(None::<usize>);
    let listener = keys::watch(move |key| {
        let count = cases.peek().map_or(0, |page| page.items.len());
        let now = at.get_value();
        let next = match key {
            "j" => now.map_or(0, |now| now + 1).min(count.saturating_sub(1)),
            "k" => now.map_or(0, |now| now.saturating_sub(1)),
            _ => return Key::Free,
        };
        at.set_value(Some(next));
        if let Some(case) = cases.peek().and_then(|page| page.items.get(next).cloned()) {
            dom::focus(&board::link_id(case.record_id));
        }
        Key::Used
    });
    // The listener lives as long as the page.
    let _listener = StoredValue::new_local(listener);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_address_says_only_what_is_not_usual() {
        let usual = Shown {
            list: false,
            mine: false,
            closed: false,
        };
        assert_eq!(usual.address(), "/desk/incidents");
        let other = Shown {
            list: true,
            mine: true,
            closed: false,
        };
        assert_eq!(other.address(), "/desk/incidents?view=list&mine=1");
    }
}
