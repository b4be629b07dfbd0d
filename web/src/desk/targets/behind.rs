//! The records behind a figure, with those that do not count and why.

use super::Shown;
use super::pace::Pace;
use super::years::Years;
use crate::desk::api::use_api;
use crate::desk::known::use_known;
use crate::desk::load::load;
use crate::icons;
use crate::ui::{Answer, Chip, ChoiceButtons, EmptyState, LinkButton, Table, Tone};
use crate::words::{number, plan_entry as e, targets as t, when};
use keng_shared::api::{BehindRow, BehindShow, MAX_BEHIND, YearBefore};
use keng_shared::id::{AreaId, TargetPlanId};
use keng_shared::target::Thousandths;
use leptos::prelude::*;

/// The heading of the panel, for focus.
pub(super) const HEADING: &str = "targets-behind";

/// Which records are shown, by the answer that was chosen.
const SHOWS: [(&str, BehindShow); 3] = [
    ("counted", BehindShow::Counted),
    ("late", BehindShow::Late),
    ("not_counted", BehindShow::NotCounted),
];

/// The panel of one figure; `back` is the page without it.
#[component]
pub fn Behind(plan: TargetPlanId, target: String, area: AreaId, back: String, shown: Shown) -> impl IntoView {
    let (api, known) = (use_api(), use_known());
    let (code, drawn, compared) = (target.clone(), target.clone(), target.clone());
    let (on, before_of) = (shown.on(), target.clone());
    let show = RwSignal::new(String::new());
    let rows = load(move || {
        let target = target.clone();
        let show = SHOWS
            .iter()
            .find(|(id, _)| show.with(|show| show == id))
            .map(|(_, show)| *show);
        api.call(async move |client| {
            client
                .behind_figure_shown(plan, &target, area, Some(on), show)
                .await
        })
    });
    let before = load(move || api.call(async move |client| client.year_before(plan, area, None).await));
    let answers = vec![
        Answer::new("", e::show_all()),
        Answer::new("counted", e::show_counted()),
        Answer::new("late", e::show_late()),
        Answer::new("not_counted", e::show_not_counted()),
    ];
    view! {
        <section class="card stack" aria-labelledby="targets-behind">
            <div class="row-apart">
                <h2 id=HEADING tabindex="-1">{move || t::behind_of(&code, known.area(area))}</h2>
                <LinkButton href=back label=t::close() icon=icons::X/>
            </div>
            <Pace plan target=drawn area on/>
            {move || {
                let all = before.get().unwrap_or_default();
                let old = all.into_iter().find(|old| old.code == before_of);
                old.map(|old| view! { <p>{before_line(&old)}</p> })
            }}
            <Years plan target=compared area shown/>
            <h3>{t::behind_records()}</h3>
            <ChoiceButtons
                id="behind-show"
                label=e::show_records()
                answers
                value=show
                on_choose=move |chosen: String| show.set(chosen)
            />
            {rows.view(table)}
        </section>
    }
}

/// The figure a year before, and that of the whole year.
fn before_line(old: &YearBefore) -> String {
    let words =
        |figure: Option<Thousandths>| figure.map_or_else(|| t::none_mark().to_owned(), t::thousandths);
    e::before_line(words(old.on_this_day), words(old.at_the_end))
}

fn table(rows: Vec<BehindRow>) -> impl IntoView {
    if rows.is_empty() {
        return view! { <EmptyState icon=icons::LIST words=t::behind_none()/> }.into_any();
    }
    let is_cut = rows.len() >= MAX_BEHIND;
    let columns = vec![
        t::record_day().to_owned(),
        t::place().to_owned(),
        format!("#{}", t::adds()),
        t::counts_or_not().to_owned(),
        String::new(),
    ];
    let rows = rows
        .into_iter()
        .map(|row| {
            let adds = match row.total {
                0 => number::grouped(row.amount),
                total => format!("{}/{}", number::grouped(row.amount), number::grouped(total)),
            };
            let stands = match &row.why_not {
                None => view! { <Chip tone=Tone::Good words=t::counts()/> },
                Some(reason) => view! { <Chip tone=Tone::Warn words=t::why_not(reason)/> },
            };
            let day = when::date(row.date);
            let name = format!("{}: {day}, {}", t::open_record(), row.area_name);
            view! {
                <tr>
                    <th scope="row">{day}</th>
                    <td>{row.area_name}</td>
                    <td class="number">{adds}</td>
                    <td>{stands}</td>
                    <td><a href=format!("/desk/review/{}", row.record_id) aria-label=name>{t::open_record()}</a></td>
                </tr>
            }
        })
        .collect_view();
    view! {
        {is_cut.then(|| view! { <p class="soft">{t::behind_newest(MAX_BEHIND)}</p> })}
        <Table caption=t::counts_or_not() columns>{rows}</Table>
    }
    .into_any()
}
