//! What phones send and fetch: push, pull, and what the server holds of a day.

use crate::auth::Caller;
use crate::db::feed::{self, Reach};
use crate::db::operations::Done;
use crate::db::records::StoredRecord;
use crate::db::{Conn, DbError, photos, record_lists, records, sessions, tracks};
use crate::evidence::manifest;
use crate::extract::{Body, Json, Query, parse_json};
use crate::problem::AppError;
use crate::state::{AppState, State};
use crate::sync::announce::Announce;
use crate::sync::answer_footage::AnswerFootage;
use crate::sync::cases::Reporter;
use crate::sync::permit::{actor, check_draft, led_teams};
use crate::sync::put_record::PutRecord;
use crate::sync::segment::PutSegments;
use crate::sync::step_task::{StepTask, TaskReach};
use crate::sync::withdraw::Withdraw;
use crate::sync::{Operation, content_hash};
use base64::Engine;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use futures::future::join_all;
use keng_shared::id::{AreaId, DeviceId, OpId, RecordId};
use keng_shared::problem::{FieldCode, FieldError, Problem, ProblemCode};
use keng_shared::sync::*;
use keng_shared::time::{LocalDate, Millis};
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;
use std::collections::{BTreeMap, BTreeSet, HashSet};

/// [`PushRequest`] whose operations are read one by one, so that one that cannot be read stands alone.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawPush {
    protocol: u16,
    device_id: DeviceId,
    #[expect(
        dead_code,
        reason = "the phone compares clocks by the answer; the server asks no phone for the time"
    )]
    device_time: Millis,
    ops: Vec<Box<RawValue>>,
}

/// Does the operations of a phone, each by itself, in their order.
pub async fn push(
    state: State,
    caller: Caller,
    Body(body): Body<MAX_PUSH_BYTES>,
) -> Result<Json<PushAnswer>, AppError> {
    let request: RawPush = parse_json(&body)?;
    check_push(&caller, &request)?;
    let mut ops = Vec::with_capacity(request.ops.len());
    for (index, raw) in request.ops.iter().enumerate() {
        ops.push(read_op(index, raw)?);
    }
    let announces = |op: &ReadOp| matches!(op.action, Ok(OpAction::AnnouncePhoto { .. }));
    let device_key = match ops.iter().any(announces) {
        true => device_key(&state, &caller).await?,
        false => String::new(),
    };
    let tasks: Vec<Task> = ops
        .into_iter()
        .map(|op| prepare(&state, &caller, &device_key, op))
        .collect();
    // One lane keeps the order of the operations and lets them share commits.
    let lane = tasks.iter().find_map(|task| task.commune);
    let lane = lane.or_else(|| home_commune(&caller));
    let lane = lane.unwrap_or(AreaId(0));
    let communes: BTreeSet<AreaId> = tasks.iter().filter_map(|task| task.commune).collect();
    let finished = join_all(tasks.into_iter().map(|task| finish(&state, lane, task))).await;
    communes
        .into_iter()
        .for_each(|commune| state.events.stir(commune));
    Ok(Json(PushAnswer {
        envelope: envelope(&state),
        results: settle(finished),
    }))
}

/// The commune of the caller's first membership: whoever watches what the caller does watches it.
fn home_commune(caller: &Caller) -> Option<AreaId> {
    let area = caller.memberships().next()?.area_id;
    caller.tree().commune_of(area, caller.today())
}

fn check_push(caller: &Caller, request: &RawPush) -> Result<(), AppError> {
    let mut errors = Vec::new();
    if !(OLDEST_PROTOCOL..=PROTOCOL).contains(&request.protocol) {
        errors.push(FieldError::new("protocol", FieldCode::NotAChoice).with("max", PROTOCOL));
    }
    if request.device_id != caller.device_id() {
        errors.push(FieldError::new("device_id", FieldCode::NoSuchObject));
    }
    if request.ops.is_empty() {
        errors.push(FieldError::new("ops", FieldCode::Required));
    }
    if request.ops.len() > MAX_OPS {
        errors.push(FieldError::new("ops", FieldCode::TooLong).with("max", MAX_OPS));
    }
    match errors.is_empty() {
        true => Ok(()),
        false => Err(AppError::fields(errors)),
    }
}

