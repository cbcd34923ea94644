//! Long-running jobs. Whoever runs one has claimed it by one conditional update, and says so with every step: a worker
//! that was given up for dead finds out with its next step, which then changes nothing.

use chrono::Duration;
use diesel::prelude::*;

use crate::{
    db::{
        Conn, MultiBackend, Tx, Unique,
        paging::{Page, PageRequest},
        schema::jobs,
        violates,
    },
    domain::{
        id::kind::{ExchangeFileId, JobId, UserId},
        timestamp::Timestamp,
        vocabulary::{JobKind, JobState},
    },
    error::{AppError, AppResult, Code},
    models::platform::job::Job,
};

/// One person exports one file at a time.
const ONE_EXPORT: Unique = Unique {
    name: "jobs_one_export",
    columns: "jobs.owner_id",
};

/// How many waiting jobs of a kind are looked through.
const QUEUED: i64 = 50;
/// A running job whose worker has been silent for so long is anybody's.
const SILENCE: Duration = Duration::seconds(60);

crate::sortable! {
    jobs, Job, JobSort {
        CreatedAt = "created_at" => created_at: Timestamp,
    } default CreatedAt Down
}

/// What a list of jobs is narrowed to.
#[derive(Debug, Clone, Default)]
pub struct Narrow {
    /// Whose; everybody's if none.
    pub owner: Option<UserId>,
    /// What they do.
    pub kind: Option<JobKind>,
    /// Where they stand.
    pub states: Vec<JobState>,
}

/// One page of jobs.
///
/// # Errors
/// `INVALID_CURSOR`, or a database fault.
pub fn list(
    conn: &mut Conn,
    narrow: &Narrow,
    request: &PageRequest<JobSort>,
) -> AppResult<Page<Job>> {
    page(conn, request, || narrowed(narrow))
}

fn narrowed<'q>(narrow: &Narrow) -> jobs::BoxedQuery<'q, MultiBackend> {
    let mut query = jobs::table.into_boxed();
    if let Some(owner) = narrow.owner {
        query = query.filter(jobs::owner_id.eq(owner));
    }
    if let Some(kind) = narrow.kind {
        query = query.filter(jobs::kind.eq(kind));
    }
    if !narrow.states.is_empty() {
        query = query.filter(jobs::state.eq_any(narrow.states.clone()));
    }
    query
}

/// A job.
///
/// # Errors
/// 404, or a database fault.
pub fn get(conn: &mut Conn, id: JobId) -> AppResult<Job> {
    Ok(Job::query().filter(jobs::id.eq(id)).first(conn)?)
}

/// Queues a job.
///
/// # Errors
/// 409 for an export while another of the same person is under way; a database fault.
pub fn insert(tx: &mut Tx<'_>, job: &Job) -> AppResult<()> {
    match diesel::insert_into(jobs::table)
        .values(job)
        .execute(tx.conn())
    {
        Ok(_) => Ok(()),
        Err(error) if violates(&error, &ONE_EXPORT) => Err(AppError::new(
            Code::StateConflict,
            "您已有一个导出任务在进行；请等它结束或先取消它。",
            "An export of yours is under way: wait for it, or cancel it.",
        )
        .rule("SEC-06")),
        Err(error) => Err(error.into()),
    }
}

/// The job of these kinds that has waited longest: queued, or left by a worker that fell silent.
///
/// # Errors
/// A database fault.
pub fn waiting(conn: &mut Conn, kinds: &[JobKind], now: Timestamp) -> AppResult<Option<JobId>> {
    let queued = jobs::table
        .filter(jobs::state.eq(JobState::Queued))
        .filter(jobs::kind.eq_any(kinds))
        .order((jobs::created_at.asc(), jobs::id.asc()))
        .select(jobs::id)
        .first(conn)
        .optional()?;
    if queued.is_some() {
        return Ok(queued);
    }
    Ok(jobs::table
        .filter(jobs::state.eq(JobState::Running))
        .filter(jobs::kind.eq_any(kinds))
        .filter(jobs::heartbeat_at.lt(now.plus(-SILENCE)))
        .order((jobs::created_at.asc(), jobs::id.asc()))
        .select(jobs::id)
        .first(conn)
        .optional()?)
}

