//! One-key handover with preview (ORG-25, DUP-18).

use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use crate::{
    api::refs::UserRef,
    domain::{
        id::kind::{
            AnyId, ApprovalId, ContractId, CustomerId, DepartureId, HandoverId, JobId,
            OpportunityId, QuoteId, UserId,
        },
        timestamp::Timestamp,
        vocabulary::{
            ContractState, CustomerState, HandoverState, OpportunityState, QuoteState, SubjectKind,
        },
    },
    http::View,
};

/// A customer that goes to somebody else than the receiver.
#[derive(Debug, Clone, Copy, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Assignment {
    /// The customer.
    pub customer_id: CustomerId,
    /// Who receives it.
    pub to_id: UserId,
}

/// A handover to look at before it is ordered.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct PreviewHandover {
    /// Whose records.
    pub from_id: UserId,
    /// Who is to receive them.
    pub to_id: Option<UserId>,
}

/// A handover to order.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewHandover {
    /// Whose records; also somebody's whose account is disabled.
    pub from_id: UserId,
    /// Who receives everything that is not assigned to somebody else.
    pub to_id: UserId,
    /// Customers that go to somebody else.
    #[serde(default)]
    #[schema(max_items = 1000)]
    pub assignments: Vec<Assignment>,
    /// The departure that is completed as the last step: the account is disabled then.
    pub departure_id: Option<DepartureId>,
    /// Why.
    #[schema(min_length = 1, max_length = 500, example = "离职交接")]
    pub reason: String,
}

/// Which handovers, of those that one may see.
#[derive(Debug, Clone, Copy, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub struct HandoverFilter {
    /// Of this person's records.
    pub from_id: Option<UserId>,
    /// Received by this person.
    pub to_id: Option<UserId>,
    /// In this state.
    pub state: Option<HandoverState>,
}

/// How many records of each kind.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
pub struct HandoverCounts {
    /// Customers, deleted ones too.
    pub customers: i64,
    /// Opportunities that are not failed or confirmed.
    pub opportunities: i64,
    /// Quotes that the customer has not answered.
    pub quotes: i64,
    /// Contracts that are neither signed nor cancelled.
    pub contracts: i64,
    /// Open conflict cases to which the person is a party.
    pub conflict_cases: i64,
}

/// What does not change hands: it ends with a departure, or is for others to see to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
pub struct HandoverTies {
    /// Approvals that wait for the person: on departure their seats find new holders (AMB-50).
    pub approvals_to_decide: i64,
    /// Pending approvals that the person submitted: those of records that change hands are void, and submitted again by
    /// the receiver.
    pub approvals_submitted: i64,
    /// Shares with the person: they end on departure.
    pub shares_received: i64,
    /// Shares that the person gave: they stay.
    pub shares_given: i64,
    /// Delegations to and from the person: they end on departure.
    pub delegations: i64,
    /// Roles: they end on departure.
    pub roles: i64,
    /// People whose direct superior the person is: give them another one.
    pub subordinates: i64,
    /// Reminders that are still to come: the receiver finds them on the customers' activities.
    pub reminders: i64,
}

/// A customer in a preview.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct PreviewCustomer {
    /// Id.
    pub id: CustomerId,
    /// Name.
    pub name: String,
    /// Review state; what is under review becomes a draft again.
    pub state: CustomerState,
}

/// An opportunity in a preview.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct PreviewOpportunity {
    /// Id.
    pub id: OpportunityId,
    /// Title.
    pub title: String,
    /// State.
    pub state: OpportunityState,
}

/// A quote in a preview.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct PreviewQuote {
    /// Id.
    pub id: QuoteId,
    /// Title.
    pub title: String,
    /// State.
    pub state: QuoteState,
}

/// A contract in a preview.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct PreviewContract {
    /// Id.
    pub id: ContractId,
    /// Number.
    pub number: String,
    /// State.
    pub state: ContractState,
}

/// An approval in a preview.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct PreviewApproval {
    /// Id.
    pub id: ApprovalId,
    /// Kind of its subject.
    pub subject_kind: SubjectKind,
    /// The subject.
    pub subject_id: AnyId,
    /// What approvers read.
    pub title: String,
}

/// What a handover would do: counts of everything, and the first records of each kind.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct HandoverPreview {
    /// Whose records.
    pub from: UserRef,
    /// Who is to receive them.
    pub to: Option<UserRef>,
    /// What changes hands.
    pub counts: HandoverCounts,
    /// What does not.
    pub ties: HandoverTies,
    /// The first customers.
    pub customers: Vec<PreviewCustomer>,
    /// The first opportunities.
    pub opportunities: Vec<PreviewOpportunity>,
    /// The first quotes.
    pub quotes: Vec<PreviewQuote>,
    /// The first contracts.
    pub contracts: Vec<PreviewContract>,
    /// The first approvals that wait for the person.
    pub approvals: Vec<PreviewApproval>,
    /// How many records each list shows at most.
    pub shown: i64,
}

impl View for HandoverPreview {}

/// A handover and how far it has come.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct HandoverView {
    /// Id.
    pub id: HandoverId,
    /// Whose records.
    pub from: UserRef,
    /// Who receives what is not assigned to somebody else.
    pub to: UserRef,
    /// How many customers are assigned to somebody else.
    pub assigned: i64,
    /// Why.
    pub reason: String,
    /// The departure that it completes.
    pub departure_id: Option<DepartureId>,
    /// State.
    pub state: HandoverState,
    /// The job that does it: progress, cancel, and why it stopped.
    pub job_id: JobId,
    /// Who ordered it.
    pub ordered_by: UserRef,
    /// What has changed hands so far.
    pub done: HandoverCounts,
    /// When it ended.
    pub finished_at: Option<Timestamp>,
    /// Version: rises with every step.
    pub version: i64,
    /// Ordered.
    pub created_at: Timestamp,
    /// Last step.
    pub updated_at: Timestamp,
}

impl View for HandoverView {
    fn version(&self) -> Option<i64> {
        Some(self.version)
    }

    fn location(&self) -> Option<String> {
        Some(format!("/api/v1/handovers/{}", self.id))
    }
}
