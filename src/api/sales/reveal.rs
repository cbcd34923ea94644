//! The phone of an opportunity in clear, for those who may have it (SEC-02, SEC-06).

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::{domain::id::kind::OpportunityId, http::View};

/// Why an opportunity's phone is to be revealed.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct RevealOpportunity {
    /// Why; it ends up in the event.
    #[schema(min_length = 1, max_length = 500, example = "电话回访")]
    pub reason: Option<String>,
}

/// An opportunity's personal data in clear.
#[derive(Clone, Serialize, ToSchema)]
pub struct OpportunityRevealed {
    /// Opportunity.
    pub opportunity_id: OpportunityId,
    /// Phone.
    #[schema(example = "13800138000")]
    pub phone: Option<String>,
}

impl View for OpportunityRevealed {}
