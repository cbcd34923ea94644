//! The runner: looks for jobs that wait, claims and runs them, one at a time; scans, which take long and nobody waits
//! for, beside the others. Jobs that another server left behind are found by their silence. It also forgets what is kept
//! for a limited time.

use std::{thread::JoinHandle, time::Duration};

use super::{customer_export, customer_import, duplicate_scan, handover};
use crate::{
    app::App,
    context::Origin,
    domain::{timestamp::Timestamp, vocabulary::JobKind},
    error::{AppError, AppResult},
    models::platform::job::Job,
    services::{
        customers::refresh,
        org::departures,
        platform::{
            housekeeping,
            jobs::{self, Ending},
        },
    },
};

/// How often is looked for jobs that another server queued or left.
const LOOK: Duration = Duration::from_secs(2);
/// How often is tidied up.
const TIDY: chrono::Duration = chrono::Duration::hours(1);

/// Transactions of reminders in one go.
const ROUNDS: usize = 20;

/// The runner's threads.
pub struct Runner {
    app: App,
    threads: Vec<JoinHandle<()>>,
}

impl Runner {
    /// Starts the threads.
    ///
    /// # Errors
    /// When the system gives no thread.
    pub fn start(app: &App) -> std::io::Result<Self> {
        let thread = |name: &str, work: fn(&App)| {
            let inside = app.clone();
            std::thread::Builder::new()
                .name(name.into())
                .spawn(move || work(&inside))
        };
        Ok(Self {
            app: app.clone(),
            threads: vec![thread("jobs", run)?, thread("scans", run_scans)?],
        })
    }

    /// Stops after the present step; the job under way can be resumed.
    pub fn stop(self) {
        self.app.jobs().stop();
        for thread in self.threads {
            if thread.join().is_err() {
                log::error!(target: "xianlu::jobs", "a runner had panicked");
            }
        }
    }
}

fn is_scan(kind: JobKind) -> bool {
    kind == JobKind::ScanDuplicates
}

fn run_scans(app: &App) {
    let worker = Worker::new(app, is_scan);
    let mut heard = 0;
    while !app.jobs().is_stopping() {
        if let Err(error) = worker.work_off(app) {
            log::warn!(target: "xianlu::jobs", "scans wait: {error}");
        }
        app.jobs().wait(LOOK, &mut heard);
    }
}

fn run(app: &App) {
    let worker = Worker::new(app, |kind| !is_scan(kind));
    let mut heard = 0;
    let mut tidied: Option<Timestamp> = None;
    while !app.jobs().is_stopping() {
        if let Err(error) = worker.work_off(app) {
            log::warn!(target: "xianlu::jobs", "jobs wait: {error}");
        }
        let now = app.now();
        if tidied.is_none_or(|last| last.plus(TIDY) <= now) {
            tidied = Some(now);
            tidy(app, now);
            remind(app);
        }
        if let Err(error) = tick(app) {
            log::warn!(target: "xianlu::jobs", "what is due by time waits: {error}");
        }
        app.jobs().wait(LOOK, &mut heard);
    }
}

/// Does what is due by time alone: departures that nobody completed in time are held against the manager (ORG-24). How
/// many they were. The runner does it with every look; while nothing is due, nothing is written.
///
/// # Errors
/// A database fault.
pub fn tick(app: &App) -> AppResult<usize> {
    let now = app.now();
    let overdue = app
        .db()
        .read_now(|conn| departures::newly_overdue(conn, now))?;
    for (id, announced_by) in &overdue {
        let (inside, id, by) = (app.clone(), *id, *announced_by);
        app.db().write_now(move |tx| {
            let origin = Origin {
                source: "job".to_owned(),
                trace_id: id.to_string(),
            };
            let ctx = inside.ctx_without_rights(tx, by, origin)?;
            departures::flag(tx, &ctx, id)
        })?;
    }
    Ok(overdue.len())
}

fn tidy(app: &App, now: Timestamp) {
    match tidy_at(app, now) {
        Ok(0) => {}
        Ok(count) => {
            log::info!(target: "xianlu::jobs", count; "what was kept for a time has been forgotten")
        }
        Err(error) => log::warn!(target: "xianlu::jobs", "could not tidy up: {error}"),
    }
}

fn tidy_at(app: &App, now: Timestamp) -> AppResult<usize> {
    let mut count = app.db().write_now(move |tx| housekeeping::tidy(tx, now))?;
    // A few files at a time: others write meanwhile.
    loop {
        let forgotten = app
            .db()
            .write_now(move |tx| housekeeping::forget_old_files(tx, now))?;
        count += forgotten;
        if forgotten == 0 || app.jobs().is_stopping() {
            return Ok(count);
        }
    }
}

