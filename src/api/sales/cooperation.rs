//! Splits of cooperations by ruling (CONF-04, CONF-07).

use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use crate::domain::{
    Ratio,
    id::kind::{ConflictCaseId, CooperationId, CustomerId, OpportunityId, UserId},
    timestamp::Timestamp,
};

/// What a list of splits is narrowed to.
#[derive(Debug, Clone, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub struct CooperationFilter {
    /// The customer.
    pub customer_id: Option<CustomerId>,
    /// The opportunity.
    pub opportunity_id: Option<OpportunityId>,
    /// Whose share.
    pub user_id: Option<UserId>,
    /// The case that was ruled on.
    pub conflict_case_id: Option<ConflictCaseId>,
    /// Only those that count now (true), or only those that another ruling ended (false).
    pub current: Option<bool>,
    /// Since this or later.
    pub since_gte: Option<Timestamp>,
    /// Since before this.
    pub since_lt: Option<Timestamp>,
}

/// One person's share of a customer or an opportunity.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct CooperationView {
    /// Id.
    pub id: CooperationId,
    /// The case that was ruled on.
    pub conflict_case_id: ConflictCaseId,
    /// The customer; only if the caller may see it.
    pub customer_id: Option<CustomerId>,
    /// Its name.
    pub customer_name: String,
    /// The opportunity; null for a split of the customer as a whole.
    pub opportunity_id: Option<OpportunityId>,
    /// Whose share.
    pub user_id: UserId,
    /// That person's name.
    pub user_name: String,
    /// That person's department at present.
    pub department: String,
    /// The share.
    pub share: Ratio,
    /// Since when.
    pub since: Timestamp,
    /// Until when, if another ruling changed it.
    pub ended_at: Option<Timestamp>,
}
