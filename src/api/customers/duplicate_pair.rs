//! Likely duplicates (DUP-10).

use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use crate::{
    api::csv::Csv,
    domain::{
        id::kind::{CustomerId, DuplicatePairId, MergeId, UnitId, UserId},
        timestamp::Timestamp,
        vocabulary::{LikenessReason, PairState},
    },
    http::View,
    policy::customers::duplicate_pair::Command,
};

/// Why two customers are two.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Dismissal {
    /// Why.
    #[schema(min_length = 1, max_length = 500, example = "集团内两家独立法人")]
    pub reason: String,
}

/// What the worklist is narrowed to.
#[derive(Debug, Clone, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub struct PairFilter {
    /// States, separated by commas.
    #[param(value_type = Option<String>, example = "OPEN", max_length = 100)]
    pub state_in: Option<Csv<PairState>>,
    /// Either customer.
    pub customer_id: Option<CustomerId>,
    /// Either customer's owner.
    pub owner_id: Option<UserId>,
    /// Either customer's unit.
    pub unit_id: Option<UnitId>,
    /// At least so much alike, of 100.
    #[param(minimum = 1, maximum = 100)]
    pub score_gte: Option<i32>,
    /// To be tidied before.
    pub due_at_lt: Option<Timestamp>,
}

/// One of the two: no more than this is told of a customer that one may not see (AMB-33).
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct PairSide {
    /// The customer, only if the caller may see it.
    pub customer_id: Option<CustomerId>,
    /// Its name.
    pub customer_name: String,
    /// Its owner's name.
    pub owner_name: String,
    /// The owner's department.
    pub department: String,
    /// When it was registered, only if the caller may see it.
    pub registered_at: Option<Timestamp>,
}

/// Two customers that are likely the same.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct DuplicatePairView {
    /// Id.
    pub id: DuplicatePairId,
    /// One of the two.
    pub left: PairSide,
    /// The other.
    pub right: PairSide,
    /// How alike, of 100.
    pub score: i32,
    /// Why.
    pub reasons: Vec<LikenessReason>,
    /// State.
    pub state: PairState,
    /// When it was found.
    pub found_at: Timestamp,
    /// Until when it is to be tidied.
    pub due_at: Timestamp,
    /// Whether that time is over.
    pub overdue: bool,
    /// Who dismissed or reopened it.
    pub decided_by: Option<UserId>,
    /// That person's name.
    pub decided_by_name: Option<String>,
    /// When.
    pub decided_at: Option<Timestamp>,
    /// Why.
    pub decision_reason: Option<String>,
    /// The merge that settled it.
    pub merge_id: Option<MergeId>,
    /// Version.
    pub version: i64,
    /// Created.
    pub created_at: Timestamp,
    /// Last updated.
    pub updated_at: Timestamp,
    /// What the caller may do now; empty in lists.
    pub allowed_actions: Vec<Command>,
}

impl View for DuplicatePairView {
    fn version(&self) -> Option<i64> {
        Some(self.version)
    }

    fn location(&self) -> Option<String> {
        Some(format!("/api/v1/duplicate-pairs/{}", self.id))
    }

    fn changes_within_version(&self) -> bool {
        // The customers' names, owners and the term are not the pair's own.
        true
    }
}
