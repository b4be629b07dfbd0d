//! Any of several answers.

use super::Answer;
use super::choice::{Direction, Pick, choice, group, numbered};
use leptos::prelude::*;

/// Any of several answers, each as a large button with a box.
#[component]
pub fn Checkboxes(
    /// Id; the first box has it.
    #[prop(into)]
    id: String,
    /// The question.
    #[prop(into)]
    label: String,
    /// The answers.
    #[prop(into)]
    answers: Vec<Answer>,
    /// The values that are chosen.
    #[prop(into)]
    values: Signal<Vec<String>>,
    /// Called with all chosen values, in the order of the answers.
    #[prop(into)]
    on_change: Callback<Vec<String>>,
    /// A word of help.
    #[prop(into, optional)]
    hint: String,
    /// What is wrong.
    #[prop(into, optional)]
    error: Signal<String>,
) -> impl IntoView {
    let order: Vec<String> = answers.iter().map(|answer| answer.value.clone()).collect();
    let order = StoredValue::new(order);
    let toggle = move |pressed: &str| {
        let now = values.get_untracked();
        let was = now.iter().any(|value| value == pressed);
        let kept = |value: &String| {
            if value == pressed {
                !was
            } else {
                now.contains(value)
            }
        };
        on_change.run(order.with_value(|order| order.iter().filter(|v| kept(v)).cloned().collect()));
    };
    let boxes = answers
        .into_iter()
        .enumerate()
        .map(|(i, answer)| {
            let (shown, given) = (answer.value.clone(), answer.value.clone());
            let chosen = Signal::derive(move || values.with(|values| values.contains(&shown)));
            let press = Callback::new(move |()| toggle(&given));
            choice(Pick::Any, numbered(&id, i), answer, chosen, press)
        })
        .collect();
    group(id, label, hint, error, Direction::Row, boxes)
}
