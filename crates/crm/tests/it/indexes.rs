//! What lists and record pages ask for again and again is answered from an index.

use kernel::{Kind, Storage};
use testkit::World;

/// Links that no page follows backwards, or of tables with a handful of rows.
const WITHOUT: [&str; 3] = ["touchpoints.owner", "notes.owner", "users.role"];

#[test]
fn every_link_to_a_record_has_an_index() {
    let w = World::sqlite();
    let ctx = w.ctx();
    let mut missing = Vec::new();
    for object in ctx.catalogue.objects().filter(|o| !o.custom) {
        let sql = "SELECT sql FROM sqlite_master WHERE type = 'index' AND tbl_name = $1 AND sql IS NOT NULL";
        let rows = w.read(|tx| Ok(tx.query(sql, &[object.table.as_str().into()])?));
        let made: Vec<&str> = rows.iter().filter_map(|row| row.text(0).ok()).collect();
        for field in object.fields.iter().filter(|f| matches!(f.kind, Kind::Link(_))) {
            let Storage::Column(column) = &field.storage else { continue };
            let leads = |sql: &&str| {
                let columns = sql.split_once('(').map(|(_, rest)| rest).unwrap_or_default();
                columns.split([',', ')']).next().map(str::trim) == Some(column)
            };
            let name = format!("{}.{}", object.table, field.key);
            if !made.iter().any(leads) && !WITHOUT.contains(&name.as_str()) {
                missing.push(name);
            }
        }
    }
    assert_eq!(missing, Vec::<String>::new());
}
