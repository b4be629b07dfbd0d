//! What of the plans is due: a list on the front page and above the targets, each line opening the figures behind it.

use super::api::use_api;
use super::load::load;
use super::now;
use crate::icons::{self, Picture};
use crate::ui::{Button, EmptyState};
use crate::words::{number, targets as t, when};
use keng_shared::api::{ReminderCause, TargetReminder};
use keng_shared::time::LocalDate;
use leptos::prelude::*;

/// Lines that are shown before all are asked for.
const FIRST: usize = 4;

/// The list; nothing while there is no plan at all.
#[component]
pub fn Due() -> impl IntoView {
    let api = use_api();
    let all = RwSignal::new(false);
    let due = load(move || api.call(async |client| client.target_reminders().await));
    view! {
        <section class="stack-tight screen-only" aria-labelledby="due-title">
            <h2 id="due-title">{t::due_title()}</h2>
            {due.view(move |due| view! { <Lines due all/> })}
        </section>
    }
}

#[component]
fn Lines(due: Vec<TargetReminder>, all: RwSignal<bool>) -> impl IntoView {
    if due.is_empty() {
        return view! { <EmptyState icon=icons::FLAG words=t::due_none()/> }.into_any();
    }
    let count = due.len();
    let due = StoredValue::new(due);
    view! {
        <ul class="due">
            {move || {
                let shown = if all.get() { count } else { FIRST };
                due.with_value(|due| due.iter().take(shown).map(line).collect_view())
            }}
        </ul>
        {move || {
            let is_cut = !all.get() && count > FIRST;
            is_cut.then(|| {
                view! { <Button label=t::due_more(count) on_press=move |_| all.set(true)/> }
            })
        }}
    }
    .into_any()
}

fn line(reminder: &TargetReminder) -> impl IntoView + use<> {
    let today = now().local_date().unwrap_or(reminder.until);
    let (icon, class) = match reminder.cause {
        ReminderCause::Overdue => (icons::CIRCLE_ALERT, "standing standing-danger"),
        ReminderCause::Week => (icons::HOURGLASS, "standing standing-warn"),
        ReminderCause::DueSoon | ReminderCause::Report => (icons::CLOCK, "standing standing-info"),
    };
    let lacks = match (reminder.units, reminder.missing) {
        (0, Some(missing)) => Some(t::due_missing(number::grouped(missing))),
        (0, None) => None,
        (units, _) => Some(t::due_units(units, reminder.asked)),
    };
    let text = if reminder.code.is_empty() {
        t::due_report().to_owned()
    } else {
        format!("{}. {}", reminder.code, reminder.text)
    };
    let pressing = t::due_words(reminder, today);
    let about: Vec<String> = [lacks, until(reminder, today), Some(reminder.plan.clone())]
        .into_iter()
        .flatten()
        .collect();
    view! {
        <li>
            <a class="card due-line" href=address(reminder)>
                <span class=class><Picture icon/><span class="standing-word">{pressing}</span></span>
                <span class="due-text">{text}</span>
                <span class="soft small">{about.join(" · ")}</span>
            </a>
        </li>
    }
}

/// The day, where the first words do not name it.
fn until(reminder: &TargetReminder, today: LocalDate) -> Option<String> {
    let names_days = matches!(reminder.cause, ReminderCause::DueSoon | ReminderCause::Report);
    (names_days && reminder.until != today).then(|| t::until(when::date(reminder.until)))
}

/// The matrix with the records behind the figure open.
fn address(reminder: &TargetReminder) -> String {
    let (plan, area) = (reminder.plan_id, reminder.area_id);
    if reminder.code.is_empty() {
        return format!("/desk/targets?plan={plan}&area={area}");
    }
    let code = &reminder.code;
    format!("/desk/targets?plan={plan}&area={area}&target={code}&unit={area}")
}
