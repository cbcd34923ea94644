//! Delegations: who decides for whom while absent.

use actix_web::{get, post, web};

use crate::{
    api::org::delegation::{
        DelegationFilter, DelegationView, NewDelegation, WorkInStead, WorkInSteadFilter,
    },
    app::App,
    domain::id::kind::{Delegation, DelegationId},
    error::AppResult,
    http::{
        Body, Caller, Listed, NoBody, PathId, Reply,
        query::{ListOf, Paging},
    },
    services::org::delegations::{self, DelegationSort, EventSort},
};

/// List delegations.
///
/// One's own, given or taken, and those of the people whom one manages (ORG-33); sorted by `created_at`, the newest
/// first.
#[utoipa::path(tag = "Organisation", params(DelegationFilter, Paging), responses((status = 200, description = "A page of delegations.", body = ListOf<DelegationView>)))]
#[get("/delegations")]
pub async fn list_delegations(
    app: web::Data<App>,
    caller: Caller,
    query: Listed<DelegationFilter, DelegationSort>,
) -> AppResult<Reply> {
    app.list(caller, query, delegations::list).await
}

/// Name someone who stands in.
///
/// For oneself, for one's direct subordinate, or with MANAGE_USERS for someone whom one manages: the delegate decides
/// what waits for the absent person, for as long as the policy `delegation` allows (ORG-33). With `works_records` the
/// delegate also works the absent person's customers and what belongs to them, in the person's stead (DUP-17). Nobody decides on their own records by way of a
/// delegation (AMB-13). The same delegation for an overlapping time is 409 with the other one's `delegation_id`.
#[utoipa::path(tag = "Organisation", request_body = NewDelegation, responses((status = 201, description = "Named.", body = DelegationView)))]
#[post("/delegations")]
pub async fn create_delegation(
    app: web::Data<App>,
    caller: Caller,
    body: Body<NewDelegation>,
) -> AppResult<Reply> {
    app.create(caller, body, delegations::create).await
}

/// Get a delegation.
///
/// One's own, given or taken, or one of the people whom one manages (ORG-33).
#[utoipa::path(tag = "Organisation", params(("id" = DelegationId, Path, description = "Delegation.")), responses((status = 200, description = "The delegation.", body = DelegationView)))]
#[get("/delegations/{id}")]
pub async fn get_delegation(
    app: web::Data<App>,
    caller: Caller,
    id: PathId<Delegation>,
) -> AppResult<Reply> {
    app.read(caller, move |conn, ctx| delegations::get(conn, ctx, id.0))
        .await
}

/// List what was done in stead.
///
/// Everything that the stand-in did in the absent person's stead under this delegation, so that the colleague takes over
/// again without loss (DUP-17); for both of them and whoever manages the absent person. Sort key: `at`.
#[utoipa::path(tag = "Organisation", params(("id" = DelegationId, Path, description = "Delegation."), WorkInSteadFilter, Paging), responses((status = 200, description = "A page.", body = ListOf<WorkInStead>)))]
#[get("/delegations/{id}/work")]
pub async fn list_work_in_stead(
    app: web::Data<App>,
    caller: Caller,
    id: PathId<Delegation>,
    query: Listed<WorkInSteadFilter, EventSort>,
) -> AppResult<Reply> {
    app.list(caller, query, move |conn, ctx, query| {
        delegations::work(conn, ctx, id.0, query)
    })
    .await
}

/// End a delegation early.
///
/// By the absent person or whoever manages that person (ORG-33); what the delegate decided stays decided.
#[utoipa::path(tag = "Organisation", params(("id" = DelegationId, Path, description = "Delegation.")), responses((status = 200, description = "The ended delegation.", body = DelegationView)))]
#[post("/delegations/{id}/revoke")]
pub async fn revoke_delegation(
    app: web::Data<App>,
    caller: Caller,
    id: PathId<Delegation>,
    body: NoBody,
) -> AppResult<Reply> {
    app.command(caller, body, move |tx, ctx, ()| {
        delegations::revoke(tx, ctx, id.0)
    })
    .await
}
