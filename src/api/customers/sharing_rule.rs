//! Automatic sharing rules (DUP-14).

use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use crate::{
    api::{
        patch::Patch,
        refs::{UnitRef, UserRef},
    },
    domain::{
        id::kind::{CustomerId, SharingRuleId, UnitId, UserId},
        timestamp::Timestamp,
        vocabulary::{Condition, CustomerKind, Line, ShareLevel},
    },
    http::View,
};

/// A rule to make: which customers, with whom, how far, from when to when.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewSharingRule {
    /// Name.
    #[schema(min_length = 1, max_length = 100, example = "客户资料共享给业务助理")]
    pub name: String,
    /// Customers of this unit and below.
    pub unit_id: UnitId,
    /// Of these kinds; of all if absent.
    #[schema(min_items = 1, max_items = 20)]
    pub kinds: Option<Vec<CustomerKind>>,
    /// Of these business lines; of all if absent.
    #[schema(min_items = 1, max_items = 20)]
    pub lines: Option<Vec<Line>>,
    /// In these conditions; in all if absent.
    #[schema(min_items = 1, max_items = 20)]
    pub conditions: Option<Vec<Condition>>,
    /// With this person; or
    pub to_user_id: Option<UserId>,
    /// with everybody of this unit; or
    pub to_unit_id: Option<UnitId>,
    /// with whoever has this role,
    #[schema(min_length = 1, max_length = 50, example = "DEPARTMENT_ASSISTANT")]
    pub to_role_code: Option<String>,
    /// and works in this unit or below; anywhere if absent.
    pub to_role_within: Option<UnitId>,
    /// READ or WRITE.
    pub level: ShareLevel,
    /// From when; at once if absent.
    pub starts_at: Option<Timestamp>,
    /// Until when, exclusive; for good if absent.
    pub ends_at: Option<Timestamp>,
}

/// A change of a rule: a merge-patch. With whom it shares does not change: make another rule.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SharingRulePatch {
    /// Name.
    #[schema(min_length = 1, max_length = 100)]
    pub name: Option<String>,
    /// Customers of this unit and below.
    pub unit_id: Option<UnitId>,
    /// Of these kinds; null: of all.
    #[serde(default)]
    #[schema(value_type = Option<Vec<CustomerKind>>, min_items = 1, max_items = 20)]
    pub kinds: Patch<Vec<CustomerKind>>,
    /// Of these business lines; null: of all.
    #[serde(default)]
    #[schema(value_type = Option<Vec<Line>>, min_items = 1, max_items = 20)]
    pub lines: Patch<Vec<Line>>,
    /// In these conditions; null: in all.
    #[serde(default)]
    #[schema(value_type = Option<Vec<Condition>>, min_items = 1, max_items = 20)]
    pub conditions: Patch<Vec<Condition>>,
    /// READ or WRITE.
    pub level: Option<ShareLevel>,
    /// Whether it applies.
    pub active: Option<bool>,
    /// From when.
    pub starts_at: Option<Timestamp>,
    /// Until when, exclusive; null: for good.
    #[serde(default)]
    #[schema(value_type = Option<Timestamp>)]
    pub ends_at: Patch<Timestamp>,
}

/// Customers that a rule would cover.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct PreviewSharingRule {
    /// Customers of this unit and below.
    pub unit_id: UnitId,
    /// Of these kinds; of all if absent.
    #[schema(min_items = 1, max_items = 20)]
    pub kinds: Option<Vec<CustomerKind>>,
    /// Of these business lines; of all if absent.
    #[schema(min_items = 1, max_items = 20)]
    pub lines: Option<Vec<Line>>,
    /// In these conditions; in all if absent.
    #[schema(min_items = 1, max_items = 20)]
    pub conditions: Option<Vec<Condition>>,
}

/// A customer that a rule covers.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct CoveredCustomer {
    /// Id.
    pub id: CustomerId,
    /// Name.
    pub name: String,
}

/// What a rule would cover.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct SharingRulePreview {
    /// How many customers, counted up to 10,000.
    pub customers: i64,
    /// Whether there are more.
    pub capped: bool,
    /// The first of them by name.
    pub first: Vec<CoveredCustomer>,
}

impl View for SharingRulePreview {}

/// Which rules.
#[derive(Debug, Clone, Copy, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub struct SharingRuleFilter {
    /// Switched on or off.
    pub active: Option<bool>,
    /// About customers of exactly this unit and below.
    pub unit_id: Option<UnitId>,
    /// With this person by name.
    pub to_user_id: Option<UserId>,
}

/// What the caller may do with a rule now.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum SharingRuleAction {
    /// Change it, or switch it on or off: `PATCH`.
    Update,
}

/// A rule.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct SharingRuleView {
    /// Id.
    pub id: SharingRuleId,
    /// Name.
    pub name: String,
    /// Customers of this unit and below.
    pub unit: UnitRef,
    /// Of these kinds; null: of all.
    pub kinds: Option<Vec<CustomerKind>>,
    /// Of these business lines; null: of all.
    pub lines: Option<Vec<Line>>,
    /// In these conditions; null: in all.
    pub conditions: Option<Vec<Condition>>,
    /// With this person.
    pub to_user: Option<UserRef>,
    /// With everybody of this unit.
    pub to_unit: Option<UnitRef>,
    /// With whoever has this role,
    pub to_role_code: Option<String>,
    /// and works in this unit or below.
    pub to_role_within: Option<UnitRef>,
    /// READ or WRITE.
    pub level: ShareLevel,
    /// Whether it is switched on.
    pub active: bool,
    /// Whether it shares now.
    pub in_force: bool,
    /// From when.
    pub starts_at: Timestamp,
    /// Until when, exclusive.
    pub ends_at: Option<Timestamp>,
    /// Who made it.
    pub created_by: UserRef,
    /// For `If-Match`.
    pub version: i64,
    /// Created.
    pub created_at: Timestamp,
    /// Last changed.
    pub updated_at: Timestamp,
    /// What the caller may do now.
    pub allowed_actions: Vec<SharingRuleAction>,
}

impl View for SharingRuleView {
    fn version(&self) -> Option<i64> {
        Some(self.version)
    }

    fn location(&self) -> Option<String> {
        Some(format!("/api/v1/sharing-rules/{}", self.id))
    }
}
