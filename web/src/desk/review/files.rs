//! Files of the record: downloaded by whoever reads it, attached and taken away by its author. A file goes the way that a phone
//! sends it: listed by the record, announced under this device's signature, uploaded in parts.

use super::queue::use_queue;
use crate::desk::api::{Api, Failed, is, use_api};
use crate::icons;
use crate::shell::device::{Device, Identity};
use crate::shell::file::{Picked, picked_to_attach};
use crate::shell::upload::{self, Upload};
use crate::shell::{clock, output};
use crate::ui::{Button, FileLine, FileList, FilePicker, Notice, ToastBox, Tone, use_toasts};
use crate::words::{files as f, number, problem};
use keng_shared::evidence::{CHAIN_START, Manifest, Origin, SignedManifest, sha256_hex};
use keng_shared::file::{FileRef, FileView, MAX_FILE_BYTES, MAX_FILES, PDF, clean_name};
use keng_shared::id::{DeviceId, OpId, PhotoId, UserId};
use keng_shared::kind;
use keng_shared::problem::ProblemCode;
use keng_shared::record::{PhotoState, RecordView};
use keng_shared::sync::{Op, OpAction, OpOutcome, PROTOCOL, PushRequest};
use leptos::prelude::*;
use leptos::task::spawn_local;

const PICKER: &str = "desk-file";
/// Bytes of one part of an upload.
const CHUNK: usize = 512 * 1024;

/// A file on its way, until the server has acknowledged it.
#[derive(Clone)]
struct Sent {
    id: PhotoId,
    name: String,
    sha256: String,
    bytes: Vec<u8>,
    /// What this device said of it: announced again it must be the same, word for word.
    statement: Option<(DeviceId, SignedManifest)>,
}

/// What the parts of the pane share.
#[derive(Clone, Copy)]
struct Pane {
    api: Api,
    toasts: ToastBox,
    record: Memo<Option<RecordView>>,
    /// The one that is being sent, or that broke off.
    sent: StoredValue<Option<Sent>>,
    /// How many bytes of it the server has.
    offset: RwSignal<Option<u64>>,
    fault: RwSignal<String>,
    broken_off: RwSignal<bool>,
    reload: Callback<()>,
}

/// The files of a record, where its kind takes any.
#[component]
pub fn FilesPane(record: Memo<Option<RecordView>>) -> impl IntoView {
    let (queue, api) = (use_queue(), use_api());
    let pane = Pane {
        api,
        toasts: use_toasts(),
        record,
        sent: StoredValue::new(None),
        offset: RwSignal::new(None),
        fault: RwSignal::new(String::new()),
        broken_off: RwSignal::new(false),
        reload: Callback::new(move |()| queue.reload()),
    };
    let files = Memo::new(move |_| record.get().map(|record| record.files).unwrap_or_default());
    let is_shown = Memo::new(move |_| {
        let kind = record.with(|record| record.as_ref().map(|record| record.kind.clone()));
        let takes = kind
            .and_then(|kind| kind::find(&kind))
            .is_some_and(|kind| kind.files > 0);
        takes || files.with(|files| !files.is_empty())
    });
    let me = api.me().map(|me| me.id);
    let may_change = Memo::new(move |_| {
        record.with(|record| {
            record
                .as_ref()
                .is_some_and(|record| Some(record.author.id) == me && record.status.is_editable())
        })
    });
    let lines = Signal::derive(move || files.get().into_iter().map(line).collect::<Vec<_>>());
    let save = Callback::new(move |id: String| pane.save(&id));
    let remove = Callback::new(move |id: String| pane.remove(id));
    move || {
        is_shown.get().then(|| {
            view! {
                <section class="card stack" aria-label=f::title()>
                    <h3>{f::title()}" ("{move || files.with(Vec::len)}")"</h3>
                    {move || match may_change.get() {
                        true => view! { <FileList files=lines on_save=save on_remove=remove/> }.into_any(),
                        false => view! { <FileList files=lines on_save=save/> }.into_any(),
                    }}
                    {move || {
                        let words = pane.fault.get();
                        (!words.is_empty()).then(|| view! { <Notice tone=Tone::Danger words/> })
                    }}
                    {move || pane.broken_off.get().then(|| view! {
                        <Notice tone=Tone::Warn words=f::broken_off()>
                            <div><Button label=f::go_on() icon=icons::CLOUD_UPLOAD on_press=move |_| pane.go_on()/></div>
                        </Notice>
                    })}
                    {move || may_change.get().then(|| view! { <Attach pane files/> })}
                    {move || (!may_change.get()).then(|| view! { <p class="soft small">{f::only_author()}</p> })}
                </section>
            }
        })
    }
}

