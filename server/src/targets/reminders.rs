//! What of a plan is due: read off the matrix that everybody sees, so that a reminder never says more than its figures.

use chrono::Days;
use keng_shared::api::{MatrixTarget, ProgressMatrix, ReminderCause, TargetReminder};
use keng_shared::target::{Aggregation, Missing, PlanTerms, Progress, Span, Target};
use keng_shared::time::LocalDate;

/// Days before its last day that something is called to mind.
const SOON_DAYS: i64 = 30;
/// Days before a report is due that it is called to mind.
const REPORT_DAYS: i64 = 14;
/// Days after its last one that a plan whose period is over is still called to mind: nobody tells the program that its
/// report was sent.
const AFTER_DAYS: u64 = 30;

/// Whether anything of a plan may be due on a day.
pub fn is_in_force(terms: &PlanTerms, today: LocalDate) -> bool {
    let last = terms.due.map_or(terms.period.to, |due| {
        let after = due.checked_add_days(Days::new(AFTER_DAYS));
        after.unwrap_or(due).max(terms.period.to)
    });
    Span {
        from: terms.period.from,
        to: last,
    }
    .holds(today)
}

/// What is due of a plan in the area of a matrix, the most pressing first.
pub fn of_plan(matrix: &ProgressMatrix, terms: &PlanTerms) -> Vec<TargetReminder> {
    let mut found: Vec<TargetReminder> = matrix
        .targets
        .iter()
        .zip(&terms.targets)
        .flat_map(|(column, target)| of_target(matrix, column, target))
        .collect();
    if let Some(due) = terms.due {
        let days = due.signed_duration_since(matrix.today).num_days();
        if days <= REPORT_DAYS {
            found.push(TargetReminder {
                cause: match days {
                    0.. => ReminderCause::Report,
                    _ => ReminderCause::Overdue,
                },
                until: due,
                code: String::new(),
                text: String::new(),
                kind: String::new(),
                units: 0,
                asked: 0,
                missing: None,
                ..blank(matrix)
            });
        }
    }
    found.sort_by(press);
    found
}

/// The order of what is due: this week, then by day, what is overdue last and newest first.
pub fn press(one: &TargetReminder, other: &TargetReminder) -> std::cmp::Ordering {
    let is_over = |reminder: &TargetReminder| reminder.cause == ReminderCause::Overdue;
    let by_day = if is_over(one) && is_over(other) {
        other.until.cmp(&one.until)
    } else {
        one.until.cmp(&other.until)
    };
    is_over(one)
        .cmp(&is_over(other))
        .then(by_day)
        .then_with(|| one.code.cmp(&other.code))
}

fn blank(matrix: &ProgressMatrix) -> TargetReminder {
    TargetReminder {
        cause: ReminderCause::DueSoon,
        until: matrix.today,
        plan_id: matrix.plan.id,
        plan: matrix.plan.title.clone(),
        area_id: matrix.area_id,
        code: String::new(),
        text: String::new(),
        kind: String::new(),
        units: 0,
        asked: 0,
        missing: None,
    }
}

/// How one unit stands.
#[derive(Debug, Clone, Copy)]
struct Standing {
    progress: Progress,
    missing: Option<Missing>,
    overdue_since: Option<LocalDate>,
}

fn of_target(matrix: &ProgressMatrix, column: &MatrixTarget, target: &Target) -> Vec<TargetReminder> {
    let of_units: Vec<Standing> = column
        .cells
        .iter()
        .map(|cell| Standing {
            progress: cell.progress,
            missing: cell.missing,
            overdue_since: cell.overdue_since,
        })
        .filter(|standing| standing.progress != Progress::NotApplicable)
        .collect();
    let own = Standing {
        progress: column.whole.progress,
        missing: column.whole.missing,
        overdue_since: column.whole.overdue_since,
    };
    // Inside a commune the commune answers for itself; above it, its units do.
    let is_commune = matrix.area_id != matrix.plan.area_id;
    let is_own = own.progress != Progress::NotApplicable && (is_commune || of_units.is_empty());
    let standings = if is_own { vec![own] } else { of_units };
    let count = |number: usize| u32::try_from(number).unwrap_or(u32::MAX);
    let reminder = |(cause, until, open): (ReminderCause, LocalDate, usize)| TargetReminder {
        cause,
        until,
        code: column.code.clone(),
        text: column.text.clone(),
        kind: target
            .source
            .as_ref()
            .map_or_else(String::new, |source| source.kind.clone()),
        units: if is_own { 0 } else { count(open) },
        asked: if is_own { 0 } else { count(standings.len()) },
        missing: own
            .missing
            .filter(|_| is_own && cause != ReminderCause::Overdue)
            .map(|missing| missing.count),
        ..blank(matrix)
    };
    let (last_day, today) = (column.last_day, matrix.today);
    let coming = coming(&standings, last_day, target, today);
    // Who is below an average by the week is told so, and no more.
    let is_weekly = coming.is_some_and(|(cause, ..)| cause == ReminderCause::Week);
    let over = over(&standings, last_day).filter(|_| !is_weekly);
    coming.into_iter().chain(over).map(reminder).collect()
}

/// What has still time: why, until when, and how many units.
fn coming(
    standings: &[Standing],
    last_day: LocalDate,
    target: &Target,
    today: LocalDate,
) -> Option<(ReminderCause, LocalDate, usize)> {
    if target.aggregation == Aggregation::WeeklyAverage {
        let behind = || {
            standings
                .iter()
                .filter(|standing| standing.progress == Progress::Behind)
        };
        let until = behind()
            .filter_map(|standing| standing.missing.map(|missing| missing.until))
            .min();
        if let Some(until) = until {
            return Some((ReminderCause::Week, until, behind().count()));
        }
    }
    // A ceiling that is kept is on track until its last day, and nobody has to do anything about it. One part may be overdue
    // while the next one has time.
    let lacks = |standing: &&Standing| standing.missing.is_some() || standing.progress == Progress::Behind;
    let open = || standings.iter().filter(lacks);
    let until = open()
        .map(|standing| standing.missing.map_or(last_day, |missing| missing.until))
        .filter(|until| (0..=SOON_DAYS).contains(&until.signed_duration_since(today).num_days()))
        .min();
    until.map(|until| (ReminderCause::DueSoon, until, open().count()))
}

/// What is overdue: since the first last day that passed, and how many units.
fn over(standings: &[Standing], last_day: LocalDate) -> Option<(ReminderCause, LocalDate, usize)> {
    let overdue = || {
        standings
            .iter()
            .filter(|standing| standing.progress == Progress::Overdue)
    };
    let since = overdue()
        .map(|standing| standing.overdue_since.unwrap_or(last_day))
        .min();
    since.map(|since| (ReminderCause::Overdue, since, overdue().count()))
}
