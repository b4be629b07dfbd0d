//! How far units are with their targets, and the records behind a figure.

use super::target_plans::{row, visible};
use crate::auth::Caller;
use crate::db::target_figures::StoredFigure;
use crate::db::target_plans::{self, StoredPlan, StoredTarget};
use crate::db::{feed, successions, target_recount, target_shares};
use crate::extract::{Json, Path, Query};
use crate::problem::AppError;
use crate::state::State;
use crate::targets::appendix;
use crate::targets::ground::{Ground, Rows};
use crate::targets::homes::Homes;
use crate::targets::kept::{Question, Stamp};
use crate::targets::kept_figures::OfCommune;
use crate::targets::matrix::name_of;
use crate::targets::scope::Scope;
use actix_web::HttpResponse;
use actix_web::http::header::{CACHE_CONTROL, CONTENT_DISPOSITION, CONTENT_TYPE};
use bytes::Bytes;
use keng_shared::api::{BehindRow, BehindShow, MAX_BEHIND, OnTree, ProgressMatrix};
use keng_shared::id::{AreaId, TargetPlanId};
use keng_shared::permission::Verb;
use keng_shared::problem::{FieldCode, FieldError, ProblemCode};
use keng_shared::target::{Aggregation, Entry, NotCounted, Standing};
use keng_shared::time::LocalDate;
use serde::Deserialize;
use std::collections::HashMap;
use std::sync::Arc;

/// Query of `GET /target-plans/{id}/progress`.
#[derive(Debug, Default, Deserialize, utoipa::IntoParams)]
#[serde(deny_unknown_fields)]
pub struct ProgressQuery {
    /// The plan's own area, or one of its communes, whose residential areas are then the rows; by default whichever of
    /// them the caller may read.
    #[param(value_type = Option<i64>)]
    area: Option<AreaId>,
    /// On the tree of each record's date, or on that of today.
    #[serde(default)]
    #[param(inline)]
    on: OnTree,
    /// The day that figures are compared on; today if missing.
    #[param(value_type = Option<String>, format = Date)]
    day: Option<LocalDate>,
}

impl ProgressQuery {
    /// What is asked without a choice, on one of the trees.
    pub fn on(on: OnTree) -> Self {
        Self {
            on,
            ..Self::default()
        }
    }
}

/// Query of `GET /target-plans/{id}/behind`.
#[derive(Debug, Deserialize, utoipa::IntoParams)]
#[serde(deny_unknown_fields)]
pub struct BehindQuery {
    /// Code of the target.
    target: String,
    /// The plan's own area, a commune, or a residential area.
    #[param(value_type = i64)]
    area: AreaId,
    /// On the tree of each record's date, or on that of today, as the matrix is that shows the figure.
    #[serde(default)]
    #[param(inline)]
    on: OnTree,
    /// Only records that stand so; all if missing.
    #[param(inline)]
    show: Option<BehindShow>,
}

/// `GET /target-plans/{id}/progress`
pub async fn progress(
    state: State,
    caller: Caller,
    Path(id): Path<TargetPlanId>,
    Query(query): Query<ProgressQuery>,
) -> Result<HttpResponse, AppError> {
    let plan = visible(&state, &caller, id).await?;
    let area = area_of(&state, &caller, &plan, query.area).await?;
    let question = Question {
        plan: id,
        area,
        now: query.on == OnTree::Now,
        may_change: row(&caller, &plan).may_change,
    };
    let stamp = stamp(&state, &caller, &plan, &query).await?;
    let answer = match state.matrices.get(&question, &stamp) {
        Some(answer) => answer,
        None => {
            let matrix = laid_out(&state, &caller, plan, area, &query).await?;
            let answer = Bytes::from(serde_json::to_vec(&matrix).map_err(AppError::internal)?);
            state.matrices.keep(question, stamp, answer.clone());
            answer
        }
    };
    Ok(HttpResponse::Ok()
        .insert_header((CONTENT_TYPE, "application/json"))
        .insert_header((CACHE_CONTROL, "no-store"))
        .body(answer))
}

/// What a matrix would be laid out from now. It is read before the matrix, so that an answer is never older than its stamp.
async fn stamp(
    state: &State,
    caller: &Caller,
    plan: &StoredPlan,
    query: &ProgressQuery,
) -> Result<Stamp, AppError> {
    let (id, revision) = (plan.id, plan.revision);
    let (communes, waiting) = state
        .db
        .snapshot(move |conn| {
            let communes = target_plans::communes(conn, id)?;
            let revisions = feed::revisions(conn, &communes)?;
            Ok((revisions, target_recount::waiting_of(conn, id)?))
        })
        .await?;
    Ok(Stamp {
        tree: caller.tree().clone(),
        revision,
        today: query.day.unwrap_or(caller.today()),
        waiting,
        communes: communes.into_iter().collect(),
    })
}