#[component]
fn Attach(pane: Pane, files: Memo<Vec<FileView>>) -> impl IntoView {
    move || match (pane.offset.get(), files.with(Vec::len)) {
        (Some(offset), _) => {
            let words = format!("{}: {}", f::sending(), number::bytes(offset));
            view! { <p role="status">{words}</p> }.into_any()
        }
        (None, count) if count >= MAX_FILES => view! { <p>{f::full(MAX_FILES)}</p> }.into_any(),
        _ => view! {
            <p class="soft small">{f::hint(MAX_FILES, number::bytes(MAX_FILE_BYTES))}</p>
            <div class="screen-only"><FilePicker id=PICKER on_pick=move |()| pane.attach()/></div>
        }
        .into_any(),
    }
}

fn line(file: FileView) -> FileLine {
    let is_held = file.state == PhotoState::Held;
    FileLine {
        id: file.id.to_string(),
        name: file.name,
        size: file.size,
        state: (!is_held).then(|| (Tone::Warn, icons::CLOUD_OFF, f::expected().to_owned())),
        can_save: is_held,
    }
}

impl Pane {
    fn save(self, id: &str) {
        let files = self
            .record
            .get_untracked()
            .map(|record| record.files)
            .unwrap_or_default();
        let Some(file) = files.into_iter().find(|file| file.id.to_string() == id) else {
            return;
        };
        spawn_local(async move {
            let answer = self
                .api
                .call(async |client| client.file_bytes(file.id).await)
                .await;
            let words = match answer {
                Ok(answer) => match output::save(&file.name, &answer.body) {
                    Ok(()) => String::new(),
                    Err(_) => f::failed().to_owned(),
                },
                Err(error) => problem::call(&error),
            };
            self.fault.try_set(words);
        });
    }

    fn remove(self, id: String) {
        let Some(record) = self.record.get_untracked() else {
            return;
        };
        let Some(file) = record
            .files
            .iter()
            .find(|file| file.id.to_string() == id)
            .cloned()
        else {
            return;
        };
        spawn_local(async move {
            let rest = |files: &mut Vec<FileRef>| files.retain(|listed| listed.id != file.id);
            match self.write(&record, rest).await {
                Ok(()) => drop(self.toasts.say(f::removed(&file.name))),
                Err(words) => drop(self.fault.try_set(words)),
            }
            self.reload.run(());
        });
    }

    fn attach(self) {
        let Some(record) = self.record.get_untracked() else {
            return;
        };
        spawn_local(async move {
            self.fault.try_set(String::new());
            let picked = match picked_to_attach(PICKER).await {
                Ok(None) => return,
                Ok(Some(Ok(picked))) => picked,
                Ok(Some(Err(fault))) => return drop(self.fault.try_set(f::fault(fault))),
                Err(_) => return drop(self.fault.try_set(f::unreadable().to_owned())),
            };
            let sent = Sent::new(picked);
            let listed = FileRef {
                id: sent.id,
                sha256: sent.sha256.clone(),
                name: sent.name.clone(),
            };
            match self.write(&record, |files| files.push(listed)).await {
                Ok(()) => {
                    self.sent.try_set_value(Some(sent));
                    self.send().await;
                }
                Err(words) => drop(self.fault.try_set(words)),
            }
            self.reload.run(());
        });
    }

    fn go_on(self) {
        spawn_local(async move {
            self.send().await;
            self.reload.run(());
        });
    }

    /// Writes the record again with other files.
    async fn write(self, record: &RecordView, change: impl FnOnce(&mut Vec<FileRef>)) -> Result<(), String> {
        let (device, _) = self.device().await?;
        let mut draft = record.as_draft(device.id(), 0);
        change(&mut draft.files);
        let revision = record.revision;
        let answer = self
            .api
            .call(async |client| client.edit_record(&draft, revision).await);
        answer.await.map(drop).map_err(|error| refusal(&error))
    }

