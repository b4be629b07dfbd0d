//! The working calendar of a year: what ships, what was set, and the form with which days are set.

use super::api::{FormErrors, use_api};
use super::load::{Loaded, load};
use super::today;
use crate::icons;
use crate::ui::{
    Answer, Button, ButtonKind, Chip, ChoiceButtons, DateInput, LinkButton, Notice, Required, Submits, Table,
    TextInput, Tone, use_toasts,
};
use crate::words::{problem, working_days as d};
use chrono::Datelike;
use keng_shared::api::{DaySpan, NewDaySpan, SpanQuery, WorkingYear};
use keng_shared::problem::{FieldCode, FieldError};
use keng_shared::time::parse_date;
use leptos::ev::SubmitEvent;
use leptos::prelude::*;
use leptos::task::spawn_local;
use leptos_router::hooks::use_query_map;

/// The page. `?year=` in the address is the year; without it, this one.
#[component]
pub fn WorkingDaysPage() -> impl IntoView {
    let (api, query) = (use_api(), use_query_map());
    let year = Memo::new(move |_| {
        let asked = query.with(|query| query.get("year").and_then(|year| year.parse().ok()));
        asked.unwrap_or_else(|| today().year())
    });
    let calendar = load(move || {
        let year = year.get();
        async move {
            api.call(async |client| client.working_days(Some(year)).await)
                .await
        }
    });
    let link = move |year: i32| {
        view! { <LinkButton href=format!("/desk/working-days?year={year}") label=d::year_before(year)/> }
    };
    view! {
        <div class="page stack">
            <div class="row-apart">
                <h1>{d::title()}</h1>
                <div class="row">{move || link(year.get() - 1)}{move || link(year.get() + 1)}</div>
            </div>
            <p class="soft measure">{d::about()}</p>
            {calendar.view(move |found| view! { <Year found calendar/> })}
        </div>
    }
}

#[component]
fn Year(found: WorkingYear, calendar: Loaded<WorkingYear>) -> impl IntoView {
    let missing = (!found.has_tet).then(|| {
        view! { <Notice tone=Tone::Warn words=d::no_tet(found.year)/> }
    });
    let may_set = found.may_set;
    let rows = found
        .spans
        .into_iter()
        .map(|span| view! { <Row span may_set calendar/> })
        .collect_view();
    let mut columns = vec![d::days(), d::what(), d::holds(), d::source()];
    columns.extend(may_set.then(d::take_back));
    let columns = columns.into_iter().map(str::to_owned).collect::<Vec<_>>();
    let form = match may_set {
        true => view! { <SetForm calendar/> }.into_any(),
        false => view! { <p class="soft">{d::ask_administrator()}</p> }.into_any(),
    };
    view! {
        {missing}
        <Table caption=d::year_of(found.year) columns>{rows}</Table>
        {form}
    }
}

#[component]
fn Row(span: DaySpan, may_set: bool, calendar: Loaded<WorkingYear>) -> impl IntoView {
    let (api, toasts) = (use_api(), use_toasts());
    let (days, is_set) = (d::span(&span), span.holiday.is_none());
    let query = SpanQuery {
        from: span.from,
        to: span.to,
    };
    let clear = move |_| {
        spawn_local(async move {
            match api
                .call(async |client| client.clear_working_days(query).await)
                .await
            {
                Ok(found) => {
                    calendar.set(found);
                    toasts.say(d::taken_back());
                }
                Err(error) => drop(toasts.say(problem::call(&error))),
            }
        });
    };
    let (tone, holds) = match span.works {
        true => (Tone::Primary, d::works()),
        false => (Tone::Info, d::off()),
    };
    let action = may_set.then(|| {
        let button = is_set.then(|| {
            let name = d::take_back_name(days.clone());
            view! { <Button label=d::take_back() name kind=ButtonKind::Quiet on_press=clear/> }
        });
        view! { <td>{button}</td> }
    });
    view! {
        <tr>
            <th scope="row">{days.clone()}</th>
            <td>{d::named(&span)}</td>
            <td><Chip tone icon=icons::CALENDAR words=holds/></td>
            <td>{if is_set { d::set_here() } else { d::by_law() }}</td>
            {action}
        </tr>
    }
}

#[component]
fn SetForm(calendar: Loaded<WorkingYear>) -> impl IntoView {
    let (api, toasts) = (use_api(), use_toasts());
    let empty = || RwSignal::new(String::new());
    let (from, to, name) = (empty(), empty(), empty());
    let works = RwSignal::new(false);
    let errors = FormErrors::new();
    let submit = move |event: SubmitEvent| {
        event.prevent_default();
        errors.clear();
        let first = parse_date(&from.get_untracked());
        let Some(first) = first else {
            return errors.show_fields(vec![FieldError::new("from", FieldCode::Required)]);
        };
        let body = NewDaySpan {
            from: first,
            to: parse_date(&to.get_untracked()).unwrap_or(first),
            works: works.get_untracked(),
            name: name.get_untracked(),
        };
        spawn_local(async move {
            match api
                .call(async |client| client.set_working_days(&body).await)
                .await
            {
                Ok(found) => {
                    for input in [from, to, name] {
                        input.try_set(String::new());
                    }
                    calendar.set(found);
                    toasts.say(d::saved());
                }
                Err(error) => errors.show(&error),
            }
        });
    };
    view! {
        <section class="card stack measure" aria-labelledby="set-days">
            <h2 id="set-days">{d::add()}</h2>
            <form class="stack" on:submit=submit>
                {errors.notice()}
                <DateInput
                    id="days-from"
                    label=d::first_day()
                    value=from
                    on_input=move |text| from.set(text)
                    error=errors.of("from")
                />
                <DateInput
                    id="days-to"
                    label=d::last_day()
                    hint=d::last_day_hint()
                    value=to
                    on_input=move |text| to.set(text)
                    error=errors.of("to")
                    required=Required::No
                />
                <ChoiceButtons
                    id="days-works"
                    label=d::holds()
                    answers=vec![Answer::new("off", d::off()), Answer::new("works", d::works())]
                    value=Signal::derive(move || if works.get() { "works" } else { "off" }.to_owned())
                    on_choose=move |text: String| works.set(text == "works")
                />
                <TextInput
                    id="days-name"
                    label=d::name()
                    hint=d::name_hint()
                    value=name
                    on_input=move |text| name.set(text)
                    error=errors.of("name")
                />
                <div><Button label=d::save() kind=ButtonKind::Primary submits=Submits::Form/></div>
            </form>
        </section>
    }
}
