//! Upkeep of customers: value, key mark, confirmation, major changes, supplements.

use actix_web::{get, patch, post, web};

use crate::{
    api::customers::{
        customer::{CustomerView, Reason},
        standing::{
            CustomerSupplement, MajorChangeView, NewMajorChange, NewValueAssessment, NoFilter,
            ValueAssessmentView,
        },
    },
    app::App,
    domain::id::kind::{Customer, CustomerId},
    error::AppResult,
    http::{
        Body, Caller, Listed, NoBody, PathId, Reply,
        query::{ListOf, Paging},
    },
    services::customers::{
        major_changes::{self, MajorChangeSort},
        standing, supplement,
        value::{self, ValueAssessmentSort},
    },
};

/// Assess a customer's value.
///
/// Scores from 1 to 5 for every criterion of the policy `customer_value` give a value from 0 to 100 points and a grade
/// (CUS-43). Earlier assessments are kept.
#[utoipa::path(tag = "Customers", params(("id" = CustomerId, Path, description = "The customer.")), request_body = NewValueAssessment, responses((status = 201, description = "Assessed.", body = ValueAssessmentView)))]
#[post("/customers/{id}/value-assessments")]
pub async fn assess_customer_value(
    app: web::Data<App>,
    caller: Caller,
    id: PathId<Customer>,
    body: Body<NewValueAssessment>,
) -> AppResult<Reply> {
    app.create(caller, body, move |tx, ctx, body| {
        value::assess(tx, ctx, id.0, body)
    })
    .await
}

/// List a customer's value assessments.
///
/// All that there ever were, latest first (CUS-43). Sort key: `created_at`.
#[utoipa::path(tag = "Customers", params(("id" = CustomerId, Path, description = "The customer."), Paging), responses((status = 200, description = "A page.", body = ListOf<ValueAssessmentView>)))]
#[get("/customers/{id}/value-assessments")]
pub async fn list_value_assessments(
    app: web::Data<App>,
    caller: Caller,
    id: PathId<Customer>,
    query: Listed<NoFilter, ValueAssessmentSort>,
) -> AppResult<Reply> {
    app.list(caller, query, move |conn, ctx, query| {
        value::history(conn, ctx, id.0, query)
    })
    .await
}

/// Mark a key customer.
///
/// With the reason; it then stands in the list of key customers (CUS-46, AMB-55).
#[utoipa::path(tag = "Customers", params(("id" = CustomerId, Path, description = "The customer.")), request_body = Reason, responses((status = 200, description = "Marked.", body = CustomerView)))]
#[post("/customers/{id}/mark-key")]
pub async fn mark_key_customer(
    app: web::Data<App>,
    caller: Caller,
    id: PathId<Customer>,
    body: Body<Reason>,
) -> AppResult<Reply> {
    app.command(caller, body, move |tx, ctx, body| {
        value::mark_key(tx, ctx, id.0, body)
    })
    .await
}

/// Take back the mark of a key customer.
///
/// It stays in the history (CUS-46).
#[utoipa::path(tag = "Customers", params(("id" = CustomerId, Path, description = "The customer.")), responses((status = 200, description = "No longer marked.", body = CustomerView)))]
#[post("/customers/{id}/unmark-key")]
pub async fn unmark_key_customer(
    app: web::Data<App>,
    caller: Caller,
    id: PathId<Customer>,
    body: NoBody,
) -> AppResult<Reply> {
    app.command(caller, body, move |tx, ctx, ()| {
        value::unmark_key(tx, ctx, id.0)
    })
    .await
}

/// Confirm that a customer's data is current.
///
/// "I looked, it is still true": the refresh period of the policy `customer_card` begins again (CUS-25, AMB-35). An edit
/// confirms too.
#[utoipa::path(tag = "Customers", params(("id" = CustomerId, Path, description = "The customer.")), responses((status = 200, description = "Confirmed.", body = CustomerView)))]
#[post("/customers/{id}/confirm-current")]
pub async fn confirm_customer_current(
    app: web::Data<App>,
    caller: Caller,
    id: PathId<Customer>,
    body: NoBody,
) -> AppResult<Reply> {
    app.command(caller, body, move |tx, ctx, ()| {
        standing::confirm(tx, ctx, id.0)
    })
    .await
}

/// Enter a major change.
///
/// An organisation change, a contact who left: it is judged whether that was entered immediately (CUS-26).
#[utoipa::path(tag = "Customers", params(("id" = CustomerId, Path, description = "The customer.")), request_body = NewMajorChange, responses((status = 201, description = "Entered.", body = MajorChangeView)))]
#[post("/customers/{id}/major-changes")]
pub async fn enter_major_change(
    app: web::Data<App>,
    caller: Caller,
    id: PathId<Customer>,
    body: Body<NewMajorChange>,
) -> AppResult<Reply> {
    app.create(caller, body, move |tx, ctx, body| {
        major_changes::enter(tx, ctx, id.0, body)
    })
    .await
}

/// List a customer's major changes.
///
/// Latest entry first, with how long each took to be entered (CUS-26). Sort key: `created_at`.
#[utoipa::path(tag = "Customers", params(("id" = CustomerId, Path, description = "The customer."), Paging), responses((status = 200, description = "A page.", body = ListOf<MajorChangeView>)))]
#[get("/customers/{id}/major-changes")]
pub async fn list_major_changes(
    app: web::Data<App>,
    caller: Caller,
    id: PathId<Customer>,
    query: Listed<NoFilter, MajorChangeSort>,
) -> AppResult<Reply> {
    app.list(caller, query, move |conn, ctx, query| {
        major_changes::list(conn, ctx, id.0, query)
    })
    .await
}

/// Supplement a deal-closed customer.
///
/// By customer service, once a contract is signed: how the company and its processes are, nothing else (CUS-23). A
/// merge-patch; `If-Match` is required.
#[utoipa::path(tag = "Customers", params(("id" = CustomerId, Path, description = "The customer.")), request_body = CustomerSupplement, responses((status = 200, description = "Supplemented.", body = CustomerView)))]
#[patch("/customers/{id}/supplement")]
pub async fn supplement_customer(
    app: web::Data<App>,
    caller: Caller,
    id: PathId<Customer>,
    body: Body<CustomerSupplement>,
) -> AppResult<Reply> {
    app.decide(caller, body, move |tx, ctx, body| {
        supplement::supplement(tx, ctx, id.0, body)
    })
    .await
}
