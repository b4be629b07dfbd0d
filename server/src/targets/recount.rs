//! Counting anew while the server serves: after a plan was saved, and when the rule has a new version.

pub use crate::db::target_recount::Difference;
use crate::db::{Db, DbError, target_plans, target_recount};
use crate::problem::AppError;
use crate::state::State;
use keng_shared::id::TargetPlanId;
use keng_shared::target::RULES_VERSION;
use std::time::Duration;

/// Plans of so many communes are counted before the answer to whoever saved them; larger ones by the worker.
pub const AT_ONCE: usize = 40;
/// Communes taken up at a time.
const BATCH: i64 = 20;
/// Pause when there is nothing to do.
const IDLE: Duration = Duration::from_secs(2);

/// Counts what waits, for as long as the server runs.
pub async fn run(state: State) {
    loop {
        match round(&state.db, None).await {
            Ok(0) => tokio::time::sleep(IDLE).await,
            Ok(_) => {}
            Err(error) => {
                tracing::warn!(%error, "counting targets has to wait");
                tokio::time::sleep(IDLE).await;
            }
        }
    }
}

/// Counts what waits of one plan.
pub async fn finish(db: &Db, plan: TargetPlanId) -> Result<(), AppError> {
    while round(db, Some(plan)).await? > 0 {}
    Ok(())
}

/// Adopts the rule of this program: everything is counted anew when it has changed.
pub async fn adopt_rules(db: &Db) -> Result<(), DbError> {
    if db.read(target_recount::rules_version).await? == RULES_VERSION {
        return Ok(());
    }
    db.write(|conn| target_recount::adopt_rules(conn, RULES_VERSION))
        .await
}

/// Counts every commune of every plan; gives how many. `on_commune` is told how many there are after each.
pub async fn all(db: &Db, mut on_commune: impl FnMut(usize)) -> Result<usize, DbError> {
    let plans = db.read(target_plans::all).await?;
    let communes: Vec<_> = plans
        .into_iter()
        .flat_map(|(plan, communes)| communes.into_iter().map(move |commune| (plan, commune)))
        .collect();
    for (plan, commune) in &communes {
        let (plan, commune) = (*plan, *commune);
        db.write_in(commune, move |conn| target_recount::recount(conn, plan, commune))
            .await?;
        on_commune(communes.len());
    }
    Ok(communes.len())
}

/// Compares every stored figure with a count; gives how many communes were looked at, and what differs.
pub async fn check(db: &Db, mut on_commune: impl FnMut(usize)) -> Result<(usize, Vec<Difference>), DbError> {
    let plans = db.read(target_plans::all).await?;
    let count = plans.iter().map(|(_, communes)| communes.len()).sum();
    let (mut looked_at, mut found) = (0, Vec::new());
    for (plan, communes) in plans {
        for commune in communes {
            found.extend(
                db.snapshot(move |conn| target_recount::check(conn, plan, commune))
                    .await?,
            );
            looked_at += 1;
            on_commune(count);
        }
    }
    Ok((looked_at, found))
}

/// Counts some communes, each in a transaction of its own; gives how many.
async fn round(db: &Db, plan: Option<TargetPlanId>) -> Result<usize, DbError> {
    let waiting = db
        .read(move |conn| target_recount::waiting(conn, plan, BATCH))
        .await?;
    let count = waiting.len();
    for (plan, commune) in waiting {
        db.write_in(commune, move |conn| target_recount::recount(conn, plan, commune))
            .await?;
    }
    Ok(count)
}
