//! Approvals: what is asked, the seats of its steps, and who holds each seat.

use diesel::prelude::*;

use crate::{
    db::schema::{approval_holders, approval_seats, approvals, pending_approvals},
    domain::{
        id::kind::{AnyId, ApprovalId, SeatId, UnitId, UserId},
        timestamp::Timestamp,
        vocabulary::{
            ApprovalState, Capability, Opinion, SeatMode, SeatScope, SeatState, SubjectKind,
        },
    },
};

/// An approval of one version of one subject.
#[derive(Debug, Clone, HasQuery, Insertable)]
#[diesel(table_name = approvals)]
pub struct Approval {
    /// Id.
    pub id: ApprovalId,
    /// Kind of the subject.
    pub subject_kind: SubjectKind,
    /// The subject.
    pub subject_id: AnyId,
    /// The version that was submitted.
    pub subject_version: i64,
    /// What approvers read in their inbox.
    pub title: String,
    /// The requirement that demands the approval.
    pub rule: String,
    /// The policy that chose the route.
    pub policy_key: Option<String>,
    /// Its version.
    pub policy_number: Option<i64>,
    /// Who submitted.
    pub submitter_id: UserId,
    /// Who owned the subject then.
    pub owner_id: UserId,
    /// The subject's unit.
    pub unit_id: UnitId,
    /// The subject's security level.
    pub security_level: i32,
    /// State.
    pub state: ApprovalState,
    /// The step that is asked now, from 0.
    pub step: i32,
    /// The last comment, or the reason of the end.
    pub ended_because: Option<String>,
    /// When it ended.
    pub ended_at: Option<Timestamp>,
    /// Rises when a step is done or the approval ends, not with each opinion: parallel approvers do not turn each
    /// other away.
    pub version: i64,
    /// Created.
    pub created_at: Timestamp,
    /// Last opinion or change.
    pub updated_at: Timestamp,
}

/// The one approval of a subject that waits.
#[derive(Debug, Clone, Insertable)]
#[diesel(table_name = pending_approvals)]
pub struct PendingApproval {
    /// Kind of the subject.
    pub subject_kind: SubjectKind,
    /// The subject.
    pub subject_id: AnyId,
    /// Its approval.
    pub approval_id: ApprovalId,
}

/// One seat of a step, and what was said on it.
#[derive(Debug, Clone, HasQuery, Insertable)]
#[diesel(table_name = approval_seats)]
pub struct ApprovalSeat {
    /// Id.
    pub id: SeatId,
    /// Its approval.
    pub approval_id: ApprovalId,
    /// Step, from 0.
    pub step: i32,
    /// Place in the step, from 0.
    pub seat: i32,
    /// How the step's seats decide together.
    pub mode: SeatMode,
    /// What a holder must be able to do.
    pub capability: Capability,
    /// Where holders are looked for.
    pub scope: SeatScope,
    /// State.
    pub state: SeatState,
    /// What was said.
    pub opinion: Option<Opinion>,
    /// With which comment.
    pub comment: Option<String>,
    /// By whom.
    pub decided_by: Option<UserId>,
    /// In whose place, if by a delegate.
    pub on_behalf_of: Option<UserId>,
    /// When.
    pub decided_at: Option<Timestamp>,
}

/// Someone who may speak on a seat.
#[derive(Debug, Clone, Copy, HasQuery, Insertable)]
#[diesel(table_name = approval_holders)]
pub struct ApprovalHolder {
    /// The seat.
    pub seat_id: SeatId,
    /// Who.
    pub user_id: UserId,
    /// The seat's approval.
    pub approval_id: ApprovalId,
    /// Whether it waits for this holder now.
    pub waiting: bool,
}
