//! Roles given to users.

use actix_web::{delete, get, post, web};

use crate::{
    api::org::grant::{GrantFilter, NewGrant, RoleGrantView},
    app::App,
    domain::id::kind::{Grant, GrantId, User, UserId},
    error::AppResult,
    http::{
        Body, Caller, Listed, NoBody, PathId, Reply,
        query::{ListOf, Paging},
    },
    services::org::grants::{self, GrantSort},
};

/// List a user's roles.
///
/// One's own, or those of users whom one manages (ORG-07, ORG-08); sorted by `created_at`.
#[utoipa::path(tag = "Organisation", params(("id" = UserId, Path, description = "User."), Paging), responses((status = 200, description = "A page of the user's roles.", body = ListOf<RoleGrantView>)))]
#[get("/users/{id}/grants")]
pub async fn list_user_grants(
    app: web::Data<App>,
    caller: Caller,
    id: PathId<User>,
    query: Listed<GrantFilter, GrantSort>,
) -> AppResult<Reply> {
    app.list(caller, query, move |conn, ctx, query| {
        grants::list(conn, ctx, id.0, query)
    })
    .await
}

/// Give a role to a user.
///
/// For the whole company, a unit with all below, or one unit; it takes effect with the user's next request (ORG-07).
/// Nobody gives roles to oneself, nor beyond the reach of one's own MANAGE_USERS (ORG-08).
#[utoipa::path(tag = "Organisation", params(("id" = UserId, Path, description = "User.")), request_body = NewGrant, responses((status = 201, description = "Given.", body = RoleGrantView)))]
#[post("/users/{id}/grants")]
pub async fn create_user_grant(
    app: web::Data<App>,
    caller: Caller,
    id: PathId<User>,
    body: Body<NewGrant>,
) -> AppResult<Reply> {
    app.create(caller, body, move |tx, ctx, body| {
        grants::create(tx, ctx, id.0, body)
    })
    .await
}

/// Get a grant.
///
/// A role given to a user: one's own, or one of users whom one manages (ORG-08).
#[utoipa::path(tag = "Organisation", params(("id" = GrantId, Path, description = "Grant.")), responses((status = 200, description = "The grant.", body = RoleGrantView)))]
#[get("/grants/{id}")]
pub async fn get_grant(app: web::Data<App>, caller: Caller, id: PathId<Grant>) -> AppResult<Reply> {
    app.read(caller, move |conn, ctx| grants::get(conn, ctx, id.0))
        .await
}

/// Take a role back.
///
/// It takes effect with the user's next request (ORG-07). Nobody takes roles from oneself (ORG-08). `If-Match` is
/// required.
#[utoipa::path(tag = "Organisation", params(("id" = GrantId, Path, description = "Grant.")), responses((status = 204, description = "Taken back.")))]
#[delete("/grants/{id}")]
pub async fn revoke_grant(
    app: web::Data<App>,
    caller: Caller,
    id: PathId<Grant>,
    body: NoBody,
) -> AppResult<Reply> {
    app.remove(caller, body, move |tx, ctx, ()| {
        grants::revoke(tx, ctx, id.0)
    })
    .await
}
