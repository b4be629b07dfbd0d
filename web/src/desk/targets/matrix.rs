//! Units × targets. Every cell says in a word how the unit stands, and opens the records behind its figure. Targets that
//! are behind can be shown alone, which keeps the table readable.

use super::Shown;
use crate::icons::{self, Icon, Picture};
use crate::ui::{Disclosure, Table};
use crate::words::{targets as t, when};
use keng_shared::api::{MatrixTarget, MatrixUnit, ProgressMatrix};
use keng_shared::id::AreaId;
use keng_shared::target::{Assessment, Progress, Rollup};
use leptos::prelude::*;

/// The two tables: targets as rows for the whole area, and units × targets.
#[component]
pub fn Matrix(found: ProgressMatrix, shown: Shown) -> impl IntoView {
    let only_open = RwSignal::new(false);
    let own = shown.area.unwrap_or(found.area_id);
    let is_open = |target: &MatrixTarget| {
        let bad = |progress| matches!(progress, Progress::Behind | Progress::Overdue);
        bad(target.whole.progress) || target.cells.iter().any(|cell| bad(cell.progress))
    };
    let mut rollup = Rollup::default();
    found
        .targets
        .iter()
        .for_each(|target| rollup.add(target.whole.progress));
    let shows_units = found.targets.iter().any(|target| target.rollup.asked() > 0) && !found.units.is_empty();
    let found = StoredValue::new(found);
    let shown = StoredValue::new(shown);
    let targets = move || {
        found.with_value(|found| {
            let keep = |target: &&MatrixTarget| !only_open.get() || is_open(target);
            found.targets.iter().filter(keep).cloned().collect::<Vec<_>>()
        })
    };
    view! {
        <div class="row-apart">
            <p class="targets-summary">
                <strong>{t::summary(rollup.met, rollup.asked())}</strong>
                {tally(&rollup)}
            </p>
            <label class="row targets-only">
                <input
                    type="checkbox"
                    prop:checked=only_open
                    on:change=move |event| only_open.set(event_target_checked(&event))
                />
                {t::only_open()}
            </label>
        </div>
        {move || by_target(targets(), own, &shown.get_value())}
        {shows_units
            .then(|| {
                view! {
                    <section class="stack" aria-labelledby="targets-units">
                        <h2 id="targets-units">{t::by_unit()}</h2>
                        {move || {
                            let (units, shown) = (found.with_value(|found| found.units.clone()), shown.get_value());
                            by_unit(&units, &targets(), &shown)
                        }}
                    </section>
                }
            })}
    }
}

/// How many stand how, in words.
fn tally(rollup: &Rollup) -> String {
    let parts = [
        (rollup.on_track, Progress::OnTrack),
        (rollup.behind, Progress::Behind),
        (rollup.overdue, Progress::Overdue),
    ];
    let parts = parts.into_iter().filter(|(count, _)| *count > 0);
    parts
        .map(|(count, how)| format!(" · {} {count}", t::progress(how).to_lowercase()))
        .collect()
}

/// The whole area, a target a row.
fn by_target(targets: Vec<MatrixTarget>, area: AreaId, shown: &Shown) -> AnyView {
    let rows = targets
        .into_iter()
        .map(|target| {
            let href = shown.with_behind(&target.code, area);
            let whole = &target.whole;
            let is_asked = whole.progress != Progress::NotApplicable;
            let asked = t::asked(target.comparator, target.asked.unwrap_or(target.value));
            let figure = figure_words(whole);
            let missing = whole
                .missing
                .map(|missing| format!("{} · {}", missing.count, when::date(missing.until)));
            let units =
                (target.rollup.asked() > 0).then(|| t::units_met(target.rollup.met, target.rollup.asked()));
            let late = (target.late > 0).then(|| t::late_count(target.late));
            let notes: Vec<String> = units.into_iter().chain(late).collect();
            view! {
                <tr>
                    <th scope="row">
                        <span class="targets-code">{target.code.clone()}</span>
                        <span class="targets-text">{target.text.clone()}</span>
                    </th>
                    <td class="number">{asked} " " <span class="soft">{target.measure.clone()}</span></td>
                    <td>{when::date(target.last_day)}</td>
                    <td class="number">
                        {match is_asked {
                            true => view! { <a href=href>{figure}</a> }.into_any(),
                            false => t::none_mark().into_any(),
                        }}
                    </td>
                    <td><Standing progress=whole.progress/></td>
                    <td class="number">{missing}</td>
                    <td class="small">{notes.join(" · ")}</td>
                </tr>
            }
        })
        .collect_view();
    let columns: Vec<String> = vec![
        t::target().to_owned(),
        format!("#{}", t::asked_value()),
        t::last_day().to_owned(),
        format!("#{}", t::result()),
        t::state().to_owned(),
        format!("#{}", t::missing()),
        t::unit().to_owned(),
    ];
    view! { <div class="targets-list"><Table caption=t::by_target() columns>{rows}</Table></div> }.into_any()
}

