//! Applications for a share.

use actix_web::{get, post, web};

use crate::{
    api::customers::share_application::{
        NewShareApplication, ShareApplicationFilter, ShareApplicationView,
    },
    app::App,
    domain::id::kind::{Customer, CustomerId, ShareApplication, ShareApplicationId},
    error::AppResult,
    http::{
        Body, Caller, Listed, NoBody, PathId, Reply,
        query::{ListOf, Paging},
    },
    services::customers::share_applications::{self, ShareApplicationSort},
};

/// Apply for a share.
///
/// For a customer of a call-centre line, by whoever may change it: the administrator (MANAGE_SHARING) decides by the
/// approval, and by agreeing performs the sharing (DUP-13).
#[utoipa::path(tag = "Sharing", params(("id" = CustomerId, Path, description = "The customer.")), request_body = NewShareApplication, responses((status = 201, description = "Waits for the administrator.", body = ShareApplicationView)))]
#[post("/customers/{id}/share-applications")]
pub async fn apply_for_share(
    app: web::Data<App>,
    caller: Caller,
    id: PathId<Customer>,
    body: Body<NewShareApplication>,
) -> AppResult<Reply> {
    app.create(caller, body, move |tx, ctx, body| {
        share_applications::apply(tx, ctx, id.0, body)
    })
    .await
}

/// List share applications.
///
/// One's own, subordinates', within the reach of a role, and those that wait for one's decision (DUP-13). Sort key:
/// `created_at`.
#[utoipa::path(tag = "Sharing", params(ShareApplicationFilter, Paging), responses((status = 200, description = "A page.", body = ListOf<ShareApplicationView>)))]
#[get("/share-applications")]
pub async fn list_share_applications(
    app: web::Data<App>,
    caller: Caller,
    query: Listed<ShareApplicationFilter, ShareApplicationSort>,
) -> AppResult<Reply> {
    app.list(caller, query, share_applications::list).await
}

/// Get a share application.
///
/// With the approval that waits for the administrator, or the share that came of it (DUP-13).
#[utoipa::path(tag = "Sharing", params(("id" = ShareApplicationId, Path, description = "The application.")), responses((status = 200, description = "The application.", body = ShareApplicationView)))]
#[get("/share-applications/{id}")]
pub async fn get_share_application(
    app: web::Data<App>,
    caller: Caller,
    id: PathId<ShareApplication>,
) -> AppResult<Reply> {
    app.read(caller, move |conn, ctx| {
        share_applications::get(conn, ctx, id.0)
    })
    .await
}

/// Withdraw a share application.
///
/// By the applicant, before it is decided (DUP-13).
#[utoipa::path(tag = "Sharing", params(("id" = ShareApplicationId, Path, description = "The application.")), responses((status = 200, description = "Withdrawn.", body = ShareApplicationView)))]
#[post("/share-applications/{id}/withdraw")]
pub async fn withdraw_share_application(
    app: web::Data<App>,
    caller: Caller,
    id: PathId<ShareApplication>,
    body: NoBody,
) -> AppResult<Reply> {
    app.command(caller, body, move |tx, ctx, ()| {
        share_applications::withdraw(tx, ctx, id.0)
    })
    .await
}
