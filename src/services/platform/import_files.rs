//! Uploaded files: what they are, what an import of them would do, and how one is started.

use std::io::{Seek, SeekFrom};

use serde_json::json;

use super::{
    blobs, import_chunks,
    import_columns::{self, Columns},
    import_rows::{CustomerFile, Problem, Rules, Table},
    imports::{self, Wanted},
    stored_files::{self, StoredFile},
    text_source::{Findings, NoTable, Sniffer},
    workbook::Workbook,
};
use crate::{
    api::platform::{
        import::{
            ImportFileFilter, ImportFileView, ImportPreview, PreviewQuery, PreviewRow, StartImport,
        },
        job::{JobView, RowFindingView},
    },
    app::App,
    context::Ctx,
    db::{Conn, Tx, paging::Page},
    domain::{
        id::kind::ExchangeFileId,
        vocabulary::{Capability, FileFormat, FilePurpose, ImportField, Line, SubjectKind},
    },
    error::{AppError, AppResult, Code, FieldError},
    http::Listed,
    models::platform::exchange::ExchangeFile,
    policy::platform::exchange::ExchangeSettings,
    repositories::platform::{exchange_files, jobs},
};

pub use crate::repositories::platform::exchange_files::ExchangeFileSort;

/// How many rows a preview shows.
const SHOWN: usize = 20;

/// A file that has arrived whole.
#[derive(Debug, Clone)]
pub struct Arrived {
    bytes: i64,
    parts: i32,
    findings: Findings,
}

impl Arrived {
    /// Looks at a file whose parts are all there.
    ///
    /// # Errors
    /// 422 for what is neither a text nor a workbook.
    pub fn look(
        app: &App,
        file: ExchangeFileId,
        size: usize,
        parts: i32,
        sniffer: Sniffer,
    ) -> AppResult<Self> {
        let bytes = i64::try_from(size).map_err(AppError::internal)?;
        let mut findings = sniffer.finish().map_err(no_table)?;
        if findings.format == FileFormat::Xlsx {
            findings.sheets = Workbook::open(StoredFile::of(app, file, bytes))?.sheets();
        }
        Ok(Self {
            bytes,
            parts,
            findings,
        })
    }
}

/// 422: what a file is instead of a table.
pub fn no_table(what: NoTable) -> AppError {
    let (code, zh, en) = match what {
        NoTable::OldWorkbook => (
            "OLD_WORKBOOK",
            "这是旧版 Excel（.xls）或带密码的文件；请另存为 .xlsx 或 CSV，并去除密码。",
            "An Excel file of before 2007, or one with a password: save it as .xlsx or CSV, without a password.",
        ),
        NoTable::Binary => (
            "NOT_A_TABLE",
            "文件既不是文本也不是 Excel 工作簿；请上传 CSV（UTF-8、UTF-16、GBK）或 .xlsx。",
            "The file is neither text nor a workbook: upload CSV (UTF-8, UTF-16, GBK) or .xlsx.",
        ),
        NoTable::Empty => ("EMPTY_FILE", "文件是空的。", "The file is empty."),
    };
    AppError::invalid(vec![FieldError::new("/file", code, zh, en)])
}

/// Begins an upload.
///
/// # Errors
/// 403.
pub fn begin(tx: &mut Tx<'_>, ctx: &Ctx, file_name: Option<String>) -> AppResult<ExchangeFileId> {
    ctx.require(Capability::ImportRecords)?;
    let id = ctx.new_id();
    stored_files::begin(
        tx,
        id,
        ctx.actor.id,
        FilePurpose::Import,
        FileFormat::Csv,
        file_name,
        ctx.now,
    )?;
    Ok(id)
}

