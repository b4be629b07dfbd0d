//! What came for the person: questions for footage of their cameras, and lines of the inbox. Both can be read without a
//! network, as they were brought last.

use super::footage::Tasks;
use super::form::BackLink;
use crate::field::app::use_app;
use crate::field::route::Route;
use crate::icons;
use crate::ui::live;
use crate::ui::{EmptyState, Notice, Tone};
use crate::words::{incidents as n, when};
use keng_engine::{Engine, Event};
use keng_shared::inbox::{InboxItem, News};
use leptos::prelude::*;

/// The screen.
#[component]
pub fn Inbox() -> impl IntoView {
    let app = use_app();
    // Whoever opens it wants what is newest.
    app.tell(Event::Visible);
    let seen = app.project(Engine::inbox);
    view! {
        <BackLink/>
        <h1>{n::nav_inbox()}</h1>
        <Tasks/>
        {live(move || match seen.get().flatten() {
            None => view! { <Notice tone=Tone::Info words=n::inbox_not_here()/> }.into_any(),
            Some(kept) if kept.inbox.items.is_empty() => {
                view! { <EmptyState icon=icons::INBOX words=n::inbox_none()/> }.into_any()
            }
            Some(kept) => {
                let brought = kept.brought_at.map(|at| n::inbox_as_of(when::instant(at, app.now.get())));
                let lines = kept.inbox.items.into_iter().map(|item| view! { <Line item/> }).collect_view();
                view! {
                    {brought.map(|words| view! { <p class="soft small">{words}</p> })}
                    <ul class="cards">{lines}</ul>
                }
                .into_any()
            }
        })}
    }
}

#[component]
fn Line(item: InboxItem) -> impl IntoView {
    let app = use_app();
    let (id, is_unread) = (item.id, item.read_at.is_none());
    let words = n::news(&item.news);
    let when = when::instant(item.at, app.now.get_untracked());
    let icon = match item.news {
        News::RecordReturned { .. } => icons::UNDO_2,
        News::Task { .. } => icons::LIST_CHECKS,
        News::FootageRequested { .. } | News::FootageAnswered { .. } | News::FootageWithdrawn { .. } => {
            icons::CCTV
        }
        _ => icons::SIREN,
    };
    let href = match item.news {
        News::CaseMoved { record_id, .. } | News::RecordReturned { record_id } => {
            Some(Route::Record(record_id).path())
        }
        News::Task { task_id, .. } => Some(Route::Task(task_id).path()),
        _ => None,
    };
    let class = if is_unread { "strong" } else { "" };
    let inside = view! {
        <icons::Picture icon/>
        <span class="record-card-text">
            <span class=class>{words}</span>
            <span class="soft small">{when}</span>
            {is_unread.then(|| view! { <span class="unseen">{n::unread()}</span> })}
        </span>
    };
    let seen = move |_| app.tell(Event::InboxRead { ids: vec![id] });
    match href {
        Some(href) => {
            view! { <li><a class="card record-card" href=href on:click=seen>{inside}</a></li> }.into_any()
        }
        None => {
            view! { <li><button type="button" class="card record-card" on:click=seen>{inside}</button></li> }
                .into_any()
        }
    }
}
