//! The form with which a model is merged into another or closed.

use crate::desk::api::{FormErrors, is, use_api};
use crate::desk::load::{Loaded, load};
use crate::desk::today;
use crate::ui::{
    Answer, Button, ButtonKind, ChoiceButtons, DateInput, DialogActions, Select, Submits, TextArea,
    use_toasts,
};
use crate::words::{interface as w, models as m, when};
use keng_shared::api::{ModelQuery, ModelRegister, ModelView, WhichModel};
use keng_shared::model_register::{Ending, ModelName, ModelState};
use keng_shared::problem::{FieldCode, FieldError, ProblemCode};
use keng_shared::time::parse_date;
use leptos::ev::SubmitEvent;
use leptos::prelude::*;
use leptos::task::spawn_local;

#[component]
pub fn EndForm(
    which: WhichModel,
    revision: u32,
    open: RwSignal<bool>,
    view: Loaded<ModelView>,
    models: Loaded<ModelRegister>,
) -> impl IntoView {
    let (api, toasts) = (use_api(), use_toasts());
    let commune = which.commune;
    let others = load(move || {
        let query = ModelQuery {
            area: Some(commune),
            ..ModelQuery::default()
        };
        api.call(async move |client| client.models(&query).await)
    });
    let state = RwSignal::new(ModelState::Closed);
    let into = RwSignal::new(String::new());
    let on = RwSignal::new(when::input_date(today()));
    let words = RwSignal::new(String::new());
    let errors = FormErrors::new();
    let itself = StoredValue::new(which.clone());
    let candidates = move || {
        let found = others.get().map(|found| found.models).unwrap_or_default();
        let itself = itself.get_value();
        found
            .into_iter()
            .filter(|model| !model.state.is_over())
            .filter(|model| (&model.category, &model.name) != (&itself.category, &itself.name))
            .collect::<Vec<_>>()
    };
    let answers = Signal::derive(move || {
        let named = candidates().into_iter().enumerate();
        named
            .map(|(place, model)| {
                let words = format!("{} · {}", model.name, m::category_of(&model.category));
                Answer::new(place.to_string(), words)
            })
            .collect::<Vec<_>>()
    });
    let submit = move |event: SubmitEvent| {
        event.prevent_default();
        errors.clear();
        let chosen = into.get_untracked().parse::<usize>().ok();
        let chosen = chosen.and_then(|place| untrack(candidates).into_iter().nth(place));
        let state = state.get_untracked();
        let Some(on) = parse_date(&on.get_untracked()) else {
            return errors.show_fields(vec![FieldError::new("on", FieldCode::Required)]);
        };
        let ending = Ending {
            state,
            on,
            words: words.get_untracked(),
            into: chosen
                .filter(|_| state == ModelState::Merged)
                .map(|model| ModelName {
                    category: model.category,
                    name: model.name,
                }),
        };
        let ending = match ending.parse() {
            Ok(ending) => ending,
            Err(found) => return errors.show_fields(found),
        };
        let which = itself.get_value();
        spawn_local(async move {
            let answer = api
                .call(async |client| client.end_model(&which, revision, &ending).await)
                .await;
            match answer {
                Ok(found) => {
                    toasts.say(m::saved_ending());
                    open.try_set(false);
                    view.set(found);
                    models.again();
                }
                Err(error) if is(&error, ProblemCode::RevisionMismatch) => {
                    toasts.say(m::conflict());
                    open.try_set(false);
                    view.again();
                }
                Err(error) => errors.show(&error),
            }
        });
    };
    view! {
        <form class="stack" on:submit=submit>
            {errors.notice()}
            <ChoiceButtons
                id="model-ending"
                label=m::what_happened()
                answers=vec![
                    Answer::new(ModelState::Closed.as_str(), m::closed()),
                    Answer::new(ModelState::Merged.as_str(), m::merged_into()),
                ]
                value=Signal::derive(move || state.get().as_str().to_owned())
                on_choose=move |text: String| {
                    if let Some(found) = ModelState::parse(&text) {
                        state.set(found);
                    }
                }
            />
            {move || (state.get() == ModelState::Merged).then(|| view! {
                <Select
                    id="model-into"
                    label=m::into()
                    answers
                    value=into
                    on_input=move |text| into.set(text)
                    empty=w::choose()
                    error=errors.of("into")
                />
            })}
            <DateInput
                id="model-on"
                label=m::on_day()
                value=on
                on_input=move |text| on.set(text)
                error=errors.of("on")
            />
            <TextArea
                id="model-words"
                label=m::why()
                value=words
                on_input=move |text| words.set(text)
                error=errors.of("words")
            />
            <DialogActions open>
                <Button label=m::save_ending() kind=ButtonKind::Primary submits=Submits::Form/>
            </DialogActions>
        </form>
    }
}
