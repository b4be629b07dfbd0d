//! What becomes of a case when the author of its report changes or takes back the report.

use super::{Reporter, described, officers, tell_officers};
use crate::db::cameras::StoredCamera;
use crate::db::cases::{self, StoredCase};
use crate::db::records::StoredRecord;
use crate::db::{Conn, DbError, case_steps, inbox};
use crate::sync::Actor;
use keng_shared::api::CaseAction;
use keng_shared::id::RecordId;
use keng_shared::inbox::News;
use keng_shared::incident::Incident;
use keng_shared::incident::case::{CaseState, PlaceOf};
use keng_shared::record::Record;

/// The author changed the report. Until somebody has begun, the case says what the report says; after that it is the
/// officers' judgement, and so are a severity that one of them has weighed before and a point that one of them has put on the
/// map. The area of the case is always that of the record: whoever may read the one handles the other.
pub fn follow(
    conn: &mut Conn,
    actor: &Actor,
    reporter: &Reporter,
    stored: (&Record, &StoredRecord),
    camera: Option<&StoredCamera>,
    incident: &Incident,
) -> Result<(), DbError> {
    let (record, row) = stored;
    let id = record.draft().id;
    let Some(before) = cases::lock(conn, id)? else {
        return Ok(());
    };
    let mut case = match before.state()? {
        CaseState::Received => redescribed(conn, actor, &before, record, camera, incident)?,
        _ => before.clone(),
    };
    case.area_id = row.area_id;
    case.commune_id = row.commune_id;
    let has_moved = case.area_id != before.area_id;
    if has_moved && !is_in_reach(conn, actor, reporter, &case)? {
        case.assignee_id = None;
    }
    if case == before {
        return Ok(());
    }
    case.revision = case.revision.saturating_add(1);
    case.changed_at = actor.now.0;
    cases::update(conn, &case)?;
    let (was, is) = (before.severity()?, case.severity()?);
    if was != is {
        let weighed = CaseAction::Weighed { severity: is };
        case_steps::add_step(conn, id, Some(actor.user), actor.now, &weighed, "")?;
    }
    let has_become_urgent = is.is_urgent() && !was.is_urgent();
    match has_become_urgent || case.commune_id != before.commune_id {
        true => tell_officers(conn, actor, reporter, &case),
        false => Ok(()),
    }
}

/// The case as the report describes it now, with the point of an officer who has put it, and the severity and the due time of
/// one who has weighed it.
fn redescribed(
    conn: &mut Conn,
    actor: &Actor,
    before: &StoredCase,
    record: &Record,
    camera: Option<&StoredCamera>,
    incident: &Incident,
) -> Result<StoredCase, DbError> {
    let mut case = described(conn, before.clone(), record, camera, incident)?;
    if before.place_of()? == PlaceOf::Officer {
        case.put_at(before.position(), PlaceOf::Officer);
    }
    if !case_steps::was_weighed_by_another(conn, record.draft().id, actor.user)? {
        return Ok(case);
    }
    Ok(StoredCase {
        severity: before.severity.clone(),
        due_at: before.due_at,
        ..case
    })
}

/// Whether who has the case may handle it where it is now.
fn is_in_reach(
    conn: &mut Conn,
    actor: &Actor,
    reporter: &Reporter,
    case: &StoredCase,
) -> Result<bool, DbError> {
    let Some(assignee) = case.assignee()? else {
        return Ok(true);
    };
    let today = actor.now.local_date().unwrap_or_default();
    let officers = officers(conn, &reporter.above, today)?;
    Ok(officers.iter().any(|officer| officer.id == assignee))
}

/// The author took the report back. A case that somebody works on stays as it is; who was given one that nobody has begun
/// is told.
pub fn withdraw(conn: &mut Conn, actor: &Actor, id: RecordId) -> Result<(), DbError> {
    let Some(mut case) = cases::lock(conn, id)?.filter(|case| case.state == CaseState::Received.as_str())
    else {
        return Ok(());
    };
    case.state = CaseState::Withdrawn.as_str().to_owned();
    case.revision = case.revision.saturating_add(1);
    case.changed_at = actor.now.0;
    cases::update(conn, &case)?;
    let to = CaseState::Withdrawn;
    case_steps::add_step(
        conn,
        id,
        Some(actor.user),
        actor.now,
        &CaseAction::Moved { to },
        "",
    )?;
    let news = News::CaseMoved {
        record_id: id,
        category: case.category()?,
        state: to,
    };
    let told = case.assignee()?.filter(|assignee| *assignee != actor.user);
    inbox::put(conn, told, actor.now, &news)
}
