//! The split of a cooperation by ruling.

use diesel::prelude::*;

use crate::{
    db::schema::cooperation_splits,
    domain::{
        Ratio,
        id::kind::{ConflictCaseId, CooperationId, CustomerId, OpportunityId, UserId},
        timestamp::Timestamp,
    },
};

/// One person's share of a customer or an opportunity that is pursued together (CONF-04).
#[derive(Debug, Clone, HasQuery, Insertable)]
#[diesel(table_name = cooperation_splits, treat_none_as_default_value = false)]
pub struct CooperationSplit {
    /// Id.
    pub id: CooperationId,
    /// The case that was ruled on.
    pub case_id: ConflictCaseId,
    /// The customer.
    pub customer_id: CustomerId,
    /// The opportunity, where the split is of one.
    pub opportunity_id: Option<OpportunityId>,
    /// Whose share.
    pub user_id: UserId,
    /// The share.
    pub share: Ratio,
    /// Since when.
    pub since: Timestamp,
    /// Until when, if another ruling changed it.
    pub ended_at: Option<Timestamp>,
}
