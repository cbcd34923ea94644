//! Shares of a customer.

use actix_web::{delete, get, patch, post, web};

use crate::{
    api::customers::share::{CustomerShareFilter, NewShare, ShareFilter, SharePatch, ShareView},
    app::App,
    domain::id::kind::{Customer, CustomerId, Share, ShareId},
    error::AppResult,
    http::{
        Body, Caller, Listed, NoBody, PathId, Reply,
        query::{ListOf, Paging},
    },
    services::customers::shares::{self, ShareSort},
};

/// List a customer's shares.
///
/// With whom, how far, until when (DUP-12). Sort key: `created_at`.
#[utoipa::path(tag = "Sharing", params(("id" = CustomerId, Path, description = "The customer."), CustomerShareFilter, Paging), responses((status = 200, description = "A page.", body = ListOf<ShareView>)))]
#[get("/customers/{id}/shares")]
pub async fn list_customer_shares(
    app: web::Data<App>,
    caller: Caller,
    id: PathId<Customer>,
    query: Listed<CustomerShareFilter, ShareSort>,
) -> AppResult<Reply> {
    app.list(caller, query, move |conn, ctx, query| {
        shares::list(conn, ctx, id.0, query)
    })
    .await
}

/// List my shares.
///
/// What others share with me or with my unit, or what I share with others (DUP-12). Sort key: `created_at`.
#[utoipa::path(tag = "Sharing", params(ShareFilter, Paging), responses((status = 200, description = "A page.", body = ListOf<ShareView>)))]
#[get("/shares")]
pub async fn list_shares(
    app: web::Data<App>,
    caller: Caller,
    query: Listed<ShareFilter, ShareSort>,
) -> AppResult<Reply> {
    app.list(caller, query, shares::mine).await
}

/// Extend or change a share.
///
/// Its end, level or reason (DUP-12): by who gave it, the owner, or who manages the customer, as long as they may share
/// it. `If-Match` is required: the `version` that the lists show.
#[utoipa::path(tag = "Sharing", params(("id" = ShareId, Path, description = "The share.")), request_body = SharePatch, responses((status = 200, description = "Changed.", body = ShareView)))]
#[patch("/shares/{id}")]
pub async fn update_share(
    app: web::Data<App>,
    caller: Caller,
    id: PathId<Share>,
    body: Body<SharePatch>,
) -> AppResult<Reply> {
    app.decide(caller, body, move |tx, ctx, body| {
        shares::change(tx, ctx, id.0, body)
    })
    .await
}

/// Share a customer.
///
/// Explicitly, with a person or everybody of a unit, for a time; a second share with the same one replaces the first
/// (DUP-12). Customers of the call centre are shared by the administrator only (DUP-13).
#[utoipa::path(tag = "Sharing", params(("id" = CustomerId, Path, description = "The customer.")), request_body = NewShare, responses((status = 201, description = "Shared.", body = ShareView)))]
#[post("/customers/{id}/shares")]
pub async fn share_customer(
    app: web::Data<App>,
    caller: Caller,
    id: PathId<Customer>,
    body: Body<NewShare>,
) -> AppResult<Reply> {
    app.create(caller, body, move |tx, ctx, body| {
        shares::give(tx, ctx, id.0, body)
    })
    .await
}

/// End a share.
///
/// By who gave it, the owner, or who manages the customer (DUP-12). `If-Match` is required: the `version` that the lists
/// show.
#[utoipa::path(tag = "Sharing", params(("id" = ShareId, Path, description = "The share.")), responses((status = 204, description = "Ended.")))]
#[delete("/shares/{id}")]
pub async fn end_share(
    app: web::Data<App>,
    caller: Caller,
    id: PathId<Share>,
    body: NoBody,
) -> AppResult<Reply> {
    app.remove(caller, body, move |tx, ctx, ()| {
        shares::take_back(tx, ctx, id.0)
    })
    .await
}
