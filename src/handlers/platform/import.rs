//! Imports.

use actix_web::{post, web};

use crate::{
    api::platform::{import::ImportOptions, job::JobView},
    app::App,
    error::AppResult,
    http::{Caller, CsvBody, Filtered, Reply},
    services::platform::imports,
};

/// Import customers.
///
/// A CSV file in UTF-8, with or without a byte-order mark. The first line names the columns `name`, `credit_code`,
/// `province`, `city`, `address` in any order; only `name` is required, other columns are refused. First registered
/// wins, as for every registration (CONF-01): rows that meet an earlier one are refused and recorded (CONF-06). Imported
/// customers are drafts of `owner_id`, or of whoever imports them if nobody is named: what a submission needs beside the
/// name is asked for then (CUS-05). Needs `IMPORT_RECORDS`. The job tells progress and refused rows.
#[utoipa::path(
    tag = "Jobs",
    params(ImportOptions),
    request_body(content = String, content_type = "text/csv", description = "The file.", example = "name,credit_code,province,city,address\n北京示例科技有限公司,,北京,朝阳,北京市朝阳区建国路88号\n"),
    responses((status = 202, description = "Queued: follow the job.", body = JobView))
)]
#[post("/imports/customers")]
pub async fn import_customers(
    app: web::Data<App>,
    caller: Caller,
    options: Filtered<ImportOptions>,
    body: CsvBody,
) -> AppResult<Reply> {
    let reply = app
        .accept(caller, options, body, |tx, ctx, options, text| {
            imports::queue(tx, ctx, options, text)
        })
        .await?;
    app.jobs().wake();
    Ok(reply)
}
