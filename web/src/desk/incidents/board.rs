//! Cases by state, as columns of cards; and as a table.

use super::parts::{DueChip, SeverityChip, StateChip};
use crate::desk::now;
use crate::icons::{self, Picture};
use crate::ui::{Chip, EmptyState, Table, Tone};
use crate::words::{desk as d, domain, incidents as n, when};
use keng_shared::api::CaseRow;
use keng_shared::id::RecordId;
use keng_shared::incident::case::CaseState;
use leptos::prelude::*;

/// Id of the link to a case, for the keys.
pub fn link_id(id: RecordId) -> String {
    format!("case-{id}")
}

/// The board. What is due comes first in each column.
#[component]
pub fn Board(mut cases: Vec<CaseRow>, closed: bool) -> impl IntoView {
    cases.sort_by_key(|case| (case.severity, case.due_at));
    let columns = CaseState::ALL
        .iter()
        .filter(|state| closed || !state.is_closed())
        .map(|&state| {
            let (mine, rest): (Vec<_>, Vec<_>) = std::mem::take(&mut cases)
                .into_iter()
                .partition(|case| case.state == state);
            cases = rest;
            let count = mine.len();
            let cards = mine.into_iter().map(|case| view! { <Card case/> }).collect_view();
            let title = format!("column-{}", state.as_str());
            let labelled_by = title.clone();
            view! {
                <section class="board-column" aria-labelledby=labelled_by>
                    <h2 class="board-title" id=title>{n::column(state)}" "<span class="soft">{count}</span></h2>
                    {(count == 0).then(|| view! { <p class="soft small">{n::none_here()}</p> })}
                    <ul class="board-cards">{cards}</ul>
                </section>
            }
        })
        .collect_view();
    view! { <div class="board">{columns}</div> }
}

#[component]
fn Card(case: CaseRow) -> impl IntoView {
    let href = format!("/desk/incidents/{}", case.record_id);
    let place = match case.place.is_empty() {
        true => case.area_name.clone(),
        false => format!("{}, {}", case.place, case.area_name),
    };
    let assignee = case.assignee.as_ref().map(|officer| officer.name.clone());
    let from_camera = case.kind == keng_shared::kind::CAMERA_INCIDENT.id;
    view! {
        <li class="card board-card">
            <a class="strong" id=link_id(case.record_id) href=href>{domain::category(case.category)}</a>
            <p class="small">{place}</p>
            <p class="soft small">
                {from_camera.then(|| view! { <Picture icon=icons::CCTV/>" " })}
                {when::instant(case.received_at, now())}" · "{case.author.name.clone()}
            </p>
            <div class="row">
                <SeverityChip severity=case.severity/>
                <DueChip case=case.clone()/>
                <NearChip near=case.near/>
            </div>
            {assignee.map(|name| view! { <p class="small"><Picture icon=icons::USER/>" "{name}</p> })}
        </li>
    }
}

/// That other reports may be of the same event: to be seen without opening the case.
#[component]
fn NearChip(near: u32) -> impl IntoView {
    (near > 0).then(|| view! { <Chip tone=Tone::Warn icon=icons::COPY words=n::near_on_card(near)/> })
}

/// The same cases as a table, the latest first.
#[component]
pub fn CaseTable(cases: Vec<CaseRow>) -> impl IntoView {
    if cases.is_empty() {
        return view! { <EmptyState icon=icons::SIREN words=n::none_here()/> }.into_any();
    }
    let rows = cases
        .into_iter()
        .map(|case| {
            let href = format!("/desk/incidents/{}", case.record_id);
            let assignee = case.assignee.as_ref().map_or_else(|| n::nobody().to_owned(), |who| who.name.clone());
            view! {
                <tr>
                    <th scope="row"><a id=link_id(case.record_id) href=href>{domain::category(case.category)}</a></th>
                    <td><SeverityChip severity=case.severity/></td>
                    <td><StateChip state=case.state/></td>
                    <td><span class="row"><DueChip case=case.clone()/><NearChip near=case.near/></span></td>
                    <td>{case.area_name.clone()}</td>
                    <td>{case.place.clone()}</td>
                    <td>{when::instant(case.received_at, now())}</td>
                    <td>{assignee}</td>
                </tr>
            }
        })
        .collect_view();
    let columns = [
        n::what(),
        n::severity(),
        n::state(),
        n::due(),
        d::area(),
        n::place(),
        n::received(),
        n::assignee(),
    ]
    .map(str::to_owned)
    .to_vec();
    view! { <Table caption=n::nav_incidents() columns>{rows}</Table> }.into_any()
}
