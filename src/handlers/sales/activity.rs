//! Sales activities.

use actix_web::{get, patch, post, web};

use crate::{
    api::sales::activity::{ActivityFilter, ActivityPatch, ActivityView, NewActivity},
    app::App,
    domain::id::kind::{Activity, ActivityId},
    error::AppResult,
    http::{
        Body, Caller, Listed, PathId, Reply,
        query::{ListOf, Paging},
    },
    services::sales::activities::{self, ActivitySort},
};

/// Record a sales activity.
///
/// By whoever may work on the customer or on its opportunity (ACT-07, OPP-18, OPP-23). The follow-up clocks of both start
/// again, each its own (AMB-26); a VISIT is the face-to-face meeting that a quote needs (QUO-04, AMB-39).
#[utoipa::path(tag = "Activities", request_body = NewActivity, responses((status = 201, description = "Recorded.", body = ActivityView)))]
#[post("/activities")]
pub async fn record_activity(
    app: web::Data<App>,
    caller: Caller,
    body: Body<NewActivity>,
) -> AppResult<Reply> {
    app.create(caller, body, activities::create).await
}

/// List sales activities.
///
/// Own, subordinates', within the reach of a role, and everything done with customers and joint opportunities that the
/// caller may see (ORG-10, OPP-41). Sort key: `happened_at`.
#[utoipa::path(tag = "Activities", params(ActivityFilter, Paging), responses((status = 200, description = "A page.", body = ListOf<ActivityView>)))]
#[get("/activities")]
pub async fn list_activities(
    app: web::Data<App>,
    caller: Caller,
    query: Listed<ActivityFilter, ActivitySort>,
) -> AppResult<Reply> {
    app.list(caller, query, activities::list).await
}

/// Get a sales activity.
///
/// With the author's stamp, who and when (ACT-07), and `allowed_actions`.
#[utoipa::path(tag = "Activities", params(("id" = ActivityId, Path, description = "The activity.")), responses((status = 200, description = "The activity.", body = ActivityView)))]
#[get("/activities/{id}")]
pub async fn get_activity(
    app: web::Data<App>,
    caller: Caller,
    id: PathId<Activity>,
) -> AppResult<Reply> {
    app.read(caller, move |conn, ctx| activities::get(conn, ctx, id.0))
        .await
}

/// Correct a sales activity.
///
/// A merge-patch by its author or the author's direct superior (ORG-10); `If-Match` is required. Activities are not
/// deleted; what was corrected stays in the history (ACT-07).
#[utoipa::path(tag = "Activities", params(("id" = ActivityId, Path, description = "The activity.")), request_body = ActivityPatch, responses((status = 200, description = "The corrected activity.", body = ActivityView)))]
#[patch("/activities/{id}")]
pub async fn correct_activity(
    app: web::Data<App>,
    caller: Caller,
    id: PathId<Activity>,
    body: Body<ActivityPatch>,
) -> AppResult<Reply> {
    app.decide(caller, body, move |tx, ctx, body| {
        activities::update(tx, ctx, id.0, body)
    })
    .await
}
