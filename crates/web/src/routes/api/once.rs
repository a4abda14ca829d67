//! `Idempotency-Key`: a request that is sent again after a broken connection is answered again, not done again.

use axum::http::{HeaderMap, StatusCode};
use db::Tx;
use kernel::Ctx;
use serde_json::{Value as Json, json};
use sha2::{Digest, Sha256};

use super::answers::{Answer, Refusal};
use crate::{Refused, Who};

/// How long an answer is kept, microseconds.
const KEPT: i64 = 24 * 3_600_000_000;
/// The longest key, in characters.
const KEY_LIMIT: usize = 255;

/// The key of a request, who sent it, and a hash of what it asks for.
#[derive(Debug, Clone)]
pub(super) struct Once {
    key: Option<String>,
    actor: String,
    request_hash: String,
}

impl Once {
    /// Reads the header. Without it, a request is done each time it comes.
    pub(super) fn new(headers: &HeaderMap, who: &Who, path: &str, body: &[u8]) -> Result<Once, Refusal> {
        let key = match headers.get("idempotency-key").map(|v| v.to_str()) {
            None => None,
            Some(Ok(key)) if !key.is_empty() && key.len() <= KEY_LIMIT => Some(key.to_string()),
            Some(_) => {
                let detail = format!("Idempotency-Key has 1 to {KEY_LIMIT} visible characters");
                return Err(Refusal::Http(StatusCode::BAD_REQUEST, detail));
            }
        };
        let actor = match who {
            Who::Token(secret) | Who::Session(secret) => crm::sessions::token_hash(secret),
            Who::Nobody => String::new(),
        };
        let mut hash = Sha256::new();
        hash.update(path.as_bytes());
        hash.update([0]);
        hash.update(body);
        let request_hash = hash.finalize().iter().map(|b| format!("{b:02x}")).collect();
        Ok(Once { key, actor, request_hash })
    }

    /// Does `f`, or gives the answer that it gave before. What is refused leaves no trace, so that a corrected
    /// request may come with the same key.
    pub(super) fn run(
        &self,
        tx: &mut Tx<'_>,
        ctx: &Ctx,
        f: impl FnOnce(&mut Tx<'_>) -> Result<Answer, Refused>,
    ) -> Result<Answer, Refused> {
        let Some(key) = &self.key else { return f(tx) };
        tx.execute("DELETE FROM idempotent_answers WHERE created_at < $1", &[(ctx.now - KEPT).into()])?;
        let found = tx.opt(
            "SELECT request_hash, status, body FROM idempotent_answers WHERE actor = $1 AND key = $2",
            &[self.actor.as_str().into(), key.as_str().into()],
        )?;
        if let Some(row) = found {
            if row.text(0)? != self.request_hash {
                return Err(Refused::shape("", "this Idempotency-Key came before, with another request"));
            }
            return Ok(read(row.int(1)?, row.text(2)?));
        }
        // The key is taken before the work is done: on PostgreSQL a second request with it waits here until the
        // first has ended, then finds the key taken, starts again and gives the answer of the first.
        let taken = tx.execute(
            "INSERT INTO idempotent_answers (actor, key, request_hash, status, body, created_at)
             VALUES ($1, $2, $3, 0, '', $4)",
            &[
                self.actor.as_str().into(),
                key.as_str().into(),
                self.request_hash.as_str().into(),
                ctx.now.into(),
            ],
        );
        taken.map_err(|error| match error {
            db::Error::Taken(_) => db::Error::Busy,
            other => other,
        })?;
        let answer = f(tx)?;
        tx.execute(
            "UPDATE idempotent_answers SET status = $3, body = $4 WHERE actor = $1 AND key = $2",
            &[
                self.actor.as_str().into(),
                key.as_str().into(),
                i64::from(answer.status.as_u16()).into(),
                written(&answer).into(),
            ],
        )?;
        Ok(answer)
    }
}

fn written(answer: &Answer) -> String {
    let body = String::from_utf8_lossy(&answer.body);
    json!({ "location": answer.location, "version": answer.version, "body": body }).to_string()
}

fn read(status: i64, kept: &str) -> Answer {
    let kept: Json = serde_json::from_str(kept).unwrap_or_default();
    let status =
        u16::try_from(status).ok().and_then(|s| StatusCode::from_u16(s).ok()).unwrap_or(StatusCode::OK);
    Answer {
        status,
        location: kept["location"].as_str().map(String::from),
        version: kept["version"].as_i64(),
        body: kept["body"].as_str().unwrap_or_default().as_bytes().to_vec(),
    }
}
