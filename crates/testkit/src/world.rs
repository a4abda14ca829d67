//! A world: one migrated and set-up Kith in a temporary place.

use std::sync::OnceLock;
use std::sync::atomic::{AtomicI64, AtomicU32, Ordering};

use crm::settings::Settings;
use crm::workspace::{self, Founder};
use db::{Db, Engine, Options, Tx};
use kernel::{Ctx, Result};
use tempfile::TempDir;

use crate::{NOW, postgres};

/// The address with which the founder signs in.
pub const FOUNDER_EMAIL: &str = "founder@example.com";
/// The password of every user of a world.
pub const PASSWORD: &str = "correct horse battery";

/// A Kith of its own for one test, with its founder, on either engine.
pub struct World {
    /// Its database.
    pub db: Db,
    /// The administrator who set it up.
    pub founder_id: i64,
    pub(crate) now: AtomicI64,
    place: Place,
}

/// Where the world lives, removed with it.
enum Place {
    Folder(TempDir),
    Schema(String),
    Server { _server: postgres::Server },
}

/// Runs a test in a world on SQLite and then in one on PostgreSQL.
pub fn both(test: impl Fn(&World)) {
    test(&World::sqlite());
    test(&World::postgres());
}

impl World {
    /// A world on SQLite: a copy of a template that was migrated and set up once.
    pub fn sqlite() -> World {
        static TEMPLATE: OnceLock<(Vec<u8>, i64)> = OnceLock::new();
        let (bytes, founder_id) = TEMPLATE.get_or_init(|| {
            let folder = tempfile::tempdir().unwrap();
            let db = Db::sqlite(&folder.path().join("kith.sqlite"), Options::default()).unwrap();
            let founder_id = prepare(&db);
            let copy = folder.path().join("template.sqlite");
            db.copy_to(&copy).unwrap();
            (std::fs::read(&copy).unwrap(), founder_id)
        });
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("kith.sqlite");
        std::fs::write(&path, bytes).unwrap();
        let db = Db::sqlite(&path, Options::default()).unwrap();
        World { db, founder_id: *founder_id, now: AtomicI64::new(NOW), place: Place::Folder(folder) }
    }

    /// A world on PostgreSQL: a schema of its own on the server that the tests of a run share.
    pub fn postgres() -> World {
        let (db, schema) = empty_postgres();
        let founder_id = prepare(&db);
        World { db, founder_id, now: AtomicI64::new(NOW), place: Place::Schema(schema) }
    }

    /// A world on a PostgreSQL server of its own, where no other test's transaction delays the event feed.
    pub fn postgres_alone() -> World {
        let server = postgres::Server::start();
        let db = Db::postgres(&server.url, None, Options::default()).unwrap();
        let founder_id = prepare(&db);
        World { db, founder_id, now: AtomicI64::new(NOW), place: Place::Server { _server: server } }
    }

    /// Which engine it is on; for names in messages only.
    pub fn engine(&self) -> Engine {
        self.db.engine()
    }

    /// The folder of a world on SQLite, with the database `kith.sqlite` in it.
    pub fn folder(&self) -> Option<&std::path::Path> {
        match &self.place {
            Place::Folder(folder) => Some(folder.path()),
            _ => None,
        }
    }

    /// The URL and the schema of a world on PostgreSQL.
    pub fn url(&self) -> Option<(String, Option<String>)> {
        match &self.place {
            Place::Folder(_) => None,
            Place::Schema(schema) => Some((postgres::url().to_string(), Some(schema.clone()))),
            Place::Server { _server } => Some((_server.url.clone(), None)),
        }
    }

