//! Puts load on something for a while and says how long each go took.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use anyhow::Result;

/// How long the goes took, and how many there were in a second.
#[derive(Debug, Clone, Default)]
pub(crate) struct Times {
    /// Milliseconds, ascending.
    sorted_ms: Vec<f64>,
    /// Goes in a second, all clients together.
    pub(crate) per_second: f64,
}

impl Times {
    fn of(mut all_ms: Vec<f64>, elapsed: Duration) -> Times {
        all_ms.sort_by(f64::total_cmp);
        Times { per_second: all_ms.len() as f64 / elapsed.as_secs_f64().max(1e-9), sorted_ms: all_ms }
    }

    /// The time that a share of the goes did not exceed, milliseconds.
    pub(crate) fn quantile(&self, share: f64) -> f64 {
        let last = self.sorted_ms.len().saturating_sub(1);
        self.sorted_ms.get((last as f64 * share).round() as usize).copied().unwrap_or(f64::NAN)
    }
}

/// Runs `go` on `n_clients` threads for `seconds`, after a tenth of that to warm up. Each thread makes its own state
/// with `begin`; `go` gets the state and a number that no other go has. Between two goes a client waits for `pause`.
pub(crate) fn run<S>(
    n_clients: usize,
    seconds: u64,
    pause: Duration,
    begin: impl Fn(usize) -> Result<S> + Sync,
    go: impl Fn(&mut S, usize) -> Result<()> + Sync,
) -> Result<Times> {
    let next = AtomicUsize::new(0);
    let warm = Duration::from_millis(seconds * 100);
    let wanted = Duration::from_secs(seconds);
    let results: Vec<Result<Vec<f64>>> = std::thread::scope(|scope| {
        let threads: Vec<_> = (0..n_clients)
            .map(|n| {
                let (next, begin, go) = (&next, &begin, &go);
                scope.spawn(move || {
                    let mut state = begin(n)?;
                    let mut times = Vec::new();
                    let start = Instant::now();
                    while start.elapsed() < warm + wanted {
                        let number = next.fetch_add(1, Ordering::Relaxed);
                        let begun = Instant::now();
                        go(&mut state, number)?;
                        if start.elapsed() > warm {
                            times.push(begun.elapsed().as_secs_f64() * 1_000.0);
                        }
                        if !pause.is_zero() {
                            // Not all in step: each pause is half to one and a half of it.
                            let share = number.wrapping_mul(0x9e37_79b9) % 1_000;
                            std::thread::sleep(pause / 2 + pause.mul_f64(share as f64 / 1_000.0));
                        }
                    }
                    Ok(times)
                })
            })
            .collect();
        threads.into_iter().map(|t| t.join().unwrap_or_else(|_| anyhow::bail!("a client panicked"))).collect()
    });
    let mut all = Vec::new();
    for times in results {
        all.extend(times?);
    }
    Ok(Times::of(all, wanted))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quantiles_are_those_of_the_sorted_times() {
        let times = Times::of((1..=100).rev().map(f64::from).collect(), Duration::from_secs(10));
        assert_eq!(times.quantile(0.5), 51.0);
        assert_eq!(times.quantile(0.95), 95.0);
        assert_eq!(times.per_second, 10.0);
    }
}
