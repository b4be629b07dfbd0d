//! The front page: four numbers that open what is behind them, the map of the person's area, what came in last.

use super::api::use_api;
use super::due::Due;
use super::frame::use_counts;
use super::known::use_known;
use super::load::load;
use super::now;
use crate::icons::{self, Icon, Picture};
use crate::ui::{EmptyState, LinkButton, MapView, StatusBadge, Table};
use crate::words::{desk as d, domain, number, when};
use keng_shared::api::{RecordCounts, RecordQuery, RecordRow};
use keng_shared::permission::Verb;
use leptos::prelude::*;
use leptos_router::NavigateOptions;
use leptos_router::hooks::use_navigate;

/// Rows of the newest.
const NEWEST: usize = 10;

/// The page.
#[component]
pub fn OverviewPage() -> impl IntoView {
    let reads = use_api().may(Verb::ReadRecords);
    view! {
        <div class="page stack">
            <h1>{d::nav_overview()}</h1>
            {reads.then(|| view! { <Numbers/> <Due/> })}
            <div class="overview-columns">
                {reads.then(|| view! { <Newest/> })}
                <HomeMap/>
            </div>
        </div>
    }
}

#[component]
fn Numbers() -> impl IntoView {
    let counts = use_counts().0;
    let figure = |words: &'static str, href: &'static str, icon: Icon, of: fn(&RecordCounts) -> u64| {
        let value =
            move || counts.with(|counts| number::grouped(i64::try_from(of(counts)).unwrap_or(i64::MAX)));
        view! {
            <li>
                <a class="card figure" href=href>
                    <Picture icon/>
                    <span class="figure-number">{value}</span>
                    <span>{words}</span>
                </a>
            </li>
        }
    };
    view! {
        <ul class="figures">
            {figure(d::count_submitted(), "/desk/review", icons::HOURGLASS, |counts| counts.submitted)}
            {figure(d::count_open(), "/desk/review?status=open", icons::FOOTPRINTS, |counts| counts.open)}
            {figure(d::count_returned(), "/desk/review?status=returned", icons::UNDO_2, |counts| counts.returned)}
            {figure(
                d::count_accepted_week(),
                "/desk/review?status=accepted",
                icons::CIRCLE_CHECK,
                |counts| counts.accepted_week,
            )}
        </ul>
    }
}

#[component]
fn Newest() -> impl IntoView {
    let (api, counts) = (use_api(), use_counts().0);
    let newest = load(move || {
        counts.track();
        let query = RecordQuery {
            limit: Some(NEWEST),
            ..RecordQuery::default()
        };
        async move { api.call(async |client| client.records(&query).await).await }
    });
    view! {
        <section class="stack-tight">
            <div class="row-apart">
                <h2>{d::newest()}</h2>
                <LinkButton href="/desk/review?status=all" label=d::all_records()/>
            </div>
            {newest.view(|page| {
                if page.items.is_empty() {
                    view! { <EmptyState icon=icons::FOOTPRINTS words=d::nothing_received()/> }.into_any()
                } else {
                    let rows = page.items.into_iter().map(row).collect_view();
                    let columns = [d::filter_kind(), d::person_name(), d::state()];
                    let columns: Vec<String> = columns.into_iter().map(str::to_owned).collect();
                    view! { <Table caption=d::newest() columns>{rows}</Table> }.into_any()
                }
            })}
        </section>
    }
}

fn row(row: RecordRow) -> impl IntoView {
    let href = format!("/desk/review/{}?status=all", row.id);
    view! {
        <tr>
            <th scope="row">
                <a href=href>{domain::kind(&row.kind)}</a>
                <p class="soft small">{row.area_name}</p>
            </th>
            <td>
                {row.author.name}
                <p class="soft small">{when::instant(row.started_at, now())}</p>
            </td>
            <td><StatusBadge status=row.status/></td>
        </tr>
    }
}

#[component]
fn HomeMap() -> impl IntoView {
    let (api, known) = (use_api(), use_known());
    let home = api.home();
    let map = load(move || async move {
        match home {
            Some(area) => api
                .call(async |client| client.area_map(area).await)
                .await
                .map(Some),
            None => Ok(None),
        }
    });
    let go = use_navigate();
    let name = move || home.map_or_else(|| d::your_area().to_owned(), |area| known.area(area));
    view! {
        <section class="stack-tight">
            <h2>{name}</h2>
            <MapView
                label=d::your_area()
                class="map-tall"
                features=Signal::derive(move || map.get().flatten().map(super::areas::pressable))
                on_press=move |key: String| go(&format!("/desk/areas/{key}"), NavigateOptions::default())
            />
        </section>
    }
}
