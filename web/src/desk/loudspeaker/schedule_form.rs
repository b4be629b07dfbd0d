//! The form of a weekly schedule.

use super::super::api::{FormErrors, use_api};
use super::super::known::{AreaChoice, number, use_known};
use super::super::today;
use super::rota::{self, Rota};
use crate::icons;
use crate::ui::{
    Answer, Button, ButtonKind, Checkboxes, DateInput, DialogActions, Notice, NumberInput, Required, Select,
    Submits, TextInput, Tone, use_toasts,
};
use crate::words::{label, loudspeaker as l, when};
use chrono::Weekday;
use keng_shared::id::AreaId;
use keng_shared::kind::TOPICS;
use keng_shared::loudspeaker::{BroadcastSchedule, Pause, ScheduleTerms, parse_terms};
use keng_shared::problem::{FieldCode, FieldError};
use keng_shared::time::LocalDate;
use leptos::ev::SubmitEvent;
use leptos::prelude::*;
use leptos::task::spawn_local;

const WEEK: [Weekday; 7] = [
    Weekday::Mon,
    Weekday::Tue,
    Weekday::Wed,
    Weekday::Thu,
    Weekday::Fri,
    Weekday::Sat,
    Weekday::Sun,
];

/// What the inputs hold, as typed.
#[derive(Clone, Copy)]
struct Inputs {
    name: RwSignal<String>,
    station_area: RwSignal<String>,
    station: RwSignal<String>,
    presenter: RwSignal<String>,
    areas: RwSignal<Vec<String>>,
    weekdays: RwSignal<Vec<String>>,
    times: RwSignal<String>,
    minutes: RwSignal<String>,
    topics: RwSignal<Vec<String>>,
    first_day: RwSignal<String>,
    last_day: RwSignal<String>,
    holidays: RwSignal<String>,
    /// The pauses that the schedule has; the three inputs below add one.
    pauses: RwSignal<Vec<Pause>>,
    pause_from: RwSignal<String>,
    pause_to: RwSignal<String>,
    pause_reason: RwSignal<String>,
}

