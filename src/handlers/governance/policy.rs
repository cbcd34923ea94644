//! Policies and their versions.

use actix_web::{get, post, web};

use crate::{
    api::governance::{
        approval::Withdraw,
        policy::{PolicyList, PolicyVersionFilter, PolicyVersionView, PolicyView, ProposePolicy},
    },
    app::App,
    domain::id::kind::{PolicyVersion, PolicyVersionId},
    error::AppResult,
    http::{
        Body, Caller, Listed, PathId, Reply,
        query::{ListOf, Paging},
    },
    services::governance::{
        policies,
        policy_views::{self, PolicyVersionSort},
    },
};

/// List policies.
///
/// Every number of the regulation is a setting: its requirements, the value in force, and what will take effect.
#[utoipa::path(tag = "Policies", responses((status = 200, description = "Every policy.", body = PolicyList)))]
#[get("/policies")]
pub async fn list_policies(app: web::Data<App>, caller: Caller) -> AppResult<Reply> {
    app.read(caller, policy_views::catalogue).await
}

/// Read a policy.
///
/// The settings in force; number 0 is the regulation's default.
#[utoipa::path(tag = "Policies", params(("key" = String, Path, min_length = 1, max_length = 100, example = "quote_discount", description = "The policy's key.")), responses((status = 200, description = "The policy.", body = PolicyView)))]
#[get("/policies/{key}")]
pub async fn get_policy(
    app: web::Data<App>,
    caller: Caller,
    key: web::Path<String>,
) -> AppResult<Reply> {
    app.read(caller, move |conn, ctx| policy_views::read(conn, ctx, &key))
        .await
}

/// List a policy's versions.
///
/// Everybody sees what is or was in force; proposals and refused versions are for those who propose, approve or audit.
/// Sorted by `number`, the latest first.
#[utoipa::path(tag = "Policies", params(("key" = String, Path, min_length = 1, max_length = 100, example = "quote_discount", description = "The policy's key."), PolicyVersionFilter, Paging), responses((status = 200, description = "A page of versions.", body = ListOf<PolicyVersionView>)))]
#[get("/policies/{key}/versions")]
pub async fn list_policy_versions(
    app: web::Data<App>,
    caller: Caller,
    key: web::Path<String>,
    query: Listed<PolicyVersionFilter, PolicyVersionSort>,
) -> AppResult<Reply> {
    app.list(caller, query, move |conn, ctx, query| {
        policy_views::versions(conn, ctx, &key, query)
    })
    .await
}

/// Propose a version of a policy.
///
/// Needs MANAGE_POLICIES. Checked as a whole with every failing field, then put to whoever holds APPROVE_POLICIES;
/// nobody approves their own proposal (AMB-13). `If-Match` with the number in force is honoured.
#[utoipa::path(tag = "Policies", params(("key" = String, Path, min_length = 1, max_length = 100, example = "quote_discount", description = "The policy's key.")), request_body = ProposePolicy, responses((status = 201, description = "The proposed version.", body = PolicyVersionView)))]
#[post("/policies/{key}/versions")]
pub async fn propose_policy_version(
    app: web::Data<App>,
    caller: Caller,
    key: web::Path<String>,
    body: Body<ProposePolicy>,
) -> AppResult<Reply> {
    app.create(caller, body, move |tx, ctx, body| {
        policies::propose(tx, ctx, &key, body)
    })
    .await
}

/// Read a version of a policy.
///
/// What a decision that records this number was judged by.
#[utoipa::path(tag = "Policies", params(("id" = PolicyVersionId, Path, description = "The version.")), responses((status = 200, description = "The version.", body = PolicyVersionView)))]
#[get("/policy-versions/{id}")]
pub async fn get_policy_version(
    app: web::Data<App>,
    caller: Caller,
    id: PathId<PolicyVersion>,
) -> AppResult<Reply> {
    app.read(caller, move |conn, ctx| {
        policy_views::version(conn, ctx, id.0)
    })
    .await
}

/// Withdraw a proposed version.
///
/// By whoever proposed it, before it is decided.
#[utoipa::path(tag = "Policies", params(("id" = PolicyVersionId, Path, description = "The version.")), request_body = Withdraw, responses((status = 200, description = "The withdrawn version.", body = PolicyVersionView)))]
#[post("/policy-versions/{id}/withdraw")]
pub async fn withdraw_policy_version(
    app: web::Data<App>,
    caller: Caller,
    id: PathId<PolicyVersion>,
    body: Body<Withdraw>,
) -> AppResult<Reply> {
    app.command(caller, body, move |tx, ctx, body| {
        policies::withdraw(tx, ctx, id.0, body)
    })
    .await
}
