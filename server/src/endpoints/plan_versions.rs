//! What a plan said before: its versions, and what each changed.

use super::target_plans::visible;
use crate::auth::Caller;
use crate::db::target_plans;
use crate::extract::{Json, Path};
use crate::problem::AppError;
use crate::state::State;
use crate::targets::versions::changes;
use keng_shared::api::{PlanVersion, PlanVersionView};
use keng_shared::id::TargetPlanId;
use keng_shared::problem::ProblemCode;

/// `GET /target-plans/{id}/versions`: the newest first.
pub async fn list(
    state: State,
    caller: Caller,
    Path(id): Path<TargetPlanId>,
) -> Result<Json<Vec<PlanVersion>>, AppError> {
    visible(&state, &caller, id).await?;
    let stored = state
        .db
        .snapshot(move |conn| target_plans::versions(conn, id))
        .await?;
    let before = std::iter::once(None).chain(stored.iter().map(|version| Some(&version.terms)));
    let mut versions: Vec<PlanVersion> = stored
        .iter()
        .zip(before)
        .map(|(version, before)| PlanVersion {
            revision: version.revision,
            at: version.at,
            by: version.by.clone(),
            targets: u32::try_from(version.terms.targets.len()).unwrap_or(u32::MAX),
            changes: before.map_or_else(Vec::new, |before| changes(caller.tree(), before, &version.terms)),
        })
        .collect();
    versions.reverse();
    Ok(Json(versions))
}

/// `GET /target-plans/{id}/versions/{revision}`
pub async fn show(
    state: State,
    caller: Caller,
    Path((id, revision)): Path<(TargetPlanId, u32)>,
) -> Result<Json<PlanVersionView>, AppError> {
    visible(&state, &caller, id).await?;
    let terms = state
        .db
        .read(move |conn| target_plans::version(conn, id, revision))
        .await?;
    let terms = terms.ok_or(ProblemCode::NotFound)?;
    Ok(Json(PlanVersionView { id, revision, terms }))
}
