//! The campaign calendar: what runs, what comes, and the year, with what an area did for it. The address holds the area, the
//! year and the campaign that is open.

mod days_form;
mod detail;
mod timeline;

use super::api::use_api;
use super::known::{number, use_known};
use super::load::{Loaded, load};
use super::targets::TargetsTabs;
use super::today;
use crate::icons;
use crate::shell::output;
use crate::ui::{Answer, Button, ButtonKind, Chip, Dialog, EmptyState, Select, Tone};
use crate::words::{campaigns as c, interface as w};
use chrono::Datelike;
use days_form::{DaysForm, Subject};
use detail::Detail;
use keng_shared::api::{CampaignCalendar, CampaignLine};
use keng_shared::campaign::{CampaignKind, YEARS};
use keng_shared::id::AreaId;
use keng_shared::time::LocalDate;
use leptos::prelude::*;
use leptos_router::NavigateOptions;
use leptos_router::hooks::{use_navigate, use_query_map};
use timeline::Timeline;

/// Days ahead for which the page says what comes.
const SOON_DAYS: i64 = 60;

/// What the address says.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Shown {
    area: Option<AreaId>,
    year: i32,
    campaign: Option<String>,
}

impl Shown {
    fn address(&self) -> String {
        let area = self.area.map(|area| format!("area={area}&")).unwrap_or_default();
        let campaign = self.campaign.as_ref().map(|key| format!("&campaign={key}"));
        format!(
            "/desk/campaigns?{area}year={}{}",
            self.year,
            campaign.unwrap_or_default()
        )
    }

    fn with(&self, campaign: Option<&str>) -> String {
        Self {
            campaign: campaign.map(str::to_owned),
            ..self.clone()
        }
        .address()
    }
}

/// The page.
#[component]
pub fn CampaignsPage() -> impl IntoView {
    let (api, known) = (use_api(), use_known());
    let query = use_query_map();
    let home = api.home();
    let shown = Memo::new(move |_| {
        query.with(|query| Shown {
            area: query.get("area").and_then(|id| number(&id)).map(AreaId).or(home),
            year: query
                .get("year")
                .and_then(|year| year.parse().ok())
                .unwrap_or_else(|| today().year()),
            campaign: query.get("campaign"),
        })
    });
    // Opening a campaign does not ask for the calendar again.
    let ground = Memo::new(move |_| (shown.with(|s| s.area), shown.with(|s| s.year)));
    let calendar = load(move || {
        let (area, year) = ground.get();
        api.call(async move |client| match area {
            Some(area) => client.campaigns(area, Some(year)).await.map(Some),
            None => Ok(None),
        })
    });
    let go = StoredValue::new(use_navigate());
    let show = move |shown: Shown| go.with_value(|go| go(&shown.address(), NavigateOptions::default()));
    let areas = Signal::derive(move || {
        let mut answers = known.communes();
        if let Some(home) = home
            && !answers.iter().any(|answer| answer.value == home.to_string())
        {
            answers.insert(0, Answer::new(home.to_string(), known.area(home)));
        }
        answers
    });
    let last = (today().year() + 1).min(*YEARS.end());
    let years: Vec<Answer> = (*YEARS.start()..=last)
        .rev()
        .map(|year| Answer::new(year.to_string(), year.to_string()))
        .collect();
    view! {
        <div class="page stack">
            <h1>{c::title()}</h1>
            <TargetsTabs/>
            <p class="soft small measure screen-only">{c::about()}</p>
            <div class="row screen-only">
                <Select
                    id="campaigns-area"
                    label=c::area()
                    answers=areas
                    value=Signal::derive(move || {
                        shown.with(|s| s.area.map(|area| area.to_string()).unwrap_or_default())
                    })
                    on_input=move |text: String| show(Shown {
                        area: number(&text).map(AreaId),
                        ..shown.get_untracked()
                    })
                />
                <Select
                    id="campaigns-year"
                    label=c::year()
                    answers=years
                    value=Signal::derive(move || shown.with(|s| s.year.to_string()))
                    on_input=move |text: String| {
                        let now = shown.get_untracked();
                        show(Shown { year: text.parse().unwrap_or(now.year), campaign: None, ..now });
                    }
                />
            </div>
            {calendar.view(move |found| match found {
                None => view! { <EmptyState icon=icons::CALENDAR words=c::nothing_near()/> }.into_any(),
                Some(found) => view! { <Calendar found shown calendar/> }.into_any(),
            })}
        </div>
    }
}

/// How a campaign stands today.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum State {
    WithoutDays,
    Running,
    Coming,
    Over,
}

impl State {
    fn of(line: &CampaignLine, today: LocalDate) -> Self {
        match line.days {
            None => Self::WithoutDays,
            Some(days) if today < days.from => Self::Coming,
            Some(days) if today <= days.to => Self::Running,
            Some(_) => Self::Over,
        }
    }
}

fn is_of_the_whole_year(line: &CampaignLine) -> bool {
    matches!(line.kind, CampaignKind::Emulation | CampaignKind::Review)
}

/// What is said of a campaign in one chip.
fn chip(line: &CampaignLine, today: LocalDate) -> impl IntoView + use<> {
    let is_done = line.accepted + line.waiting > 0;
    let (tone, words) = match State::of(line, today) {
        State::WithoutDays => (Tone::Quiet, c::no_days()),
        State::Running if is_done => (Tone::Good, c::running()),
        State::Running => (Tone::Info, c::running()),
        State::Coming => (Tone::Quiet, c::coming()),
        State::Over if is_done => (Tone::Good, c::done()),
        State::Over => (Tone::Warn, c::nothing_done()),
    };
    view! { <Chip tone words/> }
}

