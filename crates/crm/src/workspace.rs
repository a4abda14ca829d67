//! The first run: what an empty Kith begins with, and the context in which requests act.

use std::collections::BTreeMap;
use std::sync::Arc;

use db::Tx;
use kernel::{Catalogue, Ctx, Error, Result, Rights, Value, Via};

use crate::{catalogue, settings, users};

/// The roles that every Kith begins with: name and rights.
const ROLES: [(&str, &str); 6] = [
    ("Administrator", r#"{"administrator":true}"#),
    (
        "Manager",
        r#"{"default":{"see":"all","create":"all","change":"all","archive":"all","export":"all","erase":"all"}}"#,
    ),
    (
        "Sales",
        r#"{"default":{"see":"all","create":"all","change":"all","archive":"own","export":"own"},"objects":{"deals":{"see":"team","change":"team"},"products":{"change":"none","create":"none"}}}"#,
    ),
    (
        "Service",
        r#"{"default":{"see":"all","create":"all","change":"all","archive":"own"},"objects":{"deals":{"create":"none","change":"none"},"products":{"change":"none","create":"none"}}}"#,
    ),
    (
        "Marketing",
        r#"{"default":{"see":"all","create":"all","change":"all","archive":"own","export":"all"}}"#,
    ),
    ("Reader", r#"{"default":{"see":"all"}}"#),
];

/// The pipeline that every Kith begins with: stage, probability, outcome.
const STAGES: [(&str, f64, &str); 6] = [
    ("New", 0.1, "open"),
    ("Qualified", 0.25, "open"),
    ("Proposal", 0.5, "open"),
    ("Negotiation", 0.75, "open"),
    ("Won", 1.0, "won"),
    ("Lost", 0.0, "lost"),
];

/// The context of the system itself, with all rights.
pub fn system_ctx(tx: &mut Tx<'_>, now: i64) -> Result<Ctx> {
    let catalogue = catalogue::load(tx)?;
    let settings = settings::read(tx)?;
    Ok(ctx(catalogue, &settings, now))
}

/// A context with all rights and no user, from what is already loaded.
pub fn ctx(catalogue: Arc<Catalogue>, settings: &settings::Settings, now: i64) -> Ctx {
    let zone = jiff::tz::TimeZone::get(&settings.time_zone).unwrap_or(jiff::tz::TimeZone::UTC);
    let timestamp = jiff::Timestamp::from_microsecond(now).unwrap_or_default();
    Ctx {
        user_id: None,
        teammates: Vec::new(),
        rights: Arc::new(Rights::administrator()),
        catalogue,
        now,
        today: timestamp.to_zoned(zone.clone()).date(),
        zone,
        currency: settings.currency.clone(),
        via: Via::System,
        import_id: None,
    }
}

/// Has nobody been set up yet?
pub fn fresh(tx: &mut Tx<'_>) -> Result<bool> {
    Ok(tx.opt("SELECT 1 FROM users LIMIT 1", &[])?.is_none())
}

/// The first administrator.
#[derive(Debug, Clone, Default)]
pub struct Founder {
    /// Name.
    pub name: String,
    /// E-mail address, to sign in with.
    pub email: String,
    /// Hash of the password.
    pub password_hash: String,
}

/// Makes what every Kith begins with and is not there yet: roles, and a pipeline with its stages.
/// An import into an empty data folder needs no more; people are added by [`set_up`] later.
pub fn ensure_basics(tx: &mut Tx<'_>, ctx: &Ctx) -> Result<()> {
    ensure_roles(tx, ctx)?;
    if tx.opt("SELECT 1 FROM pipelines LIMIT 1", &[])?.is_none() {
        add_pipeline(tx, ctx, "Sales", 1, &STAGES)?;
    }
    Ok(())
}

/// Makes the roles that every Kith begins with, unless there are roles. Gives the administrator's role.
pub fn ensure_roles(tx: &mut Tx<'_>, ctx: &Ctx) -> Result<i64> {
    let sql = "SELECT id FROM roles WHERE name_key = 'administrator' ORDER BY id LIMIT 1";
    if let Some(row) = tx.opt(sql, &[])? {
        return Ok(row.int(0)?);
    }
    let mut administrator = 0;
    let roles = ctx.catalogue.need("roles")?.clone();
    for (name, rights) in ROLES {
        let values = values([("name", Value::Text(name.into())), ("rights", Value::Text(rights.into()))]);
        let saved = kernel::create(tx, ctx, &roles, values)?;
        if name == "Administrator" {
            administrator = saved.id;
        }
    }
    Ok(administrator)
}

/// Makes a pipeline with its stages: name, probability and outcome of each. Gives its id and those of the stages.
pub fn add_pipeline(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    name: &str,
    position: i64,
    steps: &[(&str, f64, &str)],
) -> Result<(i64, Vec<i64>)> {
    let pipelines = ctx.catalogue.need("pipelines")?.clone();
    let pipeline = values([("name", Value::Text(name.into())), ("position", Value::Whole(position))]);
    let pipeline = kernel::create(tx, ctx, &pipelines, pipeline)?;
    let stages = ctx.catalogue.need("stages")?.clone();
    let mut stage_ids = Vec::new();
    for (n, (name, probability, outcome)) in steps.iter().enumerate() {
        let stage = values([
            ("name", Value::Text((*name).into())),
            ("pipeline", Value::Link(pipeline.id)),
            ("position", Value::Whole(n as i64 + 1)),
            ("probability", Value::Number(*probability)),
            ("outcome", Value::Text((*outcome).into())),
        ]);
        stage_ids.push(kernel::create(tx, ctx, &stages, stage)?.id);
    }
    Ok((pipeline.id, stage_ids))
}

/// Makes what is missing of roles and pipelines, the settings and the first administrator. Gives the administrator's id.
/// *Errors*: it was done before; wrong settings.
pub fn set_up(tx: &mut Tx<'_>, now: i64, settings: &settings::Settings, founder: &Founder) -> Result<i64> {
    if !fresh(tx)? {
        return Err(Error::Forbidden("set up Kith a second time".into()));
    }
    settings::write(tx, settings)?;
    let ctx = system_ctx(tx, now)?;
    let administrator = ensure_roles(tx, &ctx)?;
    ensure_basics(tx, &ctx)?;
    let user = values([
        ("name", Value::Text(founder.name.trim().into())),
        ("email", Value::Text(founder.email.trim().into())),
        ("role", Value::Link(administrator)),
    ]);
    let saved = kernel::create(tx, &ctx, &ctx.catalogue.need("users")?.clone(), user)?;
    users::set_password(tx, saved.id, &founder.password_hash)?;
    settings::remove(tx, "setup_token_hash")?;
    Ok(saved.id)
}

/// Values by field key, for calls from code.
pub fn values<const N: usize>(pairs: [(&str, Value); N]) -> BTreeMap<String, Value> {
    pairs.into_iter().map(|(key, value)| (key.to_string(), value)).collect()
}

/// Puts a user into a context: rights of the role, members of the team.
/// *Errors*: no such user, or one who was archived.
pub fn act_as(tx: &mut Tx<'_>, ctx: &mut Ctx, user_id: i64) -> Result<()> {
    let sql = "SELECT r.rights, u.team_id FROM users u JOIN roles r ON r.id = u.role_id
               WHERE u.id = $1 AND u.archived_at IS NULL";
    let row = tx.opt(sql, &[user_id.into()])?.ok_or_else(|| Error::NotFound(format!("user {user_id}")))?;
    let rights: serde_json::Value = serde_json::from_str(row.text(0)?).unwrap_or_default();
    ctx.rights = Arc::new(Rights::from_roles([&rights]));
    ctx.user_id = Some(user_id);
    ctx.teammates = vec![user_id];
    if let Some(team_id) = row.opt_int(1)? {
        let mates = tx.query(
            "SELECT id FROM users WHERE team_id = $1 AND id <> $2 LIMIT 500",
            &[team_id.into(), user_id.into()],
        )?;
        for mate in mates {
            ctx.teammates.push(mate.int(0)?);
        }
    }
    Ok(())
}
