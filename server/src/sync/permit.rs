//! Who may send, read and judge which record. The rules of the verb table meet the facts of a record here.

use super::Actor;
use crate::auth::Caller;
use crate::db::records::StoredRecord;
use crate::problem::AppError;
use keng_shared::area::{AreaKind, AreaTree};
use keng_shared::id::{AreaId, TeamId};
use keng_shared::kind;
use keng_shared::permission::Verb;
use keng_shared::problem::{FieldCode, FieldError, ProblemCode};
use keng_shared::record::{self, Body, Record, RecordDraft};

/// The caller as the maker of a change.
pub fn actor(caller: &Caller) -> Actor {
    Actor {
        user: caller.user_id(),
        device: caller.device_id(),
        now: caller.now(),
    }
}

/// Checks a draft and that the caller may log it there; gives the record and the commune that it belongs to.
pub fn check_draft(caller: &Caller, draft: RecordDraft) -> Result<(Record, AreaId), AppError> {
    let verb = kind::find(&draft.kind).map_or(Verb::LogActivity, |kind| kind.verb);
    caller.require(verb, draft.area_id)?;
    let missing = |field: &str| AppError::from(FieldError::new(field, FieldCode::NoSuchObject));
    if draft.device_id != caller.device_id() {
        return Err(missing("device_id"));
    }
    if draft.team_id.is_some_and(|team| !caller.teams().contains(&team)) {
        return Err(missing("team_id"));
    }
    let record = record::parse(draft, caller.now()).map_err(AppError::fields)?;
    let (area, date) = (record.draft().area_id, record.local_date());
    let tree = caller.tree();
    let commune = tree
        .get(area)
        .filter(|area| area.is_valid_on(date))
        .and_then(|_| tree.commune_of(area, date))
        .ok_or_else(|| missing("area_id"))?;
    check_covered_areas(tree, &record)?;
    Ok((record, commune))
}

/// A station reaches residential areas at or below its own area on the date of the broadcast.
fn check_covered_areas(tree: &AreaTree, record: &Record) -> Result<(), AppError> {
    let Body::Loudspeaker(session) = record.body() else {
        return Ok(());
    };
    let (station, date) = (record.draft().area_id, record.local_date());
    let is_covered = |area: AreaId| {
        tree.get(area)
            .is_some_and(|found| found.kind == AreaKind::ResidentialArea && found.is_valid_on(date))
            && tree.is_within(area, station, date)
    };
    let foreign = session
        .areas
        .iter()
        .enumerate()
        .filter(|(_, area)| !is_covered(area.area_id));
    let errors: Vec<FieldError> = foreign
        .map(|(i, _)| FieldError::new(format!("body.areas.{i}.area_id"), FieldCode::NoSuchObject))
        .collect();
    match errors.is_empty() {
        true => Ok(()),
        false => Err(AppError::fields(errors)),
    }
}

/// Teams whose records the caller may read.
pub fn led_teams(caller: &Caller) -> Vec<TeamId> {
    let mut teams: Vec<TeamId> = caller
        .memberships()
        .filter(|membership| membership.role.allows(Verb::ReadTeamRecords))
        .filter_map(|membership| membership.team_id)
        .collect();
    teams.sort_unstable();
    teams.dedup();
    teams
}

/// One's own records, those of a team that one leads, and those of an area where one may read all. Every other record
/// is as good as missing.
pub fn may_read(caller: &Caller, row: &StoredRecord) -> Result<(), ProblemCode> {
    let own = row.author_id == caller.user_id().to_string();
    let led = row.team().is_some_and(|team| led_teams(caller).contains(&team));
    if own || led || caller.can(Verb::ReadRecords, row.area()) {
        Ok(())
    } else {
        Err(ProblemCode::NotFound)
    }
}

/// Refuses to do more than read: 404 for what the caller may not even read, 403 for what the role does not allow.
pub fn require(caller: &Caller, verb: Verb, row: &StoredRecord) -> Result<(), ProblemCode> {
    may_read(caller, row)?;
    if caller.can(verb, row.area()) {
        Ok(())
    } else {
        Err(ProblemCode::Forbidden)
    }
}

/// The communes whose records make up those of an area: the area's own commune is one, a province has many, those of
/// earlier dates included, because a record belongs to the commune of its date.
pub fn communes_under(caller: &Caller, area: AreaId) -> Vec<AreaId> {
    let tree = caller.tree();
    if tree
        .get(area)
        .is_some_and(|found| found.kind == AreaKind::Commune)
    {
        return vec![area];
    }
    let mut communes: Vec<AreaId> = tree
        .iter()
        .filter(|candidate| candidate.kind == AreaKind::Commune)
        .filter(|commune| {
            let date = commune.valid_to.unwrap_or(caller.today());
            tree.is_within(commune.id, area, date)
        })
        .map(|commune| commune.id)
        .collect();
    communes.sort_unstable();
    communes
}
