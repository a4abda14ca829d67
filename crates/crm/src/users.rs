//! Users, teams and roles, and passwords.

use argon2::Argon2;
use argon2::password_hash::{PasswordHasher, PasswordVerifier, phc::PasswordHash};
use db::Tx;
use kernel::{Ctx, Draft, Error, Field, Kind, Object, Result, Rights, Rules, Saved, ScopeBy, Value};

use crate::catalogue::with_system_fields;

/// People who work with Kith.
pub fn users() -> Object {
    let fields = vec![
        Field::new("name", "Name", Kind::Text).required().listed(),
        Field::new("email", "E-mail", Kind::Email).required().unique().listed(),
        Field::new("role", "Role", Kind::Link("roles".into())).required().listed(),
        Field::new("team", "Team", Kind::Link("teams".into())).listed(),
    ];
    let mut object = Object::new("users", "User", "Users", "user", fields);
    object.rules = Rules { before: Some(lower_email), after: Some(keep_an_administrator) };
    administered(object)
}

/// Groups of users who share work.
pub fn teams() -> Object {
    let fields = vec![Field::new("name", "Name", Kind::Text).required().listed()];
    administered(Object::new("teams", "Team", "Teams", "users", fields))
}

/// What users may do.
pub fn roles() -> Object {
    let fields = vec![
        Field::new("name", "Name", Kind::Text).required().unique().listed(),
        Field::new("rights", "Rights", Kind::LongText)
            .help("JSON: administrator, default, objects and fields; see docs/roles.md."),
    ];
    let mut object = Object::new("roles", "Role", "Roles", "shield", fields);
    object.rules = Rules { before: Some(check_rights), after: Some(keep_role) };
    administered(object)
}

fn administered(mut object: Object) -> Object {
    object.scope = ScopeBy::Open;
    object.administered = true;
    object.sort = "name".into();
    with_system_fields(object)
}

fn lower_email(_: &mut Tx<'_>, _: &Ctx, _: &Object, draft: &mut Draft) -> Result<()> {
    if let Some(email) = draft.values.get("email").and_then(Value::text).map(kernel::fold::email_key) {
        draft.set("email", Value::Text(email));
    }
    Ok(())
}

fn check_rights(_: &mut Tx<'_>, _: &Ctx, _: &Object, draft: &mut Draft) -> Result<()> {
    let rights = draft.value("rights").text().unwrap_or("{}").to_string();
    let json: serde_json::Value =
        serde_json::from_str(&rights).map_err(|e| Error::invalid("rights", format!("is not JSON: {e}")))?;
    if !json.is_object() {
        return Err(Error::invalid("rights", "is a JSON object such as {\"default\":{\"see\":\"all\"}}"));
    }
    // A word that means nothing would leave a default in force that somebody meant to narrow.
    if let Some(problem) = kernel::Rights::trouble(&json) {
        return Err(Error::invalid("rights", problem));
    }
    draft.set("rights", Value::Text(json.to_string()));
    Ok(())
}

/// Someone can always set things right: the last administrator cannot leave or lose the role.
fn keep_an_administrator(tx: &mut Tx<'_>, _: &Ctx, _: &Object, saved: &Saved) -> Result<()> {
    if saved.created {
        return Ok(());
    }
    let sql = "SELECT r.rights FROM users u JOIN roles r ON r.id = u.role_id
               WHERE u.archived_at IS NULL GROUP BY r.id, r.rights LIMIT 1000";
    for row in tx.query(sql, &[])? {
        let rights: serde_json::Value = serde_json::from_str(row.text(0)?).unwrap_or_default();
        if Rights::from_roles([&rights]).administers() {
            return Ok(());
        }
    }
    Err(Error::invalid(
        "role",
        "would leave nobody to administer this Kith; make someone else an administrator first",
    ))
}

/// A role stays while someone has it.
fn keep_role(tx: &mut Tx<'_>, ctx: &Ctx, object: &Object, saved: &Saved) -> Result<()> {
    let sql = "SELECT COUNT(*) FROM users u JOIN roles r ON r.id = u.role_id
               WHERE r.id = $1 AND r.archived_at IS NOT NULL AND u.archived_at IS NULL";
    match tx.one(sql, &[saved.id.into()])?.int(0)? {
        0 => keep_an_administrator(tx, ctx, object, saved),
        n => Err(Error::invalid("", format!("{n} of the users have this role; give them another first"))),
    }
}

/// The shortest password that is taken.
pub const MIN_PASSWORD: usize = 10;

/// Hashes a password (argon2id, the crate's recommended cost). `salt` is 16 random bytes.
/// *Errors*: shorter than [`MIN_PASSWORD`] or longer than 200 characters.
pub fn hash_password(password: &str, salt: &[u8; 16]) -> Result<String> {
    if password.chars().count() < MIN_PASSWORD {
        return Err(Error::invalid("password", format!("has at least {MIN_PASSWORD} characters")));
    }
    if password.chars().count() > 200 {
        return Err(Error::invalid("password", "has at most 200 characters"));
    }
    let hash = Argon2::default().hash_password_with_salt(password.as_bytes(), salt);
    Ok(hash.map_err(|e| Error::invalid("password", e.to_string()))?.to_string())
}

/// Does the password fit the hash? Takes as long as hashing, also for a malformed hash.
pub fn password_fits(password: &str, hash: &str) -> bool {
    // A hash of nothing anyone knows, so that an unknown user takes as long as a known one.
    const NOBODY: &str =
        "$argon2id$v=19$m=19456,t=2,p=1$AAAAAAAAAAAAAAAAAAAAAA$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";
    let parsed = PasswordHash::new(hash).or_else(|_| PasswordHash::new(NOBODY));
    parsed.is_ok_and(|hash| Argon2::default().verify_password(password.as_bytes(), &hash).is_ok())
}

/// Sets a user's password and ends the user's sessions.
pub fn set_password(tx: &mut Tx<'_>, user_id: i64, hash: &str) -> Result<()> {
    let sql = "UPDATE users SET password_hash = $2 WHERE id = $1";
    if tx.execute(sql, &[user_id.into(), hash.into()])? == 0 {
        return Err(Error::NotFound(format!("user {user_id}")));
    }
    tx.execute("DELETE FROM sessions WHERE user_id = $1", &[user_id.into()])?;
    Ok(())
}
