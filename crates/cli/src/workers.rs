//! Workers: threads that claim jobs and do them.

use std::sync::{Arc, Condvar, Mutex, PoisonError};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use anyhow::Result;
use clap::Args;
use db::Db;
use kernel::jobs::{self, Job};

use crate::folder::Folder;
use crate::jobs as doing;
use crate::logs;
use crate::place::{Place, now};

/// How long an idle worker waits before it looks again.
const PAUSE: Duration = Duration::from_millis(500);
/// How often the lease of a running job is renewed.
const HEARTBEAT: Duration = Duration::from_secs(15);

/// Arguments of `kith work`.
#[derive(Debug, Args)]
#[command(after_help = "Several machines can work for one server when the database is PostgreSQL.")]
pub(crate) struct Work {
    /// Threads that work at the same time.
    #[arg(long, value_name = "N")]
    threads: Option<usize>,
}

/// Works until it is asked to stop.
pub(crate) fn run(place: &Place, args: &Work) -> Result<()> {
    let (folder, config) = place.prepare()?;
    logs::begin(&config.log)?;
    let db = crate::place::open_db(&folder, &config)?;
    let n_threads = args.threads.unwrap_or(config.n_workers).clamp(1, 64);
    let crew = Crew::start(&db, &folder, n_threads);
    tracing::info!(n_threads, "working");
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    runtime.block_on(crate::server::asked_to_stop())?;
    tracing::info!("stopping");
    crew.stop(Instant::now() + Duration::from_secs(9));
    Ok(())
}

/// Tells threads that they should end.
#[derive(Debug, Clone, Default)]
pub(crate) struct Bell {
    state: Arc<(Mutex<bool>, Condvar)>,
}

impl Bell {
    pub(crate) fn ring(&self) {
        *self.state.0.lock().unwrap_or_else(PoisonError::into_inner) = true;
        self.state.1.notify_all();
    }

    pub(crate) fn rung(&self) -> bool {
        *self.state.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Waits for the bell, at most so long. Gives whether it rang.
    fn wait(&self, at_most: Duration) -> bool {
        let rung = self.state.0.lock().unwrap_or_else(PoisonError::into_inner);
        let waited = self.state.1.wait_timeout_while(rung, at_most, |rung| !*rung);
        *waited.unwrap_or_else(PoisonError::into_inner).0
    }
}

/// The threads that work.
pub(crate) struct Crew {
    bell: Bell,
    threads: Vec<JoinHandle<()>>,
}

impl Crew {
    pub(crate) fn start(db: &Db, folder: &Folder, n_threads: usize) -> Crew {
        let bell = Bell::default();
        let threads = (0..n_threads)
            .map(|_| {
                let (db, folder, bell) = (db.clone(), folder.clone(), bell.clone());
                std::thread::spawn(move || work(&db, &folder, &bell))
            })
            .collect();
        Crew { bell, threads }
    }

    /// Asks all to stop and waits for them until `deadline`. A job cut off then is taken over when its lease ends.
    pub(crate) fn stop(self, deadline: Instant) {
        self.bell.ring();
        while Instant::now() < deadline && self.threads.iter().any(|t| !t.is_finished()) {
            std::thread::sleep(Duration::from_millis(5));
        }
        if self.threads.iter().any(|t| !t.is_finished()) {
            tracing::warn!("a job did not stop in time; it will be taken up again");
        }
    }
}

fn work(db: &Db, folder: &Folder, bell: &Bell) {
    while !bell.rung() {
        match next(db) {
            Ok(Some(job)) => perform(db, folder, bell, &job),
            Ok(None) => {
                bell.wait(PAUSE);
            }
            Err(error) => {
                tracing::warn!(%error, "could not look for jobs");
                bell.wait(PAUSE * 4);
            }
        }
    }
}

fn next(db: &Db) -> kernel::Result<Option<Job>> {
    if db.read(|tx| jobs::due(tx, now()))? { db.write(|tx| jobs::claim(tx, now())) } else { Ok(None) }
}

/// Does one job, keeps its lease alive meanwhile, and writes down how it ended.
fn perform(db: &Db, folder: &Folder, bell: &Bell, job: &Job) {
    tracing::info!(job = job.id, kind = job.kind, attempt = job.n_attempts, "job begins");
    let ended = Bell::default();
    let outcome = std::thread::scope(|scope| {
        scope.spawn(|| {
            while !ended.wait(HEARTBEAT) {
                if let Err(error) = db.write(|tx| jobs::renew(tx, job.id, now())) {
                    tracing::warn!(job = job.id, %error, "the lease of a job could not be renewed");
                }
            }
        });
        // A job that panics is a job that failed; the worker goes on.
        let caught =
            std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| doing::perform(db, folder, bell, job)));
        ended.ring();
        caught.unwrap_or_else(|_| Err(doing::Failure::Final("it ended by a fault in kith".into())))
    });
    let written = db.write(|tx| match &outcome {
        Ok(message) => jobs::finish(tx, job.id, now(), message),
        Err(doing::Failure::Stopped) if bell.rung() => jobs::give_back(tx, job.id, now()),
        // Somebody stopped the job; its state says so already.
        Err(doing::Failure::Stopped) => Ok(()),
        Err(doing::Failure::Again(message)) => jobs::fail(tx, job, now(), message, true),
        Err(doing::Failure::Final(message)) => jobs::fail(tx, job, now(), message, false),
    });
    match (outcome, written) {
        (Ok(_), Ok(())) => tracing::info!(job = job.id, kind = job.kind, "job is done"),
        (Err(doing::Failure::Stopped), Ok(())) => {
            tracing::info!(job = job.id, kind = job.kind, "job stopped")
        }
        (Err(doing::Failure::Again(error) | doing::Failure::Final(error)), Ok(())) => {
            tracing::error!(job = job.id, kind = job.kind, error, "job failed");
        }
        (_, Err(error)) => {
            tracing::error!(job = job.id, %error, "the end of a job could not be written down")
        }
    }
}
