//! Transfers of customers, and the group's shared column.

use actix_web::{get, post, web};

use crate::{
    api::customers::{
        customer::CustomerSummary,
        transfer::{
            BulkTransfer, BulkTransferView, ReturnToGroup, SharedColumnFilter, Transfer,
            TransferView,
        },
    },
    app::App,
    domain::id::kind::{Customer, CustomerId, Unit, UnitId},
    error::AppResult,
    http::{
        Body, Caller, Listed, NoBody, PathId, Reply,
        query::{ListOf, Paging},
    },
    services::customers::{group_columns, lists::CustomerSort, transfers},
};

/// Transfer a customer.
///
/// To another owner, by a manager within TRANSFER_CUSTOMERS or the owner's direct superior who has it, with a reason
/// (DUP-19, OPP-33, ORG-23). Opportunities, quotes and contracts in work and the place in open conflict cases go along;
/// what waits for approval becomes a draft again; what is closed keeps its author and can be read by the new owner
/// (DUP-18). Seats do not transfer to each other (DUP-16, AMB-11). `If-Match` is honoured.
#[utoipa::path(tag = "Customers", params(("id" = CustomerId, Path, description = "The customer.")), request_body = Transfer, responses((status = 200, description = "Transferred.", body = TransferView)))]
#[post("/customers/{id}/transfer")]
pub async fn transfer_customer(
    app: web::Data<App>,
    caller: Caller,
    id: PathId<Customer>,
    body: Body<Transfer>,
) -> AppResult<Reply> {
    app.command(caller, body, move |tx, ctx, body| {
        transfers::transfer(tx, ctx, id.0, body)
    })
    .await
}

/// Transfer several customers.
///
/// Up to 100 to one receiver (DUP-19). Each is decided by itself, as a single transfer is: the answer has a result for
/// every customer, and those that are refused stay where they are. A version that is given must be the current one.
#[utoipa::path(tag = "Customers", request_body = BulkTransfer, responses((status = 200, description = "What became of each.", body = BulkTransferView)))]
#[post("/customer-transfers")]
pub async fn transfer_customers(
    app: web::Data<App>,
    caller: Caller,
    body: Body<BulkTransfer>,
) -> AppResult<Reply> {
    app.command(caller, body, transfers::transfer_all).await
}

/// Return a customer to the group's shared column.
///
/// By the seat that owns it, or whoever may transfer it (DUP-15, AMB-16): a customer of a call-centre line whose owner
/// works in a group, without opportunities, quotes or contracts in work. `If-Match` is honoured.
#[utoipa::path(tag = "Customers", params(("id" = CustomerId, Path, description = "The customer.")), request_body = ReturnToGroup, responses((status = 200, description = "In the shared column.", body = TransferView)))]
#[post("/customers/{id}/return-to-group")]
pub async fn return_customer_to_group(
    app: web::Data<App>,
    caller: Caller,
    id: PathId<Customer>,
    body: Body<ReturnToGroup>,
) -> AppResult<Reply> {
    app.command(caller, body, move |tx, ctx, body| {
        group_columns::give_back(tx, ctx, id.0, body)
    })
    .await
}

/// Take a customer from the group's shared column.
///
/// A seat takes from the column of its own group only (DUP-15, GRP-18); of several at once one gets it, the others get
/// 409.
#[utoipa::path(tag = "Customers", params(("id" = CustomerId, Path, description = "The customer.")), responses((status = 200, description = "Taken.", body = TransferView)))]
#[post("/customers/{id}/take-from-group")]
pub async fn take_customer_from_group(
    app: web::Data<App>,
    caller: Caller,
    id: PathId<Customer>,
    body: NoBody,
) -> AppResult<Reply> {
    app.command(caller, body, move |tx, ctx, ()| {
        group_columns::take(tx, ctx, id.0)
    })
    .await
}

/// List a group's shared column.
///
/// For the seats of the group, and whoever may read the customers of the unit (DUP-15, ORG-15). Sort keys:
/// `updated_at`, `created_at`, `name`.
#[utoipa::path(tag = "Customers", params(("id" = UnitId, Path, description = "The group."), SharedColumnFilter, Paging), responses((status = 200, description = "A page.", body = ListOf<CustomerSummary>)))]
#[get("/units/{id}/shared-customers")]
pub async fn list_shared_customers(
    app: web::Data<App>,
    caller: Caller,
    id: PathId<Unit>,
    query: Listed<SharedColumnFilter, CustomerSort>,
) -> AppResult<Reply> {
    app.list(caller, query, move |conn, ctx, query| {
        group_columns::list(conn, ctx, id.0, query)
    })
    .await
}
