//! Customers.

use actix_web::{get, patch, post, web};

use crate::{
    api::customers::{
        correction::CustomerCorrection,
        customer::{CustomerPatch, CustomerSummary, CustomerView, NewCustomer, RegisteredCustomer},
        customer_filter::CustomerFilter,
        removal::CustomerDeletion,
    },
    app::App,
    domain::id::kind::Customer,
    error::AppResult,
    http::{
        Body, Caller, Listed, NoBody, PathId, Reply, SiftedBody,
        query::{ListOf, Paging},
    },
    services::customers::{
        cards, correction,
        lists::{self, CustomerSort},
        maintenance, registering, removal, review,
    },
};

/// Register a customer.
///
/// First registered wins (CONF-01): the registered name, the credit code and, by business line, the phone are unique,
/// arbitrated by the database. The loser gets 409 `ALREADY_REGISTERED` with the winner's customer name, owner,
/// department (AMB-33), and the attempt is recorded. All required fields must be there (CUS-05..CUS-12,
/// CUS-35); who may enter which kind: CUS-03.
#[utoipa::path(tag = "Customers", request_body = NewCustomer, responses((status = 201, description = "Registered as a draft: submit it for review. `likely_duplicates` lists who is likely the same.", body = RegisteredCustomer)))]
#[post("/customers")]
pub async fn register_customer(
    app: web::Data<App>,
    caller: Caller,
    body: SiftedBody<NewCustomer>,
) -> AppResult<Reply> {
    let prepare = |conn: &mut _, ctx: &_, body: &_| {
        let body = registering::judged(conn, ctx, body)?;
        registering::prepare(conn, ctx, body)
    };
    app.create_prepared(caller, body, prepare, |tx, ctx, body, prepared| {
        let body = registering::judged(tx, ctx, body)?;
        registering::register(tx, ctx, body, prepared)
    })
    .await
}

/// List customers.
///
/// The customers that the caller may see: own, subordinates', within the reach of a role, shared (ORG-10, DUP-11,
/// DUP-12, ORG-26), narrowed by any of their classes (CUS-20, CUS-25, CUS-28..33, CUS-43, CUS-44, CUS-46, CUS-47), found by
/// exact `credit_code` or `phone` as the unique keys compare them (DUP-08, DUP-03, AMB-3); what one may not see is not
/// found: `POST /customers/duplicate-checks` tells who has it (DUP-02, AMB-33). Sort keys: `updated_at`, `created_at`, `name`, `refreshed_at`. With `deleted=true` the administrator finds those that were
/// deleted, to restore them (AMB-10); 403 for others.
#[utoipa::path(tag = "Customers", params(CustomerFilter, Paging), responses((status = 200, description = "A page.", body = ListOf<CustomerSummary>)))]
#[get("/customers")]
pub async fn list_customers(
    app: web::Data<App>,
    caller: Caller,
    query: Listed<CustomerFilter, CustomerSort>,
) -> AppResult<Reply> {
    app.list(caller, query, lists::list).await
}

/// Get a customer.
///
/// The card with contacts, what is still missing, its standing (completeness, entry, refresh: CUS-20, CUS-25, CUS-44)
/// and `allowed_actions` (CUS-40). A deleted one, with the reason, for the administrator alone.
#[utoipa::path(tag = "Customers", params(("id" = crate::domain::id::kind::CustomerId, Path, description = "The customer.")), responses((status = 200, description = "The card.", body = CustomerView)))]
#[get("/customers/{id}")]
pub async fn get_customer(
    app: web::Data<App>,
    caller: Caller,
    id: PathId<Customer>,
) -> AppResult<Reply> {
    app.read_few(caller, move |conn, ctx| cards::view(conn, ctx, id.0))
        .await
}

/// Change a customer.
///
/// A merge-patch; `If-Match` is required. A new name, code or phone is checked for duplicates again (AMB-46); not
/// while it is under review (CUS-21).
#[utoipa::path(tag = "Customers", params(("id" = crate::domain::id::kind::CustomerId, Path, description = "The customer.")), request_body = CustomerPatch, responses((status = 200, description = "The changed card.", body = CustomerView)))]
#[patch("/customers/{id}")]
pub async fn update_customer(
    app: web::Data<App>,
    caller: Caller,
    id: PathId<Customer>,
    body: Body<CustomerPatch>,
) -> AppResult<Reply> {
    app.decide(caller, body, move |tx, ctx, body| {
        maintenance::edit(tx, ctx, id.0, body)
    })
    .await
}

