//! The inbox, opinions and withdrawal.

use actix_web::{get, post, web};

use crate::{
    api::governance::approval::{ApprovalFilter, ApprovalView, Decide, Withdraw},
    app::App,
    domain::id::kind::{Approval, ApprovalId},
    error::AppResult,
    http::{
        Body, Caller, Listed, PathId, Reply,
        query::{ListOf, Paging},
    },
    services::governance::{
        approval_views::{self, ApprovalSort},
        approvals,
    },
};

/// List approvals.
///
/// What one submitted or owns, what waits for one's opinion or waited for it, and what one reaches as superior or by
/// role. `waiting_for_me=true` is one's inbox: as holder of a seat, or in the place of someone who is away (ORG-33).
/// Sorted by `created_at`.
#[utoipa::path(tag = "Approvals", params(ApprovalFilter, Paging), responses((status = 200, description = "A page of approvals.", body = ListOf<ApprovalView>)))]
#[get("/approvals")]
pub async fn list_approvals(
    app: web::Data<App>,
    caller: Caller,
    query: Listed<ApprovalFilter, ApprovalSort>,
) -> AppResult<Reply> {
    app.list(caller, query, approval_views::list).await
}

/// Read an approval.
///
/// With its steps, who holds each seat, what was said, and in whose place. The version rises when a step is done or
/// the approval ends, not with each parallel opinion.
#[utoipa::path(tag = "Approvals", params(("id" = ApprovalId, Path, description = "The approval.")), responses((status = 200, description = "The approval.", body = ApprovalView)))]
#[get("/approvals/{id}")]
pub async fn get_approval(
    app: web::Data<App>,
    caller: Caller,
    id: PathId<Approval>,
) -> AppResult<Reply> {
    app.read(caller, move |conn, ctx| {
        approval_views::read(conn, ctx, id.0)
    })
    .await
}

/// Give an opinion.
///
/// A definite one: agree, disagree or return for correction, the latter two with a comment (CON-03). It counts for
/// every open seat of the current step that one holds, or whose holder one stands in for (ORG-33); nobody decides on
/// what they submitted or own (AMB-13). In an any-of step the first opinion decides, in an all-of step every seat must
/// agree and the first that does not ends the approval (AMB-28). `If-Match` is required: 412 once the step is done.
#[utoipa::path(tag = "Approvals", params(("id" = ApprovalId, Path, description = "The approval.")), request_body = Decide, responses((status = 200, description = "The approval after the opinion.", body = ApprovalView)))]
#[post("/approvals/{id}/decisions")]
pub async fn decide_approval(
    app: web::Data<App>,
    caller: Caller,
    id: PathId<Approval>,
    body: Body<Decide>,
) -> AppResult<Reply> {
    app.decide(caller, body, move |tx, ctx, body| {
        approvals::decide(tx, ctx, id.0, body)
    })
    .await
}

/// Withdraw a submission.
///
/// By the submitter or the owner, before the approval has ended; what was submitted can then be changed and submitted
/// again (AMB-28).
#[utoipa::path(tag = "Approvals", params(("id" = ApprovalId, Path, description = "The approval.")), request_body = Withdraw, responses((status = 200, description = "The withdrawn approval.", body = ApprovalView)))]
#[post("/approvals/{id}/withdraw")]
pub async fn withdraw_approval(
    app: web::Data<App>,
    caller: Caller,
    id: PathId<Approval>,
    body: Body<Withdraw>,
) -> AppResult<Reply> {
    app.command(caller, body, move |tx, ctx, body| {
        approvals::withdraw(tx, ctx, id.0, body)
    })
    .await
}
