//! What came for the person: questions for footage of their cameras, and lines of the inbox.

use super::footage::Tasks;
use super::form::BackLink;
use crate::field::app::use_app;
use crate::field::inbox;
use crate::field::route::Route;
use crate::icons;
use crate::ui::live;
use crate::ui::{EmptyState, Notice, Tone};
use crate::words::{incidents as n, when};
use keng_shared::inbox::{InboxItem, News};
use leptos::prelude::*;

/// The screen.
#[component]
pub fn Inbox() -> impl IntoView {
    let app = use_app();
    inbox::refresh(app);
    let keeps_cameras = app
        .look(|engine| engine.scope().is_some_and(|scope| !scope.cameras.is_empty()))
        .unwrap_or(false);
    view! {
        <BackLink/>
        <h1>{n::nav_inbox()}</h1>
        {keeps_cameras.then(|| view! { <Tasks/> })}
        {live(move || match app.inbox.get() {
            None => view! { <Notice tone=Tone::Info words=n::footage_tasks_offline()/> }.into_any(),
            Some(inbox) if inbox.items.is_empty() => {
                view! { <EmptyState icon=icons::INBOX words=n::inbox_none()/> }.into_any()
            }
            Some(inbox) => {
                let lines = inbox.items.into_iter().map(|item| view! { <Line item/> }).collect_view();
                view! { <ul class="cards">{lines}</ul> }.into_any()
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
        News::FootageRequested { .. } | News::FootageAnswered { .. } => icons::CCTV,
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
    let seen = move |_| inbox::read(app, vec![id]);
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
