//! A model of the server: idempotent as `keng_shared::sync` says, small, and able to forget like a restored backup.

use super::EVENING;
use keng_engine::{Answer, Call, Failure};
use keng_shared::api::{Custody, Inbox, MyFootageTask, SlotHolder};
use keng_shared::camera::FootageState;
use keng_shared::evidence::{Receipt, SignedManifest, SignedReceipt};
use keng_shared::file::FileView;
use keng_shared::id::{AreaId, FootageTaskId, OpId, PhotoId, RecordId, SegmentId, TaskId, UserId};
use keng_shared::json::FromJson;
use keng_shared::loudspeaker::{BroadcastSchedule, ConfirmedSlot, LoudspeakerSession};
use keng_shared::permission::Role;
use keng_shared::problem::{FieldCode, FieldError, Problem, ProblemCode};
use keng_shared::record::{
    self, PersonName, PhotoState, PhotoView, RecordDraft, RecordStatus, RecordView, Review, Verdict,
};
use keng_shared::sync::*;
use keng_shared::task::{Move, Task, TaskSaid};
use keng_shared::time::Millis;
use keng_shared::track::TrackSegment;
use std::collections::BTreeMap;

/// Rows of one page, small so that several pages happen.
const PAGE: usize = 3;

/// What a backup holds.
#[derive(Debug, Clone, Default)]
pub struct State {
    pub records: BTreeMap<RecordId, Stored>,
    pub segments: BTreeMap<SegmentId, TrackSegment>,
    pub announced: BTreeMap<PhotoId, SignedManifest>,
    pub held: BTreeMap<PhotoId, String>,
    /// Verdicts on single photos.
    judged: BTreeMap<PhotoId, Review>,
    ops: BTreeMap<OpId, (OpAction, OpOutcome)>,
    rev: u64,
}

#[derive(Debug, Clone)]
pub struct Stored {
    pub draft: RecordDraft,
    pub author: UserId,
    pub revision: u32,
    pub status: RecordStatus,
    pub review: Option<Review>,
    rev: u64,
}

/// The server.
#[derive(Debug, Default)]
pub struct Server {
    pub state: State,
    pub members: BTreeMap<UserId, Vec<AreaId>>,
    /// Weekly schedules; everybody may confirm them.
    pub schedules: Vec<BroadcastSchedule>,
    /// Tasks, which everybody in the set has.
    pub tasks: BTreeMap<TaskId, Task>,
    /// Questions for footage, which everybody in the set is asked.
    pub footage: BTreeMap<FootageTaskId, MyFootageTask>,
    /// Whether officers have taken the questions back: those without an answer are nobody's business any more.
    pub footage_withdrawn: bool,
    /// Answers that were taken.
    pub footage_answers: usize,
    /// Everybody's inbox, and how often lines of it were said to be read.
    pub inbox: Inbox,
    pub marks: usize,
    /// Steps that changed a task.
    pub steps: usize,
    /// Residential areas below communes.
    pub below: BTreeMap<AreaId, Vec<AreaId>>,
    pub protocol: Option<u16>,
    pub most_ops: Option<usize>,
    /// Every version of a record that was stored, in order, since the last restore.
    pub versions: BTreeMap<RecordId, Vec<i64>>,
    /// Records stored for somebody who does not work there.
    pub trespasses: usize,
    epoch: u32,
    scope_version: u64,
}

impl Server {
    pub fn new() -> Self {
        Self::default()
    }

    pub fn join(&mut self, user: UserId, area: AreaId) {
        self.members.entry(user).or_default().push(area);
        self.scope_version += 1;
    }

    pub fn leave(&mut self, user: UserId, area: AreaId) {
        self.members
            .entry(user)
            .or_default()
            .retain(|known| *known != area);
        self.scope_version += 1;
    }

    /// Moves a residential area under another commune.
    pub fn move_area(&mut self, area: AreaId, commune: AreaId) {
        for below in self.below.values_mut() {
            below.retain(|known| *known != area);
        }
        self.below.entry(commune).or_default().push(area);
        self.scope_version += 1;
    }

    pub fn restore(&mut self, backup: State) {
        self.state = backup;
        self.versions.clear();
        self.epoch += 1;
    }

    pub fn reach(&self, user: UserId) -> Vec<AreaId> {
        let mut reach = self.members.get(&user).cloned().unwrap_or_default();
        for area in reach.clone() {
            reach.extend(self.below.get(&area).into_iter().flatten().copied());
        }
        reach
    }

