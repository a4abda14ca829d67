//! The problems of an import, row by row, kept in full and downloadable.

use std::io::Write;

use db::Tx;
use kernel::Result;

use super::accounts::{RowProblem, Severity};
use super::plans::Plan;

/// The longest content of a row that is kept, in characters.
const CONTENT_LIMIT: usize = 4_000;
/// The longest cell that is kept when the row is too long.
const CELL_LIMIT: usize = 200;

/// The cells of a row as they are kept beside its problem.
pub(super) fn content(row: &sheet::Row) -> Vec<String> {
    let length: usize = row.fields().map(str::len).sum();
    let shorten = |cell: &str| match length > CONTENT_LIMIT && cell.len() > CELL_LIMIT {
        true => cell.chars().take(CELL_LIMIT).chain(['…']).collect(),
        false => cell.to_string(),
    };
    row.fields().take(500).map(shorten).collect()
}

/// Keeps problems with their import.
pub(super) fn put(tx: &mut Tx<'_>, import_id: i64, problems: &[RowProblem]) -> Result<()> {
    let mut rows: Vec<(&RowProblem, String, String)> = Vec::new();
    for problem in problems {
        let same = rows.iter_mut().rev().take_while(|(p, ..)| p.row_number == problem.row_number);
        let same = same.into_iter().find(|(p, ..)| p.field == problem.field);
        match same {
            Some((_, message, _)) => message.push_str(&format!("; {}", problem.message)),
            None => {
                let content = serde_json::Value::from(problem.content.clone()).to_string();
                rows.push((problem, problem.message.clone(), content));
            }
        }
    }
    let rows = rows.into_iter().map(|(problem, message, content)| {
        vec![
            import_id.into(),
            problem.row_number.into(),
            problem.field.as_str().into(),
            message.into(),
            problem.severity.word().into(),
            content.into(),
        ]
    });
    let columns = ["import_id", "row_number", "field", "message", "severity", "content"];
    tx.insert_rows("import_problems", &columns, rows)?;
    Ok(())
}

/// The problems of an import in the order of the file, those of rows after `after_row`.
/// *Shape*: at most `limit`, and then the rest of the last row's, so that `after_row` can go on.
pub fn problems(tx: &mut Tx<'_>, import_id: i64, after_row: i64, limit: usize) -> Result<Vec<RowProblem>> {
    let select = "SELECT row_number, field, message, severity, content FROM import_problems";
    let sql = format!(
        "{select} WHERE import_id = $1 AND row_number > $2 ORDER BY row_number, field LIMIT {}",
        limit.clamp(1, 10_000)
    );
    let mut rows = tx.query(&sql, &[import_id.into(), after_row.into()])?;
    if let Some(last) = rows.last().filter(|_| rows.len() >= limit) {
        let rest = format!(
            "{select} WHERE import_id = $1 AND row_number = $2 AND field > $3 ORDER BY field LIMIT 1000"
        );
        let rest = tx.query(&rest, &[import_id.into(), last.get(0).clone(), last.get(1).clone()])?;
        rows.extend(rest);
    }
    rows.iter()
        .map(|row| {
            let content = row.opt_text(4)?.and_then(|text| serde_json::from_str(text).ok());
            Ok(RowProblem {
                row_number: row.int(0)?,
                field: row.text(1)?.to_string(),
                message: row.text(2)?.to_string(),
                severity: Severity::from_word(row.text(3)?),
                content: content.unwrap_or_default(),
            })
        })
        .collect()
}

/// Writes all problems of an import as CSV: row, column, what is wrong, how much it matters, then the row as it stood
/// in the file. Cells that a spreadsheet would run are guarded.
/// *Errors*: the database's, or a problem of the field `file` when `out` cannot take more.
pub fn problems_csv(tx: &mut Tx<'_>, import_id: i64, plan: &Plan, out: impl Write) -> Result<()> {
    let full = |error: std::io::Error| kernel::Error::Db(db::Error::Io(error));
    let mut writer = sheet::write::Writer::new(out, sheet::write::Options::default());
    let own = ["Row", "Column", "Problem", "Severity"];
    writer.write_row(own.into_iter().chain(plan.columns.iter().map(|c| c.name.as_str()))).map_err(full)?;
    let mut after_row = -1;
    loop {
        let page = problems(tx, import_id, after_row, 2_000)?;
        let Some(last) = page.last() else { break };
        after_row = last.row_number;
        for problem in &page {
            let number = problem.row_number.to_string();
            let own = [number.as_str(), &problem.field, &problem.message, problem.severity.word()];
            writer
                .write_row(own.into_iter().chain(problem.content.iter().map(String::as_str)))
                .map_err(full)?;
        }
    }
    writer.finish().map_err(full)?;
    Ok(())
}
