//! Competitors in opportunities.

use actix_web::{delete, get, patch, post, web};

use crate::{
    api::knowledge::competitor::{
        CompetitorOpportunity, CompetitorOpportunityFilter, NewOpportunityCompetitor,
        OpportunityCompetitorPatch, OpportunityCompetitorView,
    },
    app::App,
    domain::id::kind::{
        Competitor, CompetitorId, Opportunity, OpportunityCompetitor, OpportunityCompetitorId,
        OpportunityId,
    },
    error::AppResult,
    http::{
        Body, Caller, Listed, NoBody, PathId, Reply,
        query::{ListOf, Paging},
    },
    services::knowledge::opportunity_competitors::{self, OpportunitySort},
};

/// List the competitors in an opportunity.
///
/// With how it went against each (CUS-50).
#[utoipa::path(tag = "Competitors", params(("id" = OpportunityId, Path, description = "The opportunity.")), responses((status = 200, description = "The competitors.", body = Vec<OpportunityCompetitorView>)))]
#[get("/opportunities/{id}/competitors")]
pub async fn list_opportunity_competitors(
    app: web::Data<App>,
    caller: Caller,
    id: PathId<Opportunity>,
) -> AppResult<Reply> {
    app.read(caller, move |conn, ctx| {
        opportunity_competitors::list(conn, ctx, id.0)
    })
    .await
}

/// Enter a competitor in an opportunity.
///
/// One that is on file, once (CUS-50). Whoever may change the opportunity may.
#[utoipa::path(tag = "Competitors", params(("id" = OpportunityId, Path, description = "The opportunity.")), request_body = NewOpportunityCompetitor, responses((status = 201, description = "Entered.", body = OpportunityCompetitorView)))]
#[post("/opportunities/{id}/competitors")]
pub async fn add_opportunity_competitor(
    app: web::Data<App>,
    caller: Caller,
    id: PathId<Opportunity>,
    body: Body<NewOpportunityCompetitor>,
) -> AppResult<Reply> {
    app.create(caller, body, move |tx, ctx, body| {
        opportunity_competitors::add(tx, ctx, id.0, body)
    })
    .await
}

/// Change a competitor in an opportunity.
///
/// How it went, and what was noticed; a merge-patch, `If-Match` is required (CUS-50).
#[utoipa::path(tag = "Competitors", params(("id" = OpportunityCompetitorId, Path, description = "The entry.")), request_body = OpportunityCompetitorPatch, responses((status = 200, description = "Changed.", body = OpportunityCompetitorView)))]
#[patch("/opportunity-competitors/{id}")]
pub async fn update_opportunity_competitor(
    app: web::Data<App>,
    caller: Caller,
    id: PathId<OpportunityCompetitor>,
    body: Body<OpportunityCompetitorPatch>,
) -> AppResult<Reply> {
    app.decide(caller, body, move |tx, ctx, body| {
        opportunity_competitors::update(tx, ctx, id.0, body)
    })
    .await
}

/// Remove a competitor from an opportunity.
///
/// What it said stays in the opportunity's history (CUS-50). `If-Match` is required.
#[utoipa::path(tag = "Competitors", params(("id" = OpportunityCompetitorId, Path, description = "The entry.")), responses((status = 204, description = "Removed.")))]
#[delete("/opportunity-competitors/{id}")]
pub async fn remove_opportunity_competitor(
    app: web::Data<App>,
    caller: Caller,
    id: PathId<OpportunityCompetitor>,
    body: NoBody,
) -> AppResult<Reply> {
    app.remove(caller, body, move |tx, ctx, ()| {
        opportunity_competitors::remove(tx, ctx, id.0)
    })
    .await
}

/// List the opportunities of a competitor.
///
/// Where it was met and how it went, as far as the caller may see the opportunities (CUS-50). Sort keys: `updated_at`,
/// `created_at`. Needs `READ_COMPETITORS`.
#[utoipa::path(tag = "Competitors", params(("id" = CompetitorId, Path, description = "The competitor."), CompetitorOpportunityFilter, Paging), responses((status = 200, description = "A page.", body = ListOf<CompetitorOpportunity>)))]
#[get("/competitors/{id}/opportunities")]
pub async fn list_competitor_opportunities(
    app: web::Data<App>,
    caller: Caller,
    id: PathId<Competitor>,
    query: Listed<CompetitorOpportunityFilter, OpportunitySort>,
) -> AppResult<Reply> {
    app.list(caller, query, move |conn, ctx, query| {
        opportunity_competitors::met(conn, ctx, id.0, query)
    })
    .await
}
