//! An officer does something with a case.

use super::due::due;
use super::{officers, tell_author};
use crate::db::cases::{self, StoredCase};
use crate::db::{Conn, DbError, case_steps, feed, inbox, records};
use crate::sync::Actor;
use keng_shared::api::{CaseAction, CaseRow};
use keng_shared::area::AreaTree;
use keng_shared::geo::LatLon;
use keng_shared::id::{AreaId, RecordId, UserId};
use keng_shared::inbox::News;
use keng_shared::incident::Severity;
use keng_shared::incident::case::{CaseState, MAX_WORDS, PlaceOf};
use keng_shared::problem::{FieldCode, FieldError, Problem, ProblemCode};
use keng_shared::record::PersonName;
use keng_shared::text;
use keng_shared::time::Millis;
use serde_json::json;
use std::sync::Arc;

/// What to do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum CaseChange {
    /// Put it into another state.
    Move { to: CaseState, words: String },
    /// Give it to an officer, or take it back.
    Assign { to: Option<UserId> },
    /// Judge its severity anew; the due time follows.
    Weigh { severity: Severity, words: String },
    /// Say where it happened, or that nobody knows.
    Place { position: Option<LatLon>, words: String },
}

impl CaseChange {
    /// The same change with its words cleaned; refused when they are too long, or missing where the change alone says
    /// nothing.
    pub fn checked(self) -> Result<Self, FieldError> {
        let clean = |words: String| {
            let words = text::clean(&words);
            match words.chars().count() {
                count if count > MAX_WORDS => {
                    Err(FieldError::new("words", FieldCode::TooLong).with("max", MAX_WORDS))
                }
                _ => Ok(words),
            }
        };
        let said = |words: String| match words.is_empty() {
            true => Err(FieldError::new("words", FieldCode::Required)),
            false => Ok(words),
        };
        match self {
            Self::Move { to, words } => Ok(Self::Move {
                to,
                words: clean(words)?,
            }),
            Self::Weigh { severity, words } => Ok(Self::Weigh {
                severity,
                words: said(clean(words)?)?,
            }),
            Self::Place { position, .. } if !position.is_none_or(LatLon::is_valid) => {
                Err(FieldError::new("position", FieldCode::BadFormat).with("expected", "degrees"))
            }
            Self::Place { position, words } => Ok(Self::Place {
                position,
                words: said(clean(words)?)?,
            }),
            Self::Assign { to } => Ok(Self::Assign { to }),
        }
    }
}

/// A change on its way in. Whether the actor may handle incidents there has been checked.
pub struct StepCase {
    pub actor: Actor,
    pub record: RecordId,
    /// The revision that was looked at.
    pub revision: u32,
    pub change: CaseChange,
    /// The area of the case and everything above it today.
    pub above: Vec<AreaId>,
    pub tree: Arc<AreaTree>,
    /// Areas in which the actor may know where cameras hang, sorted.
    pub camera_areas: Vec<AreaId>,
}

impl StepCase {
    /// The write job.
    pub fn run(&self, conn: &mut Conn) -> Result<CaseRow, DbError> {
        let row = records::lock(conn, self.record)?.ok_or(ProblemCode::NotFound)?;
        let mut case = cases::lock(conn, self.record)?.ok_or(ProblemCode::NotFound)?;
        if case.revision()? != self.revision {
            let problem = Problem::new(ProblemCode::RevisionMismatch).with("revision", case.revision);
            let stored = serde_json::to_value(self.view(conn, case)?).ok();
            return Err(problem.with_stored(DbError::unless(stored, "case")?).into());
        }
        let author = row.author()?;
        let (action, words) = match &self.change {
            CaseChange::Move { to, words } => (self.go_on(&mut case, *to, words)?, words.as_str()),
            CaseChange::Assign { to } => (self.assign(conn, &mut case, *to)?, ""),
            CaseChange::Weigh { severity, words } => {
                case.severity = severity.as_str().to_owned();
                case.due_at = due(conn, *severity, Millis(case.received_at))?.0;
                (CaseAction::Weighed { severity: *severity }, words.as_str())
            }
            CaseChange::Place { position, words } => {
                case.put_at(*position, PlaceOf::Officer);
                (CaseAction::Placed { position: *position }, words.as_str())
            }
        };
        case.revision = case.revision.saturating_add(1);
        case.changed_at = self.actor.now.0;
        cases::update(conn, &case)?;
        case_steps::add_step(
            conn,
            self.record,
            Some(self.actor.user),
            self.actor.now,
            &action,
            words,
        )?;
        if let CaseAction::Moved { to } = action {
            let news = News::CaseMoved {
                record_id: self.record,
                category: case.category()?,
                state: to,
            };
            tell_author(conn, &self.actor, author, &news)?;
            // The author's phone shows the state: it hears of it as of any change of the record.
            let rev = feed::bump(conn, row.commune())?;
            records::touch(conn, &row.id, rev, self.actor.now)?;
        }
        let details = json!({
            "revision": case.revision,
            "state": case.state,
            "severity": case.severity,
            "assignee": case.assignee_id,
            "place_of": case.place_of,
        });
        self.actor.audit(conn, "case.step", "case", &row.id, details)?;
        self.view(conn, case)
    }

    fn go_on(&self, case: &mut StoredCase, to: CaseState, words: &str) -> Result<CaseAction, DbError> {
        let from = case.state()?;
        if !from.next().contains(&to) {
            return Err(Problem::new(ProblemCode::StateConflict)
                .with("state", from.as_str())
                .into());
        }
        if from.needs_words(to) && words.is_empty() {
            return Err(Problem::fields(vec![FieldError::new("words", FieldCode::Required)]).into());
        }
        case.state = to.as_str().to_owned();
        // Whoever begins has the case, unless it was given to somebody.
        if from == CaseState::Received && case.assignee_id.is_none() {
            case.assignee_id = Some(self.actor.user.to_string());
        }
        Ok(CaseAction::Moved { to })
    }

    fn assign(
        &self,
        conn: &mut Conn,
        case: &mut StoredCase,
        to: Option<UserId>,
    ) -> Result<CaseAction, DbError> {
        let state = case.state()?;
        if state.is_closed() {
            return Err(Problem::new(ProblemCode::StateConflict)
                .with("state", state.as_str())
                .into());
        }
        let to: Option<PersonName> = match to {
            None => None,
            Some(id) => {
                let today = self.actor.now.local_date().unwrap_or_default();
                let found = officers(conn, &self.above, today)?
                    .into_iter()
                    .find(|officer| officer.id == id);
                let missing = || Problem::fields(vec![FieldError::new("user_id", FieldCode::NoSuchObject)]);
                Some(found.ok_or_else(missing)?)
            }
        };
        case.assignee_id = to.as_ref().map(|officer| officer.id.to_string());
        let news = News::CaseAssigned {
            record_id: self.record,
            category: case.category()?,
            severity: case.severity()?,
        };
        let told = to
            .as_ref()
            .map(|officer| officer.id)
            .filter(|id| *id != self.actor.user);
        inbox::put(conn, told, self.actor.now, &news)?;
        Ok(CaseAction::Assigned { to })
    }

    fn view(&self, conn: &mut Conn, case: StoredCase) -> Result<CaseRow, DbError> {
        let sees = |area: AreaId| self.camera_areas.binary_search(&area).is_ok();
        let view = cases::views(conn, &self.tree, vec![case], sees)?.pop();
        DbError::unless(view, "case")
    }
}
