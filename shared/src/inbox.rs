//! The inbox: what a person should look at. It is the truth; streams and pushes only say "look".

use crate::camera::FootageState;
use crate::id::{AreaId, FootageRequestId, InboxItemId, RecordId, TaskId};
use crate::incident::case::CaseState;
use crate::incident::{Category, Severity};
use crate::json::{FromJson, ToJson};
use crate::time::Millis;
use serde::{Deserialize, Serialize};

/// A line of somebody's inbox.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, FromJson, ToJson)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct InboxItem {
    /// The line.
    pub id: InboxItemId,
    /// When it came, by the server's clock.
    pub at: Millis,
    /// What happened.
    pub news: News,
    /// When the person said that they have seen it.
    pub read_at: Option<Millis>,
}

/// What happened. It names things by id and closed lists only: no words of anybody, no person, no place.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, FromJson, ToJson)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case", tag = "type")]
pub enum News {
    /// To officers: an incident was reported.
    IncidentReported {
        /// The record.
        record_id: RecordId,
        /// Where.
        area_id: AreaId,
        /// What sort.
        category: Category,
        /// How bad.
        severity: Severity,
    },
    /// To an officer: a case was assigned.
    CaseAssigned {
        /// The record.
        record_id: RecordId,
        /// What sort.
        category: Category,
        /// How bad.
        severity: Severity,
    },
    /// To the author: the case went on.
    CaseMoved {
        /// The record.
        record_id: RecordId,
        /// What sort.
        category: Category,
        /// Where it stands now.
        state: CaseState,
    },
    /// To the author: an officer returned a record.
    RecordReturned {
        /// The record.
        record_id: RecordId,
    },
    /// To the keeper of a camera: an officer asks for footage.
    FootageRequested {
        /// The request.
        request_id: FootageRequestId,
        /// When the recorder begins to overwrite it.
        overwritten_at: Millis,
    },
    /// To the officer who asked: a keeper answered.
    FootageAnswered {
        /// The request.
        request_id: FootageRequestId,
        /// The incident that it is about.
        record_id: Option<RecordId>,
        /// The answer.
        state: FootageState,
    },
    /// To keepers who have not answered, and to the officer who asked: the question was taken back.
    FootageWithdrawn {
        /// The request.
        request_id: FootageRequestId,
        /// The incident that it is about.
        record_id: Option<RecordId>,
    },
    /// To who has a task, or to who gave it: what happened to it.
    Task {
        /// The task.
        task_id: TaskId,
        /// What happened.
        what: TaskNews,
        /// When it is due.
        due_at: Millis,
    },
}

/// What happened to a task.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, FromJson, ToJson)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum TaskNews {
    /// To who has it: it was given.
    Given,
    /// To who has it: it says something else now.
    Changed,
    /// To who has it: it was taken back.
    Withdrawn,
    /// To who gave it: it is done.
    Done,
    /// To both: it is to be done after all.
    Reopened,
}

impl News {
    /// Whether the screen says so at once.
    pub fn is_urgent(&self) -> bool {
        match self {
            Self::IncidentReported { severity, .. } => severity.is_urgent(),
            Self::FootageRequested { .. } => true,
            _ => false,
        }
    }
}
