//! Long-running jobs.

use actix_web::{HttpResponse, get, post, web};

use crate::{
    api::platform::job::{JobFilter, JobView, RowErrorFilter, RowErrorView, Workbook},
    app::App,
    domain::id::kind::{Job, JobId},
    error::AppResult,
    http::{
        Caller, Listed, NoBody, PathId, Reply,
        query::{ListOf, Paging},
    },
    services::platform::{
        exports,
        job_results::{self, RowErrorSort},
        jobs::{self, JobSort},
    },
};

const XLSX: &str = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";

/// List jobs.
///
/// One's own; everybody's with `IMPORT_RECORDS` for the whole company. Sort key: `created_at`.
#[utoipa::path(tag = "Jobs", params(JobFilter, Paging), responses((status = 200, description = "A page.", body = ListOf<JobView>)))]
#[get("/jobs")]
pub async fn list_jobs(
    app: web::Data<App>,
    caller: Caller,
    query: Listed<JobFilter, JobSort>,
) -> AppResult<Reply> {
    app.list(caller, query, jobs::list).await
}

/// Get a job.
///
/// Its state and progress: rows finished, refused, and in all.
#[utoipa::path(tag = "Jobs", params(("id" = JobId, Path, description = "The job.")), responses((status = 200, description = "The job.", body = JobView)))]
#[get("/jobs/{id}")]
pub async fn get_job(app: web::Data<App>, caller: Caller, id: PathId<Job>) -> AppResult<Reply> {
    app.read(caller, move |conn, ctx| jobs::get(conn, ctx, id.0))
        .await
}

/// Cancel a job.
///
/// At once while it waits, after its present step while it runs; what it has done stays.
#[utoipa::path(tag = "Jobs", params(("id" = JobId, Path, description = "The job.")), responses((status = 200, description = "Cancelled, or about to be.", body = JobView)))]
#[post("/jobs/{id}/cancel")]
pub async fn cancel_job(
    app: web::Data<App>,
    caller: Caller,
    id: PathId<Job>,
    body: NoBody,
) -> AppResult<Reply> {
    app.command(caller, body, move |tx, ctx, ()| jobs::cancel(tx, ctx, id.0))
        .await
}

/// List the rows that a job refused.
///
/// In the order of the file, each with its reason; a row may have several. Phones, e-mails, addresses and what is not
/// imported are masked but for whoever uploaded the file, may still import and is not leaving (SEC-06, SEC-18). Sort key:
/// `row_number`.
#[utoipa::path(tag = "Jobs", params(("id" = JobId, Path, description = "The job."), RowErrorFilter, Paging), responses((status = 200, description = "A page.", body = ListOf<RowErrorView>)))]
#[get("/jobs/{id}/row-errors")]
pub async fn list_job_row_errors(
    app: web::Data<App>,
    caller: Caller,
    id: PathId<Job>,
    query: Listed<RowErrorFilter, RowErrorSort>,
) -> AppResult<Reply> {
    app.list(caller, query, move |conn, ctx, query| {
        job_results::row_errors(conn, ctx, id.0, query)
    })
    .await
}

/// Download the rows that a job refused.
///
/// As CSV for a spreadsheet, in the order of the file: row number, column, code, reasons, and the row as it stood. No cell
/// is taken for a formula. Corrected, the report can be imported as it is by whoever uploaded the file; to everybody else
/// it shows personal data masked (SEC-06, SEC-18).
#[utoipa::path(tag = "Jobs", params(("id" = JobId, Path, description = "The job.")), responses((status = 200, description = "The report.", body = String, content_type = "text/csv")))]
#[get("/jobs/{id}/row-errors.csv")]
pub async fn download_job_row_errors(
    app: web::Data<App>,
    caller: Caller,
    id: PathId<Job>,
) -> AppResult<HttpResponse> {
    let piece =
        move |conn: &mut _, ctx: &_, after| job_results::row_error_report(conn, ctx, id.0, after);
    app.download(caller, "text/csv; charset=utf-8", "row-errors.csv", piece)
        .await
}

/// Download the rows that a job refused, as a workbook.
///
/// The same report as an Excel workbook (.xlsx): every cell is text, masked in the same way (SEC-18).
#[utoipa::path(tag = "Jobs", params(("id" = JobId, Path, description = "The job.")), responses((status = 200, description = "The report.", body = Workbook, content_type = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet")))]
#[get("/jobs/{id}/row-errors.xlsx")]
pub async fn download_job_row_errors_workbook(
    app: web::Data<App>,
    caller: Caller,
    id: PathId<Job>,
) -> AppResult<HttpResponse> {
    let make = move |conn: &mut _, ctx: &_, file: &mut _| {
        job_results::row_error_workbook(conn, ctx, id.0, file)
    };
    app.download_made(caller, XLSX, "row-errors.xlsx", make)
        .await
}

/// Download what a job wrote.
///
/// The file of an export, for whoever started it alone, once it has succeeded and as long as it is kept (SEC-06). Each
/// download is noted in the audit trail. Needs `EXPORT_CUSTOMERS`; never while leaving (ORG-23).
#[utoipa::path(tag = "Jobs", params(("id" = JobId, Path, description = "The job.")), responses((status = 200, description = "The file.", content((String = "text/csv"), (Workbook = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet")))))]
#[get("/jobs/{id}/result")]
pub async fn download_job_result(
    app: web::Data<App>,
    caller: Caller,
    id: PathId<Job>,
) -> AppResult<HttpResponse> {
    let (inside, who) = (app.clone(), caller.clone());
    let noted = app.db().write(move |tx| {
        let ctx = inside.ctx(tx, &who)?;
        exports::record_download(tx, &ctx, id.0)
    });
    let (file_name, content_type) = noted.await?;
    let piece =
        move |conn: &mut _, ctx: &_, after| job_results::result_piece(conn, ctx, id.0, after);
    app.download(caller, content_type, &file_name, piece).await
}
