//! A message that stays in its place.

use super::chip::Tone;
use super::live::live;
use crate::icons::Picture;
use leptos::prelude::*;

/// A message with an icon; a live region when it matters at once.
#[component]
pub fn Notice(
    /// How it is meant.
    #[prop(optional)]
    tone: Tone,
    /// What it says.
    #[prop(into)]
    words: Signal<String>,
    /// A link or button under it.
    #[prop(optional)]
    children: Option<Children>,
) -> impl IntoView {
    let class = match tone {
        Tone::Quiet => "notice notice-quiet",
        Tone::Info | Tone::Primary => "notice",
        Tone::Good => "notice notice-good",
        Tone::Warn => "notice notice-warn",
        Tone::Danger => "notice notice-danger",
    };
    let role = if tone == Tone::Danger { "alert" } else { "status" };
    view! {
        <div class=class role=role>
            <Picture icon=tone.icon()/>
            <div class="notice-text">
                <p>{live(move || words.get())}</p>
                {children.map(|children| children())}
            </div>
        </div>
    }
}