    /// An officer judges a record.
    pub fn review(&mut self, id: RecordId, verdict: Verdict, reason: &str, now: Millis) {
        self.state.rev += 1;
        let rev = self.state.rev;
        if let Some(stored) = self.state.records.get_mut(&id)
            && stored.status == RecordStatus::Submitted
        {
            stored.rev = rev;
            stored.status = match verdict {
                Verdict::Accepted => RecordStatus::Accepted,
                Verdict::Returned => RecordStatus::Returned,
            };
            stored.review = Some(Review {
                verdict,
                reason: reason.to_owned(),
                by: person(super::user(99)),
                at: now,
            });
        }
    }

    /// An officer returns one photo; the record itself goes on waiting.
    pub fn return_photo(&mut self, record: RecordId, photo: PhotoId, reason: &str, now: Millis) {
        self.state.rev += 1;
        let rev = self.state.rev;
        if let Some(stored) = self.state.records.get_mut(&record) {
            stored.rev = rev;
        }
        let review = Review {
            verdict: Verdict::Returned,
            reason: reason.to_owned(),
            by: person(super::user(99)),
            at: now,
        };
        self.state.judged.insert(photo, review);
    }

    /// Answers a call by a signed-in user.
    pub fn answer(&mut self, user: UserId, call: &Call, now: Millis) -> Result<Answer, Failure> {
        match call {
            Call::Push(request) => self.push(user, request, now),
            Call::Pull { cursor } => self.pull(user, cursor.as_deref(), now),
            Call::Scope => Ok(Answer::Scope(Box::new(self.scope(user, now)))),
            Call::Held { date } => {
                let of_date =
                    |s: &&Stored| s.author == user && s.draft.started_at.local_date() == Some(*date);
                let records: Vec<_> = self.state.records.values().filter(of_date).collect();
                let ids: Vec<_> = records.iter().map(|stored| stored.draft.id).collect();
                Ok(Answer::Held(Held {
                    envelope: self.envelope(now),
                    segments: self
                        .state
                        .segments
                        .values()
                        .filter(|segment| ids.contains(&segment.record_id))
                        .map(|segment| segment.id)
                        .collect(),
                    photos: records
                        .iter()
                        .flat_map(|stored| stored.draft.attached())
                        .filter(|id| self.state.held.contains_key(id))
                        .collect(),
                    records: ids,
                }))
            }
            Call::Inbox => Ok(Answer::Inbox(self.inbox.clone())),
            Call::MarkRead { ids } => {
                self.marks += 1;
                for line in &mut self.inbox.items {
                    if ids.contains(&line.id) && line.read_at.is_none() {
                        line.read_at = Some(now);
                        self.inbox.unread -= 1;
                    }
                }
                Ok(Answer::MarkedRead)
            }
            Call::Refresh => Ok(Answer::Refreshed { server_time: now }),
            Call::Upload {
                photo_id,
                sha256,
                size,
                ..
            } => self.upload(*photo_id, sha256, *size, now),
        }
    }

    fn envelope(&self, now: Millis) -> Envelope {
        Envelope {
            keng: self.protocol.unwrap_or(PROTOCOL),
            server_time: now,
        }
    }

    fn scope_tag(&self, user: UserId) -> String {
        let confirmed = self.confirmed().len();
        let tasks: Vec<_> = self.tasks.values().map(|task| task.revision).collect();
        let footage: Vec<_> = self.asked().map(|asked| asked.task.revision).collect();
        let areas = self.members.get(&user);
        format!(
            "{}:{confirmed}:{tasks:?}:{footage:?}:{areas:?}",
            self.scope_version
        )
    }

    fn asked(&self) -> impl Iterator<Item = &MyFootageTask> {
        let is_over =
            |asked: &MyFootageTask| self.footage_withdrawn && asked.task.state == FootageState::Asked;
        self.footage.values().filter(move |asked| !is_over(asked))
    }

    fn confirmed(&self) -> Vec<ConfirmedSlot> {
        let standing = self
            .state
            .records
            .values()
            .filter(|stored| stored.status != RecordStatus::Withdrawn);
        let confirmed = standing.filter_map(|stored| {
            let session = LoudspeakerSession::from_json(stored.draft.body.clone()).ok()?;
            let aired = session.aired().count();
            Some(ConfirmedSlot {
                slot: session.slot?,
                record_id: stored.draft.id,
                by: person(stored.author),
                topic: session.topic.clone(),
                minutes: session.minutes,
                aired: aired as u16,
                missed: (session.areas.len() - aired) as u16,
                late: session.is_late(stored.draft.started_at),
            })
        });
        confirmed.collect()
    }

