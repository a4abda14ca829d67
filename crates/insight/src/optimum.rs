//! The search for the maximum of a smooth likelihood in three or four log-parameters.

/// Log-parameters stay above this: time and money are scaled so that no rate is smaller.
pub(crate) const LOWEST: f64 = -12.0;
/// Log-parameters stay below this. A shape of a thousand means that customers do not differ; more says nothing more.
pub(crate) const HIGHEST: f64 = 7.0;
/// Gradient per customer at which a search has arrived.
pub(crate) const TOLERANCE: f64 = 1e-8;

/// A function to minimise, with its gradient.
pub(crate) trait Objective<const N: usize>: Fn(&[f64; N]) -> (f64, [f64; N]) {}
impl<const N: usize, F: Fn(&[f64; N]) -> (f64, [f64; N])> Objective<N> for F {}

pub(crate) type Matrix<const N: usize> = [[f64; N]; N];

/// Where a search ended.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Optimum<const N: usize> {
    pub(crate) at: [f64; N],
    pub(crate) value: f64,
    pub(crate) gradient: [f64; N],
    pub(crate) n_evaluations: usize,
    /// Parameters that ran into a bound and stay there while the others are searched.
    pub(crate) frozen: [bool; N],
}

impl<const N: usize> Optimum<N> {
    /// Length of the gradient over the parameters that are free to move.
    pub(crate) fn gradient_norm(&self) -> f64 {
        (0..N).filter(|&i| !self.frozen[i]).map(|i| self.gradient[i] * self.gradient[i]).sum::<f64>().sqrt()
    }

    /// Freezes every parameter that sits at a bound.
    fn freeze(&mut self) {
        for i in 0..N {
            self.frozen[i] |= self.at[i] >= HIGHEST || self.at[i] <= LOWEST;
        }
    }

    /// Frees a frozen parameter that would rather come back inside; tells whether there was one.
    fn thaw(&mut self) -> bool {
        for i in 0..N {
            let inward = if self.at[i] >= HIGHEST { self.gradient[i] } else { -self.gradient[i] };
            if self.frozen[i] && inward > 1e-6 {
                self.frozen[i] = false;
                self.at[i] = self.at[i].clamp(LOWEST + 0.5, HIGHEST - 0.5);
                return true;
            }
        }
        false
    }
}

fn dot<const N: usize>(l: &[f64; N], r: &[f64; N]) -> f64 {
    l.iter().zip(r).map(|(l, r)| l * r).sum()
}

fn identity<const N: usize>(scale: f64) -> Matrix<N> {
    std::array::from_fn(|i| std::array::from_fn(|j| if i == j { scale } else { 0.0 }))
}

/// Minimises by BFGS within the bounds, from a start and an optional inverse Hessian.
///
/// A parameter that reaches a bound stays there while the others are searched, and is freed once if it then wants back.
///
/// *Source*: Nocedal & Wright (2006), "Numerical Optimization", chapter 6.
pub(crate) fn bfgs<const N: usize>(
    f: &impl Objective<N>,
    start: [f64; N],
    inverse: Option<Matrix<N>>,
    max_evaluations: usize,
) -> Optimum<N> {
    let mut now = search(f, start, inverse, max_evaluations);
    if now.thaw() {
        let again = search(f, now.at, None, max_evaluations);
        let n_evaluations = now.n_evaluations + again.n_evaluations;
        now = Optimum { n_evaluations, ..again };
    }
    now
}

