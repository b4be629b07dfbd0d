//! Holds the place of what is loading, so that nothing jumps.

use crate::words::interface as w;
use leptos::prelude::*;

/// Lines of text to come.
#[component]
pub fn Skeleton(
    /// How many lines.
    #[prop(default = 4)]
    lines: usize,
) -> impl IntoView {
    let lines = (0..lines)
        .map(|_| view! { <div class="skeleton-line"></div> })
        .collect_view();
    view! {
        <div class="skeleton" role="status">
            <span class="unseen">{w::loading()}</span>
            {lines}
        </div>
    }
}

/// A picture or map to come.
#[component]
pub fn SkeletonBlock() -> impl IntoView {
    view! {
        <div role="status">
            <span class="unseen">{w::loading()}</span>
            <div class="skeleton-block"></div>
        </div>
    }
}
