//! The person's records: what this phone wrote and what the server has, as one list; what wants mending first.

use crate::field::app::use_app;
use crate::field::parts::{RecordCard, area_name};
use crate::icons;
use crate::ui::live;
use crate::ui::{EmptyState, Skeleton};
use crate::words::{field as f, incidents as n, when};
use keng_engine::view::RecordEntry;
use keng_shared::time::LocalDate;
use leptos::prelude::*;

/// The screen.
#[component]
pub fn Records() -> impl IntoView {
    let app = use_app();
    let entries = app.project(|engine| {
        let named = engine.entries().into_iter().map(|entry| {
            let area = area_name(engine, entry.area_id);
            (entry, area)
        });
        named.collect::<Vec<_>>()
    });
    view! {
        <h1>{f::my_records()}</h1>
        <InboxCard/>
        {live(move || match entries.get() {
            None => view! { <Skeleton/> }.into_any(),
            Some(entries) if entries.is_empty() => view! {
                <EmptyState icon=icons::LIST_CHECKS words=f::no_records()>
                    <a class="button button-primary" href="/log">{f::log()}</a>
                </EmptyState>
            }
            .into_any(),
            Some(entries) => {
                let today = app.now.get_untracked().local_date();
                groups(entries, today)
                    .into_iter()
                    .map(|(title, entries)| {
                        let cards = entries
                            .into_iter()
                            .map(|(entry, area)| view! { <RecordCard entry area/> })
                            .collect_view();
                        view! {
                            <section class="stack-tight">
                                <h2 class="part-title">{title}</h2>
                                <ul class="cards">{cards}</ul>
                            </section>
                        }
                    })
                    .collect_view()
                    .into_any()
            }
        })}
    }
}

/// What came for the person, one tap away.
#[component]
fn InboxCard() -> impl IntoView {
    let app = use_app();
    let unread = app.project(keng_engine::Engine::unread);
    view! {
        <a class="card record-card" href="/inbox">
            <icons::Picture icon=icons::INBOX/>
            <span class="record-card-text">
                <span class="strong">{n::nav_inbox()}</span>
                {live(move || {
                    let unread = unread.get().unwrap_or(0);
                    (unread > 0).then(|| view! { <span class="small">{n::inbox_unread(unread)}</span> })
                })}
            </span>
            <icons::Picture icon=icons::CHEVRON_RIGHT/>
        </a>
    }
}

type Named = (RecordEntry, String);

/// What wants mending, then day by day.
fn groups(entries: Vec<Named>, today: Option<LocalDate>) -> Vec<(String, Vec<Named>)> {
    let (to_mend, rest): (Vec<_>, Vec<_>) = entries.into_iter().partition(|(entry, _)| entry.wants_mending());
    let mut groups: Vec<(String, Vec<Named>)> = Vec::new();
    if !to_mend.is_empty() {
        groups.push((f::to_mend_title().to_owned(), to_mend));
    }
    let mut last = None;
    for (entry, area) in rest {
        let date = entry.local_date;
        match groups.last_mut().filter(|_| last == Some(date)) {
            Some((_, group)) => group.push((entry, area)),
            None => {
                let title = match (date, today) {
                    (Some(date), Some(today)) => when::day(date, today),
                    (Some(date), None) => when::date(date),
                    (None, _) => "–".to_owned(),
                };
                groups.push((title, vec![(entry, area)]));
            }
        }
        last = Some(date);
    }
    groups
}
