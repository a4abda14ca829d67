//! Sums and maps over long columns on several threads, with results that do not depend on how many there are.

use std::thread;

/// Rows per piece of work. Fixed, so that sums are always added in the same order.
const CHUNK: usize = 8_192;

/// Adds up what `f` gives for each chunk of the index range `0..n`.
///
/// Chunks have a fixed size and their sums are added in order: the same bits on one core as on sixteen.
pub(crate) fn sum<const K: usize>(
    n: usize,
    f: impl Fn(std::ops::Range<usize>) -> [f64; K] + Sync,
) -> [f64; K] {
    let mut total = [0.0; K];
    for part in map_chunks(n, CHUNK, f) {
        for (t, p) in total.iter_mut().zip(part) {
            *t += p;
        }
    }
    total
}

/// Applies `f` to each chunk of `0..n` and gives the results in order.
pub(crate) fn map_chunks<T: Send>(
    n: usize,
    chunk: usize,
    f: impl Fn(std::ops::Range<usize>) -> T + Sync,
) -> Vec<T> {
    let n_chunks = n.div_ceil(chunk);
    let range = |c: usize| c * chunk..((c + 1) * chunk).min(n);
    let n_threads = thread::available_parallelism().map_or(1, usize::from).min(8).min(n_chunks);
    if n_threads <= 1 {
        return (0..n_chunks).map(|c| f(range(c))).collect();
    }
    let mut results: Vec<Option<T>> = (0..n_chunks).map(|_| None).collect();
    let per_thread = n_chunks.div_ceil(n_threads);
    thread::scope(|scope| {
        for (t, slots) in results.chunks_mut(per_thread).enumerate() {
            let (f, range) = (&f, &range);
            scope.spawn(move || {
                for (k, slot) in slots.iter_mut().enumerate() {
                    *slot = Some(f(range(t * per_thread + k)));
                }
            });
        }
    });
    results.into_iter().flatten().collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn chunks_come_back_in_order() {
        let chunks = map_chunks(25, 10, |range| range);
        assert_eq!(chunks, [0..10, 10..20, 20..25]);
        assert_eq!(sum(100_000, |range| [range.len() as f64]), [100_000.0]);
        assert_eq!(sum(0, |_| [1.0]), [0.0]);
    }
}
