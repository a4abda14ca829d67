//! Repeatable random draws from a seed that the caller gives.

use std::sync::OnceLock;

/// A small random number generator: the same seed gives the same draws everywhere.
///
/// *Source*: SplitMix64, Steele, Lea & Flood (2014). Not for secrets.
#[derive(Debug, Clone)]
pub struct Rng(u64);

impl Rng {
    /// Starts a stream from a seed.
    pub fn new(seed: u64) -> Self {
        Rng(seed)
    }

    /// Starts the stream of one of many items, independent of the streams of the others.
    pub fn for_item(seed: u64, item: u64) -> Self {
        let mut rng = Rng(seed ^ item.wrapping_mul(0xD6E8_FEB8_6659_FD93));
        Rng(rng.next_u64())
    }

    /// Draws 64 random bits.
    #[inline]
    pub fn next_u64(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        z ^ (z >> 31)
    }

    /// Draws a number between 0 and 1, both excluded.
    #[inline]
    pub fn uniform(&mut self) -> f64 {
        ((self.next_u64() >> 11) as f64 + 0.5) * (1.0 / (1u64 << 53) as f64)
    }

    /// Draws from the standard normal distribution.
    ///
    /// *Source*: the ziggurat of Marsaglia & Tsang (2000), in the form of Doornik (2005) with 128 layers.
    #[inline]
    pub fn normal(&mut self) -> f64 {
        let layers = layers();
        loop {
            let bits = self.next_u64();
            let i = (bits & 127) as usize;
            let u = 2.0 * (((bits >> 11) as f64 + 0.5) * (1.0 / (1u64 << 53) as f64)) - 1.0;
            let x = u * layers[i];
            if x.abs() < layers[i + 1] {
                return x;
            }
            if i == 0 {
                return self.tail().copysign(u);
            }
            let (outer, inner) = (layers[i], layers[i + 1]);
            let low = (-0.5 * (outer * outer - x * x)).exp();
            let high = (-0.5 * (inner * inner - x * x)).exp();
            if high + self.uniform() * (low - high) < 1.0 {
                return x;
            }
        }
    }

    /// Draws a normal beyond the outermost layer.
    fn tail(&mut self) -> f64 {
        loop {
            let x = self.exponential() / TAIL;
            if 2.0 * self.exponential() > x * x {
                return TAIL + x;
            }
        }
    }

    /// Draws from the exponential distribution with mean 1.
    #[inline]
    pub fn exponential(&mut self) -> f64 {
        -self.uniform().ln()
    }

    /// Draws from the gamma distribution with the given positive shape and rate 1.
    ///
    /// *Source*: Marsaglia & Tsang (2000), "A simple method for generating gamma variables".
    #[inline]
    pub fn gamma(&mut self, shape: f64) -> f64 {
        if shape < 1.0 {
            let boost = self.uniform().powf(1.0 / shape);
            return self.gamma_from_one(shape + 1.0) * boost;
        }
        self.gamma_from_one(shape)
    }

    fn gamma_from_one(&mut self, shape: f64) -> f64 {
        let d = shape - 1.0 / 3.0;
        let c = 1.0 / (9.0 * d).sqrt();
        loop {
            let z = self.normal();
            let v = 1.0 + c * z;
            if v <= 0.0 {
                continue;
            }
            let v = v * v * v;
            let u = self.uniform();
            if u < 1.0 - 0.0331 * z * z * z * z || u.ln() < 0.5 * z * z + d * (1.0 - v + v.ln()) {
                return d * v;
            }
        }
    }

    /// Draws a count from the Poisson distribution with the given mean.
    ///
    /// Means above 30 use the gamma-halving of Ahrens & Dieter (1974), exact and without tables.
    #[inline]
    pub fn poisson(&mut self, mean: f64) -> u64 {
        let mut mean = mean;
        let mut count = 0u64;
        while mean > 30.0 {
            if mean > 1e9 {
                // The spread is below a part in 30,000: a normal draw is all that a reader can tell.
                return count + (mean + mean.sqrt() * self.normal()).max(0.0) as u64;
            }
            let m = (mean * 0.875).floor();
            let g = self.gamma(m);
            if g > mean {
                return count + self.binomial(m as u64 - 1, mean / g);
            }
            count += m as u64;
            mean -= g;
        }
        let limit = (-mean).exp();
        let mut product = self.uniform();
        while product > limit {
            count += 1;
            product *= self.uniform();
        }
        count
    }

