//! Units of the organisation tree.

use actix_web::{get, patch, post, web};

use crate::{
    api::org::unit::{NewUnit, UnitFilter, UnitPatch, UnitView},
    app::App,
    domain::id::kind::{Unit, UnitId},
    error::AppResult,
    http::{
        Body, Caller, Listed, PathId, Reply,
        query::{ListOf, Paging},
    },
    services::org::units::{self, UnitSort},
};

/// List units.
///
/// By kind, parent, use and beginning of the name; sorted by `name` (default) or `created_at`. Each unit comes with
/// its path from the root (ORG-01, ORG-02). Anyone who has a role may read them (ORG-08).
#[utoipa::path(tag = "Organisation", params(UnitFilter, Paging), responses((status = 200, description = "A page of units.", body = ListOf<UnitView>)))]
#[get("/units")]
pub async fn list_units(
    app: web::Data<App>,
    caller: Caller,
    query: Listed<UnitFilter, UnitSort>,
) -> AppResult<Reply> {
    app.list(caller, query, units::list).await
}

/// Create a unit.
///
/// Below another unit in use, with a name that no sibling has (ORG-01, ORG-02, ORG-03). Needs MANAGE_UNITS covering
/// the parent (ORG-07).
#[utoipa::path(tag = "Organisation", request_body = NewUnit, responses((status = 201, description = "Created.", body = UnitView)))]
#[post("/units")]
pub async fn create_unit(
    app: web::Data<App>,
    caller: Caller,
    body: Body<NewUnit>,
) -> AppResult<Reply> {
    app.create(caller, body, units::create).await
}

/// Get a unit.
///
/// With its path from the root and what the caller may do with it (ORG-01, ORG-08).
#[utoipa::path(tag = "Organisation", params(("id" = UnitId, Path, description = "Unit.")), responses((status = 200, description = "The unit.", body = UnitView)))]
#[get("/units/{id}")]
pub async fn get_unit(app: web::Data<App>, caller: Caller, id: PathId<Unit>) -> AppResult<Reply> {
    app.read(caller, move |conn, ctx| units::get(conn, ctx, id.0))
        .await
}

/// Change a unit.
///
/// Renames, changes the kind, moves the unit with everything below it, puts it in or out of use. A cycle is refused,
/// and so is putting out of use a unit that still has units in use or enabled users (ORG-01). Needs MANAGE_UNITS
/// covering the unit and, for a move, the new parent (ORG-07). `If-Match` is required.
#[utoipa::path(tag = "Organisation", params(("id" = UnitId, Path, description = "Unit.")), request_body = UnitPatch, responses((status = 200, description = "The changed unit.", body = UnitView)))]
#[patch("/units/{id}")]
pub async fn update_unit(
    app: web::Data<App>,
    caller: Caller,
    id: PathId<Unit>,
    body: Body<UnitPatch>,
) -> AppResult<Reply> {
    app.decide(caller, body, move |tx, ctx, body| {
        units::update(tx, ctx, id.0, body)
    })
    .await
}
