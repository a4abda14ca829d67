//! Proposes the plan of an import from the first bytes of a file.

use std::collections::HashMap;

use db::Tx;
use kernel::{Ctx, Error, Result};
use serde_json::Value as Json;
use sheet::names::{Match, Wanted};
use sheet::values::{DateFormat, DateOrder, NumberFormat};
use sheet::{ColumnGuess, Format, Kind, Sniffed};

use super::cells;
use super::plans::{AmountPer, ColumnPlan, Plan, dated};
use super::targets::{Target, targets};

/// Proposes how to import a file of `object`, from its first bytes (up to [`sheet::SAMPLE_BYTES`] are of use). A map
/// that was chosen before for a file with the same column names is taken again.
/// *Errors*: a file that is no table (a problem of the field `file`), an object that takes no records.
pub fn propose(tx: &mut Tx<'_>, ctx: &Ctx, object: &str, sample: &[u8]) -> Result<Plan> {
    let sniffed = sheet::sniff(sample).map_err(|refusal| Error::invalid("file", refusal.to_string()))?;
    plan_of(tx, ctx, object, sniffed)
}

/// As [`propose`], for a file whose dialect a person has set. *Errors*: a file that is no table in this dialect.
pub fn propose_as(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    object: &str,
    sample: &[u8],
    dialect: &sheet::Dialect,
) -> Result<Plan> {
    let sniffed =
        sheet::describe(sample, dialect).map_err(|refusal| Error::invalid("file", refusal.to_string()))?;
    plan_of(tx, ctx, object, sniffed)
}

/// The plan for a file that was described.
pub(super) fn plan_of(tx: &mut Tx<'_>, ctx: &Ctx, object: &str, sniffed: Sniffed) -> Result<Plan> {
    let targets = targets(ctx, object)?;
    let matches = guess(&sniffed.columns, &targets);
    let columns = sniffed
        .columns
        .iter()
        .zip(matches)
        .map(|(guess, found)| ColumnPlan {
            name: guess.name.clone(),
            format: guess.format,
            samples: guess.samples.clone(),
            ambiguous: guess.ambiguous.clone(),
            confidence: found.as_ref().map_or(0.0, |m| m.confidence),
            why: found.as_ref().map(|m| m.why.clone()).unwrap_or_default(),
            target: found.map(|m| m.key),
        })
        .collect();
    let mut plan = Plan {
        object: object.to_string(),
        dialect: sniffed.dialect.clone(),
        columns,
        key: None,
        currency: None,
        customers: "contacts".into(),
        amount_per: AmountPer::Line,
        why: sniffed.why.clone(),
    };
    plan.currency = currency(&plan, &sniffed.columns, ctx);
    plan.key = key(&plan, &targets);
    if plan.object == "orders" {
        plan.amount_per = amount_per(&plan, &sniffed.sample_rows);
    }
    recall(tx, &mut plan, &targets)?;
    fit_formats(&mut plan, &targets, &sniffed.sample_rows);
    Ok(plan)
}

fn guess(columns: &[ColumnGuess], targets: &[Target]) -> Vec<Option<Match>> {
    let synonyms: Vec<Vec<&str>> =
        targets.iter().map(|t| t.synonyms.iter().map(String::as_str).collect()).collect();
    let wanted: Vec<sheet::names::Target<'_>> = targets
        .iter()
        .zip(&synonyms)
        .map(|(target, synonyms)| sheet::names::Target {
            key: &target.key,
            label: &target.label,
            kind: target.wanted,
            synonyms,
            required: target.required || target.key == "customer_id" || target.key == "amount",
        })
        .collect();
    let mut matches = sheet::names::guess_mapping(columns, &wanted);
    by_name_alone(columns, &wanted, &mut matches);
    matches
}

