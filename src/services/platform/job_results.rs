//! What jobs leave: the rows that they refused, and the files that they wrote.

use serde_json::json;

use super::{
    blobs, exports,
    import_report::{self, Source},
    jobs::{self, Progress},
    stored_files, table_writer,
};
use crate::{
    api::platform::job::{RowErrorFilter, RowErrorView, RowFindingView},
    context::Ctx,
    db::{
        Conn, Tx,
        paging::{Direction, Page, PageRequest},
    },
    domain::{
        id::kind::{ExchangeFileId, JobId},
        timestamp::Timestamp,
        vocabulary::{Capability, FilePurpose, JobKind, JobState, SubjectKind},
    },
    error::{AppError, AppResult, Code},
    http::Listed,
    models::platform::{
        exchange::ExchangeFile,
        job::{Job, RowError},
    },
    policy::platform::exchange::ExchangeSettings,
    repositories::platform::{exchange_files, job_row_errors, jobs as rows},
};

pub use crate::repositories::platform::job_row_errors::RowErrorSort;

/// How many rows a report fetches at a time.
const REPORT_PAGE: i64 = 1_000;

/// One page of the rows that a job refused. Whoever did not upload them sees personal data masked (SEC-06, SEC-18).
///
/// # Errors
/// 404; `INVALID_CURSOR`.
pub fn row_errors(
    conn: &mut Conn,
    ctx: &Ctx,
    id: JobId,
    query: &Listed<RowErrorFilter, RowErrorSort>,
) -> AppResult<Page<RowErrorView>> {
    let job = jobs::visible(conn, ctx, id)?;
    let source = source(ctx, &job);
    job_row_errors::page(conn, id, &query.page)?.try_map_all(|rows| {
        rows.into_iter()
            .map(|row| row_error_view(ctx, &source, row))
            .collect()
    })
}

/// The file whose rows a job refused, as the caller may see it: in clear for whoever uploaded it, may still import and is
/// not leaving; the rows are corrected and imported again by that person. Nobody else needs what personal data is in them.
fn source(ctx: &Ctx, job: &Job) -> Source {
    let told = jobs::told(job);
    let (header, columns) = told.map(|told| (told.header, told.columns)).unzip();
    let clear = job.owner_id == ctx.actor.id
        && ctx.has(Capability::ImportRecords)
        && ctx.refuse_leaver().is_ok();
    Source {
        header: header.unwrap_or_default(),
        columns: columns.unwrap_or_default(),
        clear,
    }
}

/// A piece of the report of refused rows as CSV, and where the next one begins; the first has the header. Corrected by
/// whoever uploaded the file, it can be imported as it is; everybody else sees personal data masked.
///
/// # Errors
/// 404.
pub fn row_error_report(
    conn: &mut Conn,
    ctx: &Ctx,
    id: JobId,
    after: Option<Vec<String>>,
) -> AppResult<(Vec<u8>, Option<Vec<String>>)> {
    let job = jobs::visible(conn, ctx, id)?;
    let source = source(ctx, &job);
    let mut text = match &after {
        // A spreadsheet takes a file for UTF-8 by the mark at its beginning.
        None => format!(
            "\u{feff}{}",
            import_report::csv(&import_report::header(&source.header))
        ),
        Some(_) => String::new(),
    };
    let (rows, next) = report_page(conn, id, after)?;
    for line in import_report::kept_lines(ctx.vault(), &rows, &source)? {
        text.push_str(&import_report::csv(&line));
    }
    Ok((text.into_bytes(), next))
}

/// The same report as a workbook.
///
/// # Errors
/// 404.
pub fn row_error_workbook(
    conn: &mut Conn,
    ctx: &Ctx,
    id: JobId,
    file: &mut std::fs::File,
) -> AppResult<()> {
    let job = jobs::visible(conn, ctx, id)?;
    let source = source(ctx, &job);
    let mut sheet = table_writer::Sheet::new("导入错误 Errors")?;
    sheet.row(&import_report::header(&source.header))?;
    let mut after = None;
    loop {
        let (rows, next) = report_page(conn, id, after)?;
        for line in import_report::kept_lines(ctx.vault(), &rows, &source)? {
            sheet.row(&line)?;
        }
        match next {
            None => return sheet.save(file),
            next => after = next,
        }
    }
}

