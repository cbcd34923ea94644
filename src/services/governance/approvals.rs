//! The approval engine: one for every sign-off (AMB-13, AMB-28).

use crate::{
    context::Ctx,
    db::{Conn, Tx},
    domain::{
        id::kind::{AnyId, ApprovalId, UnitId, UserId},
        vocabulary::{ApprovalState, SubjectKind},
    },
    error::{AppError, AppResult},
    policy::governance::approval::Route,
};

/// What is submitted for approval.
#[derive(Debug, Clone)]
pub struct Submission {
    /// Kind of the subject.
    pub subject_kind: SubjectKind,
    /// The subject.
    pub subject_id: AnyId,
    /// Its version after the submission: a change of the subject voids the approval.
    pub subject_version: i64,
    /// What approvers read in their inbox.
    pub title: String,
    /// The requirement that demands the approval.
    pub rule: &'static str,
    /// Key and version of the policy that chose the route.
    pub policy: Option<(&'static str, i64)>,
    /// The subject's owner, who may not decide either.
    pub owner_id: UserId,
    /// The subject's unit: seats with scope SUBMITTER_UNIT are looked for from here upwards.
    pub unit_id: UnitId,
    /// The subject's security level.
    pub security_level: i32,
    /// Steps and seats.
    pub route: Route,
}

/// Submits a subject: the first step's seats open and their holders find it in their inbox.
///
/// # Errors
/// 409 when an approval of the subject is pending already.
pub fn submit(_tx: &mut Tx<'_>, _ctx: &Ctx, _submission: Submission) -> AppResult<ApprovalId> {
    Err(AppError::internal("not yet"))
}

/// Ends the subject's pending approval, if there is one: the subject changed (VOID) or was withdrawn (WITHDRAWN).
///
/// # Errors
/// A database fault.
pub fn end_pending(
    _tx: &mut Tx<'_>,
    _ctx: &Ctx,
    _kind: SubjectKind,
    _id: AnyId,
    _state: ApprovalState,
    _because: &str,
) -> AppResult<bool> {
    Err(AppError::internal("not yet"))
}

/// The subject's pending approval.
///
/// # Errors
/// A database fault.
pub fn pending(_conn: &mut Conn, _kind: SubjectKind, _id: AnyId) -> AppResult<Option<ApprovalId>> {
    Err(AppError::internal("not yet"))
}