/// Units × targets.
fn by_unit(units: &[MatrixUnit], targets: &[MatrixTarget], shown: &Shown) -> AnyView {
    let asked: Vec<&MatrixTarget> = targets
        .iter()
        .filter(|target| target.rollup.asked() > 0)
        .collect();
    let rows = units
        .iter()
        .enumerate()
        .map(|(index, unit)| {
            let cells = asked
                .iter()
                .filter_map(|target| {
                    let cell = target.cells.get(index)?;
                    Some(unit_cell(cell, shown.with_behind(&target.code, unit.area_id), &target.code, &unit.name))
                })
                .collect_view();
            view! {
                <tr>
                    <th scope="row">
                        <a href=shown.within(unit.area_id)>{unit.name.clone()}</a>
                        <span class="small soft targets-unit">{t::summary(unit.rollup.met, unit.rollup.asked())}</span>
                    </th>
                    {cells}
                </tr>
            }
        })
        .collect_view();
    let columns: Vec<String> = std::iter::once(t::unit().to_owned())
        .chain(asked.iter().map(|target| target.code.clone()))
        .collect();
    let legend = asked
        .iter()
        .map(|target| {
            view! { <div><dt>{target.code.clone()}</dt><dd>{target.text.clone()}</dd></div> }
        })
        .collect_view();
    view! {
        <div class="targets-matrix"><Table caption=t::by_unit() columns>{rows}</Table></div>
        <Disclosure summary=t::target()><dl class="targets-legend">{legend}</dl></Disclosure>
    }
    .into_any()
}

fn unit_cell(cell: &Assessment, href: String, code: &str, unit: &str) -> impl IntoView + use<> {
    let progress = cell.progress;
    if progress == Progress::NotApplicable {
        return view! {
            <td class="targets-cell targets-none">
                <span class="unseen">{t::progress(progress)}</span>
                <span aria-hidden="true">{t::none_mark()}</span>
            </td>
        }
        .into_any();
    }
    let figure = figure_words(cell);
    let about = format!("{code}, {unit}: ");
    view! {
        <td class="targets-cell">
            <a href=href>
                <span class="unseen">{about}</span>
                <strong>{figure}</strong>
                " "
                <Standing progress/>
            </a>
        </td>
    }
    .into_any()
}

/// The figure against what was asked, or the parts that are met.
fn figure_words(cell: &Assessment) -> String {
    if !cell.parts.is_empty() {
        let met = cell
            .parts
            .iter()
            .filter(|part| part.progress == Progress::Met)
            .count();
        return format!("{met}/{}", cell.parts.len());
    }
    cell.figure
        .map_or_else(|| t::none_mark().to_owned(), t::thousandths)
}

/// How something stands: icon, word and colour.
#[component]
pub fn Standing(progress: Progress) -> impl IntoView {
    let (class, icon): (_, Icon) = match progress {
        Progress::Met => ("standing standing-good", icons::CIRCLE_CHECK),
        Progress::OnTrack => ("standing standing-info", icons::CLOCK),
        Progress::Behind => ("standing standing-warn", icons::HOURGLASS),
        Progress::Overdue => ("standing standing-danger", icons::CIRCLE_ALERT),
        Progress::NotApplicable => ("standing", icons::MINUS),
    };
    view! { <span class=class><Picture icon/>{t::progress(progress)}</span> }
}
