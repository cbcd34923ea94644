//! Who acts: loaded afresh with every request, so that disabling, role changes and logout cut access at once (S2).

use crate::{
    context::Actor,
    db::Conn,
    domain::{
        id::kind::{SessionId, UserId},
        timestamp::Timestamp,
    },
    error::AppResult,
    http::dispatch::session_ended,
    repositories::org::actors,
};

/// The actor, with the rights of this moment.
///
/// # Errors
/// 401 when the account is disabled or the session has ended.
pub fn load(
    conn: &mut Conn,
    user: UserId,
    session: Option<SessionId>,
    now: Timestamp,
) -> AppResult<Actor> {
    let account = actors::account(conn, user, session, now)?.ok_or_else(session_ended)?;
    Ok(Actor {
        id: account.id,
        name: account.name,
        unit_id: account.unit_id,
        clearance: account.clearance,
        session_id: session,
        grants: actors::grants(conn, user)?,
        service_account: account.service_account,
        must_change_password: account.must_change_password,
        stands_in_for: actors::stands_in_for(conn, user, now)?,
    })
}
