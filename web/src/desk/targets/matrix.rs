//! Units × targets. Every cell says how the unit stands, by icon, word and colour, and opens the records behind its figure.
//! Targets can be found by words and by standing; a table of many units is dense: an icon and a figure in each cell.

use super::{Shown, View};
use crate::desk::known::use_known;
use crate::icons::{self, Icon, Picture};
use crate::ui::{Answer, Disclosure, Required, Select, Table, TextInput};
use crate::words::{plan_entry as e, targets as t, when};
use keng_shared::api::{MatrixCell, MatrixTarget, MatrixUnit, ProgressMatrix};
use keng_shared::area::AreaKind;
use keng_shared::id::AreaId;
use keng_shared::target::{Assessment, Progress, Rollup};
use keng_shared::text;
use leptos::prelude::*;

/// A table with more units begins dense.
const MANY: usize = 30;

/// What is chosen about the tables.
#[derive(Clone, Copy)]
pub struct Choice {
    standing: RwSignal<String>,
    words: RwSignal<String>,
    dense: RwSignal<bool>,
}

impl Choice {
    /// Everything, of so many units.
    pub fn of(units: usize) -> Self {
        Self {
            standing: RwSignal::new(String::new()),
            words: RwSignal::new(String::new()),
            dense: RwSignal::new(units > MANY),
        }
    }

    /// Whether a cell that stands so is looked for.
    fn wants(&self, progress: Progress) -> bool {
        self.standing.with(|standing| match standing.as_str() {
            "open" => matches!(progress, Progress::Behind | Progress::Overdue),
            "behind" => progress == Progress::Behind,
            "overdue" => progress == Progress::Overdue,
            "on_track" => progress == Progress::OnTrack,
            "met" => progress == Progress::Met,
            _ => true,
        })
    }

    fn wants_all(&self) -> bool {
        self.standing.with(String::is_empty)
    }

    /// Whether the target, or any unit's, stands so, and its code or words hold what is looked for.
    fn keeps(&self, target: &MatrixTarget) -> bool {
        let stands =
            self.wants(target.whole.progress) || target.cells.iter().any(|cell| self.wants(cell.progress));
        let key = self.words.with(|words| text::search_key(words));
        let holds = |words: &str| text::search_key(words).contains(&key);
        stands && (key.is_empty() || holds(&target.code) || holds(&target.text))
    }
}

/// The table of a view: targets as rows for the whole area, or units × targets.
#[component]
pub fn Matrix(found: StoredValue<ProgressMatrix>, shown: Shown, choice: Choice) -> impl IntoView {
    let own = found.with_value(|found| found.area_id);
    let own = shown.area.unwrap_or(own);
    let mut rollup = Rollup::default();
    found.with_value(|found| {
        let all = found.targets.iter();
        all.for_each(|target| rollup.add(target.whole.progress));
    });
    let units_are = use_known().kind(own).filter(|kind| *kind == AreaKind::Commune);
    let units_are = units_are.map_or(AreaKind::Commune, |_| AreaKind::ResidentialArea);
    let view = shown.view;
    let shown = StoredValue::new(shown);
    let targets = move || {
        found.with_value(|found| {
            let keep = |target: &&MatrixTarget| choice.keeps(target);
            found.targets.iter().filter(keep).cloned().collect::<Vec<_>>()
        })
    };
    let dense = (view == View::Matrix).then(|| {
        view! {
            <label class="row targets-only screen-only">
                <input
                    type="checkbox"
                    prop:checked=choice.dense
                    on:change=move |event| choice.dense.set(event_target_checked(&event))
                />
                {t::dense()}
            </label>
        }
    });
    view! {
        <p class="targets-summary">
            <strong>{t::summary(rollup.met, rollup.asked())}</strong>
            {tally(&rollup)}
        </p>
        {chooser(choice)}
        {dense}
        {move || match (targets(), view) {
            (none, _) if none.is_empty() => view! { <p>{t::none_left()}</p> }.into_any(),
            (targets, View::Matrix) => {
                let shown = shown.get_value();
                found.with_value(|found| by_unit(found, units_are, &targets, &shown, choice))
            }
            (targets, View::List | View::Map) => by_target(targets, own, &shown.get_value()),
        }}
    }
}

