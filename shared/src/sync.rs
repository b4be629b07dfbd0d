//! The protocol between a phone and the server: push operations, pull changes.
//!
//! * **Push.** A batch of operations, each answered by itself; one bad operation never blocks the rest. An operation
//!   has an id: the same id with the same content gives the same answer again.
//! * **Pull.** Rows changed since a cursor. The cursor is opaque to the phone; it holds the server's epoch and a
//!   revision per commune that is bumped in the transaction that makes the change, so that a reader never skips a row.
//! * **Scope.** What the phone may hold (areas, team mates, checkpoints, plans) with a tag. When the tag changes the
//!   phone fetches the scope again, drops what is no longer its own, keeps its unsent work, and pulls from the start.
//!
//! The phone believes an answer only when it carries [`Envelope::keng`]; a captive portal's 200 is not success.

use crate::api::{ComingCampaign, FootageAnswer, KnownModel, MyFootageTask, MyTarget};
use crate::area::{Area, AreaEdge, AreaKind};
use crate::camera::OwnCamera;
use crate::evidence::SignedManifest;
use crate::geo::LatLon;
use crate::id::{
    AreaId, CheckpointId, DeviceId, FootageTaskId, OpId, PatrolPlanId, PhotoId, RecordId, SegmentId, TaskId,
    TeamId, UserId,
};
use crate::json::{FromJson, ToJson};
use crate::loudspeaker::{BroadcastSchedule, ConfirmedSlot};
use crate::patrol_route::PatrolRoute;
use crate::permission::Role;
use crate::problem::Problem;
use crate::record::{PersonName, RecordDraft, RecordView};
use crate::roster::{ShiftKind, ShiftRecord};
use crate::task::{Task, TaskStep};
use crate::text;
use crate::time::Millis;
use crate::track::TrackSegment;
use serde::{Deserialize, Serialize};

/// Version of this protocol. The server accepts operations of [`OLDEST_PROTOCOL`] and later.
pub const PROTOCOL: u16 = 1;
/// The oldest protocol whose queued operations are still accepted.
pub const OLDEST_PROTOCOL: u16 = 1;
/// Most operations in one push.
pub const MAX_OPS: usize = 200;
/// Most bytes in one push: 1 MiB.
pub const MAX_PUSH_BYTES: usize = 1024 * 1024;
/// Most rows in one pull.
pub const MAX_PULL: usize = 200;

/// How many days back a phone knows which slots were confirmed, and so offers them.
pub const CONFIRMED_DAYS: u64 = 14;
/// Days ahead for which a scope holds campaigns: a phone may be away for long.
pub const COMING_DAYS: u64 = 60;

/// Marks an answer as ours.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, FromJson, ToJson)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Envelope {
    /// Version of the protocol that the server speaks.
    pub keng: u16,
    /// The server's clock when it answered.
    pub server_time: Millis,
}

/// Operations from one device.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, FromJson, ToJson)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct PushRequest {
    /// Version of the protocol that the phone speaks.
    pub protocol: u16,
    /// The device; it must belong to the caller.
    pub device_id: DeviceId,
    /// The phone's clock when it sent.
    pub device_time: Millis,
    /// 1 to [`MAX_OPS`] operations, done in this order.
    pub ops: Vec<Op>,
}

/// One operation.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, FromJson, ToJson)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct Op {
    /// Made by the phone; the guard against doing it twice.
    pub id: OpId,
    /// What to do.
    pub action: OpAction,
}

/// What an operation does.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, FromJson, ToJson)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case", tag = "type", deny_unknown_fields)]
pub enum OpAction {
    /// Creates a record (`base_revision` none) or replaces the author's own (`base_revision` = the one that was edited).
    PutRecord {
        /// The whole record.
        draft: Box<RecordDraft>,
        /// The revision that the edit started from.
        #[serde(default)]
        base_revision: Option<u32>,
    },
    /// Withdraws the author's own record.
    WithdrawRecord {
        /// Which.
        record_id: RecordId,
        /// The revision that the person saw.
        base_revision: u32,
    },
    /// Stores a stretch of a patrol's track. A stored segment never changes.
    PutSegment {
        /// The stretch.
        segment: TrackSegment,
    },
    /// Announces a photo: its signed manifest. The bytes follow by upload; the record must list the photo.
    AnnouncePhoto {
        /// The statement and its signature.
        signed: SignedManifest,
    },
    /// Says something about a task.
    StepTask {
        /// Which.
        task_id: TaskId,
        /// What is said.
        step: TaskStep,
        /// When, by the phone's corrected clock.
        at: Millis,
    },
    /// Answers a question for footage of the caller's own camera.
    AnswerFootage {
        /// The part of the request that concerns the camera.
        task_id: FootageTaskId,
        /// The revision of the task that the person saw: an answer that came first is not overwritten in silence.
        base_revision: u32,
        /// What became of the recording.
        answer: FootageAnswer,
        /// When, by the phone's corrected clock.
        at: Millis,
    },
}