/// Figures of a campaign in a line; nothing is said of what there is none of.
fn figures(line: &CampaignLine, units: usize) -> String {
    if line.accepted + line.waiting + line.outside == 0 {
        return c::none_yet().to_owned();
    }
    let mut parts = vec![c::accepted(line.accepted)];
    if line.waiting > 0 {
        parts.push(c::waiting(line.waiting));
    }
    if line.outside > 0 {
        parts.push(c::outside(line.outside));
    }
    if units > 0 {
        parts.push(c::units_done(line.units.len(), units));
    }
    parts.join(" · ")
}

#[component]
fn Calendar(
    found: CampaignCalendar,
    shown: Memo<Shown>,
    calendar: Loaded<Option<CampaignCalendar>>,
) -> impl IntoView {
    let today = found.today;
    let is_near = |line: &&CampaignLine| {
        let days = line.days.filter(|_| !is_of_the_whole_year(line));
        days.is_some_and(|days| {
            days.to >= today && days.from.signed_duration_since(today).num_days() <= SOON_DAYS
        })
    };
    let mut near: Vec<CampaignLine> = found.campaigns.iter().filter(is_near).cloned().collect();
    near.sort_by_key(|line| line.days.map(|days| (days.from > today, days.to)));
    let of = |keep: &dyn Fn(&CampaignLine) -> bool| -> Vec<CampaignLine> {
        found
            .campaigns
            .iter()
            .filter(|line| keep(line))
            .cloned()
            .collect()
    };
    let without_days = of(&|line| line.days.is_none());
    let all_year = of(&|line| line.kind == CampaignKind::Emulation);
    let reviews = of(&|line| line.kind == CampaignKind::Review);
    let units = found.units.len();
    let adding = RwSignal::new(false);
    let (area, year, may_change) = (found.area_id, found.year, found.may_change);
    let is_this_year = today.year() == year;
    let known = use_known();
    let lines = StoredValue::new(found.campaigns.clone());
    let ground = StoredValue::new(found.clone());
    let open = move || {
        let key = shown.with(|shown| shown.campaign.clone())?;
        let line = lines.with_value(|lines| lines.iter().find(|line| line.key == key).cloned())?;
        let back = shown.with(|shown| shown.with(None));
        Some(ground.with_value(|found| view! { <Detail line found=found.clone() back calendar/> }))
    };
    let address = Callback::new(move |key: String| shown.with(|shown| shown.with(Some(&key))));
    view! {
        <div class="row-apart">
            <h2>{move || format!("{} · {year}", known.area(area))}</h2>
            <div class="row screen-only">
                {may_change.then(|| view! {
                    <Button label=c::add_own() icon=icons::PLUS on_press=move |_| adding.set(true)/>
                })}
                <Button label=w::print() kind=ButtonKind::Quiet icon=icons::PRINTER on_press=move |_| output::print()/>
            </div>
        </div>
        {open}
        {is_this_year.then(|| view! { <Near lines=near today units address/> })}
        <Timeline found=found address/>
        <Group title=c::without_days() lines=without_days today units address/>
        <Group title=c::all_year() lines=all_year today units address/>
        <Group title=c::reviews() lines=reviews today units address/>
        <Dialog open=adding title=c::add_own()>
            <DaysForm subject=Subject::Own { area, year } open=adding calendar/>
        </Dialog>
    }
}

/// What runs now and what comes.
#[component]
fn Near(
    lines: Vec<CampaignLine>,
    today: LocalDate,
    units: usize,
    address: Callback<String, String>,
) -> impl IntoView {
    if lines.is_empty() {
        return view! { <p class="soft">{c::nothing_near()}</p> }.into_any();
    }
    let cards = lines
        .into_iter()
        .map(|line| {
            let name = c::name(&line.campaign, &line.own_name);
            let href = move |key: String| address.run(key);
            let days = line.days.map(|days| {
                let near = c::near(days, today).map(|words| format!(" · {words}"));
                format!("{}{}", c::days(days), near.unwrap_or_default())
            });
            let key = line.key.clone();
            view! {
                <li class="card stack-tight campaign-card">
                    <p>{chip(&line, today)}</p>
                    <a class="strong" href=move || href(key.clone())>{name}</a>
                    <p>{days}</p>
                    <p class="soft small">{figures(&line, units)}</p>
                </li>
            }
        })
        .collect_view();
    view! {
        <section class="stack-tight">
            <h3>{format!("{} · {}", c::running(), c::coming().to_lowercase())}</h3>
            <ul class="campaign-cards">{cards}</ul>
        </section>
    }
    .into_any()
}

/// Campaigns without a place on the timeline.
#[component]
fn Group(
    title: &'static str,
    lines: Vec<CampaignLine>,
    today: LocalDate,
    units: usize,
    address: Callback<String, String>,
) -> impl IntoView {
    (!lines.is_empty()).then(|| {
        let rows = lines
            .into_iter()
            .map(|line| {
                let name = c::name(&line.campaign, &line.own_name);
                let key = line.key.clone();
                let chip = line.days.is_none().then(|| chip(&line, today));
                view! {
                    <li class="row-apart">
                        <a href=move || address.run(key.clone())>{name}</a>
                        <span class="soft small">{figures(&line, units)}</span>
                        {chip}
                    </li>
                }
            })
            .collect_view();
        view! {
            <section class="stack-tight">
                <h3>{title}</h3>
                <ul class="plain-list">{rows}</ul>
            </section>
        }
    })
}
