//! The running program: database, catalogue, settings, and the one bridge between async and the domain.

use std::path::PathBuf;
use std::sync::{Arc, PoisonError, RwLock};

use db::{Db, Tx};
use kernel::{Catalogue, Ctx, Via};
use tokio::sync::Semaphore;

use crate::metrics::Metrics;
use crate::templates::Templates;
use crate::throttle::Throttle;
use crate::{Refused, Who};

/// What the program is told at its start.
#[derive(Debug, Clone)]
pub struct Config {
    /// The data folder: files, imports in progress.
    pub data: PathBuf,
    /// Send cookies over HTTPS only.
    pub secure_cookies: bool,
    /// Offer the accounts of a demonstration on the sign-in page; on loopback only.
    pub demo: bool,
    /// The clock, microseconds UTC; fixed in tests.
    pub clock: fn() -> i64,
}

/// The program's state, shared by all requests; cheap to clone.
#[derive(Clone)]
pub struct App {
    inner: Arc<Inner>,
}

struct Inner {
    db: Db,
    config: Config,
    templates: Templates,
    loaded: RwLock<Loaded>,
    readers: Semaphore,
    writers: Semaphore,
    throttle: Throttle,
    metrics: Metrics,
}

/// What is read once and kept until an administrator changes it, here or on another server.
#[derive(Clone)]
struct Loaded {
    version: Option<String>,
    catalogue: Arc<Catalogue>,
    settings: Arc<crm::settings::Settings>,
}

impl App {
    /// Wires a migrated database to templates and catalogue.
    /// *Errors*: the catalogue can't be read; a template is broken.
    pub fn new(db: Db, config: Config) -> Result<App, Refused> {
        let templates = Templates::load().map_err(|e| Refused::Broken(format!("{e}: {}", e.source)))?;
        let loaded = db.read(load)?;
        Ok(App {
            inner: Arc::new(Inner {
                db,
                config,
                templates,
                loaded: RwLock::new(loaded),
                readers: Semaphore::new(8),
                writers: Semaphore::new(4),
                throttle: Throttle::default(),
                metrics: Metrics::default(),
            }),
        })
    }

    /// The database, for jobs and the command line.
    pub fn db(&self) -> &Db {
        &self.inner.db
    }

    /// What the program was told at its start.
    pub fn config(&self) -> &Config {
        &self.inner.config
    }

    pub(crate) fn templates(&self) -> &Templates {
        &self.inner.templates
    }

    pub(crate) fn metrics(&self) -> &Metrics {
        &self.inner.metrics
    }

    pub(crate) fn throttle(&self) -> &Throttle {
        &self.inner.throttle
    }

    /// The moment, microseconds UTC.
    pub fn now(&self) -> i64 {
        (self.inner.config.clock)()
    }

