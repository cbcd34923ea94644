//! The worklist of likely duplicates.

use actix_web::{get, post, web};

use crate::{
    api::{
        customers::duplicate_pair::{Dismissal, DuplicatePairView, PairFilter},
        platform::job::JobView,
    },
    app::App,
    domain::id::kind::{DuplicatePair, DuplicatePairId},
    error::AppResult,
    http::{
        Body, Caller, Listed, NoBody, PathId, Reply,
        query::{ListOf, Paging},
    },
    services::customers::{
        scans, worklist,
        worklist_views::{self, PairSort},
    },
};

/// List likely duplicates.
///
/// Pairs of registered customers of which the caller may see at least one (DUP-10); of the other no more is told than
/// existence, name, owner, department and time (AMB-33). Sort keys: `score`, `due_at`, `found_at`.
#[utoipa::path(tag = "Customers", params(PairFilter, Paging), responses((status = 200, description = "A page.", body = ListOf<DuplicatePairView>)))]
#[get("/duplicate-pairs")]
pub async fn list_duplicate_pairs(
    app: web::Data<App>,
    caller: Caller,
    query: Listed<PairFilter, PairSort>,
) -> AppResult<Reply> {
    app.list(caller, query, worklist_views::list).await
}

/// Get a likely duplicate.
///
/// With why the two are likely the same, and what may be done (DUP-10).
#[utoipa::path(tag = "Customers", params(("id" = DuplicatePairId, Path, description = "The pair.")), responses((status = 200, description = "The pair.", body = DuplicatePairView)))]
#[get("/duplicate-pairs/{id}")]
pub async fn get_duplicate_pair(
    app: web::Data<App>,
    caller: Caller,
    id: PathId<DuplicatePair>,
) -> AppResult<Reply> {
    app.read(caller, move |conn, ctx| {
        worklist_views::get(conn, ctx, id.0)
    })
    .await
}

/// Dismiss a likely duplicate.
///
/// They are two customers: not proposed again unless one of their names changes (DUP-10). By whoever may change one of
/// them; `If-Match` is required.
#[utoipa::path(tag = "Customers", params(("id" = DuplicatePairId, Path, description = "The pair.")), request_body = Dismissal, responses((status = 200, description = "Dismissed.", body = DuplicatePairView)))]
#[post("/duplicate-pairs/{id}/dismiss")]
pub async fn dismiss_duplicate_pair(
    app: web::Data<App>,
    caller: Caller,
    id: PathId<DuplicatePair>,
    body: Body<Dismissal>,
) -> AppResult<Reply> {
    app.decide(caller, body, move |tx, ctx, body| {
        worklist::dismiss(tx, ctx, id.0, body)
    })
    .await
}

/// Reopen a dismissed duplicate.
///
/// The pair is to be tidied again (DUP-10).
#[utoipa::path(tag = "Customers", params(("id" = DuplicatePairId, Path, description = "The pair.")), responses((status = 200, description = "To be tidied again.", body = DuplicatePairView)))]
#[post("/duplicate-pairs/{id}/reopen")]
pub async fn reopen_duplicate_pair(
    app: web::Data<App>,
    caller: Caller,
    id: PathId<DuplicatePair>,
    body: NoBody,
) -> AppResult<Reply> {
    app.command(caller, body, move |tx, ctx, ()| {
        worklist::reopen(tx, ctx, id.0)
    })
    .await
}

/// Scan the registry for duplicates.
///
/// A job that looks at every registered customer (DUP-10); registrations and edits are looked at as they are made. Needs
/// `MERGE_CUSTOMERS`.
#[utoipa::path(tag = "Customers", responses((status = 201, description = "Queued: follow the job.", body = JobView)))]
#[post("/customers/duplicate-scans")]
pub async fn scan_duplicates(
    app: web::Data<App>,
    caller: Caller,
    body: NoBody,
) -> AppResult<Reply> {
    let reply = app
        .create(caller, body, |tx, ctx, ()| scans::queue_scan(tx, ctx))
        .await?;
    app.jobs().wake();
    Ok(reply)
}