impl OpAction {
    /// The record that the operation belongs to; tasks and questions for footage are of none.
    pub fn record_id(&self) -> Option<RecordId> {
        match self {
            Self::PutRecord { draft, .. } => Some(draft.id),
            Self::WithdrawRecord { record_id, .. } => Some(*record_id),
            Self::PutSegment { segment } => Some(segment.record_id),
            Self::AnnouncePhoto { signed } => Some(signed.manifest.record_id),
            Self::StepTask { .. } | Self::AnswerFootage { .. } => None,
        }
    }
}

/// The server's answer to a push.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, FromJson, ToJson)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct PushAnswer {
    /// Ours.
    #[serde(flatten)]
    pub envelope: Envelope,
    /// One result an operation, in the same order.
    pub results: Vec<OpResult>,
}

/// What became of one operation.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, FromJson, ToJson)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct OpResult {
    /// The operation.
    pub id: OpId,
    /// What became of it.
    pub outcome: OpOutcome,
}

/// What became of an operation.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, FromJson, ToJson)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case", tag = "type")]
pub enum OpOutcome {
    /// Durable: bytes synced, commit synced, audit entry in the same transaction.
    Done {
        /// The record's revision afterwards.
        revision: u32,
        /// SHA-256 (hex) of the audit entry.
        audit_leaf: String,
    },
    /// Cannot be done as it is; the phone sets the item aside and shows the words for the problem.
    Refused {
        /// Why.
        problem: Box<Problem>,
    },
    /// Not now (too busy, or it depends on one that failed); the phone keeps it queued.
    Later {
        /// Why.
        problem: Box<Problem>,
    },
}

/// What changed since a cursor.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, FromJson, ToJson)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct PullAnswer {
    /// Ours.
    #[serde(flatten)]
    pub envelope: Envelope,
    /// Tag of the caller's scope now.
    pub scope_tag: String,
    /// Where to go on.
    pub cursor: String,
    /// Whether there is more right away.
    pub more: bool,
    /// Changed records, withdrawn ones too; at most [`MAX_PULL`].
    pub records: Vec<RecordView>,
}

/// What a phone may hold.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, FromJson, ToJson)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Scope {
    /// Ours.
    #[serde(flatten)]
    pub envelope: Envelope,
    /// Changes when anything below changes.
    pub tag: String,
    /// The person.
    pub me: Me,
    /// Areas in reach and everything above them.
    pub areas: Vec<Area>,
    /// Edges between those areas that are valid today.
    pub edges: Vec<AreaEdge>,
    /// Teams in reach.
    pub teams: Vec<ScopeTeam>,
    /// Checkpoints of areas in reach that are in use.
    pub checkpoints: Vec<Checkpoint>,
    /// Those that are retired: nobody is sent there any more, but check-ins keep their name.
    #[serde(default)]
    pub retired_checkpoints: Vec<Checkpoint>,
    /// Routes of areas in reach and of those above them, by name.
    #[serde(default)]
    pub routes: Vec<PatrolRoute>,
    /// Plans of the caller's teams from yesterday to 14 days ahead.
    pub plans: Vec<PatrolPlan>,
    /// Cameras that the caller keeps.
    #[serde(default)]
    pub cameras: Vec<OwnCamera>,
    /// What the caller is asked about those cameras: what is not answered first, and what was answered or overwritten in the
    /// last [`crate::camera::ASKED_KEPT_MS`].
    #[serde(default)]
    pub footage: Vec<MyFootageTask>,
    /// Schedules of loudspeaker sessions that the caller may confirm.
    #[serde(default)]
    pub broadcast_schedules: Vec<BroadcastSchedule>,
    /// Slots of those schedules that somebody has confirmed, from [`CONFIRMED_DAYS`] ago on.
    #[serde(default)]
    pub confirmed_slots: Vec<ConfirmedSlot>,
    /// Targets of the caller's own areas that the caller's work can move.
    #[serde(default)]
    pub targets: Vec<MyTarget>,
    /// Campaigns of the caller's areas that run or begin within [`COMING_DAYS`], by their last day.
    #[serde(default)]
    pub campaigns: Vec<ComingCampaign>,
    /// Self-management models of the caller's communes that go on, by name.
    #[serde(default)]
    pub models: Vec<KnownModel>,
    /// Tasks of the caller and of the caller's teams, by the time they are due: those that are open, and those that were
    /// done or withdrawn in the last [`crate::task::KEPT_MS`].
    #[serde(default)]
    pub tasks: Vec<Task>,
}

impl Scope {
    /// A checkpoint in reach, retired ones too.
    pub fn checkpoint(&self, id: CheckpointId) -> Option<&Checkpoint> {
        let mut known = self.checkpoints.iter().chain(&self.retired_checkpoints);
        known.find(|point| point.id == id)
    }

