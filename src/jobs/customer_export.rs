//! The export of customers as a job: page by page into a sealed file. One that was interrupted begins again: nothing of
//! it has been seen by anybody.

use std::io::{self, Write};

use crate::{
    app::App,
    context::Origin,
    domain::{
        id::kind::{ExchangeFileId, JobId},
        vocabulary::FilePurpose,
    },
    error::{AppError, AppResult, Code},
    models::platform::job::Job,
    services::platform::{
        blobs::{self, PART},
        exports::{self, Told},
        job_results,
        jobs::{self, Ending},
        stored_files,
        table_writer::Table,
    },
};

/// Runs the job to its end, or until it is to stop.
///
/// # Errors
/// A refusal that ends the job; 503 while the database is away.
pub fn run(app: &App, job: &Job, worker: &str) -> AppResult<Ending> {
    let told: Told = serde_json::from_str(&job.params).map_err(AppError::internal)?;
    let file: ExchangeFileId = app.ids().next(app.now());
    let (id, owner, before, name) = (job.id, job.owner_id, job.file_id, worker.to_owned());
    let (format, now) = (told.export.format, app.now());
    let begun = app.db().write_now(move |tx| {
        if let Some(before) = before {
            stored_files::forget(tx, before)?;
        }
        stored_files::begin(tx, file, owner, FilePurpose::Export, format, None, now)?;
        job_results::begin_result(tx, id, &name, file, now)
    })?;
    if !begun {
        return Ok(Ending::Released);
    }
    let ended = written(app, job, worker, &told, file);
    if !matches!(ended, Ok(Ending::Finished)) {
        let forgotten = app.db().write_now(move |tx| stored_files::forget(tx, file));
        if let Err(error) = forgotten {
            log::warn!(target: "xianlu::jobs", "an export is left to be tidied up: {error}");
        }
    }
    match ended {
        Err(error) if is_stopped(&error) => Ok(if app.jobs().is_stopping() {
            Ending::Interrupted
        } else {
            Ending::Released
        }),
        ended => ended,
    }
}

fn written(
    app: &App,
    job: &Job,
    worker: &str,
    told: &Told,
    file: ExchangeFileId,
) -> AppResult<Ending> {
    let parts = Parts {
        app: app.clone(),
        job: job.id,
        worker: worker.to_owned(),
        file,
        waiting: Vec::with_capacity(PART),
        part: 0,
        bytes: 0,
        done: 0,
    };
    let origin = Origin {
        source: "job".to_owned(),
        trace_id: job.id.to_string(),
    };
    let mut table = Table::new(told.export.format, "客户 Customers", parts)?;
    table.row(&told.header())?;
    let (mut after, mut done) = (None, 0);
    loop {
        let piece = app.db().read_now(|conn| {
            let ctx = app.ctx_for(conn, job.owner_id, origin.clone())?;
            exports::piece(conn, &ctx, told, done, after.take())
        })?;
        for row in &piece.rows {
            table.row(row)?;
        }
        done += i64::try_from(piece.rows.len()).unwrap_or(i64::MAX);
        progress(app, job.id, worker, done)?;
        match piece.next {
            None => break,
            next => after = next,
        }
    }
    let mut parts = table.finish()?;
    parts.done = done;
    parts.last()?;
    let (bytes, count, name) = (parts.bytes, parts.part, worker.to_owned());
    let (id, owner) = (job.id, job.owner_id);
    let finished = app.write_as(owner, "job", move |tx, ctx| {
        job_results::complete_result(tx, ctx, (id, &name), file, bytes, count, done)
    })?;
    Ok(if finished {
        Ending::Finished
    } else {
        Ending::Released
    })
}

/// A sign of life; stops what is to stop.
fn progress(app: &App, job: JobId, worker: &str, done: i64) -> AppResult<()> {
    if app.jobs().is_stopping() {
        return Err(stopped());
    }
    let (now, worker) = (app.now(), worker.to_owned());
    let progress = jobs::Progress { done, failed: 0 };
    let advanced = app
        .db()
        .write_now(move |tx| jobs::advance(tx, job, &worker, progress, now))?;
    if advanced { Ok(()) } else { Err(stopped()) }
}

/// The job is to stop: no fault, only the way out of a writer.
fn stopped() -> AppError {
    AppError::new(Code::StateConflict, "任务已停止。", "The job was stopped.").with("stopped", true)
}

fn is_stopped(error: &AppError) -> bool {
    error.extra().contains_key("stopped")
}

/// The result on its way into sealed parts.
struct Parts {
    app: App,
    job: JobId,
    worker: String,
    file: ExchangeFileId,
    waiting: Vec<u8>,
    part: i32,
    bytes: i64,
    done: i64,
}

impl Parts {
    fn keep(&mut self, bytes: &[u8]) -> AppResult<()> {
        let sealed = blobs::seal(
            self.app.vault(),
            stored_files::content(self.file),
            self.part,
            bytes,
        )?;
        self.app
            .db()
            .write_now(move |tx| blobs::append(tx, &sealed))?;
        self.part += 1;
        self.bytes += i64::try_from(bytes.len()).map_err(AppError::internal)?;
        Ok(())
    }

    fn last(&mut self) -> AppResult<()> {
        let rest = std::mem::take(&mut self.waiting);
        if rest.is_empty() {
            return Ok(());
        }
        self.keep(&rest)?;
        progress(&self.app, self.job, &self.worker, self.done)
    }
}

impl Write for Parts {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let room = PART - self.waiting.len();
        let taken = bytes.get(..room.min(bytes.len())).unwrap_or_default();
        self.waiting.extend_from_slice(taken);
        if self.waiting.len() >= PART {
            let whole = std::mem::replace(&mut self.waiting, Vec::with_capacity(PART));
            self.keep(&whole).map_err(io::Error::other)?;
        }
        Ok(taken.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}
