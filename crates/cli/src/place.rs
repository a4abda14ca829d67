//! Where the data lies: the folder and the database that every command works on.

use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};
use clap::Args;
use db::{Db, Options};
use kernel::Via;

use crate::config::Config;
use crate::folder::Folder;

/// Options that every command takes.
#[derive(Debug, Clone, Args)]
pub(crate) struct Place {
    /// The data folder: database, files, configuration.
    #[arg(
        long,
        global = true,
        value_name = "DIR",
        env = "KITH_DATA",
        help = "The data folder [default: kith-data]"
    )]
    pub(crate) data: Option<PathBuf>,
    /// A PostgreSQL database instead of the SQLite file in the data folder.
    #[arg(long, global = true, value_name = "URL", hide_short_help = true)]
    pub(crate) database: Option<String>,
}

/// An open data folder with its configuration and a database whose schema is up to date.
pub(crate) struct Open {
    pub(crate) folder: Folder,
    pub(crate) config: Config,
    pub(crate) db: Db,
}

impl Place {
    /// The data folder that was named, or the usual one.
    pub(crate) fn path(&self) -> &Path {
        self.data.as_deref().unwrap_or(Path::new("kith-data"))
    }

    /// The folder and its configuration, both made when they are missing.
    pub(crate) fn prepare(&self) -> Result<(Folder, Config)> {
        let folder = Folder::make(self.path())?;
        let config = Config::read(&folder, self.database.as_deref())?;
        Ok((folder, config))
    }

    /// Opens the database and makes it when it is not there.
    pub(crate) fn open(&self) -> Result<Open> {
        let (folder, config) = self.prepare()?;
        let db = open_db(&folder, &config)?;
        Ok(Open { folder, config, db })
    }

    /// Opens what is there already. *Errors*: there is nothing, so the folder is likely a mistake.
    pub(crate) fn open_existing(&self) -> Result<Open> {
        if !self.path().is_dir() {
            bail!("there is no data folder at {}; name one with --data", self.path().display());
        }
        let (folder, config) = self.prepare()?;
        if config.database.is_none() && !folder.database().exists() {
            bail!("there is no data in {} yet; begin with kith serve or kith import", self.path().display());
        }
        let db = open_db(&folder, &config)?;
        Ok(Open { folder, config, db })
    }
}

/// Connects and brings the schema up to date.
pub(crate) fn open_db(folder: &Folder, config: &Config) -> Result<Db> {
    let options = Options::default();
    let db = match &config.database {
        Some(url) => Db::postgres(url, config.database_schema.as_deref(), options)
            .context("cannot open the PostgreSQL database")?,
        None => {
            let path = folder.database();
            Db::sqlite(&path, options).with_context(|| format!("cannot open {}", path.display()))?
        }
    };
    let n_applied = db.migrate(&crm::migrations()).context("cannot bring the database up to date")?;
    if n_applied > 0 {
        tracing::info!(n_applied, "brought the schema up to date");
    }
    Ok(db)
}

/// The moment, microseconds UTC.
pub(crate) fn now() -> i64 {
    jiff::Timestamp::now().as_microsecond()
}

impl Open {
    /// Reads and writes with all rights on behalf of whoever sits at the command line.
    pub(crate) fn ctx(&self) -> Result<kernel::Ctx> {
        let ctx = self.db.read::<_, kernel::Error>(|tx| crm::workspace::system_ctx(tx, now()))?;
        Ok(kernel::Ctx { via: Via::Cli, ..ctx })
    }

    /// Like [`Open::ctx`], after making the roles and the pipeline that a new Kith begins with.
    pub(crate) fn ctx_with_basics(&self) -> Result<kernel::Ctx> {
        let ctx = self.ctx()?;
        self.db.write::<_, kernel::Error>(|tx| crm::workspace::ensure_basics(tx, &ctx))?;
        Ok(ctx)
    }
}
