//! Imports.

use actix_web::{delete, get, post, web};

use crate::{
    api::platform::{
        import::{
            ImportFileFilter, ImportFileView, ImportOptions, ImportPresetView, ImportPreview,
            NewImportPreset, PreviewQuery, StartImport, UploadOptions,
        },
        job::{JobView, Workbook},
    },
    app::App,
    domain::{
        id::kind::{ExchangeFile, ExchangeFileId, ImportPreset, ImportPresetId},
        vocabulary::Line,
    },
    error::AppResult,
    http::{
        Body, Caller, Filtered, Incoming, Listed, NoBody, PathId, Reply, idempotency,
        query::{ListOf, Paging},
    },
    services::platform::{
        import_files::{self, ExchangeFileSort},
        import_presets,
        imports::{self, Wanted},
    },
};

/// Import customers.
///
/// A CSV file (UTF-8, UTF-16 or GBK, found out by itself) or an Excel workbook (.xlsx), at most so many rows as policy
/// `exchange` says. The first line names the columns in Chinese or English: `name` is required; columns that are not
/// known are refused: upload the file and assign them instead. First registered wins, as for every registration
/// (CONF-01): rows that meet an earlier one are refused and recorded (CONF-06). Imported customers are drafts of the owner
/// whose login their row names in the column `owner_login`, else of `owner_id`, or of whoever imports them if nobody is named
/// (CUS-34): what a submission needs beside the name is asked for then (CUS-05). A row whose owner is unknown, disabled or
/// beyond the reach of the importer's role is refused. Needs `IMPORT_RECORDS` (INT-08). The job tells progress and refused
/// rows.
#[utoipa::path(
    tag = "Jobs",
    params(ImportOptions),
    request_body(
        content(
            (String = "text/csv", example = "name,credit_code,province,city,address\n北京示例科技有限公司,,北京,朝阳,北京市朝阳区建国路88号\n"),
            (Workbook = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
        ),
        description = "The file."
    ),
    responses((status = 202, description = "Queued: follow the job.", body = JobView))
)]
#[post("/imports/customers")]
pub async fn import_customers(
    app: web::Data<App>,
    caller: Caller,
    options: Filtered<ImportOptions>,
    upload: Incoming,
) -> AppResult<Reply> {
    let received = app.receive_table(&caller, upload, None).await?;
    let file = received.file;
    let sheet = options.0.sheet.clone();
    let header = match header(&app, &caller, file, sheet).await {
        Ok(header) => header,
        Err(error) => return app.settled(file, Err(error)).await,
    };
    let reply = app
        .accept(caller, options, received, move |tx, ctx, options, file| {
            let wanted = Wanted {
                owner_id: options.owner_id,
                line: options.line,
                dry_run: options.dry_run.unwrap_or(false),
                columns: None,
                sheet: options.sheet.clone(),
            };
            imports::queue(tx, ctx, *file, &header, &wanted)
        })
        .await;
    let reply = app.settled(file, reply).await?;
    app.jobs().wake();
    Ok(reply)
}

async fn header(
    app: &App,
    caller: &Caller,
    id: ExchangeFileId,
    sheet: Option<String>,
) -> AppResult<Vec<String>> {
    let who = caller.clone();
    let file = app
        .look(caller, move |conn, ctx| {
            idempotency::demand_key(ctx, &who)?;
            import_files::owned(conn, ctx, id)
        })
        .await?;
    app.aside(move |app| import_files::header(app, &file, sheet.as_deref()))
        .await
}

/// Upload a file to import.
///
/// CSV or .xlsx: answers what it is; then look at its preview, assign its columns, and start the import, dry or real
/// (INT-08, INT-09). It is kept sealed, for the caller alone, and forgotten after the days of policy `exchange` (SEC-18).
/// Needs `IMPORT_RECORDS`.
#[utoipa::path(
    tag = "Jobs",
    params(UploadOptions),
    request_body(
        content(
            (String = "text/csv", example = "客户名称,手机\n北京示例科技有限公司,13800138000\n"),
            (Workbook = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
        ),
        description = "The file."
    ),
    responses((status = 201, description = "Kept.", body = ImportFileView))
)]
#[post("/imports/files")]
pub async fn upload_import_file(
    app: web::Data<App>,
    caller: Caller,
    options: Filtered<UploadOptions>,
    upload: Incoming,
) -> AppResult<Reply> {
    let received = app
        .receive_table(&caller, upload, options.0.file_name)
        .await?;
    let file = received.file;
    let caller = Caller {
        query: String::new(),
        ..caller
    };
    let reply = app
        .create(caller, received, |tx, ctx, file| {
            import_files::get(tx, ctx, *file)
        })
        .await;
    app.settled(file, reply).await
}

/// List uploaded files.
///
/// One's own, as long as they are kept. Sort key: `created_at`.
#[utoipa::path(tag = "Jobs", params(ImportFileFilter, Paging), responses((status = 200, description = "A page.", body = ListOf<ImportFileView>)))]
#[get("/imports/files")]
pub async fn list_import_files(
    app: web::Data<App>,
    caller: Caller,
    query: Listed<ImportFileFilter, ExchangeFileSort>,
) -> AppResult<Reply> {
    app.list(caller, query, import_files::list).await
}

