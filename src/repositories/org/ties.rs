//! What ties a person to records without being the person's own: for the preview of a handover (ORG-25).

use diesel::prelude::*;

use crate::{
    db::{
        Conn,
        schema::{activities, approval_holders, approvals, delegations, shares, user_roles, users},
    },
    domain::{
        id::kind::{AnyId, ApprovalId, UserId},
        timestamp::Timestamp,
        vocabulary::{ApprovalState, SubjectKind},
    },
    error::AppResult,
};

/// What else ties a person to records: it does not change hands, but ends with a departure, or is for others to see.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Ties {
    /// Approvals that wait for the person's decision.
    pub approvals_to_decide: i64,
    /// Approvals that the person submitted and that are pending.
    pub approvals_submitted: i64,
    /// Shares that the person received and that are in force.
    pub shares_received: i64,
    /// Shares that the person gave and that are in force.
    pub shares_given: i64,
    /// Delegations to or from the person that are not over.
    pub delegations: i64,
    /// Roles.
    pub grants: i64,
    /// People whose direct superior the person is.
    pub subordinates: i64,
    /// Reminders of the person's activities that are still to come.
    pub reminders: i64,
}

/// What else ties a person to records.
///
/// # Errors
/// A database fault.
pub fn of(conn: &mut Conn, user: UserId, now: Timestamp) -> AppResult<Ties> {
    Ok(Ties {
        approvals_to_decide: approval_holders::table
            .filter(approval_holders::user_id.eq(user))
            .filter(approval_holders::waiting.eq(true))
            .count()
            .get_result(conn)?,
        approvals_submitted: approvals::table
            .filter(approvals::submitter_id.eq(user))
            .filter(approvals::state.eq(ApprovalState::Pending))
            .count()
            .get_result(conn)?,
        shares_received: shares::table
            .filter(shares::user_id.eq(user))
            .filter(shares::expires_at.gt(now))
            .count()
            .get_result(conn)?,
        shares_given: shares::table
            .filter(shares::granted_by.eq(user))
            .filter(shares::expires_at.gt(now))
            .count()
            .get_result(conn)?,
        delegations: delegations::table
            .filter(
                delegations::delegator_id
                    .eq(user)
                    .or(delegations::delegate_id.eq(user)),
            )
            .filter(delegations::ends_at.gt(now))
            .filter(delegations::revoked_at.is_null())
            .count()
            .get_result(conn)?,
        grants: user_roles::table
            .filter(user_roles::user_id.eq(user))
            .count()
            .get_result(conn)?,
        subordinates: users::table
            .filter(users::superior_id.eq(user))
            .filter(users::disabled_at.is_null())
            .count()
            .get_result(conn)?,
        reminders: activities::table
            .filter(activities::owner_id.eq(user))
            .filter(activities::remind_at.gt(now))
            .count()
            .get_result(conn)?,
    })
}

/// The approvals that wait for a person, the earliest first.
///
/// # Errors
/// A database fault.
pub fn approvals_waiting_for(
    conn: &mut Conn,
    user: UserId,
    limit: i64,
) -> AppResult<Vec<(ApprovalId, SubjectKind, AnyId, String)>> {
    Ok(approvals::table
        .inner_join(approval_holders::table.on(approval_holders::approval_id.eq(approvals::id)))
        .filter(approval_holders::user_id.eq(user))
        .filter(approval_holders::waiting.eq(true))
        .order((approvals::created_at, approvals::id))
        .select((
            approvals::id,
            approvals::subject_kind,
            approvals::subject_id,
            approvals::title,
        ))
        .limit(limit)
        .load(conn)?)
}
