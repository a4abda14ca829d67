//! Sessions of people who signed in with a browser. Only hashes of their tokens are stored.

use db::Tx;
use kernel::Result;
use sha2::{Digest, Sha256};

/// A session that nobody used for this long has ended, microseconds.
pub const LIFETIME: i64 = 14 * 24 * 3_600_000_000;
/// How often the last use is noted, microseconds: not each request writes.
const NOTE_EVERY: i64 = 600_000_000;

/// The stored form of a secret that was handed out: lower-case hex SHA-256.
pub fn token_hash(token: &str) -> String {
    Sha256::digest(token.as_bytes()).iter().map(|b| format!("{b:02x}")).collect()
}

/// Begins a session.
pub fn begin(tx: &mut Tx<'_>, token: &str, user_id: i64, agent: &str, now: i64) -> Result<()> {
    let agent: String = agent.chars().take(200).collect();
    tx.execute("DELETE FROM sessions WHERE expires_at < $1", &[now.into()])?;
    tx.execute(
        "INSERT INTO sessions (token_hash, user_id, created_at, seen_at, expires_at, agent) VALUES ($1, $2, $3, $3, $4, $5)",
        &[token_hash(token).into(), user_id.into(), now.into(), (now + LIFETIME).into(), agent.into()],
    )?;
    Ok(())
}

/// Whose session this is, and whether its use should be noted.
pub fn find(tx: &mut Tx<'_>, token: &str, now: i64) -> Result<Option<(i64, bool)>> {
    let sql = "SELECT user_id, seen_at FROM sessions WHERE token_hash = $1 AND expires_at > $2";
    let row = tx.opt(sql, &[token_hash(token).into(), now.into()])?;
    row.map(|row| Ok((row.int(0)?, row.int(1)? + NOTE_EVERY < now))).transpose()
}

/// Notes that a session is in use, which lengthens it.
pub fn note_use(tx: &mut Tx<'_>, token: &str, now: i64) -> Result<()> {
    let sql = "UPDATE sessions SET seen_at = $2, expires_at = $3 WHERE token_hash = $1";
    tx.execute(sql, &[token_hash(token).into(), now.into(), (now + LIFETIME).into()])?;
    Ok(())
}

/// Ends a session.
pub fn end(tx: &mut Tx<'_>, token: &str) -> Result<()> {
    tx.execute("DELETE FROM sessions WHERE token_hash = $1", &[token_hash(token).into()])?;
    Ok(())
}
