//! The records of a list as a file: choose the form, watch it being written, keep it.

use super::api::{Api, Failed, use_api};
use crate::icons;
use crate::shell::{output, timer};
use crate::ui::{Answer, Button, ButtonKind, ChoiceButtons, Dialog, Notice, ProgressBar, Tone};
use crate::words::{desk as d, number, pick, problem};
use keng_shared::api::{ExportFormat, ExportView, FileLanguage, JobState, NewExport, RecordQuery};
use keng_shared::id::RecordId;
use keng_shared::permission::Verb;
use leptos::prelude::*;
use leptos::task::spawn_local;

/// Pause between two questions how far an export is, in milliseconds.
const ASK_MS: u32 = 700;

/// Where the dialog stands.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Step {
    Choosing,
    Writing { done: u64, total: u64 },
    Saved { rows: u64 },
    Failed(String),
}

/// A button for those who may export, and its dialog.
#[component]
pub fn ExportButton(
    /// The records that the list shows now.
    #[prop(into)]
    query: Callback<(), RecordQuery>,
    /// Those of them that the file holds; all when there are none.
    #[prop(into, optional)]
    only: Option<Callback<(), Vec<RecordId>>>,
) -> impl IntoView {
    let api = use_api();
    let open = RwSignal::new(false);
    api.may(Verb::ExportRecords).then(|| {
        view! {
            <Button
                label=d::export()
                kind=ButtonKind::Quiet
                icon=icons::DOWNLOAD
                on_press=move |_| open.set(true)
            />
            <Dialog open title=Signal::stored(d::export_title().to_owned())>
                <Choose query only/>
            </Dialog>
        }
    })
}

#[component]
fn Choose(query: Callback<(), RecordQuery>, only: Option<Callback<(), Vec<RecordId>>>) -> impl IntoView {
    let api = use_api();
    let (format, step) = (RwSignal::new("xlsx".to_owned()), RwSignal::new(Step::Choosing));
    let is_busy = Signal::derive(move || matches!(step.get(), Step::Writing { .. }));
    let begin = move || {
        if is_busy.get_untracked() {
            return;
        }
        let Some(format) = ExportFormat::parse(&format.get_untracked()) else {
            return;
        };
        step.set(Step::Writing { done: 0, total: 0 });
        let new = NewExport {
            format,
            language: pick(FileLanguage::Vi, FileLanguage::En),
            filter: RecordQuery {
                after: None,
                limit: None,
                ..query.run(())
            },
            only: only.map(|only| only.run(())).unwrap_or_default(),
        };
        spawn_local(async move {
            let end = match write(api, new, step).await {
                Ok(end) => end,
                Err(error) => Step::Failed(problem::call(&error)),
            };
            step.try_set(end);
        });
    };
    let formats = [
        ExportFormat::Xlsx,
        ExportFormat::Csv,
        ExportFormat::Geojson,
        ExportFormat::Gpx,
        ExportFormat::Zip,
    ];
    let formats = formats.map(|format| Answer::new(format.as_str(), format_words(format)));
    let formats = formats.to_vec();
    view! {
        <p>{d::export_hint()}</p>
        <ChoiceButtons
            id="export-format"
            label=d::export_format()
            answers=formats
            value=format
            on_choose=move |chosen: String| format.set(chosen)
        />
        <div aria-live="polite" class="stack">
            {move || match step.get() {
                Step::Choosing => ().into_any(),
                Step::Writing { done, total } => {
                    view! { <ProgressBar words=d::export_writing() done=Signal::stored(done) total=Signal::stored(total)/> }
                        .into_any()
                }
                Step::Saved { rows } => {
                    let rows = number::grouped(i64::try_from(rows).unwrap_or(i64::MAX));
                    view! { <Notice tone=Tone::Good words=d::export_saved(rows)/> }.into_any()
                }
                Step::Failed(words) => view! { <Notice tone=Tone::Danger words/> }.into_any(),
            }}
        </div>
        <div>
            <Button
                label=d::export_begin()
                kind=ButtonKind::Primary
                icon=icons::DOWNLOAD
                blocked=is_busy
                on_press=move |_| begin()
            />
        </div>
    }
}

/// Asks for the export, waits until it is written, and hands the file to the browser.
async fn write(api: Api, new: NewExport, step: RwSignal<Step>) -> Result<Step, Failed> {
    let mut export: ExportView = api.call(async |client| client.create_export(&new).await).await?;
    loop {
        match export.state {
            JobState::Failed => return Ok(Step::Failed(d::export_failed().to_owned())),
            JobState::Done => break,
            JobState::Queued | JobState::Running => {}
        }
        let (done, total) = (export.done, export.total);
        if step.try_set(Step::Writing { done, total }).is_some() {
            // The dialog was closed; the file waits seven days in any case.
            return Ok(Step::Choosing);
        }
        timer::sleep(ASK_MS).await;
        let id = export.id;
        export = api.call(async |client| client.export(id).await).await?;
    }
    let is_kept = save(api, &export).await?;
    Ok(match is_kept {
        true => Step::Saved { rows: export.done },
        false => Step::Failed(d::export_not_saved().to_owned()),
    })
}

/// Hands the file of a finished export to the browser; whether the browser took it.
pub async fn save(api: Api, export: &ExportView) -> Result<bool, Failed> {
    let id = export.id;
    let file = api.call(async |client| client.export_file(id, 0).await).await?;
    let day = export
        .created_at
        .local_date()
        .map(|day| day.to_string())
        .unwrap_or_default();
    let name = format!("keng-{day}.{}", export.format.as_str());
    Ok(output::save(&name, &file.body).is_ok())
}

/// The name of a form of file.
pub fn format_words(format: ExportFormat) -> &'static str {
    match format {
        ExportFormat::Xlsx => "Excel (.xlsx)",
        ExportFormat::Csv => "CSV",
        ExportFormat::Geojson => "GeoJSON",
        ExportFormat::Gpx => d::export_gpx(),
        ExportFormat::Zip => d::export_zip(),
    }
}
