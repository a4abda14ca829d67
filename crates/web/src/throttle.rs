//! Slows down guessing of passwords: few failures for each account and each address, then a pause.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

/// Failures of one account that are let through before the pause.
pub(crate) const FREE: u32 = 5;
/// Failures from one address, behind which a whole office may sit.
pub(crate) const FREE_FROM_ADDRESS: u32 = 40;
/// The first pause, microseconds; it doubles with each further failure, up to [`LONGEST`].
const FIRST: i64 = 2_000_000;
const LONGEST: i64 = 15 * 60_000_000;
/// Names remembered at most; the oldest go first.
const MOST: usize = 10_000;

/// Failures by account or address.
#[derive(Default)]
pub(crate) struct Throttle {
    failures: Mutex<HashMap<String, (u32, i64)>>,
}

impl Throttle {
    /// Seconds that `name` still has to wait after more than `free` failures; 0 when it may try.
    pub(crate) fn wait_seconds(&self, name: &str, free: u32, now: i64) -> i64 {
        let failures = self.failures.lock().unwrap_or_else(PoisonError::into_inner);
        let Some((n, last)) = failures.get(name) else { return 0 };
        if *n < free {
            return 0;
        }
        let pause = (FIRST << (n - free).min(20)).min(LONGEST);
        ((last + pause - now).max(0) + 999_999) / 1_000_000
    }

    /// Notes a failure.
    pub(crate) fn failed(&self, name: &str, now: i64) {
        let mut failures = self.failures.lock().unwrap_or_else(PoisonError::into_inner);
        if failures.len() >= MOST {
            let cut = now - LONGEST;
            failures.retain(|_, (_, last)| *last > cut);
            if failures.len() >= MOST {
                failures.clear();
            }
        }
        let entry = failures.entry(name.to_string()).or_insert((0, now));
        *entry = (entry.0 + 1, now);
    }

    /// Forgets the failures of `name`.
    pub(crate) fn passed(&self, name: &str) {
        self.failures.lock().unwrap_or_else(PoisonError::into_inner).remove(name);
    }
}
