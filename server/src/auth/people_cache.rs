//! Sessions and memberships of those who asked lately, so that a request need not read them again.
//!
//! An entry counts for [`FRESH_MS`]; what this instance itself changes is forgotten at once.

use super::FRESH_MS;
use crate::db::sessions::{self, SignedInPerson};
use crate::db::{Db, DbError};
use keng_shared::id::{SessionId, UserId};
use keng_shared::time::Millis;
use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

/// Entries kept at the same time; older ones go first when there are more.
const MOST: usize = 20_000;

/// Remembers people by session.
#[derive(Default)]
pub struct PeopleCache {
    people: Mutex<HashMap<SessionId, (Millis, Arc<SignedInPerson>)>>,
}

impl PeopleCache {
    /// The person of a session, at most [`FRESH_MS`] old; none if there is no such session.
    pub async fn get(
        &self,
        db: &Db,
        id: SessionId,
        now: Millis,
    ) -> Result<Option<Arc<SignedInPerson>>, DbError> {
        if let Some((read_at, person)) = self.lock().get(&id)
            && is_fresh(*read_at, now)
        {
            return Ok(Some(Arc::clone(person)));
        }
        let Some(person) = db
            .read(move |conn| sessions::person(conn, id))
            .await?
            .map(Arc::new)
        else {
            return Ok(None);
        };
        let mut people = self.lock();
        if people.len() >= MOST {
            people.retain(|_, (read_at, _)| is_fresh(*read_at, now));
        }
        people.insert(id, (now, Arc::clone(&person)));
        Ok(Some(person))
    }

    /// Forgets a session that was changed.
    pub fn forget_session(&self, id: SessionId) {
        self.lock().remove(&id);
    }

    /// Forgets every session of a person whose memberships, name or sessions were changed.
    pub fn forget_user(&self, id: UserId) {
        self.lock().retain(|_, (_, person)| person.user.id != id);
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, HashMap<SessionId, (Millis, Arc<SignedInPerson>)>> {
        self.people.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Whether what was read at `read_at` still counts; a clock that went back makes it stale.
pub(super) fn is_fresh(read_at: Millis, now: Millis) -> bool {
    (0..FRESH_MS).contains(&now.since(read_at))
}
