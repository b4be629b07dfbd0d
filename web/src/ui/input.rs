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
    #[prop(optional)]
    autocomplete: &'static str,
    /// Keyboard of the phone: `text`, `search`, `numeric`.
    #[prop(default = "text")]
    keyboard: &'static str,
) -> impl IntoView {
    let autocomplete = if autocomplete.is_empty() {
        "off"
    } else {
        autocomplete
    };
    view! {
        <Field id=id.clone() label hint error optional=required>
            <input
                class="input"
                type="text"
                id=id.clone()
                name=id.clone()
                inputmode=keyboard
                autocomplete=autocomplete
                spellcheck="false"
                aria-describedby=described_by(&id)
                aria-invalid=move || invalid(error)
                prop:value=move || value.get()
                on:input=move |event| on_input.run(event_target_value(&event))
            />
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
    view! {
        <Field id=id.clone() label hint error>
            <div class="input-row">
                <input
                    class="input"
                    type=move || if shown.get() { "text" } else { "password" }
                    id=id.clone()
                    name=id.clone()
                    autocomplete=autocomplete
                    autocapitalize="none"
                    spellcheck="false"
                    aria-describedby=described_by(&id)
                    aria-invalid=move || invalid(error)
                    prop:value=move || value.get()
                    on:input=move |event| on_input.run(event_target_value(&event))
                />
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
                <input
                    class="input input-number"
                    type="text"
                    inputmode="numeric"
                    autocomplete="off"
                    id=id.clone()
                    name=id.clone()
                    aria-describedby=described_by(&id)
                    aria-invalid=move || invalid(error)
                    prop:value=move || value.get()
                    on:input=move |event| on_input.run(event_target_value(&event))
                />
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
            <input
                class="input input-date"
                type="date"
                id=id.clone()
                name=id.clone()
                aria-describedby=described_by(&id)
                aria-invalid=move || invalid(error)
                prop:value=move || value.get()
                on:input=move |event| on_input.run(event_target_value(&event))
            />
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
            <input
                class="input input-date"
                type="datetime-local"
                id=id.clone()
                name=id.clone()
                aria-describedby=described_by(&id)
                aria-invalid=move || invalid(error)
                prop:value=move || value.get()
                on:input=move |event| on_input.run(event_target_value(&event))
            />
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
