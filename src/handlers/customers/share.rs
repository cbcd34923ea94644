//! Shares of a customer.

use actix_web::{delete, get, post, web};

use crate::{
    api::customers::share::{NewShare, ShareView},
    app::App,
    domain::id::kind::{Customer, CustomerId, Share, ShareId},
    error::AppResult,
    http::{Body, Caller, NoBody, PathId, Reply},
    services::customers::shares,
};

/// List a customer's shares.
///
/// With whom, how far, until when (DUP-12).
#[utoipa::path(tag = "Customers", params(("id" = CustomerId, Path, description = "The customer.")), responses((status = 200, description = "The shares.", body = Vec<ShareView>)))]
#[get("/customers/{id}/shares")]
pub async fn list_customer_shares(
    app: web::Data<App>,
    caller: Caller,
    id: PathId<Customer>,
) -> AppResult<Reply> {
    app.read(caller, move |conn, ctx| shares::list(conn, ctx, id.0))
        .await
}

/// Share a customer.
///
/// Explicitly, with one person, for a time; a second share with the same person replaces the first (DUP-12).
#[utoipa::path(tag = "Customers", params(("id" = CustomerId, Path, description = "The customer.")), request_body = NewShare, responses((status = 201, description = "Shared.", body = ShareView)))]
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
/// By who gave it, the owner, or who manages the customer (DUP-12). `If-Match` is required; `*` will do, a share has
/// no version.
#[utoipa::path(tag = "Customers", params(("id" = ShareId, Path, description = "The share.")), responses((status = 204, description = "Ended.")))]
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
