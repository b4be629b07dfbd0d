//! One of a few answers, as large buttons: a radio group.

use super::field::FieldWords;
use super::{Answer, fresh_id};
use leptos::prelude::*;

/// How the buttons lie.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Direction {
    /// Beside each other, wrapping.
    #[default]
    Row,
    /// One below the other, full width.
    Column,
}

/// One of a few answers.
#[component]
pub fn ChoiceButtons(
    /// Id; the first button has it, so that an error summary can link there.
    #[prop(into)]
    id: String,
    /// The question.
    #[prop(into)]
    label: String,
    /// The answers.
    #[prop(into)]
    answers: Vec<Answer>,
    /// The value that is chosen, or empty.
    #[prop(into)]
    value: Signal<String>,
    /// Called with the value that was pressed.
    #[prop(into)]
    on_choose: Callback<String>,
    /// A word of help.
    #[prop(into, optional)]
    hint: String,
    /// What is wrong.
    #[prop(into, optional)]
    error: Signal<String>,
    /// How the buttons lie.
    #[prop(optional)]
    direction: Direction,
) -> impl IntoView {
    let name = fresh_id("choice");
    let first = id.clone();
    let buttons = answers
        .into_iter()
        .enumerate()
        .map(|(i, answer)| {
            let id = if i == 0 {
                first.clone()
            } else {
                format!("{first}-{i}")
            };
            let (shown, given) = (answer.value.clone(), answer.value.clone());
            view! {
                <label class="choice">
                    <input
                        type="radio"
                        name=name.clone()
                        id=id
                        value=answer.value
                        prop:checked=move || value.get() == shown
                        on:change=move |_| on_choose.run(given.clone())
                    />
                    <span class="choice-face">
                        <span class="choice-box"><crate::icons::Picture icon=crate::icons::CHECK/></span>
                        <span>{answer.words}</span>
                    </span>
                </label>
            }
        })
        .collect_view();
    let described = super::described_by(&id);
    view! {
        <fieldset
            class="field"
            class:field-wrong=move || !error.get().is_empty()
            aria-describedby=described
        >
            <legend class="field-label">{label}</legend>
            <FieldWords id hint error/>
            <div class="choices" class:choices-column=direction == Direction::Column>{buttons}</div>
        </fieldset>
    }
}
