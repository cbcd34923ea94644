//! Exports.

use actix_web::{post, web};

use crate::{
    api::{
        customers::customer_filter::CustomerFilter,
        platform::{
            export::{ExportOrder, NewExport},
            job::JobView,
        },
    },
    app::App,
    auth::keys,
    error::AppResult,
    http::{Body, Caller, Filtered, Listed, Reply},
    services::{customers::lists::CustomerSort, platform::exports},
};

/// Export customers.
///
/// The customers that the list finds for the same query: its filters, its sort, and what the caller may read, judged
/// again while the export runs (SEC-06, ORG-09). The job tells progress; its `result` can be downloaded by the caller
/// alone. Phones, e-mails and addresses are masked unless the caller holds `EXPORT_PERSONAL_DATA` (SEC-18). Policy
/// `exchange` bounds the rows of one export and of 24 hours; one export of a person runs at a time. No cell is taken for a
/// formula. Every export is noted with filter, format and count. Needs `EXPORT_CUSTOMERS`; seats have it never (AMB-20),
/// nor whoever is leaving (ORG-23).
#[utoipa::path(
    tag = "Jobs",
    params(CustomerFilter, ExportOrder),
    request_body = NewExport,
    responses((status = 202, description = "Queued: follow the job.", body = JobView))
)]
#[post("/exports/customers")]
pub async fn export_customers(
    app: web::Data<App>,
    caller: Caller,
    query: Listed<CustomerFilter, CustomerSort>,
    body: Body<NewExport>,
) -> AppResult<Reply> {
    // The list's own reader has judged the query; the job reads it again.
    let _ = query;
    let text = caller.query.clone();
    let body = Body {
        digest: keys::digest(&[&body.digest, text.as_bytes()]),
        value: body.value,
    };
    let reply = app
        .accept(caller, Filtered(text), body, |tx, ctx, text, body| {
            exports::queue(tx, ctx, text, body)
        })
        .await?;
    app.jobs().wake();
    Ok(reply)
}
