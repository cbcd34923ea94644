//! Policy versions.

use diesel::prelude::*;

use crate::{
    db::{Conn, schema::policy_versions},
    domain::{timestamp::Timestamp, vocabulary::PolicyState},
    error::AppResult,
};

/// Number and value of the approved version in force at `now`.
///
/// # Errors
/// A database fault.
pub fn in_force(conn: &mut Conn, key: &str, now: Timestamp) -> AppResult<Option<(i64, String)>> {
    Ok(policy_versions::table
        .filter(policy_versions::policy_key.eq(key))
        .filter(policy_versions::state.eq(PolicyState::Approved))
        .filter(policy_versions::effective_from.le(now))
        .order((
            policy_versions::effective_from.desc(),
            policy_versions::number.desc(),
        ))
        .select((policy_versions::number, policy_versions::value))
        .first(conn)
        .optional()?)
}