/// The upload is whole.
///
/// # Errors
/// A database fault.
pub fn complete(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    id: ExchangeFileId,
    arrived: &Arrived,
) -> AppResult<()> {
    let keep = ctx.policy::<ExchangeSettings>()?.value.keep_days;
    let mut file = exchange_files::get(tx, id)?;
    file.format = arrived.findings.format;
    file.bytes = arrived.bytes;
    file.parts = arrived.parts;
    file.findings = serde_json::to_string(&arrived.findings).map_err(AppError::internal)?;
    file.expires_at = ctx.now.plus(chrono::Duration::days(i64::from(keep)));
    file.updated_at = ctx.now;
    exchange_files::complete(tx, &file)?;
    let data = json!({ "format": file.format, "bytes": file.bytes, "rows": arrived.findings.rows });
    ctx.record(
        tx,
        SubjectKind::ImportFile,
        id,
        "import_file.uploaded",
        &data,
        Some("INT-08"),
    );
    Ok(())
}

/// A file of the caller.
///
/// # Errors
/// 404 for everybody else's.
pub fn owned(conn: &mut Conn, ctx: &Ctx, id: ExchangeFileId) -> AppResult<ExchangeFile> {
    exchange_files::of_owner(conn, ctx.actor.id, FilePurpose::Import, id)
}

/// One page of the caller's uploaded files.
///
/// # Errors
/// `INVALID_CURSOR`.
pub fn list(
    conn: &mut Conn,
    ctx: &Ctx,
    query: &Listed<ImportFileFilter, ExchangeFileSort>,
) -> AppResult<Page<ImportFileView>> {
    exchange_files::list(conn, ctx.actor.id, FilePurpose::Import, &query.page)?
        .try_map_all(|files| files.into_iter().map(view).collect())
}

/// An uploaded file of the caller.
///
/// # Errors
/// 404.
pub fn get(conn: &mut Conn, ctx: &Ctx, id: ExchangeFileId) -> AppResult<ImportFileView> {
    view(owned(conn, ctx, id)?)
}

/// Forgets an uploaded file before its time.
///
/// # Errors
/// 404; 412; 409 while an import reads it.
pub fn remove(tx: &mut Tx<'_>, ctx: &Ctx, id: ExchangeFileId) -> AppResult<()> {
    let file = owned(tx, ctx, id)?;
    ctx.check_version(file.version)?;
    if jobs::uses_file(tx, id)? {
        return Err(AppError::new(
            Code::StateConflict,
            "该文件正在导入；请先取消任务。",
            "An import reads this file: cancel the job first.",
        ));
    }
    stored_files::forget(tx, id)?;
    ctx.record(
        tx,
        SubjectKind::ImportFile,
        id,
        "import_file.removed",
        &json!({}),
        None,
    );
    Ok(())
}

fn view(file: ExchangeFile) -> AppResult<ImportFileView> {
    let findings = imports::findings(&file)?;
    let text = file.format == FileFormat::Csv;
    Ok(ImportFileView {
        id: file.id,
        file_name: file.file_name,
        format: file.format,
        encoding: text.then_some(findings.encoding),
        delimiter: text.then_some(findings.delimiter),
        sheets: findings.sheets,
        rows: text.then_some(findings.rows),
        bytes: file.bytes,
        version: file.version,
        created_at: file.created_at,
        expires_at: file.expires_at,
    })
}

/// A file's header.
///
/// # Errors
/// 422 for what cannot be read.
pub fn header(app: &App, file: &ExchangeFile, sheet: Option<&str>) -> AppResult<Vec<String>> {
    Table::open(StoredFile::new(app, file), &imports::findings(file)?, sheet)?.header()
}

/// What a preview looks at.
pub struct Sample {
    header: Vec<String>,
    assigned: Vec<ImportField>,
    refused: Vec<FieldError>,
    rows: Vec<super::csv_rows::Row>,
    checked: Option<super::import_rows::Chunk>,
}

