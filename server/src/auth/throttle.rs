//! Delays after wrong passwords, without giving a stranger the means to lock a person out (TRUST S5).
//!
//! Failures are counted per account from unknown devices, separately per account from each known device, and loosely
//! per address. A refused try is not counted, so hammering does not lengthen the delay. Counts are kept by each
//! instance in memory: a restart forgives, which the cost of argon2 makes affordable.

use keng_shared::id::DeviceId;
use keng_shared::time::Millis;
use std::collections::HashMap;
use std::net::IpAddr;
use std::sync::{Mutex, PoisonError};

/// Failures of one account that cost nothing.
const FREE_FAILURES: u32 = 5;
/// Failures of one address that cost nothing: a whole commune may sit behind one.
const FREE_PER_ADDRESS: u32 = 100;
/// The longest delay: 5 minutes.
const LONGEST_MS: i64 = 5 * 60_000;
/// Failures are forgotten after a quiet quarter of an hour.
const FORGET_MS: i64 = 15 * 60_000;
/// Accounts and addresses remembered at the same time.
const MOST_BUCKETS: usize = 50_000;

/// Counts failures.
#[derive(Debug, Default)]
pub struct Throttle {
    buckets: Mutex<HashMap<Bucket, Failures>>,
}

/// Who tries to sign in, as far as the server can tell.
#[derive(Debug, Clone)]
pub struct Attempt {
    /// The name that was typed.
    pub username: String,
    /// The device, if its cookie is genuine.
    pub device: Option<DeviceId>,
    /// The address.
    pub address: Option<IpAddr>,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash)]
enum Bucket {
    Account(String),
    AccountOnDevice(String, DeviceId),
    Address(IpAddr),
}

#[derive(Debug, Clone, Copy)]
struct Failures {
    count: u32,
    last: Millis,
}

impl Throttle {
    /// Milliseconds that this attempt still has to wait; 0 when it may go on.
    pub fn wait(&self, attempt: &Attempt, now: Millis) -> i64 {
        let buckets = self.buckets.lock().unwrap_or_else(PoisonError::into_inner);
        buckets_of(attempt)
            .iter()
            .filter_map(|(bucket, free)| {
                let failures = buckets.get(bucket)?;
                Some(delay(failures.count, *free) - now.since(failures.last))
            })
            .max()
            .unwrap_or(0)
            .max(0)
    }

    /// Counts a wrong password.
    pub fn failed(&self, attempt: &Attempt, now: Millis) {
        let mut buckets = self.buckets.lock().unwrap_or_else(PoisonError::into_inner);
        if buckets.len() >= MOST_BUCKETS {
            buckets.retain(|_, failures| now.since(failures.last) < FORGET_MS);
        }
        for (bucket, _) in buckets_of(attempt) {
            let failures = buckets.entry(bucket).or_insert(Failures { count: 0, last: now });
            if now.since(failures.last) >= FORGET_MS {
                failures.count = 0;
            }
            failures.count = failures.count.saturating_add(1);
            failures.last = now;
        }
    }

    /// Forgets the failures of an account on this device after a right password.
    pub fn succeeded(&self, attempt: &Attempt) {
        let mut buckets = self.buckets.lock().unwrap_or_else(PoisonError::into_inner);
        for (bucket, _) in buckets_of(attempt) {
            if !matches!(bucket, Bucket::Address(_)) {
                buckets.remove(&bucket);
            }
        }
    }
}

/// The buckets that count for an attempt, each with its number of free failures.
fn buckets_of(attempt: &Attempt) -> Vec<(Bucket, u32)> {
    let username = attempt.username.clone();
    let account = match attempt.device {
        Some(device) => Bucket::AccountOnDevice(username, device),
        None => Bucket::Account(username),
    };
    let address = attempt
        .address
        .map(|address| (Bucket::Address(address), FREE_PER_ADDRESS));
    std::iter::once((account, FREE_FAILURES)).chain(address).collect()
}

/// Doubles from one second with every failure beyond the free ones.
fn delay(failures: u32, free: u32) -> i64 {
    match failures.saturating_sub(free) {
        0 => 0,
        over => LONGEST_MS.min(1_000 << (over - 1).min(20)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use uuid::Uuid;

    const NOW: Millis = Millis(1_790_000_000_000);

    fn attempt(device: Option<u128>) -> Attempt {
        Attempt {
            username: "an".into(),
            device: device.map(|id| DeviceId(Uuid::from_u128(id))),
            address: None,
        }
    }

    #[test]
    fn delays_double_after_the_free_failures_and_end() {
        let throttle = Throttle::default();
        let waits: Vec<i64> = (0..9)
            .map(|_| {
                throttle.failed(&attempt(None), NOW);
                throttle.wait(&attempt(None), NOW)
            })
            .collect();
        assert_eq!(waits, [0, 0, 0, 0, 0, 1_000, 2_000, 4_000, 8_000]);
        for _ in 0..100 {
            throttle.failed(&attempt(None), NOW);
        }
        assert_eq!(throttle.wait(&attempt(None), NOW), LONGEST_MS);
        assert_eq!(throttle.wait(&attempt(None), NOW.plus(LONGEST_MS)), 0);
    }

    #[test]
    fn a_stranger_cannot_lock_a_person_out_of_their_own_phone() {
        let throttle = Throttle::default();
        for _ in 0..50 {
            throttle.failed(&attempt(None), NOW);
        }
        assert!(throttle.wait(&attempt(None), NOW) > 0);
        assert_eq!(throttle.wait(&attempt(Some(1)), NOW), 0);
    }

    #[test]
    fn a_right_password_forgets_the_failures_and_so_does_a_quiet_quarter_of_an_hour() {
        let throttle = Throttle::default();
        for _ in 0..10 {
            throttle.failed(&attempt(Some(1)), NOW);
        }
        throttle.succeeded(&attempt(Some(1)));
        assert_eq!(throttle.wait(&attempt(Some(1)), NOW), 0);
        for _ in 0..10 {
            throttle.failed(&attempt(None), NOW);
        }
        throttle.failed(&attempt(None), NOW.plus(FORGET_MS));
        assert_eq!(throttle.wait(&attempt(None), NOW.plus(FORGET_MS)), 0);
    }
}
