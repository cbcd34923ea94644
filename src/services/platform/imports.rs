//! Import of customers: a chunk of rows is one unit of work. The same code serves a job and the command line.

use serde::{Deserialize, Serialize};

use super::{
    csv_cells,
    import_rows::{Candidate, Chunk, CustomerFile, Problem},
    jobs,
};
use crate::{
    api::platform::{import::ImportOptions, job::JobView},
    context::Ctx,
    db::{
        Conn, Tx,
        paging::{Direction, PageRequest},
    },
    domain::{
        id::kind::{JobId, UserId},
        vocabulary::{Capability, JobKind, Line},
    },
    error::{AppError, AppResult, Text},
    models::platform::job::RowError,
    repositories::{
        org::users,
        platform::{
            job_row_errors,
            jobs::{self as rows, Progress},
        },
    },
    services::{
        customers::imports::{self, Imported, Met, Terms},
        org::{
            fields::Fields, scope, sessions::login_key, templates::ADMINISTRATOR, users::enabled,
        },
    },
};

/// What became of a chunk.
#[derive(Debug, Clone, Default)]
pub struct Registered {
    /// How many rows were refused.
    pub refused: usize,
    /// Why.
    pub problems: Vec<Problem>,
}

/// What an import was told; kept with its job.
#[derive(Debug, Clone, Copy, Serialize, Deserialize)]
pub struct Told {
    /// Who will own the customers.
    pub owner_id: UserId,
    /// Business line.
    pub line: Line,
}

/// Queues an import of customers.
///
/// # Errors
/// 403; 422 for the owner, and with every wrong or missing column.
pub fn queue(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    options: &ImportOptions,
    text: &str,
) -> AppResult<JobView> {
    ctx.require(Capability::ImportRecords)?;
    let told = Told {
        owner_id: options.owner_id.unwrap_or(ctx.actor.id),
        line: options.line.unwrap_or(Line::General),
    };
    terms(tx, ctx, told.line, told.owner_id)?;
    CustomerFile::open(text.as_bytes()).map_err(AppError::internal)??;
    // By lines, for the progress; the job counts the rows themselves.
    let lines = text.lines().skip(1).filter(|line| !line.trim().is_empty());
    let total = i64::try_from(lines.count()).unwrap_or(i64::MAX);
    let params = serde_json::to_string(&told).map_err(AppError::internal)?;
    jobs::queue(tx, ctx, JobKind::ImportCustomers, params, total, text)
}

/// One step of an import job: a chunk is registered, its errors and the progress are kept, all in one transaction.
/// `false` when the job is not this worker's any more, or is to stop; then nothing is done.
///
/// # Errors
/// 403 when the right was taken away meanwhile; a database fault.
pub fn step(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    job: (JobId, &str),
    told: Told,
    before: Progress,
    chunk: &Chunk,
) -> AppResult<Option<Progress>> {
    let (id, worker) = job;
    // The job's row is locked first, so that a chunk is never registered by two workers.
    if !rows::advance(tx, id, worker, before, ctx.now)? {
        return Ok(None);
    }
    let registered = register(tx, ctx, told.line, told.owner_id, chunk)?;
    let errors: Vec<RowError> = registered
        .problems
        .into_iter()
        .map(|problem| row_error(ctx, id, problem))
        .collect::<AppResult<_>>()?;
    job_row_errors::insert(tx, &errors)?;
    let size = |rows: usize| i64::try_from(rows).unwrap_or(i64::MAX);
    let after = Progress {
        done: before.done + size(chunk.rows),
        failed: before.failed + size(registered.refused),
    };
    rows::advance(tx, id, worker, after, ctx.now)?;
    Ok(Some(after))
}

fn row_error(ctx: &Ctx, job_id: JobId, problem: Problem) -> AppResult<RowError> {
    let place = jobs::row_place(job_id, problem.line, problem.position);
    Ok(RowError {
        job_id,
        row_number: problem.line,
        position: problem.position,
        code: problem.code,
        rule: problem.rule.map(str::to_owned),
        message_zh: problem.message.zh,
        message_en: problem.message.en,
        input: ctx.vault().seal(&place, &problem.input)?,
    })
}

/// How an import ended, in both languages.
pub fn summary(progress: Progress) -> Text {
    let Progress { done, failed } = progress;
    let registered = done - failed;
    Text::new(
        format!("已登记 {registered} 个客户，{failed} 行未登记。"),
        format!("{registered} customers registered, {failed} rows refused."),
    )
}