    fn binomial(&mut self, n: u64, p: f64) -> u64 {
        let (mut n, mut p, mut count) = (n, p, 0u64);
        while n > 30 {
            // Splits at the median order statistic, a beta draw, until few trials remain.
            let a = 1 + n / 2;
            let b = n + 1 - a;
            let (g, h) = (self.gamma(a as f64), self.gamma(b as f64));
            let x = g / (g + h);
            if x >= p {
                n = a - 1;
                p /= x;
            } else {
                count += a;
                n = b - 1;
                p = (p - x) / (1.0 - x);
            }
        }
        for _ in 0..n {
            count += u64::from(self.uniform() < p);
        }
        count
    }
}

/// Where the outermost layer of the ziggurat ends.
const TAIL: f64 = 3.442_619_855_899;

/// Widths of the 128 layers of equal area, the widest first, and a closing zero.
fn layers() -> &'static [f64; 129] {
    static LAYERS: OnceLock<[f64; 129]> = OnceLock::new();
    LAYERS.get_or_init(|| {
        const AREA: f64 = 9.912_563_035_262_17e-3;
        let height = |x: f64| (-0.5 * x * x).exp();
        let mut layers = [0.0; 129];
        layers[0] = AREA / height(TAIL);
        layers[1] = TAIL;
        for i in 2..128 {
            layers[i] = (-2.0 * (AREA / layers[i - 1] + height(layers[i - 1])).ln()).sqrt();
        }
        layers
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn moments(draws: impl Iterator<Item = f64>) -> (f64, f64) {
        let all: Vec<f64> = draws.collect();
        let n = all.len() as f64;
        let mean = all.iter().sum::<f64>() / n;
        (mean, all.iter().map(|d| (d - mean) * (d - mean)).sum::<f64>() / n)
    }

    #[test]
    fn normal_draws_have_their_mean_variance_and_tails() {
        let mut rng = Rng::new(3);
        let draws: Vec<f64> = (0..400_000).map(|_| rng.normal()).collect();
        let beyond = |z: f64| draws.iter().filter(|d| **d > z).count() as f64 / 400_000.0;
        let (mean, variance) = moments(draws.iter().copied());
        assert!(mean.abs() < 0.01 && (variance - 1.0).abs() < 0.01, "{mean} {variance}");
        assert!((beyond(1.0) - 0.158_66).abs() < 2e-3);
        assert!((beyond(2.0) - 0.022_75).abs() < 1e-3);
        assert!((beyond(3.5) - 2.326e-4).abs() < 1e-4);
    }

    #[test]
    fn gamma_draws_have_the_mean_and_variance_of_their_shape() {
        for shape in [0.2, 1.0, 7.5] {
            let mut rng = Rng::new(1);
            let (mean, variance) = moments((0..200_000).map(|_| rng.gamma(shape)));
            assert!((mean / shape - 1.0).abs() < 0.02, "{shape}: {mean}");
            assert!((variance / shape - 1.0).abs() < 0.05, "{shape}: {variance}");
        }
    }

    #[test]
    fn poisson_draws_have_equal_mean_and_variance() {
        for rate in [0.3, 8.0, 45.0, 4000.0] {
            let mut rng = Rng::new(2);
            let (mean, variance) = moments((0..100_000).map(|_| rng.poisson(rate) as f64));
            assert!((mean / rate - 1.0).abs() < 0.02, "{rate}: {mean}");
            assert!((variance / rate - 1.0).abs() < 0.03, "{rate}: {variance}");
        }
    }

    #[test]
    fn a_seed_repeats_itself() {
        assert_eq!(Rng::for_item(3, 4).next_u64(), Rng::for_item(3, 4).next_u64());
        assert_ne!(Rng::for_item(3, 4).next_u64(), Rng::for_item(3, 5).next_u64());
    }
}
