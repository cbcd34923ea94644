//! Who acts: loaded afresh with every request, so that disabling, role changes and logout cut access at once (S2).

use crate::{
    context::{Actor, Ties},
    db::Conn,
    domain::{
        id::kind::{SessionId, UserId},
        timestamp::Timestamp,
        vocabulary::Employment,
    },
    error::AppResult,
    http::dispatch::session_ended,
    repositories::{
        customers::sharing_rules,
        org::{actors, unit_accounts},
    },
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
    let standing = actors::stands_in_for(conn, user, now)?;
    let ties = Ties {
        unit_account: unit_accounts::of_unit(conn, account.unit_id)?,
        works_for: standing
            .iter()
            .filter(|(_, works)| *works)
            .map(|(absent, _)| *absent)
            .collect(),
        rules: sharing_rules::in_force(conn, user, account.unit_id, now)?,
        leaving: matches!(account.employment, Employment::Leaving | Employment::Left),
    };
    Ok(Actor {
        id: account.id,
        name: account.name,
        unit_id: account.unit_id,
        clearance: account.clearance,
        session_id: session,
        grants: actors::grants(conn, user)?,
        service_account: account.service_account,
        must_change_password: account.must_change_password,
        stands_in_for: standing.into_iter().map(|(absent, _)| absent).collect(),
        ties,
    })
}
