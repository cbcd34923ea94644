//! Conflict cases: two colleagues want one customer (CONF).

use diesel::prelude::*;

use crate::{
    db::schema::conflict_cases,
    domain::{
        Ratio,
        id::kind::{AttemptId, ConflictCaseId, CustomerId, OpportunityId, UnitId, UserId},
        timestamp::Timestamp,
        vocabulary::{CaseState, Ruling},
    },
};

/// A conflict case (CONF-05..07, AMB-45).
#[derive(Debug, Clone, HasQuery, Insertable, AsChangeset)]
#[diesel(table_name = conflict_cases, treat_none_as_null = true)]
pub struct ConflictCase {
    /// Id.
    #[diesel(skip_update)]
    pub id: ConflictCaseId,
    /// The opportunity whose registration failed; none where a customer's registration was refused.
    #[diesel(skip_update)]
    pub opportunity_id: Option<OpportunityId>,
    /// The refused registration of the customer, where there is no opportunity.
    #[diesel(skip_update)]
    pub attempt_id: Option<AttemptId>,
    /// The customer that both want.
    #[diesel(skip_update)]
    pub customer_id: CustomerId,
    /// Its name at that time.
    #[diesel(skip_update)]
    pub customer_name: String,
    /// Who was first.
    #[diesel(skip_update)]
    pub holder_id: UserId,
    /// Whose registration failed.
    #[diesel(skip_update)]
    pub claimant_id: UserId,
    /// The claimant: whoever may see the claimant's records may see the case.
    #[diesel(skip_update)]
    pub owner_id: UserId,
    /// The claimant's unit.
    #[diesel(skip_update)]
    pub unit_id: UnitId,
    /// The customer's security level at that time.
    #[diesel(skip_update)]
    pub security_level: i32,
    /// State.
    pub state: CaseState,
    /// When the collision was found.
    pub detected_at: Timestamp,
    /// Until when the claimant may appeal: the last instant that is still in time (AMB-45).
    pub appeal_until: Timestamp,
    /// Why the claimant appeals.
    pub appeal_reason: Option<String>,
    /// When the claimant appealed.
    pub appealed_at: Option<Timestamp>,
    /// Who is to rule: the sales manager over the holder's department (CONF-05, AMB-50).
    pub arbitrator_id: Option<UserId>,
    /// The ruling (CONF-04).
    pub ruling: Option<Ruling>,
    /// Its basis (CONF-06, CONF-07).
    pub basis: Option<String>,
    /// The holder's share of a cooperation.
    pub holder_share: Option<Ratio>,
    /// The claimant's share of a cooperation.
    pub claimant_share: Option<Ratio>,
    /// Who ruled.
    pub ruled_by: Option<UserId>,
    /// When.
    pub ruled_at: Option<Timestamp>,
    /// Version of the policy `conflict` that applies.
    pub policy_number: i64,
    /// Version.
    pub version: i64,
    /// Created.
    #[diesel(skip_update)]
    pub created_at: Timestamp,
    /// Last updated.
    pub updated_at: Timestamp,
}
