//! Choosing a model of the commune in a form: fills in its name and category as the register has them.

use super::screens::Change;
use crate::field::app::use_app;
use crate::ui::{Answer, Required, Select};
use crate::words::{interface as w, models as m};
use keng_shared::record::RecordDraft;
use leptos::prelude::*;
use serde_json::Value;

/// The list; nothing while the commune has no models.
#[component]
pub fn ModelChoice(draft: RwSignal<RecordDraft>, change: Callback<Change>) -> impl IntoView {
    let models = use_app()
        .look(|engine| engine.scope().map(|scope| scope.models.clone()))
        .flatten()
        .unwrap_or_default();
    if models.is_empty() {
        return ().into_any();
    }
    let answers: Vec<Answer> = models
        .iter()
        .enumerate()
        .map(|(place, model)| {
            let words = format!("{} · {}", model.name, m::category_of(&model.category));
            Answer::new(place.to_string(), words)
        })
        .collect();
    let models = StoredValue::new(models);
    let value = Signal::derive(move || {
        let place = draft.with(|draft| {
            let said = |field: &str| draft.body.get(field).and_then(Value::as_str).unwrap_or_default();
            let (name, category) = (said("name"), said("category"));
            models.with_value(|models| {
                let mut all = models.iter();
                all.position(|model| model.name == name && model.category == category)
            })
        });
        place.map(|place| place.to_string()).unwrap_or_default()
    });
    let choose = move |text: String| {
        let place = text.parse::<usize>().ok();
        let chosen = models.with_value(|models| models.get(place?).cloned());
        if let Some(model) = chosen {
            change.run(Change::Body("name", Value::from(model.name)));
            change.run(Change::Body("category", Value::from(model.category)));
        }
    };
    view! {
        <Select
            id="which-model"
            label=m::which_model()
            hint=m::which_model_hint()
            answers
            value
            on_input=choose
            empty=w::choose()
            required=Required::No
        />
    }
    .into_any()
}
