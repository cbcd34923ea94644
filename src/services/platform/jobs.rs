//! Long-running jobs: queue, look, cancel; and what the runner does with them. Any number of servers run them: each is
//! claimed by one conditional update, shows a sign of life with every step, and is claimed again when it falls silent.

use serde_json::json;

use super::{
    exports,
    imports::{self, Told},
};
use crate::{
    api::platform::job::{JobAction, JobFilter, JobView},
    context::Ctx,
    db::{Conn, Tx, paging::Page},
    domain::{
        id::kind::{ExchangeFileId, JobId, UserId},
        timestamp::Timestamp,
        vocabulary::{Capability, JobKind, JobState, Scope, SubjectKind},
    },
    error::{AppError, AppResult, Code, Text},
    http::Listed,
    models::platform::job::Job,
    repositories::{
        org::names,
        platform::jobs::{self, Narrow},
    },
    services::customers::{handover_runs, scans},
};

pub use crate::repositories::platform::jobs::{JobSort, Progress, advance};

/// A job to queue.
#[derive(Debug, Clone)]
pub struct NewJob {
    /// What it does.
    pub kind: JobKind,
    /// What it is told, as JSON.
    pub params: String,
    /// How many rows there are, as far as that is known.
    pub total: i64,
    /// The file that it reads.
    pub file_id: Option<ExchangeFileId>,
}

/// Queues a job of the actor.
///
/// # Errors
/// A database fault.
pub fn queue(tx: &mut Tx<'_>, ctx: &Ctx, new: NewJob) -> AppResult<JobView> {
    let job = Job {
        id: ctx.new_id(),
        kind: new.kind,
        state: JobState::Queued,
        owner_id: ctx.actor.id,
        params: new.params,
        done: 0,
        total: new.total,
        failed: 0,
        message: None,
        worker: None,
        heartbeat_at: None,
        cancel_requested: false,
        finished_at: None,
        version: 1,
        created_at: ctx.now,
        updated_at: ctx.now,
        file_id: new.file_id,
    };
    jobs::insert(tx, &job)?;
    let data = json!({ "kind": job.kind, "total": job.total, "file_id": job.file_id });
    ctx.record(tx, SubjectKind::Job, job.id, "job.queued", &data, None);
    view(tx, ctx, job)
}

/// Whether the actor sees everybody's jobs, not only one's own.
fn sees_all(ctx: &Ctx) -> bool {
    let covers = |grant: &crate::context::Grant| {
        grant.capability == Capability::ImportRecords && grant.scope == Scope::Company
    };
    ctx.actor.grants.iter().any(covers)
}

/// A job, if the actor may see it.
///
/// # Errors
/// 404.
pub(super) fn visible(conn: &mut Conn, ctx: &Ctx, id: JobId) -> AppResult<Job> {
    let job = jobs::get(conn, id)?;
    if job.owner_id == ctx.actor.id || sees_all(ctx) {
        Ok(job)
    } else {
        Err(AppError::not_found())
    }
}

/// One page of jobs: one's own; everybody's with `IMPORT_RECORDS` for the whole company.
///
/// # Errors
/// `INVALID_CURSOR`, or a database fault.
pub fn list(
    conn: &mut Conn,
    ctx: &Ctx,
    query: &Listed<JobFilter, JobSort>,
) -> AppResult<Page<JobView>> {
    let narrow = Narrow {
        owner: (!sees_all(ctx)).then_some(ctx.actor.id),
        kind: query.filter.kind,
        states: crate::api::csv::Csv::values(query.filter.state_in.clone()),
    };
    jobs::list(conn, &narrow, &query.page)?.try_map_all(|rows| views(conn, ctx, rows))
}

/// A job and how far it has come.
///
/// # Errors
/// 404.
pub fn get(conn: &mut Conn, ctx: &Ctx, id: JobId) -> AppResult<JobView> {
    let job = visible(conn, ctx, id)?;
    view(conn, ctx, job)
}

/// Stops a job: at once while it waits, after its present step while it runs. What it has done stays.
///
/// # Errors
/// 404; 412; 409 when it has ended.
pub fn cancel(tx: &mut Tx<'_>, ctx: &Ctx, id: JobId) -> AppResult<JobView> {
    let job = visible(tx, ctx, id)?;
    ctx.check_version(job.version)?;
    let changed = match job.state {
        JobState::Queued => {
            let message = message(&cancelled(&job))?;
            stopped(tx, ctx, &job)?;
            jobs::cancel_queued(tx, &job, &message, ctx.now)?
        }
        JobState::Running => jobs::request_cancel(tx, id, ctx.now)?,
        JobState::Succeeded | JobState::Failed | JobState::Cancelled => {
            let label = job.state.label();
            return Err(AppError::new(
                Code::StateConflict,
                format!("任务已结束（{}），不能取消。", label.zh),
                format!("The job has ended ({}).", label.en),
            ));
        }
    };
    if !changed {
        return Err(ctx.lost_update());
    }
    ctx.record(
        tx,
        SubjectKind::Job,
        id,
        "job.cancelled",
        &json!({ "done": job.done }),
        None,
    );
    let job = jobs::get(tx, id)?;
    view(tx, ctx, job)
}

fn cancelled(job: &Job) -> Text {
    let said = ended_after(job);
    Text::new(
        format!("已取消。{}", said.zh),
        format!("Cancelled. {}", said.en),
    )
}

