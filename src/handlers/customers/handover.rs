//! One-key handover.

use actix_web::{get, post, web};

use crate::{
    api::customers::handover::{
        HandoverFilter, HandoverPreview, HandoverView, NewHandover, PreviewHandover,
    },
    app::App,
    domain::id::kind::{Handover, HandoverId},
    error::AppResult,
    http::{
        Body, Caller, Listed, PathId, Reply,
        query::{ListOf, Paging},
    },
    services::customers::handovers::{self, HandoverSort},
};

/// Preview a handover.
///
/// What would change hands and what would not: counts, and the first records of each kind (ORG-25, DUP-18). A conflict
/// case between giver and receiver would end. Nothing changes.
#[utoipa::path(tag = "Handovers", request_body = PreviewHandover, responses((status = 200, description = "What the handover would do.", body = HandoverPreview)))]
#[post("/handovers/preview")]
pub async fn preview_handover(
    app: web::Data<App>,
    caller: Caller,
    body: Body<PreviewHandover>,
) -> AppResult<Reply> {
    app.command(caller, body, |tx, ctx, body| {
        handovers::preview(tx, ctx, body)
    })
    .await
}

/// Order a handover.
///
/// One key (一键交接): all customers of a person with everything in work go to one receiver, chosen customers to others
/// (ORG-25, DUP-18, AMB-11). A job does it in small steps, so it can be followed, cancelled and resumed, and takes along
/// what changes meanwhile. With `departure_id` its last step cancels all rights of the leaver (ORG-23). It is undone by
/// a handover in the other direction.
#[utoipa::path(tag = "Handovers", request_body = NewHandover, responses((status = 202, description = "Ordered: follow the job.", body = HandoverView)))]
#[post("/handovers")]
pub async fn order_handover(
    app: web::Data<App>,
    caller: Caller,
    body: Body<NewHandover>,
) -> AppResult<Reply> {
    let reply = app.start(caller, body, handovers::order).await?;
    app.jobs().wake();
    Ok(reply)
}

/// List handovers.
///
/// Those that one ordered, gave or received, and those of the people within TRANSFER_CUSTOMERS (ORG-25). Sort key:
/// `created_at`.
#[utoipa::path(tag = "Handovers", params(HandoverFilter, Paging), responses((status = 200, description = "A page.", body = ListOf<HandoverView>)))]
#[get("/handovers")]
pub async fn list_handovers(
    app: web::Data<App>,
    caller: Caller,
    query: Listed<HandoverFilter, HandoverSort>,
) -> AppResult<Reply> {
    app.list(caller, query, handovers::list).await
}

/// Get a handover.
///
/// Its state and what has changed hands so far (ORG-25).
#[utoipa::path(tag = "Handovers", params(("id" = HandoverId, Path, description = "The handover.")), responses((status = 200, description = "The handover.", body = HandoverView)))]
#[get("/handovers/{id}")]
pub async fn get_handover(
    app: web::Data<App>,
    caller: Caller,
    id: PathId<Handover>,
) -> AppResult<Reply> {
    app.read(caller, move |conn, ctx| handovers::get(conn, ctx, id.0))
        .await
}
