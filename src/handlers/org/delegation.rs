//! Delegations: who decides for whom while absent.

use actix_web::{get, post, web};

use crate::{
    api::org::delegation::{DelegationFilter, DelegationView, NewDelegation},
    app::App,
    domain::id::kind::{Delegation, DelegationId},
    error::AppResult,
    http::{
        Body, Caller, Listed, NoBody, PathId, Reply,
        query::{ListOf, Paging},
    },
    services::org::delegations::{self, DelegationSort},
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
/// For oneself, or with MANAGE_USERS for someone whom one manages: the delegate decides what waits for the absent
/// person, for as long as the policy `delegation` allows (ORG-33). Nobody decides on their own records by way of a
/// delegation (AMB-13).
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
