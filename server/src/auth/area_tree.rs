//! The area tree in memory, read again when its version in the database changes.

use super::people_cache::is_fresh;
use crate::db::{Db, DbError, areas};
use keng_shared::area::AreaTree;
use keng_shared::time::Millis;
use std::sync::{Arc, PoisonError, RwLock};

/// Remembers the tree.
#[derive(Default)]
pub struct TreeCache {
    known: RwLock<Option<Known>>,
}

#[derive(Clone)]
struct Known {
    checked_at: Millis,
    version: i64,
    tree: Arc<AreaTree>,
}

impl TreeCache {
    /// The tree, at most five seconds old.
    pub async fn get(&self, db: &Db, now: Millis) -> Result<Arc<AreaTree>, DbError> {
        let known = self.known.read().unwrap_or_else(PoisonError::into_inner).clone();
        if let Some(known) = &known
            && is_fresh(known.checked_at, now)
        {
            return Ok(Arc::clone(&known.tree));
        }
        let seen = known.as_ref().map(|known| known.version);
        let (version, changed) = db
            .snapshot(move |conn| {
                let version = areas::tree_version(conn)?;
                let changed = (seen != Some(version))
                    .then(|| areas::load_tree(conn))
                    .transpose()?;
                Ok((version, changed))
            })
            .await?;
        let tree = match (changed, known) {
            (Some(tree), _) => Arc::new(tree),
            (None, Some(known)) => known.tree,
            (None, None) => return Err(DbError::Corrupt("the area tree".to_owned())),
        };
        *self.known.write().unwrap_or_else(PoisonError::into_inner) = Some(Known {
            checked_at: now,
            version,
            tree: Arc::clone(&tree),
        });
        Ok(tree)
    }

    /// Makes the next reader look at the database. Call it after a change of the tree.
    pub fn forget(&self) {
        *self.known.write().unwrap_or_else(PoisonError::into_inner) = None;
    }
}
