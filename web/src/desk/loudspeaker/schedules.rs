//! The schedules of an area: a table, and dialogs to write, change and end one.

use super::super::api::use_api;
use super::super::known::use_known;
use super::schedule_form::ScheduleForm;
use crate::icons;
use crate::ui::{Button, ButtonKind, Dialog, DialogActions, EmptyState, Table, use_toasts};
use crate::words::{desk as d, interface as w, loudspeaker as l, problem, when};
use keng_shared::id::AreaId;
use keng_shared::loudspeaker::{BroadcastSchedule, ScheduleTerms};
use keng_shared::permission::Verb;
use leptos::prelude::*;
use leptos::task::spawn_local;

/// The schedules.
#[component]
pub fn Schedules(area: AreaId, schedules: Vec<BroadcastSchedule>, again: Callback<()>) -> impl IntoView {
    let (api, toasts) = (use_api(), use_toasts());
    let may_plan = api.may(Verb::PlanBroadcasts);
    let (open, asked) = (RwSignal::new(false), RwSignal::new(false));
    let chosen = RwSignal::new(None::<BroadcastSchedule>);
    let edit = Callback::new(move |schedule: Option<BroadcastSchedule>| {
        chosen.set(schedule);
        open.set(true);
    });
    let ask = Callback::new(move |schedule: BroadcastSchedule| {
        chosen.set(Some(schedule));
        asked.set(true);
    });
    let stop = move |_| {
        asked.set(false);
        let Some(schedule) = chosen.get_untracked() else {
            return;
        };
        spawn_local(async move {
            let (id, revision) = (schedule.id, schedule.revision);
            let ended = api
                .call(async |client| client.delete_broadcast_schedule(id, revision).await)
                .await;
            match ended {
                Ok(()) => drop(toasts.say(l::schedule_stopped())),
                Err(error) => drop(toasts.say(problem::call(&error))),
            }
            again.run(());
        });
    };
    let title = Signal::derive(move || match chosen.get() {
        Some(_) => l::edit_schedule().to_owned(),
        None => l::add_schedule().to_owned(),
    });
    let list = if schedules.is_empty() {
        view! { <EmptyState icon=icons::CALENDAR_CLOCK words=l::no_schedules()/> }.into_any()
    } else {
        table(schedules, may_plan.then_some((edit, ask))).into_any()
    };
    view! {
        <section class="stack-tight">
            <div class="row-apart">
                <h3>{l::schedules()}</h3>
                {may_plan.then(|| view! {
                    <Button label=l::add_schedule() icon=icons::CALENDAR_PLUS on_press=move |_| edit.run(None)/>
                })}
            </div>
            {list}
        </section>
        <Dialog open title class="dialog-wide">
            {move || view! { <ScheduleForm area schedule=chosen.get() open again/> }}
        </Dialog>
        <Dialog open=asked title=l::stop_schedule()>
            <p>{l::stop_schedule_text()}</p>
            <DialogActions open=asked>
                <Button label=l::stop_schedule() kind=ButtonKind::Danger on_press=stop/>
            </DialogActions>
        </Dialog>
    }
}

type Actions = (Callback<Option<BroadcastSchedule>>, Callback<BroadcastSchedule>);

fn table(schedules: Vec<BroadcastSchedule>, actions: Option<Actions>) -> impl IntoView {
    let mut columns = [
        l::schedule_name(),
        l::station(),
        l::times(),
        l::areas(),
        l::first_day(),
        l::last_day(),
    ]
    .map(str::to_owned)
    .to_vec();
    if actions.is_some() {
        columns.push(d::actions().to_owned());
    }
    let rows = schedules
        .into_iter()
        .map(|schedule| row(schedule, actions))
        .collect_view();
    view! { <Table caption=l::schedules() columns>{rows}</Table> }
}

fn row(schedule: BroadcastSchedule, actions: Option<Actions>) -> impl IntoView {
    let known = use_known();
    let terms = schedule.terms.clone();
    let station = terms.area_id;
    let name = terms.name.clone();
    let buttons = actions.map(|(edit, ask)| {
        let (to_edit, to_stop) = (schedule.clone(), schedule);
        view! {
            <td>
                <span class="row">
                    <Button
                        label=w::edit()
                        name=format!("{}: {name}", l::edit_schedule())
                        icon=icons::PENCIL
                        on_press=move |_| edit.run(Some(to_edit.clone()))
                    />
                    <Button
                        label=l::stop_schedule()
                        name=format!("{}: {name}", l::stop_schedule())
                        icon=icons::BAN
                        on_press=move |_| ask.run(to_stop.clone())
                    />
                </span>
            </td>
        }
    });
    view! {
        <tr>
            <th scope="row">{terms.name.clone()}</th>
            <td>{terms.station.clone()} <br/> <span class="small soft">{move || known.area(station)}</span></td>
            <td>{times_words(&terms)}</td>
            <td>{l::areas_count(terms.areas.len())}</td>
            <td>{when::date(terms.first_day)}</td>
            <td>{terms.last_day.map(when::date)}</td>
            {buttons}
        </tr>
    }
}

/// `Thứ Hai, Thứ Tư · 17:00 · 30 phút`.
fn times_words(terms: &ScheduleTerms) -> String {
    let days: Vec<&str> = terms.weekdays.iter().map(|day| l::weekday(*day)).collect();
    let times: Vec<String> = terms.times.iter().map(ToString::to_string).collect();
    format!(
        "{} · {} · {}",
        days.join(", "),
        times.join(", "),
        l::minutes_count(terms.minutes)
    )
}
