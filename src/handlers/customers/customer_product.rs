//! Products related to customers.

use actix_web::{delete, get, patch, post, web};

use crate::{
    api::customers::customer_product::{
        CustomerProductPatch, CustomerProductView, NewCustomerProduct, ProductCustomer,
        ProductCustomerFilter,
    },
    app::App,
    domain::id::kind::{
        Customer, CustomerId, CustomerProduct, CustomerProductId, Product, ProductId,
    },
    error::AppResult,
    http::{
        Body, Caller, Listed, NoBody, PathId, Reply,
        query::{ListOf, Paging},
    },
    services::customers::customer_products::{self, CustomerSort},
};

/// List a customer's products.
///
/// What it is interested in, owns, or used formerly (CUS-45).
#[utoipa::path(tag = "Customers", params(("id" = CustomerId, Path, description = "The customer.")), responses((status = 200, description = "The products.", body = Vec<CustomerProductView>)))]
#[get("/customers/{id}/products")]
pub async fn list_customer_products(
    app: web::Data<App>,
    caller: Caller,
    id: PathId<Customer>,
) -> AppResult<Reply> {
    app.read(caller, move |conn, ctx| {
        customer_products::list(conn, ctx, id.0)
    })
    .await
}

/// Relate a product to a customer.
///
/// A product of the catalogue, once (CUS-45). Whoever may change the customer may.
#[utoipa::path(tag = "Customers", params(("id" = CustomerId, Path, description = "The customer.")), request_body = NewCustomerProduct, responses((status = 201, description = "Related.", body = CustomerProductView)))]
#[post("/customers/{id}/products")]
pub async fn add_customer_product(
    app: web::Data<App>,
    caller: Caller,
    id: PathId<Customer>,
    body: Body<NewCustomerProduct>,
) -> AppResult<Reply> {
    app.create(caller, body, move |tx, ctx, body| {
        customer_products::add(tx, ctx, id.0, body)
    })
    .await
}

/// Change a product of a customer.
///
/// What it is to the customer, and the note; a merge-patch, `If-Match` is required (CUS-45).
#[utoipa::path(tag = "Customers", params(("id" = CustomerProductId, Path, description = "The entry.")), request_body = CustomerProductPatch, responses((status = 200, description = "Changed.", body = CustomerProductView)))]
#[patch("/customer-products/{id}")]
pub async fn update_customer_product(
    app: web::Data<App>,
    caller: Caller,
    id: PathId<CustomerProduct>,
    body: Body<CustomerProductPatch>,
) -> AppResult<Reply> {
    app.decide(caller, body, move |tx, ctx, body| {
        customer_products::update(tx, ctx, id.0, body)
    })
    .await
}

/// Take a product from a customer.
///
/// For an entry by mistake; a product that is used no more is FORMER (CUS-45). `If-Match` is required.
#[utoipa::path(tag = "Customers", params(("id" = CustomerProductId, Path, description = "The entry.")), responses((status = 204, description = "Removed.")))]
#[delete("/customer-products/{id}")]
pub async fn remove_customer_product(
    app: web::Data<App>,
    caller: Caller,
    id: PathId<CustomerProduct>,
    body: NoBody,
) -> AppResult<Reply> {
    app.remove(caller, body, move |tx, ctx, ()| {
        customer_products::remove(tx, ctx, id.0)
    })
    .await
}

/// List the customers of a product.
///
/// Those that the caller may see (CUS-45). Sort keys: `updated_at`, `created_at`, `name` of the customer. Needs
/// `READ_PRODUCTS`.
#[utoipa::path(tag = "Products", params(("id" = ProductId, Path, description = "The product."), ProductCustomerFilter, Paging), responses((status = 200, description = "A page.", body = ListOf<ProductCustomer>)))]
#[get("/products/{id}/customers")]
pub async fn list_product_customers(
    app: web::Data<App>,
    caller: Caller,
    id: PathId<Product>,
    query: Listed<ProductCustomerFilter, CustomerSort>,
) -> AppResult<Reply> {
    app.list(caller, query, move |conn, ctx, query| {
        customer_products::customers_of(conn, ctx, id.0, query)
    })
    .await
}