async fn device_key(state: &AppState, caller: &Caller) -> Result<String, AppError> {
    let device = caller.device_id();
    let key = state
        .db
        .read(move |conn| sessions::device_key(conn, device))
        .await?;
    key.ok_or_else(|| AppError::internal("a session without a device"))
}

/// An operation, or why it cannot be read.
struct ReadOp {
    id: OpId,
    action: Result<OpAction, Problem>,
}

fn read_op(index: usize, raw: &RawValue) -> Result<ReadOp, AppError> {
    #[derive(Deserialize)]
    struct OnlyId {
        id: OpId,
    }
    match parse_json::<Op>(raw.get().as_bytes()) {
        Ok(op) => Ok(ReadOp {
            id: op.id,
            action: Ok(op.action),
        }),
        Err(error) => match serde_json::from_str::<OnlyId>(raw.get()) {
            Ok(OnlyId { id }) => Ok(ReadOp {
                id,
                action: Err(error.problem().clone()),
            }),
            Err(_) => Err(FieldError::new(format!("ops.{index}.id"), FieldCode::BadFormat).into()),
        },
    }
}

/// An operation that is ready for the database.
struct Task {
    id: OpId,
    record: Option<RecordId>,
    /// The commune in which something changes by it: that of a record that is put, the caller's own for a word about a task or
    /// about footage.
    commune: Option<AreaId>,
    job: Result<Job, Problem>,
}

enum Job {
    Put(Box<PutRecord>),
    Withdraw(Withdraw),
    Segments(PutSegments),
    Announce(Box<Announce>),
    StepTask(Box<StepTask>),
    AnswerFootage(Box<AnswerFootage>),
}

impl Job {
    fn run(&self, conn: &mut Conn) -> Result<Done, DbError> {
        match self {
            Self::Put(put) => put.run(conn).map(|put| put.done),
            Self::Withdraw(withdraw) => withdraw.run(conn),
            Self::Segments(segments) => segments.run(conn).map(|(done, _)| done),
            Self::Announce(announce) => announce.run(conn),
            Self::StepTask(step) => step.run(conn),
            Self::AnswerFootage(answer) => answer.run_once(conn),
        }
    }
}

fn prepare(state: &AppState, caller: &Caller, device_key: &str, op: ReadOp) -> Task {
    let id = op.id;
    match op.action {
        Err(problem) => Task {
            id,
            record: None,
            commune: None,
            job: Err(problem),
        },
        Ok(action) => {
            let record = action.record_id();
            let operation = Operation::new(id, &action);
            let mut commune = None;
            let job = match action {
                OpAction::PutRecord { draft, base_revision } => check_draft(caller, *draft)
                    .map_err(in_draft)
                    .map(|(record, found)| {
                        commune = Some(found);
                        let reporter = Reporter::of(caller, record.draft().area_id);
                        let put = PutRecord::new(
                            actor(caller),
                            record,
                            found,
                            base_revision,
                            Some(operation),
                            state.boundaries.clone(),
                        );
                        Job::Put(Box::new(put.reported_by(reporter)))
                    }),
                OpAction::WithdrawRecord {
                    record_id,
                    base_revision,
                } => Ok(Job::Withdraw(Withdraw {
                    actor: actor(caller),
                    record: record_id,
                    base_revision,
                    operation: Some(operation),
                })),
                OpAction::StepTask { task_id, step, at } => match step.parse() {
                    Ok(step) => {
                        commune = home_commune(caller);
                        Ok(Job::StepTask(Box::new(StepTask {
                            reach: TaskReach::of(caller),
                            task: task_id,
                            step,
                            at,
                            seen: None,
                            operation: Some(operation),
                        })))
                    }
                    Err(error) => Err(Problem::fields(vec![error])),
                },
                OpAction::AnswerFootage {
                    task_id,
                    base_revision,
                    answer,
                    at,
                } => {
                    commune = home_commune(caller);
                    AnswerFootage::said(caller, task_id, base_revision, answer, at)
                        .map(|said| Job::AnswerFootage(Box::new(said.once(operation))))
                        .map_err(Problem::fields)
                }
                OpAction::PutSegment { segment } => match segment.check() {
                    Ok(()) => Ok(Job::Segments(PutSegments {
                        actor: actor(caller),
                        record: segment.record_id,
                        segments: vec![segment],
                        operation: Some(operation),
                    })),
                    Err(errors) => Err(Problem::fields(errors)),
                },
                OpAction::AnnouncePhoto { signed } => {
                    let stated = &signed.manifest;
                    if stated.device_id != caller.device_id() {
                        Err(field("manifest.device_id", FieldCode::NoSuchObject))
                    } else if stated.user_id != caller.user_id() {
                        Err(field("manifest.user_id", FieldCode::NoSuchObject))
                    } else {
                        manifest::verify(&signed, device_key)
                            .map_err(Problem::fields)
                            .map(|()| {
                                Job::Announce(Box::new(Announce {
                                    actor: actor(caller),
                                    signed,
                                    operation: Some(operation),
                                    boundaries: state.boundaries.clone(),
                                }))
                            })
                    }
                }
            };
            Task {
                id,
                record,
                commune,
                job,
            }
        }
    }
}