/// The form. Without a schedule it writes a new one.
#[component]
pub fn ScheduleForm(
    area: AreaId,
    schedule: Option<BroadcastSchedule>,
    open: RwSignal<bool>,
    again: Callback<()>,
) -> impl IntoView {
    let (api, known, toasts) = (use_api(), use_known(), use_toasts());
    let stored = schedule.as_ref().map(|schedule| (schedule.id, schedule.revision));
    let before = schedule.map(|schedule| schedule.terms);
    let inputs = Inputs::of(before.unwrap_or_else(|| usual(area, known.villages(area))));
    let errors = FormErrors::new();
    let submit = move |event: SubmitEvent| {
        event.prevent_default();
        errors.clear();
        let read = inputs.read();
        let terms = match read.and_then(|terms| parse_terms(terms, today())) {
            Ok(terms) => terms,
            Err(found) => return errors.show_fields(found),
        };
        spawn_local(async move {
            let saved = match stored {
                Some((id, revision)) => {
                    api.call(async |client| client.edit_broadcast_schedule(id, revision, &terms).await)
                        .await
                }
                None => {
                    api.call(async |client| client.create_broadcast_schedule(&terms).await)
                        .await
                }
            };
            match saved {
                Ok(_) => {
                    toasts.say(l::schedule_saved());
                    again.run(());
                    open.try_set(false);
                }
                Err(error) => errors.show(&error),
            }
        });
    };
    let villages = move || {
        let station = number(&inputs.station_area.get()).map(AreaId);
        let answers = station.map(|station| known.villages(station)).unwrap_or_default();
        view! {
            <Checkboxes
                id="schedule-areas"
                label=l::areas()
                answers
                values=inputs.areas
                on_change=move |chosen| inputs.areas.set(chosen)
                error=errors.of("areas")
            />
        }
    };
    let choose_station = move |text: String| {
        let villages = number(&text)
            .map(|id| known.villages(AreaId(id)))
            .unwrap_or_default();
        inputs
            .areas
            .set(villages.into_iter().map(|village| village.value).collect());
        inputs.station_area.set(text);
    };
    let weekdays: Vec<Answer> = WEEK
        .iter()
        .map(|day| Answer::new(day.to_string(), l::weekday(*day)))
        .collect();
    let choose_topics = move |chosen: Vec<String>| {
        inputs
            .topics
            .update(|topics| *topics = rota::ticked(topics, &chosen));
    };
    let topics: Vec<Answer> = TOPICS
        .iter()
        .map(|topic| Answer::new(topic.id, label(topic.label)))
        .collect();
    let text = move |id: &'static str,
                     name: &'static str,
                     hint: &'static str,
                     value: RwSignal<String>,
                     error: &'static str,
                     required: Required| {
        view! {
            <TextInput id label=name hint value on_input=move |words| value.set(words) error=errors.of(error) required/>
        }
    };
    let date = move |id: &'static str,
                     name: &'static str,
                     value: RwSignal<String>,
                     error: &'static str,
                     required: Required| {
        view! {
            <DateInput id label=name value on_input=move |words| value.set(words) error=errors.of(error) required/>
        }
    };
    view! {
        <form class="stack" on:submit=submit>
            {move || {
                let words = errors.whole().get();
                (!words.is_empty()).then(|| view! { <Notice tone=Tone::Danger words/> })
            }}
            {text("schedule-name", l::schedule_name(), "", inputs.name, "name", Required::Yes)}
            {stored.is_none().then(|| view! {
                <Select
                    id="schedule-station-area"
                    label=l::station_area()
                    answers=Signal::derive(move || known.area_answers(AreaChoice::Working))
                    value=inputs.station_area
                    on_input=choose_station
                    error=errors.of("area_id")
                />
            })}
            {text("schedule-station", l::station(), "", inputs.station, "station", Required::Yes)}
            {text("schedule-presenter", l::presenter(), l::presenter_hint(), inputs.presenter, "presenter", Required::No)}
            {villages}
            <Checkboxes
                id="schedule-weekdays"
                label=l::weekdays()
                answers=weekdays
                values=inputs.weekdays
                on_change=move |chosen| inputs.weekdays.set(chosen)
                error=errors.of("weekdays")
            />
            {text("schedule-times", l::times(), l::times_hint(), inputs.times, "times", Required::Yes)}
            <NumberInput
                id="schedule-minutes"
                label=l::minutes()
                unit=l::minutes_unit()
                value=inputs.minutes
                on_input=move |words| inputs.minutes.set(words)
                error=errors.of("minutes")
            />
            <Checkboxes
                id="schedule-topics"
                label=l::topics()
                answers=topics
                values=inputs.topics
                on_change=choose_topics
                error=errors.of("topics")
            />
            <Rota topics=inputs.topics/>
            <div class="form-row">
                {date("schedule-first", l::first_day(), inputs.first_day, "first_day", Required::Yes)}
                {date("schedule-last", l::last_day(), inputs.last_day, "last_day", Required::No)}
            </div>
            {text("schedule-holidays", l::holidays(), l::holidays_hint(), inputs.holidays, "holidays", Required::No)}
            {pauses(inputs.pauses)}
            <div class="form-row">
                {date("schedule-pause-from", l::pause_from(), inputs.pause_from, "pauses", Required::No)}
                {date("schedule-pause-to", l::pause_to(), inputs.pause_to, "pauses", Required::No)}
            </div>
            {text("schedule-pause-reason", l::pause_reason(), "", inputs.pause_reason, "pauses", Required::No)}
            <DialogActions open>
                <Button label=l::save() kind=ButtonKind::Primary submits=Submits::Form/>
            </DialogActions>
        </form>
    }
}

/// The pauses that the schedule has, each with a button that takes it out.
fn pauses(pauses: RwSignal<Vec<Pause>>) -> impl IntoView {
    let lines = move || {
        let lines = pauses.get().into_iter().enumerate().map(|(place, pause)| {
            let days = l::pause_days(when::date(pause.from), when::date(pause.to));
            let words = match pause.reason.is_empty() {
                true => days,
                false => format!("{days}: {}", pause.reason),
            };
            let name = l::pause_remove(&words);
            let remove = move |_| {
                pauses.update(|pauses| {
                    pauses.remove(place);
                });
            };
            view! {
                <li class="row-apart">
                    <span>{words}</span>
                    <Button label=l::pause_remove_short() name icon=icons::X on_press=remove/>
                </li>
            }
        });
        lines.collect_view()
    };
    move || {
        let has_any = pauses.with(|pauses| !pauses.is_empty());
        has_any.then(|| view! { <ul class="plain-list" aria-label=l::pauses()>{lines}</ul> })
    }
}

/// A schedule as most stations have it: three afternoons a week, to every village, from this week on.
fn usual(area: AreaId, villages: Vec<Answer>) -> ScheduleTerms {
    ScheduleTerms {
        area_id: area,
        name: String::new(),
        station: String::new(),
        presenter: String::new(),
        areas: villages
            .iter()
            .filter_map(|village| number(&village.value))
            .map(AreaId)
            .collect(),
        weekdays: vec![Weekday::Mon, Weekday::Wed, Weekday::Fri],
        times: "17:00".parse().into_iter().collect(),
        minutes: 30,
        topics: Vec::new(),
        first_day: keng_shared::loudspeaker::monday_of(today()),
        last_day: None,
        holidays: Vec::new(),
        pauses: Vec::new(),
    }
}

