//! Inputs with their field. Each reads a signal and calls back at every change, so that a draft can be kept at once.

use super::Answer;
use super::field::{Field, Required, described_by};
use crate::words::interface as w;
use leptos::prelude::*;

/// A line of text.
#[component]
pub fn TextInput(
    /// Id, also the name that an error summary links to.
    #[prop(into)]
    id: String,
    /// Name of the field.
    #[prop(into)]
    label: String,
    /// What it holds.
    #[prop(into)]
    value: Signal<String>,
    /// Called at every change.
    #[prop(into)]
    on_input: Callback<String>,
    /// A word of help.
    #[prop(into, optional)]
    hint: String,
    /// What is wrong.
    #[prop(into, optional)]
    error: Signal<String>,
    /// Whether it must be filled.
    #[prop(optional)]
    required: Required,
    /// `autocomplete` of the browser.
    #[prop(default = "off")]
    autocomplete: &'static str,
    /// Keyboard of the phone: `text`, `search`, `numeric`.
    #[prop(default = "text")]
    keyboard: &'static str,
) -> impl IntoView {
    view! {
        <Field id=id.clone() label hint error optional=required>
            {line(&id, Shape { keyboard, autocomplete, ..Shape::TEXT }, value, on_input, error)}
        </Field>
    }
}

/// A password, with a button to show it: people with large fingers and long phrases need to see them.
#[component]
pub fn PasswordInput(
    /// Id.
    #[prop(into)]
    id: String,
    /// Name of the field.
    #[prop(into)]
    label: String,
    /// What it holds.
    #[prop(into)]
    value: Signal<String>,
    /// Called at every change.
    #[prop(into)]
    on_input: Callback<String>,
    /// A word of help.
    #[prop(into, optional)]
    hint: String,
    /// What is wrong.
    #[prop(into, optional)]
    error: Signal<String>,
    /// `current-password` or `new-password`.
    #[prop(default = "current-password")]
    autocomplete: &'static str,
) -> impl IntoView {
    let shown = RwSignal::new(false);
    let kind = Kind::Secret { shown };
    view! {
        <Field id=id.clone() label hint error>
            <div class="input-row">
                {line(&id, Shape { autocomplete, kind, ..Shape::TEXT }, value, on_input, error)}
                <button
                    type="button"
                    class="button"
                    aria-pressed=move || if shown.get() { "true" } else { "false" }
                    aria-label=w::show_password()
                    on:click=move |_| shown.update(|shown| *shown = !*shown)
                >
                    <crate::icons::Picture icon=crate::icons::EYE/>
                </button>
            </div>
        </Field>
    }
}

/// A whole number with its unit of measure. It stays text until it is checked, so that nothing typed is lost.
#[component]
pub fn NumberInput(
    /// Id.
    #[prop(into)]
    id: String,
    /// Name of the field.
    #[prop(into)]
    label: String,
    /// What it holds, as typed.
    #[prop(into)]
    value: Signal<String>,
    /// Called at every change.
    #[prop(into)]
    on_input: Callback<String>,
    /// Unit behind the number.
    #[prop(into, optional)]
    unit: String,
    /// A word of help.
    #[prop(into, optional)]
    hint: String,
    /// What is wrong.
    #[prop(into, optional)]
    error: Signal<String>,
    /// Whether it must be filled.
    #[prop(optional)]
    required: Required,
) -> impl IntoView {
    view! {
        <Field id=id.clone() label hint error optional=required>
            <div class="input-row">
                {line(&id, Shape { class: "input input-number", keyboard: "numeric", ..Shape::TEXT }, value, on_input, error)}
                <span>{unit}</span>
            </div>
        </Field>
    }
}

/// A date, by the browser's own picker.
#[component]
pub fn DateInput(
    /// Id.
    #[prop(into)]
    id: String,
    /// Name of the field.
    #[prop(into)]
    label: String,
    /// `YYYY-MM-DD`, or empty.
    #[prop(into)]
    value: Signal<String>,
    /// Called at every change.
    #[prop(into)]
    on_input: Callback<String>,
    /// A word of help.
    #[prop(into, optional)]
    hint: String,
    /// What is wrong.
    #[prop(into, optional)]
    error: Signal<String>,
    /// Whether it must be filled.
    #[prop(optional)]
    required: Required,
) -> impl IntoView {
    view! {
        <Field id=id.clone() label hint error optional=required>
            {line(&id, Shape { class: "input input-date", kind: Kind::Date, ..Shape::TEXT }, value, on_input, error)}
        </Field>
    }
}

/// A time of day, by the browser's own picker.
#[component]
pub fn TimeInput(
    /// Id.
    #[prop(into)]
    id: String,
    /// Name of the field.
    #[prop(into)]
    label: String,
    /// `HH:MM`, or empty.
    #[prop(into)]
    value: Signal<String>,
    /// Called at every change.
    #[prop(into)]
    on_input: Callback<String>,
    /// A word of help.
    #[prop(into, optional)]
    hint: String,
    /// What is wrong.
    #[prop(into, optional)]
    error: Signal<String>,
    /// Whether it must be filled.
    #[prop(optional)]
    required: Required,
) -> impl IntoView {
    view! {
        <Field id=id.clone() label hint error optional=required>
            {line(&id, Shape { class: "input input-date", kind: Kind::Time, ..Shape::TEXT }, value, on_input, error)}
        </Field>
    }
}

