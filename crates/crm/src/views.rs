//! Saved views: a name for a list's filter, order and columns, kept as the query of its URL.

use db::Tx;
use kernel::{Ctx, Error, Result};

/// A saved view.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct View {
    /// Its id.
    pub id: i64,
    /// Its name on the tab.
    pub name: String,
    /// The query of the list's URL: `filter=tier+%3D+gold&sort=-lifetime_value`.
    pub query: String,
    /// Whose it is; nobody's is everyone's.
    pub owner_id: Option<i64>,
}

/// The views of an object that the actor has: own ones and everyone's.
pub fn list(tx: &mut Tx<'_>, ctx: &Ctx, object: &str) -> Result<Vec<View>> {
    let sql = "SELECT id, name, query, owner_id FROM views
               WHERE object = $1 AND (owner_id IS NULL OR owner_id = $2) ORDER BY id LIMIT 50";
    let rows = tx.query(sql, &[object.into(), ctx.user_id.unwrap_or(0).into()])?;
    rows.iter()
        .map(|row| {
            Ok(View {
                id: row.int(0)?,
                name: row.text(1)?.to_string(),
                query: row.text(2)?.to_string(),
                owner_id: row.opt_int(3)?,
            })
        })
        .collect()
}

/// Saves a view for the actor, or for everyone.
pub fn save(tx: &mut Tx<'_>, ctx: &Ctx, object: &str, name: &str, query: &str, shared: bool) -> Result<i64> {
    let name = name.trim();
    if name.is_empty() || name.chars().count() > 60 {
        return Err(Error::invalid("name", "has 1 to 60 characters"));
    }
    if query.len() > 8_000 {
        return Err(Error::invalid("query", "is too long"));
    }
    let id = tx.id()?;
    let owner = if shared { None } else { ctx.user_id };
    tx.execute(
        "INSERT INTO views (id, object, name, query, owner_id, created_at) VALUES ($1, $2, $3, $4, $5, $6)",
        &[id.into(), object.into(), name.into(), query.into(), owner.into(), ctx.now.into()],
    )?;
    Ok(id)
}

/// Removes an own view, or anyone's for an administrator.
pub fn remove(tx: &mut Tx<'_>, ctx: &Ctx, id: i64) -> Result<()> {
    let sql = "DELETE FROM views WHERE id = $1 AND (owner_id = $2 OR $3 = 1)";
    let everyone: i64 = ctx.rights.administers().into();
    match tx.execute(sql, &[id.into(), ctx.user_id.unwrap_or(0).into(), everyone.into()])? {
        0 => Err(Error::NotFound(format!("view {id}"))),
        _ => Ok(()),
    }
}
