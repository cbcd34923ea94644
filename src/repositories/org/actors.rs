//! Who acts: account, session, grants and delegations, each by one index look-up.

use diesel::{dsl::exists, prelude::*};

use crate::{
    context::Grant,
    db::{
        Conn,
        schema::{delegations, role_capabilities, sessions, user_roles, users},
    },
    domain::{
        id::kind::{SessionId, UnitId, UserId},
        timestamp::Timestamp,
        vocabulary::{Capability, Scope},
    },
    error::AppResult,
    models::org::user::{Account, User},
};

/// The account, if it is not disabled.
///
/// # Errors
/// A database fault.
pub fn enabled_user(conn: &mut Conn, id: UserId) -> AppResult<Option<User>> {
    Ok(User::query()
        .filter(users::id.eq(id))
        .filter(users::disabled_at.is_null())
        .first(conn)
        .optional()?)
}

/// Who acts: the account, if it is not disabled and the session, if any, is its own and neither ended nor expired.
///
/// # Errors
/// A database fault.
pub fn account(
    conn: &mut Conn,
    id: UserId,
    session: Option<SessionId>,
    now: Timestamp,
) -> AppResult<Option<Account>> {
    let enabled = Account::query()
        .filter(users::id.eq(id))
        .filter(users::disabled_at.is_null());
    let Some(session) = session else {
        return Ok(enabled.first(conn).optional()?);
    };
    let lives = sessions::table
        .filter(sessions::id.eq(session))
        .filter(sessions::user_id.eq(users::id))
        .filter(sessions::revoked_at.is_null())
        .filter(sessions::expires_at.gt(now));
    Ok(enabled.filter(exists(lives)).first(conn).optional()?)
}

/// Everything that the user's roles permit.
///
/// # Errors
/// A database fault.
pub fn grants(conn: &mut Conn, user: UserId) -> AppResult<Vec<Grant>> {
    let rows: Vec<(Capability, Scope, UnitId)> = user_roles::table
        .inner_join(role_capabilities::table.on(role_capabilities::role_id.eq(user_roles::role_id)))
        .filter(user_roles::user_id.eq(user))
        .select((
            role_capabilities::capability,
            user_roles::scope,
            user_roles::scope_unit_id,
        ))
        .load(conn)?;
    Ok(rows
        .into_iter()
        .map(|(capability, scope, unit_id)| Grant {
            capability,
            scope,
            unit_id,
        })
        .collect())
}

/// Those for whom the user stands in at `now`, and whether also in the work on their records (DUP-17).
///
/// # Errors
/// A database fault.
pub fn stands_in_for(
    conn: &mut Conn,
    user: UserId,
    now: Timestamp,
) -> AppResult<Vec<(UserId, bool)>> {
    Ok(delegations::table
        .filter(delegations::delegate_id.eq(user))
        .filter(delegations::ends_at.gt(now))
        .filter(delegations::starts_at.le(now))
        .filter(delegations::revoked_at.is_null())
        .select((delegations::delegator_id, delegations::works_records))
        .distinct()
        .load(conn)?)
}
