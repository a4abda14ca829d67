//! Settings of the workspace: name, currency, time zone, margin.

use db::Tx;
use kernel::{Error, Result};

/// What holds for everyone in this Kith.
#[derive(Debug, Clone, PartialEq)]
pub struct Settings {
    /// Name of the firm.
    pub name: String,
    /// Its currency, ISO 4217.
    pub currency: String,
    /// Its time zone, IANA name.
    pub time_zone: String,
    /// Share of revenue that is margin, for orders without a known cost.
    pub margin_rate: f64,
    /// Yearly rate at which future margin is discounted.
    pub discount_rate: f64,
    /// Filled with generated data by `kith demo`.
    pub demo: bool,
}

impl Default for Settings {
    fn default() -> Settings {
        Settings {
            name: "Kith".into(),
            currency: "EUR".into(),
            time_zone: "UTC".into(),
            margin_rate: 1.0,
            discount_rate: 0.1,
            demo: false,
        }
    }
}

/// One raw setting.
pub fn get(tx: &mut Tx<'_>, key: &str) -> Result<Option<String>> {
    let row = tx.opt("SELECT value FROM settings WHERE key = $1", &[key.into()])?;
    Ok(row.map(|row| row.text(0).map(String::from)).transpose()?)
}

/// Sets one raw setting.
pub fn put(tx: &mut Tx<'_>, key: &str, value: &str) -> Result<()> {
    let sql = "INSERT INTO settings (key, value) VALUES ($1, $2) ON CONFLICT (key) DO UPDATE SET value = excluded.value";
    tx.execute(sql, &[key.into(), value.into()])?;
    Ok(())
}

/// Sets the workspace's currency. *Errors*: not a currency code.
pub fn set_currency(tx: &mut Tx<'_>, currency: &str) -> Result<()> {
    if !kernel::money::known(currency) {
        return Err(Error::invalid("currency", format!("{currency} is not a currency code such as EUR")));
    }
    put(tx, "currency", currency)?;
    touch(tx)
}

/// Takes one raw setting away.
pub fn remove(tx: &mut Tx<'_>, key: &str) -> Result<()> {
    tx.execute("DELETE FROM settings WHERE key = $1", &[key.into()])?;
    Ok(())
}

/// Changes with every change of settings, objects or fields, so that servers know when to read them again.
pub fn version(tx: &mut Tx<'_>) -> Result<Option<String>> {
    get(tx, "version")
}

/// Notes that settings, objects or fields have changed.
pub(crate) fn touch(tx: &mut Tx<'_>) -> Result<()> {
    let next = tx.id()?;
    put(tx, "version", &next.to_string())
}

/// Reads all settings; what was never set has its default.
pub fn read(tx: &mut Tx<'_>) -> Result<Settings> {
    let mut settings = Settings::default();
    for row in tx.query("SELECT key, value FROM settings LIMIT 200", &[])? {
        let value = row.text(1)?.to_string();
        match row.text(0)? {
            "name" => settings.name = value,
            "currency" => settings.currency = value,
            "time_zone" => settings.time_zone = value,
            "margin_rate" => settings.margin_rate = value.parse().unwrap_or(1.0),
            "discount_rate" => settings.discount_rate = value.parse().unwrap_or(0.1),
            "demo" => settings.demo = value == "yes",
            _ => {}
        }
    }
    Ok(settings)
}

/// Checks and writes all settings. *Errors*: unknown currency or time zone, rates outside 0 to 1.
pub fn write(tx: &mut Tx<'_>, settings: &Settings) -> Result<()> {
    if settings.name.trim().is_empty() || settings.name.chars().count() > 100 {
        return Err(Error::invalid("workspace", "has a name of 1 to 100 characters"));
    }
    if !kernel::money::known(&settings.currency) {
        return Err(Error::invalid(
            "currency",
            format!("{} is not a currency code such as EUR", settings.currency),
        ));
    }
    if jiff::tz::TimeZone::get(&settings.time_zone).is_err() {
        let message = format!("{} is not a time zone such as Europe/Berlin", settings.time_zone);
        return Err(Error::invalid("time_zone", message));
    }
    for (key, rate) in [("margin_rate", settings.margin_rate), ("discount_rate", settings.discount_rate)] {
        if !(0.0..=1.0).contains(&rate) {
            return Err(Error::invalid(key, "is a share between 0 and 1"));
        }
    }
    let before = read(tx)?.currency;
    put(tx, "name", settings.name.trim())?;
    put(tx, "currency", &settings.currency)?;
    put(tx, "time_zone", &settings.time_zone)?;
    put(tx, "margin_rate", &settings.margin_rate.to_string())?;
    put(tx, "discount_rate", &settings.discount_rate.to_string())?;
    put(tx, "demo", if settings.demo { "yes" } else { "no" })?;
    if before != settings.currency {
        crate::parties::count_all_orders(tx, &settings.currency)?;
    }
    touch(tx)
}