    /// Those of these checkpoints that are not retired.
    pub fn in_use(&self, ids: &[CheckpointId]) -> Vec<CheckpointId> {
        let is_retired = |id: &CheckpointId| self.retired_checkpoints.iter().any(|point| point.id == *id);
        ids.iter().copied().filter(|id| !is_retired(id)).collect()
    }

    /// The residential areas at or directly below an area, by name.
    pub fn villages(&self, area: AreaId) -> Vec<&Area> {
        let is_below = |id: AreaId| {
            id == area
                || self
                    .edges
                    .iter()
                    .any(|edge| edge.child == id && edge.parent == area)
        };
        let mut found: Vec<&Area> = self
            .areas
            .iter()
            .filter(|found| found.kind == AreaKind::ResidentialArea && is_below(found.id))
            .collect();
        found.sort_by_cached_key(|area| text::sort_key(&area.name));
        found
    }
}

/// The caller.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, FromJson, ToJson)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Me {
    /// The user.
    pub id: UserId,
    /// Sign-in name.
    pub username: String,
    /// Display name.
    pub name: String,
    /// Memberships in force.
    pub memberships: Vec<MyMembership>,
}

/// One of the caller's memberships.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, FromJson, ToJson)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct MyMembership {
    /// As what.
    pub role: Role,
    /// Where.
    pub area_id: AreaId,
    /// In which team.
    pub team_id: Option<TeamId>,
}

/// What a team is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, FromJson, ToJson)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum TeamKind {
    /// Tổ bảo vệ ANTT (Luật 30/2023/QH15).
    SecurityTeam,
    /// Tổ tự quản.
    SelfManagementGroup,
    /// Mô hình Camera với ANTT.
    CameraGroup,
}

impl TeamKind {
    /// The wire form.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::SecurityTeam => "security_team",
            Self::SelfManagementGroup => "self_management_group",
            Self::CameraGroup => "camera_group",
        }
    }

    /// The kind with this wire form.
    pub fn parse(text: &str) -> Option<Self> {
        [Self::SecurityTeam, Self::SelfManagementGroup, Self::CameraGroup]
            .into_iter()
            .find(|k| k.as_str() == text)
    }
}

/// A team and its members.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, FromJson, ToJson)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ScopeTeam {
    /// The team.
    pub id: TeamId,
    /// What it is.
    pub kind: TeamKind,
    /// Its name.
    pub name: String,
    /// Where it works.
    pub area_id: AreaId,
    /// Members in force; empty for teams that are not the caller's, unless the caller may read people there.
    pub members: Vec<PersonName>,
}

/// A place that patrols pass.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, FromJson, ToJson)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Checkpoint {
    /// The checkpoint.
    pub id: CheckpointId,
    /// Its area.
    pub area_id: AreaId,
    /// Its name.
    pub name: String,
    /// Where.
    pub position: LatLon,
    /// Radius of the fence in metres, 10 to 500.
    pub radius_m: u16,
    /// SHA-256 (hex) of the token in its QR code, so that a phone can tell offline whether a code is right.
    pub token_sha256: String,
    /// Counts its changes, for `If-Match`.
    #[serde(default)]
    pub revision: u32,
    /// Since when it has been at this place, if it was moved.
    #[serde(default)]
    pub moved_at: Option<Millis>,
    /// Since when nobody is sent there.
    #[serde(default)]
    pub retired_at: Option<Millis>,
}

/// A planned shift of a team: a patrol or duty at the post. What became of it is [`PatrolPlan::state`].
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, FromJson, ToJson)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct PatrolPlan {
    /// The plan.
    pub id: PatrolPlanId,
    /// What the team does.
    #[serde(default)]
    pub kind: ShiftKind,
    /// Who goes.
    pub team_id: TeamId,
    /// Where.
    pub area_id: AreaId,
    /// Planned start.
    pub starts_at: Millis,
    /// Planned end.
    pub ends_at: Millis,
    /// Checkpoints to pass.
    pub checkpoints: Vec<CheckpointId>,
    /// Who of the team goes; empty for the whole team.
    #[serde(default)]
    pub members: Vec<UserId>,
    /// Words for the crew.
    pub note: String,
    /// What was recorded of it, by start.
    #[serde(default)]
    pub records: Vec<ShiftRecord>,
    /// Counts the changes of the plan, for `If-Match`.
    #[serde(default)]
    pub revision: u32,
}

/// What the server holds of the caller's records of one local date.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, FromJson, ToJson)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Held {
    /// Ours.
    #[serde(flatten)]
    pub envelope: Envelope,
    /// Records of the date, by id.
    pub records: Vec<RecordId>,
    /// Track segments of those records.
    pub segments: Vec<SegmentId>,
    /// Photos whose bytes are durable.
    pub photos: Vec<PhotoId>,
}