fn field(name: &str, code: FieldCode) -> Problem {
    Problem::fields(vec![FieldError::new(name, code)])
}

/// An area out of reach is a field that the person can mend, not a missing object.
fn in_draft(error: AppError) -> Problem {
    match error.problem().code {
        ProblemCode::NotFound | ProblemCode::Forbidden => field("area_id", FieldCode::NoSuchObject),
        _ => error.problem().clone(),
    }
}

struct Finished {
    id: OpId,
    record: Option<RecordId>,
    outcome: OpOutcome,
}

async fn finish(state: &AppState, lane: AreaId, task: Task) -> Finished {
    let outcome = match task.job {
        Err(problem) => refused(problem),
        Ok(job) => {
            let is_put = matches!(job, Job::Put(_));
            match state.db.write_in(lane, move |conn| job.run(conn)).await {
                Ok(done) => OpOutcome::Done {
                    revision: done.revision,
                    audit_leaf: done.audit_leaf,
                },
                Err(error) => {
                    let problem = AppError::from(error).problem().clone();
                    // What belongs to a record that is not here yet waits for it.
                    let waits = problem.status >= 500 || (problem.code == ProblemCode::NotFound && !is_put);
                    match waits {
                        true => later(problem),
                        false => refused(problem),
                    }
                }
            }
        }
    };
    Finished {
        id: task.id,
        record: task.record,
        outcome,
    }
}

fn refused(problem: Problem) -> OpOutcome {
    OpOutcome::Refused {
        problem: Box::new(problem),
    }
}

fn later(problem: Problem) -> OpOutcome {
    OpOutcome::Later {
        problem: Box::new(problem),
    }
}

/// An operation that was refused for want of something that an earlier one of the same record should have brought is
/// not lost: it waits until that one is mended.
fn settle(finished: Vec<Finished>) -> Vec<OpResult> {
    let mut failed: HashSet<RecordId> = HashSet::new();
    let mut results = Vec::with_capacity(finished.len());
    for Finished { id, record, outcome } in finished {
        let follows_failure = record.is_some_and(|record| failed.contains(&record));
        let outcome = match outcome {
            OpOutcome::Refused { problem } if follows_failure && misses_something(&problem) => {
                later(*problem)
            }
            outcome => outcome,
        };
        if !matches!(outcome, OpOutcome::Done { .. }) {
            failed.extend(record);
        }
        results.push(OpResult { id, outcome });
    }
    results
}

fn misses_something(problem: &Problem) -> bool {
    problem
        .fields
        .iter()
        .any(|error| error.code == FieldCode::NoSuchObject && error.field == "manifest.photo_id")
}

