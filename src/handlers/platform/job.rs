//! Long-running jobs.

use actix_web::{HttpResponse, get, post, web};

use crate::{
    api::platform::job::{JobFilter, JobView, RowErrorFilter, RowErrorView},
    app::App,
    domain::id::kind::{Job, JobId},
    error::AppResult,
    http::{
        Caller, Listed, NoBody, PathId, Reply,
        query::{ListOf, Paging},
    },
    services::platform::jobs::{self, JobSort, RowErrorSort},
};

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
/// In the order of the file, each with its reason; a row may have several. Sort key: `row_number`.
#[utoipa::path(tag = "Jobs", params(("id" = JobId, Path, description = "The job."), RowErrorFilter, Paging), responses((status = 200, description = "A page.", body = ListOf<RowErrorView>)))]
#[get("/jobs/{id}/row-errors")]
pub async fn list_job_row_errors(
    app: web::Data<App>,
    caller: Caller,
    id: PathId<Job>,
    query: Listed<RowErrorFilter, RowErrorSort>,
) -> AppResult<Reply> {
    app.list(caller, query, move |conn, ctx, query| {
        jobs::row_errors(conn, ctx, id.0, query)
    })
    .await
}

/// Download the rows that a job refused.
///
/// As CSV for a spreadsheet: no cell is taken for a formula.
#[utoipa::path(tag = "Jobs", params(("id" = JobId, Path, description = "The job.")), responses((status = 200, description = "The report.", body = String, content_type = "text/csv")))]
#[get("/jobs/{id}/row-errors.csv")]
pub async fn download_job_row_errors(
    app: web::Data<App>,
    caller: Caller,
    id: PathId<Job>,
) -> AppResult<HttpResponse> {
    app.download_csv(caller, "row-errors.csv", move |conn, ctx, after| {
        jobs::row_error_report(conn, ctx, id.0, after)
    })
    .await
}
