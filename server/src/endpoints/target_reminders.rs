//! What is due of the plans that the caller sees.

use super::target_plans::readable_communes;
use super::target_progress::{ProgressQuery, area_of, laid_out};
use crate::auth::Caller;
use crate::db::target_plans;
use crate::extract::Json;
use crate::problem::AppError;
use crate::state::State;
use crate::targets::reminders;
use keng_shared::api::{MAX_REMINDERS, TargetReminder};
use keng_shared::permission::Verb;

/// `GET /target-reminders`: what of the plans in force is due in the widest area that the caller reads, the most pressing
/// first; at most [`MAX_REMINDERS`].
pub async fn list(state: State, caller: Caller) -> Result<Json<Vec<TargetReminder>>, AppError> {
    caller.require_somewhere(Verb::ReadRecords)?;
    let (communes, today) = (readable_communes(&caller), caller.today());
    let plans = state
        .db
        .snapshot(move |conn| target_plans::about(conn, &communes))
        .await?;
    let mut found = Vec::new();
    for plan in plans {
        let last = plan.terms.due.unwrap_or(plan.terms.period.to);
        if today < plan.terms.period.from || last.max(plan.terms.period.to) < today {
            continue;
        }
        let terms = plan.terms.clone();
        let area = area_of(&state, &caller, &plan, None).await?;
        let matrix = laid_out(&state, &caller, plan, area, &ProgressQuery::default()).await?;
        found.extend(reminders::of_plan(&matrix, &terms));
    }
    found.sort_by(reminders::press);
    found.truncate(MAX_REMINDERS);
    Ok(Json(found))
}
