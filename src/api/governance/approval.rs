//! Approvals: the inbox, the steps and what was said on them.

use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use crate::{
    api::refs::{UnitRef, UserRef},
    domain::{
        id::kind::{AnyId, ApprovalId, UserId},
        timestamp::Timestamp,
        vocabulary::{
            ApprovalState, Capability, Opinion, SeatMode, SeatScope, SeatState, SubjectKind,
        },
    },
    http::View,
};

/// Which approvals.
#[derive(Debug, Clone, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub struct ApprovalFilter {
    /// Only what waits for my own decision now, as holder of a seat or in the place of one.
    pub waiting_for_me: Option<bool>,
    /// Only of this kind of subject.
    pub subject_kind: Option<SubjectKind>,
    /// Only of this subject.
    pub subject_id: Option<AnyId>,
    /// Only in this state.
    pub state: Option<ApprovalState>,
    /// Only what this person submitted.
    pub submitter_id: Option<UserId>,
}

/// An opinion.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Decide {
    /// The definite opinion (CON-03).
    pub opinion: Opinion,
    /// Why; required unless one agrees.
    #[serde(default)]
    #[schema(min_length = 1, max_length = 2000, example = "折扣在权限之内，同意。")]
    pub comment: Option<String>,
}

/// Taking back a submission.
#[derive(Debug, Clone, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Withdraw {
    /// Why.
    #[serde(default)]
    #[schema(min_length = 1, max_length = 2000, example = "价格需要再与客户确认。")]
    pub reason: Option<String>,
}

/// What the caller may do with an approval now.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum ApprovalAction {
    /// Give an opinion: `POST /approvals/{id}/decisions`.
    Decide,
    /// Take it back: `POST /approvals/{id}/withdraw`.
    Withdraw,
}

/// An approval: what is asked, of whom, and what they said.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct ApprovalView {
    /// Id.
    pub id: ApprovalId,
    /// Kind of the subject.
    pub subject_kind: SubjectKind,
    /// The subject.
    pub subject_id: AnyId,
    /// Its version that was submitted.
    pub subject_version: i64,
    /// What is asked.
    #[schema(example = "报价：上海金科电子 ERP 一期，4.5折")]
    pub title: String,
    /// The requirement that demands the approval.
    #[schema(example = "QUO-06")]
    pub rule: String,
    /// The policy that chose the route.
    #[schema(example = "quote_discount")]
    pub policy_key: Option<String>,
    /// Version number of that policy; 0 is the regulation's default.
    pub policy_number: Option<i64>,
    /// Who submitted.
    pub submitter: UserRef,
    /// Who owned the subject then.
    pub owner: UserRef,
    /// The subject's unit.
    pub unit: UnitRef,
    /// State.
    pub state: ApprovalState,
    /// Number of the step that is asked now, or was asked last, from 1.
    pub step: i32,
    /// All steps, in order.
    pub steps: Vec<ApprovalStepView>,
    /// The last comment, or why it ended.
    pub ended_because: Option<String>,
    /// When it ended.
    pub ended_at: Option<Timestamp>,
    /// What the caller may do now.
    pub allowed_actions: Vec<ApprovalAction>,
    /// Rises when a step is done or the approval ends, not with each parallel opinion.
    pub version: i64,
    /// Created.
    pub created_at: Timestamp,
    /// Last opinion or change.
    pub updated_at: Timestamp,
}

/// A step of an approval.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct ApprovalStepView {
    /// Number, from 1.
    pub number: i32,
    /// How its seats decide together.
    pub mode: SeatMode,
    /// Its seats.
    pub seats: Vec<ApprovalSeatView>,
}

/// A seat of a step.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct ApprovalSeatView {
    /// What a holder must be able to do.
    pub capability: Capability,
    /// Where holders are looked for.
    pub scope: SeatScope,
    /// State.
    pub state: SeatState,
    /// Who may speak (AMB-13, AMB-50); empty until the step is reached.
    pub holders: Vec<UserRef>,
    /// What was said.
    pub opinion: Option<Opinion>,
    /// With which comment.
    pub comment: Option<String>,
    /// By whom.
    pub decided_by: Option<UserRef>,
    /// In whose place, if by a delegate (ORG-33).
    pub on_behalf_of: Option<UserRef>,
    /// When.
    pub decided_at: Option<Timestamp>,
}

impl View for ApprovalView {
    fn version(&self) -> Option<i64> {
        Some(self.version)
    }

    fn location(&self) -> Option<String> {
        Some(format!("/api/v1/approvals/{}", self.id))
    }

    /// Parallel opinions leave the version alone, so only an ended approval may be answered with 304.
    fn changes_within_version(&self) -> bool {
        self.state == ApprovalState::Pending
    }
}
