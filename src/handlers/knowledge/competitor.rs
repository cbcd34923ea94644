//! Competitors' files.

use actix_web::{get, patch, post, web};

use crate::{
    api::{
        customers::customer::Reason,
        knowledge::competitor::{
            CompetitorFilter, CompetitorPatch, CompetitorSummary, CompetitorView, NewCompetitor,
        },
    },
    app::App,
    domain::id::kind::{Competitor, CompetitorId},
    error::AppResult,
    http::{
        Body, Caller, Listed, NoBody, PathId, Reply,
        query::{ListOf, Paging},
    },
    services::knowledge::competitors::{self, CompetitorSort},
};

/// List competitors.
///
/// By the beginning of the name (CUS-50); sorted by `name` or `updated_at`. Needs `READ_COMPETITORS`.
#[utoipa::path(tag = "Competitors", params(CompetitorFilter, Paging), responses((status = 200, description = "A page.", body = ListOf<CompetitorSummary>)))]
#[get("/competitors")]
pub async fn list_competitors(
    app: web::Data<App>,
    caller: Caller,
    query: Listed<CompetitorFilter, CompetitorSort>,
) -> AppResult<Reply> {
    app.list(caller, query, competitors::list).await
}

/// Open a competitor's file.
///
/// One for each name, however it is written (CUS-50). Needs `MANAGE_COMPETITORS`.
#[utoipa::path(tag = "Competitors", request_body = NewCompetitor, responses((status = 201, description = "Opened.", body = CompetitorView)))]
#[post("/competitors")]
pub async fn create_competitor(
    app: web::Data<App>,
    caller: Caller,
    body: Body<NewCompetitor>,
) -> AppResult<Reply> {
    app.create(caller, body, competitors::create).await
}

/// Get a competitor's file.
///
/// Products, strengths, weaknesses, prices and strategy (CUS-50). Needs `READ_COMPETITORS`.
#[utoipa::path(tag = "Competitors", params(("id" = CompetitorId, Path, description = "The competitor.")), responses((status = 200, description = "The file.", body = CompetitorView)))]
#[get("/competitors/{id}")]
pub async fn get_competitor(
    app: web::Data<App>,
    caller: Caller,
    id: PathId<Competitor>,
) -> AppResult<Reply> {
    app.read(caller, move |conn, ctx| competitors::get(conn, ctx, id.0))
        .await
}

/// Change a competitor's file.
///
/// A merge-patch; `If-Match` is required (CUS-50). Needs `MANAGE_COMPETITORS`.
#[utoipa::path(tag = "Competitors", params(("id" = CompetitorId, Path, description = "The competitor.")), request_body = CompetitorPatch, responses((status = 200, description = "Changed.", body = CompetitorView)))]
#[patch("/competitors/{id}")]
pub async fn update_competitor(
    app: web::Data<App>,
    caller: Caller,
    id: PathId<Competitor>,
    body: Body<CompetitorPatch>,
) -> AppResult<Reply> {
    app.decide(caller, body, move |tx, ctx, body| {
        competitors::update(tx, ctx, id.0, body)
    })
    .await
}

/// Delete a competitor's file.
///
/// By whoever may delete records, with a reason; it can be restored (CUS-50, ORG-12). `If-Match` is required.
#[utoipa::path(tag = "Competitors", params(("id" = CompetitorId, Path, description = "The competitor.")), request_body = Reason, responses((status = 200, description = "Deleted.", body = CompetitorView)))]
#[post("/competitors/{id}/delete")]
pub async fn delete_competitor(
    app: web::Data<App>,
    caller: Caller,
    id: PathId<Competitor>,
    body: Body<Reason>,
) -> AppResult<Reply> {
    app.decide(caller, body, move |tx, ctx, body| {
        competitors::delete(tx, ctx, id.0, body)
    })
    .await
}

/// Restore a competitor's file.
///
/// By whoever may delete records, if there is no other of that name by now (CUS-50, ORG-12).
#[utoipa::path(tag = "Competitors", params(("id" = CompetitorId, Path, description = "The competitor.")), responses((status = 200, description = "Restored.", body = CompetitorView)))]
#[post("/competitors/{id}/restore")]
pub async fn restore_competitor(
    app: web::Data<App>,
    caller: Caller,
    id: PathId<Competitor>,
    body: NoBody,
) -> AppResult<Reply> {
    app.command(caller, body, move |tx, ctx, ()| {
        competitors::restore(tx, ctx, id.0)
    })
    .await
}
