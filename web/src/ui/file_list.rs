//! Files of a record: what they are called, how large they are, where they stand. A press saves one; none is opened here.

use super::button::{Button, ButtonKind};
use super::chip::{Chip, Tone};
use super::live::live;
use crate::icons::{self, Icon, Picture};
use crate::words::{files as f, number};
use leptos::prelude::*;

/// One file.
#[derive(Debug, Clone, PartialEq)]
pub struct FileLine {
    /// Which.
    pub id: String,
    /// Its name.
    pub name: String,
    /// Its bytes, as far as they are known.
    pub size: Option<u64>,
    /// Where it stands, where that is worth a word.
    pub state: Option<(Tone, Icon, String)>,
    /// Whether its bytes can be had.
    pub can_save: bool,
}

/// The files.
#[component]
pub fn FileList(
    /// In their order.
    #[prop(into)]
    files: Signal<Vec<FileLine>>,
    /// Hears which one is to be saved.
    #[prop(into)]
    on_save: Callback<String>,
    /// Hears which one is to be taken away.
    #[prop(into, optional)]
    on_remove: Option<Callback<String>>,
) -> impl IntoView {
    let line = move |file: FileLine| {
        let (saved, removed) = (file.id.clone(), file.id);
        let size = file.size.map(number::bytes);
        let state = file
            .state
            .map(|(tone, icon, words)| view! { <Chip tone icon words/> });
        let save = file.can_save.then(|| {
            view! {
                <Button
                    label=f::download()
                    name=f::save(&file.name)
                    icon=icons::DOWNLOAD
                    on_press=move |_| on_save.run(saved.clone())
                />
            }
        });
        let remove = on_remove.map(|on_remove| {
            view! {
                <Button
                    label=f::take_away()
                    name=f::remove(&file.name)
                    kind=ButtonKind::Quiet
                    on_press=move |_| on_remove.run(removed.clone())
                />
            }
        });
        view! {
            <li class="file-line">
                <span class="file-line-name">{file.name}" "<span class="soft small">{size}</span></span>
                {state}
                {save}
                {remove}
            </li>
        }
    };
    live(move || {
        let files = files.get();
        match files.is_empty() {
            true => view! { <p class="soft">{f::none()}</p> }.into_any(),
            false => {
                let lines = files.into_iter().map(line).collect_view();
                view! { <ul class="file-list">{lines}</ul> }.into_any()
            }
        }
    })
}

/// The button that picks a file.
#[component]
pub fn FilePicker(
    /// Id of its input.
    #[prop(into)]
    id: String,
    /// Hears that one was picked.
    #[prop(into)]
    on_pick: Callback<()>,
) -> impl IntoView {
    view! {
        <label class="button file-button">
            <Picture icon=icons::FILE_UP/>
            <span>{f::attach()}</span>
            <input
                type="file"
                id=id
                class="file-input"
                accept="application/pdf,.pdf"
                on:change=move |_| on_pick.run(())
            />
        </label>
    }
}