/// Get an uploaded file.
///
/// What it is: format, encoding, delimiter, sheets, rows; only for whoever uploaded it.
#[utoipa::path(tag = "Jobs", params(("id" = ExchangeFileId, Path, description = "The file.")), responses((status = 200, description = "The file.", body = ImportFileView)))]
#[get("/imports/files/{id}")]
pub async fn get_import_file(
    app: web::Data<App>,
    caller: Caller,
    id: PathId<ExchangeFile>,
) -> AppResult<Reply> {
    app.read(caller, move |conn, ctx| import_files::get(conn, ctx, id.0))
        .await
}

/// Preview an import.
///
/// The header, what each column would be imported as, and the first twenty rows with what is wrong with each, duplicates
/// included (AMB-46). Nothing is written and no key is claimed.
#[utoipa::path(tag = "Jobs", params(("id" = ExchangeFileId, Path, description = "The file."), PreviewQuery), responses((status = 200, description = "The preview.", body = ImportPreview)))]
#[get("/imports/files/{id}/preview")]
pub async fn preview_import_file(
    app: web::Data<App>,
    caller: Caller,
    id: PathId<ExchangeFile>,
    query: Filtered<PreviewQuery>,
) -> AppResult<Reply> {
    let line = query.0.line.unwrap_or(Line::General);
    let (file, rules) = app
        .look(&caller, move |conn, ctx| {
            let file = import_files::owned(conn, ctx, id.0)?;
            Ok((file, imports::rules(ctx, line)?))
        })
        .await?;
    let sample = app
        .aside(move |app| import_files::sample(app, &file, &query.0, rules))
        .await?;
    app.read(caller, move |conn, ctx| {
        import_files::preview(conn, ctx, &sample, line)
    })
    .await
}

/// Start an import.
///
/// Of an uploaded file, with these columns. With `dry_run` everything is checked, duplicates within the file and against
/// the registry included, and nothing is written: no key is claimed, no attempt recorded. A column assigned
/// as `OWNER_LOGIN` says by login whose each row is; where its cell is empty, it is that of `owner_id` (CUS-34). Needs
/// `IMPORT_RECORDS` (INT-08). The job tells progress and refused rows, can be cancelled, and is resumed after a restart.
#[utoipa::path(tag = "Jobs", params(("id" = ExchangeFileId, Path, description = "The file.")), request_body = StartImport, responses((status = 202, description = "Queued: follow the job.", body = JobView)))]
#[post("/imports/files/{id}/start")]
pub async fn start_import(
    app: web::Data<App>,
    caller: Caller,
    id: PathId<ExchangeFile>,
    body: Body<StartImport>,
) -> AppResult<Reply> {
    let header = header(&app, &caller, id.0, body.value.sheet.clone()).await?;
    let reply = app
        .accept(caller, Filtered(()), body, move |tx, ctx, (), body| {
            import_files::start(tx, ctx, id.0, &header, body)
        })
        .await?;
    app.jobs().wake();
    Ok(reply)
}

/// Remove an uploaded file.
///
/// Before its time, and with it the reports of refused rows of its imports; not while an import reads it. `If-Match` is
/// required.
#[utoipa::path(tag = "Jobs", params(("id" = ExchangeFileId, Path, description = "The file.")), responses((status = 204, description = "Removed.")))]
#[delete("/imports/files/{id}")]
pub async fn remove_import_file(
    app: web::Data<App>,
    caller: Caller,
    id: PathId<ExchangeFile>,
    body: NoBody,
) -> AppResult<Reply> {
    app.remove(caller, body, move |tx, ctx, ()| {
        import_files::remove(tx, ctx, id.0)
    })
    .await
}

/// List presets of import columns.
///
/// One's own, by name (INT-09). Needs `IMPORT_RECORDS`.
#[utoipa::path(tag = "Jobs", responses((status = 200, description = "The presets.", body = Vec<ImportPresetView>)))]
#[get("/imports/presets")]
pub async fn list_import_presets(app: web::Data<App>, caller: Caller) -> AppResult<Reply> {
    app.read(caller, import_presets::list).await
}

/// Keep a preset of import columns.
///
/// What each column of a kind of file is, to be used again (INT-09). Needs `IMPORT_RECORDS`.
#[utoipa::path(tag = "Jobs", request_body = NewImportPreset, responses((status = 201, description = "Kept.", body = ImportPresetView)))]
#[post("/imports/presets")]
pub async fn create_import_preset(
    app: web::Data<App>,
    caller: Caller,
    body: Body<NewImportPreset>,
) -> AppResult<Reply> {
    app.create(caller, body, import_presets::create).await
}

/// Remove a preset of import columns.
///
/// One's own; `If-Match` is required (INT-09).
#[utoipa::path(tag = "Jobs", params(("id" = ImportPresetId, Path, description = "The preset.")), responses((status = 204, description = "Removed.")))]
#[delete("/imports/presets/{id}")]
pub async fn remove_import_preset(
    app: web::Data<App>,
    caller: Caller,
    id: PathId<ImportPreset>,
    body: NoBody,
) -> AppResult<Reply> {
    app.remove(caller, body, move |tx, ctx, ()| {
        import_presets::remove(tx, ctx, id.0)
    })
    .await
}
