//! Counters of requests in the text format of Prometheus.

use std::fmt::Write as _;
use std::sync::atomic::{AtomicU64, Ordering::Relaxed};
use std::time::Duration;

/// Upper bounds of the duration buckets, microseconds.
const BOUNDS: [u64; 9] = [1_000, 2_500, 5_000, 10_000, 25_000, 50_000, 100_000, 500_000, 2_000_000];

/// Requests since the start, by class of status and by duration.
#[derive(Default)]
pub(crate) struct Metrics {
    by_class: [AtomicU64; 5],
    buckets: [AtomicU64; BOUNDS.len()],
    sum_micros: AtomicU64,
    count: AtomicU64,
}

impl Metrics {
    /// Counts a request that was answered.
    pub(crate) fn answered(&self, status: u16, took: Duration) {
        let class = usize::from(status / 100).clamp(1, 5) - 1;
        self.by_class[class].fetch_add(1, Relaxed);
        let micros = u64::try_from(took.as_micros()).unwrap_or(u64::MAX);
        if let Some(bucket) = BOUNDS.iter().position(|bound| micros <= *bound) {
            self.buckets[bucket].fetch_add(1, Relaxed);
        }
        self.sum_micros.fetch_add(micros, Relaxed);
        self.count.fetch_add(1, Relaxed);
    }

    /// All counters as text; `jobs` gives the number of jobs in each state.
    pub(crate) fn text(&self, jobs: &[(String, i64)]) -> String {
        let mut out = String::new();
        out.push_str("# HELP kith_http_requests_total Requests answered, by class of status.\n");
        out.push_str("# TYPE kith_http_requests_total counter\n");
        for (n, counter) in self.by_class.iter().enumerate() {
            let _ =
                writeln!(out, "kith_http_requests_total{{class=\"{}xx\"}} {}", n + 1, counter.load(Relaxed));
        }
        out.push_str("# HELP kith_http_request_seconds Time from request to answer.\n");
        out.push_str("# TYPE kith_http_request_seconds histogram\n");
        let mut below = 0;
        for (bound, bucket) in BOUNDS.iter().zip(&self.buckets) {
            below += bucket.load(Relaxed);
            let _ =
                writeln!(out, "kith_http_request_seconds_bucket{{le=\"{}\"}} {below}", *bound as f64 / 1e6);
        }
        let count = self.count.load(Relaxed);
        let _ = writeln!(out, "kith_http_request_seconds_bucket{{le=\"+Inf\"}} {count}");
        let _ = writeln!(out, "kith_http_request_seconds_sum {}", self.sum_micros.load(Relaxed) as f64 / 1e6);
        let _ = writeln!(out, "kith_http_request_seconds_count {count}");
        out.push_str("# HELP kith_jobs Jobs, by state.\n# TYPE kith_jobs gauge\n");
        for (state, n) in jobs {
            let _ = writeln!(out, "kith_jobs{{state=\"{state}\"}} {n}");
        }
        out
    }
}
