//! Conflict cases and rulings.

use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use crate::{
    api::csv::Csv,
    domain::{
        Ratio,
        id::kind::{AttemptId, ConflictCaseId, CustomerId, OpportunityId, UnitId, UserId},
        timestamp::Timestamp,
        vocabulary::{CaseState, Ruling},
    },
    http::View,
    policy::sales::conflict_state::Command,
};

/// An appeal against a refused registration (AMB-45).
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Appeal {
    /// Why: no clear preference of the customer, or an advantage with the customer (CONF-04).
    #[schema(
        min_length = 1,
        max_length = 2000,
        example = "客户采购负责人长期由我方联系，已有书面意向。"
    )]
    pub reason: String,
}

/// A ruling (CONF-04..07).
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Rule {
    /// UPHOLD, TRANSFER or COOPERATE.
    pub ruling: Ruling,
    /// Its basis (CONF-06).
    #[schema(
        min_length = 1,
        max_length = 4000,
        example = "登记资料以首先登记人更为详实。"
    )]
    pub basis: String,
    /// COOPERATE only: the holder's share; together with the claimant's exactly 1. The policy's split if both are absent.
    pub holder_share: Option<Ratio>,
    /// COOPERATE only: the claimant's share.
    pub claimant_share: Option<Ratio>,
}

/// What a list of conflict cases is narrowed to.
#[derive(Debug, Clone, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub struct ConflictCaseFilter {
    /// States, separated by commas.
    #[param(value_type = Option<String>, example = "UNDER_ARBITRATION", max_length = 200)]
    pub state_in: Option<Csv<CaseState>>,
    /// Who was refused.
    pub claimant_id: Option<UserId>,
    /// Who was first.
    pub holder_id: Option<UserId>,
    /// The customer.
    pub customer_id: Option<CustomerId>,
    /// The opportunity whose registration failed.
    pub opportunity_id: Option<OpportunityId>,
    /// Who is to rule.
    pub arbitrator_id: Option<UserId>,
    /// Detected at or after.
    pub created_at_gte: Option<Timestamp>,
    /// Detected before.
    pub created_at_lt: Option<Timestamp>,
}

/// A conflict case in a list.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct ConflictCaseSummary {
    /// Id.
    pub id: ConflictCaseId,
    /// The opportunity whose registration failed; null where a customer's registration was refused.
    pub opportunity_id: Option<OpportunityId>,
    /// The refused registration of the customer, where there is no opportunity.
    pub attempt_id: Option<AttemptId>,
    /// The customer that both want; for its holder and for arbitrators only (AMB-33).
    pub customer_id: Option<CustomerId>,
    /// Its name.
    pub customer_name: String,
    /// Who was first.
    pub holder_id: UserId,
    /// That person's name.
    pub holder_name: String,
    /// That person's department.
    pub holder_department: String,
    /// Who was refused.
    pub claimant_id: UserId,
    /// That person's name.
    pub claimant_name: String,
    /// That person's department.
    pub claimant_department: String,
    /// The claimant's unit at that time.
    pub unit_id: UnitId,
    /// State.
    pub state: CaseState,
    /// When the collision was found.
    pub detected_at: Timestamp,
    /// Until when the claimant may appeal; this instant is still in time.
    pub appeal_until: Timestamp,
    /// Who is to rule: the sales manager over the holder's department, the next superior if that one is a party or
    /// away (CONF-05, AMB-50); others with the right may. Null before the appeal.
    pub arbitrator_id: Option<UserId>,
    /// That person's name.
    pub arbitrator_name: Option<String>,
    /// The ruling.
    pub ruling: Option<Ruling>,
    /// When it was made.
    pub ruled_at: Option<Timestamp>,
    /// Version.
    pub version: i64,
    /// Created.
    pub created_at: Timestamp,
    /// Last updated.
    pub updated_at: Timestamp,
}

/// A conflict case.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct ConflictCaseView {
    /// What lists show too.
    #[serde(flatten)]
    pub summary: ConflictCaseSummary,
    /// Why the claimant appeals.
    pub appeal_reason: Option<String>,
    /// When the claimant appealed.
    pub appealed_at: Option<Timestamp>,
    /// The ruling's basis.
    pub basis: Option<String>,
    /// The holder's share of a cooperation.
    pub holder_share: Option<Ratio>,
    /// The claimant's share.
    pub claimant_share: Option<Ratio>,
    /// Who ruled.
    pub ruled_by: Option<UserId>,
    /// That person's name.
    pub ruled_by_name: Option<String>,
    /// The version of the policy `conflict` that was applied; 0 is the regulation's own default.
    pub policy_number: i64,
    /// What the holder registered: for arbitrators only (CONF-05, CONF-06).
    pub holder_material: Option<RegistrationMaterial>,
    /// What the claimant registered: for arbitrators only.
    pub claimant_material: Option<RegistrationMaterial>,
    /// What the caller may do with it now.
    pub allowed_actions: Vec<Command>,
}

impl View for ConflictCaseView {
    fn version(&self) -> Option<i64> {
        Some(self.summary.version)
    }

    fn location(&self) -> Option<String> {
        Some(format!("/api/v1/conflict-cases/{}", self.summary.id))
    }
}

/// What one side registered, for the arbitrator: who was first with detailed and genuine material (CONF-06)?
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct RegistrationMaterial {
    /// When the customer was entered; for the holder.
    pub customer_created_at: Option<Timestamp>,
    /// Since when the customer is effective; for the holder.
    pub customer_effective_at: Option<Timestamp>,
    /// When the refused registration of the customer was attempted; for the claimant.
    pub attempted_at: Option<Timestamp>,
    /// The name as it was attempted.
    pub attempted_name: Option<String>,
    /// The opportunity: the holder's earliest live one, or the claimant's failed one.
    pub opportunity_id: Option<OpportunityId>,
    /// Its title.
    pub opportunity_title: Option<String>,
    /// When it was submitted.
    pub submitted_at: Option<Timestamp>,
    /// When it was registered.
    pub registered_at: Option<Timestamp>,
    /// How it began.
    pub description: Option<String>,
    /// The customer's needs.
    pub needs: Option<String>,
    /// Competitors.
    pub competitors: Option<String>,
    /// Which of the six mandatory items are missing, as JSON pointers; null without an opportunity.
    pub missing: Option<Vec<String>>,
    /// How many sales activities this side recorded with the customer.
    pub activities: i64,
    /// The last of them.
    pub last_activity_at: Option<Timestamp>,
}
