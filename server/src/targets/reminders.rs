//! What of a plan is due: read off the matrix that everybody sees, so that a reminder never says more than its figures.

use keng_shared::api::{MatrixTarget, ProgressMatrix, ReminderCause, TargetReminder};
use keng_shared::target::{Aggregation, Missing, PlanTerms, Progress, Target};
use keng_shared::time::LocalDate;

/// Days before its last day that something is called to mind.
const SOON_DAYS: i64 = 30;
/// Days before a report is due that it is called to mind.
const REPORT_DAYS: i64 = 14;

/// What is due of a plan in the area of a matrix, the most pressing first.
pub fn of_plan(matrix: &ProgressMatrix, terms: &PlanTerms) -> Vec<TargetReminder> {
    let mut found: Vec<TargetReminder> = matrix
        .targets
        .iter()
        .zip(&terms.targets)
        .filter_map(|(column, target)| of_target(matrix, column, target))
        .collect();
    if let Some(due) = terms.due {
        let days = due.signed_duration_since(matrix.today).num_days();
        if (0..=REPORT_DAYS).contains(&days) {
            found.push(TargetReminder {
                cause: ReminderCause::Report,
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
type Standing = (Progress, Option<Missing>);

fn of_target(matrix: &ProgressMatrix, column: &MatrixTarget, target: &Target) -> Option<TargetReminder> {
    let of_units: Vec<Standing> = column
        .cells
        .iter()
        .map(|cell| (cell.progress, cell.missing))
        .filter(|(progress, _)| *progress != Progress::NotApplicable)
        .collect();
    let own: Standing = (column.whole.progress, column.whole.missing);
    // Inside a commune the commune answers for itself; above it, its units do.
    let is_commune = matrix.area_id != matrix.plan.area_id;
    let is_own = own.0 != Progress::NotApplicable && (is_commune || of_units.is_empty());
    let standings = if is_own { vec![own] } else { of_units };
    let (cause, until, open) = due(&standings, column.last_day, target, matrix.today)?;
    let count = |number: usize| u32::try_from(number).unwrap_or(u32::MAX);
    Some(TargetReminder {
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
        missing: own.1.filter(|_| is_own).map(|missing| missing.count),
        ..blank(matrix)
    })
}

/// Why, until when, and how many units.
fn due(
    standings: &[Standing],
    last_day: LocalDate,
    target: &Target,
    today: LocalDate,
) -> Option<(ReminderCause, LocalDate, usize)> {
    let stand = |wanted: Progress| standings.iter().filter(move |(progress, _)| *progress == wanted);
    if target.aggregation == Aggregation::WeeklyAverage {
        let until = stand(Progress::Behind)
            .filter_map(|(_, missing)| missing.map(|missing| missing.until))
            .min();
        if let Some(until) = until {
            return Some((ReminderCause::Week, until, stand(Progress::Behind).count()));
        }
    }
    let open = || {
        standings
            .iter()
            .filter(|(progress, _)| matches!(progress, Progress::OnTrack | Progress::Behind))
    };
    // A ceiling that is kept is on track until its last day, and nobody has to do anything about it.
    let lacks = |standing: &&Standing| standing.1.is_some() || standing.0 == Progress::Behind;
    let until = open()
        .filter(lacks)
        .map(|(_, missing)| missing.map_or(last_day, |missing| missing.until))
        .filter(|until| (0..=SOON_DAYS).contains(&until.signed_duration_since(today).num_days()))
        .min();
    if let Some(until) = until {
        return Some((ReminderCause::DueSoon, until, open().filter(lacks).count()));
    }
    let overdue = stand(Progress::Overdue).count();
    (overdue > 0).then_some((ReminderCause::Overdue, last_day, overdue))
}
