//! The handover of a person's records as a job: step by step, each in one transaction with its progress.

use crate::{
    app::App,
    error::{AppError, AppResult},
    models::platform::job::Job,
    services::{
        customers::handover_runs::{self, Step, Told},
        platform::jobs::Ending,
    },
};

use super::customer_import::patiently;

/// Runs the job to its end, or until it is to stop.
///
/// # Errors
/// A refusal that ends the job; 503 while the database is away.
pub fn run(app: &App, job: &Job, worker: &str) -> AppResult<Ending> {
    let told: Told = serde_json::from_str(&job.params).map_err(AppError::internal)?;
    loop {
        if app.jobs().is_stopping() {
            return Ok(Ending::Interrupted);
        }
        let id = job.id;
        let step = || {
            let worker = worker.to_owned();
            app.write_as(job.owner_id, "job", move |tx, ctx| {
                handover_runs::step(tx, ctx, (id, &worker), told)
            })
        };
        match patiently(app, step)? {
            Step::More => {}
            Step::Done => return Ok(Ending::Finished),
            Step::Released => return Ok(Ending::Released),
        }
    }
}