/// Some row errors and where the next ones begin; those of one row are never parted.
fn report_page(
    conn: &mut Conn,
    id: JobId,
    after: Option<Vec<String>>,
) -> AppResult<(Vec<RowError>, Option<Vec<String>>)> {
    let request = PageRequest {
        limit: REPORT_PAGE,
        sort: vec![(RowErrorSort::RowNumber, Direction::Up)],
        after,
        include_total: false,
    };
    let mut page = job_row_errors::page(conn, id, &request)?;
    if page.next.is_none() {
        return Ok((page.items, None));
    }
    let last = page.items.last().map(|row| row.row_number);
    let whole = page
        .items
        .partition_point(|row| Some(row.row_number) < last);
    if whole > 0 {
        page.items.truncate(whole);
    }
    let next = page
        .items
        .last()
        .map(|row| vec![row.row_number.to_string(), row.position.to_string()]);
    Ok((page.items, next))
}

/// A piece of what a job wrote, and where the next one begins: for whoever started the job alone (SEC-06).
///
/// # Errors
/// 404 for everybody else, and once the file has been forgotten; 409 while the job has not succeeded.
pub fn result_piece(
    conn: &mut Conn,
    ctx: &Ctx,
    id: JobId,
    after: Option<Vec<String>>,
) -> AppResult<(Vec<u8>, Option<Vec<String>>)> {
    let file = result_file(conn, ctx, id)?;
    let part = match after.as_deref() {
        None => 0,
        Some([part]) => part.parse().map_err(AppError::internal)?,
        Some(_) => return Err(AppError::not_found()),
    };
    let bytes =
        blobs::part(conn, ctx.vault(), stored_files::content(file.id), part)?.unwrap_or_default();
    let next = (part + 1 < file.parts).then(|| vec![(part + 1).to_string()]);
    Ok((bytes, next))
}

/// What a job wrote.
///
/// # Errors
/// As [`result_piece`].
pub fn result_file(conn: &mut Conn, ctx: &Ctx, id: JobId) -> AppResult<ExchangeFile> {
    let job = rows::get(conn, id)?;
    if job.owner_id != ctx.actor.id || job.kind != JobKind::ExportCustomers {
        return Err(AppError::not_found());
    }
    exports::may_export(ctx)?;
    if job.state != JobState::Succeeded {
        let label = job.state.label();
        return Err(AppError::new(
            Code::StateConflict,
            format!("任务尚无结果（{}）。", label.zh),
            format!("The job has no result ({}).", label.en),
        ));
    }
    let file = job.file_id.ok_or_else(AppError::not_found)?;
    exchange_files::of_owner(conn, ctx.actor.id, FilePurpose::Export, file)
}

fn row_error_view(ctx: &Ctx, source: &Source, row: RowError) -> AppResult<RowErrorView> {
    let cells = source.shown(import_report::cells(ctx.vault(), &row)?);
    Ok(RowErrorView {
        row_number: row.row_number,
        input: import_report::csv(&cells).trim_end().to_owned(),
        finding: RowFindingView {
            column: row.column_name,
            code: row.code,
            rule: row.rule,
            message_zh: row.message_zh,
            message_en: row.message_en,
        },
    })
}

/// Names the file that a job begins to write; from the start, whatever was done before. `false` when the job is not this
/// worker's any more.
///
/// # Errors
/// A database fault.
pub fn begin_result(
    tx: &mut Tx<'_>,
    id: JobId,
    worker: &str,
    file: ExchangeFileId,
    now: Timestamp,
) -> AppResult<bool> {
    let nothing = Progress { done: 0, failed: 0 };
    Ok(rows::set_file(tx, id, worker, Some(file))? && rows::advance(tx, id, worker, nothing, now)?)
}

/// The file that a job wrote is whole: from now on it can be downloaded. `false` when the job is not this worker's any
/// more, or is to stop.
///
/// # Errors
/// 403 when the right was taken away meanwhile; a database fault.
pub fn complete_result(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    job: (JobId, &str),
    file: ExchangeFileId,
    bytes: i64,
    parts: i32,
    rows: i64,
) -> AppResult<bool> {
    let (id, worker) = job;
    exports::may_export(ctx)?;
    let progress = Progress {
        done: rows,
        failed: 0,
    };
    if !rows::advance(tx, id, worker, progress, ctx.now)? {
        return Ok(false);
    }
    let keep = ctx.policy::<ExchangeSettings>()?.value.keep_days;
    let mut written = exchange_files::get(tx, file)?;
    written.bytes = bytes;
    written.parts = parts;
    written.expires_at = ctx.now.plus(chrono::Duration::days(i64::from(keep)));
    written.updated_at = ctx.now;
    exchange_files::complete(tx, &written)?;
    let data = json!({ "rows": rows, "format": written.format, "bytes": bytes });
    ctx.record(
        tx,
        SubjectKind::Job,
        id,
        "export.written",
        &data,
        Some("SEC-06"),
    );
    Ok(true)
}
