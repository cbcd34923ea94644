//! Roles: named sets of capabilities.

use actix_web::{get, patch, post, web};

use crate::{
    api::org::role::{NewRole, RoleFilter, RolePatch, RoleView},
    app::App,
    domain::id::kind::{Role, RoleId},
    error::AppResult,
    http::{
        Body, Caller, Listed, PathId, Reply,
        query::{ListOf, Paging},
    },
    services::org::roles::{self, RoleSort},
};

/// List roles.
///
/// All, or those that permit something; sorted by `code` (default) or `created_at` (ORG-07). The capabilities' labels
/// are in the metadata. Anyone who has a role may read them (ORG-08).
#[utoipa::path(tag = "Organisation", params(RoleFilter, Paging), responses((status = 200, description = "A page of roles.", body = ListOf<RoleView>)))]
#[get("/roles")]
pub async fn list_roles(
    app: web::Data<App>,
    caller: Caller,
    query: Listed<RoleFilter, RoleSort>,
) -> AppResult<Reply> {
    app.list(caller, query, roles::list).await
}

/// Create a role.
///
/// A named set of capabilities, under a code that is never changed (ORG-07, ORG-39). Needs MANAGE_ROLES for the whole
/// company.
#[utoipa::path(tag = "Organisation", request_body = NewRole, responses((status = 201, description = "Created.", body = RoleView)))]
#[post("/roles")]
pub async fn create_role(
    app: web::Data<App>,
    caller: Caller,
    body: Body<NewRole>,
) -> AppResult<Reply> {
    app.create(caller, body, roles::create).await
}

/// Get a role.
///
/// With its capabilities and what the caller may do with it (ORG-07, ORG-08).
#[utoipa::path(tag = "Organisation", params(("id" = RoleId, Path, description = "Role.")), responses((status = 200, description = "The role.", body = RoleView)))]
#[get("/roles/{id}")]
pub async fn get_role(app: web::Data<App>, caller: Caller, id: PathId<Role>) -> AppResult<Reply> {
    app.read(caller, move |conn, ctx| roles::get(conn, ctx, id.0))
        .await
}

/// Change a role.
///
/// Names, or the whole set of capabilities; it takes effect with every holder's next request (ORG-07, ORG-39). Nobody
/// changes the capabilities of a role that they hold (ORG-08). Needs MANAGE_ROLES for the whole company. `If-Match` is
/// required.
#[utoipa::path(tag = "Organisation", params(("id" = RoleId, Path, description = "Role.")), request_body = RolePatch, responses((status = 200, description = "The changed role.", body = RoleView)))]
#[patch("/roles/{id}")]
pub async fn update_role(
    app: web::Data<App>,
    caller: Caller,
    id: PathId<Role>,
    body: Body<RolePatch>,
) -> AppResult<Reply> {
    app.decide(caller, body, move |tx, ctx, body| {
        roles::update(tx, ctx, id.0, body)
    })
    .await
}
