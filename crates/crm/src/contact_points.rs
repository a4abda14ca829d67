//! Contact points: each e-mail address, phone, postal or social address of a party, with its state.

use db::Tx;
use kernel::fold::{email_key, phone_key};
use kernel::{Choice, Ctx, Draft, Field, Kind, Object, Result, Rules, ScopeBy};

use crate::catalogue::with_system_fields;

/// Ways to reach someone.
pub fn contact_points() -> Object {
    let kinds = [("email", "E-mail"), ("phone", "Phone"), ("postal", "Postal"), ("social", "Social")];
    let states = [
        ("unverified", "Not verified"),
        ("verified", "Verified"),
        ("bounced", "Bounces"),
        ("invalid", "Not in use"),
    ];
    let fields = vec![
        Field::new("party", "Whose", Kind::Link("parties".into())).required().listed(),
        Field::new("kind", "Kind", Kind::Choice(Choice::list(&kinds))).required().listed(),
        Field::new("value", "Address or number", Kind::Text).required().listed(),
        Field::new("label", "Label", Kind::Text).help("Work, home, invoices …").listed(),
        Field::new("main", "Main", Kind::Truth).default_to("no"),
        Field::new("state", "State", Kind::Choice(Choice::list(&states))).default_to("unverified").listed(),
        Field::new("verified_at", "Verified at", Kind::Time),
    ];
    let mut object = Object::new("contact_points", "Contact point", "Contact points", "at-sign", fields);
    object.title = "value".into();
    object.scope = ScopeBy::Parent("party".into());
    object.rules = Rules { before: Some(match_key), after: None };
    with_system_fields(object)
}

/// The form in which an address is matched whatever way it is written.
pub fn value_key(kind: &str, value: &str) -> String {
    match kind {
        "phone" => phone_key(value),
        "email" => email_key(value),
        _ => kernel::fold::fold(value.trim()),
    }
}

fn match_key(_: &mut Tx<'_>, _: &Ctx, _: &Object, draft: &mut Draft) -> Result<()> {
    let kind = draft.value("kind").text().unwrap_or_default().to_string();
    let key = value_key(&kind, draft.value("value").text().unwrap_or_default());
    if draft.before.is_none() || draft.changing("value") || draft.changing("kind") {
        draft.columns.insert("value_key".into(), key.into());
    }
    Ok(())
}

/// Makes `new` the main address of its kind. The row of the old one goes, for it was replaced; others stay, but
/// are the main one no longer.
pub(crate) fn set_main(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    party_id: i64,
    kind: &str,
    old: Option<&str>,
    new: Option<&str>,
) -> Result<()> {
    if let Some(old) = old {
        let sql =
            "DELETE FROM contact_points WHERE party_id = $1 AND kind = $2 AND main = 1 AND value_key = $3";
        tx.execute(sql, &[party_id.into(), kind.into(), value_key(kind, old).into()])?;
    }
    let Some(new) = new else { return Ok(()) };
    let sql = "UPDATE contact_points SET main = 0 WHERE party_id = $1 AND kind = $2 AND main = 1";
    tx.execute(sql, &[party_id.into(), kind.into()])?;
    let id = tx.id()?;
    tx.execute(
        "INSERT INTO contact_points (id, version, created_at, updated_at, import_id, custom, party_id, kind, value,
             value_key, main, state)
         VALUES ($1, 1, $2, $2, $3, '{}', $4, $5, $6, $7, 1, 'unverified')",
        &[
            id.into(),
            ctx.now.into(),
            ctx.import_id.into(),
            party_id.into(),
            kind.into(),
            new.into(),
            value_key(kind, new).into(),
        ],
    )?;
    Ok(())
}
