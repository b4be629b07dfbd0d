//! Takes records into the desk's indexes behind the backs of those who write them.
//!
//! Invariant: at most [`MOST_DUE`] records wait while writes go on; below that, indexing leaves the writer to people as
//! long as more comes in than a desk notices.

use crate::db::{Db, DbError, record_words};
use crate::state::State;
use std::time::Duration;

/// Records taken in one transaction.
const BATCH: usize = 500;
/// Records that wait at most while the server is busy; a search looks at them one by one.
pub const MOST_DUE: usize = 20_000;
/// More new records than this between two looks mean that the server is busy.
const BUSY: usize = 1_000;
/// Between two looks.
const IDLE: Duration = Duration::from_secs(2);
/// Between two batches, so that the writes of people come in between.
const BREATH: Duration = Duration::from_millis(20);

/// Takes in what is due, for as long as the server runs.
pub async fn run(state: State) {
    let mut before = MOST_DUE;
    loop {
        match round(&state.db, before).await {
            Ok(due) => before = due,
            Err(error) => {
                tracing::warn!(%error, "indexing has to wait");
                before = 0;
            }
        }
        if before < MOST_DUE {
            tokio::time::sleep(IDLE).await;
        }
    }
}

/// Takes in everything that is due.
pub async fn finish(db: &Db) -> Result<(), DbError> {
    while db.write(|conn| record_words::take_in(conn, BATCH)).await? > 0 {}
    Ok(())
}

/// Takes in what is due unless the server is busy; gives how many are due still, as far as it knows. `before` were due at the last look.
async fn round(db: &Db, before: usize) -> Result<usize, DbError> {
    let due = db.read(|conn| record_words::due(conn, MOST_DUE)).await?;
    if due < MOST_DUE && due > before.saturating_add(BUSY) {
        return Ok(due);
    }
    for _ in 0..due.div_ceil(BATCH) {
        let taken = db.write(|conn| record_words::take_in(conn, BATCH)).await?;
        if taken < BATCH {
            return Ok(0);
        }
        tokio::time::sleep(BREATH).await;
    }
    // What was counted is taken in; there is more if that was the most that is counted.
    Ok(if due < MOST_DUE { 0 } else { due })
}
