//! Products and their list prices.

use actix_web::{get, patch, post, web};

use crate::{
    api::commerce::product::{NewProduct, ProductFilter, ProductItem, ProductPatch, ProductView},
    app::App,
    domain::id::kind::{Product, ProductId},
    error::AppResult,
    http::{
        Body, Caller, Listed, PathId, Reply,
        query::{ListOf, Paging},
    },
    services::commerce::products::{self, ProductSort},
};

/// List products.
///
/// Products with their list prices, by main class, product line, or the beginning of name or code; sorted by `name`,
/// `code` or `created_at` (CUS-49). Needs `READ_PRODUCTS`.
#[utoipa::path(tag = "Products", params(ProductFilter, Paging), responses((status = 200, description = "A page of products.", body = ListOf<ProductItem>)))]
#[get("/products")]
pub async fn list_products(
    app: web::Data<App>,
    caller: Caller,
    query: Listed<ProductFilter, ProductSort>,
) -> AppResult<Reply> {
    app.list(caller, query, products::list).await
}

/// Add a product.
///
/// The code is unique, whatever its width and case; the list price is what discounts are measured by (CUS-49, QUO-09).
/// Needs `MANAGE_PRODUCTS`.
#[utoipa::path(tag = "Products", request_body = NewProduct, responses((status = 201, description = "Added.", body = ProductView)))]
#[post("/products")]
pub async fn create_product(
    app: web::Data<App>,
    caller: Caller,
    body: Body<NewProduct>,
) -> AppResult<Reply> {
    app.create(caller, body, products::create).await
}

/// Get a product.
///
/// One product with its list price (CUS-49). Needs `READ_PRODUCTS`.
#[utoipa::path(tag = "Products", params(("id" = ProductId, Path, description = "The product.")), responses((status = 200, description = "The product.", body = ProductView)))]
#[get("/products/{id}")]
pub async fn get_product(
    app: web::Data<App>,
    caller: Caller,
    id: PathId<Product>,
) -> AppResult<Reply> {
    app.read(caller, move |conn, ctx| products::get(conn, ctx, id.0))
        .await
}

/// Change a product.
///
/// Quotes keep the list prices that they were made with; an inactive product cannot be quoted any more (CUS-49).
/// Needs `MANAGE_PRODUCTS`. `If-Match` is required.
#[utoipa::path(tag = "Products", params(("id" = ProductId, Path, description = "The product.")), request_body = ProductPatch, responses((status = 200, description = "The product after the change.", body = ProductView)))]
#[patch("/products/{id}")]
pub async fn update_product(
    app: web::Data<App>,
    caller: Caller,
    id: PathId<Product>,
    body: Body<ProductPatch>,
) -> AppResult<Reply> {
    app.decide(caller, body, move |tx, ctx, body| {
        products::patch(tx, ctx, id.0, body)
    })
    .await
}
