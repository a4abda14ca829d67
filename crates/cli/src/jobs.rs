//! What each kind of job does. A new kind is one arm of [`perform`].

use std::fs::File;

use db::Db;
use kernel::jobs::{self, Job};
use kernel::{Ctx, Via};
use serde_json::json;

use crate::folder::Folder;
use crate::place::now;
use crate::workers::Bell;

/// Why a job ended without its work done.
#[derive(Debug)]
pub(crate) enum Failure {
    /// Worth another attempt: the database was busy, a server did not answer.
    Again(String),
    /// It would fail in the same way again.
    Final(String),
    /// Somebody stopped the job, or the worker ends.
    Stopped,
}

impl From<kernel::Error> for Failure {
    fn from(error: kernel::Error) -> Failure {
        match error {
            kernel::Error::Db(error @ (db::Error::Busy | db::Error::TooSlow | db::Error::Postgres(_))) => {
                Failure::Again(error.to_string())
            }
            other => Failure::Final(other.to_string()),
        }
    }
}

/// What a job works with.
struct Work<'a> {
    db: &'a Db,
    folder: &'a Folder,
    bell: &'a Bell,
    job: &'a Job,
}

/// Does a job. *Shape*: what it came to, in one sentence.
pub(crate) fn perform(db: &Db, folder: &Folder, bell: &Bell, job: &Job) -> Result<String, Failure> {
    let work = Work { db, folder, bell, job };
    match job.kind.as_str() {
        "check_import" => work.check_import(),
        "import" => work.import(),
        "undo_import" => work.undo_import(),
        "score" => work.score(),
        other => Err(Failure::Final(format!("this version of kith has no jobs of kind {other}"))),
    }
}

impl Work<'_> {
    /// Acts with the rights of whoever wanted the job, or with all when Kith itself did.
    fn ctx(&self, via: Via) -> Result<Ctx, Failure> {
        let ctx = self.db.read::<_, kernel::Error>(|tx| {
            let mut ctx = crm::workspace::system_ctx(tx, now())?;
            if let Some(user_id) = self.job.created_by {
                crm::workspace::act_as(tx, &mut ctx, user_id)?;
            }
            Ok(ctx)
        })?;
        Ok(Ctx { via, ..ctx })
    }

    fn number(&self, key: &str) -> Result<i64, Failure> {
        self.job.payload[key]
            .as_i64()
            .ok_or_else(|| Failure::Final(format!("the job does not say its {key}")))
    }

    /// Notes progress, at most a few times a second. False when the work should end.
    fn progress(&self, last: &mut i64, n_done: i64, n_total: i64) -> bool {
        if self.bell.rung() {
            return false;
        }
        let moment = now();
        if moment - *last < 300_000 {
            return true;
        }
        *last = moment;
        // A failed note costs nothing but a bar that stands still; a job that was stopped is told by the answer.
        self.db.write(|tx| jobs::progress(tx, self.job.id, moment, n_done, n_total)).unwrap_or(true)
    }

    /// The import that the job is about, and its uploaded file.
    fn uploaded(&self, ctx: &Ctx) -> Result<(crm::imports::Import, File), Failure> {
        let id = self.number("import_id")?;
        let (import, sha256) = self.db.read::<_, kernel::Error>(|tx| {
            let import = crm::imports::get(tx, ctx, id)?;
            let file_id =
                import.file_id.ok_or_else(|| kernel::Error::NotFound("the imported file".into()))?;
            let sha256 = kernel::files::get(tx, file_id)?.sha256;
            Ok((import, sha256))
        })?;
        let path = self.folder.files().join(&sha256);
        let file =
            File::open(&path).map_err(|e| Failure::Final(format!("cannot read the uploaded file: {e}")))?;
        Ok((import, file))
    }

    /// Reads every row and says what the import would do. *Shape*: the account, first problems and rows as JSON, which
    /// the page of the third step shows.
    fn check_import(&self) -> Result<String, Failure> {
        let ctx = self.ctx(Via::Import)?;
        let (import, file) = self.uploaded(&ctx)?;
        let mut last = 0;
        let account = crm::imports::dry_run(self.db, &ctx, &import.plan, file, &mut |progress| {
            self.progress(&mut last, progress.done_bytes as i64, import.size_bytes)
        })?;
        if self.bell.rung() {
            return Err(Failure::Stopped);
        }
        let problems = account.problems.iter().take(100).map(
            |p| json!({ "row": p.row_number, "field": p.field, "message": p.message, "content": p.content }),
        );
        let preview =
            account.preview.iter().map(|r| json!({ "outcome": r.outcome.word(), "cells": r.cells }));
        let found = json!({
            "account": account.to_json(),
            "problems": problems.collect::<Vec<_>>(),
            "preview": preview.collect::<Vec<_>>(),
        });
        Ok(found.to_string())
    }

    /// Purchases that came or went change what every customer is worth.
    fn score_again(&self, ctx: &Ctx, import: &crm::imports::Import) -> Result<(), Failure> {
        if import.object == "orders" {
            self.db.write(|tx| jobs::enqueue(tx, ctx, "score", &json!({})))?;
        }
        Ok(())
    }

    fn import(&self) -> Result<String, Failure> {
        let id = self.number("import_id")?;
        let ctx = self.ctx(Via::Import)?;
        let (import, file) = self.uploaded(&ctx)?;
        let mut last = 0;
        let account = crm::imports::run(self.db, &ctx, id, file, &now, &mut |progress| {
            self.progress(&mut last, progress.done_bytes as i64, import.size_bytes)
        })?;
        if account.n_created > 1_000 {
            self.db.analyze().map_err(kernel::Error::from)?;
        }
        let state = self.db.read(|tx| crm::imports::get(tx, &ctx, id))?.state;
        match state {
            crm::imports::State::Stopped => Err(Failure::Stopped),
            _ => {
                if !account.nothing_new() {
                    self.score_again(&ctx, &import)?;
                }
                Ok(format!(
                    "{} rows: {} created, {} updated",
                    account.n_rows, account.n_created, account.n_updated
                ))
            }
        }
    }

    fn undo_import(&self) -> Result<String, Failure> {
        let id = self.number("import_id")?;
        let ctx = self.ctx(Via::Import)?;
        let mut last = 0;
        let undone = crm::imports::undo(self.db, &ctx, id, &now, &mut |undone| {
            self.progress(&mut last, undone.n_removed + undone.n_restored + undone.n_kept, 0)
        })?;
        if self.bell.rung() {
            return Err(Failure::Stopped);
        }
        let import = self.db.read(|tx| crm::imports::get(tx, &ctx, id))?;
        self.score_again(&ctx, &import)?;
        Ok(format!("{} removed, {} as before, {} kept", undone.n_removed, undone.n_restored, undone.n_kept))
    }

    fn score(&self) -> Result<String, Failure> {
        let ctx = self.ctx(Via::System)?;
        let as_of = self.job.payload["as_of"].as_str().and_then(|day| day.parse().ok());
        let unit = self.job.payload["unit"]
            .as_str()
            .and_then(crm::scores::unit_of)
            .unwrap_or(crm::scores::Unit::Week);
        let mut last = 0;
        let run = crm::scores::run(self.db, &ctx, &crm::scores::Options { as_of, unit }, |progress| {
            self.progress(&mut last, progress.n_done as i64, progress.n_total as i64);
        })?;
        Ok(format!("{} customers scored as of {}", run.n_customers, run.as_of))
    }
}
