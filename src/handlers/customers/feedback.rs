//! Feedback of customers.

use actix_web::{get, patch, post, web};

use crate::{
    api::customers::feedback::{
        FeedbackFilter, FeedbackPatch, FeedbackSummary, FeedbackView, NewFeedback,
    },
    app::App,
    domain::id::kind::{Customer, CustomerId, Feedback, FeedbackId},
    error::AppResult,
    http::{
        Body, Caller, Listed, PathId, Reply,
        query::{ListOf, Paging},
    },
    services::customers::feedback::{self, FeedbackSort},
};

/// List a customer's feedback.
///
/// Satisfaction and loyalty as the customer told it (CUS-52). Sort key: `received_on`.
#[utoipa::path(tag = "Customers", params(("id" = CustomerId, Path, description = "The customer."), FeedbackFilter, Paging), responses((status = 200, description = "A page.", body = ListOf<FeedbackView>)))]
#[get("/customers/{id}/feedback")]
pub async fn list_feedback(
    app: web::Data<App>,
    caller: Caller,
    id: PathId<Customer>,
    query: Listed<FeedbackFilter, FeedbackSort>,
) -> AppResult<Reply> {
    app.list(caller, query, move |conn, ctx, query| {
        feedback::list(conn, ctx, id.0, query)
    })
    .await
}

/// Record a customer's feedback.
///
/// By customer service (`RECORD_FEEDBACK`), or whoever may change the customer; a score or words at least (CUS-52).
#[utoipa::path(tag = "Customers", params(("id" = CustomerId, Path, description = "The customer.")), request_body = NewFeedback, responses((status = 201, description = "Recorded.", body = FeedbackView)))]
#[post("/customers/{id}/feedback")]
pub async fn record_feedback(
    app: web::Data<App>,
    caller: Caller,
    id: PathId<Customer>,
    body: Body<NewFeedback>,
) -> AppResult<Reply> {
    app.create(caller, body, move |tx, ctx, body| {
        feedback::record(tx, ctx, id.0, body)
    })
    .await
}

/// Sum up a customer's feedback.
///
/// How many, and the averages of satisfaction and loyalty (CUS-52).
#[utoipa::path(tag = "Customers", params(("id" = CustomerId, Path, description = "The customer.")), responses((status = 200, description = "The figures.", body = FeedbackSummary)))]
#[get("/customers/{id}/feedback-summary")]
pub async fn summarize_feedback(
    app: web::Data<App>,
    caller: Caller,
    id: PathId<Customer>,
) -> AppResult<Reply> {
    app.read(caller, move |conn, ctx| feedback::summary(conn, ctx, id.0))
        .await
}

/// Get feedback.
///
/// Visible with its customer (CUS-52).
#[utoipa::path(tag = "Customers", params(("id" = FeedbackId, Path, description = "The feedback.")), responses((status = 200, description = "The feedback.", body = FeedbackView)))]
#[get("/feedback/{id}")]
pub async fn get_feedback(
    app: web::Data<App>,
    caller: Caller,
    id: PathId<Feedback>,
) -> AppResult<Reply> {
    app.read(caller, move |conn, ctx| feedback::get(conn, ctx, id.0))
        .await
}

/// Correct feedback.
///
/// By who recorded it, or who may change the customer; what it said before stays in the customer's history (CUS-52). A
/// merge-patch; `If-Match` is required.
#[utoipa::path(tag = "Customers", params(("id" = FeedbackId, Path, description = "The feedback.")), request_body = FeedbackPatch, responses((status = 200, description = "Corrected.", body = FeedbackView)))]
#[patch("/feedback/{id}")]
pub async fn correct_feedback(
    app: web::Data<App>,
    caller: Caller,
    id: PathId<Feedback>,
    body: Body<FeedbackPatch>,
) -> AppResult<Reply> {
    app.decide(caller, body, move |tx, ctx, body| {
        feedback::correct(tx, ctx, id.0, body)
    })
    .await
}
