//! Jobs: work that goes on after its request was answered.

use crate::id::{AreaId, JobId, RecordId};
use crate::json::{FromJson, ToJson};
use crate::record::Verdict;
use crate::time::{LocalDate, Millis};
use serde::{Deserialize, Serialize};

use super::RecordQuery;

/// Where a job stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, FromJson, ToJson)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum JobState {
    /// Waits for its turn.
    Queued,
    /// Is being worked on.
    Running,
    /// Finished; its result is there.
    Done,
    /// Was given up.
    Failed,
}

impl JobState {
    /// The wire form.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Queued => "queued",
            Self::Running => "running",
            Self::Done => "done",
            Self::Failed => "failed",
        }
    }

    /// The state with this wire form.
    pub fn parse(text: &str) -> Option<Self> {
        [Self::Queued, Self::Running, Self::Done, Self::Failed]
            .into_iter()
            .find(|state| state.as_str() == text)
    }
}

/// Most records that one bulk verdict takes.
pub const MAX_BULK: usize = 5_000;

/// Body of `POST /bulk/preview` and `POST /bulk`: one verdict on everything that a filter shows and that waits for one.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, FromJson, ToJson)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct NewBulk {
    /// The verdict.
    pub verdict: Verdict,
    /// Words to the authors, at most 1,000 characters; required for `returned`.
    #[serde(default)]
    pub reason: String,
    /// Which records, as in the list; `after`, `limit` and the order have no meaning here.
    #[serde(default)]
    pub filter: RecordQuery,
    /// Of those only these, where any are given; at most [`MAX_BULK`].
    #[serde(default)]
    pub only: Vec<RecordId>,
    /// How many records the person was told that it concerns; another number by now is refused.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub expected: Option<u64>,
}

/// What a bulk verdict would do: `POST /bulk/preview`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, FromJson, ToJson)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct BulkPreview {
    /// Records that the filter shows.
    pub shown: u64,
    /// Those of them that wait for a verdict and that the caller may judge.
    pub waiting: u64,
    /// Those of the waiting that have at least one flag.
    pub flagged: u64,
}

/// What became of one record of a bulk verdict.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, FromJson, ToJson)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum BulkOutcome {
    /// Judged, or put back.
    Done,
    /// Its author changed it meanwhile: left alone.
    Changed,
    /// Somebody else judged it meanwhile: left alone.
    Judged,
    /// Withdrawn meanwhile.
    Withdrawn,
    /// The person may not judge it any more.
    Refused,
}

impl BulkOutcome {
    /// All, in the order of reports.
    pub const ALL: [Self; 5] = [
        Self::Done,
        Self::Changed,
        Self::Judged,
        Self::Withdrawn,
        Self::Refused,
    ];

    /// The wire form.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Done => "done",
            Self::Changed => "changed",
            Self::Judged => "judged",
            Self::Withdrawn => "withdrawn",
            Self::Refused => "refused",
        }
    }

    /// The outcome with this wire form.
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|outcome| outcome.as_str() == text)
    }
}

/// How many records had one outcome.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, FromJson, ToJson)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct OutcomeCount {
    /// What became of them.
    pub outcome: BulkOutcome,
    /// How many.
    pub count: u64,
}

/// A bulk verdict of the caller's, or the undoing of one.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, FromJson, ToJson)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct BulkView {
    /// The job.
    pub id: JobId,
    /// The verdict; none where one is undone.
    pub verdict: Option<Verdict>,
    /// The job that this one undoes.
    pub undoes: Option<JobId>,
    /// The job that undid this one.
    pub undone_by: Option<JobId>,
    /// Where it stands.
    pub state: JobState,
    /// Records of the snapshot.
    pub total: u64,
    /// Records that have an outcome.
    pub done: u64,
    /// How many had which outcome; those that nothing had are left out.
    pub outcomes: Vec<OutcomeCount>,
    /// When it was asked for.
    pub created_at: Millis,
    /// When it was finished.
    pub finished_at: Option<Millis>,
}

/// One record of a bulk verdict.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, FromJson, ToJson)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct BulkRow {
    /// The record.
    pub record_id: RecordId,
    /// Id of its kind.
    pub kind: String,
    /// Where.
    pub area_id: AreaId,
    /// Name of the area.
    pub area_name: String,
    /// The date that it belongs to.
    #[cfg_attr(feature = "openapi", schema(value_type = String, format = Date))]
    pub local_date: LocalDate,
    /// What became of it; none while it waits.
    pub outcome: Option<BulkOutcome>,
}
