//! Suppliers.

use actix_web::{get, patch, post, web};

use crate::{
    api::{
        commerce::supplier::{
            NewSupplier, SupplierFilter, SupplierPatch, SupplierRating, SupplierSummary,
            SupplierView,
        },
        customers::customer::Reason,
    },
    app::App,
    domain::id::kind::{Supplier, SupplierId},
    error::AppResult,
    http::{
        Body, Caller, Listed, NoBody, PathId, Reply,
        query::{ListOf, Paging},
    },
    services::commerce::suppliers::{self, SupplierSort},
};

/// List suppliers.
///
/// By the beginning of the name or the rating (CUS-01); sorted by `name`, `rating` or `updated_at`. Needs `READ_SUPPLIERS`.
#[utoipa::path(tag = "Suppliers", params(SupplierFilter, Paging), responses((status = 200, description = "A page.", body = ListOf<SupplierSummary>)))]
#[get("/suppliers")]
pub async fn list_suppliers(
    app: web::Data<App>,
    caller: Caller,
    query: Listed<SupplierFilter, SupplierSort>,
) -> AppResult<Reply> {
    app.list(caller, query, suppliers::list).await
}

/// Register a supplier.
///
/// The registered name and the credit code are unique; basic information (CUS-01). Needs `MANAGE_SUPPLIERS`.
#[utoipa::path(tag = "Suppliers", request_body = NewSupplier, responses((status = 201, description = "Registered.", body = SupplierView)))]
#[post("/suppliers")]
pub async fn register_supplier(
    app: web::Data<App>,
    caller: Caller,
    body: Body<NewSupplier>,
) -> AppResult<Reply> {
    app.create(caller, body, suppliers::register).await
}

/// Get a supplier.
///
/// Basic information and rating (CUS-01). Needs `READ_SUPPLIERS`.
#[utoipa::path(tag = "Suppliers", params(("id" = SupplierId, Path, description = "The supplier.")), responses((status = 200, description = "The supplier.", body = SupplierView)))]
#[get("/suppliers/{id}")]
pub async fn get_supplier(
    app: web::Data<App>,
    caller: Caller,
    id: PathId<Supplier>,
) -> AppResult<Reply> {
    app.read(caller, move |conn, ctx| suppliers::get(conn, ctx, id.0))
        .await
}

/// Change a supplier.
///
/// A merge-patch; `If-Match` is required (CUS-01). Needs `MANAGE_SUPPLIERS`.
#[utoipa::path(tag = "Suppliers", params(("id" = SupplierId, Path, description = "The supplier.")), request_body = SupplierPatch, responses((status = 200, description = "Changed.", body = SupplierView)))]
#[patch("/suppliers/{id}")]
pub async fn update_supplier(
    app: web::Data<App>,
    caller: Caller,
    id: PathId<Supplier>,
    body: Body<SupplierPatch>,
) -> AppResult<Reply> {
    app.decide(caller, body, move |tx, ctx, body| {
        suppliers::update(tx, ctx, id.0, body)
    })
    .await
}

/// Rate a supplier.
///
/// From 1 to 5, with a reason; earlier ratings stay in the history (CUS-01). `If-Match` is required. Needs
/// `RATE_SUPPLIERS`.
#[utoipa::path(tag = "Suppliers", params(("id" = SupplierId, Path, description = "The supplier.")), request_body = SupplierRating, responses((status = 200, description = "Rated.", body = SupplierView)))]
#[post("/suppliers/{id}/rate")]
pub async fn rate_supplier(
    app: web::Data<App>,
    caller: Caller,
    id: PathId<Supplier>,
    body: Body<SupplierRating>,
) -> AppResult<Reply> {
    app.decide(caller, body, move |tx, ctx, body| {
        suppliers::rate(tx, ctx, id.0, body)
    })
    .await
}

/// Delete a supplier.
///
/// By whoever may delete records, with a reason; it can be restored (CUS-01, ORG-12). `If-Match` is required.
#[utoipa::path(tag = "Suppliers", params(("id" = SupplierId, Path, description = "The supplier.")), request_body = Reason, responses((status = 200, description = "Deleted.", body = SupplierView)))]
#[post("/suppliers/{id}/delete")]
pub async fn delete_supplier(
    app: web::Data<App>,
    caller: Caller,
    id: PathId<Supplier>,
    body: Body<Reason>,
) -> AppResult<Reply> {
    app.decide(caller, body, move |tx, ctx, body| {
        suppliers::delete(tx, ctx, id.0, body)
    })
    .await
}

/// Restore a supplier.
///
/// By whoever may delete records, if nobody registered it again meanwhile (CUS-01, ORG-12).
#[utoipa::path(tag = "Suppliers", params(("id" = SupplierId, Path, description = "The supplier.")), responses((status = 200, description = "Restored.", body = SupplierView)))]
#[post("/suppliers/{id}/restore")]
pub async fn restore_supplier(
    app: web::Data<App>,
    caller: Caller,
    id: PathId<Supplier>,
    body: NoBody,
) -> AppResult<Reply> {
    app.command(caller, body, move |tx, ctx, ()| {
        suppliers::restore(tx, ctx, id.0)
    })
    .await
}
