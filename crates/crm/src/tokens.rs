//! API tokens: shown once, stored as hashes, each with the rights of a role.

use std::sync::Arc;

use db::Tx;
use kernel::{Ctx, Error, Result, Rights};

use crate::sessions::token_hash;

/// A token as an administrator sees it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Token {
    /// Its id.
    pub id: i64,
    /// What it is for.
    pub name: String,
    /// Name of its role.
    pub role: String,
    /// When it was made.
    pub created_at: i64,
    /// When it was last used, to ten minutes.
    pub seen_at: Option<i64>,
}

/// Stores a token with the rights of the role named `role`, without regard to case.
/// *Errors*: no such role; no name.
pub fn create(tx: &mut Tx<'_>, ctx: &Ctx, name: &str, role: &str, token: &str) -> Result<i64> {
    if !ctx.rights.administers() {
        return Err(Error::Forbidden("make tokens".into()));
    }
    if name.trim().is_empty() || name.chars().count() > 100 {
        return Err(Error::invalid("name", "has 1 to 100 characters"));
    }
    let sql = "SELECT id FROM roles WHERE name_key = $1 AND archived_at IS NULL";
    let row = tx.opt(sql, &[kernel::fold::fold(role.trim()).into()])?;
    let role_id = match row {
        Some(row) => row.int(0)?,
        // "admin" is what people type for "Administrator".
        None if role.eq_ignore_ascii_case("admin") => tx.one(sql, &["administrator".into()])?.int(0)?,
        None => {
            let known =
                tx.query("SELECT name FROM roles WHERE archived_at IS NULL ORDER BY name LIMIT 30", &[])?;
            let known: Vec<&str> = known.iter().filter_map(|r| r.text(0).ok()).collect();
            return Err(Error::invalid(
                "role",
                format!("there is no role {role}; there are {}", known.join(", ")),
            ));
        }
    };
    let id = tx.id()?;
    tx.execute(
        "INSERT INTO api_tokens (id, name, token_hash, user_id, role_id, created_at) VALUES ($1, $2, $3, $4, $5, $6)",
        &[id.into(), name.trim().into(), token_hash(token).into(), ctx.user_id.into(), role_id.into(), ctx.now.into()],
    )?;
    Ok(id)
}

/// Gives `ctx` the rights of a token. False when there is no such token.
/// The user who made the token is the actor of what it does.
pub fn act_as(tx: &mut Tx<'_>, ctx: &mut Ctx, token: &str) -> Result<bool> {
    let sql = "SELECT r.rights, k.user_id FROM api_tokens k JOIN roles r ON r.id = k.role_id
               WHERE k.token_hash = $1 AND k.revoked_at IS NULL AND r.archived_at IS NULL";
    let Some(row) = tx.opt(sql, &[token_hash(token).into()])? else { return Ok(false) };
    let rights: serde_json::Value = serde_json::from_str(row.text(0)?).unwrap_or_default();
    ctx.rights = Arc::new(Rights::from_roles([&rights]));
    ctx.user_id = row.opt_int(1)?;
    ctx.teammates = ctx.user_id.into_iter().collect();
    Ok(true)
}

/// The tokens in force, the newest first.
pub fn list(tx: &mut Tx<'_>) -> Result<Vec<Token>> {
    let sql = "SELECT k.id, k.name, r.name, k.created_at, k.seen_at FROM api_tokens k JOIN roles r ON r.id = k.role_id
               WHERE k.revoked_at IS NULL ORDER BY k.id DESC LIMIT 200";
    let rows = tx.query(sql, &[])?;
    rows.iter()
        .map(|row| {
            Ok(Token {
                id: row.int(0)?,
                name: row.text(1)?.to_string(),
                role: row.text(2)?.to_string(),
                created_at: row.int(3)?,
                seen_at: row.opt_int(4)?,
            })
        })
        .collect()
}

/// Takes a token out of force.
pub fn revoke(tx: &mut Tx<'_>, ctx: &Ctx, id: i64) -> Result<()> {
    if !ctx.rights.administers() {
        return Err(Error::Forbidden("revoke tokens".into()));
    }
    let sql = "UPDATE api_tokens SET revoked_at = $2 WHERE id = $1 AND revoked_at IS NULL";
    match tx.execute(sql, &[id.into(), ctx.now.into()])? {
        0 => Err(Error::NotFound(format!("token {id}"))),
        _ => Ok(()),
    }
}
