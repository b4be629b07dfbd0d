//! Saved views: choosing one, saving what is shown under a name, deleting.

use super::shown::Shown;
use super::use_table;
use crate::desk::api::FormErrors;
use crate::desk::load::load;
use crate::icons;
use crate::ui::{Answer, Button, ButtonKind, Dialog, DialogActions, Required, Select, TextInput, use_toasts};
use crate::words::{problem, records as w};
use keng_shared::api::{NewSavedView, SavedView};
use leptos::prelude::*;
use leptos::task::spawn_local;

/// The chooser and its buttons.
#[component]
pub fn Views() -> impl IntoView {
    let (table, toasts) = (use_table(), use_toasts());
    let (api, shown) = (table.api, table.shown);
    let views = load(move || api.call(async |client| client.saved_views().await));
    let (open, name, errors) = (
        RwSignal::new(false),
        RwSignal::new(String::new()),
        FormErrors::new(),
    );
    // The view that shows what the table shows.
    let held = Memo::new(move |_| {
        let shown = shown.get();
        let known: Vec<SavedView> = views.get()?;
        known.into_iter().find(|view| Shown::of(view) == shown)
    });
    let answers = Signal::derive(move || {
        let known: Vec<SavedView> = views.get().unwrap_or_default();
        known
            .into_iter()
            .map(|view| Answer::new(view.id.to_string(), view.name))
            .collect()
    });
    let choose = move |id: String| {
        let known: Vec<SavedView> = views.peek().unwrap_or_default();
        if let Some(view) = known.iter().find(|view| view.id.to_string() == id) {
            name.set(view.name.clone());
            table.show(&Shown::of(view));
        }
    };
    let save = move || {
        let shown = shown.get_untracked();
        let new = NewSavedView {
            name: name.get_untracked(),
            columns: shown.ids(),
            filter: shown.query,
        };
        errors.clear();
        spawn_local(async move {
            match api.call(async |client| client.save_view(&new).await).await {
                Ok(view) => {
                    open.try_set(false);
                    toasts.say(w::view_saved(view.name));
                    views.again();
                }
                Err(error) => errors.show(&error),
            }
        });
    };
    let delete = move |view: SavedView| {
        spawn_local(async move {
            let answer = api.call(async |client| client.delete_view(view.id).await).await;
            toasts.say(match answer {
                Ok(()) => w::view_deleted(view.name),
                Err(error) => problem::call(&error),
            });
            views.again();
        });
    };
    view! {
        <div class="form-row records-views">
            <Select
                id="records-view"
                label=w::views()
                answers=answers
                value=Signal::derive(move || held.get().map(|view| view.id.to_string()).unwrap_or_default())
                on_input=choose
                empty=w::no_view()
            />
            <Button label=w::save_view() on_press=move |_| open.set(true)/>
            {move || {
                held.get()
                    .map(|view| {
                        view! {
                            <Button
                                label=w::delete_view()
                                kind=ButtonKind::Quiet
                                icon=icons::TRASH_2
                                on_press=move |_| delete(view.clone())
                            />
                        }
                    })
            }}
        </div>
        <Dialog open title=w::save_view()>
            <form
                class="stack"
                on:submit=move |event| {
                    event.prevent_default();
                    save();
                }
            >
                {errors.notice()}
                <TextInput
                    id="records-view-name"
                    label=w::view_name()
                    hint=w::view_name_hint()
                    value=name
                    on_input=move |text| name.set(text)
                    error=errors.of("name")
                    required=Required::Yes
                />
                <DialogActions open>
                    <Button label=w::save() kind=ButtonKind::Primary on_press=move |_| save()/>
                </DialogActions>
            </form>
        </Dialog>
    }
}
