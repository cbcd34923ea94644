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
    on_each,
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
    let Some(session) = session else {
        let enabled = Account::query()
            .filter(users::id.eq(id))
            .filter(users::disabled_at.is_null());
        return Ok(enabled.first(conn).optional()?);
    };
    let lives = sessions::table
        .filter(sessions::id.eq(session))
        .filter(sessions::user_id.eq(users::id))
        .filter(sessions::revoked_at.is_null())
        .filter(sessions::expires_at.gt(now));
    let query = users::table
        .filter(users::id.eq(id))
        .filter(users::disabled_at.is_null())
        .filter(exists(lives));
    let found = on_each!(conn, c => query.select(Account::as_select()).first(c).optional())?;
    Ok(found)
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

/// A colleague for whom someone stands in, and when.
#[derive(Debug, Clone, Copy)]
pub struct StandIn {
    /// Who is absent.
    pub absent: UserId,
    /// Whether also in the work on the records (DUP-17).
    pub works_records: bool,
    /// From when.
    pub starts_at: Timestamp,
    /// Until when, exclusive.
    pub ends_at: Timestamp,
}

impl StandIn {
    /// Whether it holds at a moment.
    pub fn holds_at(&self, now: Timestamp) -> bool {
        self.starts_at <= now && now < self.ends_at
    }
}

/// Those for whom the user stands in, has stood in or will.
///
/// # Errors
/// A database fault.
pub fn stands_in_for(conn: &mut Conn, user: UserId) -> AppResult<Vec<StandIn>> {
    let rows: Vec<(UserId, bool, Timestamp, Timestamp)> = delegations::table
        .filter(delegations::delegate_id.eq(user))
        .filter(delegations::revoked_at.is_null())
        .select((
            delegations::delegator_id,
            delegations::works_records,
            delegations::starts_at,
            delegations::ends_at,
        ))
        .load(conn)?;
    let row = |(absent, works_records, starts_at, ends_at)| StandIn {
        absent,
        works_records,
        starts_at,
        ends_at,
    };
    Ok(rows.into_iter().map(row).collect())
}

#[cfg(test)]
mod tests {
    use super::*;
    use uuid::Uuid;

    #[test]
    fn a_delegation_holds_from_its_first_moment_to_just_before_its_last() {
        let at = |seconds| {
            Timestamp::new(chrono::DateTime::from_timestamp(seconds, 0).unwrap_or_default())
        };
        let stand_in = StandIn {
            absent: UserId::from_uuid(Uuid::nil()),
            works_records: false,
            starts_at: at(100),
            ends_at: at(200),
        };
        let held = [99, 100, 199, 200].map(|seconds| stand_in.holds_at(at(seconds)));
        assert_eq!(held, [false, true, true, false]);
    }
}