/// Claims a job, if it still is anybody's: of any number of workers one succeeds.
///
/// # Errors
/// A database fault. `false` when another was first.
pub fn claim(tx: &mut Tx<'_>, id: JobId, worker: &str, now: Timestamp) -> AppResult<bool> {
    let anybodys = jobs::state.eq(JobState::Queued).or(jobs::state
        .eq(JobState::Running)
        .and(jobs::heartbeat_at.lt(now.plus(-SILENCE)).assume_not_null()));
    let target = jobs::table.filter(jobs::id.eq(id)).filter(anybodys);
    let set = (
        jobs::state.eq(JobState::Running),
        jobs::worker.eq(worker),
        jobs::heartbeat_at.eq(now),
        jobs::version.eq(jobs::version + 1),
        jobs::updated_at.eq(now),
    );
    Ok(diesel::update(target).set(set).execute(tx.conn())? == 1)
}

/// The jobs of this kind that wait to be begun.
///
/// # Errors
/// A database fault.
pub fn queued(conn: &mut Conn, kind: JobKind) -> AppResult<Vec<Job>> {
    Ok(Job::query()
        .filter(jobs::state.eq(JobState::Queued))
        .filter(jobs::kind.eq(kind))
        .order((jobs::created_at, jobs::id))
        .limit(QUEUED)
        .load(conn)?)
}

/// Tells a job that nobody has begun something else to do.
///
/// # Errors
/// A database fault. `false` when it was begun meanwhile.
pub fn tell_anew(
    tx: &mut Tx<'_>,
    id: JobId,
    params: &str,
    total: i64,
    now: Timestamp,
) -> AppResult<bool> {
    let target = jobs::table
        .filter(jobs::id.eq(id))
        .filter(jobs::state.eq(JobState::Queued));
    let set = (
        jobs::params.eq(params),
        jobs::total.eq(total),
        jobs::version.eq(jobs::version + 1),
        jobs::updated_at.eq(now),
    );
    Ok(diesel::update(target).set(set).execute(tx.conn())? == 1)
}

/// How far a job has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Progress {
    /// Rows finished.
    pub done: i64,
    /// Rows refused, of those.
    pub failed: i64,
}

/// Notes progress and a sign of life, if the job is still this worker's and nobody asked it to stop.
///
/// # Errors
/// A database fault. `false` when it is not.
pub fn advance(
    tx: &mut Tx<'_>,
    id: JobId,
    worker: &str,
    progress: Progress,
    now: Timestamp,
) -> AppResult<bool> {
    let target = jobs::table
        .filter(jobs::id.eq(id))
        .filter(jobs::worker.eq(worker))
        .filter(jobs::state.eq(JobState::Running))
        .filter(jobs::cancel_requested.eq(false));
    let set = (
        jobs::done.eq(progress.done),
        jobs::failed.eq(progress.failed),
        jobs::heartbeat_at.eq(now),
        jobs::version.eq(jobs::version + 1),
        jobs::updated_at.eq(now),
    );
    Ok(diesel::update(target).set(set).execute(tx.conn())? == 1)
}

/// Puts a job back into the queue, if it is still this worker's: the next one resumes it at once.
///
/// # Errors
/// A database fault.
pub fn release(tx: &mut Tx<'_>, id: JobId, worker: &str, now: Timestamp) -> AppResult<bool> {
    let target = jobs::table
        .filter(jobs::id.eq(id))
        .filter(jobs::worker.eq(worker))
        .filter(jobs::state.eq(JobState::Running));
    let set = (
        jobs::state.eq(JobState::Queued),
        jobs::worker.eq(None::<String>),
        jobs::version.eq(jobs::version + 1),
        jobs::updated_at.eq(now),
    );
    Ok(diesel::update(target).set(set).execute(tx.conn())? == 1)
}

/// Ends a job, if it is still this worker's.
///
/// # Errors
/// A database fault. `false` when it is not.
pub fn finish(
    tx: &mut Tx<'_>,
    id: JobId,
    worker: &str,
    state: JobState,
    message: &str,
    now: Timestamp,
) -> AppResult<bool> {
    let target = jobs::table
        .filter(jobs::id.eq(id))
        .filter(jobs::worker.eq(worker))
        .filter(jobs::state.eq(JobState::Running));
    Ok(diesel::update(target)
        .set((
            ended(state, message, now),
            jobs::version.eq(jobs::version + 1),
        ))
        .execute(tx.conn())?
        == 1)
}

