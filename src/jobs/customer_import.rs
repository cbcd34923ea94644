//! The import of customers as a job: chunk by chunk, each with its errors and the progress in one transaction, so that
//! a job that was interrupted goes on with the first row that is not done.

use std::{
    io::{self, BufReader, Read},
    sync::Arc,
    time::Duration,
};

use crate::{
    app::App,
    domain::id::kind::JobId,
    error::{AppError, AppResult, Code},
    models::platform::job::Job,
    services::platform::{
        import_rows::{CHUNK, CustomerFile},
        imports::{self, Told},
        jobs::{self, Ending, Progress},
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
    let input = Input {
        app: app.clone(),
        job: job.id,
        part: 0,
        text: Vec::new(),
        at: 0,
    };
    let mut file = CustomerFile::open(BufReader::new(input)).map_err(unread)??;
    let mut progress = Progress {
        done: job.done,
        failed: job.failed,
    };
    file.skip(progress.done).map_err(unread)?;
    while let Some(chunk) = file.next_chunk(CHUNK).map_err(unread)? {
        if app.jobs().is_stopping() {
            return Ok(Ending::Interrupted);
        }
        let (chunk, before, id) = (Arc::new(chunk), progress, job.id);
        let step = || {
            let (chunk, worker) = (Arc::clone(&chunk), worker.to_owned());
            app.write_as(job.owner_id, "job", move |tx, ctx| {
                imports::step(tx, ctx, (id, &worker), told, before, &chunk)
            })
        };
        match patiently(app, step)? {
            Some(after) => progress = after,
            None => return Ok(Ending::Released),
        }
    }
    Ok(Ending::Finished)
}

/// Tries again while the database is away.
pub(super) fn patiently<T>(app: &App, step: impl Fn() -> AppResult<T>) -> AppResult<T> {
    for _ in 0..PATIENCE {
        match step() {
            Err(error) if error.code() == Code::Unavailable && !app.jobs().is_stopping() => {
                log::warn!(target: "xianlu::jobs", "a step is tried again: {error}");
                app.jobs().wait(PAUSE);
            }
            settled => return settled,
        }
    }
    step()
}

/// A source that failed says so with the database's own error.
fn unread(error: io::Error) -> AppError {
    match error.downcast::<AppError>() {
        Ok(error) => error,
        Err(error) => AppError::internal(error),
    }
}

/// The job's input, part after part.
struct Input {
    app: App,
    job: JobId,
    part: i32,
    text: Vec<u8>,
    at: usize,
}

impl Read for Input {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if self.at == self.text.len() {
            let (job, part) = (self.job, self.part);
            let next = self
                .app
                .db()
                .read_now(|conn| jobs::input(conn, job, part))
                .map_err(io::Error::other)?;
            let Some(text) = next else { return Ok(0) };
            self.text = text.into_bytes();
            self.at = 0;
            self.part += 1;
        }
        let rest = self.text.get(self.at..).unwrap_or_default();
        let count = rest.len().min(buffer.len());
        if let (Some(to), Some(from)) = (buffer.get_mut(..count), rest.get(..count)) {
            to.copy_from_slice(from);
        }
        self.at += count;
        Ok(count)
    }
}