/// Which targets are shown.
fn chooser(choice: Choice) -> impl IntoView {
    let answers = vec![
        Answer::new("open", t::filter_open()),
        Answer::new("behind", t::progress(Progress::Behind)),
        Answer::new("overdue", t::progress(Progress::Overdue)),
        Answer::new("on_track", t::progress(Progress::OnTrack)),
        Answer::new("met", t::progress(Progress::Met)),
    ];
    view! {
        <div class="row targets-chooser screen-only">
            <Select
                id="targets-standing"
                label=t::filter_standing()
                answers=Signal::derive(move || answers.clone())
                value=choice.standing
                on_input=move |text: String| choice.standing.set(text)
                empty=t::filter_all()
                required=Required::Shown
            />
            <TextInput
                id="targets-words"
                label=t::filter_words()
                value=choice.words
                on_input=move |text: String| choice.words.set(text)
                required=Required::Shown
                keyboard="search"
            />
        </div>
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
                            true => view! { <a id=cell_id(&target.code, area) href=href data-noscroll="">{figure}</a> }.into_any(),
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

/// Names the figure of a target in an area, so that closing it leads back there.
pub fn cell_id(code: &str, area: AreaId) -> String {
    format!("figure-{code}-{area}")
}

/// Units × targets.
fn by_unit(
    found: &ProgressMatrix,
    units_are: AreaKind,
    targets: &[MatrixTarget],
    shown: &Shown,
    choice: Choice,
) -> AnyView {
    let units = &found.units;
    let plan = &found.plan;
    let asked: Vec<&MatrixTarget> = targets
        .iter()
        .filter(|target| target.rollup.asked() > 0)
        .collect();
    let dense = choice.dense.get();
    let is_wanted = |place: usize| {
        let mut cells = asked.iter().filter_map(|target| target.cells.get(place));
        choice.wants_all() || cells.any(|cell| choice.wants(cell.progress))
    };
    let rows = units
        .iter()
        .enumerate()
        .filter(|(place, _)| is_wanted(*place))
        .map(|(index, unit)| {
            let cells = asked
                .iter()
                .filter_map(|target| {
                    let cell = target.cells.get(index)?;
                    Some(unit_cell(cell, shown.with_behind(&target.code, unit.area_id), &target.code, unit))
                })
                .collect_view();
            // A village has no units of its own: its records stand behind its figures.
            let (href, about) = match units_are {
                AreaKind::ResidentialArea => {
                    let (id, from, to) = (unit.area_id, plan.from, plan.to);
                    let href = format!("/desk/records?area={id}&from={from}&to={to}");
                    (href, Some(e::records_of(&unit.name)))
                }
                _ => (shown.within(unit.area_id), None),
            };
            view! {
                <tr>
                    <th scope="row">
                        <a href=href aria-label=about>{unit_name(unit)}</a>
                        <span class="small soft targets-unit">{t::summary(unit.rollup.met, unit.rollup.asked())}</span>
                    </th>
                    {cells}
                </tr>
            }
        })
        .collect_view();
    let heads = asked
        .iter()
        .map(|target| {
            let about = format!("{}. {}", target.code, target.text);
            view! {
                <th scope="col" title=about>
                    {target.code.clone()}
                    <span class="targets-head">{target.text.clone()}</span>
                </th>
            }
        })
        .collect_view();
    let heads = view! { <th scope="col">{t::unit()}</th> {heads} }.into_any();
    let legend = asked
        .iter()
        .map(|target| {
            view! { <div><dt>{target.code.clone()}</dt><dd>{target.text.clone()}</dd></div> }
        })
        .collect_view();
    view! {
        <div class="targets-matrix" class:targets-dense=dense><Table caption=t::by_unit() columns=Vec::new() heads>{rows}</Table></div>
        <Disclosure summary=e::legend()><dl class="targets-legend">{legend}</dl></Disclosure>
    }
    .into_any()
}

/// The name of a unit; one of two with the same name says when it ended.
pub fn unit_name(unit: &MatrixUnit) -> String {
    match unit.until {
        Some(last) => e::until_end(&unit.name, when::date(last)),
        None => unit.name.clone(),
    }
}

fn unit_cell(cell: &MatrixCell, href: String, code: &str, unit: &MatrixUnit) -> impl IntoView + use<> {
    let progress = cell.progress;
    if progress == Progress::NotApplicable && cell.figure.is_none() {
        return view! {
            <td class="targets-cell targets-none">
                <span class="unseen">{t::progress(progress)}</span>
                <span aria-hidden="true">{t::none_mark()}</span>
            </td>
        }
        .into_any();
    }
    let figure = cell_figure(cell);
    let about = format!("{code}, {}: ", unit_name(unit));
    let id = cell_id(code, unit.area_id);
    view! {
        <td class="targets-cell">
            <a id=id href=href data-noscroll="">
                <span class="unseen">{about}</span>
                <strong>{figure}</strong>
                " "
                <Standing progress/>
            </a>
        </td>
    }
    .into_any()
}

/// The figure of a unit, or how many of its parts are met.
pub fn cell_figure(cell: &MatrixCell) -> String {
    match cell.parts {
        0 => cell
            .figure
            .map_or_else(|| t::none_mark().to_owned(), t::thousandths),
        parts => format!("{}/{parts}", cell.parts_met),
    }
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
    view! { <span class=class><Picture icon/><span class="standing-word">{t::progress(progress)}</span></span> }
}
