//! The configuration: `kith.toml` in the data folder, the environment, and options of the command line.
//! The later of the three wins. Unknown keys are errors, so that a misspelt one cannot pass unseen.

use std::io::Write;

use anyhow::{Result, bail};
use clap::Args;
use serde::Deserialize;

use crate::folder::Folder;
use crate::place::Place;

/// What holds for this run.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Config {
    /// Address to serve on.
    pub(crate) listen: String,
    /// PostgreSQL URL; `None` means the SQLite file in the data folder.
    pub(crate) database: Option<String>,
    /// Schema inside the PostgreSQL database.
    pub(crate) database_schema: Option<String>,
    /// How people reach Kith from outside, such as `https://crm.example.com`.
    pub(crate) public_url: Option<String>,
    /// Send cookies over HTTPS only.
    pub(crate) secure_cookies: bool,
    /// Threads that do background work.
    pub(crate) n_workers: usize,
    /// What is logged.
    pub(crate) log: String,
    /// Where each value comes from, in the order of [`KEYS`].
    origins: Vec<Origin>,
}

/// The keys of `kith.toml`, each also in the environment as `KITH_` and the key in capitals.
const KEYS: [&str; 7] =
    ["listen", "database", "database_schema", "public_url", "secure_cookies", "n_workers", "log"];

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Origin {
    Default,
    File,
    Environment,
    Option,
}

impl Origin {
    fn word(self) -> &'static str {
        match self {
            Origin::Default => "default",
            Origin::File => "kith.toml",
            Origin::Environment => "environment",
            Origin::Option => "option",
        }
    }
}

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct Keys {
    listen: Option<String>,
    database: Option<String>,
    database_schema: Option<String>,
    public_url: Option<String>,
    secure_cookies: Option<bool>,
    n_workers: Option<usize>,
    log: Option<String>,
}

impl Config {
    /// Reads the configuration of a folder. *Errors*: an unknown key or a value that does not fit, by name.
    pub(crate) fn read(folder: &Folder, database: Option<&str>) -> Result<Config> {
        let path = folder.configuration();
        let keys = match std::fs::read_to_string(&path) {
            Ok(text) => parse(&text).map_err(|e| e.context(format!("cannot use {}", path.display())))?,
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => Keys::default(),
            Err(error) => {
                return Err(anyhow::Error::from(error).context(format!("cannot read {}", path.display())));
            }
        };
        Config::of(keys, &|name| std::env::var(name).ok(), database)
    }

    fn of(keys: Keys, variable: &dyn Fn(&str) -> Option<String>, database: Option<&str>) -> Result<Config> {
        let file = [
            keys.listen,
            keys.database,
            keys.database_schema,
            keys.public_url,
            keys.secure_cookies.map(|v| v.to_string()),
            keys.n_workers.map(|v| v.to_string()),
            keys.log,
        ];
        let mut values: Vec<Option<String>> = Vec::new();
        let mut origins = Vec::new();
        for (key, in_file) in KEYS.iter().zip(file) {
            let name = format!("KITH_{}", key.to_uppercase());
            let option = database.filter(|_| *key == "database").map(String::from);
            let (value, origin) = match (option, variable(&name), in_file) {
                (Some(value), _, _) => (Some(value), Origin::Option),
                (None, Some(value), _) => (Some(value), Origin::Environment),
                (None, None, Some(value)) => (Some(value), Origin::File),
                (None, None, None) => (None, Origin::Default),
            };
            values.push(value.filter(|v| !v.trim().is_empty()));
            origins.push(origin);
        }
        let mut next = values.into_iter();
        let mut take = || next.next().flatten();
        let config = Config {
            listen: take().unwrap_or_else(|| "127.0.0.1:7250".into()),
            database: take(),
            database_schema: take(),
            public_url: take().map(|url| url.trim_end_matches('/').to_string()),
            secure_cookies: match take().as_deref() {
                None | Some("false" | "no" | "0") => false,
                Some("true" | "yes" | "1") => true,
                Some(other) => bail!("secure_cookies is true or false, not {other}"),
            },
            n_workers: match take() {
                None => 2,
                Some(text) => match text.parse() {
                    Ok(n @ 1..=64) => n,
                    _ => bail!("n_workers is a number from 1 to 64, not {text}"),
                },
            },
            log: take().unwrap_or_else(|| "info".into()),
            origins,
        };
        if let Some(url) = &config.database
            && !(url.starts_with("postgres://") || url.starts_with("postgresql://"))
        {
            bail!("database is a URL such as postgres://user:password@host/name, or nothing for SQLite");
        }
        Ok(config)
    }
}

