//! The case beside an incident: opened in the transaction that stores the record, moved by officers step by step.
//!
//! Invariants: every incident that is stored has a case; a case never changes its record; nothing is merged, reports
//! of one event are linked by an officer; whoever must know gets a line in the inbox in the same transaction.

mod compare;
pub mod due;
mod follow;
pub mod near;
mod step;

pub use compare::Compare;
pub use follow::{follow, withdraw};
pub use step::{CaseChange, StepCase};

use super::Actor;
use crate::auth::Caller;
use crate::db::cameras::{self, StoredCamera};
use crate::db::cases::{self, StoredCase};
use crate::db::records::StoredRecord;
use crate::db::{Conn, DbError, case_steps, inbox, memberships};
use keng_shared::api::CaseAction;
use keng_shared::id::{AreaId, UserId};
use keng_shared::inbox::News;
use keng_shared::incident::Incident;
use keng_shared::incident::case::{CaseState, PlaceOf};
use keng_shared::permission::{Role, Verb};
use keng_shared::problem::{FieldCode, FieldError, Problem};
use keng_shared::record::{PersonName, Record};
use keng_shared::time::{LocalDate, Millis};

/// What the area tree says about somebody who reports an incident.
#[derive(Debug, Clone, Default)]
pub struct Reporter {
    /// The area of the incident and everything above it today: officers of these are told.
    above: Vec<AreaId>,
    /// Areas whose cameras the reporter may name without keeping them.
    camera_areas: Vec<AreaId>,
}

impl Reporter {
    /// The caller, reporting from this area.
    pub fn of(caller: &Caller, area: AreaId) -> Self {
        Self {
            above: caller.tree().chain(area, caller.today()),
            camera_areas: caller.areas(Verb::ManageCameras),
        }
    }

    /// Somebody of whom only the areas above are known.
    pub fn below(above: Vec<AreaId>) -> Self {
        Self {
            above,
            camera_areas: Vec::new(),
        }
    }
}

/// People who may handle incidents of an area; `above` is the area and everything above it.
pub fn officers(conn: &mut Conn, above: &[AreaId], on: LocalDate) -> Result<Vec<PersonName>, DbError> {
    let roles: Vec<Role> = Role::ALL
        .iter()
        .copied()
        .filter(|role| role.allows(Verb::HandleIncidents))
        .collect();
    memberships::holders(conn, &roles, above, on)
}

/// The camera that the incident names. One that the reporter does not keep is as good as missing.
pub fn named_camera(
    conn: &mut Conn,
    actor: &Actor,
    reporter: &Reporter,
    incident: &Incident,
) -> Result<Option<StoredCamera>, DbError> {
    let Some(id) = incident.camera_id else {
        return Ok(None);
    };
    let found = cameras::find(conn, id)?;
    let is_theirs = |camera: &StoredCamera| {
        camera.keeper_id == Some(actor.user.to_string())
            || reporter.camera_areas.binary_search(&camera.area()).is_ok()
    };
    match found.filter(is_theirs) {
        Some(camera) => Ok(Some(camera)),
        None => {
            let error = FieldError::new("body.camera_id", FieldCode::NoSuchObject);
            Err(Problem::fields(vec![error]).into())
        }
    }
}

/// Opens the case of an incident that was stored just now, and tells the officers.
pub fn open(
    conn: &mut Conn,
    actor: &Actor,
    reporter: &Reporter,
    stored: (&Record, &StoredRecord),
    camera: Option<&StoredCamera>,
    incident: &Incident,
) -> Result<(), DbError> {
    let (record, row) = stored;
    let case = described(
        conn,
        StoredCase {
            record_id: row.id.clone(),
            commune_id: row.commune_id,
            area_id: row.area_id,
            category: String::new(),
            severity: String::new(),
            state: CaseState::Received.as_str().to_owned(),
            revision: 1,
            place: String::new(),
            lat_e7: None,
            lon_e7: None,
            place_of: PlaceOf::default().as_str().to_owned(),
            camera_id: None,
            happened_at: row.started_at,
            received_at: row.received_at,
            due_at: row.received_at,
            assignee_id: None,
            changed_at: actor.now.0,
        },
        record,
        camera,
        incident,
    )?;
    cases::insert(conn, &case)?;
    let (id, author) = (record.draft().id, Some(actor.user));
    let received = CaseAction::Moved {
        to: CaseState::Received,
    };
    case_steps::add_step(conn, id, author, actor.now, &received, "")?;
    tell_officers(conn, actor, reporter, &case)
}

/// Tells the officers of the area of a case that it was reported, but not who does that.
fn tell_officers(
    conn: &mut Conn,
    actor: &Actor,
    reporter: &Reporter,
    case: &StoredCase,
) -> Result<(), DbError> {
    let news = News::IncidentReported {
        record_id: case.record()?,
        area_id: case.area(),
        category: case.category()?,
        severity: case.severity()?,
    };
    let today = actor.now.local_date().unwrap_or_default();
    let told = officers(conn, &reporter.above, today)?;
    let told = told
        .into_iter()
        .map(|officer| officer.id)
        .filter(|id| *id != actor.user);
    inbox::put(conn, told, actor.now, &news)
}

/// The case as the report describes it.
fn described(
    conn: &mut Conn,
    case: StoredCase,
    record: &Record,
    camera: Option<&StoredCamera>,
    incident: &Incident,
) -> Result<StoredCase, DbError> {
    let draft = record.draft();
    // What a camera saw happened where the camera hangs, not where its keeper sat.
    let (position, place_of) = match (incident.position, camera) {
        (Some(position), _) => (Some(position), PlaceOf::Hand),
        (None, Some(camera)) => (Some(camera.position()), PlaceOf::Camera),
        (None, None) => (draft.fix.map(|fix| fix.at), PlaceOf::Report),
    };
    let due_at = due::due(conn, incident.severity, Millis(case.received_at))?;
    let mut case = StoredCase {
        category: incident.category.as_str().to_owned(),
        severity: incident.severity.as_str().to_owned(),
        place: incident.place.clone(),
        camera_id: camera.map(|camera| camera.id),
        happened_at: draft.started_at.0,
        due_at: due_at.0,
        ..case
    };
    case.put_at(position, place_of);
    Ok(case)
}

/// Tells the author of a record something, unless the author did it.
pub(super) fn tell_author(
    conn: &mut Conn,
    actor: &Actor,
    author: UserId,
    news: &News,
) -> Result<(), DbError> {
    let told = (author != actor.user).then_some(author);
    inbox::put(conn, told, actor.now, news)
}
