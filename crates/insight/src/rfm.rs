//! Recency, frequency and monetary scores from 1 to 5, and the named cell each customer falls in.

use crate::summary::Histories;

/// Scores values from 1 (lowest fifth) to 5 (highest fifth) so that equal values always get equal scores.
///
/// A value's score is `1 + floor(5 * n_smaller / n)`, where `n_smaller` counts the strictly smaller values. Where many values
/// are equal a score can be missing: if half of all customers bought once, the other half starts at 3.
///
/// *Shape*: one score per value, same order.
pub fn scores(values: &[f64]) -> Vec<u8> {
    let n = values.len();
    let mut order: Vec<u32> = (0..n as u32).collect();
    order.sort_unstable_by(|&l, &r| values[l as usize].total_cmp(&values[r as usize]));
    let mut scores = vec![1u8; n];
    let mut n_smaller = 0;
    for i in 0..n {
        let value = values[order[i] as usize];
        if i > 0 && values[order[i - 1] as usize] < value {
            n_smaller = i;
        }
        scores[order[i] as usize] = 1 + (5 * n_smaller / n) as u8;
    }
    scores
}

/// A named group of recency, frequency and monetary scores.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Cell {
    /// Recent, frequent and high spend.
    Champions,
    /// Frequent and still around.
    Loyal,
    /// Recent and on the way to becoming regular.
    Promising,
    /// Recent, but as few purchases as anybody.
    New,
    /// Average frequency, not seen for a while.
    NeedAttention,
    /// Few purchases, not seen for a while.
    AboutToSleep,
    /// Once among the best, silent for long.
    CannotLose,
    /// Used to come back, silent for long.
    AtRisk,
    /// Few purchases, silent for long.
    Hibernating,
    /// Few purchases, silent for longest.
    Lost,
}

impl Cell {
    /// All cells, the most engaged first.
    pub const ALL: [Cell; 10] = [
        Cell::Champions,
        Cell::Loyal,
        Cell::Promising,
        Cell::New,
        Cell::NeedAttention,
        Cell::AboutToSleep,
        Cell::CannotLose,
        Cell::AtRisk,
        Cell::Hibernating,
        Cell::Lost,
    ];

    /// Finds the cell of three scores between 1 and 5; every combination has exactly one.
    pub fn of(recency: u8, frequency: u8, monetary: u8) -> Cell {
        match (recency, frequency, monetary) {
            (4.., 4.., 4..) => Cell::Champions,
            (3.., 4.., _) => Cell::Loyal,
            (4.., 2.., _) => Cell::Promising,
            (4.., _, _) => Cell::New,
            (3, 2.., _) => Cell::NeedAttention,
            (3, _, _) => Cell::AboutToSleep,
            (_, 4.., 4..) => Cell::CannotLose,
            (_, 3.., _) => Cell::AtRisk,
            (2, _, _) => Cell::Hibernating,
            (_, _, _) => Cell::Lost,
        }
    }

    /// Names the cell in stable lower snake case.
    pub fn name(self) -> &'static str {
        match self {
            Cell::Champions => "champions",
            Cell::Loyal => "loyal",
            Cell::Promising => "promising",
            Cell::New => "new",
            Cell::NeedAttention => "need_attention",
            Cell::AboutToSleep => "about_to_sleep",
            Cell::CannotLose => "cannot_lose",
            Cell::AtRisk => "at_risk",
            Cell::Hibernating => "hibernating",
            Cell::Lost => "lost",
        }
    }

    /// Says which scores make the cell and what they mean.
    pub fn rule(self) -> &'static str {
        match self {
            Cell::Champions => "recency, frequency and spend all 4 or 5: bought lately, often and for much",
            Cell::Loyal => "frequency 4 or 5, recency 3 to 5, not a champion: buys often and is still around",
            Cell::Promising => "recency 4 or 5, frequency 2 or 3: bought lately and is becoming a regular",
            Cell::New => "recency 4 or 5, frequency 1: bought lately, with as few purchases as anybody",
            Cell::NeedAttention => "recency 3, frequency 2 or 3: an average buyer not seen for a while",
            Cell::AboutToSleep => "recency 3, frequency 1: few purchases and not seen for a while",
            Cell::CannotLose => {
                "recency 1 or 2, frequency and spend 4 or 5: was among the best, silent for long"
            }
            Cell::AtRisk => {
                "recency 1 or 2, frequency 3 to 5, not among the biggest: used to come back, silent for long"
            }
            Cell::Hibernating => "recency 2, frequency 1 or 2: few purchases, silent for long",
            Cell::Lost => "recency 1, frequency 1 or 2: few purchases, silent for longest",
        }
    }
}

