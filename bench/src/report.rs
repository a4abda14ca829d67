//! The table.

use crate::load::Times;

/// One row: what was asked, the target, and what came.
pub(crate) struct Row {
    pub(crate) what: String,
    pub(crate) target_ms: Option<f64>,
    pub(crate) times: Times,
    /// Processor time of the server for each request; independent of what else the machine does.
    pub(crate) processor_ms: Option<f64>,
}

/// Prints a table in Markdown.
pub(crate) fn print(title: &str, rows: &[Row]) {
    println!("\n{title}\n");
    println!("| what | target p95 | p50 | p95 | p99 | a second | processor each |");
    println!("| --- | ---: | ---: | ---: | ---: | ---: | ---: |");
    for row in rows {
        let target = row.target_ms.map_or(String::new(), |t| format!("{t} ms"));
        let processor = row.processor_ms.map_or(String::new(), |ms| format!("{ms:.2} ms"));
        let p95 = row.times.quantile(0.95);
        let over = if row.target_ms.is_some_and(|t| p95 > t) { " **over**" } else { "" };
        println!(
            "| {} | {target} | {:.2} ms | {p95:.2} ms{over} | {:.2} ms | {:.0} | {processor} |",
            row.what,
            row.times.quantile(0.5),
            row.times.quantile(0.99),
            row.times.per_second,
        );
    }
}