const XLSX: &str = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";

/// `GET /target-plans/{id}/appendix`: the same as the appendix of the plan, an Excel file.
pub async fn appendix(
    state: State,
    caller: Caller,
    Path(id): Path<TargetPlanId>,
    Query(query): Query<ProgressQuery>,
) -> Result<HttpResponse, AppError> {
    let plan = visible(&state, &caller, id).await?;
    let terms = plan.terms.clone();
    let area = area_of(&state, &caller, &plan, query.area).await?;
    let matrix = laid_out(&state, &caller, plan, area, &query).await?;
    let area = name_of(caller.tree(), matrix.area_id);
    let (name, today) = (format!("chi-tieu-{id}"), matrix.today);
    let written = actix_web::web::block(move || appendix::write(&matrix, &terms, &area)).await;
    let bytes = written.map_err(AppError::internal)?.map_err(AppError::internal)?;
    Ok(HttpResponse::Ok()
        .insert_header((CONTENT_TYPE, XLSX))
        .insert_header((
            CONTENT_DISPOSITION,
            format!("attachment; filename=\"{name}-{today}.xlsx\""),
        ))
        .insert_header((CACHE_CONTROL, "no-store"))
        .body(bytes))
}

/// The matrix of a plan.
pub(super) async fn laid_out(
    state: &State,
    caller: &Caller,
    plan: StoredPlan,
    area: AreaId,
    query: &ProgressQuery,
) -> Result<ProgressMatrix, AppError> {
    let (id, on) = (plan.id, query.on);
    let today = query.day.unwrap_or(caller.today());
    let (asking, kept) = (caller.clone(), state.figures.clone());
    let matrix = state
        .db
        .snapshot(move |conn| {
            let communes = target_plans::communes(conn, id)?;
            let is_plans_own = area == plan.terms.area_id && communes != [area];
            let within = (!is_plans_own).then_some(area);
            let targets = target_plans::targets_of(conn, id)?;
            let shown = within.map_or_else(|| communes.clone(), |area| vec![area]);
            let stored = kept.read(conn, (id, plan.revision), &targets, &shown)?;
            let late = late_by_code(&targets, &stored);
            let successions = successions::onward(conn, &communes)?;
            let homes = Homes::today(asking.tree(), &communes, &successions, today);
            let ground = Ground {
                tree: asking.tree(),
                terms: &plan.terms,
                communes: &communes,
                homes: &homes,
                today,
            };
            let show = match (within, on) {
                (Some(commune), _) => Rows::Within(commune),
                (None, OnTree::Then) => Rows::Then,
                (None, OnTree::Now) => Rows::Now,
            };
            // Only the communes of the records' dates are whole rows: a village may have another commune today.
            let figures = stored.iter().flat_map(|commune| match show {
                Rows::Then => &commune.as_one,
                Rows::Now | Rows::Within(_) => &commune.by_area,
            });
            let laid = ground.matrix(&show, &by_code(&targets, figures), &late);
            Ok(ProgressMatrix {
                plan: row(&asking, &plan),
                area_id: area,
                today,
                waiting: target_recount::waiting_of(conn, id)?,
                units: laid.units,
                targets: laid.targets,
            })
        })
        .await?;
    Ok(matrix)
}

/// The area to show: the one that was asked for, or the widest that the caller may read.
pub(super) async fn area_of(
    state: &State,
    caller: &Caller,
    plan: &StoredPlan,
    asked: Option<AreaId>,
) -> Result<AreaId, AppError> {
    let (own, id) = (plan.terms.area_id, plan.id);
    let communes = state
        .db
        .read(move |conn| target_plans::communes(conn, id))
        .await?;
    match asked {
        Some(area) if area == own || communes.contains(&area) => {
            caller.require_in_history(Verb::ReadRecords, area)?;
            Ok(area)
        }
        Some(_) => Err(ProblemCode::NotFound.into()),
        None if caller.can_in_history(Verb::ReadRecords, own) => Ok(own),
        None => {
            let readable = communes
                .into_iter()
                .find(|id| caller.can_in_history(Verb::ReadRecords, *id));
            readable.ok_or_else(|| ProblemCode::NotFound.into())
        }
    }
}

