//! Keys of the review page, and the table that explains them.

use super::filter_bar::SEARCH_ID;
use super::queue::{Target, use_queue};
use super::verdict;
use crate::icons;
use crate::shell::dom;
use crate::shell::keys::{self, Key};
use crate::ui::{Button, ButtonKind, Dialog, use_toasts};
use crate::words::desk as d;
use leptos::prelude::*;

/// Listens, and shows the table when asked.
#[component]
pub fn Shortcuts() -> impl IntoView {
    let queue = use_queue();
    let (open, toasts) = (RwSignal::new(false), use_toasts());
    let listener = keys::watch(move |key| {
        match key {
            "j" => queue.step(1),
            "k" => queue.step(-1),
            "a" => verdict::accept(queue, toasts),
            "r" if verdict::can_judge(queue) => queue.returning().set(Some(Target::Record)),
            "v" => open_first_photo(queue),
            "/" => dom::focus(SEARCH_ID),
            "?" => open.set(true),
            "Escape" if queue.chosen().get_untracked().is_some() => queue.close(),
            _ => return Key::Free,
        }
        Key::Used
    });
    // The listener lives as long as the page.
    let _listener = StoredValue::new_local(listener);
    let rows = [
        ("j", d::key_next()),
        ("k", d::key_previous()),
        ("a", d::key_accept()),
        ("r", d::key_return()),
        ("v", d::key_photo()),
        ("/", d::key_search()),
        ("Esc", d::back_to_list()),
        ("?", d::key_help()),
    ];
    view! {
        <div class="shortcuts-button screen-only">
            <Button
                label=d::shortcuts()
                kind=ButtonKind::Quiet
                icon=icons::KEYBOARD
                on_press=move |_| open.set(true)
            />
        </div>
        <Dialog open title=d::shortcuts()>
            <dl class="keys">
                {rows
                    .into_iter()
                    .map(|(key, words)| {
                        let keys = key.split(' ').map(|key| view! { <kbd>{key}</kbd>" " }).collect_view();
                        view! { <div><dt>{keys}</dt><dd>{words}</dd></div> }
                    })
                    .collect_view()}
            </dl>
        </Dialog>
    }
}

fn open_first_photo(queue: super::queue::Queue) {
    let detail = queue.detail().peek().flatten();
    let first = detail.and_then(|detail| detail.record.photos.first().map(|photo| photo.id));
    if first.is_some() {
        queue.viewing().set(first);
    }
}
