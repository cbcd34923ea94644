//! Who administers what: rights over units and users reach as far as they were given (ORG-07).

use std::collections::HashMap;

use crate::{
    context::Ctx,
    db::{Conn, Tx},
    domain::{
        id::kind::UnitId,
        vocabulary::{Capability, Scope},
    },
    error::{AppError, AppResult},
    http::dispatch::session_ended,
    policy::{
        Refusal,
        org::administration::{self, Held},
    },
    repositories::org::{actors, units},
};

/// Units' paths from the root.
type Paths = HashMap<UnitId, Vec<(UnitId, String)>>;

fn held(ctx: &Ctx, capability: Capability) -> Vec<Held> {
    let grants = ctx
        .actor
        .grants
        .iter()
        .filter(|grant| grant.capability == capability);
    grants
        .map(|grant| Held {
            scope: grant.scope,
            unit_id: grant.unit_id,
        })
        .collect()
}

fn forbidden(refusal: Refusal) -> AppError {
    AppError::forbidden(refusal.zh, refusal.en)
        .rule(refusal.rule)
        .with("reason", refusal.code)
}

/// Whether the actor's capability covers a unit, given its path from the root.
pub fn covers(ctx: &Ctx, capability: Capability, path: &[UnitId]) -> bool {
    covers_as(ctx, capability, Scope::Unit, path)
}

/// Whether the actor's capability covers a scope from a unit, given the unit's path from the root.
pub fn covers_as(ctx: &Ctx, capability: Capability, wanted: Scope, path: &[UnitId]) -> bool {
    administration::covers(&held(ctx, capability), wanted, path).is_ok()
}

/// Refuses unless the actor's capability covers a unit.
///
/// # Errors
/// 403 (ORG-07, ORG-08).
pub fn require_in(
    conn: &mut Conn,
    ctx: &Ctx,
    capability: Capability,
    unit: UnitId,
) -> AppResult<()> {
    require_for(conn, ctx, capability, Scope::Unit, unit)
}

/// Refuses unless the actor's capability covers a scope from a unit.
///
/// # Errors
/// 403 (ORG-07, ORG-08).
pub fn require_for(
    conn: &mut Conn,
    ctx: &Ctx,
    capability: Capability,
    wanted: Scope,
    unit: UnitId,
) -> AppResult<()> {
    require_for_all(conn, ctx, capability, &[(wanted, unit)])
}

/// Refuses unless the actor's capability covers each of several scopes from their units.
///
/// # Errors
/// 403 (ORG-07, ORG-08).
pub fn require_for_all(
    conn: &mut Conn,
    ctx: &Ctx,
    capability: Capability,
    wanted: &[(Scope, UnitId)],
) -> AppResult<()> {
    ctx.require(capability)?;
    let ids: Vec<_> = wanted.iter().map(|(_, unit)| *unit).collect();
    let paths = units::paths(conn, &ids)?;
    let held = held(ctx, capability);
    wanted.iter().try_for_each(|(scope, unit)| {
        administration::covers(&held, *scope, &path_to(&paths, *unit)).map_err(forbidden)
    })
}

/// Of several units those that the actor's capability does not cover, each with what refuses it.
///
/// # Errors
/// 403 without the capability; a database fault.
pub fn beyond(
    conn: &mut Conn,
    ctx: &Ctx,
    capability: Capability,
    units: &[UnitId],
) -> AppResult<HashMap<UnitId, Refusal>> {
    ctx.require(capability)?;
    let held = held(ctx, capability);
    // What covers the company covers every unit, wherever it stands.
    if administration::covers(&held, Scope::Company, &[]).is_ok() {
        return Ok(HashMap::new());
    }
    let paths = units::paths(conn, units)?;
    let refused = |unit: &UnitId| {
        let refusal = administration::covers(&held, Scope::Unit, &path_to(&paths, *unit)).err()?;
        Some((*unit, refusal))
    };
    Ok(units.iter().filter_map(refused).collect())
}

fn path_to(paths: &Paths, unit: UnitId) -> Vec<UnitId> {
    let path = paths.get(&unit).into_iter().flatten();
    path.map(|(id, _)| *id).collect()
}

/// Refuses unless the actor holds a capability for the whole company: for what is the company's as a whole.
///
/// # Errors
/// 403 (ORG-07, ORG-08).
pub fn require_company(ctx: &Ctx, capability: Capability) -> AppResult<()> {
    ctx.require(capability)?;
    administration::covers(&held(ctx, capability), Scope::Company, &[]).map_err(forbidden)
}

/// Refuses whoever has no role at all: units, people and roles are shown to staff only.
///
/// # Errors
/// 403 (ORG-08).
pub fn require_staff(ctx: &Ctx) -> AppResult<()> {
    if !ctx.actor.grants.is_empty() {
        return Ok(());
    }
    Err(AppError::forbidden(
        "您尚未被授予任何角色；请联系系统管理员。",
        "You have been given no role yet: ask the administrator.",
    )
    .rule("ORG-08"))
}

/// Refuses what nobody may do to oneself.
///
/// # Errors
/// 403 (ORG-08).
pub fn not_oneself(same: bool) -> AppResult<()> {
    administration::not_oneself(same).map_err(forbidden)
}

/// Takes the organisation's lock for an administrator's command, and looks again whether the administrator still may:
/// of two who disable each other at once, the second has lost the right by then.
///
/// # Errors
/// 401 or 403 when the right is gone; a database fault.
pub fn lock(tx: &mut Tx<'_>, ctx: &Ctx, capability: Capability) -> AppResult<()> {
    units::lock_organisation(tx)?;
    actors::enabled_user(tx, ctx.actor.id)?.ok_or_else(session_ended)?;
    let mut fresh = ctx.clone();
    fresh.actor.grants = actors::grants(tx, ctx.actor.id)?;
    fresh.require(capability)
}