impl Inputs {
    fn of(terms: ScheduleTerms) -> Self {
        let join = |parts: Vec<String>| parts.join(", ");
        let date = |day: Option<LocalDate>| day.map(when::input_date).unwrap_or_default();
        Self {
            name: RwSignal::new(terms.name),
            station_area: RwSignal::new(terms.area_id.to_string()),
            station: RwSignal::new(terms.station),
            presenter: RwSignal::new(terms.presenter),
            areas: RwSignal::new(terms.areas.iter().map(AreaId::to_string).collect()),
            weekdays: RwSignal::new(terms.weekdays.iter().map(Weekday::to_string).collect()),
            times: RwSignal::new(join(terms.times.iter().map(ToString::to_string).collect())),
            minutes: RwSignal::new(terms.minutes.to_string()),
            topics: RwSignal::new(terms.topics),
            first_day: RwSignal::new(when::input_date(terms.first_day)),
            last_day: RwSignal::new(date(terms.last_day)),
            holidays: RwSignal::new(join(terms.holidays.iter().map(|day| when::date(*day)).collect())),
            pauses: RwSignal::new(terms.pauses),
            pause_from: RwSignal::new(String::new()),
            pause_to: RwSignal::new(String::new()),
            pause_reason: RwSignal::new(String::new()),
        }
    }

    /// What the inputs say; errors for what cannot be read at all.
    fn read(self) -> Result<ScheduleTerms, Vec<FieldError>> {
        let mut errors = Vec::new();
        let mut wrong = |field: &str| errors.push(FieldError::new(field, FieldCode::BadFormat));
        let times = self.times.get_untracked();
        let times: Option<Vec<_>> = parts(&times).map(|time| time.parse().ok()).collect();
        let holidays = self.holidays.get_untracked();
        let holidays: Option<Vec<_>> = parts(&holidays).map(day_month_year).collect();
        let date = |value: RwSignal<String>| value.get_untracked().parse::<LocalDate>().ok();
        let first_day = date(self.first_day);
        let minutes = self.minutes.get_untracked().trim().parse().ok();
        let mut pauses = self.pauses.get_untracked();
        match (date(self.pause_from), date(self.pause_to)) {
            (None, None) => {}
            (Some(from), Some(to)) => pauses.push(Pause {
                from,
                to,
                reason: self.pause_reason.get_untracked(),
            }),
            _ => wrong("pauses"),
        }
        let missing = [
            ("times", times.is_none()),
            ("holidays", holidays.is_none()),
            ("first_day", first_day.is_none()),
            ("minutes", minutes.is_none()),
        ];
        missing
            .iter()
            .filter(|(_, is_missing)| *is_missing)
            .for_each(|(field, _)| wrong(field));
        let (Some(times), Some(holidays), Some(first_day), Some(minutes), true) =
            (times, holidays, first_day, minutes, errors.is_empty())
        else {
            return Err(errors);
        };
        let ids = self.areas.get_untracked();
        let weekdays = self.weekdays.get_untracked();
        Ok(ScheduleTerms {
            area_id: AreaId(number(&self.station_area.get_untracked()).unwrap_or_default()),
            name: self.name.get_untracked(),
            station: self.station.get_untracked(),
            presenter: self.presenter.get_untracked(),
            areas: ids.iter().filter_map(|id| number(id)).map(AreaId).collect(),
            weekdays: weekdays.iter().filter_map(|day| day.parse().ok()).collect(),
            times,
            minutes,
            topics: self.topics.get_untracked(),
            first_day,
            last_day: date(self.last_day),
            holidays,
            pauses,
        })
    }
}

fn parts(text: &str) -> impl Iterator<Item = &str> {
    text.split([',', ';'])
        .map(str::trim)
        .filter(|part| !part.is_empty())
}

/// Reads `30/04/2027`.
fn day_month_year(text: &str) -> Option<LocalDate> {
    let mut numbers = text.split('/');
    let (day, month, year) = (numbers.next()?, numbers.next()?, numbers.next()?);
    let rest = numbers.next();
    let date = LocalDate::from_ymd_opt(year.parse().ok()?, month.parse().ok()?, day.parse().ok()?)?;
    rest.is_none().then_some(date)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_day_is_read_as_it_is_written_in_viet_nam() {
        assert_eq!(day_month_year("30/4/2027"), LocalDate::from_ymd_opt(2027, 4, 30));
        for odd in ["31/04/2027", "2027-04-30", "30/04", "30/04/2027/1"] {
            assert_eq!(day_month_year(odd), None, "{odd}");
        }
    }
}
