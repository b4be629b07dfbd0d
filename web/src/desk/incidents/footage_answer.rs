//! What came of a question for footage, written down by an officer for somebody.

use super::case::use_case;
use super::steps::Whole;
use crate::desk::api::{FormErrors, use_api};
use crate::ui::{
    Answer, Button, ButtonKind, ChoiceButtons, DateInput, DialogActions, Direction, Notice, Required,
    TextArea, TextInput, Tone, use_toasts,
};
use crate::words::{incidents as n, when};
use keng_shared::api::{FootageAnswer, FootageTaskView};
use keng_shared::camera::FootageState;
use leptos::prelude::*;
use leptos::task::spawn_local;

/// An officer has called, or has fetched the clip.
#[component]
pub fn AnswerForm(open: RwSignal<bool>, task: FootageTaskView) -> impl IntoView {
    let (api, toasts, acting) = (use_api(), use_toasts(), use_case());
    let last = task.custody.first().cloned();
    let state = RwSignal::new(match task.state {
        FootageState::Asked => FootageState::Kept,
        other => other,
    });
    let holder = RwSignal::new(last.as_ref().map(|hand| hand.holder.clone()).unwrap_or_default());
    let place = RwSignal::new(last.as_ref().map(|hand| hand.place.clone()).unwrap_or_default());
    let until = RwSignal::new(
        last.and_then(|hand| hand.until)
            .map(when::input_date)
            .unwrap_or_default(),
    );
    let words = RwSignal::new(task.words.clone());
    let errors = FormErrors::new();
    let (id, revision) = (task.id, task.revision);
    let answers: Vec<Answer> = FootageState::ALL
        .iter()
        .filter(|state| **state != FootageState::Asked)
        .map(|state| Answer::new(state.as_str(), n::footage_button(*state)))
        .collect();
    let send = move |_| {
        errors.clear();
        let body = FootageAnswer {
            state: state.get_untracked(),
            words: words.get_untracked(),
            holder: holder.get_untracked(),
            place: place.get_untracked(),
            until: until.get_untracked().parse().ok(),
        };
        spawn_local(async move {
            match api
                .call(async |client| client.answer_footage(id, revision, &body).await)
                .await
            {
                Ok(_) => {
                    toasts.say(n::footage_answered());
                    open.try_set(false);
                    acting.detail.again();
                }
                Err(error) => errors.show(&error),
            }
        });
    };
    let custody = move || {
        (state.get() == FootageState::Kept).then(|| {
            view! {
                <Notice tone=Tone::Info words=n::custody_no_video()/>
                <TextInput
                    id="holder"
                    label=n::custody_holder()
                    hint=n::custody_holder_hint()
                    value=holder
                    on_input=move |text| holder.set(text)
                    error=errors.of("holder")
                />
                <TextInput
                    id="place"
                    label=n::custody_place()
                    value=place
                    on_input=move |text| place.set(text)
                    error=errors.of("place")
                    required=Required::No
                />
                <DateInput
                    id="until"
                    label=n::custody_until()
                    value=until
                    on_input=move |text| until.set(text)
                    error=errors.of("until")
                    required=Required::No
                />
            }
        })
    };
    view! {
        <Whole errors/>
        <p class="strong">{task.camera_name.clone()}</p>
        <ChoiceButtons
            id="footage-state"
            label=n::footage_question()
            answers
            value=Signal::derive(move || state.get().as_str().to_owned())
            on_choose=move |chosen: String| {
                if let Some(chosen) = FootageState::parse(&chosen) {
                    state.set(chosen);
                }
            }
            error=errors.of("state")
            direction=Direction::Column
        />
        {custody}
        <TextArea
            id="answer-words"
            label=n::words_needed()
            value=words
            on_input=move |text| words.set(text)
            error=errors.of("words")
            required=Required::No
            rows=2
        />
        <DialogActions open>
            <Button label=n::footage_answer() kind=ButtonKind::Primary on_press=send/>
        </DialogActions>
    }
}
