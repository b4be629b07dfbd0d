//! What arrives by itself: the inbox of the person at the desk, kept fresh by the server's stream of events.
//!
//! The inbox is the truth. The stream adds to it; whenever the stream was away, the inbox is asked for again.

use super::api::{Api, use_api};
use crate::shell::events::{self, Ears};
use crate::shell::timer;
use keng_shared::api::{Inbox, MarkRead};
use keng_shared::id::InboxItemId;
use keng_shared::inbox::InboxItem;
use keng_shared::json;
use keng_shared::time::Millis;
use leptos::prelude::*;
use leptos::task::spawn_local;

/// How long to wait before connecting again.
const AGAIN_MS: u32 = 3_000;
/// How long an urgent line that nobody has read stays above every page.
const DAY_MS: i64 = 24 * 3_600_000;
/// As long as that when the server has too many streams.
const CROWDED_MS: u32 = 30_000;

/// The inbox and the stream; copies are the same.
#[derive(Clone, Copy)]
pub struct Live {
    /// The inbox, once it is here.
    pub inbox: RwSignal<Option<Inbox>>,
    /// Counts what changed in communes in reach: lists that show cases follow it.
    pub changed: RwSignal<u32>,
    /// Whether the stream is there.
    pub connected: RwSignal<bool>,
    api: Api,
}

impl Live {
    /// Begins to listen and gives it to everything below.
    pub fn provide() -> Self {
        let live = Self {
            inbox: RwSignal::new(None),
            changed: RwSignal::new(0),
            connected: RwSignal::new(true),
            api: use_api(),
        };
        provide_context(live);
        spawn_local(live.listen());
        live
    }

    /// How many lines are unread.
    pub fn unread(self) -> Signal<u64> {
        Signal::derive(move || {
            self.inbox
                .with(|inbox| inbox.as_ref().map_or(0, |inbox| u64::from(inbox.unread)))
        })
    }

    /// Urgent lines of the last day that the person has not dealt with, the latest first. They follow the inbox, so that
    /// nothing is missed that came while the stream was away or before the page was opened.
    pub fn urgent(self) -> Memo<Vec<InboxItem>> {
        Memo::new(move |_| {
            let since = super::now().plus(-DAY_MS);
            self.inbox.with(|inbox| {
                let items = inbox.iter().flat_map(|inbox| &inbox.items);
                let urgent =
                    items.filter(|item| item.read_at.is_none() && item.news.is_urgent() && item.at > since);
                urgent.cloned().collect()
            })
        })
    }

    /// Marks lines as read, here at once and on the server.
    pub fn read(self, ids: Vec<InboxItemId>) {
        self.inbox.update(|inbox| {
            let Some(inbox) = inbox else { return };
            for item in inbox.items.iter_mut().filter(|item| ids.contains(&item.id)) {
                if item.read_at.is_none() {
                    item.read_at = Some(Millis(super::now().0));
                    inbox.unread = inbox.unread.saturating_sub(1);
                }
            }
        });
        spawn_local(async move {
            let body = MarkRead { ids };
            // What did not reach the server is unread again when the inbox is asked for next.
            let _told = self.api.call(async |client| client.mark_read(&body).await).await;
        });
    }

    async fn listen(self) {
        let last = StoredValue::new(String::new());
        loop {
            if let Ok(inbox) = self.api.call(async |client| client.inbox().await).await {
                self.inbox.try_set(Some(inbox));
                self.changed.try_update(|changed| *changed += 1);
            }
            if self.inbox.is_disposed() {
                return;
            }
            let token = self.api.client().token().unwrap_or_default();
            let from = last.try_get_value().unwrap_or_default();
            let heard = move |name: &str, id: String, data: &str| self.hear(last, name, id, data);
            let ended = events::follow(&token, &from, heard).await;
            if self.connected.try_set(false).is_some() || self.inbox.is_disposed() {
                return;
            }
            timer::sleep(match ended {
                Ok(503) => CROWDED_MS,
                _ => AGAIN_MS,
            })
            .await;
        }
    }

    fn hear(self, last: StoredValue<String>, name: &str, id: String, data: &str) -> Ears {
        if self.inbox.is_disposed() {
            return Ears::Closed;
        }
        if !self.connected.get_untracked() {
            self.connected.set(true);
        }
        match name {
            "inbox" => {
                last.try_set_value(id);
                if let Ok(item) = json::read::<InboxItem>(data.as_bytes()) {
                    self.add(item);
                }
            }
            "changed" => self.changed.update(|changed| *changed += 1),
            _ => {}
        }
        Ears::Open
    }

    fn add(self, item: InboxItem) {
        self.inbox.try_update(|inbox| {
            let inbox = inbox.get_or_insert_default();
            if !inbox.items.iter().any(|known| known.id == item.id) {
                inbox.unread = inbox.unread.saturating_add(1);
                inbox.items.insert(0, item);
            }
        });
    }
}

/// What arrives by itself at this desk.
pub fn use_live() -> Live {
    use_context::<Live>().unwrap_or_else(Live::provide)
}
