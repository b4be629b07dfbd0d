//! The inbox on the phone: asked for when the app comes to the front, when there is a network again, and every minute.
//!
//! It is not kept offline: what it tells about one's own records comes with the records themselves.

use super::app::App;
use crate::shell::clock;
use keng_shared::api::MarkRead;
use keng_shared::id::InboxItemId;
use leptos::prelude::*;
use leptos::task::spawn_local;

/// How often it is asked for while the app is in front: once a minute.
const EVERY_MS: i64 = 60_000;

/// Asks for the inbox now and keeps it fresh as long as the caller's view lives.
pub fn follow(app: App) {
    let asked_at = StoredValue::new(clock::now().plus(-EVERY_MS));
    Effect::new(move |_| {
        // The page's clock ticks while it is in front.
        let now = app.now.get();
        if now.since(asked_at.get_value()).abs() >= EVERY_MS {
            asked_at.set_value(now);
            refresh(app);
        }
    });
}

/// Asks for the inbox. Without a network the last one stays.
pub fn refresh(app: App) {
    spawn_local(async move {
        if let Ok(inbox) = app.call(async |client| client.inbox().await).await {
            app.inbox.set(Some(inbox));
        }
    });
}

/// Marks lines as read, here at once and on the server when it can be reached.
pub fn read(app: App, ids: Vec<InboxItemId>) {
    if ids.is_empty() {
        return;
    }
    app.inbox.update(|inbox| {
        let Some(inbox) = inbox else { return };
        for item in inbox.items.iter_mut().filter(|item| ids.contains(&item.id)) {
            if item.read_at.is_none() {
                item.read_at = Some(clock::now());
                inbox.unread = inbox.unread.saturating_sub(1);
            }
        }
    });
    spawn_local(async move {
        let body = MarkRead { ids };
        // What did not reach the server is unread again when the inbox is asked for next.
        let _told = app.call(async |client| client.mark_read(&body).await).await;
    });
}