/// A date and time of day in Việt Nam, by the browser's own picker.
#[component]
pub fn DateTimeInput(
    /// Id.
    #[prop(into)]
    id: String,
    /// Name of the field.
    #[prop(into)]
    label: String,
    /// `YYYY-MM-DDTHH:MM`, or empty.
    #[prop(into)]
    value: Signal<String>,
    /// Called at every change.
    #[prop(into)]
    on_input: Callback<String>,
    /// What is wrong.
    #[prop(into, optional)]
    error: Signal<String>,
    /// Whether it must be filled.
    #[prop(optional)]
    required: Required,
) -> impl IntoView {
    view! {
        <Field id=id.clone() label error optional=required>
            {line(&id, Shape { class: "input input-date", kind: Kind::DateTime, ..Shape::TEXT }, value, on_input, error)}
        </Field>
    }
}

/// Several lines of text.
#[component]
pub fn TextArea(
    /// Id.
    #[prop(into)]
    id: String,
    /// Name of the field.
    #[prop(into)]
    label: String,
    /// What it holds.
    #[prop(into)]
    value: Signal<String>,
    /// Called at every change.
    #[prop(into)]
    on_input: Callback<String>,
    /// A word of help.
    #[prop(into, optional)]
    hint: String,
    /// What is wrong.
    #[prop(into, optional)]
    error: Signal<String>,
    /// Whether it must be filled.
    #[prop(optional)]
    required: Required,
    /// Lines shown.
    #[prop(default = 4)]
    rows: u32,
) -> impl IntoView {
    view! {
        <Field id=id.clone() label hint error optional=required>
            <textarea
                class="input"
                rows=rows
                id=id.clone()
                name=id.clone()
                aria-describedby=described_by(&id)
                aria-invalid=move || invalid(error)
                prop:value=move || value.get()
                on:input=move |event| on_input.run(event_target_value(&event))
            ></textarea>
        </Field>
    }
}

/// One of many answers, where there are too many for large buttons.
#[component]
pub fn Select(
    /// Id.
    #[prop(into)]
    id: String,
    /// Name of the field.
    #[prop(into)]
    label: String,
    /// The answers.
    #[prop(into)]
    answers: Signal<Vec<Answer>>,
    /// The value that is chosen, or empty.
    #[prop(into)]
    value: Signal<String>,
    /// Called at every change.
    #[prop(into)]
    on_input: Callback<String>,
    /// Words of the empty answer; without it there is none.
    #[prop(into, optional)]
    empty: Option<String>,
    /// A word of help.
    #[prop(into, optional)]
    hint: String,
    /// What is wrong.
    #[prop(into, optional)]
    error: Signal<String>,
    /// Whether it must be filled.
    #[prop(optional)]
    required: Required,
) -> impl IntoView {
    let options = move || {
        let chosen = value.get();
        let mut all: Vec<Answer> = empty.iter().map(|words| Answer::new("", words)).collect();
        all.extend(answers.get());
        all.into_iter()
            .map(|answer| {
                let selected = answer.value == chosen;
                view! { <option value=answer.value selected=selected>{answer.words}</option> }
            })
            .collect_view()
    };
    view! {
        <Field id=id.clone() label hint error optional=required>
            <select
                class="input"
                id=id.clone()
                name=id.clone()
                aria-describedby=described_by(&id)
                aria-invalid=move || invalid(error)
                on:change=move |event| on_input.run(event_target_value(&event))
            >
                {options}
            </select>
        </Field>
    }
}

fn invalid(error: Signal<String>) -> &'static str {
    if error.get().is_empty() { "false" } else { "true" }
}

/// What a one-line input takes.
#[derive(Clone, Copy)]
enum Kind {
    Text,
    /// A password, which the person may look at.
    Secret {
        shown: RwSignal<bool>,
    },
    Date,
    Time,
    DateTime,
}

/// How a one-line input looks and behaves.
#[derive(Clone, Copy)]
struct Shape {
    class: &'static str,
    kind: Kind,
    keyboard: &'static str,
    autocomplete: &'static str,
}

impl Shape {
    const TEXT: Self = Self {
        class: "input",
        kind: Kind::Text,
        keyboard: "text",
        autocomplete: "off",
    };
}

/// The input itself, tied to the words of its field.
fn line(
    id: &str,
    shape: Shape,
    value: Signal<String>,
    on_input: Callback<String>,
    error: Signal<String>,
) -> AnyView {
    let id = id.to_owned();
    let kind = move || match shape.kind {
        Kind::Secret { shown } if !shown.get() => "password",
        Kind::Secret { .. } | Kind::Text => "text",
        Kind::Date => "date",
        Kind::Time => "time",
        Kind::DateTime => "datetime-local",
    };
    view! {
        <input
            class=shape.class
            type=kind
            id=id.clone()
            name=id.clone()
            inputmode=shape.keyboard
            autocomplete=shape.autocomplete
            autocapitalize=matches!(shape.kind, Kind::Secret { .. }).then_some("none")
            spellcheck="false"
            aria-describedby=described_by(&id)
            aria-invalid=move || invalid(error)
            prop:value=move || value.get()
            on:input=move |event| on_input.run(event_target_value(&event))
        />
    }
    .into_any()
}
