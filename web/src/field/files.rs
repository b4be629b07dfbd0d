//! Files of a record on the phone: picked and kept like photos, sent when there is a network, downloaded from here or from the
//! server.

use super::app::{App, use_app};
use super::photos::Editing;
use super::states;
use crate::shell::driver::PhotoFault;
use crate::shell::{file, output};
use crate::ui::{FileLine, FileList, FilePicker, Notice, Tone, live};
use crate::words::{field as f, files as words, number};
use keng_engine::Event;
use keng_engine::view::{FileEntry, PhotoStage};
use keng_shared::file::{MAX_FILE_BYTES, MAX_FILES};
use keng_shared::id::{PhotoId, RecordId};
use leptos::prelude::*;
use leptos::task::spawn_local;

const PICKER: &str = "file-picker";

/// The files of a record.
#[component]
pub fn Files(
    /// The record that lists them.
    record_id: RecordId,
    /// In their order.
    #[prop(into)]
    files: Signal<Vec<FileEntry>>,
    /// Whether they can be changed.
    editing: Editing,
) -> impl IntoView {
    let app = use_app();
    let fault = RwSignal::new(String::new());
    let lines = Signal::derive(move || files.get().iter().map(line).collect::<Vec<_>>());
    let save = move |id: String| {
        let found =
            files.with_untracked(|files| files.iter().find(|file| file.id.to_string() == id).cloned());
        if let Some(found) = found {
            spawn_local(async move { fault.set(saved(app, found).await.err().unwrap_or_default()) });
        }
    };
    let remove = move |id: String| {
        if let Ok(photo_id) = id.parse::<PhotoId>() {
            app.tell(Event::FileRemoved { record_id, photo_id });
        }
    };
    let pick = move |()| {
        spawn_local(async move { fault.set(kept(app, record_id).await.err().unwrap_or_default()) });
    };
    let is_open = editing == Editing::Open;
    let problems = move || {
        let stage = |file: &FileEntry| match &file.stage {
            PhotoStage::SetAside(reason) => Some(format!("{}: {}", file.name, states::reason(reason))),
            _ => None,
        };
        let found = files.with(|files| files.iter().filter_map(stage).collect::<Vec<_>>());
        let notices = found
            .into_iter()
            .map(|words| view! { <Notice tone=Tone::Danger words/> });
        notices.collect_view()
    };
    view! {
        <section class="stack-tight" id="files" tabindex="-1" aria-label=words::title()>
            <h2 class="part-title">{words::title()}</h2>
            {match is_open {
                true => view! { <FileList files=lines on_save=save on_remove=Callback::new(remove)/> }.into_any(),
                false => view! { <FileList files=lines on_save=save/> }.into_any(),
            }}
            {live(problems)}
            {live(move || {
                let words = fault.get();
                (!words.is_empty()).then(|| view! { <Notice tone=Tone::Danger words/> })
            })}
            {is_open.then(|| view! {
                <p class="soft small">{words::hint(MAX_FILES, number::bytes(MAX_FILE_BYTES))}</p>
                {live(move || match files.with(Vec::len) < MAX_FILES {
                    true => view! { <div><FilePicker id=PICKER on_pick=pick/></div> }.into_any(),
                    false => view! { <p>{words::full(MAX_FILES)}</p> }.into_any(),
                })}
            })}
        </section>
    }
}

fn line(file: &FileEntry) -> FileLine {
    FileLine {
        id: file.id.to_string(),
        name: file.name.clone(),
        size: file.size,
        state: Some(states::photo_stage(&file.stage)),
        can_save: file.is_here || file.stage == PhotoStage::Held,
    }
}

/// Keeps the file that was picked.
async fn kept(app: App, record_id: RecordId) -> Result<(), String> {
    let picked = file::picked_to_attach(PICKER).await;
    let Some(picked) = picked.map_err(|_| words::unreadable().to_owned())? else {
        return Ok(());
    };
    let picked = picked.map_err(words::fault)?;
    let driver = app.driver().ok_or_else(|| f::photo_not_kept().to_owned())?;
    let kept = driver.keep_file(record_id, &picked).await;
    kept.map(drop).map_err(|fault| match fault {
        PhotoFault::NoRoom => f::no_room_for_photo().to_owned(),
        PhotoFault::Store(_) => f::photo_not_kept().to_owned(),
    })
}

/// Saves a file: from this phone, else from the server.
async fn saved(app: App, file: FileEntry) -> Result<(), String> {
    let driver = app.driver().ok_or_else(|| words::failed().to_owned())?;
    let here = match file.is_here {
        true => driver.photo(file.id).await,
        false => None,
    };
    let bytes = match here {
        Some(bytes) => bytes,
        None => {
            let answer = app.call(async |client| client.file_bytes(file.id).await).await;
            answer.map_err(|_| words::not_here().to_owned())?.body
        }
    };
    output::save(&file.name, &bytes).map_err(|_| words::failed().to_owned())
}