fn search<const N: usize>(
    f: &impl Objective<N>,
    start: [f64; N],
    inverse: Option<Matrix<N>>,
    max_evaluations: usize,
) -> Optimum<N> {
    let (value, gradient) = f(&start);
    let mut now = Optimum { at: start, value, gradient, n_evaluations: 1, frozen: [false; N] };
    let mut h = inverse.unwrap_or_else(|| identity(1.0));
    let mut fresh = inverse.is_none();
    while now.n_evaluations < max_evaluations {
        let frozen_before = now.frozen;
        now.freeze();
        if now.frozen != frozen_before && now.n_evaluations > 1 {
            h = identity(1.0);
            fresh = true;
        }
        if !now.value.is_finite() || now.gradient_norm() < TOLERANCE {
            break;
        }
        let free: [f64; N] = std::array::from_fn(|i| if now.frozen[i] { 0.0 } else { now.gradient[i] });
        let mut step: [f64; N] =
            std::array::from_fn(|i| if now.frozen[i] { 0.0 } else { -dot(&h[i], &free) });
        if dot(&step, &free) >= 0.0 {
            h = identity(1.0);
            fresh = true;
            step = free.map(|g| -g);
        }
        // No parameter moves by more than a factor e^2 at once: likelihoods are wild far out.
        let longest = step.iter().fold(0.0f64, |longest, s| longest.max(s.abs()));
        let step = step.map(|s| s * ((if fresh { 0.5 } else { 2.0 }) / longest).min(1.0));
        let Some(next) = line_search(f, &now, &step, &free) else {
            if fresh {
                break;
            }
            h = identity(1.0);
            fresh = true;
            continue;
        };
        let s: [f64; N] = std::array::from_fn(|i| next.at[i] - now.at[i]);
        let y: [f64; N] =
            std::array::from_fn(|i| if now.frozen[i] { 0.0 } else { next.gradient[i] - now.gradient[i] });
        let sy = dot(&s, &y);
        if sy > 1e-14 * dot(&y, &y).sqrt() * dot(&s, &s).sqrt() {
            if fresh {
                h = identity(sy / dot(&y, &y));
                fresh = false;
            }
            update(&mut h, &s, &y, sy);
        }
        now = next;
    }
    now
}

fn line_search<const N: usize>(
    f: &impl Objective<N>,
    now: &Optimum<N>,
    step: &[f64; N],
    free: &[f64; N],
) -> Option<Optimum<N>> {
    // A step that would cross a bound is shortened to end on it.
    let mut length = 1.0f64;
    for (at, step) in now.at.iter().zip(step) {
        let room = if *step > 0.0 { HIGHEST - at } else { at - LOWEST };
        if step.abs() > room {
            length = length.min(room / step.abs());
        }
    }
    for n_tried in 1..=25 {
        let moved = |i: usize| {
            let at = now.at[i] + length * step[i];
            if at > HIGHEST - 1e-9 { HIGHEST } else { at.max(LOWEST) }
        };
        let at: [f64; N] = std::array::from_fn(moved);
        let (value, gradient) = f(&at);
        let n_evaluations = now.n_evaluations + n_tried;
        let expected = (0..N).map(|i| free[i] * (at[i] - now.at[i])).sum::<f64>();
        let finite = value.is_finite() && gradient.iter().all(|g| g.is_finite());
        // Near the optimum the value no longer resolves the change; there the gradient decides.
        let flat = (value - now.value).abs() <= 1e-12 * now.value.abs().max(1.0);
        let next = Optimum { at, value, gradient, n_evaluations, frozen: now.frozen };
        if finite
            && (value <= now.value + 1e-4 * expected || (flat && next.gradient_norm() < now.gradient_norm()))
        {
            return Some(next);
        }
        length *= if finite { 0.4 } else { 0.1 };
    }
    None
}

fn update<const N: usize>(h: &mut Matrix<N>, s: &[f64; N], y: &[f64; N], sy: f64) {
    let hy: [f64; N] = std::array::from_fn(|i| dot(&h[i], y));
    let yhy = dot(y, &hy);
    for i in 0..N {
        for j in 0..N {
            h[i][j] += (1.0 + yhy / sy) * s[i] * s[j] / sy - (hy[i] * s[j] + s[i] * hy[j]) / sy;
        }
    }
}

