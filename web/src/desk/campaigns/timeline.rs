//! The months of a year with a bar for each campaign that has days in it. On a narrow screen the bar stands under its name.

use super::{chip, figures, is_of_the_whole_year};
use crate::words::campaigns as c;
use chrono::Datelike;
use keng_shared::api::{CampaignCalendar, CampaignLine};
use keng_shared::target::Span;
use keng_shared::time::LocalDate;
use leptos::prelude::*;

/// Width of the drawing of a year, in its own measure: tenths of a day.
const WIDTH: i64 = 3_660;
/// Bars of a single day are drawn so wide, so that they are seen.
const NARROWEST: i64 = 40;

#[component]
pub fn Timeline(found: CampaignCalendar, address: Callback<String, String>) -> impl IntoView {
    let (year, today, units) = (found.year, found.today, found.units.len());
    let mut lines: Vec<CampaignLine> = found.campaigns;
    lines.retain(|line| line.days.is_some() && !is_of_the_whole_year(line));
    lines.sort_by_key(|line| line.days.map(|days| (days.from, days.to)));
    let months = (1..=12)
        .map(|month| view! { <span>{month}</span> })
        .collect_view();
    let rows = lines
        .into_iter()
        .map(|line| {
            let name = c::name(&line.campaign, &line.own_name);
            let key = line.key.clone();
            let is_done = line.accepted + line.waiting > 0;
            let days = line.days.map(c::days);
            let kind = c::kind(line.kind);
            view! {
                <li class="campaign-row">
                    <div class="campaign-name">
                        <a href=move || address.run(key.clone())>{name}</a>
                        <p class="soft small">{kind} " · " {days}</p>
                    </div>
                    {strip(line.days, line.day, year, today, is_done)}
                    <div class="campaign-stands">
                        {chip(&line, today)}
                        <p class="soft small">{figures(&line, units)}</p>
                    </div>
                </li>
            }
        })
        .collect_view();
    view! {
        <section class="stack-tight">
            <h3>{c::whole_year_of(year)}</h3>
            <div class="campaign-months" aria-hidden="true">
                <span></span>
                <div>{months}</div>
                <span></span>
            </div>
            <ul class="plain-list campaign-year">{rows}</ul>
        </section>
    }
}

/// The bar, with lines between months and today's; what it says is in the words beside it.
fn strip(
    days: Option<Span>,
    day: Option<LocalDate>,
    year: i32,
    today: LocalDate,
    is_done: bool,
) -> impl IntoView + use<> {
    let bar = days.and_then(|days| {
        let from = place(days.from, year).max(0);
        let to = (place(days.to, year) + 10).min(WIDTH);
        (from < WIDTH && to > 0).then(|| {
            let width = (to - from).max(NARROWEST);
            let class = if is_done {
                "campaign-bar campaign-bar-done"
            } else {
                "campaign-bar"
            };
            view! { <rect class=class x=from y="5" width=width height="14"/> }
        })
    });
    let the_day = day.map(|day| {
        let x = place(day, year) + 5 - NARROWEST / 2;
        view! { <rect class="campaign-day" x=x y="2" width=NARROWEST height="20"/> }
    });
    let months = (2..=12)
        .filter_map(|month| LocalDate::from_ymd_opt(year, month, 1))
        .map(|first| {
            let x = place(first, year);
            view! { <rect class="campaign-month" x=x y="0" width="4" height="24"/> }
        })
        .collect_view();
    let now = (today.year() == year).then(|| {
        view! { <rect class="campaign-today" x=place(today, year) y="0" width="12" height="24"/> }
    });
    view! {
        <svg
            class="campaign-strip"
            viewBox=format!("0 0 {WIDTH} 24")
            preserveAspectRatio="none"
            aria-hidden="true"
            focusable="false"
        >
            {months}
            {bar}
            {the_day}
            {now}
        </svg>
    }
}

/// Tenths of a day since the year began.
fn place(date: LocalDate, year: i32) -> i64 {
    let first = LocalDate::from_ymd_opt(year, 1, 1).unwrap_or(date);
    date.signed_duration_since(first).num_days() * 10
}