/// Query of [`pull`].
#[derive(Debug, Deserialize, utoipa::IntoParams)]
#[serde(deny_unknown_fields)]
pub struct PullQuery {
    /// `cursor` of the pull before; none to begin.
    cursor: Option<String>,
}

/// Where a phone stands: in which history, with which reach, and how far in each commune.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
struct Cursor {
    epoch: String,
    reach: String,
    revs: BTreeMap<i64, i64>,
}

impl Cursor {
    fn write(&self) -> String {
        BASE64_URL_SAFE_NO_PAD.encode(serde_json::to_vec(self).unwrap_or_default())
    }

    fn read(text: &str) -> Option<Self> {
        serde_json::from_slice(&BASE64_URL_SAFE_NO_PAD.decode(text).ok()?).ok()
    }
}

/// Records in the caller's reach that changed since a cursor.
pub async fn pull(
    state: State,
    caller: Caller,
    Query(query): Query<PullQuery>,
) -> Result<Json<PullAnswer>, AppError> {
    let reach = Reach {
        author: caller.user_id(),
        teams: led_teams(&caller),
    };
    let reach_tag = content_hash(&caller.me().memberships);
    let since = query
        .cursor
        .map(|text| Cursor::read(&text).ok_or(ProblemCode::CursorExpired))
        .transpose()?;
    let envelope = envelope(&state);
    let answer = state
        .db
        .snapshot(move |conn| {
            let start = Cursor {
                epoch: feed::epoch(conn)?,
                reach: reach_tag.clone(),
                revs: BTreeMap::new(),
            };
            let mut cursor = match since {
                None => start,
                Some(since) if since.epoch == start.epoch && since.reach == start.reach => since,
                Some(_) => return Err(ProblemCode::CursorExpired.into()),
            };
            let (rows, more) = changes(conn, &reach, &mut cursor)?;
            Ok(PullAnswer {
                envelope,
                scope_tag: super::scope::tag(conn, &caller)?,
                cursor: cursor.write(),
                more,
                records: records::views(conn, rows)?,
            })
        })
        .await?;
    Ok(Json(answer))
}

/// Up to a page of changes; the cursor moves behind them.
fn changes(
    conn: &mut Conn,
    reach: &Reach,
    cursor: &mut Cursor,
) -> Result<(Vec<StoredRecord>, bool), DbError> {
    let mut rows = Vec::new();
    for commune in feed::communes(conn, reach)? {
        let room = MAX_PULL - rows.len();
        if room == 0 {
            return Ok((rows, true));
        }
        let since = cursor.revs.get(&commune.0).copied().unwrap_or(0);
        let found = feed::changed(conn, reach, commune, since, room)?;
        if let Some(last) = found.last() {
            cursor.revs.insert(commune.0, last.feed_rev);
        }
        let full = found.len() == room;
        rows.extend(found);
        if full {
            return Ok((rows, true));
        }
    }
    Ok((rows, false))
}

/// Query of [`held`].
#[derive(Debug, Deserialize, utoipa::IntoParams)]
#[serde(deny_unknown_fields)]
pub struct HeldQuery {
    /// The local date.
    #[param(value_type = String, format = Date)]
    date: LocalDate,
}

/// What the server holds of the caller's records of one local date.
pub async fn held(
    state: State,
    caller: Caller,
    Query(query): Query<HeldQuery>,
) -> Result<Json<Held>, AppError> {
    let me = caller.user_id();
    let envelope = envelope(&state);
    let held = state
        .db
        .snapshot(move |conn| {
            let ids = record_lists::ids_of_date(conn, me, query.date)?;
            Ok(Held {
                envelope,
                segments: tracks::held_ids(conn, &ids)?,
                photos: photos::held_ids(conn, &ids)?,
                records: ids
                    .iter()
                    .map(|id| DbError::unless(id.parse().ok(), "record.id"))
                    .collect::<Result<_, _>>()?,
            })
        })
        .await?;
    Ok(Json(held))
}

/// Marks an answer as ours.
pub fn envelope(state: &AppState) -> Envelope {
    Envelope {
        keng: PROTOCOL,
        server_time: state.clock.now(),
    }
}
