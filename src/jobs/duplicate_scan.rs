//! The scan of the registry for likely duplicates as a job (DUP-10): step by step in the order of ids, each with its
//! progress in one transaction, so that an interrupted scan goes on with the first customer that is not done.

use super::customer_import::patiently;
use crate::{
    app::App,
    error::AppResult,
    models::platform::job::Job,
    services::{
        customers::scans::{self, Scanned},
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
    let done = job.done;
    let mut last = app
        .db()
        .read_now(move |conn| scans::scanned_to(conn, done))?;
    loop {
        if app.jobs().is_stopping() {
            return Ok(Ending::Interrupted);
        }
        let (before, from, id) = (progress, last, job.id);
        let step = || {
            let worker = worker.to_owned();
            app.write_as(job.owner_id, "job", move |tx, ctx| {
                scans::scan_step(tx, ctx, (id, &worker), before, from)
            })
        };
        match patiently(app, step)? {
            Scanned::UpTo(after, customer) => {
                progress = after;
                last = Some(customer);
            }
            Scanned::All => return Ok(Ending::Finished),
            Scanned::Released => return Ok(Ending::Released),
        }
    }
}
