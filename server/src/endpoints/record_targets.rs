//! What a record counts for.

use super::target_progress::why_not;
use crate::auth::Caller;
use crate::db::target_plans::{self, StoredPlan, StoredTarget};
use crate::db::target_shares::{self, StoredShare, facts};
use crate::db::{DbError, records};
use crate::extract::{Json, Path};
use crate::problem::AppError;
use crate::state::State;
use crate::sync::permit::may_read;
use keng_shared::api::RecordTarget;
use keng_shared::id::RecordId;
use keng_shared::problem::ProblemCode;
use keng_shared::target::{Ruling, judge};

/// `GET /records/{id}/targets`: what a record counts for, or why not.
pub async fn list(
    state: State,
    caller: Caller,
    Path(id): Path<RecordId>,
) -> Result<Json<Vec<RecordTarget>>, AppError> {
    let told = state
        .db
        .snapshot(move |conn| {
            let record = records::find(conn, id)?.ok_or(ProblemCode::NotFound)?;
            may_read(&caller, &record)?;
            let body = DbError::unless(serde_json::from_str(&record.body).ok(), "record.body")?;
            let facts = facts(&record, &body)?;
            let shares = target_shares::of_record(conn, &record.id)?;
            let plans = target_plans::about(conn, &[record.commune()])?;
            let mut told = Vec::new();
            for plan in plans {
                for (kind, target) in target_plans::targets_of(conn, plan.id)? {
                    if kind.as_deref() != Some(record.kind.as_str()) {
                        continue;
                    }
                    let own: Vec<&StoredShare> = shares
                        .iter()
                        .filter(|share| share.target_id == target.id)
                        .collect();
                    let Some(ruling) = judge(&target.rule.rule(), &facts) else {
                        continue;
                    };
                    told.push(tell(&plan, &target, &own, ruling)?);
                }
            }
            Ok(told)
        })
        .await?;
    Ok(Json(told))
}

fn tell(
    plan: &StoredPlan,
    target: &StoredTarget,
    shares: &[&StoredShare],
    ruling: Ruling,
) -> Result<RecordTarget, DbError> {
    let counted = shares.iter().filter(|share| share.counts());
    let (count, amount) = counted.fold((0, 0_i64), |(count, sum), share| {
        (count + 1, sum.saturating_add(share.amount))
    });
    let why = match (ruling, shares.first()) {
        _ if count > 0 => None,
        (Ruling::Not(reason) | Ruling::Late(reason, _), _) => Some(reason),
        (Ruling::Counted(_), Some(share)) => why_not(&share.entry()?, target),
        // Its commune has not been counted yet.
        (Ruling::Counted(_), None) => None,
    };
    Ok(RecordTarget {
        plan_id: plan.id,
        plan: plan.terms.title.clone(),
        code: target.code.clone(),
        text: target.rule.rule().target.text.clone(),
        amount,
        why_not: why,
    })
}