fn remind(app: &App) {
    match remind_due(app) {
        Ok(0) => {}
        Ok(count) => {
            log::info!(target: "xianlu::jobs", count; "owners are reminded to confirm customers")
        }
        Err(error) => log::warn!(target: "xianlu::jobs", "reminders wait: {error}"),
    }
}

/// Reminds the owners of customers whose data is due for confirmation (CUS-25), in a bounded number of transactions, so
/// that after a long silence the writer stays free for others; how many they were. For tests; the runner does it hourly.
///
/// # Errors
/// A database fault.
pub fn remind_due(app: &App) -> AppResult<usize> {
    let mut reminded = 0;
    for _ in 0..ROUNDS {
        let inside = app.clone();
        let batch = app.db().write_now(move |tx| {
            let origin = Origin {
                source: "job".to_owned(),
                trace_id: "refresh".to_owned(),
            };
            let nobody = inside.ids().next(inside.now());
            let ctx = inside.ctx_without_rights(tx, nobody, origin)?;
            refresh::remind(tx, &ctx)
        })?;
        reminded += batch;
        if batch == 0 || app.jobs().is_stopping() {
            break;
        }
    }
    Ok(reminded)
}

/// Runs every job that waits, on this thread, until none does; how many they were. For tests and commands.
///
/// # Errors
/// A database fault.
pub fn work_off(app: &App) -> AppResult<usize> {
    Worker::new(app, |_| true).work_off(app)
}

/// Forgets what is kept for a limited time: for tests; the runner does it hourly.
///
/// # Errors
/// A database fault.
pub fn tidy_up(app: &App) -> AppResult<usize> {
    tidy_at(app, app.now())
}

/// One that claims jobs: known by its name, and for what it does.
struct Worker {
    name: String,
    kinds: Vec<JobKind>,
}

impl Worker {
    fn new(app: &App, does: fn(JobKind) -> bool) -> Self {
        let id: crate::domain::id::kind::AnyId = app.ids().next(app.now());
        Self {
            name: id.to_string(),
            kinds: JobKind::ALL
                .iter()
                .copied()
                .filter(|kind| does(*kind))
                .collect(),
        }
    }

    fn work_off(&self, app: &App) -> AppResult<usize> {
        let mut count = 0;
        while !app.jobs().is_stopping()
            && let Some(job) = self.claim(app)?
        {
            count += 1;
            self.run(app, &job)?;
        }
        Ok(count)
    }

    fn claim(&self, app: &App) -> AppResult<Option<Job>> {
        loop {
            let now = app.now();
            // A look first: while nothing waits, nothing is written.
            let Some(id) = app
                .db()
                .read_now(|conn| jobs::waiting(conn, &self.kinds, now))?
            else {
                return Ok(None);
            };
            let worker = self.name.clone();
            let claimed = app
                .db()
                .write_now(move |tx| jobs::claim(tx, id, &worker, now))?;
            if claimed.is_some() {
                return Ok(claimed);
            }
        }
    }

    fn run(&self, app: &App, job: &Job) -> AppResult<()> {
        log::info!(target: "xianlu::jobs", job:% = job.id, kind:% = job.kind, done = job.done; "a job runs");
        let ending = match job.kind {
            JobKind::ImportCustomers => customer_import::run(app, job, &self.name),
            JobKind::ExportCustomers => customer_export::run(app, job, &self.name),
            JobKind::HandOver => handover::run(app, job, &self.name),
            JobKind::ScanDuplicates => duplicate_scan::run(app, job, &self.name),
        };
        let ending = ending.unwrap_or_else(|error| self.failed(job, &error));
        log::info!(target: "xianlu::jobs", job:% = job.id, ending:? = ending; "a job rests");
        let (app_inside, worker, id, owner) =
            (app.clone(), self.name.clone(), job.id, job.owner_id);
        app.db().write_now(move |tx| {
            let origin = Origin {
                source: "job".to_owned(),
                trace_id: id.to_string(),
            };
            let ctx = app_inside.ctx_without_rights(tx, owner, origin)?;
            jobs::leave(tx, &ctx, id, &worker, &ending)
        })
    }

    /// A refusal is for the job's owner to read; a database that is away leaves the job to be resumed.
    fn failed(&self, job: &Job, error: &AppError) -> Ending {
        use crate::error::Code;
        match error.code() {
            Code::Unavailable => Ending::Interrupted,
            Code::Internal | Code::StorageFull => {
                log::error!(target: "xianlu::jobs", job:% = job.id; "a job failed: {error}");
                Ending::Failed(error.detail().clone())
            }
            // What is wrong with a file stands in its fields.
            _ => Ending::Failed(match error.errors().first() {
                Some(field) => field.message.clone(),
                None => error.detail().clone(),
            }),
        }
    }
}