    /// Reads; panics when it fails.
    pub fn read<T>(&self, f: impl FnOnce(&mut Tx<'_>) -> Result<T>) -> T {
        self.try_read(f).unwrap_or_else(|e| panic!("{:?}: {e}", self.engine()))
    }

    /// Writes in one transaction; panics when it fails.
    pub fn write<T>(&self, f: impl FnOnce(&mut Tx<'_>) -> Result<T>) -> T {
        self.try_write(f).unwrap_or_else(|e| panic!("{:?}: {e}", self.engine()))
    }

    /// Reads something that may be refused.
    pub fn try_read<T>(&self, f: impl FnOnce(&mut Tx<'_>) -> Result<T>) -> Result<T> {
        self.db.read(f)
    }

    /// Writes something that may be refused.
    pub fn try_write<T>(&self, f: impl FnOnce(&mut Tx<'_>) -> Result<T>) -> Result<T> {
        self.db.write(f)
    }

    /// The founder's context, with all rights.
    pub fn ctx(&self) -> Ctx {
        self.ctx_of(self.founder_id)
    }

    /// A user's context, with the rights of the user's role.
    pub fn ctx_of(&self, user_id: i64) -> Ctx {
        self.read(|tx| {
            let mut ctx = workspace::system_ctx(tx, self.now())?;
            ctx.via = kernel::Via::Web;
            workspace::act_as(tx, &mut ctx, user_id)?;
            Ok(ctx)
        })
    }

    /// The context of Kith itself.
    pub fn system(&self) -> Ctx {
        self.read(|tx| workspace::system_ctx(tx, self.now()))
    }

    /// Returns once a transaction waits for another one; only on a server of its own, where it can be nobody else's.
    /// On SQLite, whose writers take turns, it returns at once.
    pub fn until_someone_waits(&self) {
        if matches!(self.place, Place::Folder(_)) {
            return;
        }
        assert!(matches!(self.place, Place::Server { .. }), "on a shared server others wait, too");
        let sql = "SELECT COUNT(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock'";
        while self.read(|tx| Ok(tx.one(sql, &[])?.int(0)?)) == 0 {
            std::thread::yield_now();
        }
    }

    /// What this world's clock says, microseconds UTC.
    pub fn now(&self) -> i64 {
        self.now.load(Ordering::SeqCst)
    }

    /// Moves the clock by so many microseconds.
    pub fn pass(&self, micros: i64) {
        self.now.fetch_add(micros, Ordering::SeqCst);
    }
}

impl Drop for World {
    fn drop(&mut self) {
        // A server of our own is thrown away whole; a given one is left as it was.
        if let Place::Schema(schema) = &self.place
            && postgres::given()
        {
            let sql = format!("DROP SCHEMA {schema} CASCADE");
            let _ = self.db.write::<_, db::Error>(|tx| tx.batch(&sql));
        }
    }
}

/// An empty schema on the shared server, for tests of migrations.
pub fn empty_postgres() -> (Db, String) {
    static N: AtomicU32 = AtomicU32::new(0);
    let n = N.fetch_add(1, Ordering::SeqCst);
    let nanos =
        std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).map_or(0, |d| d.as_nanos());
    let schema = format!("w{}_{n}_{nanos:x}", std::process::id());
    let db = Db::postgres(postgres::url(), Some(&schema), Options::default()).unwrap();
    (db, schema)
}

fn prepare(db: &Db) -> i64 {
    // The password's hash with the least cost that argon2 takes: signing in is not what these tests wait for.
    let settings = Settings { name: "Test & Sons".into(), ..Settings::default() };
    let founder = Founder {
        name: "Fay Founder".into(),
        email: FOUNDER_EMAIL.into(),
        password_hash: password_hash().into(),
    };
    db.migrate(&crm::migrations()).unwrap();
    db.write(|tx| workspace::set_up(tx, NOW, &settings, &founder)).unwrap()
}

/// The hash of [`PASSWORD`].
pub(crate) fn password_hash() -> &'static str {
    static HASH: OnceLock<String> = OnceLock::new();
    HASH.get_or_init(|| crm::users::hash_password(PASSWORD, b"a salt for tests").unwrap())
}
