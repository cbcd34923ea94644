//! Opportunities.

use actix_web::{get, patch, post, web};

use crate::{
    api::sales::opportunity::{
        CloseLost, NewOpportunity, OpportunityFilter, OpportunityPatch, OpportunitySummary,
        OpportunityView, Reassign, Reopen,
    },
    app::App,
    domain::id::kind::{Opportunity, OpportunityId},
    error::AppResult,
    http::{
        Body, Caller, Listed, NoBody, PathId, Reply,
        query::{ListOf, Paging},
    },
    services::sales::{
        closing,
        opportunities::{self, OpportunitySort},
        registration,
    },
};

/// Enter an opportunity.
///
/// A draft (OPP-02): of the six mandatory items (OPP-03) some may still be missing, `missing` names them. The customer is
/// given by `customer_id` if it is visible, or by its name; it must be registered by the time of submission (OPP-12).
#[utoipa::path(tag = "Opportunities", request_body = NewOpportunity, responses((status = 201, description = "Entered as a draft: submit it for review.", body = OpportunityView)))]
#[post("/opportunities")]
pub async fn create_opportunity(
    app: web::Data<App>,
    caller: Caller,
    body: Body<NewOpportunity>,
) -> AppResult<Reply> {
    app.create(caller, body, opportunities::create).await
}

/// List opportunities.
///
/// The opportunities that the caller may see: own, subordinates', within the reach of a role, shared, pursued together
/// after a ruling (ORG-10, ORG-26, CONF-04, OPP-43). Sort keys: `updated_at`, `created_at`.
#[utoipa::path(tag = "Opportunities", params(OpportunityFilter, Paging), responses((status = 200, description = "A page.", body = ListOf<OpportunitySummary>)))]
#[get("/opportunities")]
pub async fn list_opportunities(
    app: web::Data<App>,
    caller: Caller,
    query: Listed<OpportunityFilter, OpportunitySort>,
) -> AppResult<Reply> {
    app.list(caller, query, opportunities::list).await
}

/// Get an opportunity.
///
/// With what is missing (OPP-03), how long it was untouched (OPP-33), who pursues it, and `allowed_actions`.
#[utoipa::path(tag = "Opportunities", params(("id" = OpportunityId, Path, description = "The opportunity.")), responses((status = 200, description = "The opportunity.", body = OpportunityView)))]
#[get("/opportunities/{id}")]
pub async fn get_opportunity(
    app: web::Data<App>,
    caller: Caller,
    id: PathId<Opportunity>,
) -> AppResult<Reply> {
    app.read(caller, move |conn, ctx| opportunities::get(conn, ctx, id.0))
        .await
}

/// Change an opportunity.
///
/// A merge-patch; `If-Match` is required. Not while it is under review (OPP-04: withdraw it first), after a collision
/// (OPP-07), or once its close is confirmed (OPP-27). The stage is set while it is followed (OPP-14); earlier stages and
/// expected signing dates stay in its history (OPP-15, OPP-35). Once registered it keeps its customer (AMB-46).
#[utoipa::path(tag = "Opportunities", params(("id" = OpportunityId, Path, description = "The opportunity.")), request_body = OpportunityPatch, responses((status = 200, description = "The changed opportunity.", body = OpportunityView)))]
#[patch("/opportunities/{id}")]
pub async fn update_opportunity(
    app: web::Data<App>,
    caller: Caller,
    id: PathId<Opportunity>,
    body: Body<OpportunityPatch>,
) -> AppResult<Reply> {
    app.decide(caller, body, move |tx, ctx, body| {
        opportunities::update(tx, ctx, id.0, body)
    })
    .await
}

/// Submit an opportunity for registration.
///
/// Every missing item is named (OPP-03, OPP-05). Its customer must be registered and effective (OPP-12, CUS-22), else it
/// stays a draft. If the customer is a colleague's the registration fails (OPP-07): 409 `COLLISION` with `winner`
/// (AMB-33), `opportunity_id` and `conflict_case_id`; the attempt is kept, and the case may be appealed (AMB-45).
/// Otherwise it goes to the review of the unit (OPP-04).
#[utoipa::path(tag = "Opportunities", params(("id" = OpportunityId, Path, description = "The opportunity.")), responses((status = 200, description = "Under review.", body = OpportunityView)))]
#[post("/opportunities/{id}/submit")]
pub async fn submit_opportunity(
    app: web::Data<App>,
    caller: Caller,
    id: PathId<Opportunity>,
    body: NoBody,
) -> AppResult<Reply> {
    app.command(caller, body, move |tx, ctx, ()| {
        registration::submit(tx, ctx, id.0)
    })
    .await
}