    fn scope(&self, user: UserId, now: Millis) -> Scope {
        let areas = self.members.get(&user).cloned().unwrap_or_default();
        let edges = self.below.iter().flat_map(|(parent, children)| {
            children.iter().map(|child| keng_shared::area::AreaEdge {
                child: *child,
                parent: *parent,
                valid_from: None,
                valid_to: None,
            })
        });
        Scope {
            envelope: self.envelope(now),
            tag: self.scope_tag(user),
            me: Me {
                id: user,
                username: String::new(),
                name: String::new(),
                memberships: areas
                    .iter()
                    .map(|area| MyMembership {
                        role: Role::Member,
                        area_id: *area,
                        team_id: None,
                    })
                    .collect(),
            },
            areas: vec![],
            edges: edges.collect(),
            teams: vec![],
            checkpoints: vec![],
            retired_checkpoints: vec![],
            plans: vec![],
            cameras: vec![],
            footage: self.asked().cloned().collect(),
            broadcast_schedules: self.schedules.clone(),
            confirmed_slots: self.confirmed(),
            targets: Vec::new(),
            routes: Vec::new(),
            campaigns: Vec::new(),
            models: Vec::new(),
            tasks: self.tasks.values().cloned().collect(),
        }
    }

    fn push(&mut self, user: UserId, request: &PushRequest, now: Millis) -> Result<Answer, Failure> {
        assert!(!request.ops.is_empty() && request.ops.len() <= MAX_OPS);
        if self.most_ops.is_some_and(|most| request.ops.len() > most) {
            return Err(problem(ProblemCode::TooLarge));
        }
        let mut results = Vec::with_capacity(request.ops.len());
        for op in &request.ops {
            let outcome = match self.state.ops.get(&op.id) {
                Some((action, outcome)) if *action == op.action => outcome.clone(),
                Some(_) => refused(Problem::new(ProblemCode::IdTaken)),
                None => {
                    let outcome = match self.apply(user, &op.action, now) {
                        Ok(revision) => OpOutcome::Done {
                            revision,
                            audit_leaf: String::new(),
                        },
                        Err(problem) => OpOutcome::Refused { problem },
                    };
                    let entry = (op.action.clone(), outcome.clone());
                    self.state.ops.insert(op.id, entry);
                    outcome
                }
            };
            results.push(OpResult { id: op.id, outcome });
        }
        Ok(Answer::Pushed(PushAnswer {
            envelope: self.envelope(now),
            results,
        }))
    }

    fn apply(&mut self, user: UserId, action: &OpAction, now: Millis) -> Result<u32, Box<Problem>> {
        let missing = || Box::new(Problem::new(ProblemCode::NotFound));
        match action {
            OpAction::PutRecord { draft, base_revision } => self.put(user, draft, *base_revision, now),
            OpAction::WithdrawRecord {
                record_id,
                base_revision,
            } => {
                self.state.rev += 1;
                let rev = self.state.rev;
                let stored = self.state.records.get_mut(record_id).ok_or_else(missing)?;
                match stored.status {
                    RecordStatus::Withdrawn => Err(Box::new(Problem::new(ProblemCode::Gone))),
                    _ if stored.revision != *base_revision => Err(mismatch(stored)),
                    _ => {
                        stored.status = RecordStatus::Withdrawn;
                        stored.revision += 1;
                        stored.rev = rev;
                        Ok(stored.revision)
                    }
                }
            }
            OpAction::PutSegment { segment } => {
                let stored = self.state.records.get(&segment.record_id).ok_or_else(missing)?;
                if stored.status == RecordStatus::Withdrawn {
                    return Err(Box::new(Problem::new(ProblemCode::Gone)));
                }
                let revision = stored.revision;
                let known = self
                    .state
                    .segments
                    .entry(segment.id)
                    .or_insert_with(|| segment.clone());
                if known == segment {
                    Ok(revision)
                } else {
                    Err(Box::new(Problem::new(ProblemCode::IdTaken)))
                }
            }
            OpAction::StepTask { task_id, step, at } => {
                let gone = || Box::new(Problem::new(ProblemCode::Gone));
                let task = self.tasks.get_mut(task_id).ok_or_else(gone)?;
                match task.state.step(step) {
                    Move::Impossible => return Err(Box::new(Problem::new(ProblemCode::StateConflict))),
                    Move::Nothing => {}
                    Move::To(state) => {
                        task.state = state;
                        task.said = Some(TaskSaid {
                            by: person(user),
                            at: *at,
                            note: step.note().to_owned(),
                            record_id: step.record_id(),
                        });
                        task.revision += 1;
                        self.steps += 1;
                    }
                }
                Ok(task.revision)
            }
            OpAction::AnswerFootage {
                task_id,
                base_revision,
                answer,
                at,
            } => {
                let gone = || Box::new(Problem::new(ProblemCode::Gone));
                let task = &mut self.footage.get_mut(task_id).ok_or_else(gone)?.task;
                if task.revision != *base_revision {
                    return Err(Box::new(Problem::new(ProblemCode::RevisionMismatch)));
                }
                task.state = answer.state;
                task.answered_at = Some(*at);
                task.revision += 1;
                self.footage_answers += 1;
                if answer.state == FootageState::Kept {
                    let hand = Custody {
                        holder: answer.holder.clone(),
                        place: answer.place.clone(),
                        until: answer.until,
                        at: *at,
                        by: person(user),
                    };
                    task.custody.insert(0, hand);
                }
                Ok(task.revision)
            }
            OpAction::AnnouncePhoto { signed } => {
                let stored = self
                    .state
                    .records
                    .get(&signed.manifest.record_id)
                    .ok_or_else(missing)?;
                if !stored.draft.attached().any(|id| id == signed.manifest.photo_id) {
                    return Err(missing());
                }
                let revision = stored.revision;
                self.state
                    .announced
                    .insert(signed.manifest.photo_id, signed.clone());
                Ok(revision)
            }
        }
    }

