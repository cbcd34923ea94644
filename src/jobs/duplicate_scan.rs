//! The scan of the registry for likely duplicates as a job (DUP-10): step by step in the order of ids. What a step finds
//! is looked up without the writer, and written in small units of work, so that nobody waits for a scan; its progress
//! comes last, so that an interrupted scan goes on with the first customer that is not done.

use super::customer_import::patiently;
use crate::{
    app::App,
    context::Origin,
    domain::id::kind::CustomerId,
    error::AppResult,
    models::platform::job::Job,
    services::{
        customers::scans,
        platform::jobs::{Ending, Progress},
    },
};

/// Runs the job to its end, or until it is to stop.
///
/// # Errors
/// A refusal that ends the job; 503 while the database is away.
pub fn run(app: &App, job: &Job, worker: &str) -> AppResult<Ending> {
    let mut progress = Progress {
        done: job.done,
        failed: job.failed,
    };
    let told = scans::told(job)?;
    let mut last = app
        .db()
        .read_latest(|conn| scans::scanned_to(conn, told, job.done))?;
    loop {
        let look = || {
            app.db().read_latest(|conn| {
                let origin = Origin {
                    source: "job".to_owned(),
                    trace_id: "job".to_owned(),
                };
                let ctx = app.ctx_for(conn, job.owner_id, origin)?;
                scans::due(conn, &ctx, told, last)
            })
        };
        let Some(due) = patiently(app, look)? else {
            return Ok(Ending::Finished);
        };
        for changing in due.changing {
            if app.jobs().is_stopping() {
                return Ok(Ending::Interrupted);
            }
            if !write(app, job, worker, progress, &changing)? {
                return Ok(Ending::Released);
            }
        }
        progress.done += due.looked;
        if app.jobs().is_stopping() {
            return Ok(Ending::Interrupted);
        }
        if !write(app, job, worker, progress, &[])? {
            return Ok(Ending::Released);
        }
        last = Some(due.last);
    }
}

fn write(
    app: &App,
    job: &Job,
    worker: &str,
    progress: Progress,
    changing: &[CustomerId],
) -> AppResult<bool> {
    let id = job.id;
    patiently(app, || {
        let (worker, changing) = (worker.to_owned(), changing.to_vec());
        app.write_as(job.owner_id, "job", move |tx, ctx| {
            scans::scan(tx, ctx, (id, &worker), progress, &changing)
        })
    })
}
