//! Lists from files: try first, see what would happen and every refused row, then write.

use super::api::{FormErrors, use_api};
use super::known::use_known;
use crate::icons;
use crate::shell::file::{self, Picked};
use crate::ui::{Button, ButtonKind, Field, Notice, Table, Tone, described_by};
use crate::words::{desk as d, incidents as n, number, problem};
use keng_shared::api::{ImportReport, Remark};
use leptos::prelude::*;
use leptos::task::spawn_local;

/// What is imported.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ImportKind {
    /// Areas, units, boundaries.
    Areas,
    /// Users with a first membership.
    Users,
    /// Cameras.
    Cameras,
}

/// Whether an import writes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Run {
    Try,
    Write,
}

/// A card that imports a file.
#[component]
pub fn ImportCard(
    /// What is imported.
    kind: ImportKind,
    /// Called when something was written.
    #[prop(into, optional)]
    on_written: Option<Callback<()>>,
) -> impl IntoView {
    let (api, known) = (use_api(), use_known());
    let (id, title, label, hint) = match kind {
        ImportKind::Areas => ("import-areas", d::import_areas(), d::import_file(), ""),
        ImportKind::Users => (
            "import-users",
            d::import_users(),
            d::import_users_file(),
            d::import_users_hint(),
        ),
        ImportKind::Cameras => (
            "import-cameras",
            n::cameras_import(),
            d::import_users_file(),
            n::cameras_import_hint(),
        ),
    };
    let (errors, missing) = (FormErrors::new(), RwSignal::new(String::new()));
    let (report, busy) = (RwSignal::new(None::<ImportReport>), RwSignal::new(false));
    let run = move |run: Run| {
        if busy.get_untracked() {
            return;
        }
        busy.set(true);
        errors.clear();
        missing.set(String::new());
        spawn_local(async move {
            match file::picked(id).await {
                Ok(Some(picked)) => {
                    let dry_run = run == Run::Try;
                    let answer = api
                        .call(async |client| match kind {
                            ImportKind::Areas => {
                                client
                                    .import_areas(media_type(&picked), picked.bytes.clone(), dry_run)
                                    .await
                            }
                            ImportKind::Users => client.import_users(picked.bytes.clone(), dry_run).await,
                            ImportKind::Cameras => client.import_cameras(picked.bytes.clone(), dry_run).await,
                        })
                        .await;
                    match answer {
                        Ok(found) => {
                            report.try_set(Some(found));
                            if run == Run::Write {
                                known.again();
                                if let Some(on_written) = on_written {
                                    on_written.run(());
                                }
                            }
                        }
                        Err(error) => errors.show(&error),
                    }
                }
                _ => drop(missing.try_set(d::import_no_file().to_owned())),
            }
            busy.try_set(false);
        });
    };
    view! {
        <section class="card stack">
            <h2>{title}</h2>
            <Field id label hint error=missing>
                <input
                    class="input"
                    type="file"
                    id=id
                    accept=".csv,.json,.geojson"
                    aria-describedby=described_by(id)
                    on:change=move |_| report.set(None)
                />
            </Field>
            {errors.notice()}
            <div class="row">
                <Button label=d::import_try() icon=icons::EYE blocked=busy on_press=move |_| run(Run::Try)/>
                {move || {
                    report
                        .get()
                        .filter(|report| report.dry_run && report.created + report.updated > 0)
                        .map(|_| {
                            view! {
                                <Button
                                    label=d::import_write()
                                    kind=ButtonKind::Primary
                                    icon=icons::UPLOAD
                                    blocked=busy
                                    on_press=move |_| run(Run::Write)
                                />
                            }
                        })
                }}
            </div>
            <div aria-live="polite">{move || report.get().map(reported)}</div>
        </section>
    }
}

/// The media type by the end of the name: browsers know neither `.geojson` nor, on Windows, `.csv`.
fn media_type(picked: &Picked) -> &'static str {
    let name = picked.name.to_lowercase();
    if name.ends_with(".geojson") {
        "application/geo+json"
    } else if name.ends_with(".csv") {
        "text/csv"
    } else {
        "application/json"
    }
}

fn reported(report: ImportReport) -> impl IntoView {
    let (tone, words) = if report.dry_run {
        (Tone::Info, d::import_tried())
    } else {
        (Tone::Good, d::import_written())
    };
    let figure = |name: &'static str, count: usize| {
        let count = number::grouped(i64::try_from(count).unwrap_or(i64::MAX));
        view! { <div class="fact"><dt>{name}</dt><dd>{count}</dd></div> }
    };
    let rows = report
        .refused
        .iter()
        .map(|row| {
            view! {
                <tr>
                    <th scope="row" class="number">{row.row}</th>
                    <td>{row.what.clone()}</td>
                    <td><code>{row.error.field.clone()}</code></td>
                    <td>{problem::field(&row.error)}</td>
                </tr>
            }
        })
        .collect_view();
    let remarks = report
        .remarks
        .iter()
        .map(|remark| {
            let words = match remark.remark {
                Remark::Repaired => d::import_repaired(),
                Remark::CreatedLikeNeighbour => d::import_like_neighbour(),
                Remark::FarOutside => d::import_far_outside(),
            };
            view! {
                <tr>
                    <th scope="row" class="number">{remark.row}</th>
                    <td>{remark.what.clone()}</td>
                    <td>{words}" "{remark.detail.clone()}</td>
                </tr>
            }
        })
        .collect_view();
    let remark_columns = vec![
        format!("#{}", d::import_row()),
        d::import_what().to_owned(),
        d::import_decided().to_owned(),
    ];
    let columns = vec![
        format!("#{}", d::import_row()),
        d::import_what().to_owned(),
        d::import_field().to_owned(),
        d::import_why().to_owned(),
    ];
    view! {
        <div class="stack">
            <Notice tone words/>
            <dl class="facts-row">
                {figure(d::import_read(), report.read)}
                {figure(d::import_created(), report.created)}
                {figure(d::import_updated(), report.updated)}
                {figure(d::import_unchanged(), report.unchanged)}
                {figure(d::import_refused(), report.refused.len())}
            </dl>
            {(!report.remarks.is_empty())
                .then(|| view! { <Table caption=d::import_remarks() columns=remark_columns>{remarks}</Table> })}
            {(!report.refused.is_empty())
                .then(|| view! { <Table caption=d::import_refused() columns>{rows}</Table> })}
        </div>
    }
}
