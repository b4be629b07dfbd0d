//! Passwords: argon2id with the parameters of TRUST S3, a few at a time, and the rules for new ones.

use crate::problem::AppError;
use argon2::password_hash::{PasswordHasher, PasswordVerifier, phc::PasswordHash};
use argon2::{Algorithm, Argon2, Params, Version};
use keng_shared::api::{MAX_PASSWORD, MIN_PASSWORD};
use keng_shared::problem::{FieldCode, FieldError, ProblemCode};
use keng_shared::text;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::Semaphore;

/// Memory of one hash in KiB (46 MiB), passes and lanes.
const COST: (u32, u32, u32) = (47_104, 1, 1);
/// Hashes at the same time: each takes 46 MiB.
const AT_ONCE: usize = 4;
/// How long a sign-in waits for its turn.
const PATIENCE: Duration = Duration::from_secs(1);
/// The commonest passwords of at least the shortest length, by search key, sorted; Vietnamese ones among them.
const COMMON: &str = include_str!("common_passwords.txt");

/// Verified instead of a hash that does not exist, so that an unknown name takes as long as a known one. No password
/// has this hash, and if one had it would not count.
const NOBODY: &str =
    "$argon2id$v=19$m=47104,t=1,p=1$AAAAAAAAAAAAAAAAAAAAAA$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";

/// What verifying came to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Verified {
    /// Wrong password, or nobody with that name.
    No,
    /// Right password.
    Yes,
    /// Right password, kept with older parameters; store this hash instead.
    YesWithNewHash(String),
}

/// Hashes and verifies, at most a few at the same time.
pub struct Passwords {
    turns: Arc<Semaphore>,
    patience: Duration,
}

impl Default for Passwords {
    fn default() -> Self {
        Self::new()
    }
}

impl Passwords {
    /// No hash is being made.
    pub fn new() -> Self {
        Self {
            turns: Arc::new(Semaphore::new(AT_ONCE)),
            patience: PATIENCE,
        }
    }

    /// The PHC string of a new password.
    pub async fn hash(&self, password: String) -> Result<String, AppError> {
        self.in_turn(move || hash(&password))
            .await?
            .map_err(AppError::internal)
    }

    /// Compares a password with a stored hash; `None` stands for somebody who does not exist or has no password.
    pub async fn verify(&self, password: String, stored: Option<String>) -> Result<Verified, AppError> {
        self.in_turn(move || verify(&password, stored.as_deref())).await
    }

    async fn in_turn<T: Send + 'static>(
        &self,
        work: impl FnOnce() -> T + Send + 'static,
    ) -> Result<T, AppError> {
        let turn = tokio::time::timeout(self.patience, Arc::clone(&self.turns).acquire_owned())
            .await
            .map_err(|_| AppError::from(ProblemCode::Busy))?
            .map_err(AppError::internal)?;
        let result = tokio::task::spawn_blocking(move || {
            let result = work();
            drop(turn);
            result
        });
        result.await.map_err(AppError::internal)
    }
}

/// The rules for a new password: length, and not among the commonest; no rules about its characters.
pub fn check_new(field: &str, password: &str, username: &str) -> Result<(), FieldError> {
    let length = password.chars().count();
    if length < MIN_PASSWORD {
        return Err(FieldError::new(field, FieldCode::TooShort).with("min", MIN_PASSWORD));
    }
    if length > MAX_PASSWORD {
        return Err(FieldError::new(field, FieldCode::TooLong).with("max", MAX_PASSWORD));
    }
    let key = common_key(password);
    let is_name = !username.is_empty() && key == common_key(username);
    if is_name || is_monotonous(&key) || COMMON.lines().any(|line| line == key) {
        return Err(FieldError::new(field, FieldCode::TooCommon));
    }
    Ok(())
}

/// Case, marks and spaces make no password uncommon.
fn common_key(password: &str) -> String {
    text::search_key(password).replace(' ', "")
}

/// One or two characters again and again, or a run such as 0123456789 or abcdefghij.
fn is_monotonous(key: &str) -> bool {
    let chars: Vec<char> = key.chars().collect();
    let mut distinct = chars.clone();
    distinct.sort_unstable();
    distinct.dedup();
    let steps = |step: i64| {
        chars
            .iter()
            .zip(chars.iter().skip(1))
            .all(|(a, b)| i64::from(u32::from(*b)) - i64::from(u32::from(*a)) == step)
    };
    distinct.len() <= 2 || steps(1) || steps(-1)
}

fn argon2() -> Result<Argon2<'static>, argon2::Error> {
    let (memory, passes, lanes) = COST;
    let params = Params::new(memory, passes, lanes, None)?;
    Ok(Argon2::new(Algorithm::Argon2id, Version::V0x13, params))
}

