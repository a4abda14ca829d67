//! Files: what is known of them. Their bytes lie in the data folder under the SHA-256 of the content.

use db::Tx;

use crate::{Ctx, Result};

/// A stored file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct File {
    /// Its id.
    pub id: i64,
    /// The name it came with; shown, never used as a path.
    pub name: String,
    /// Media type as sent.
    pub media_type: String,
    /// Length of the content.
    pub size_bytes: i64,
    /// Lower-case hex SHA-256 of the content; names the stored bytes.
    pub sha256: String,
}

/// Notes a file that was written, belonging to `record_id` when it belongs to a record.
pub fn put(tx: &mut Tx<'_>, ctx: &Ctx, file: &File, record_id: Option<i64>) -> Result<i64> {
    let id = tx.id()?;
    tx.execute(
        "INSERT INTO files (id, record_id, name, media_type, size_bytes, sha256, created_at, created_by)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8)",
        &[
            id.into(),
            record_id.into(),
            file.name.as_str().into(),
            file.media_type.as_str().into(),
            file.size_bytes.into(),
            file.sha256.as_str().into(),
            ctx.now.into(),
            ctx.user_id.into(),
        ],
    )?;
    Ok(id)
}

/// What is known of a file. *Errors*: not found.
pub fn get(tx: &mut Tx<'_>, id: i64) -> Result<File> {
    let sql = "SELECT id, name, media_type, size_bytes, sha256 FROM files WHERE id = $1";
    let row = tx.opt(sql, &[id.into()])?.ok_or_else(|| crate::Error::NotFound(format!("file {id}")))?;
    Ok(File {
        id: row.int(0)?,
        name: row.text(1)?.to_string(),
        media_type: row.text(2)?.to_string(),
        size_bytes: row.int(3)?,
        sha256: row.text(4)?.to_string(),
    })
}