fn parse(text: &str) -> Result<Keys> {
    toml::from_str(text).map_err(|error| {
        let before =
            |span: std::ops::Range<usize>| text.get(..span.start).unwrap_or(text).matches('\n').count();
        anyhow::anyhow!("line {}: {}", error.span().map_or(0, before) + 1, error.message())
    })
}

/// Arguments of `kith config`.
#[derive(Debug, Args)]
pub(crate) struct Show {
    /// Print one JSON object.
    #[arg(long)]
    json: bool,
}

/// Prints the configuration in effect; a password in the database's URL is not shown.
pub(crate) fn run(place: &Place, args: &Show) -> Result<()> {
    let (folder, config) = if place.path().is_dir() {
        place.prepare()?
    } else {
        bail!("there is no data folder at {}; name one with --data", place.path().display());
    };
    let shown = [
        config.listen.clone(),
        config.database.as_deref().map(without_password).unwrap_or_default(),
        config.database_schema.clone().unwrap_or_default(),
        config.public_url.clone().unwrap_or_default(),
        config.secure_cookies.to_string(),
        config.n_workers.to_string(),
        config.log.clone(),
    ];
    let mut out = std::io::stdout().lock();
    if args.json {
        let mut object = serde_json::Map::new();
        object.insert("data".into(), folder.path().display().to_string().into());
        for (key, value) in KEYS.iter().zip(shown) {
            object.insert((*key).into(), value.into());
        }
        writeln!(out, "{}", serde_json::Value::Object(object))?;
        return Ok(());
    }
    writeln!(out, "# data folder: {}", folder.path().display())?;
    for ((key, value), origin) in KEYS.iter().zip(shown).zip(&config.origins) {
        let quoted =
            if matches!(*key, "secure_cookies" | "n_workers") { value } else { format!("{value:?}") };
        let hidden = if quoted == "\"\"" { "# " } else { "" };
        writeln!(out, "{:<44} # {}", format!("{hidden}{key} = {quoted}"), origin.word())?;
    }
    Ok(())
}

/// A database URL as it may be shown.
pub(crate) fn without_password(url: &str) -> String {
    let Some((scheme, rest)) = url.split_once("://") else { return url.to_string() };
    let Some((user, host)) = rest.rsplit_once('@') else { return url.to_string() };
    let name = user.split(':').next().unwrap_or_default();
    format!("{scheme}://{name}:…@{host}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_unknown_key_is_named_with_its_line() {
        let error = parse("log = \"info\"\nlisten_on = \"x\"\n").unwrap_err().to_string();
        assert!(error.starts_with("line 2: unknown field `listen_on`"), "{error}");
    }

    #[test]
    fn the_environment_wins_over_the_file_and_an_option_over_both() {
        let file = || parse("listen = \"1.1.1.1:1\"\ndatabase = \"postgres://file\"").unwrap();
        let variable = |name: &str| (name == "KITH_LISTEN").then(|| "2.2.2.2:2".to_string());
        let config = Config::of(file(), &variable, Some("postgres://option")).unwrap();
        assert_eq!(config.listen, "2.2.2.2:2");
        assert_eq!(config.database.as_deref(), Some("postgres://option"));
        assert_eq!(config.log, "info");
    }

    #[test]
    fn a_password_in_the_url_is_not_shown() {
        assert_eq!(without_password("postgres://ana:se@cret@host/kith"), "postgres://ana:…@host/kith");
    }
}
