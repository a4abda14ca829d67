//! `kith user`: people who sign in, for when nobody can any more, and for scripts.

use std::io::{BufRead, IsTerminal, Write};

use anyhow::{Context, Result, bail};
use clap::Subcommand;
use kernel::Value;
use serde_json::json;

use crate::place::{Open, Place};

/// What to do with users.
#[derive(Debug, Subcommand)]
pub(crate) enum User {
    /// Make a user; the password is read from standard input.
    #[command(
        after_help = "Example:\n  kith user create --name 'Ana Prado' --email ana@example.com --role sales"
    )]
    Create {
        /// Name as others see it.
        #[arg(long)]
        name: String,
        /// E-mail address, to sign in with.
        #[arg(long)]
        email: String,
        /// The role: administrator, manager, sales, service, marketing, reader.
        #[arg(long)]
        role: String,
        /// Make the user without a password; give one later with kith user password.
        #[arg(long)]
        no_password: bool,
    },
    /// List the users.
    List {
        /// Print one JSON array.
        #[arg(long)]
        json: bool,
    },
    /// Set a user's password, read from standard input, and end the user's sessions.
    Password {
        /// E-mail address of the user.
        email: String,
    },
}

/// Makes or lists users, or sets a password.
pub(crate) fn run(place: &Place, args: &User) -> Result<()> {
    match args {
        User::Create { name, email, role, no_password } => {
            let open = place.open()?;
            let ctx = open.ctx_with_basics()?;
            let hash = if *no_password { None } else { Some(read_password()?) };
            let id = open.db.write::<_, kernel::Error>(|tx| {
                let role_id = role_id(tx, role)?;
                let values = crm::workspace::values([
                    ("name", Value::Text(name.trim().into())),
                    ("email", Value::Text(email.trim().into())),
                    ("role", Value::Link(role_id)),
                ]);
                let users = ctx.catalogue.need("users")?;
                let email =
                    users.field("email").ok_or_else(|| kernel::Error::NotFound("field email".into()))?;
                let checked = kernel::value::parse(email, values["email"].text().unwrap_or_default(), "");
                checked.map_err(|m| kernel::Error::invalid("email", m))?;
                let saved = kernel::create(tx, &ctx, users, values)?;
                if let Some(hash) = &hash {
                    crm::users::set_password(tx, saved.id, hash)?;
                }
                Ok(saved.id)
            })?;
            writeln!(std::io::stdout(), "User {id} is made.")?;
        }
        User::List { json } => list(&place.open_existing()?, *json)?,
        User::Password { email } => {
            let open = place.open_existing()?;
            let key = kernel::fold::email_key(email);
            let sql = "SELECT id FROM users WHERE email = $1 AND archived_at IS NULL";
            let row = open.db.read::<_, db::Error>(|tx| tx.opt(sql, &[key.as_str().into()]))?;
            let Some(row) = row else { bail!("there is no user {email}") };
            let hash = read_password()?;
            open.db.write::<_, kernel::Error>(|tx| crm::users::set_password(tx, row.int(0)?, &hash))?;
            writeln!(std::io::stdout(), "The password is set, and {email} is signed out everywhere.")?;
        }
    }
    Ok(())
}

fn role_id(tx: &mut db::Tx<'_>, role: &str) -> kernel::Result<i64> {
    let wanted = match kernel::fold::fold(role.trim()) {
        short if short == "admin" => "administrator".to_string(),
        other => other,
    };
    let row = tx.opt("SELECT id FROM roles WHERE name_key = $1 AND archived_at IS NULL", &[wanted.into()])?;
    match row {
        Some(row) => Ok(row.int(0)?),
        None => {
            let known =
                tx.query("SELECT name FROM roles WHERE archived_at IS NULL ORDER BY name LIMIT 30", &[])?;
            let known: Vec<&str> = known.iter().filter_map(|r| r.text(0).ok()).collect();
            Err(kernel::Error::invalid(
                "role",
                format!("there is no role {role}; there are {}", known.join(", ")),
            ))
        }
    }
}

fn list(open: &Open, as_json: bool) -> Result<()> {
    let sql = "SELECT u.id, u.name, u.email, r.name, u.password_hash IS NOT NULL
               FROM users u JOIN roles r ON r.id = u.role_id
               WHERE u.archived_at IS NULL
               ORDER BY u.name_key, u.id
               LIMIT 10000";
    let rows = open.db.read::<_, db::Error>(|tx| tx.query(sql, &[]))?;
    let mut out = std::io::stdout().lock();
    if as_json {
        let users: Result<Vec<serde_json::Value>> = rows
            .iter()
            .map(|r| {
                Ok(json!({ "id": r.int(0)?, "name": r.text(1)?, "email": r.text(2)?, "role": r.text(3)? }))
            })
            .collect();
        writeln!(out, "{}", serde_json::Value::Array(users?))?;
        return Ok(());
    }
    for row in &rows {
        let note = if row.truth(4)? { "" } else { "  (no password)" };
        writeln!(
            out,
            "{:>8}  {:<28} {:<36} {}{note}",
            row.int(0)?,
            row.text(1)?,
            row.text(2)?,
            row.text(3)?
        )?;
    }
    if rows.is_empty() {
        writeln!(out, "There are no users; open the set-up link that kith serve prints.")?;
    }
    Ok(())
}

/// Reads a password and gives its hash. On a terminal it is not shown while it is typed.
fn read_password() -> Result<String> {
    let terminal = std::io::stdin().is_terminal();
    let echo = Echo::off(terminal);
    if terminal {
        eprint!("Password: ");
    }
    let mut password = String::new();
    std::io::stdin().lock().read_line(&mut password).context("cannot read the password")?;
    drop(echo);
    if terminal {
        eprintln!();
    }
    let mut salt = [0; 16];
    getrandom::fill(&mut salt).map_err(|e| anyhow::anyhow!("the system gives no randomness: {e}"))?;
    Ok(crm::users::hash_password(password.trim_end_matches(['\n', '\r']), &salt)?)
}

/// While it lives the terminal does not show what is typed, where `stty` is there to say so.
struct Echo {
    hidden: bool,
}

impl Echo {
    fn off(terminal: bool) -> Echo {
        Echo { hidden: terminal && stty("-echo") }
    }
}

impl Drop for Echo {
    fn drop(&mut self) {
        if self.hidden {
            stty("echo");
        }
    }
}

fn stty(word: &str) -> bool {
    std::process::Command::new("stty").arg(word).status().is_ok_and(|status| status.success())
}