/// The header of a report of row errors.
pub fn report_header() -> String {
    csv_cells::line([
        "row_number",
        "code",
        "rule",
        "message_zh",
        "message_en",
        "input",
    ])
}

/// A line of that report.
pub fn report_line(problem: &Problem) -> String {
    csv_cells::line([
        problem.line.to_string().as_str(),
        problem.code.as_str(),
        problem.rule.unwrap_or_default(),
        problem.message.zh.as_str(),
        problem.message.en.as_str(),
        problem.input.as_str(),
    ])
}

/// Who will own the customers: the one who was named, or else the importer.
///
/// # Errors
/// 403 for an owner beyond the reach of the importer's role; 422 for an unknown or disabled one.
pub fn terms(tx: &mut Tx<'_>, ctx: &Ctx, line: Line, owner: UserId) -> AppResult<Terms> {
    ctx.require(Capability::ImportRecords)?;
    if owner == ctx.actor.id {
        return Ok(Terms {
            line,
            owner_id: owner,
            unit_id: ctx.actor.unit_id,
        });
    }
    let mut fields = Fields::default();
    let user = enabled(tx, "/owner_id", owner, &mut fields)?;
    fields.done()?;
    let user = user.ok_or_else(AppError::not_found)?;
    scope::require_in(tx, ctx, Capability::ImportRecords, user.unit_id)?;
    Ok(Terms {
        line,
        owner_id: user.id,
        unit_id: user.unit_id,
    })
}

/// The user with this login; without one the company's first administrator. For the command line.
///
/// # Errors
/// 404, or a database fault.
pub fn user(conn: &mut Conn, login: Option<&str>) -> AppResult<UserId> {
    let found = match login {
        Some(login) => users::by_login(conn, &login_key(login))?,
        None => {
            let administrators = users::Narrow {
                role_code: Some(ADMINISTRATOR.to_owned()),
                disabled: Some(false),
                ..users::Narrow::default()
            };
            let first = PageRequest {
                limit: 1,
                sort: vec![(users::UserSort::CreatedAt, Direction::Up)],
                after: None,
                include_total: false,
            };
            users::page(conn, &first, || users::narrowed(&administrators))?
                .items
                .pop()
        }
    };
    found.map(|user| user.id).ok_or_else(AppError::not_found)
}

/// Registers a chunk; every refused row is answered for.
///
/// # Errors
/// 403; a database fault.
pub fn register(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    line: Line,
    owner: UserId,
    chunk: &Chunk,
) -> AppResult<Registered> {
    let terms = terms(tx, ctx, line, owner)?;
    let rows: Vec<Imported> = chunk.candidates.iter().map(|c| c.row.clone()).collect();
    let answers = imports::register(tx, ctx, &terms, &rows)?;
    let met = chunk.candidates.iter().zip(answers);
    let duplicates = met.filter_map(|(candidate, met)| Some(duplicate(candidate, &met?)));
    let mut problems = chunk.problems.clone();
    problems.extend(duplicates);
    let refused = problems.iter().filter(|p| p.position == 0).count();
    problems.sort_unstable_by_key(|problem| (problem.line, problem.position));
    Ok(Registered { refused, problems })
}

fn duplicate(candidate: &Candidate, met: &Met) -> Problem {
    let key = met.key_kind.label();
    let Met {
        customer_name,
        owner_name,
        department,
        ..
    } = met;
    let winner_zh = format!("“{customer_name}”，归属{owner_name}（{department}）");
    let winner_en = format!("{customer_name}, owned by {owner_name} ({department})");
    let (code, message) = match candidate.same_as {
        Some(line) => (
            "DUPLICATE_IN_FILE",
            Text::new(
                format!("与第 {line} 行{}相同：{winner_zh}；先录先得", key.zh),
                format!(
                    "same {} as line {line}: {winner_en}; first registered wins",
                    key.en
                ),
            ),
        ),
        None => (
            "ALREADY_REGISTERED",
            Text::new(
                format!("{}已被登记：{winner_zh}；先录先得", key.zh),
                format!(
                    "{} registered already: {winner_en}; first registered wins",
                    key.en
                ),
            ),
        ),
    };
    Problem {
        line: candidate.line,
        position: 0,
        code: code.to_owned(),
        rule: Some(met.rule),
        message,
        input: candidate.input.clone(),
    }
}
