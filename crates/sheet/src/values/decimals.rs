//! An exact decimal number, so that money never passes through binary fractions.

use std::fmt;

/// An exact decimal number: `units` × 10^-`scale`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub struct Decimal {
    /// The digits as a whole number.
    pub units: i128,
    /// How many of them stand after the point.
    pub scale: u8,
}

impl Decimal {
    /// The number as a count of minor units, such as cents for an exponent of 2.
    ///
    /// *Errors*: `None` when there are more decimals than the currency has, or too many digits.
    pub fn to_minor(self, exponent: u8) -> Option<i64> {
        let scaled = self.rescaled(exponent)?;
        i64::try_from(scaled).ok()
    }

    /// As [`Decimal::to_minor`], rounding half away from zero; `None` only when there are too many digits.
    pub fn to_minor_rounded(self, exponent: u8) -> Option<i64> {
        if self.scale <= exponent {
            return self.to_minor(exponent);
        }
        let divisor = 10_i128.checked_pow(u32::from(self.scale - exponent))?;
        let half = if self.units < 0 { -(divisor / 2) } else { divisor / 2 };
        i64::try_from(self.units.checked_add(half)? / divisor).ok()
    }

    /// The number when it is whole and fits.
    pub fn to_integer(self) -> Option<i64> {
        self.to_minor(0)
    }

    /// The nearest binary fraction, for statistics; never for money.
    pub fn to_f64(self) -> f64 {
        self.units as f64 / 10_f64.powi(i32::from(self.scale))
    }

    /// The same number with all zeros at the end of its decimals left out.
    pub fn trimmed(self) -> Self {
        let mut decimal = self;
        while decimal.scale > 0 && decimal.units % 10 == 0 {
            decimal.units /= 10;
            decimal.scale -= 1;
        }
        decimal
    }

    fn rescaled(self, scale: u8) -> Option<i128> {
        let decimal = self.trimmed();
        if decimal.scale > scale {
            return None;
        }
        decimal.units.checked_mul(10_i128.checked_pow(u32::from(scale - decimal.scale))?)
    }
}

impl fmt::Display for Decimal {
    /// With a point and all its decimals: `-12.50`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let scale = usize::from(self.scale);
        let digits = format!("{:0width$}", self.units.unsigned_abs(), width = scale + 1);
        let (whole, decimals) = digits.split_at(digits.len() - scale);
        let sign = if self.units < 0 { "-" } else { "" };
        if scale == 0 { write!(f, "{sign}{whole}") } else { write!(f, "{sign}{whole}.{decimals}") }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn minor_units_are_exact_or_refused() {
        let price = Decimal { units: 12_345, scale: 3 };
        assert_eq!(price.to_minor(2), None);
        assert_eq!(price.to_minor_rounded(2), Some(1235));
        assert_eq!(Decimal { units: -12_350, scale: 3 }.to_minor(2), Some(-1235));
        assert_eq!(Decimal { units: -12_345, scale: 3 }.to_minor_rounded(2), Some(-1235));
        assert_eq!(Decimal { units: 12, scale: 0 }.to_minor(2), Some(1200));
        assert_eq!(Decimal { units: i128::MAX, scale: 0 }.to_minor(2), None);
    }

    #[test]
    fn zeros_are_shown_where_they_belong() {
        assert_eq!(Decimal { units: -5, scale: 2 }.to_string(), "-0.05");
        assert_eq!(Decimal { units: 1200, scale: 2 }.to_string(), "12.00");
    }
}
