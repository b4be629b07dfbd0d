//! Short messages that pass by, with undo where there is something to undo.
//!
//! A toast is read aloud by a live region that is always on the page. It goes when the person closes it, when the next
//! one comes, or when whoever raised it takes it back: how long that takes is not decided here, for components have no
//! clock.

use super::live::live;
use crate::icons;
use crate::words::interface as w;
use leptos::prelude::*;

/// One toast.
#[derive(Clone)]
struct Toast {
    number: u32,
    words: String,
    undo: Option<Callback<()>>,
}

/// Raises toasts. One lives at the root of a program; components find it with [`use_toasts`].
#[derive(Clone, Copy)]
pub struct ToastBox {
    shown: RwSignal<Option<Toast>>,
    number: StoredValue<u32>,
}

impl ToastBox {
    /// Makes the box and gives it to everything below.
    pub fn provide() -> Self {
        let toasts = Self {
            shown: RwSignal::new(None),
            number: StoredValue::new(0),
        };
        provide_context(toasts);
        toasts
    }

    /// Says something. The number takes it back.
    pub fn say(self, words: impl Into<String>) -> u32 {
        self.raise(words.into(), None)
    }

    /// Says something that can be undone.
    pub fn say_with_undo(self, words: impl Into<String>, undo: impl Into<Callback<()>>) -> u32 {
        self.raise(words.into(), Some(undo.into()))
    }

    /// Takes a toast back if it is still there.
    pub fn take_back(self, number: u32) {
        self.shown.update(|shown| {
            if shown.as_ref().is_some_and(|toast| toast.number == number) {
                *shown = None;
            }
        });
    }

    fn raise(self, words: String, undo: Option<Callback<()>>) -> u32 {
        let number = self.number.get_value() + 1;
        self.number.set_value(number);
        self.shown.set(Some(Toast { number, words, undo }));
        number
    }
}

/// The box of this program; one of its own where a component stands alone.
pub fn use_toasts() -> ToastBox {
    use_context::<ToastBox>().unwrap_or_else(ToastBox::provide)
}

/// Shows the toasts.
#[component]
pub fn Toasts() -> impl IntoView {
    let toasts = use_toasts();
    view! {
        <div class="toasts screen-only" role="status" aria-live="polite">
            {live(move || {
                toasts
                    .shown
                    .get()
                    .map(|toast| {
                        let number = toast.number;
                        let undo = toast
                            .undo
                            .map(|undo| {
                                view! {
                                    <button
                                        type="button"
                                        class="button"
                                        on:click=move |_| {
                                            toasts.take_back(number);
                                            undo.run(());
                                        }
                                    >
                                        {w::undo()}
                                    </button>
                                }
                            });
                        view! {
                            <div class="toast">
                                <span>{toast.words}</span>
                                {undo}
                                <button
                                    type="button"
                                    class="button"
                                    aria-label=w::close()
                                    on:click=move |_| toasts.take_back(number)
                                >
                                    <icons::Picture icon=icons::X/>
                                </button>
                            </div>
                        }
                    })
            })}
        </div>
    }
}