fn ended_after(job: &Job) -> Text {
    let progress = Progress {
        done: job.done,
        failed: job.failed,
    };
    match job.kind {
        JobKind::ImportCustomers => imports::summary(progress, is_dry(job)),
        JobKind::ExportCustomers => exports::summary(progress),
        JobKind::HandOver => handover_runs::summary(job.done),
        JobKind::ScanDuplicates => scans::scan_summary(progress),
    }
}

/// What a job leaves behind that ended before its work was done.
fn stopped(tx: &mut Tx<'_>, ctx: &Ctx, job: &Job) -> AppResult<()> {
    match job.kind {
        JobKind::HandOver => handover_runs::stopped(tx, ctx, job.id),
        JobKind::ImportCustomers | JobKind::ExportCustomers | JobKind::ScanDuplicates => Ok(()),
    }
}

/// What an import was told.
pub(super) fn told(job: &Job) -> Option<Told> {
    match job.kind {
        JobKind::ImportCustomers => serde_json::from_str(&job.params).ok(),
        JobKind::ExportCustomers | JobKind::HandOver | JobKind::ScanDuplicates => None,
    }
}

fn is_dry(job: &Job) -> bool {
    told(job).is_some_and(|told| told.dry_run)
}

fn view(conn: &mut Conn, ctx: &Ctx, job: Job) -> AppResult<JobView> {
    views(conn, ctx, vec![job])?
        .pop()
        .ok_or_else(AppError::not_found)
}

fn views(conn: &mut Conn, ctx: &Ctx, rows: Vec<Job>) -> AppResult<Vec<JobView>> {
    let people: Vec<UserId> = rows.iter().map(|job| job.owner_id).collect();
    let names = names::directory(conn, people, [])?;
    Ok(rows
        .into_iter()
        .map(|job| {
            let said: Option<Said> = job
                .message
                .as_deref()
                .and_then(|text| serde_json::from_str(text).ok());
            let (message_zh, message_en) = said.map(|said| (said.zh, said.en)).unzip();
            let live = matches!(job.state, JobState::Queued | JobState::Running);
            JobView {
                id: job.id,
                kind: job.kind,
                state: job.state,
                owner_id: job.owner_id,
                owner_name: names.user(job.owner_id),
                done: job.done,
                total: job.total,
                failed: job.failed,
                cancel_requested: job.cancel_requested,
                message_zh,
                message_en,
                dry_run: is_dry(&job),
                result: (job.kind == JobKind::ExportCustomers
                    && job.state == JobState::Succeeded
                    && job.owner_id == ctx.actor.id)
                    .then(|| format!("/api/v1/jobs/{}/result", job.id)),
                row_errors: (job.failed > 0)
                    .then(|| format!("/api/v1/jobs/{}/row-errors.csv", job.id)),
                version: job.version,
                created_at: job.created_at,
                updated_at: job.updated_at,
                finished_at: job.finished_at,
                allowed_actions: if live && !job.cancel_requested {
                    vec![JobAction::Cancel]
                } else {
                    Vec::new()
                },
            }
        })
        .collect())
}

#[derive(serde::Serialize, serde::Deserialize)]
struct Said {
    zh: String,
    en: String,
}

fn message(text: &Text) -> AppResult<String> {
    let Text { zh, en } = text.clone();
    serde_json::to_string(&Said { zh, en }).map_err(AppError::internal)
}

/// The job of these kinds that has waited longest, if any.
///
/// # Errors
/// A database fault.
pub fn waiting(conn: &mut Conn, kinds: &[JobKind], now: Timestamp) -> AppResult<Option<JobId>> {
    jobs::waiting(conn, kinds, now)
}

/// Claims a job for a worker. None when another was first.
///
/// # Errors
/// A database fault.
pub fn claim(tx: &mut Tx<'_>, id: JobId, worker: &str, now: Timestamp) -> AppResult<Option<Job>> {
    if jobs::claim(tx, id, worker, now)? {
        jobs::get(tx, id).map(Some)
    } else {
        Ok(None)
    }
}

/// How a worker leaves a job.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Ending {
    /// All rows are done.
    Finished,
    /// It cannot go on: the reason is for its owner.
    Failed(Text),
    /// The server stops, or the database is away: whoever comes next resumes it.
    Interrupted,
    /// It is not this worker's any more, or somebody asked it to stop.
    Released,
}

/// Ends a worker's job, or puts it back into the queue. Does nothing if the job is not this worker's any more.
///
/// # Errors
/// A database fault.
pub fn leave(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    id: JobId,
    worker: &str,
    ending: &Ending,
) -> AppResult<()> {
    let job = jobs::get(tx, id)?;
    let (state, said) = match ending {
        Ending::Interrupted => {
            return jobs::release(tx, id, worker, ctx.now).map(drop);
        }
        Ending::Released if job.cancel_requested => (JobState::Cancelled, cancelled(&job)),
        Ending::Released => return Ok(()),
        Ending::Finished => (JobState::Succeeded, ended_after(&job)),
        Ending::Failed(why) => (JobState::Failed, why.clone()),
    };
    if !jobs::finish(tx, id, worker, state, &message(&said)?, ctx.now)? {
        return Ok(());
    }
    if state == JobState::Succeeded {
        jobs::set_total(tx, id, job.done)?;
    } else {
        stopped(tx, ctx, &job)?;
    }
    // One that was called off has brought customers too.
    if job.kind == JobKind::ImportCustomers && !is_dry(&job) && job.done > job.failed {
        scans::after_import(tx, ctx, job.created_at)?;
    }
    let data = json!({ "state": state, "done": job.done, "failed": job.failed });
    ctx.record(tx, SubjectKind::Job, id, "job.ended", &data, None);
    Ok(())
}
