//! A place with nothing in it teaches: one sentence, one button.

use crate::icons::{Icon, Picture};
use leptos::prelude::*;

/// An empty place.
#[component]
pub fn EmptyState(
    /// What belongs here.
    icon: Icon,
    /// The sentence.
    #[prop(into)]
    words: String,
    /// The button.
    #[prop(optional)]
    children: Option<Children>,
) -> impl IntoView {
    view! {
        <div class="empty">
            <Picture icon/>
            <p>{words}</p>
            {children.map(|children| children())}
        </div>
    }
}