/// Reads the beginning of a file: header, assignment, first rows and what is wrong with them.
///
/// # Errors
/// 422 for what cannot be read.
pub fn sample(
    app: &App,
    file: &ExchangeFile,
    query: &PreviewQuery,
    rules: Rules,
) -> AppResult<Sample> {
    let findings = imports::findings(file)?;
    let (source, sheet) = (StoredFile::new(app, file), query.sheet.as_deref());
    let mut table = Table::open(source, &findings, sheet)?;
    let header = table.header()?;
    let mut rows = Vec::new();
    while rows.len() < SHOWN
        && let Some(row) = table.next_row().map_err(stored_files::unread)?
    {
        rows.push(row);
    }
    let wanted = query.columns.clone().map(|columns| columns.0);
    let assigned = wanted.unwrap_or_else(|| import_columns::propose(&header));
    let (refused, checked) = match Columns::assigned(header.clone(), &assigned) {
        Err(error) => (error.errors().to_vec(), None),
        Ok(columns) => {
            let mut table = Table::open(StoredFile::new(app, file), &findings, sheet)?;
            table.header()?;
            let (line, owner) = (rules.line, file.owner_id);
            let ask = import_chunks::asking(app, (owner, "preview"), line, owner);
            let mut rows = CustomerFile::new(table, columns, rules).asking(ask);
            (Vec::new(), rows.next_chunk(SHOWN)?)
        }
    };
    Ok(Sample {
        header,
        assigned,
        refused,
        rows,
        checked,
    })
}

/// The preview of an import: nothing is written, no key is claimed.
///
/// # Errors
/// 403; a database fault.
pub fn preview(
    conn: &mut Conn,
    ctx: &Ctx,
    sample: &Sample,
    line: Line,
) -> AppResult<ImportPreview> {
    let problems: Vec<Problem> = match &sample.checked {
        Some(chunk) => import_chunks::check(conn, ctx, line, ctx.actor.id, chunk)?.problems,
        None => Vec::new(),
    };
    let rows = sample.rows.iter().map(|row| {
        let of_row = problems.iter().filter(|problem| problem.line == row.line);
        PreviewRow {
            row_number: row.line,
            cells: match &row.fields {
                Ok(cells) => cells.clone(),
                Err(unread) => vec![unread.text.clone()],
            },
            errors: of_row
                .map(|problem| RowFindingView {
                    column: problem.column.clone(),
                    code: problem.code.clone(),
                    rule: problem.rule.map(str::to_owned),
                    message_zh: problem.message.zh.clone(),
                    message_en: problem.message.en.clone(),
                })
                .collect(),
        }
    });
    Ok(ImportPreview {
        header: sample.header.clone(),
        columns: sample.assigned.clone(),
        column_errors: sample
            .refused
            .iter()
            .map(|error| RowFindingView {
                column: Some(error.pointer.clone()),
                code: error.code.clone(),
                rule: None,
                message_zh: error.message.zh.clone(),
                message_en: error.message.en.clone(),
            })
            .collect(),
        rows: rows.collect(),
    })
}

/// Starts an import of an uploaded file whose header has been read.
///
/// # Errors
/// As [`imports::queue`].
pub fn start(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    id: ExchangeFileId,
    header: &[String],
    body: &StartImport,
) -> AppResult<JobView> {
    let wanted = Wanted {
        owner_id: body.owner_id,
        line: body.line,
        dry_run: body.dry_run,
        columns: body.columns.clone(),
        sheet: body.sheet.clone(),
    };
    imports::queue(tx, ctx, id, header, &wanted)
}

/// Looks at a file on the disk: what it is, and that it can be read from anywhere. For the command line.
///
/// # Errors
/// 422 for what is neither a text nor a workbook; the file's own.
pub fn look_at<S: std::io::Read + Seek + Clone>(mut source: S) -> AppResult<Findings> {
    let mut sniffer = Sniffer::new();
    let mut piece = vec![0; blobs::PART];
    loop {
        let count = source.read(&mut piece).map_err(stored_files::unread)?;
        if count == 0 {
            break;
        }
        sniffer.feed(piece.get(..count).unwrap_or_default());
    }
    let mut findings = sniffer.finish().map_err(no_table)?;
    if findings.format == FileFormat::Xlsx {
        source
            .seek(SeekFrom::Start(0))
            .map_err(stored_files::unread)?;
        findings.sheets = Workbook::open(source)?.sheets();
    }
    Ok(findings)
}
