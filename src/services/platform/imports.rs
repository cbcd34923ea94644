//! Import of customers: a chunk of rows is one unit of work. The same code serves a job and the command line.

use std::io::{Read, Seek};

use serde::{Deserialize, Serialize};

use super::{
    import_chunks::{check, register},
    import_columns::Columns,
    import_owners::terms,
    import_report,
    import_rows::{Chunk, CustomerFile, Rules, Table},
    jobs::{self, NewJob},
    text_source::Findings,
};
use crate::{
    api::platform::job::JobView,
    context::Ctx,
    db::{
        Conn, Tx,
        paging::{Direction, PageRequest},
    },
    domain::{
        id::kind::{ExchangeFileId, JobId, UserId},
        vocabulary::{Capability, ImportField, JobKind, Line},
    },
    error::{AppError, AppResult, Text},
    models::platform::{exchange::ExchangeFile, job::RowError},
    policy::{customers::registration::RegistrationSettings, platform::exchange::ExchangeSettings},
    repositories::{
        org::users,
        platform::{
            exchange_files, job_row_errors,
            jobs::{self as rows, Progress},
        },
    },
    services::org::{sessions::login_key, templates::ADMINISTRATOR},
};

/// What an import was told; kept with its job.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Told {
    /// Who will own the customers whose rows name nobody.
    pub owner_id: UserId,
    /// Business line.
    pub line: Line,
    /// Whether everything is checked and nothing written.
    #[serde(default)]
    pub dry_run: bool,
    /// The file's header.
    #[serde(default)]
    pub header: Vec<String>,
    /// What each column is imported as.
    #[serde(default)]
    pub columns: Vec<ImportField>,
    /// Which sheet of a workbook; the first if none is named.
    #[serde(default)]
    pub sheet: Option<String>,
}

/// What an import is asked for.
#[derive(Debug, Clone, Default)]
pub struct Wanted {
    /// Who will own the customers whose rows name nobody; whoever imports them if nobody is named here either.
    pub owner_id: Option<UserId>,
    /// Business line.
    pub line: Option<Line>,
    /// Whether nothing is to be written.
    pub dry_run: bool,
    /// What each column is; by the header if nothing is said.
    pub columns: Option<Vec<ImportField>>,
    /// Which sheet of a workbook.
    pub sheet: Option<String>,
}

/// Queues an import of an uploaded file of the caller, whose header has been read.
///
/// # Errors
/// 403; 404 for another's file; 422 for the owner, for a file with too many rows, and with every wrong or missing column.
pub fn queue(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    file: ExchangeFileId,
    header: &[String],
    wanted: &Wanted,
) -> AppResult<JobView> {
    ctx.require(Capability::ImportRecords)?;
    let file = super::import_files::owned(tx, ctx, file)?;
    let findings = findings(&file)?;
    let owner_id = wanted.owner_id.unwrap_or(ctx.actor.id);
    let line = wanted.line.unwrap_or(Line::General);
    terms(tx, ctx, line, owner_id)?;
    let columns = columns(header.to_vec(), wanted.columns.as_deref())?;
    let most = ctx.policy::<ExchangeSettings>()?.value.import_rows;
    if findings.rows > i64::from(most) {
        return Err(super::import_rows::too_many(i64::from(most)));
    }
    let told = Told {
        owner_id,
        line,
        dry_run: wanted.dry_run,
        columns: columns.fields(),
        header: columns.header().to_vec(),
        sheet: wanted.sheet.clone(),
    };
    jobs::queue(
        tx,
        ctx,
        NewJob {
            kind: JobKind::ImportCustomers,
            params: serde_json::to_string(&told).map_err(AppError::internal)?,
            total: findings.rows,
            file_id: Some(file.id),
        },
    )
}

/// The columns: as they were assigned, else by the header.
///
/// # Errors
/// 422 with every wrong or missing column.
pub fn columns(header: Vec<String>, assigned: Option<&[ImportField]>) -> AppResult<Columns> {
    match assigned {
        Some(fields) => Columns::assigned(header, fields),
        None => Columns::by_header(header),
    }
}

/// What was found out about a file when it arrived.
///
/// # Errors
/// A fault if that cannot be read.
pub fn findings(file: &ExchangeFile) -> AppResult<Findings> {
    serde_json::from_str(&file.findings).map_err(AppError::internal)
}

/// By what the rows of an import are judged.
///
/// # Errors
/// A database fault.
pub fn rules(ctx: &Ctx, line: Line) -> AppResult<Rules> {
    let exchange = ctx.policy::<ExchangeSettings>()?.value;
    Ok(Rules {
        line,
        settings: ctx.policy::<RegistrationSettings>()?.value,
        today: ctx.today(),
        most: i64::from(exchange.import_rows),
    })
}

/// Opens a file of customers behind its header.
///
/// # Errors
/// 422 for a file that cannot be read, and with every wrong or missing column.
pub fn open<'f, S: Read + Seek + Clone>(
    source: S,
    findings: &Findings,
    sheet: Option<&str>,
    assigned: Option<&[ImportField]>,
    rules: Rules,
) -> AppResult<CustomerFile<'f, S>> {
    let mut table = Table::open(source, findings, sheet)?;
    let columns = columns(table.header()?, assigned)?;
    Ok(CustomerFile::new(table, columns, rules))
}

/// One step of an import job: a chunk is registered, its errors and the progress are kept, all in one transaction.
/// None when the job is not this worker's any more, or is to stop; then nothing is done.
///
/// # Errors
/// 403 when the right was taken away meanwhile; a database fault.
pub fn step(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    job: (JobId, &str),
    told: &Told,
    before: Progress,
    chunk: &Chunk,
) -> AppResult<Option<Progress>> {
    let (id, worker) = job;
    // The job's row is locked first, so that a chunk is never registered by two workers.
    if !rows::advance(tx, id, worker, before, ctx.now)? {
        return Ok(None);
    }
    let registered = if told.dry_run {
        check(tx, ctx, told.line, told.owner_id, chunk)?
    } else {
        register(tx, ctx, told.line, told.owner_id, chunk)?
    };
    let errors: Vec<RowError> = registered
        .problems
        .iter()
        .map(|problem| import_report::row_error(ctx.vault(), id, problem))
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

/// How an import ended, in both languages.
pub fn summary(progress: Progress, dry_run: bool) -> Text {
    let Progress { done, failed } = progress;
    let sound = done - failed;
    if dry_run {
        return Text::new(
            format!("试运行：{sound} 行可以登记，{failed} 行有误；未写入任何数据。"),
            format!(
                "Dry run: {sound} rows could be registered, {failed} could not; nothing was written."
            ),
        );
    }
    Text::new(
        format!("已登记 {sound} 个客户，{failed} 行未登记。"),
        format!("{sound} customers registered, {failed} rows refused."),
    )
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

/// The file that a job reads.
///
/// # Errors
/// 404 once it has been forgotten.
pub fn file_of(conn: &mut Conn, file: Option<ExchangeFileId>) -> AppResult<ExchangeFile> {
    let id = file.ok_or_else(AppError::not_found)?;
    exchange_files::get(conn, id)
}
