//! The calendar: residential areas × days, each broadcast as a mark with words, and how often the area was reached.

use super::slots;
use crate::icons::{self, Icon};
use crate::ui::{Chip, Tone};
use crate::words::{loudspeaker as l, number, pick};
use chrono::Days;
use keng_shared::api::{AreaCoverage, BroadcastRow, BroadcastWeek, Coverage, DEFAULT_WEEKS};
use keng_shared::id::AreaId;
use keng_shared::loudspeaker::{SlotState, WeekSlot, average_tenths, meets_target};
use keng_shared::record::RecordStatus;
use keng_shared::time::LocalDate;
use leptos::prelude::*;

/// The calendar.
#[component]
pub fn Calendar(week: BroadcastWeek, coverage: Coverage) -> impl IntoView {
    let days: Vec<LocalDate> = (0..7)
        .filter_map(|day| week.monday.checked_add_days(Days::new(day)))
        .collect();
    let heads = days
        .iter()
        .map(|day| view! { <th scope="col">{l::short_day(*day)}</th> })
        .collect_view();
    let planned = slots(&week);
    let planned_cells = days
        .iter()
        .map(|day| {
            let of_day: Vec<_> = planned
                .iter()
                .filter(|(_, slot)| slot.planned.slot.date == *day)
                .map(|(_, slot)| slot_line(slot))
                .collect();
            view! { <td><ul class="calendar-slots">{of_day}</ul></td> }
        })
        .collect_view();
    let rows = coverage
        .areas
        .iter()
        .map(|area| area_row(area, &coverage, &days, &week.sessions))
        .collect_view();
    view! {
        <section class="stack-tight">
            <h3>{l::coverage()}</h3>
            <p class="soft small">{l::coverage_hint(coverage.target, DEFAULT_WEEKS)}</p>
            <Legend/>
            <div class="table-frame" tabindex="0" role="group" aria-label=l::coverage()>
                <table class="table calendar">
                    <caption class="unseen">{l::coverage()}</caption>
                    <thead>
                        <tr>
                            <th scope="col">{l::area_column()}</th>
                            {heads}
                            <th scope="col" class="number">{l::week_column()}</th>
                            <th scope="col">{l::average_column()}</th>
                        </tr>
                    </thead>
                    <tbody>
                        <tr class="calendar-plan">
                            <th scope="row">{l::schedules()}</th>
                            {planned_cells}
                            <td></td>
                            <td></td>
                        </tr>
                        {rows}
                    </tbody>
                </table>
            </div>
        </section>
    }
}

/// What the marks mean.
#[component]
fn Legend() -> impl IntoView {
    let entries = [Mark::Accepted, Mark::Waiting, Mark::Returned, Mark::Missed].map(
        |mark| view! { <li class="row">{mark_view(mark, String::new())}<span>{mark.words()}</span></li> },
    );
    view! { <ul class="chips small">{entries.into_iter().collect_view()}</ul> }
}

fn slot_line(slot: &WeekSlot) -> impl IntoView + use<> {
    let (class, words, href) = match &slot.state {
        SlotState::Ahead => ("quiet", l::ahead().to_owned(), None),
        SlotState::Waiting => ("info", l::waits().to_owned(), None),
        SlotState::Overdue => ("warn", l::overdue().to_owned(), None),
        SlotState::Resting(rest) => ("quiet", l::rest(rest), None),
        SlotState::Aired(confirmed) => {
            let all = confirmed.aired + confirmed.missed;
            let words = l::heard_in(confirmed.aired, all);
            let class = if confirmed.missed == 0 { "good" } else { "warn" };
            (class, words, Some(confirmed))
        }
        SlotState::Missed(confirmed) => ("danger", l::not_heard().to_owned(), Some(confirmed)),
    };
    let late = href.is_some_and(|confirmed| confirmed.late);
    let href = href.map(|confirmed| format!("/desk/review/{}?status=all", confirmed.record_id));
    let time = slot.planned.slot.time.to_string();
    let inside = view! {
        <span class="strong">{time}</span>
        " "
        <span class="small">{words}</span>
        {late.then(|| view! { <span class="small">" · " {l::late()}</span> })}
    };
    let title = l::topic_of(&slot.planned.topic);
    view! {
        <li class=format!("calendar-slot calendar-{class}") title=title>
            {match href {
                Some(href) => view! { <a href=href>{inside}</a> }.into_any(),
                None => inside.into_any(),
            }}
        </li>
    }
}

/// What became of a broadcast in an area.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Mark {
    Accepted,
    Waiting,
    Returned,
    Missed,
}

impl Mark {
    fn words(self) -> &'static str {
        match self {
            Self::Accepted => pick("Nghe được, đã duyệt", "Heard, accepted"),
            Self::Waiting => pick("Nghe được, chờ duyệt", "Heard, waiting for review"),
            Self::Returned => pick("Trả lại, chưa tính", "Returned, not counted"),
            Self::Missed => pick("Không nghe được", "Not heard"),
        }
    }

    fn face(self) -> (&'static str, Icon) {
        match self {
            Self::Accepted => ("mark mark-good", icons::CHECK),
            Self::Waiting => ("mark mark-info", icons::HOURGLASS),
            Self::Returned => ("mark mark-warn", icons::UNDO_2),
            Self::Missed => ("mark mark-danger", icons::X),
        }
    }
}

