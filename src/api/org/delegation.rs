//! Delegations: who decides for whom while absent.

use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::{IntoParams, ToSchema};

use crate::{
    api::refs::UserRef,
    domain::{
        id::kind::{AnyId, DelegationId, EventId, UserId},
        timestamp::Timestamp,
        vocabulary::SubjectKind,
    },
    http::View,
};

/// A new delegation.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewDelegation {
    /// Who is absent; oneself if not given. For others one must manage them.
    #[serde(default)]
    pub delegator_id: Option<UserId>,
    /// Who stands in.
    pub delegate_id: UserId,
    /// From; now if not given.
    #[serde(default)]
    pub starts_at: Option<Timestamp>,
    /// Until, exclusive.
    pub ends_at: Timestamp,
    /// Why, for the record.
    #[schema(min_length = 1, max_length = 200, example = "出差")]
    pub reason: String,
    /// Whether the stand-in also works the absent person's customers (DUP-17); not if absent.
    pub works_records: Option<bool>,
}

/// What of the work: all of it.
#[derive(Debug, Clone, Copy, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub struct WorkInSteadFilter {
    /// About this kind of record.
    pub subject_kind: Option<SubjectKind>,
}

/// Something that was done in stead (DUP-17).
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct WorkInStead {
    /// Id of the event.
    pub id: EventId,
    /// When.
    pub at: Timestamp,
    /// What happened.
    #[schema(example = "activity.recorded")]
    pub kind: String,
    /// Kind of the record.
    pub subject_kind: SubjectKind,
    /// The record.
    pub subject_id: AnyId,
    /// What changed; personal data masked.
    #[schema(value_type = Object, example = json!({"version": 2}))]
    pub data: Value,
}

/// Which delegations, of those that one may see.
#[derive(Debug, Clone, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub struct DelegationFilter {
    /// Of this absent person.
    pub delegator_id: Option<UserId>,
    /// To this person.
    pub delegate_id: Option<UserId>,
    /// In force now, or not.
    pub in_force: Option<bool>,
    /// With the work on records (absences), or of decisions only.
    pub works_records: Option<bool>,
}

/// What the caller may do with a delegation now.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum DelegationAction {
    /// End it early.
    Revoke,
}

/// A delegation (ORG-33).
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct DelegationView {
    /// Id.
    pub id: DelegationId,
    /// Who is absent.
    pub delegator: UserRef,
    /// Who stands in.
    pub delegate: UserRef,
    /// From.
    pub starts_at: Timestamp,
    /// Until, exclusive.
    pub ends_at: Timestamp,
    /// Why.
    pub reason: String,
    /// Whether the stand-in also works the absent person's customers (DUP-17).
    pub works_records: bool,
    /// When it was ended early.
    pub revoked_at: Option<Timestamp>,
    /// Whether it is in force now.
    pub in_force: bool,
    /// For `If-Match`.
    pub version: i64,
    /// Created.
    pub created_at: Timestamp,
    /// Last changed.
    pub updated_at: Timestamp,
    /// What the caller may do now.
    pub allowed_actions: Vec<DelegationAction>,
}

impl View for DelegationView {
    fn version(&self) -> Option<i64> {
        Some(self.version)
    }

    fn location(&self) -> Option<String> {
        Some(format!("/api/v1/delegations/{}", self.id))
    }
}
