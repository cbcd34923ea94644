//! Automatic sharing rules.

use actix_web::{get, patch, post, web};

use crate::{
    api::customers::sharing_rule::{
        NewSharingRule, PreviewSharingRule, SharingRuleFilter, SharingRulePatch,
        SharingRulePreview, SharingRuleView,
    },
    app::App,
    domain::id::kind::{SharingRule, SharingRuleId},
    error::AppResult,
    http::{
        Body, Caller, Listed, PathId, Reply,
        query::{ListOf, Paging},
    },
    services::customers::sharing_rules::{self, SharingRuleSort},
};

/// List sharing rules.
///
/// Needs MANAGE_SHARING (DUP-14). Sort key: `created_at`.
#[utoipa::path(tag = "Sharing", params(SharingRuleFilter, Paging), responses((status = 200, description = "A page.", body = ListOf<SharingRuleView>)))]
#[get("/sharing-rules")]
pub async fn list_sharing_rules(
    app: web::Data<App>,
    caller: Caller,
    query: Listed<SharingRuleFilter, SharingRuleSort>,
) -> AppResult<Reply> {
    app.list(caller, query, sharing_rules::list).await
}

/// Make a sharing rule.
///
/// Customers of a unit and below, of some kinds, lines and conditions, are shared with a person, a unit, or whoever has
/// a role: with the business assistant who manages orders, for one (DUP-14). It counts from the next request on, for
/// customers that are there and those to come. Needs MANAGE_SHARING.
#[utoipa::path(tag = "Sharing", request_body = NewSharingRule, responses((status = 201, description = "Made.", body = SharingRuleView)))]
#[post("/sharing-rules")]
pub async fn create_sharing_rule(
    app: web::Data<App>,
    caller: Caller,
    body: Body<NewSharingRule>,
) -> AppResult<Reply> {
    app.create(caller, body, sharing_rules::create).await
}

/// Preview a sharing rule.
///
/// How many customers it would cover, and the first of them (DUP-14). Nothing changes. Needs MANAGE_SHARING.
#[utoipa::path(tag = "Sharing", request_body = PreviewSharingRule, responses((status = 200, description = "What it would cover.", body = SharingRulePreview)))]
#[post("/sharing-rules/preview")]
pub async fn preview_sharing_rule(
    app: web::Data<App>,
    caller: Caller,
    body: Body<PreviewSharingRule>,
) -> AppResult<Reply> {
    app.command(caller, body, |tx, ctx, body| {
        sharing_rules::preview(tx, ctx, body)
    })
    .await
}

/// Get a sharing rule.
///
/// Needs MANAGE_SHARING (DUP-14).
#[utoipa::path(tag = "Sharing", params(("id" = SharingRuleId, Path, description = "The rule.")), responses((status = 200, description = "The rule.", body = SharingRuleView)))]
#[get("/sharing-rules/{id}")]
pub async fn get_sharing_rule(
    app: web::Data<App>,
    caller: Caller,
    id: PathId<SharingRule>,
) -> AppResult<Reply> {
    app.read(caller, move |conn, ctx| sharing_rules::get(conn, ctx, id.0))
        .await
}

/// Change a sharing rule.
///
/// Its customers, level, time, or whether it is switched on (DUP-14); it counts from the next request on. `If-Match` is
/// required. Needs MANAGE_SHARING.
#[utoipa::path(tag = "Sharing", params(("id" = SharingRuleId, Path, description = "The rule.")), request_body = SharingRulePatch, responses((status = 200, description = "Changed.", body = SharingRuleView)))]
#[patch("/sharing-rules/{id}")]
pub async fn update_sharing_rule(
    app: web::Data<App>,
    caller: Caller,
    id: PathId<SharingRule>,
    body: Body<SharingRulePatch>,
) -> AppResult<Reply> {
    app.decide(caller, body, move |tx, ctx, body| {
        sharing_rules::update(tx, ctx, id.0, body)
    })
    .await
}
