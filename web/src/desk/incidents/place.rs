//! Where a case happened: who says so, and an officer who says otherwise. The report stays as it was sent.

use super::case::use_case;
use super::steps::{Typed, Whole, is_conflict};
use crate::desk::api::{FormErrors, use_api};
use crate::icons;
use crate::ui::{Button, ButtonKind, Dialog, DialogActions, PlacePicker, TextArea, use_toasts};
use crate::words::incidents as n;
use keng_shared::api::{CaseRow, NewPlace};
use keng_shared::permission::Verb;
use leptos::prelude::*;
use leptos::task::spawn_local;
use serde_json::Value;

/// The button that opens the map to put the point on.
pub fn button(case: &CaseRow) -> AnyView {
    let acting = use_case();
    if !use_api().may(Verb::HandleIncidents) || case.state.is_closed() {
        return ().into_any();
    }
    let label = match case.position {
        Some(_) => n::place_correct(),
        None => n::place_put(),
    };
    view! { <Button label kind=ButtonKind::Quiet icon=icons::MAP_PIN on_press=move |_| acting.placing.set(true)/> }
        .into_any()
}

/// Who says that it happened there.
pub fn origin(case: &CaseRow) -> impl IntoView + use<> {
    let words = match case.position {
        Some(_) => n::place_of(case.place_of),
        None => n::no_position(),
    };
    view! { <p class="soft">{words}</p> }
}

/// The dialog; what was typed stays while the case is asked for again.
#[component]
pub fn PlaceDialog(#[prop(into)] outlines: Signal<Vec<Value>>) -> impl IntoView {
    let acting = use_case();
    let typed = Typed::of(acting.placing);
    view! {
        <Dialog open=acting.placing title=n::place_title().to_owned() class="dialog-wide">
            {move || {
                let case = acting.case()?;
                Some(view! { <PlaceForm open=acting.placing case typed outlines/> })
            }}
        </Dialog>
    }
}

#[component]
fn PlaceForm(
    open: RwSignal<bool>,
    case: CaseRow,
    typed: Typed,
    outlines: Signal<Vec<Value>>,
) -> impl IntoView {
    let (api, toasts, acting) = (use_api(), use_toasts(), use_case());
    let words = typed.words;
    let value = RwSignal::new(case.position);
    let errors = FormErrors::new();
    let (id, revision) = (case.record_id, case.revision);
    let send = move |_| {
        errors.clear();
        let body = NewPlace {
            position: value.get_untracked(),
            words: words.get_untracked(),
        };
        spawn_local(async move {
            let revision = typed.revision(revision, acting.case());
            match api
                .call(async |client| client.place_case(id, revision, &body).await)
                .await
            {
                Ok(_) => {
                    toasts.say(n::saved());
                    open.try_set(false);
                    acting.detail.again();
                }
                Err(error) if is_conflict(&error) => {
                    typed.conflict.try_set(true);
                    acting.detail.again();
                }
                Err(error) => errors.show(&error),
            }
        });
    };
    view! {
        {typed.notice()}
        <Whole errors/>
        <PlacePicker value ground=outlines/>
        <TextArea
            id="place-words"
            label=n::words_needed()
            hint=n::words_hint_place()
            value=words
            on_input=move |text| words.set(text)
            error=errors.of("words")
            rows=2
        />
        <DialogActions open>
            <Button label=n::place_save() kind=ButtonKind::Primary on_press=send/>
        </DialogActions>
    }
}