/// Correct what a customer was registered as.
///
/// Company or individual, kind, business line, and what goes with them (CUS-27, CUS-02, CUS-07, DUP-05), with a reason. Before
/// the review by whoever may change it and enter the new kind (CUS-03); once it is in effect by who reviews the unit's
/// customers and does not own it (CUS-21, AMB-13). What it is told apart by is claimed anew: if another customer holds a key,
/// 409 `ALREADY_REGISTERED` names it, and the attempt is recorded (AMB-3, AMB-46, CONF-01). All that the new party, kind or
/// line needs must be there, and nothing that it does not take. `If-Match` is required.
#[utoipa::path(tag = "Customers", params(("id" = crate::domain::id::kind::CustomerId, Path, description = "The customer.")), request_body = CustomerCorrection, responses((status = 200, description = "The corrected card.", body = CustomerView)))]
#[post("/customers/{id}/correct")]
pub async fn correct_customer(
    app: web::Data<App>,
    caller: Caller,
    id: PathId<Customer>,
    body: Body<CustomerCorrection>,
) -> AppResult<Reply> {
    app.decide(caller, body, move |tx, ctx, body| {
        correction::correct(tx, ctx, id.0, body)
    })
    .await
}

/// Submit a customer for review.
///
/// To the department manager or assistant (CUS-21); it takes effect only when the review passes (CUS-22). Every
/// missing field is named (CUS-05). An entry after 7 days needs its `entry_special_reason`, one after 10 is noted as late
/// (CUS-20).
#[utoipa::path(tag = "Customers", params(("id" = crate::domain::id::kind::CustomerId, Path, description = "The customer.")), responses((status = 200, description = "Under review.", body = CustomerView)))]
#[post("/customers/{id}/submit")]
pub async fn submit_customer(
    app: web::Data<App>,
    caller: Caller,
    id: PathId<Customer>,
    body: NoBody,
) -> AppResult<Reply> {
    app.command(caller, body, move |tx, ctx, ()| {
        review::submit(tx, ctx, id.0)
    })
    .await
}

/// Withdraw a customer from review.
///
/// It is a draft again and may be edited (CUS-21).
#[utoipa::path(tag = "Customers", params(("id" = crate::domain::id::kind::CustomerId, Path, description = "The customer.")), responses((status = 200, description = "A draft again.", body = CustomerView)))]
#[post("/customers/{id}/withdraw")]
pub async fn withdraw_customer(
    app: web::Data<App>,
    caller: Caller,
    id: PathId<Customer>,
    body: NoBody,
) -> AppResult<Reply> {
    app.command(caller, body, move |tx, ctx, ()| {
        review::withdraw(tx, ctx, id.0)
    })
    .await
}

/// Delete a customer.
///
/// By the administrator only, with a reason (AMB-10, ORG-12, SEC-14); the record is kept and can be restored, its keys
/// become free. While opportunities, quotes, contracts or conflict cases of it are in work it answers 409 with their
/// number in `alive`, unless `acknowledge` is true (CUS-48); they stay as they are. `If-Match` is required.
#[utoipa::path(tag = "Customers", params(("id" = crate::domain::id::kind::CustomerId, Path, description = "The customer.")), request_body = CustomerDeletion, responses((status = 200, description = "Deleted.", body = CustomerView)))]
#[post("/customers/{id}/delete")]
pub async fn delete_customer(
    app: web::Data<App>,
    caller: Caller,
    id: PathId<Customer>,
    body: Body<CustomerDeletion>,
) -> AppResult<Reply> {
    app.decide(caller, body, move |tx, ctx, body| {
        removal::delete(tx, ctx, id.0, body)
    })
    .await
}

/// Restore a deleted customer.
///
/// By the administrator only (AMB-10). If it was registered anew meanwhile, 409 `ALREADY_REGISTERED` names who holds it
/// (CONF-01); no attempt is recorded, for nobody tried to register.
#[utoipa::path(tag = "Customers", params(("id" = crate::domain::id::kind::CustomerId, Path, description = "The customer.")), responses((status = 200, description = "Restored.", body = CustomerView)))]
#[post("/customers/{id}/restore")]
pub async fn restore_customer(
    app: web::Data<App>,
    caller: Caller,
    id: PathId<Customer>,
    body: NoBody,
) -> AppResult<Reply> {
    app.command(caller, body, move |tx, ctx, ()| {
        removal::restore(tx, ctx, id.0)
    })
    .await
}
