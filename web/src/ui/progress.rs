//! How far something is, on the native `progress`, with words beside it.

use super::live::live;
use leptos::prelude::*;

/// A bar with words.
#[component]
pub fn ProgressBar(
    /// What is going on.
    #[prop(into)]
    words: Signal<String>,
    /// How much is done.
    #[prop(into)]
    done: Signal<u64>,
    /// How much there is; with zero the bar says only that something goes on.
    #[prop(into)]
    total: Signal<u64>,
) -> impl IntoView {
    view! {
        <label class="progress">
            <span>{live(move || words.get())}</span>
            {live(move || {
                if total.get() == 0 {
                    view! { <progress></progress> }.into_any()
                } else {
                    view! { <progress max=total.get().to_string() value=move || done.get().to_string()></progress> }
                        .into_any()
                }
            })}
        </label>
    }
}
