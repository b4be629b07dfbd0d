//! More, on demand.

use super::live::live;
use crate::icons::{self, Picture};
use leptos::prelude::*;

/// A line that opens what is under it.
#[component]
pub fn Disclosure(
    /// The line.
    #[prop(into)]
    summary: Signal<String>,
    /// What it opens.
    children: Children,
) -> impl IntoView {
    view! {
        <details class="disclosure">
            <summary><Picture icon=icons::CHEVRON_RIGHT/> {live(move || summary.get())}</summary>
            <div class="disclosure-body">{children()}</div>
        </details>
    }
}
