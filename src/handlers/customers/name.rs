//! Former names and aliases of a customer.

use actix_web::{delete, get, post, web};

use crate::{
    api::customers::name::{CustomerNameView, NewCustomerName},
    app::App,
    domain::id::kind::{Customer, CustomerId, CustomerName, CustomerNameId},
    error::AppResult,
    http::{Body, Caller, NoBody, PathId, Reply},
    services::customers::further_names,
};

/// List a customer's former names and aliases.
///
/// In the order in which they were recorded (DUP-08); then the names of customers that have been merged into it, with the
/// merge (DUP-09): they lead to it, too, until the merge is undone, and are not removed singly.
#[utoipa::path(tag = "Customers", params(("id" = CustomerId, Path, description = "The customer.")), responses((status = 200, description = "The names.", body = Vec<CustomerNameView>)))]
#[get("/customers/{id}/names")]
pub async fn list_customer_names(
    app: web::Data<App>,
    caller: Caller,
    id: PathId<Customer>,
) -> AppResult<Reply> {
    app.read(caller, move |conn, ctx| {
        further_names::list(conn, ctx, id.0)
    })
    .await
}

/// Record a former name or an alias.
///
/// It is unique in the customer's line like the name in force (DUP-08, CONF-01): if another customer has it, 409
/// `ALREADY_REGISTERED` names the winner, and the attempt is recorded. A change of the name in force keeps the old one as
/// a former name by itself. There may be so many as the policy `customer_registration` says (`further_names_at_most`).
#[utoipa::path(tag = "Customers", params(("id" = CustomerId, Path, description = "The customer.")), request_body = NewCustomerName, responses((status = 201, description = "Recorded.", body = CustomerNameView)))]
#[post("/customers/{id}/names")]
pub async fn add_customer_name(
    app: web::Data<App>,
    caller: Caller,
    id: PathId<Customer>,
    body: Body<NewCustomerName>,
) -> AppResult<Reply> {
    app.create(caller, body, move |tx, ctx, body| {
        further_names::add(tx, ctx, id.0, body)
    })
    .await
}

/// Remove a former name or an alias.
///
/// Its key becomes free (DUP-08). An alias is also removed by whoever reviews the unit's customers, or merges them. A
/// former name under which the customer was in effect is removed by the administrator only. `If-Match` is required: the
/// `version` that the list shows.
#[utoipa::path(tag = "Customers", params(("id" = CustomerNameId, Path, description = "The name.")), responses((status = 204, description = "Removed.")))]
#[delete("/customer-names/{id}")]
pub async fn remove_customer_name(
    app: web::Data<App>,
    caller: Caller,
    id: PathId<CustomerName>,
    body: NoBody,
) -> AppResult<Reply> {
    app.remove(caller, body, move |tx, ctx, ()| {
        further_names::remove(tx, ctx, id.0)
    })
    .await
}