    fn put(
        &mut self,
        user: UserId,
        draft: &RecordDraft,
        base: Option<u32>,
        now: Millis,
    ) -> Result<u32, Box<Problem>> {
        let parsed = record::parse(draft.clone(), now).map_err(|errors| Box::new(Problem::fields(errors)))?;
        if draft.body["venue"] == "refused" {
            let error = FieldError::new("body.venue", FieldCode::NotAChoice);
            return Err(Box::new(Problem::fields(vec![error])));
        }
        if !self.reach(user).contains(&draft.area_id) {
            let error = FieldError::new("area_id", FieldCode::NoSuchObject);
            return Err(Box::new(Problem::fields(vec![error])));
        }
        if let record::Body::Loudspeaker(session) = parsed.body() {
            let taken = self
                .confirmed()
                .into_iter()
                .find(|confirmed| Some(confirmed.slot) == session.slot && confirmed.record_id != draft.id);
            if let Some(taken) = taken {
                let holder = SlotHolder {
                    record_id: taken.record_id,
                    by: taken.by,
                };
                let stored = serde_json::to_value(holder).unwrap();
                return Err(Box::new(Problem::new(ProblemCode::SlotTaken).with_stored(stored)));
            }
        }
        self.state.rev += 1;
        let rev = self.state.rev;
        let status = if parsed.is_open() {
            RecordStatus::Open
        } else {
            RecordStatus::Submitted
        };
        let version = super::version(&draft.body);
        let revision = match (self.state.records.get_mut(&draft.id), base) {
            (None, None) => {
                self.state.records.insert(
                    draft.id,
                    Stored {
                        draft: draft.clone(),
                        author: user,
                        revision: 1,
                        status,
                        review: None,
                        rev,
                    },
                );
                1
            }
            (None, Some(_)) => return Err(Box::new(Problem::new(ProblemCode::NotFound))),
            (Some(stored), _) if stored.author != user => {
                self.trespasses += 1;
                return Err(Box::new(Problem::new(ProblemCode::NotFound)));
            }
            (Some(stored), _) if stored.status == RecordStatus::Withdrawn => {
                return Err(Box::new(Problem::new(ProblemCode::Gone)));
            }
            (Some(stored), base) if stored.draft == *draft && base.is_none() => return Ok(stored.revision),
            (Some(stored), None) => {
                let view = serde_json::json!({"revision": stored.revision});
                return Err(Box::new(Problem::new(ProblemCode::IdTaken).with_stored(view)));
            }
            (Some(stored), Some(base)) if base != stored.revision => return Err(mismatch(stored)),
            (Some(stored), Some(_)) if !stored.status.is_editable() => {
                return Err(Box::new(Problem::new(ProblemCode::StateConflict)));
            }
            (Some(stored), Some(_)) => {
                stored.draft = draft.clone();
                stored.revision += 1;
                stored.status = status;
                stored.rev = rev;
                stored.revision
            }
        };
        self.versions.entry(draft.id).or_default().push(version);
        Ok(revision)
    }