    /// Announces and uploads what is to be sent; what broke off goes on where it was.
    async fn send(self) {
        let Some(sent) = self.sent.try_get_value().flatten() else {
            return;
        };
        self.broken_off.try_set(false);
        self.offset.try_set(Some(0));
        let outcome = self.try_send(&sent).await;
        self.offset.try_set(None);
        match outcome {
            Ok(()) => {
                self.sent.try_set_value(None);
                self.toasts.say(f::attached(&sent.name));
            }
            Err(Broken::Refused(words)) => {
                self.sent.try_set_value(None);
                self.fault.try_set(words);
            }
            Err(Broken::Off) => drop(self.broken_off.try_set(true)),
        }
    }

    async fn try_send(self, sent: &Sent) -> Result<(), Broken> {
        let (device, signed) = match sent.statement.clone() {
            Some(statement) => statement,
            None => {
                let statement = self.signed(sent).await.map_err(Broken::Refused)?;
                self.sent.try_update_value(|kept| {
                    if let Some(kept) = kept {
                        kept.statement = Some(statement.clone());
                    }
                });
                statement
            }
        };
        let push = PushRequest {
            protocol: PROTOCOL,
            device_id: device,
            device_time: clock::now(),
            ops: vec![Op {
                id: OpId(sent.id.0),
                action: OpAction::AnnouncePhoto { signed },
            }],
        };
        let answer = self.api.call(async |client| client.push(&push).await);
        let answer = answer.await.map_err(|error| Broken::of(&error))?;
        match answer.results.first().map(|result| &result.outcome) {
            Some(OpOutcome::Done { .. }) => {}
            Some(OpOutcome::Refused { problem }) => return Err(Broken::Refused(problem::problem(problem))),
            Some(OpOutcome::Later { .. }) | None => return Err(Broken::Off),
        }
        let upload = Upload {
            photo_id: sent.id,
            mime: PDF,
            sha256: &sent.sha256,
            bytes: &sent.bytes,
            chunk: CHUNK,
        };
        let progress = |offset| {
            self.offset.try_set(Some(offset));
        };
        let answer = self
            .api
            .call(async |client| upload::send(client, &upload, progress).await);
        answer.await.map(drop).map_err(|error| Broken::of(&error))
    }

    async fn device(self) -> Result<(Identity, UserId), String> {
        let me = self.api.me().ok_or_else(|| problem::no_device().to_owned())?;
        let opened = async { Device::open().await?.identity(&me.username).await };
        let identity = opened.await.map_err(|_| problem::no_device().to_owned())?;
        Ok((identity, me.id))
    }

    /// The statement about a file, signed by this device.
    async fn signed(self, sent: &Sent) -> Result<(DeviceId, SignedManifest), String> {
        let (device, user_id) = self.device().await?;
        let record = self.record.get_untracked();
        let manifest = Manifest {
            v: 1,
            photo_id: sent.id,
            record_id: record.ok_or_else(|| f::failed().to_owned())?.id,
            device_id: device.id(),
            user_id,
            seq: 0,
            prev: CHAIN_START.to_owned(),
            sha256: sent.sha256.clone(),
            size: sent.bytes.len() as u64,
            mime: PDF.to_owned(),
            width: 0,
            height: 0,
            captured_at: clock::now(),
            origin: Origin::File,
            fix: None,
        };
        let signed = device.sign(manifest).await;
        Ok((device.id(), signed.map_err(|_| problem::no_device().to_owned())?))
    }
}

/// Why a file was not sent.
enum Broken {
    /// The server does not take it.
    Refused(String),
    /// The way broke off; it can go on.
    Off,
}

impl Broken {
    fn of(error: &Failed) -> Self {
        let refusals = [
            ProblemCode::NotPdf,
            ProblemCode::FileBroken,
            ProblemCode::FileLocked,
            ProblemCode::TooLarge,
            ProblemCode::NotFound,
            ProblemCode::Gone,
            ProblemCode::InvalidFields,
        ];
        match refusals.iter().any(|code| is(error, *code)) {
            true => Self::Refused(problem::call(error)),
            false => Self::Off,
        }
    }
}

impl Sent {
    fn new(picked: Picked) -> Self {
        Self {
            id: PhotoId(clock::new_id()),
            name: clean_name(&picked.name),
            sha256: sha256_hex(&picked.bytes),
            bytes: picked.bytes,
            statement: None,
        }
    }
}

fn refusal(error: &Failed) -> String {
    match is(error, ProblemCode::RevisionMismatch) || is(error, ProblemCode::StateConflict) {
        true => f::conflict().to_owned(),
        false => problem::call(error),
    }
}