fn hash(password: &str) -> Result<String, argon2::password_hash::Error> {
    let argon2 = argon2().map_err(|_| argon2::password_hash::Error::Internal)?;
    Ok(argon2.hash_password(password.as_bytes())?.to_string())
}

fn verify(password: &str, stored: Option<&str>) -> Verified {
    let phc = stored.unwrap_or(NOBODY);
    let Ok(parsed) = PasswordHash::new(phc) else {
        return Verified::No;
    };
    let fits = Argon2::default()
        .verify_password(password.as_bytes(), &parsed)
        .is_ok();
    if !fits || stored.is_none() {
        return Verified::No;
    }
    let (memory, passes, lanes) = COST;
    if phc.contains(&format!("$argon2id$v=19$m={memory},t={passes},p={lanes}$")) {
        return Verified::Yes;
    }
    hash(password).map_or(Verified::Yes, Verified::YesWithNewHash)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A hash that is being made until the sender says so, and that has begun.
    async fn begun(passwords: &Arc<Passwords>) -> (std::sync::mpsc::Sender<()>, tokio::task::JoinHandle<()>) {
        let (let_go, wait) = std::sync::mpsc::channel();
        let (began, begun) = tokio::sync::oneshot::channel();
        let passwords = passwords.clone();
        let task = tokio::spawn(async move {
            let work = move || {
                began.send(()).unwrap();
                wait.recv().unwrap();
            };
            passwords.in_turn(work).await.unwrap();
        });
        begun.await.unwrap();
        (let_go, task)
    }

    #[tokio::test]
    async fn four_are_hashed_at_once_the_fifth_is_told_to_come_back_and_a_free_turn_is_used() {
        let impatient = Arc::new(Passwords {
            patience: Duration::ZERO,
            ..Passwords::new()
        });
        let mut under_way = Vec::new();
        for _ in 0..4 {
            under_way.push(begun(&impatient).await);
        }
        let refused = impatient
            .hash("tiếng kẻng bình yên".to_owned())
            .await
            .unwrap_err();
        assert_eq!(refused.problem().code, ProblemCode::Busy);
        assert_eq!(
            actix_web::ResponseError::error_response(&refused)
                .headers()
                .get("retry-after")
                .unwrap(),
            "2"
        );
        let (let_go, task) = under_way.pop().unwrap();
        let_go.send(()).unwrap();
        task.await.unwrap();
        assert!(impatient.hash("tiếng kẻng bình yên".to_owned()).await.is_ok());
        for (let_go, task) in under_way {
            let_go.send(()).unwrap();
            task.await.unwrap();
        }
    }

    #[test]
    fn a_password_fits_its_own_hash_and_no_other() {
        let stored = hash("tiếng kẻng bình yên").unwrap();
        assert!(stored.starts_with("$argon2id$v=19$m=47104,t=1,p=1$"));
        assert_eq!(verify("tiếng kẻng bình yên", Some(&stored)), Verified::Yes);
        assert_eq!(verify("tieng keng binh yen", Some(&stored)), Verified::No);
        assert_eq!(verify("tiếng kẻng bình yên", None), Verified::No);
    }

    #[test]
    fn an_older_hash_is_replaced_when_its_password_is_used() {
        let older = Argon2::new(
            Algorithm::Argon2id,
            Version::V0x13,
            Params::new(8_192, 2, 1, None).unwrap(),
        );
        let stored = older.hash_password(b"a long password").unwrap().to_string();
        let Verified::YesWithNewHash(new) = verify("a long password", Some(&stored)) else {
            panic!("the old hash was kept");
        };
        assert_eq!(verify("a long password", Some(&new)), Verified::Yes);
    }

    #[test]
    fn common_passwords_are_refused_in_vietnamese_and_english_whatever_their_case_and_marks() {
        for common in [
            "Password123",
            "matkhau123456",
            "Mật khẩu 123456",
            "1234567890",
            "aaaaaaaaaa",
            "anhyeuemnhieulam",
        ] {
            let error = check_new("password", common, "").unwrap_err();
            assert_eq!(error.code, FieldCode::TooCommon, "{common}");
        }
        assert!(check_new("password", "nguyen.van.an", "nguyen.van.an").is_err());
        assert!(check_new("password", "trâu đen gặm cỏ", "an").is_ok());
    }

    #[test]
    fn length_counts_characters_not_bytes() {
        assert_eq!(
            check_new("p", "ếếếếếếếếế", "").unwrap_err().code,
            FieldCode::TooShort
        );
        assert_eq!(
            check_new("p", &"xyz7".repeat(33), "").unwrap_err().code,
            FieldCode::TooLong
        );
        assert!(check_new("p", &"xyz7".repeat(32), "").is_ok());
    }
}