fn mark_view(mark: Mark, words: String) -> impl IntoView {
    let (class, icon) = mark.face();
    let title = words.clone();
    view! {
        <span class=class title=title>
            <icons::Picture icon/>
            <span class="unseen">{words}</span>
        </span>
    }
}

fn marks(area: AreaId, day: LocalDate, sessions: &[BroadcastRow]) -> Vec<(Mark, String)> {
    let of_day = sessions
        .iter()
        .filter(|row| row.started_at.local_date() == Some(day));
    of_day
        .filter_map(|row| {
            let covered = row.session.areas.iter().find(|covered| covered.area_id == area)?;
            let (mark, reason) = match (covered.missed, row.status) {
                (Some(reason), _) => (Mark::Missed, format!(": {}", l::miss_reason(reason))),
                (None, RecordStatus::Accepted) => (Mark::Accepted, String::new()),
                (None, RecordStatus::Returned) => (Mark::Returned, String::new()),
                (None, _) => (Mark::Waiting, String::new()),
            };
            let time = crate::words::when::time(row.started_at);
            Some((mark, format!("{time} {}{reason}", mark.words())))
        })
        .collect()
}

fn area_row(
    area: &AreaCoverage,
    coverage: &Coverage,
    days: &[LocalDate],
    sessions: &[BroadcastRow],
) -> impl IntoView + use<> {
    let cells = days
        .iter()
        .map(|day| {
            let marks = marks(area.area_id, *day, sessions)
                .into_iter()
                .map(|(mark, words)| mark_view(mark, words))
                .collect_view();
            view! { <td><span class="marks">{marks}</span></td> }
        })
        .collect_view();
    let heard = area.period_accepted + area.period_waiting;
    let tenths = |sessions: u32| {
        average_tenths(sessions, coverage.days).map(|tenths| number::tenths(f64::from(tenths) / 10.0))
    };
    let (tone, icon, words) = if meets_target(area.period_accepted, coverage.days) {
        (Tone::Good, icons::CHECK, l::on_target())
    } else if meets_target(heard, coverage.days) {
        (Tone::Info, icons::HOURGLASS, l::on_target_if_accepted())
    } else {
        (Tone::Warn, icons::CIRCLE_ALERT, l::below_target())
    };
    // The bar is full at the target.
    let most = f64::from(coverage.target) * f64::from(coverage.days) / 7.0;
    let share = |sessions: u32| format!("{:.0}", (f64::from(sessions) / most.max(1.0) * 100.0).min(100.0));
    let (accepted, all) = (share(area.period_accepted), share(heard));
    view! {
        <tr>
            <th scope="row">{area.name.clone()}</th>
            {cells}
            <td class="number">{area.accepted + area.waiting}</td>
            <td class="calendar-coverage">
                <span class="row">
                    <span class="coverage-number">{tenths(heard).unwrap_or_else(|| "–".to_owned())}</span>
                    <Chip tone icon words/>
                </span>
                <svg class="coverage-bar" viewBox="0 0 100 8" preserveAspectRatio="none" aria-hidden="true">
                    <rect class="coverage-waiting" width=all height="8"></rect>
                    <rect class="coverage-accepted" width=accepted height="8"></rect>
                </svg>
                <span class="small soft">{l::week_figures(area.period_accepted, area.period_waiting)}</span>
            </td>
        </tr>
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use keng_shared::id::{RecordId, UserId};
    use keng_shared::loudspeaker::{CoveredArea, LoudspeakerSession, MissReason};
    use keng_shared::record::PersonName;
    use keng_shared::time::start_of_day;
    use uuid::Uuid;

    fn row(status: RecordStatus, missed: Option<MissReason>) -> BroadcastRow {
        BroadcastRow {
            record_id: RecordId(Uuid::nil()),
            area_id: AreaId(1),
            started_at: start_of_day("2026-11-16".parse().unwrap()).plus(17 * 3_600_000),
            status,
            author: PersonName {
                id: UserId(Uuid::nil()),
                name: String::new(),
            },
            late: false,
            photos: 0,
            session: LoudspeakerSession {
                topic: "online_fraud".into(),
                script: String::new(),
                station: String::new(),
                minutes: 30,
                presenter: String::new(),
                areas: vec![CoveredArea {
                    area_id: AreaId(2),
                    missed,
                    note: String::new(),
                }],
                slot: None,
                confirmed_at: None,
                note: String::new(),
            },
        }
    }

    #[test]
    fn a_mark_says_whether_an_area_heard_it_and_whether_it_counts() {
        let day = "2026-11-16".parse().unwrap();
        let found = |row: BroadcastRow| marks(AreaId(2), day, &[row]).remove(0);
        assert_eq!(found(row(RecordStatus::Accepted, None)).0, Mark::Accepted);
        assert_eq!(found(row(RecordStatus::Submitted, None)).0, Mark::Waiting);
        assert_eq!(found(row(RecordStatus::Returned, None)).0, Mark::Returned);
        let missed = found(row(RecordStatus::Accepted, Some(MissReason::PowerCut)));
        assert_eq!(
            missed,
            (Mark::Missed, "17:00 Không nghe được: Mất điện".to_owned())
        );
        assert!(marks(AreaId(3), day, &[row(RecordStatus::Accepted, None)]).is_empty());
    }
}
