//! When cases are due, by the working calendar as it is stored; and moving them when it changes.

use crate::db::cases::{self, StoredCase};
use crate::db::{Conn, DbError, working_days};
use keng_shared::incident::Severity;
use keng_shared::incident::calendar;
use keng_shared::time::{LocalDate, Millis, start_of_day};

/// When a case of this severity is due.
pub fn due(conn: &mut Conn, severity: Severity, received_at: Millis) -> Result<Millis, DbError> {
    let from = received_at.local_date().unwrap_or_default();
    let announced = working_days::announced_from(conn, from)?;
    Ok(calendar::due(severity, received_at, &announced))
}

/// The calendar has changed from this day on: cases that were due then or later, and that nobody has dealt with, are due at
/// another time. Says how many.
pub fn move_due(conn: &mut Conn, from: LocalDate, now: Millis) -> Result<usize, DbError> {
    let waiting = cases::due_from(conn, start_of_day(from))?;
    let Some(first) = waiting.iter().map(|case| case.received_at).min() else {
        return Ok(0);
    };
    let first = Millis(first).local_date().unwrap_or_default();
    let announced = working_days::announced_from(conn, first)?;
    let mut moved = 0;
    for case in waiting {
        let due_at = calendar::due(case.severity()?, Millis(case.received_at), &announced);
        if due_at.0 != case.due_at {
            // Not a step of an officer: what the desk shows of the case is as it was, but for its time.
            let case = StoredCase {
                due_at: due_at.0,
                changed_at: now.0,
                ..case
            };
            cases::update(conn, &case)?;
            moved += 1;
        }
    }
    Ok(moved)
}
