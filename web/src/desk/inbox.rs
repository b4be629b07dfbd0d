//! The inbox, and the line above every page when something urgent has come.

use super::now;
use super::stream::use_live;
use crate::icons::{self, Picture};
use crate::ui::{Button, ButtonKind, EmptyState, Notice, Skeleton, Tone};
use crate::words::{incidents as n, when};
use keng_shared::id::InboxItemId;
use keng_shared::inbox::{InboxItem, News, TaskNews};
use leptos::prelude::*;

/// The page.
#[component]
pub fn InboxPage() -> impl IntoView {
    let live = use_live();
    let unread = move || {
        live.inbox.with(|inbox| {
            let items = inbox.iter().flat_map(|inbox| &inbox.items);
            let unread = items.filter(|item| item.read_at.is_none()).map(|item| item.id);
            unread.collect::<Vec<InboxItemId>>()
        })
    };
    view! {
        <div class="page stack">
            <div class="row-apart">
                <h1>{n::nav_inbox()}</h1>
                <Button
                    label=n::inbox_read_all()
                    icon=icons::CIRCLE_CHECK
                    blocked=Signal::derive(move || unread().is_empty())
                    on_press=move |_| live.read(unread())
                />
            </div>
            {move || (!live.connected.get()).then(|| view! { <Notice tone=Tone::Warn words=n::live_off()/> })}
            {move || match live.inbox.get() {
                None => view! { <Skeleton lines=6/> }.into_any(),
                Some(inbox) if inbox.items.is_empty() => {
                    view! { <EmptyState icon=icons::INBOX words=n::inbox_none()/> }.into_any()
                }
                Some(inbox) => {
                    let lines = inbox.items.into_iter().map(|item| view! { <Line item/> }).collect_view();
                    view! { <ul class="plain-list card inbox">{lines}</ul> }.into_any()
                }
            }}
        </div>
    }
}

#[component]
fn Line(item: InboxItem) -> impl IntoView {
    let live = use_live();
    let (id, is_unread) = (item.id, item.read_at.is_none());
    let words = n::news(&item.news);
    let when = when::instant(item.at, now());
    let (tone, icon) = looks(&item.news);
    let words = match address(&item.news) {
        Some(href) => view! { <a href=href on:click=move |_| live.read(vec![id])>{words}</a> }.into_any(),
        None => view! { <span>{words}</span> }.into_any(),
    };
    view! {
        <li class="inbox-line" class:inbox-unread=is_unread>
            <span class=tone><Picture icon/></span>
            <span class="inbox-words">{words}</span>
            {is_unread.then(|| view! { <span class="unseen">{n::unread()}</span> })}
            <time class="soft small">{when}</time>
        </li>
    }
}

/// What has come and cannot wait, the latest of it. It is read aloud at once.
#[component]
pub fn UrgentLine() -> impl IntoView {
    let live = use_live();
    super::push::follow();
    let urgent = live.urgent();
    let latest = Memo::new(move |_| urgent.with(|urgent| urgent.first().cloned()));
    let others = move || match urgent.with(Vec::len) {
        0 | 1 => None,
        count => Some(view! { <a href="/desk/inbox">{n::urgent_others(count - 1)}</a> }),
    };
    view! {
        <div class="urgent-place" role="alert">
            // Each line has elements of its own: a press must not find the address of the next line in the button.
            <For each=move || latest.get() key=|item| item.id let:item>
                {
                    let id = item.id;
                    let href = address(&item.news).unwrap_or_else(|| "/desk/inbox".to_owned());
                    view! {
                        <div class="urgent">
                            <Picture icon=icons::SIREN/>
                            <p class="strong">{n::urgent()}": "{n::news(&item.news)} " " {others}</p>
                            <a class="button button-primary" href=href on:click=move |_| live.read(vec![id])>
                                {n::inbox_open()}
                            </a>
                            <Button
                                label=n::seen()
                                kind=ButtonKind::Quiet
                                on_press=move |_| live.read(vec![id])
                            />
                        </div>
                    }
                }
            </For>
        </div>
    }
}

fn looks(news: &News) -> (&'static str, icons::Icon) {
    match news {
        News::IncidentReported { .. } if news.is_urgent() => ("inbox-icon inbox-icon-urgent", icons::SIREN),
        News::IncidentReported { .. } | News::CaseAssigned { .. } | News::CaseMoved { .. } => {
            ("inbox-icon", icons::SIREN)
        }
        News::RecordReturned { .. } => ("inbox-icon", icons::UNDO_2),
        News::Task { .. } => ("inbox-icon", icons::LIST_CHECKS),
        News::FootageRequested { .. } | News::FootageAnswered { .. } | News::FootageWithdrawn { .. } => {
            ("inbox-icon", icons::CCTV)
        }
    }
}

/// The list in which a task stands of which a line tells.
fn task_list(what: TaskNews) -> &'static str {
    match what {
        TaskNews::Given | TaskNews::Changed | TaskNews::Reopened => "open",
        TaskNews::Done => "done",
        TaskNews::Withdrawn => "withdrawn",
    }
}

/// Where the desk shows what a line is about.
fn address(news: &News) -> Option<String> {
    match news {
        News::IncidentReported { record_id, .. }
        | News::CaseAssigned { record_id, .. }
        | News::CaseMoved { record_id, .. } => Some(format!("/desk/incidents/{record_id}")),
        News::RecordReturned { record_id } => Some(format!("/desk/review/{record_id}")),
        News::FootageAnswered { record_id, .. } | News::FootageWithdrawn { record_id, .. } => {
            record_id.map(|id| format!("/desk/incidents/{id}"))
        }
        News::Task { what, .. } => Some(format!("/desk/tasks?state={}", task_list(*what))),
        News::FootageRequested { .. } => None,
    }
}