    fn loaded(&self) -> Loaded {
        self.inner.loaded.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// The present settings.
    pub fn settings(&self) -> Arc<crm::settings::Settings> {
        self.loaded().settings
    }

    /// The present catalogue.
    pub fn catalogue(&self) -> Arc<Catalogue> {
        self.loaded().catalogue
    }

    /// Reads catalogue and settings anew where they have changed since they were read.
    pub fn reload(&self) -> Result<(), Refused> {
        self.inner.db.read(|tx| self.current(tx)).map(drop)
    }

    /// Catalogue and settings as this transaction sees them: one small read, unless somebody changed them.
    fn current(&self, tx: &mut Tx<'_>) -> Result<Loaded, Refused> {
        let loaded = self.loaded();
        if crm::settings::version(tx)? == loaded.version {
            return Ok(loaded);
        }
        let loaded = load(tx)?;
        *self.inner.loaded.write().unwrap_or_else(PoisonError::into_inner) = loaded.clone();
        Ok(loaded)
    }

    /// A context with all rights, before it is known who asks.
    fn begin(&self, tx: &mut Tx<'_>) -> Result<Ctx, Refused> {
        let loaded = self.current(tx)?;
        Ok(crm::workspace::ctx(loaded.catalogue, &loaded.settings, self.now()))
    }

    /// Runs `f` on a snapshot as the one who asks. *Errors*: nobody is signed in, or what `f` returns.
    pub async fn read<T, F>(&self, who: &Who, via: Via, f: F) -> Result<T, Refused>
    where
        T: Send + 'static,
        F: FnOnce(&mut Tx<'_>, &Ctx) -> Result<T, Refused> + Send + 'static,
    {
        let (app, who) = (self.clone(), who.clone());
        let permit = self.inner.readers.acquire().await.map_err(closed)?;
        let (result, note) = bridge(move || {
            let mut note = None;
            let result = app.inner.db.read(|tx| {
                let mut ctx = app.begin(tx)?;
                note = identify(tx, &mut ctx, &who, via)?;
                f(tx, &ctx)
            });
            (result, note)
        })
        .await?;
        drop(permit);
        if let Some(token) = note {
            self.note_session(token).await;
        }
        result
    }

    /// Runs `f` in a transaction as the one who asks; committed when `f` succeeds.
    /// A transaction that the engine ended because another was in the way is tried again, twice.
    pub async fn write<T, F>(&self, who: &Who, via: Via, f: F) -> Result<T, Refused>
    where
        T: Send + 'static,
        F: Fn(&mut Tx<'_>, &Ctx) -> Result<T, Refused> + Send + 'static,
    {
        let (app, who) = (self.clone(), who.clone());
        let _permit = self.inner.writers.acquire().await.map_err(closed)?;
        bridge(move || {
            let mut attempts = 0;
            loop {
                let result = app.inner.db.write(|tx| {
                    let mut ctx = app.begin(tx)?;
                    identify(tx, &mut ctx, &who, via)?;
                    f(tx, &ctx)
                });
                match result {
                    Err(Refused::Kernel(kernel::Error::Db(db::Error::Busy))) if attempts < 2 => attempts += 1,
                    result => return result,
                }
            }
        })
        .await?
    }

    /// Runs `f` away from the async threads, without a transaction: hashing, files.
    pub async fn blocking<T, F>(&self, f: F) -> Result<T, Refused>
    where
        T: Send + 'static,
        F: FnOnce() -> T + Send + 'static,
    {
        bridge(f).await
    }

    /// Notes that a session is in use. A failure costs nothing but a shorter session.
    async fn note_session(&self, token: String) {
        let app = self.clone();
        let now = self.now();
        let done = bridge(move || {
            app.inner.db.write::<_, kernel::Error>(|tx| crm::sessions::note_use(tx, &token, now))
        })
        .await;
        if let Ok(Err(error)) = done {
            tracing::warn!(%error, "the use of a session could not be noted");
        }
    }
}

fn load(tx: &mut Tx<'_>) -> Result<Loaded, Refused> {
    let version = crm::settings::version(tx)?;
    let catalogue = crm::catalogue::load(tx)?;
    let settings = Arc::new(crm::settings::read(tx)?);
    Ok(Loaded { version, catalogue, settings })
}

fn closed<E>(_: E) -> Refused {
    Refused::Broken("kith is stopping".into())
}

async fn bridge<T: Send + 'static>(f: impl FnOnce() -> T + Send + 'static) -> Result<T, Refused> {
    tokio::task::spawn_blocking(f).await.map_err(|e| Refused::Broken(format!("a task ended early: {e}")))
}

/// Puts the one who asks into the context. Gives the session token when its use should be noted.
fn identify(tx: &mut Tx<'_>, ctx: &mut Ctx, who: &Who, via: Via) -> Result<Option<String>, Refused> {
    ctx.via = via;
    match who {
        Who::Session(token) => {
            let found = crm::sessions::find(tx, token, ctx.now)?;
            let (user_id, note) = found.ok_or(Refused::SignIn)?;
            crm::workspace::act_as(tx, ctx, user_id).map_err(|_| Refused::SignIn)?;
            Ok(note.then(|| token.clone()))
        }
        Who::Token(token) => match crm::tokens::act_as(tx, ctx, token)? {
            true => Ok(None),
            false => Err(Refused::SignIn),
        },
        Who::Nobody => Err(Refused::SignIn),
    }
}
