//! The phone of an opportunity in clear.

use actix_web::{post, web};

use crate::{
    api::sales::reveal::{OpportunityRevealed, RevealOpportunity},
    app::App,
    domain::id::kind::{Opportunity, OpportunityId},
    error::AppResult,
    http::{Body, Caller, PathId, Reply},
    services::sales::reveals,
};

/// Reveal an opportunity's phone.
///
/// In clear, which every other answer masks (SEC-02, SEC-18): for whoever may change the opportunity, is asked to review
/// it now (OPP-04), or holds `REVEAL_PERSONAL_DATA` over its unit; each time is an event (SEC-06). So many a person and
/// day as the policy `personal_data` says, then 429.
#[utoipa::path(tag = "Opportunities", params(("id" = OpportunityId, Path, description = "The opportunity.")), request_body = RevealOpportunity, responses((status = 200, description = "In clear.", body = OpportunityRevealed)))]
#[post("/opportunities/{id}/reveal")]
pub async fn reveal_opportunity(
    app: web::Data<App>,
    caller: Caller,
    id: PathId<Opportunity>,
    body: Body<RevealOpportunity>,
) -> AppResult<Reply> {
    app.command(caller, body, move |tx, ctx, body| {
        reveals::opportunity(tx, ctx, id.0, body)
    })
    .await
}