/// Differentiates the gradient numerically; symmetric.
pub(crate) fn hessian<const N: usize>(f: &impl Objective<N>, at: &[f64; N]) -> Matrix<N> {
    const STEP: f64 = 1e-4;
    let mut h = [[0.0; N]; N];
    for (i, row) in h.iter_mut().enumerate() {
        let moved = |by: f64| {
            let mut moved = *at;
            moved[i] += by;
            f(&moved).1
        };
        let (up, down) = (moved(STEP), moved(-STEP));
        *row = std::array::from_fn(|j| (up[j] - down[j]) / (2.0 * STEP));
    }
    std::array::from_fn(|i| std::array::from_fn(|j| 0.5 * (h[i][j] + h[j][i])))
}

/// Inverts a symmetric positive definite matrix over the free parameters; none if it is not positive definite.
///
/// Rows and columns of fixed parameters come back as zero.
pub(crate) fn inverse<const N: usize>(matrix: &Matrix<N>, fixed: &[bool; N]) -> Option<Matrix<N>> {
    let mut a = *matrix;
    for i in 0..N {
        for j in 0..N {
            if fixed[i] || fixed[j] {
                a[i][j] = if i == j { 1.0 } else { 0.0 };
            }
        }
    }
    let l = cholesky(&a)?;
    let mut inverse = [[0.0; N]; N];
    for k in 0..N {
        if fixed[k] {
            continue;
        }
        let mut v: [f64; N] = std::array::from_fn(|i| if i == k { 1.0 } else { 0.0 });
        for i in 0..N {
            let known: f64 = (0..i).map(|j| l[i][j] * v[j]).sum();
            v[i] = (v[i] - known) / l[i][i];
        }
        for i in (0..N).rev() {
            let known: f64 = (i + 1..N).map(|j| l[j][i] * v[j]).sum();
            v[i] = (v[i] - known) / l[i][i];
        }
        for i in 0..N {
            inverse[i][k] = v[i];
        }
    }
    Some(inverse)
}

/// Factors a symmetric positive definite matrix into a lower triangle times its transpose; none if it is not.
pub(crate) fn cholesky<const N: usize>(a: &Matrix<N>) -> Option<Matrix<N>> {
    let mut l = [[0.0; N]; N];
    for i in 0..N {
        for j in 0..=i {
            let known: f64 = (0..j).map(|k| l[i][k] * l[j][k]).sum();
            let rest = a[i][j] - known;
            if i == j {
                if rest <= 0.0 || rest.is_nan() {
                    return None;
                }
                l[i][i] = rest.sqrt();
            } else {
                l[i][j] = rest / l[j][j];
            }
        }
    }
    Some(l)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn valley(p: &[f64; 2]) -> (f64, [f64; 2]) {
        let (a, b) = (1.0 - p[0], p[1] - p[0] * p[0]);
        (a * a + 100.0 * b * b, [-2.0 * a - 400.0 * p[0] * b, 200.0 * b])
    }

    #[test]
    fn the_curved_valley_is_followed_to_its_end() {
        let end = bfgs(&valley, [-1.2, 1.0], None, 200);
        assert!(end.gradient_norm() < TOLERANCE);
        assert!((end.at[0] - 1.0).abs() < 1e-7 && (end.at[1] - 1.0).abs() < 1e-7);
    }

    #[test]
    fn a_slope_without_end_stops_at_the_edge() {
        let slope = |p: &[f64; 2]| ((-p[0]).exp() + p[1] * p[1], [-(-p[0]).exp(), 2.0 * p[1]]);
        let end = bfgs(&slope, [0.5, 0.5], None, 200);
        assert_eq!((end.at[0], end.frozen), (HIGHEST, [true, false]));
        assert!(end.gradient_norm() < TOLERANCE);
    }

    #[test]
    fn an_inverse_times_its_matrix_is_one() {
        let h = hessian(&valley, &[1.0, 1.0]);
        let inverse = inverse(&h, &[false; 2]).expect("positive definite");
        let one = h[0][0] * inverse[0][0] + h[0][1] * inverse[1][0];
        assert!((one - 1.0).abs() < 1e-6);
    }
}
