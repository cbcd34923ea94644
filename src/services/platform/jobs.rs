//! Long-running jobs: queue, look, cancel; and what the runner does with them. Any number of servers run them: each is
//! claimed by one conditional update, shows a sign of life with every step, and is claimed again when it falls silent.

use serde_json::json;

use super::{csv_cells, imports};
use crate::{
    api::platform::job::{JobAction, JobFilter, JobView, RowErrorFilter, RowErrorView},
    context::Ctx,
    db::{
        Conn, Tx,
        paging::{Direction, Page, PageRequest},
    },
    domain::{
        id::kind::{JobId, UserId},
        timestamp::Timestamp,
        vocabulary::{Capability, JobKind, JobState, Scope, SubjectKind},
    },
    error::{AppError, AppResult, Code, Text},
    http::Listed,
    models::platform::job::{Job, JobInput, RowError},
    repositories::{
        org::names,
        platform::{
            job_row_errors,
            jobs::{self, Narrow},
        },
    },
    services::customers::scans,
};

pub use crate::repositories::platform::{
    job_row_errors::RowErrorSort,
    jobs::{JobSort, Progress},
};

/// How much of an input one part holds, in bytes.
const PART: usize = 256 * 1024;
/// How many rows a report fetches at a time.
const REPORT_PAGE: i64 = 1_000;

/// Queues a job of the actor.
///
/// # Errors
/// A database fault.
pub fn queue(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    kind: JobKind,
    params: String,
    total: i64,
    input: &str,
) -> AppResult<JobView> {
    let job = Job {
        id: ctx.new_id(),
        kind,
        state: JobState::Queued,
        owner_id: ctx.actor.id,
        params,
        done: 0,
        total,
        failed: 0,
        message: None,
        worker: None,
        heartbeat_at: None,
        cancel_requested: false,
        finished_at: None,
        version: 1,
        created_at: ctx.now,
        updated_at: ctx.now,
    };
    jobs::insert(tx, &job)?;
    for (part, text) in (0..).zip(parts(input)) {
        let job_id = job.id;
        jobs::insert_input(tx, &JobInput { job_id, part, text })?;
    }
    let data = json!({ "kind": kind, "total": total, "bytes": input.len() });
    ctx.record(tx, SubjectKind::Job, job.id, "job.queued", &data, None);
    view(tx, ctx, job)
}

/// Parts of a text, cut between characters.
fn parts(text: &str) -> impl Iterator<Item = &str> {
    let mut rest = text;
    std::iter::from_fn(move || {
        if rest.is_empty() {
            return None;
        }
        let mut end = PART.min(rest.len());
        while !rest.is_char_boundary(end) {
            end -= 1;
        }
        let (part, after) = rest.split_at_checked(end)?;
        rest = after;
        Some(part)
    })
}

/// A part of a job's input; none after the last one.
///
/// # Errors
/// A database fault.
pub fn input(conn: &mut Conn, id: JobId, part: i32) -> AppResult<Option<String>> {
    jobs::input(conn, id, part)
}

/// Whether the actor sees everybody's jobs, not only one's own.
fn sees_all(ctx: &Ctx) -> bool {
    let covers = |grant: &crate::context::Grant| {
        grant.capability == Capability::ImportRecords && grant.scope == Scope::Company
    };
    ctx.actor.grants.iter().any(covers)
}

fn visible(conn: &mut Conn, ctx: &Ctx, id: JobId) -> AppResult<Job> {
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
            jobs::forget_input(tx, id)?;
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
    let progress = jobs::Progress {
        done: job.done,
        failed: job.failed,
    };
    match job.kind {
        JobKind::ImportCustomers => imports::summary(progress),
        JobKind::ScanDuplicates => scans::scan_summary(progress),
    }
}

/// One page of the rows that a job refused.
///
/// # Errors
/// 404; `INVALID_CURSOR`.
pub fn row_errors(
    conn: &mut Conn,
    ctx: &Ctx,
    id: JobId,
    query: &Listed<RowErrorFilter, RowErrorSort>,
) -> AppResult<Page<RowErrorView>> {
    visible(conn, ctx, id)?;
    Ok(job_row_errors::page(conn, id, &query.page)?.map(row_error_view))
}

/// A piece of the report of refused rows, and where the next one begins; the first has the header.
///
/// # Errors
/// 404.
pub fn row_error_report(
    conn: &mut Conn,
    ctx: &Ctx,
    id: JobId,
    after: Option<Vec<String>>,
) -> AppResult<(String, Option<Vec<String>>)> {
    visible(conn, ctx, id)?;
    let mut text = match &after {
        None => imports::report_header(),
        Some(_) => String::new(),
    };
    let request = PageRequest {
        limit: REPORT_PAGE,
        sort: vec![(RowErrorSort::RowNumber, Direction::Up)],
        after,
        include_total: false,
    };
    let page = job_row_errors::page(conn, id, &request)?;
    for row in &page.items {
        text.push_str(&csv_cells::line([
            row.row_number.to_string().as_str(),
            row.code.as_str(),
            row.rule.as_deref().unwrap_or_default(),
            row.message_zh.as_str(),
            row.message_en.as_str(),
            row.input.as_str(),
        ]));
    }
    Ok((text, page.next))
}

fn row_error_view(row: RowError) -> RowErrorView {
    RowErrorView {
        row_number: row.row_number,
        code: row.code,
        rule: row.rule,
        message_zh: row.message_zh,
        message_en: row.message_en,
        input: row.input,
    }
}

fn view(conn: &mut Conn, ctx: &Ctx, job: Job) -> AppResult<JobView> {
    views(conn, ctx, vec![job])?
        .pop()
        .ok_or_else(AppError::not_found)
}

fn views(conn: &mut Conn, _: &Ctx, rows: Vec<Job>) -> AppResult<Vec<JobView>> {
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

/// The job that has waited longest, if any.
///
/// # Errors
/// A database fault.
pub fn waiting(conn: &mut Conn, now: Timestamp) -> AppResult<Option<JobId>> {
    jobs::waiting(conn, now)
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
    }
    jobs::forget_input(tx, id)?;
    if state == JobState::Succeeded && job.kind == JobKind::ImportCustomers && job.done > job.failed
    {
        scans::scan_later(tx, ctx)?;
    }
    let data = json!({ "state": state, "done": job.done, "failed": job.failed });
    ctx.record(tx, SubjectKind::Job, id, "job.ended", &data, None);
    Ok(())
}
