//! The records behind a figure, with those that do not count and why.

use super::pace::Pace;
use crate::desk::api::use_api;
use crate::desk::known::use_known;
use crate::desk::load::load;
use crate::icons;
use crate::ui::{Chip, EmptyState, LinkButton, Table, Tone};
use crate::words::{number, targets as t, when};
use keng_shared::api::BehindRow;
use keng_shared::id::{AreaId, TargetPlanId};
use leptos::prelude::*;

/// The panel of one figure; `back` is the page without it.
#[component]
pub fn Behind(plan: TargetPlanId, target: String, area: AreaId, back: String) -> impl IntoView {
    let (api, known) = (use_api(), use_known());
    let (code, drawn) = (target.clone(), target.clone());
    let rows = load(move || {
        let target = target.clone();
        api.call(async move |client| client.behind_figure(plan, &target, area).await)
    });
    view! {
        <section class="card stack" aria-labelledby="targets-behind">
            <div class="row-apart">
                <h2 id="targets-behind">{move || t::behind_of(&code, known.area(area))}</h2>
                <LinkButton href=back label=t::close() icon=icons::X/>
            </div>
            <Pace plan target=drawn area/>
            {rows.view(table)}
        </section>
    }
}

fn table(rows: Vec<BehindRow>) -> impl IntoView {
    if rows.is_empty() {
        return view! { <EmptyState icon=icons::LIST words=t::behind_none()/> }.into_any();
    }
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
    view! { <Table caption=t::counts_or_not() columns>{rows}</Table> }.into_any()
}
