//! Placements of products.

use actix_web::{get, patch, post, web};

use crate::{
    api::commerce::placement::{NewPlacement, PlacementPatch, PlacementView},
    app::App,
    domain::id::kind::{Placement, PlacementId, Product, ProductId},
    error::AppResult,
    http::{Body, Caller, PathId, Reply},
    services::commerce::placements,
};

/// List the placements of a product.
///
/// Where a product is placed in media (版位), by name (CUS-49). Needs `READ_PRODUCTS`.
#[utoipa::path(tag = "Products", params(("id" = ProductId, Path, description = "The product.")), responses((status = 200, description = "The placements.", body = Vec<PlacementView>)))]
#[get("/products/{id}/placements")]
pub async fn list_placements(
    app: web::Data<App>,
    caller: Caller,
    id: PathId<Product>,
) -> AppResult<Reply> {
    app.read(caller, move |conn, ctx| placements::list(conn, ctx, id.0))
        .await
}

/// Add a placement to a product.
///
/// Its name is unique for the product (CUS-49). Needs `MANAGE_PRODUCTS`.
#[utoipa::path(tag = "Products", params(("id" = ProductId, Path, description = "The product.")), request_body = NewPlacement, responses((status = 201, description = "Added.", body = PlacementView)))]
#[post("/products/{id}/placements")]
pub async fn add_placement(
    app: web::Data<App>,
    caller: Caller,
    id: PathId<Product>,
    body: Body<NewPlacement>,
) -> AppResult<Reply> {
    app.create(caller, body, move |tx, ctx, body| {
        placements::add(tx, ctx, id.0, body)
    })
    .await
}

/// Get a placement.
///
/// One placement of a product (CUS-49). Needs `READ_PRODUCTS`.
#[utoipa::path(tag = "Products", params(("id" = PlacementId, Path, description = "The placement.")), responses((status = 200, description = "The placement.", body = PlacementView)))]
#[get("/placements/{id}")]
pub async fn get_placement(
    app: web::Data<App>,
    caller: Caller,
    id: PathId<Placement>,
) -> AppResult<Reply> {
    app.read(caller, move |conn, ctx| placements::get(conn, ctx, id.0))
        .await
}

/// Change a placement.
///
/// A merge-patch; `active: false` takes it out of what is offered (CUS-49). `If-Match` is required. Needs
/// `MANAGE_PRODUCTS`.
#[utoipa::path(tag = "Products", params(("id" = PlacementId, Path, description = "The placement.")), request_body = PlacementPatch, responses((status = 200, description = "Changed.", body = PlacementView)))]
#[patch("/placements/{id}")]
pub async fn update_placement(
    app: web::Data<App>,
    caller: Caller,
    id: PathId<Placement>,
    body: Body<PlacementPatch>,
) -> AppResult<Reply> {
    app.decide(caller, body, move |tx, ctx, body| {
        placements::update(tx, ctx, id.0, body)
    })
    .await
}
