//! What each kind of job does. A new kind is one arm of [`perform`].

use db::Db;
use kernel::jobs::Job;

use crate::folder::Folder;
use crate::workers::Bell;

/// Why a job ended without its work done.
#[derive(Debug)]
pub(crate) enum Failure {
    /// Worth another attempt: the database was busy, a server did not answer.
    #[allow(dead_code, reason = "the kinds of jobs that want it come with imports and scores")]
    Again(String),
    /// It would fail in the same way again.
    Final(String),
    /// Somebody stopped the job, or the worker ends.
    #[allow(dead_code, reason = "the kinds of jobs that want it come with imports and scores")]
    Stopped,
}

/// Does a job. *Shape*: what it came to, in one sentence.
pub(crate) fn perform(_db: &Db, _folder: &Folder, _bell: &Bell, job: &Job) -> Result<String, Failure> {
    match job.kind.as_str() {
        other => Err(Failure::Final(format!("this version of kith has no jobs of kind {other}"))),
    }
}