/// Sets how many rows there were in all, now that they have been counted.
///
/// # Errors
/// A database fault.
pub fn set_total(tx: &mut Tx<'_>, id: JobId, total: i64) -> AppResult<()> {
    diesel::update(jobs::table.find(id))
        .set(jobs::total.eq(total))
        .execute(tx.conn())?;
    Ok(())
}

/// Cancels a job that nobody runs, if it still has the version that was read.
///
/// # Errors
/// A database fault. `false` when it changed meanwhile.
pub fn cancel_queued(tx: &mut Tx<'_>, job: &Job, message: &str, now: Timestamp) -> AppResult<bool> {
    let target = jobs::table
        .filter(jobs::id.eq(job.id))
        .filter(jobs::version.eq(job.version))
        .filter(jobs::state.eq(JobState::Queued));
    Ok(diesel::update(target)
        .set((
            ended(JobState::Cancelled, message, now),
            jobs::version.eq(jobs::version + 1),
        ))
        .execute(tx.conn())?
        == 1)
}

/// Asks a running job to stop.
///
/// # Errors
/// A database fault. `false` when it does not run any more.
pub fn request_cancel(tx: &mut Tx<'_>, id: JobId, now: Timestamp) -> AppResult<bool> {
    let target = jobs::table
        .filter(jobs::id.eq(id))
        .filter(jobs::state.eq(JobState::Running));
    let set = (
        jobs::cancel_requested.eq(true),
        jobs::version.eq(jobs::version + 1),
        jobs::updated_at.eq(now),
    );
    Ok(diesel::update(target).set(set).execute(tx.conn())? == 1)
}

#[derive(AsChangeset)]
#[diesel(table_name = jobs)]
struct Ended<'m> {
    state: JobState,
    message: &'m str,
    heartbeat_at: Timestamp,
    finished_at: Timestamp,
    updated_at: Timestamp,
}

fn ended(state: JobState, message: &str, now: Timestamp) -> Ended<'_> {
    Ended {
        state,
        message,
        heartbeat_at: now,
        finished_at: now,
        updated_at: now,
    }
}

/// Names the file that a job writes, if it is still this worker's.
///
/// # Errors
/// A database fault. `false` when it is not.
pub fn set_file(
    tx: &mut Tx<'_>,
    id: JobId,
    worker: &str,
    file: Option<ExchangeFileId>,
) -> AppResult<bool> {
    let target = jobs::table
        .filter(jobs::id.eq(id))
        .filter(jobs::worker.eq(worker))
        .filter(jobs::state.eq(JobState::Running));
    Ok(diesel::update(target)
        .set(jobs::file_id.eq(file))
        .execute(tx.conn())?
        == 1)
}

/// Whether a job that has not ended reads or writes this file.
///
/// # Errors
/// A database fault.
pub fn uses_file(conn: &mut Conn, file: ExchangeFileId) -> AppResult<bool> {
    let live = jobs::table
        .filter(jobs::file_id.eq(file))
        .filter(jobs::state.eq_any([JobState::Queued, JobState::Running]));
    Ok(diesel::select(diesel::dsl::exists(live)).get_result(conn)?)
}

/// The jobs of a file, whatever became of them.
///
/// # Errors
/// A database fault.
pub fn of_file(conn: &mut Conn, file: ExchangeFileId) -> AppResult<Vec<JobId>> {
    Ok(jobs::table
        .filter(jobs::file_id.eq(file))
        .select(jobs::id)
        .load(conn)?)
}

/// How many rows a user's jobs of a kind have done that were queued since an instant and neither failed nor cancelled.
///
/// # Errors
/// A database fault.
pub fn done_since(
    conn: &mut Conn,
    owner: UserId,
    kind: JobKind,
    since: Timestamp,
) -> AppResult<i64> {
    let rows: Vec<i64> = jobs::table
        .filter(jobs::kind.eq(kind))
        .filter(jobs::owner_id.eq(owner))
        .filter(jobs::created_at.ge(since))
        .filter(jobs::state.ne_all([JobState::Failed, JobState::Cancelled]))
        .select(jobs::done)
        .load(conn)?;
    Ok(rows.into_iter().sum())
}
