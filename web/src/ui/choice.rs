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
    let buttons = answers
        .into_iter()
        .enumerate()
        .map(|(i, answer)| {
            let (shown, given) = (answer.value.clone(), answer.value.clone());
            let chosen = Signal::derive(move || value.get() == shown);
            let press = Callback::new(move |()| on_choose.run(given.clone()));
            choice(Pick::One(name.clone()), numbered(&id, i), answer, chosen, press)
        })
        .collect();
    group(id, label, hint, error, direction, buttons)
}

/// Whether choosing one answer takes the others back.
pub(super) enum Pick {
    /// It does, among buttons of this name.
    One(String),
    /// Any number may be chosen.
    Any,
}

/// The id of an answer; the first has that of the question, so that an error summary can link there.
pub(super) fn numbered(id: &str, number: usize) -> String {
    if number == 0 {
        id.to_owned()
    } else {
        format!("{id}-{number}")
    }
}

/// One answer as a large button.
pub(super) fn choice(
    pick: Pick,
    id: String,
    answer: Answer,
    chosen: Signal<bool>,
    on_press: Callback<()>,
) -> AnyView {
    let (kind, name, class) = match pick {
        Pick::One(name) => ("radio", Some(name), "choice-box"),
        Pick::Any => ("checkbox", None, "choice-box choice-box-square"),
    };
    view! {
        <label class="choice">
            <input
                type=kind
                name=name
                id=id
                value=answer.value
                prop:checked=move || chosen.get()
                on:change=move |_| on_press.run(())
            />
            <span class="choice-face">
                <span class=class><crate::icons::Picture icon=crate::icons::CHECK/></span>
                <span>{answer.words}</span>
            </span>
        </label>
    }
    .into_any()
}

/// The question around its answers.
pub(super) fn group(
    id: String,
    label: String,
    hint: String,
    error: Signal<String>,
    direction: Direction,
    buttons: Vec<AnyView>,
) -> AnyView {
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
    .into_any()
}