/// The scores and cell of each customer.
///
/// *Shape*: every column is aligned with the histories it was made from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rfm {
    /// 5 for those who bought last, 1 for those silent longest.
    pub recency: Vec<u8>,
    /// 5 for those with the most days of purchase.
    pub frequency: Vec<u8>,
    /// 5 for those who paid most, returns deducted.
    pub monetary: Vec<u8>,
    /// The named cell.
    pub cell: Vec<Cell>,
}

/// Scores each customer by days since the last purchase, number of purchase days and total paid.
///
/// *Source*: Hughes (1994), "Strategic Database Marketing"; scores that keep ties together instead of equal-sized fifths.
pub fn rfm(histories: &Histories) -> Rfm {
    let column =
        |value: fn(&crate::History) -> f64| -> Vec<f64> { histories.rows.iter().map(value).collect() };
    let recency = scores(&column(|h| f64::from(h.last_day)));
    let frequency = scores(&column(|h| f64::from(h.n_orders)));
    let monetary = scores(&column(|h| h.total));
    let cell = (0..recency.len()).map(|i| Cell::of(recency[i], frequency[i], monetary[i])).collect();
    Rfm { recency, frequency, monetary, cell }
}

/// One line of the cell table.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct CellSummary {
    /// The cell.
    pub cell: Cell,
    /// Customers in it.
    pub n_customers: usize,
    /// Their mean of the given value; 0 when nobody is in it.
    pub mean_value: f64,
    /// Their share of the total of the given value, between 0 and 1; 0 when the total is not positive.
    pub value_share: f64,
}

/// Counts each cell and averages a value over it, for instance lifetime value.
///
/// *Shape*: one line per cell, in the order of [`Cell::ALL`], empty cells included; `value` is aligned with `cells`.
pub fn cell_summary(cells: &[Cell], value: &[f64]) -> Vec<CellSummary> {
    let total: f64 = value.iter().sum();
    let mut lines = Vec::with_capacity(Cell::ALL.len());
    for cell in Cell::ALL {
        let mut n_customers = 0;
        let mut sum = 0.0;
        for (c, v) in cells.iter().zip(value) {
            if *c == cell {
                n_customers += 1;
                sum += v;
            }
        }
        lines.push(CellSummary {
            cell,
            n_customers,
            mean_value: if n_customers == 0 { 0.0 } else { sum / n_customers as f64 },
            value_share: if total > 0.0 { sum / total } else { 0.0 },
        });
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn equal_values_get_equal_scores() {
        assert_eq!(scores(&[1.0, 1.0, 1.0, 2.0, 3.0]), [1, 1, 1, 4, 5]);
        assert_eq!(scores(&[5.0; 4]), [1; 4]);
        assert_eq!(scores(&[]), [0u8; 0]);
    }

    #[test]
    fn distinct_values_fill_the_fifths() {
        assert_eq!(scores(&[9.0, 7.0, 5.0, 3.0, 1.0]), [5, 4, 3, 2, 1]);
    }

    #[test]
    fn every_cell_has_some_scores() {
        let mut seen = std::collections::BTreeSet::new();
        for r in 1..=5 {
            for f in 1..=5 {
                for m in 1..=5 {
                    seen.insert(Cell::of(r, f, m));
                }
            }
        }
        assert_eq!(seen.len(), Cell::ALL.len());
    }

    #[test]
    fn the_cell_table_adds_up() {
        let lines = cell_summary(&[Cell::New, Cell::New, Cell::Lost], &[1.0, 3.0, 4.0]);
        assert_eq!(lines.iter().map(|l| l.n_customers).sum::<usize>(), 3);
        assert_eq!(lines.iter().map(|l| l.value_share).sum::<f64>(), 1.0);
        assert_eq!(lines[3].mean_value, 2.0);
    }
}
