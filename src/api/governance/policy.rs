//! Policies: the regulation's numbers in force, and their versions.

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use utoipa::{IntoParams, ToSchema};

use crate::{
    api::refs::UserRef,
    domain::{
        id::kind::{ApprovalId, PolicyVersionId},
        timestamp::Timestamp,
        vocabulary::PolicyState,
    },
    http::View,
};

/// Every policy.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct PolicyList {
    /// By key.
    pub items: Vec<PolicyView>,
}

impl View for PolicyList {}

/// What the caller may do with a policy now.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum PolicyAction {
    /// Propose another version: `POST /policies/{key}/versions`.
    Propose,
}

/// A policy with the settings in force.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct PolicyView {
    /// Key.
    #[schema(example = "quote_discount")]
    pub key: String,
    /// Chinese title.
    #[schema(example = "报价折扣审批权限")]
    pub title_zh: String,
    /// English title.
    #[schema(example = "Discount tiers of quotes")]
    pub title_en: String,
    /// The requirements that it parameterises.
    #[schema(example = json!(["QUO-05", "QUO-06", "QUO-07"]))]
    pub rules: Vec<String>,
    /// The settings in force.
    #[schema(value_type = Object, example = json!({"manager_floor": "0.5000", "assistant_floor": "0.4500", "per_line": true}))]
    pub value: Value,
    /// Number of the version in force; 0 is the regulation's default.
    pub number: i64,
    /// Since when it is in force; null for the default.
    pub effective_from: Option<Timestamp>,
    /// The regulation's default settings.
    #[schema(value_type = Object, example = json!({"manager_floor": "0.5000", "assistant_floor": "0.4500", "per_line": true}))]
    pub default: Value,
    /// Approved versions that will take effect, the next one first.
    pub upcoming: Vec<UpcomingPolicy>,
    /// What the caller may do now.
    pub allowed_actions: Vec<PolicyAction>,
}

impl View for PolicyView {
    fn version(&self) -> Option<i64> {
        Some(self.number)
    }

    /// What is upcoming changes while the number in force stays.
    fn changes_within_version(&self) -> bool {
        true
    }
}

/// An approved version that will take effect.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct UpcomingPolicy {
    /// The version.
    pub id: PolicyVersionId,
    /// Number.
    pub number: i64,
    /// When.
    pub effective_from: Timestamp,
}

/// Which versions of a policy.
#[derive(Debug, Clone, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub struct PolicyVersionFilter {
    /// Only in this state.
    pub state: Option<PolicyState>,
}

/// Another version of a policy.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ProposePolicy {
    /// The settings, at least one; those left out stay as they are in force.
    #[schema(value_type = Object, example = json!({"manager_floor": "0.5500"}))]
    pub value: Map<String, Value>,
    /// From when it is to be in force, not in the past; with its approval if left out, and not before it.
    #[serde(default)]
    pub effective_from: Option<Timestamp>,
    /// Why.
    #[schema(min_length = 1, max_length = 2000, example = "年度价格政策调整。")]
    pub reason: String,
}

/// What the caller may do with a version now.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum PolicyVersionAction {
    /// Take it back: `POST /policy-versions/{id}/withdraw`.
    Withdraw,
}

/// A version of a policy.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct PolicyVersionView {
    /// Id.
    pub id: PolicyVersionId,
    /// Which policy.
    #[schema(example = "quote_discount")]
    pub key: String,
    /// Number: what decisions made by it record.
    pub number: i64,
    /// State.
    pub state: PolicyState,
    /// All settings.
    #[schema(value_type = Object, example = json!({"manager_floor": "0.5500", "assistant_floor": "0.4500", "per_line": true}))]
    pub value: Value,
    /// From when it is in force, once approved.
    pub effective_from: Timestamp,
    /// Why.
    #[schema(example = "年度价格政策调整。")]
    pub reason: String,
    /// By whom.
    pub proposed_by: UserRef,
    /// Its approval.
    pub approval_id: Option<ApprovalId>,
    /// What the caller may do now.
    pub allowed_actions: Vec<PolicyVersionAction>,
    /// Version of this record.
    pub version: i64,
    /// Proposed.
    pub created_at: Timestamp,
    /// Last updated.
    pub updated_at: Timestamp,
}

impl View for PolicyVersionView {
    fn version(&self) -> Option<i64> {
        Some(self.version)
    }

    fn location(&self) -> Option<String> {
        Some(format!("/api/v1/policy-versions/{}", self.id))
    }
}