/// Withdraw an opportunity from review.
///
/// It is a draft again and may be changed (OPP-04).
#[utoipa::path(tag = "Opportunities", params(("id" = OpportunityId, Path, description = "The opportunity.")), responses((status = 200, description = "A draft again.", body = OpportunityView)))]
#[post("/opportunities/{id}/withdraw")]
pub async fn withdraw_opportunity(
    app: web::Data<App>,
    caller: Caller,
    id: PathId<Opportunity>,
    body: NoBody,
) -> AppResult<Reply> {
    app.command(caller, body, move |tx, ctx, ()| {
        registration::withdraw(tx, ctx, id.0)
    })
    .await
}

/// Close an opportunity as won.
///
/// Its contract must have been entered and approved (OPP-21); within one working day after signing (OPP-24).
#[utoipa::path(tag = "Opportunities", params(("id" = OpportunityId, Path, description = "The opportunity.")), responses((status = 200, description = "Closed as won; the close is to be confirmed.", body = OpportunityView)))]
#[post("/opportunities/{id}/close-won")]
pub async fn close_opportunity_won(
    app: web::Data<App>,
    caller: Caller,
    id: PathId<Opportunity>,
    body: NoBody,
) -> AppResult<Reply> {
    app.command(caller, body, move |tx, ctx, ()| {
        closing::close_won(tx, ctx, id.0)
    })
    .await
}

/// Close an opportunity as lost.
///
/// The reason in detail and the failed amount are mandatory (OPP-29).
#[utoipa::path(tag = "Opportunities", params(("id" = OpportunityId, Path, description = "The opportunity.")), request_body = CloseLost, responses((status = 200, description = "Closed as lost; the close is to be confirmed.", body = OpportunityView)))]
#[post("/opportunities/{id}/close-lost")]
pub async fn close_opportunity_lost(
    app: web::Data<App>,
    caller: Caller,
    id: PathId<Opportunity>,
    body: Body<CloseLost>,
) -> AppResult<Reply> {
    app.command(caller, body, move |tx, ctx, body| {
        closing::close_lost(tx, ctx, id.0, body)
    })
    .await
}

/// Reopen a closed opportunity.
///
/// When the close was wrong, and before it is confirmed (OPP-28): it is followed again.
#[utoipa::path(tag = "Opportunities", params(("id" = OpportunityId, Path, description = "The opportunity.")), request_body = Reopen, responses((status = 200, description = "Followed again.", body = OpportunityView)))]
#[post("/opportunities/{id}/reopen")]
pub async fn reopen_opportunity(
    app: web::Data<App>,
    caller: Caller,
    id: PathId<Opportunity>,
    body: Body<Reopen>,
) -> AppResult<Reply> {
    app.command(caller, body, move |tx, ctx, body| {
        closing::reopen(tx, ctx, id.0, body)
    })
    .await
}

/// Confirm the close of an opportunity.
///
/// By a manager or assistant whose CONFIRM_CLOSE covers its unit, never by its owner (OPP-25, AMB-13); `If-Match` is
/// required. Data must be complete, a won one must have its contract (OPP-26, OPP-28). It is immutable from then on
/// (OPP-27), and the confirmer answers for it (OPP-31).
#[utoipa::path(tag = "Opportunities", params(("id" = OpportunityId, Path, description = "The opportunity.")), responses((status = 200, description = "Confirmed: nobody changes it any more.", body = OpportunityView)))]
#[post("/opportunities/{id}/confirm-close")]
pub async fn confirm_opportunity_close(
    app: web::Data<App>,
    caller: Caller,
    id: PathId<Opportunity>,
    body: NoBody,
) -> AppResult<Reply> {
    app.decide(caller, body, move |tx, ctx, ()| {
        closing::confirm(tx, ctx, id.0)
    })
    .await
}

/// Reassign an idle opportunity.
///
/// After more than 30 days (policy `opportunity`) without sales activity its manager may give it to someone else
/// (OPP-32), who may then work on its customer too.
#[utoipa::path(tag = "Opportunities", params(("id" = OpportunityId, Path, description = "The opportunity.")), request_body = Reassign, responses((status = 200, description = "The opportunity with its new owner.", body = OpportunityView)))]
#[post("/opportunities/{id}/reassign")]
pub async fn reassign_opportunity(
    app: web::Data<App>,
    caller: Caller,
    id: PathId<Opportunity>,
    body: Body<Reassign>,
) -> AppResult<Reply> {
    app.command(caller, body, move |tx, ctx, body| {
        closing::reassign(tx, ctx, id.0, body)
    })
    .await
}