/// A column that bears the very name of a field fills it though its cells look like something else: then each row says
/// what is wrong with it, instead of the whole file being refused.
fn by_name_alone(
    columns: &[ColumnGuess],
    wanted: &[sheet::names::Target<'_>],
    matches: &mut [Option<Match>],
) {
    for target in wanted {
        if matches.iter().flatten().any(|m| m.key == target.key) {
            continue;
        }
        let mut best: Option<(usize, f64)> = None;
        for (at, column) in columns.iter().enumerate().filter(|(at, _)| matches[*at].is_none()) {
            // Cells that are surely something else say more than a name.
            if matches!(column.kind, Kind::Date | Kind::DateTime | Kind::Email | Kind::Url) {
                continue;
            }
            let ideal = ColumnGuess { kind: ideal(target.kind), ..column.clone() };
            let named =
                sheet::names::guess_mapping(std::slice::from_ref(&ideal), std::slice::from_ref(target));
            let confidence = named.into_iter().flatten().next().map_or(0.0, |m| m.confidence);
            if confidence >= 0.85 && best.is_none_or(|(_, other)| confidence > other) {
                best = Some((at, confidence));
            }
        }
        if let Some((at, _)) = best {
            let why =
                format!("is named “{}”, though its cells look like {}", columns[at].name, columns[at].kind);
            matches[at] = Some(Match { key: target.key.to_string(), confidence: 0.4, why });
        }
    }
}

/// The kind of column that suits a field best.
fn ideal(wanted: Wanted) -> Kind {
    match wanted {
        Wanted::Text => Kind::Text,
        Wanted::Id => Kind::Id,
        Wanted::Integer | Wanted::Count => Kind::Integer,
        Wanted::Decimal | Wanted::Money => Kind::Decimal,
        Wanted::Date => Kind::Date,
        Wanted::Boolean => Kind::Boolean,
        Wanted::Email => Kind::Email,
        Wanted::Phone => Kind::Phone,
        Wanted::Url => Kind::Url,
        Wanted::Choice => Kind::Choice,
    }
}

/// What the column of amounts says of its currency, in its cells or its name.
fn currency(plan: &Plan, guesses: &[ColumnGuess], ctx: &Ctx) -> Option<String> {
    let money = ["amount", "unit_price", "price", "total"].iter().find_map(|key| plan.column_of(key))?;
    let guess = guesses.get(money)?;
    // A sign or word that several countries use says nothing against the workspace's own currency.
    let sure = |text: &&str| !sheet::values::currency_unsure(text);
    let in_cells = guess.samples.iter().map(String::as_str).filter(sure).find_map(sheet::values::currency_of);
    let code_in_name = guess
        .name
        .split(|c: char| !c.is_alphanumeric())
        .any(|word| kernel::money::known(&word.to_ascii_uppercase()));
    let named = sheet::values::currency_of(&guess.name).filter(|_| code_in_name);
    in_cells.or(named).filter(|code| *code != ctx.currency && kernel::money::known(code)).map(String::from)
}

/// The surest of the targets by which records can be recognised.
fn key(plan: &Plan, targets: &[Target]) -> Option<String> {
    if plan.object == "orders" {
        return None;
    }
    let by_worth = ["external_id", "sku", "email", "number"];
    let filled =
        |key: &&str| plan.column_of(key).is_some() && targets.iter().any(|t| t.key == **key && t.key_field);
    let known = by_worth.iter().copied().find(filled);
    let named = ["products", "companies"].contains(&plan.object.as_str()) && plan.column_of("name").is_some();
    known.or(named.then_some("name")).map(String::from)
}

/// Whether the amounts look like those of whole orders: on the first row of several alone, or the same on each while
/// the prices differ.
fn amount_per(plan: &Plan, rows: &[Vec<String>]) -> AmountPer {
    let columns = ["order_number", "amount", "unit_price"].map(|key| plan.column_of(key));
    let [Some(number), Some(amount), Some(price)] = columns else { return AmountPer::Line };
    let mut orders: HashMap<&str, Vec<(&str, &str)>> = HashMap::new();
    for row in rows {
        let cell = |n: usize| row.get(n).map(|c| c.trim()).unwrap_or_default();
        if !cell(number).is_empty() {
            orders.entry(cell(number)).or_default().push((cell(amount), cell(price)));
        }
    }
    let (mut n_whole, mut n_several) = (0, 0);
    for lines in orders.values().filter(|lines| lines.len() > 1) {
        n_several += 1;
        let (first, rest) = (lines[0], &lines[1..]);
        let first_alone = !first.0.is_empty() && rest.iter().all(|(amount, _)| amount.is_empty());
        let repeated = rest.iter().all(|(amount, _)| *amount == first.0)
            && rest.iter().any(|(_, price)| *price != first.1);
        n_whole += usize::from(first_alone || repeated);
    }
    if n_several > 0 && n_whole * 5 >= n_several * 4 { AmountPer::Order } else { AmountPer::Line }
}

/// Takes what a person chose before for a file with the same columns.
fn recall(tx: &mut Tx<'_>, plan: &mut Plan, targets: &[Target]) -> Result<()> {
    let sql = "SELECT mapping FROM import_maps WHERE columns_hash = $1";
    let Some(row) = tx.opt(sql, &[plan.columns_hash().into()])? else { return Ok(()) };
    let map: Json = serde_json::from_str(row.text(0)?).unwrap_or_default();
    let Ok(known) = Plan::from_json(&map) else { return Ok(()) };
    for (column, chosen) in plan.columns.iter_mut().zip(known.columns) {
        column.target = chosen.target.filter(|key| targets.iter().any(|t| t.key == *key));
        column.confidence = 1.0;
        column.why = "was chosen for a file with the same columns before".into();
        // Formats are guessed anew, except where this file leaves them open.
        if column.ambiguous.is_some() {
            column.format = chosen.format;
            column.ambiguous = None;
        }
    }
    plan.key = known.key.filter(|key| plan.columns.iter().any(|c| c.target.as_ref() == Some(key)));
    plan.currency = known.currency;
    plan.customers = known.customers;
    plan.amount_per = known.amount_per;
    plan.why.push("the columns fill what was chosen for a file with the same columns before".into());
    Ok(())
}

/// A column that fills a date or a number is read as one, whatever its cells looked like: in the format that most of
/// them fit.
pub(super) fn fit_formats(plan: &mut Plan, targets: &[Target], rows: &[Vec<String>]) {
    let decimal = plan.columns.iter().find_map(|c| match c.format {
        Format::Number(format) => Some(format),
        _ => None,
    });
    for (at, column) in plan.columns.iter_mut().enumerate() {
        let kind = targets.iter().find(|t| column.target.as_ref() == Some(&t.key)).map(|t| &t.kind);
        let Some(kind) = kind else { continue };
        let cells: Vec<&str> =
            rows.iter().filter_map(|row| row.get(at)).map(|cell| cells::said(cell)).collect();
        let numeric = matches!(
            kind,
            kernel::Kind::Whole | kernel::Kind::Number | kernel::Kind::Money | kernel::Kind::Percent
        );
        if dated(kind) && !matches!(column.format, Format::Date(_)) {
            let orders =
                [DateOrder::Compact, DateOrder::MonthFirst, DateOrder::DayFirst, DateOrder::YearFirst];
            let n_read =
                |order: &DateOrder| cells.iter().filter(|c| DateFormat::new(*order).parse(c).is_ok()).count();
            let best = orders.into_iter().max_by_key(n_read).unwrap_or(DateOrder::YearFirst);
            column.format = Format::Date(DateFormat::new(best));
        } else if numeric && !matches!(column.format, Format::Number(_)) {
            let formats = [NumberFormat { decimal: ',' }, NumberFormat { decimal: '.' }];
            let n_read = |format: &NumberFormat| cells.iter().filter(|c| format.parse(c).is_ok()).count();
            let best = formats.into_iter().max_by_key(n_read);
            column.format = Format::Number(decimal.or(best).unwrap_or_default());
        }
    }
}