/// `GET /target-plans/{id}/behind`: the records behind a figure, and those that came too late or are the same as others.
pub async fn behind(
    state: State,
    caller: Caller,
    Path(id): Path<TargetPlanId>,
    Query(query): Query<BehindQuery>,
) -> Result<Json<Vec<BehindRow>>, AppError> {
    let plan = visible(&state, &caller, id).await?;
    caller.require_in_history(Verb::ReadRecords, query.area)?;
    let tree = caller.tree().clone();
    let today = caller.today();
    let rows = state
        .db
        .snapshot(move |conn| {
            let scope = Scope::read(conn, &tree, &plan, query.area, query.on, today)?;
            let targets = target_plans::targets_of(conn, id)?;
            let asked = targets.iter().find(|(_, target)| target.code == query.target);
            let Some((_, asked)) = asked else {
                return Err(FieldError::new("target", FieldCode::NoSuchObject).into());
            };
            // A sum of parts is the records of its parts.
            let shown: Vec<&StoredTarget> = match &asked.rule.rule().target.aggregation {
                Aggregation::Parts { codes } => {
                    let is_part = |target: &&StoredTarget| codes.contains(&target.code);
                    targets.iter().map(|(_, target)| target).filter(is_part).collect()
                }
                _ => vec![asked],
            };
            let mut rows = Vec::new();
            for target in shown {
                let limit = i64::try_from(MAX_BEHIND).unwrap_or(i64::MAX);
                for share in target_shares::list(
                    conn,
                    target.id,
                    &scope.places(),
                    query.show.map(BehindShow::standings),
                    limit,
                )? {
                    let entry = share.entry()?;
                    rows.push(BehindRow {
                        why_not: why_not(&entry, target),
                        record_id: entry.record_id,
                        area_id: entry.share.area,
                        area_name: name_of(&tree, entry.share.area),
                        date: entry.share.date,
                        amount: entry.share.amount,
                        total: entry.share.total,
                        part: entry.share.part,
                    });
                }
            }
            rows.sort_by_key(|row| std::cmp::Reverse((row.date, row.record_id)));
            rows.truncate(MAX_BEHIND);
            Ok(rows)
        })
        .await?;
    Ok(Json(rows))
}

/// Why a stored share does not count.
pub(super) fn why_not(entry: &Entry, target: &StoredTarget) -> Option<NotCounted> {
    let rule = target.rule.rule();
    match entry.standing {
        Standing::Counted => None,
        Standing::SameAs(record_id) => Some(NotCounted::SameAs { record_id }),
        Standing::CapReached => {
            let limit = rule
                .target
                .source
                .as_ref()
                .and_then(|source| source.limit.as_ref());
            Some(NotCounted::CapReached {
                most: limit.map_or(0, |limit| limit.most),
            })
        }
        Standing::AfterDeadline => Some(NotCounted::AfterDeadline {
            last_day: rule.last_day(entry.share.area, entry.commune),
        }),
        Standing::AfterCutOff => {
            let cut_off = rule.cut_off.unwrap_or(rule.period.to);
            Some(match entry.is_taken_back(cut_off) {
                true => NotCounted::TakenBack { cut_off },
                false => NotCounted::AfterCutOff { cut_off },
            })
        }
    }
}

pub(super) fn by_code<'a>(
    targets: &'a [(Option<String>, StoredTarget)],
    figures: impl IntoIterator<Item = &'a StoredFigure>,
) -> HashMap<&'a str, Vec<&'a StoredFigure>> {
    let codes = codes(targets);
    let mut found: HashMap<&str, Vec<&StoredFigure>> = HashMap::new();
    for figure in figures {
        if let Some(code) = codes.get(&figure.target_id) {
            found.entry(code).or_default().push(figure);
        }
    }
    found
}

fn late_by_code<'a>(
    targets: &'a [(Option<String>, StoredTarget)],
    stored: &[Arc<OfCommune>],
) -> HashMap<&'a str, u32> {
    let codes = codes(targets);
    let mut found: HashMap<&str, u32> = HashMap::new();
    for (target, count) in stored.iter().flat_map(|commune| &commune.late) {
        if let Some(code) = codes.get(target) {
            *found.entry(code).or_default() += u32::try_from(*count).unwrap_or(u32::MAX);
        }
    }
    found
}

pub(super) fn codes(targets: &[(Option<String>, StoredTarget)]) -> HashMap<i64, &str> {
    targets
        .iter()
        .map(|(_, target)| (target.id, target.code.as_str()))
        .collect()
}
