//! A field of a form: label, hint, error and whatever is filled in, tied together for screen readers.

use super::live::live;
use crate::icons::{self, Picture};
use crate::words::interface as w;
use leptos::prelude::*;

/// Frames one input. The input inside has the id `id` and takes `aria-describedby` from [`described_by`].
#[component]
pub fn Field(
    /// Id of the input inside.
    #[prop(into)]
    id: String,
    /// Name of the field.
    #[prop(into)]
    label: String,
    /// A word of help under the name.
    #[prop(into, optional)]
    hint: String,
    /// What is wrong; empty if nothing.
    #[prop(into, optional)]
    error: Signal<String>,
    /// Whether it may stay empty; the label then says so.
    #[prop(optional)]
    optional: Required,
    /// The input.
    children: Children,
) -> impl IntoView {
    let mark = (optional == Required::No)
        .then(|| view! { <span class="field-mark">" (" {w::optional()} ")"</span> });
    view! {
        <div class="field" class:field-wrong=move || !error.get().is_empty()>
            <label class="field-label" for=id.clone()>{label} {mark}</label>
            <FieldWords id hint error/>
            {children()}
        </div>
    }
}

/// Whether a field must be filled.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Required {
    /// It must.
    #[default]
    Yes,
    /// It may stay empty.
    No,
    /// It chooses what is shown, so whether it is empty needs no word.
    Shown,
}

/// Hint and error of a field. The place of the error is always there, so that what it says is read aloud.
#[component]
pub(super) fn FieldWords(id: String, hint: String, error: Signal<String>) -> impl IntoView {
    let hint = (!hint.is_empty()).then(|| view! { <p class="field-hint" id=format!("{id}-hint")>{hint}</p> });
    view! {
        {hint}
        <div id=format!("{id}-error") aria-live="polite">
            {live(move || {
                let words = error.get();
                (!words.is_empty())
                    .then(|| {
                        view! {
                            <p class="field-error">
                                <Picture icon=icons::CIRCLE_ALERT/>
                                <span><span class="unseen">{w::field_is_wrong()}" "</span>{words}</span>
                            </p>
                        }
                    })
            })}
        </div>
    }
}

/// Value of `aria-describedby` for the input of a field.
pub fn described_by(id: &str) -> String {
    format!("{id}-hint {id}-error")
}
