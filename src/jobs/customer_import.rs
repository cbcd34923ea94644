//! The import of customers as a job: chunk by chunk, each with its errors and the progress in one transaction, so that
//! a job that was interrupted goes on with the first row that is not done.

use std::{sync::Arc, time::Duration};

use super::ahead::ahead;
use crate::{
    app::App,
    error::{AppError, AppResult, Code},
    models::platform::job::Job,
    services::platform::{
        import_chunks,
        import_rows::{CHUNK, Chunk},
        imports::{self, Told},
        jobs::{Ending, Progress},
        stored_files::StoredFile,
    },
};

/// How often a step is tried again while the database is away, before the job is left to be resumed.
const PATIENCE: usize = 15;
const PAUSE: Duration = Duration::from_secs(2);

/// Runs the job to its end, or until it is to stop.
///
/// # Errors
/// A refusal that ends the job; 503 while the database is away.
pub fn run(app: &App, job: &Job, worker: &str) -> AppResult<Ending> {
    let told: Told = serde_json::from_str(&job.params).map_err(AppError::internal)?;
    let told = Arc::new(told);
    let (file, rules) = app.read_as(job.owner_id, "job", |conn, ctx| {
        let file = imports::file_of(conn, job.file_id)?;
        let rules = imports::rules(ctx, told.line)?;
        Ok((file, rules))
    })?;
    let findings = imports::findings(&file)?;
    let begun = Progress {
        done: job.done,
        failed: job.failed,
    };
    let reading = Arc::clone(&told);
    let produce = move |hand_over: &dyn Fn(Chunk) -> bool| {
        let source = StoredFile::new(app, &file);
        let sheet = reading.sheet.as_deref();
        let (line, owner) = (reading.line, reading.owner_id);
        let ask = import_chunks::asking(app, (job.owner_id, "job"), line, owner);
        let columns = Some(reading.columns.as_slice());
        let mut rows = imports::open(source, &findings, sheet, columns, rules)?.asking(ask);
        rows.skip(begun.done)?;
        let (who, whose) = ((job.owner_id, "job"), (line, owner));
        import_chunks::read_ahead(app, who, whose, (rows, CHUNK), hand_over)
    };
    ahead(produce, |chunks| {
        let mut progress = begun;
        for chunk in chunks {
            if app.jobs().is_stopping() {
                return Ok(Ending::Interrupted);
            }
            let (chunk, before, id) = (Arc::new(chunk), progress, job.id);
            let step = || {
                let (chunk, worker, told) =
                    (Arc::clone(&chunk), worker.to_owned(), Arc::clone(&told));
                app.write_step_as(job.owner_id, "job", move |tx, ctx| {
                    imports::step(tx, ctx, (id, &worker), &told, before, &chunk)
                })
            };
            match patiently(app, step)? {
                Some(after) => progress = after,
                None => return Ok(Ending::Released),
            }
        }
        Ok(Ending::Finished)
    })
}

/// Tries again while the database is away.
pub(super) fn patiently<T>(app: &App, step: impl Fn() -> AppResult<T>) -> AppResult<T> {
    for _ in 0..PATIENCE {
        match step() {
            Err(error) if error.code() == Code::Unavailable && !app.jobs().is_stopping() => {
                log::warn!(target: "xianlu::jobs", "a step is tried again: {error}");
                app.jobs().pause(PAUSE);
            }
            settled => return settled,
        }
    }
    step()
}
