//! Tokens for programs that use the API.

use std::io::Write;

use anyhow::Result;
use clap::Subcommand;

use crate::place::Place;

/// What to do with tokens.
#[derive(Debug, Subcommand)]
pub(crate) enum Token {
    /// Make a token and print it, and nothing else, on standard output. It is shown this once.
    #[command(after_help = "Example:\n  TOKEN=$(kith token create --name reports --role reader)")]
    Create {
        /// What the token is for.
        #[arg(long)]
        name: String,
        /// The role whose rights it has: administrator, manager, sales, service, marketing, reader.
        #[arg(long)]
        role: String,
    },
    /// List the tokens in force.
    List {
        /// Print one JSON array.
        #[arg(long)]
        json: bool,
    },
    /// Take a token out of force.
    Revoke {
        /// Its number, as the list shows it.
        id: i64,
    },
}

/// Makes, lists or revokes tokens.
pub(crate) fn run(place: &Place, args: &Token) -> Result<()> {
    match args {
        Token::Create { name, role } => {
            let open = place.open()?;
            let ctx = open.ctx_with_basics()?;
            let secret = web::secret()?;
            open.db.write::<_, kernel::Error>(|tx| crm::tokens::create(tx, &ctx, name, role, &secret))?;
            writeln!(std::io::stdout(), "{secret}")?;
        }
        Token::List { json } => {
            let open = place.open_existing()?;
            let tokens = open.db.read::<_, kernel::Error>(crm::tokens::list)?;
            list(&tokens, *json)?;
        }
        Token::Revoke { id } => {
            let open = place.open_existing()?;
            let ctx = open.ctx()?;
            open.db.write::<_, kernel::Error>(|tx| crm::tokens::revoke(tx, &ctx, *id))?;
            writeln!(std::io::stdout(), "Token {id} is revoked.")?;
        }
    }
    Ok(())
}

fn list(tokens: &[crm::tokens::Token], json: bool) -> Result<()> {
    let mut out = std::io::stdout().lock();
    let time = |micros: i64| {
        let moment = jiff::Timestamp::from_microsecond(micros.max(0)).unwrap_or_default();
        moment.strftime("%Y-%m-%dT%H:%M:%SZ").to_string()
    };
    if json {
        let rows: Vec<serde_json::Value> = tokens
            .iter()
            .map(|t| {
                serde_json::json!({
                    "id": t.id, "name": t.name, "role": t.role, "created_at": time(t.created_at),
                    "seen_at": t.seen_at.map(time),
                })
            })
            .collect();
        writeln!(out, "{}", serde_json::Value::Array(rows))?;
        return Ok(());
    }
    if tokens.is_empty() {
        writeln!(out, "There are no tokens.")?;
    }
    for token in tokens {
        let seen = token.seen_at.map_or("never used".into(), |at| format!("last used {}", time(at)));
        writeln!(out, "{:>8}  {:<24} {:<16} {seen}", token.id, token.name, token.role)?;
    }
    Ok(())
}