    fn upload(&mut self, id: PhotoId, sha256: &str, size: u64, now: Millis) -> Result<Answer, Failure> {
        let Some(signed) = self.state.announced.get(&id) else {
            return Err(problem(ProblemCode::NotFound));
        };
        if signed.manifest.sha256 != sha256 {
            return Err(problem(ProblemCode::ChecksumMismatch));
        }
        self.state.held.insert(id, sha256.to_owned());
        let receipt = Receipt {
            v: 1,
            photo_id: id,
            record_id: signed.manifest.record_id,
            sha256: sha256.to_owned(),
            size,
            manifest_sha256: signed.manifest.digest(),
            held_at: now,
            audit_leaf: String::new(),
            key_id: String::new(),
        };
        let record = receipt.record_id;
        self.state.rev += 1;
        let rev = self.state.rev;
        if let Some(stored) = self.state.records.get_mut(&record) {
            stored.rev = rev;
        }
        Ok(Answer::Uploaded(Box::new(SignedReceipt {
            receipt,
            signature: String::new(),
        })))
    }

    fn pull(&mut self, user: UserId, cursor: Option<&str>, now: Millis) -> Result<Answer, Failure> {
        let since = match cursor.and_then(|text| text.split_once(':')) {
            None => 0,
            Some((epoch, _)) if epoch != self.epoch.to_string() => {
                return Err(problem(ProblemCode::CursorExpired));
            }
            Some((_, rev)) => rev.parse().unwrap(),
        };
        let reach = self.reach(user);
        let mut changed: Vec<_> = self
            .state
            .records
            .values()
            .filter(|stored| stored.rev > since && reach.contains(&stored.draft.area_id))
            .collect();
        changed.sort_by_key(|stored| stored.rev);
        let more = changed.len() > PAGE;
        changed.truncate(PAGE);
        let cursor = match changed.last() {
            Some(last) if more => last.rev,
            _ => self.state.rev,
        };
        Ok(Answer::Pulled(PullAnswer {
            envelope: self.envelope(now),
            scope_tag: self.scope_tag(user),
            cursor: format!("{}:{cursor}", self.epoch),
            more,
            records: changed.into_iter().map(|stored| self.view(stored)).collect(),
        }))
    }

    fn state_of(&self, id: PhotoId) -> PhotoState {
        match self.state.held.contains_key(&id) {
            true => PhotoState::Held,
            false => PhotoState::Expected,
        }
    }

    fn view(&self, stored: &Stored) -> RecordView {
        let draft = &stored.draft;
        RecordView {
            id: draft.id,
            kind: draft.kind.clone(),
            area_id: draft.area_id,
            commune_id: draft.area_id,
            team_id: None,
            author: person(stored.author),
            local_date: draft.started_at.local_date().unwrap(),
            started_at: draft.started_at,
            ended_at: draft.ended_at,
            fix: None,
            status: stored.status,
            revision: stored.revision,
            body: draft.body.clone(),
            photos: draft
                .photos
                .iter()
                .map(|photo| PhotoView {
                    id: photo.id,
                    sha256: photo.sha256.clone(),
                    caption: photo.caption.clone(),
                    state: self.state_of(photo.id),
                    captured_at: None,
                    fix: None,
                    origin: None,
                    size: None,
                    width: None,
                    height: None,
                    exif: None,
                    flags: vec![],
                    review: self.state.judged.get(&photo.id).cloned(),
                })
                .collect(),
            files: draft
                .files
                .iter()
                .map(|file| FileView {
                    id: file.id,
                    sha256: file.sha256.clone(),
                    name: file.name.clone(),
                    state: self.state_of(file.id),
                    size: None,
                })
                .collect(),
            track: None,
            flags: vec![],
            review: stored.review.clone(),
            case: None,
            received_at: EVENING,
            changed_at: EVENING,
        }
    }
}

fn person(id: UserId) -> PersonName {
    PersonName {
        id,
        name: String::new(),
    }
}

pub fn problem(code: ProblemCode) -> Failure {
    Failure::Problem {
        problem: Box::new(Problem::new(code)),
        retry_after_ms: None,
    }
}

fn refused(problem: Problem) -> OpOutcome {
    OpOutcome::Refused {
        problem: Box::new(problem),
    }
}

fn mismatch(stored: &Stored) -> Box<Problem> {
    let problem = Problem::new(ProblemCode::RevisionMismatch)
        .with_stored(serde_json::json!({"revision": stored.revision}));
    Box::new(problem)
}
