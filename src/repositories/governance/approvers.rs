//! Who could hold a seat: the enabled people whose roles give them a capability, and from where.

use diesel::prelude::*;

use crate::{
    db::{
        Conn,
        schema::{approval_holders, role_capabilities, unit_closure, user_roles, users},
    },
    domain::{
        id::kind::{RoleId, UnitId, UserId},
        vocabulary::{Capability, Scope},
    },
    error::AppResult,
    policy::governance::seating::{Candidate, Place},
};

/// Everybody who has one of the capabilities `near` at or above the unit or company-wide, or one of the capabilities
/// `anywhere` at all: one query, whatever the number of seats.
///
/// # Errors
/// A database fault.
pub fn candidates(
    conn: &mut Conn,
    unit: UnitId,
    near: &[Capability],
    anywhere: &[Capability],
) -> AppResult<Vec<Candidate<UserId>>> {
    let all: Vec<Capability> = near.iter().chain(anywhere).copied().collect();
    let rows: Vec<(UserId, Capability, Scope, Option<i32>)> = user_roles::table
        .inner_join(role_capabilities::table.on(role_capabilities::role_id.eq(user_roles::role_id)))
        .inner_join(users::table.on(users::id.eq(user_roles::user_id)))
        .left_join(
            unit_closure::table.on(unit_closure::ancestor_id
                .eq(user_roles::scope_unit_id)
                .and(unit_closure::descendant_id.eq(unit))),
        )
        .filter(users::disabled_at.is_null())
        .filter(users::service_account.eq(false))
        .filter(role_capabilities::capability.eq_any(all))
        .filter(
            role_capabilities::capability
                .eq_any(anywhere.to_vec())
                .or(user_roles::scope.eq(Scope::Company))
                .or(unit_closure::depth.nullable().is_not_null()),
        )
        .select((
            user_roles::user_id,
            role_capabilities::capability,
            user_roles::scope,
            unit_closure::depth.nullable(),
        ))
        .load(conn)?;
    Ok(rows
        .into_iter()
        .map(|(user, capability, scope, depth)| {
            let place = match (scope, depth) {
                (Scope::Company, _) => Place::Company,
                (_, Some(steps)) => Place::Above(steps),
                (_, None) => Place::Elsewhere,
            };
            Candidate {
                user,
                capability,
                place,
            }
        })
        .collect())
}

/// Which of these people are enabled and have which of these capabilities now.
///
/// # Errors
/// A database fault.
pub fn entitled(
    conn: &mut Conn,
    people: &[UserId],
    capabilities: &[Capability],
) -> AppResult<Vec<(UserId, Capability)>> {
    Ok(user_roles::table
        .inner_join(role_capabilities::table.on(role_capabilities::role_id.eq(user_roles::role_id)))
        .inner_join(users::table.on(users::id.eq(user_roles::user_id)))
        .filter(users::disabled_at.is_null())
        .filter(user_roles::user_id.eq_any(people.to_vec()))
        .filter(role_capabilities::capability.eq_any(capabilities.to_vec()))
        .select((user_roles::user_id, role_capabilities::capability))
        .distinct()
        .load(conn)?)
}

/// Those who have a role and for whom an approval waits.
///
/// # Errors
/// A database fault.
pub fn of_role(conn: &mut Conn, role: RoleId) -> AppResult<Vec<UserId>> {
    let waited_for = approval_holders::table
        .filter(approval_holders::waiting.eq(true))
        .select(approval_holders::user_id);
    Ok(user_roles::table
        .filter(user_roles::role_id.eq(role))
        .filter(user_roles::user_id.eq_any(waited_for))
        .select(user_roles::user_id)
        .distinct()
        .load(conn)?)
}
