//! A small random number generator and the distributions that the generators need.
//!
//! Own code rather than a crate so that the same seed gives the same company for ever.

/// What a stream of random numbers is for, so that records of two kinds with one index are independent.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Stream {
    Lives = 1,
    Names,
    Contacts,
    Companies,
    CompanyPlaces,
    Employment,
    Orders,
    CompanyOrders,
    Touchpoints,
    Deals,
    Cases,
    Tasks,
    Notes,
    Relationships,
    Users,
}

/// SplitMix64 (Steele, Lea, Flood 2014): one 64-bit state, so that seeding one per record costs nothing.
#[derive(Debug, Clone)]
pub(crate) struct Random {
    state: u64,
}

fn mix(mut z: u64) -> u64 {
    z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    z ^ (z >> 31)
}

impl Random {
    /// The generator of one record: `stream` says of what kind, `index` which.
    pub(crate) fn of(seed: u64, stream: Stream, index: usize) -> Random {
        let purpose = mix(seed ^ 0x9E37_79B9_7F4A_7C15_u64.wrapping_mul(stream as u64));
        Random { state: mix(purpose ^ (index as u64).wrapping_mul(0xD134_2543_DE82_EF95)) }
    }

    /// Sixty-four random bits.
    pub(crate) fn bits(&mut self) -> u64 {
        self.state = self.state.wrapping_add(0x9E37_79B9_7F4A_7C15);
        mix(self.state)
    }

    /// Uniform in [0, 1).
    pub(crate) fn unit(&mut self) -> f64 {
        (self.bits() >> 11) as f64 * (1.0 / (1u64 << 53) as f64)
    }

    /// Uniform in 0..n; 0 when n is 0.
    pub(crate) fn below(&mut self, n: usize) -> usize {
        ((u128::from(self.bits()) * n as u128) >> 64) as usize
    }

    /// Uniform in low..=high.
    pub(crate) fn between(&mut self, low: i64, high: i64) -> i64 {
        low + self.below((high - low + 1).max(1) as usize) as i64
    }

    /// True with probability p.
    pub(crate) fn chance(&mut self, p: f64) -> bool {
        self.unit() < p
    }

    /// One of the items, which must not be empty.
    pub(crate) fn pick<T: Copy>(&mut self, items: &[T]) -> T {
        items[self.below(items.len())]
    }

    /// An index with probability proportional to its weight; the last one if rounding leaves a rest.
    pub(crate) fn weighted(&mut self, weights: &[f64]) -> usize {
        let mut rest = self.unit() * weights.iter().sum::<f64>();
        for (index, weight) in weights.iter().enumerate() {
            rest -= weight;
            if rest < 0.0 {
                return index;
            }
        }
        weights.len().saturating_sub(1)
    }

    /// Exponential with mean 1.
    pub(crate) fn exponential(&mut self) -> f64 {
        -(1.0 - self.unit()).ln()
    }

    /// Standard normal (Box–Muller, one of the pair).
    pub(crate) fn normal(&mut self) -> f64 {
        let radius = (2.0 * self.exponential()).sqrt();
        radius * (std::f64::consts::TAU * self.unit()).cos()
    }

    /// Gamma with this shape and mean `shape` (Marsaglia and Tsang 2000).
    pub(crate) fn gamma(&mut self, shape: f64) -> f64 {
        if shape < 1.0 {
            let boost = (1.0 - self.unit()).powf(1.0 / shape);
            return self.gamma(shape + 1.0) * boost;
        }
        let d = shape - 1.0 / 3.0;
        let c = 1.0 / (9.0 * d).sqrt();
        loop {
            let x = self.normal();
            let v = (1.0 + c * x).powi(3);
            if v > 0.0 && (1.0 - self.unit()).ln() < 0.5 * x * x + d - d * v + d * v.ln() {
                return d * v;
            }
        }
    }

    /// Poisson with this mean: multiplication for small means, rounded normal above 60.
    pub(crate) fn poisson(&mut self, mean: f64) -> usize {
        if mean <= 0.0 {
            return 0;
        }
        if mean > 60.0 {
            return (mean + mean.sqrt() * self.normal()).round().max(0.0) as usize;
        }
        let limit = (-mean).exp();
        let mut product = self.unit();
        let mut n = 0;
        while product > limit {
            product *= self.unit();
            n += 1;
        }
        n
    }
}

#[cfg(test)]
mod tests {
    use super::{Random, Stream};

    fn mean_and_variance(draw: impl Fn(&mut Random) -> f64) -> (f64, f64) {
        let mut random = Random::of(7, Stream::Lives, 0);
        let n = 100_000;
        let values: Vec<f64> = (0..n).map(|_| draw(&mut random)).collect();
        let mean = values.iter().sum::<f64>() / n as f64;
        (mean, values.iter().map(|v| (v - mean).powi(2)).sum::<f64>() / n as f64)
    }

    fn assert_near(got: (f64, f64), want: (f64, f64)) {
        assert!((got.0 / want.0 - 1.0).abs() < 0.03, "mean {} instead of {}", got.0, want.0);
        assert!((got.1 / want.1 - 1.0).abs() < 0.06, "variance {} instead of {}", got.1, want.1);
    }

    #[test]
    fn distributions_have_their_mean_and_variance() {
        assert_near(mean_and_variance(|r| r.exponential()), (1.0, 1.0));
        assert_near(mean_and_variance(|r| r.gamma(0.6)), (0.6, 0.6));
        assert_near(mean_and_variance(|r| r.gamma(4.0)), (4.0, 4.0));
        assert_near(mean_and_variance(|r| r.poisson(3.0) as f64), (3.0, 3.0));
        assert_near(mean_and_variance(|r| r.poisson(90.0) as f64), (90.0, 90.0));
    }

    #[test]
    fn the_stream_of_a_seed_never_changes() {
        let mut random = Random::of(1, Stream::Names, 3);
        let first = random.bits();
        assert_eq!(first, Random::of(1, Stream::Names, 3).bits());
        assert_ne!(first, Random::of(1, Stream::Names, 4).bits());
        assert_ne!(first, Random::of(1, Stream::Contacts, 3).bits());
        assert_ne!(first, Random::of(2, Stream::Names, 3).bits());
    }
}
