//! Who asks, and what they may do.
//!
//! Invariants: a [`Caller`] exists only after its token, session and memberships were checked; an ended session or a
//! changed membership counts everywhere within [`FRESH_MS`]; passwords and refresh values are stored only as hashes.

pub mod area_tree;
pub mod caller;
pub mod device_cookie;
pub mod password;
pub mod people_cache;
pub mod refresh;
pub mod throttle;
pub mod tokens;

pub use caller::Caller;

use crate::db::{Db, DbError, keys};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use keng_shared::time::Millis;

/// How old what is remembered about sessions, memberships and the tree may be: 5 seconds (TRUST S2).
pub const FRESH_MS: i64 = 5_000;

/// Everything that sign-in and permission checks keep in memory.
pub struct Auth {
    /// Access tokens.
    pub tokens: tokens::Tokens,
    /// Refresh values.
    pub refresh: refresh::RefreshKey,
    /// Cookies that name a known device.
    pub device_cookie: device_cookie::DeviceCookieKey,
    /// Password hashing, a few at a time.
    pub passwords: password::Passwords,
    /// Delays after wrong passwords.
    pub throttle: throttle::Throttle,
    /// Sessions and memberships of those who asked lately.
    pub people: people_cache::PeopleCache,
    /// The area tree.
    pub tree: area_tree::TreeCache,
}

impl Auth {
    /// Loads the secrets that all instances share, or makes them at the first start.
    pub async fn load(db: &Db, now: Millis) -> Result<Self, DbError> {
        let token_key = shared_key(db, "access_token", now).await?;
        let refresh_key = shared_key(db, "refresh", now).await?;
        let device_key = shared_key(db, "device_cookie", now).await?;
        Ok(Self {
            tokens: tokens::Tokens::new(token_key.0, &token_key.1),
            refresh: refresh::RefreshKey::new(refresh_key.1),
            device_cookie: device_cookie::DeviceCookieKey::new(device_key.1),
            passwords: password::Passwords::new(),
            throttle: throttle::Throttle::default(),
            people: people_cache::PeopleCache::default(),
            tree: area_tree::TreeCache::default(),
        })
    }
}

/// Id and bytes of the secret for `purpose`.
pub async fn shared_key(db: &Db, purpose: &'static str, now: Millis) -> Result<(String, Vec<u8>), DbError> {
    let stored = db.read(move |conn| keys::current(conn, purpose)).await?;
    let key = match stored {
        Some(key) => key,
        None => {
            let candidate = keys::candidate(purpose, URL_SAFE_NO_PAD.encode(random_bytes()), now);
            db.write(move |conn| keys::current_or_insert(conn, &candidate))
                .await?
        }
    };
    let secret = DbError::unless(URL_SAFE_NO_PAD.decode(&key.secret).ok(), "server_key.secret")?;
    Ok((key.id, secret))
}

/// 256 random bits from the operating system.
pub fn random_bytes() -> [u8; 32] {
    rand::random()
}

/// 256 random bits as text: base64url without padding, 43 characters.
pub fn random_text() -> String {
    URL_SAFE_NO_PAD.encode(random_bytes())
}
