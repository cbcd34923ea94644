//! Departures.

use actix_web::{get, post, web};

use crate::{
    api::org::departure::{DepartureFilter, DepartureReason, DepartureView, NewDeparture},
    app::App,
    domain::id::kind::{Departure, DepartureId},
    error::AppResult,
    http::{
        Body, Caller, Listed, NoBody, PathId, Reply,
        query::{ListOf, Paging},
    },
    services::org::departures::{self, DepartureSort},
};

/// List departures.
///
/// One's own, those one answers for, and those of the people within HANDLE_DEPARTURES; overdue ones are those held
/// against the responsible manager (ORG-23, ORG-24). Sort keys: `created_at`, `due_at`.
#[utoipa::path(tag = "Organisation", params(DepartureFilter, Paging), responses((status = 200, description = "A page of departures.", body = ListOf<DepartureView>)))]
#[get("/departures")]
pub async fn list_departures(
    app: web::Data<App>,
    caller: Caller,
    query: Listed<DepartureFilter, DepartureSort>,
) -> AppResult<Reply> {
    app.list(caller, query, departures::list).await
}

/// Announce a departure.
///
/// The person is LEAVING from now on and may not share, export or reveal any more. The nearest superior with
/// HANDLE_DEPARTURES answers for it; where the sales manager leaves, the next one (ORG-23, AMB-50). It is to be completed
/// within the working days of the policy `departure` after the last day.
#[utoipa::path(tag = "Organisation", request_body = NewDeparture, responses((status = 201, description = "Announced.", body = DepartureView)))]
#[post("/departures")]
pub async fn announce_departure(
    app: web::Data<App>,
    caller: Caller,
    body: Body<NewDeparture>,
) -> AppResult<Reply> {
    app.create(caller, body, departures::announce).await
}

/// Get a departure.
///
/// With what is still to be handed over, and until when (ORG-23).
#[utoipa::path(tag = "Organisation", params(("id" = DepartureId, Path, description = "Departure.")), responses((status = 200, description = "The departure.", body = DepartureView)))]
#[get("/departures/{id}")]
pub async fn get_departure(
    app: web::Data<App>,
    caller: Caller,
    id: PathId<Departure>,
) -> AppResult<Reply> {
    app.read(caller, move |conn, ctx| departures::get(conn, ctx, id.0))
        .await
}

/// Complete a departure.
///
/// Once nothing is left to hand over: the account is disabled, all sessions end at once, roles, delegations and shares
/// to the person end, open approvals find new holders (ORG-23, SEC-17). `If-Match` is honoured.
#[utoipa::path(tag = "Organisation", params(("id" = DepartureId, Path, description = "Departure.")), responses((status = 200, description = "Completed.", body = DepartureView)))]
#[post("/departures/{id}/complete")]
pub async fn complete_departure(
    app: web::Data<App>,
    caller: Caller,
    id: PathId<Departure>,
    body: NoBody,
) -> AppResult<Reply> {
    app.command(caller, body, move |tx, ctx, ()| {
        departures::complete(tx, ctx, id.0)
    })
    .await
}

/// Cancel a departure.
///
/// The person stays (ORG-23). What was handed over meanwhile comes back by another handover.
#[utoipa::path(tag = "Organisation", params(("id" = DepartureId, Path, description = "Departure.")), request_body = DepartureReason, responses((status = 200, description = "Cancelled.", body = DepartureView)))]
#[post("/departures/{id}/cancel")]
pub async fn cancel_departure(
    app: web::Data<App>,
    caller: Caller,
    id: PathId<Departure>,
    body: Body<DepartureReason>,
) -> AppResult<Reply> {
    app.command(caller, body, move |tx, ctx, body| {
        departures::cancel(tx, ctx, id.0, body)
    })
    .await
}

/// Take somebody back.
///
/// By the administrator, after a completed departure (ORG-23): the account is open again; roles are given anew, records
/// come back by another handover.
#[utoipa::path(tag = "Organisation", params(("id" = DepartureId, Path, description = "Departure.")), request_body = DepartureReason, responses((status = 200, description = "Back in service.", body = DepartureView)))]
#[post("/departures/{id}/reinstate")]
pub async fn reinstate_departure(
    app: web::Data<App>,
    caller: Caller,
    id: PathId<Departure>,
    body: Body<DepartureReason>,
) -> AppResult<Reply> {
    app.command(caller, body, move |tx, ctx, body| {
        departures::reinstate(tx, ctx, id.0, body)
    })
    .await
}
