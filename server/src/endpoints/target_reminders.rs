//! What is due of the plans that the caller sees.

use super::target_plans::readable_communes;
use super::target_progress::{ProgressQuery, area_of, laid_out};
use crate::auth::Caller;
use crate::db::target_plans;
use crate::extract::Json;
use crate::problem::AppError;
use crate::state::State;
use crate::targets::matrix::communes_of;
use crate::targets::reminders;
use keng_shared::api::{MAX_REMINDERS, OnTree, TargetReminder};
use keng_shared::area::AreaTree;
use keng_shared::id::AreaId;
use keng_shared::permission::Verb;
use keng_shared::target::PlanTerms;
use keng_shared::time::LocalDate;

/// Whether communes of a plan have ended.
fn has_reform(tree: &AreaTree, terms: &PlanTerms, today: LocalDate) -> bool {
    let ended = |id: AreaId| tree.get(id).and_then(|area| area.valid_to);
    let mut communes = communes_of(tree, terms).into_iter();
    communes.any(|id| ended(id).is_some_and(|ended| ended < today))
}

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
        if !reminders::is_in_force(&plan.terms, today) {
            continue;
        }
        let terms = plan.terms.clone();
        let area = area_of(&state, &caller, &plan, None).await?;
        // Nobody can do anything for a commune that has ended: those that it became are reminded.
        let query = ProgressQuery::on(match has_reform(caller.tree(), &terms, today) {
            true => OnTree::Now,
            false => OnTree::Then,
        });
        let matrix = laid_out(&state, &caller, plan, area, &query).await?;
        found.extend(reminders::of_plan(&matrix, &terms));
    }
    found.sort_by(reminders::press);
    found.truncate(MAX_REMINDERS);
    Ok(Json(found))
}
