//! A question or a form above the page, on the native `dialog`: the browser keeps the focus inside and closes it with Esc.

use super::button::Button;
use super::fresh_id;
use super::live::live;
use crate::icons;
use crate::words::interface as w;
use leptos::ev::{Event, KeyboardEvent};
use leptos::html;
use leptos::prelude::*;

/// A dialog that is open while `open` holds. The inside is built when it opens and dropped when it closes.
#[component]
pub fn Dialog(
    /// Whether it is open; the dialog sets it to false when the person closes it.
    open: RwSignal<bool>,
    /// Its title.
    #[prop(into)]
    title: Signal<String>,
    /// More classes: `dialog-wide`.
    #[prop(optional)]
    class: &'static str,
    /// What happens instead of closing when the person wants to, by the button or by Esc.
    #[prop(optional, into)]
    leave: Option<Callback<()>>,
    /// The inside.
    children: ChildrenFn,
) -> impl IntoView {
    let close = move || match leave {
        Some(leave) => leave.run(()),
        None => open.set(false),
    };
    // Esc is caught before the browser takes it for a wish to close, which it grants the second time in any case.
    let key = move |event: KeyboardEvent| {
        if leave.is_some() && event.key() == "Escape" {
            event.prevent_default();
            close();
        }
    };
    let cancel = move |event: Event| {
        if leave.is_some() {
            event.prevent_default();
            close();
        }
    };
    let node = NodeRef::<html::Dialog>::new();
    let title_id = fresh_id("dialog-title");
    let labelled_by = title_id.clone();
    Effect::new(move || {
        let Some(dialog) = node.get() else { return };
        match (open.get(), dialog.open()) {
            (true, false) => {
                // It fails only for a dialog that has left the page, and then there is nothing to show.
                let _shown = dialog.show_modal();
            }
            (false, true) => dialog.close(),
            _ => {}
        }
    });
    let children = StoredValue::new(children);
    view! {
        <dialog
            node_ref=node
            class=format!("dialog {class}")
            aria-labelledby=labelled_by
            on:close=move |_| open.set(false)
            on:keydown=key
            on:cancel=cancel
        >
            <Show when=move || open.get()>
                <div class="stack">
                    <div class="dialog-head">
                        <h2 id=title_id.clone()>{live(move || title.get())}</h2>
                        <button
                            type="button"
                            class="button button-quiet"
                            aria-label=w::close()
                            on:click=move |_| close()
                        >
                            <icons::Picture icon=icons::X/>
                        </button>
                    </div>
                    {children.with_value(|children| children())}
                </div>
            </Show>
        </dialog>
    }
}

/// Whether a dialog is open that shows `value`: it opens when there is one and closing it forgets it.
pub fn open_while<T: Send + Sync + 'static>(value: RwSignal<Option<T>>) -> RwSignal<bool> {
    let open = RwSignal::new(false);
    // Each side is set only when it differs, or the two would call each other for ever.
    Effect::new(move |_| {
        let is_there = value.with(Option::is_some);
        if open.get_untracked() != is_there {
            open.set(is_there);
        }
    });
    Effect::new(move |_| {
        if !open.get() && value.with_untracked(Option::is_some) {
            value.set(None);
        }
    });
    open
}

/// The buttons at the end of a dialog: "Thôi" and what it is for.
#[component]
pub fn DialogActions(
    /// The dialog.
    open: RwSignal<bool>,
    /// The button of the action.
    children: Children,
) -> impl IntoView {
    view! {
        <div class="dialog-actions">
            <Button label=w::cancel() on_press=move |_| open.set(false)/>
            {children()}
        </div>
    }
}
