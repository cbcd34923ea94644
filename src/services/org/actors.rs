//! Who acts: the account looked up with every request, the rights remembered until they change, so that disabling, role
//! changes and logout cut access at once (S2).

use crate::{
    context::{Actor, Grant, Ties},
    db::Conn,
    domain::{
        id::kind::{SessionId, UnitId, UserId},
        timestamp::Timestamp,
        vocabulary::Employment,
    },
    error::AppResult,
    http::dispatch::session_ended,
    models::org::user::Account,
    repositories::{
        customers::sharing_rules::{self, TimedReach},
        org::{
            actors::{self, StandIn},
            unit_accounts,
        },
    },
};

/// Everything that opens something to someone of a unit, whenever it does.
#[derive(Debug)]
pub struct Rights {
    grants: Vec<Grant>,
    stand_ins: Vec<StandIn>,
    unit_account: Option<UserId>,
    rules: Vec<TimedReach>,
}

/// The account, if it may act.
///
/// # Errors
/// 401 when the account is disabled or the session has ended.
pub fn account(
    conn: &mut Conn,
    user: UserId,
    session: Option<SessionId>,
    now: Timestamp,
) -> AppResult<Account> {
    actors::account(conn, user, session, now)?.ok_or_else(session_ended)
}

/// The rights of someone of a unit.
///
/// # Errors
/// A database fault.
pub fn rights(conn: &mut Conn, (user, unit): (UserId, UnitId)) -> AppResult<Rights> {
    Ok(Rights {
        grants: actors::grants(conn, user)?,
        stand_ins: actors::stands_in_for(conn, user)?,
        unit_account: unit_accounts::of_unit(conn, unit)?,
        rules: sharing_rules::reaching(conn, user, unit)?,
    })
}

/// The account with what of its rights holds now.
pub fn actor(
    account: Account,
    session: Option<SessionId>,
    rights: &Rights,
    now: Timestamp,
) -> Actor {
    let standing = || rights.stand_ins.iter().filter(|it| it.holds_at(now));
    let mut stands_in_for: Vec<UserId> = standing().map(|it| it.absent).collect();
    let mut works_for: Vec<UserId> = standing()
        .filter(|it| it.works_records)
        .map(|it| it.absent)
        .collect();
    for people in [&mut stands_in_for, &mut works_for] {
        people.sort_unstable();
        people.dedup();
    }
    let ties = Ties {
        unit_account: rights.unit_account,
        works_for,
        rules: rights
            .rules
            .iter()
            .filter(|rule| rule.holds_at(now))
            .map(|rule| rule.reach.clone())
            .collect(),
        leaving: matches!(account.employment, Employment::Leaving | Employment::Left),
    };
    Actor {
        id: account.id,
        name: account.name,
        unit_id: account.unit_id,
        clearance: account.clearance,
        session_id: session,
        grants: rights.grants.clone(),
        service_account: account.service_account,
        must_change_password: account.must_change_password,
        stands_in_for,
        ties,
    }
}
