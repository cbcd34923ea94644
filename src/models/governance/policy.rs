//! Versions of policies.

use diesel::prelude::*;

use crate::{
    db::schema::policy_versions,
    domain::{
        id::kind::{ApprovalId, PolicyVersionId, UserId},
        timestamp::Timestamp,
        vocabulary::PolicyState,
    },
};

/// One version of a policy's settings.
#[derive(Debug, Clone, HasQuery, Insertable)]
#[diesel(table_name = policy_versions)]
pub struct PolicyVersion {
    /// Id.
    pub id: PolicyVersionId,
    /// Which policy.
    pub policy_key: String,
    /// Counts up per policy, from 1.
    pub number: i64,
    /// State.
    pub state: PolicyState,
    /// From when it is in force, once approved.
    pub effective_from: Timestamp,
    /// All settings, JSON.
    pub value: String,
    /// Why.
    pub reason: String,
    /// By whom.
    pub proposed_by: UserId,
    /// Its approval.
    pub approval_id: Option<ApprovalId>,
    /// Version of the row.
    pub version: i64,
    /// Proposed.
    pub created_at: Timestamp,
    /// Last updated.
    pub updated_at: Timestamp,
}
