//! Explicit shares (DUP-12).

use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use crate::{
    domain::{
        id::kind::{ConflictCaseId, CustomerId, ShareId, UnitId, UserId},
        timestamp::Timestamp,
        vocabulary::{ShareLevel, ShareOrigin},
    },
    http::View,
};

/// A share to give: with a person, or with everybody of a unit.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewShare {
    /// With this person.
    pub user_id: Option<UserId>,
    /// With everybody of this unit, whoever works there while the share lasts.
    pub unit_id: Option<UnitId>,
    /// READ or WRITE.
    pub level: ShareLevel,
    /// Until when.
    pub expires_at: Timestamp,
    /// Why.
    #[schema(min_length = 1, max_length = 500, example = "休假期间代为跟进")]
    pub reason: String,
}

/// A change of a share: a merge-patch.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SharePatch {
    /// READ or WRITE.
    pub level: Option<ShareLevel>,
    /// Until when.
    pub expires_at: Option<Timestamp>,
    /// Why.
    #[schema(min_length = 1, max_length = 500, example = "项目延期，继续协助")]
    pub reason: Option<String>,
}

/// Which shares of a customer.
#[derive(Debug, Clone, Copy, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub struct CustomerShareFilter {
    /// READ or WRITE.
    pub level: Option<ShareLevel>,
    /// In force now, or expired.
    pub active: Option<bool>,
}

/// Who shared with whom.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum ShareDirection {
    /// Others with me, or with my unit.
    WithMe,
    /// I with others.
    ByMe,
}

/// Which of one's own shares.
#[derive(Debug, Clone, Copy, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub struct ShareFilter {
    /// WITH_ME if absent.
    #[param(inline)]
    pub direction: Option<ShareDirection>,
    /// READ or WRITE.
    pub level: Option<ShareLevel>,
    /// In force now, or expired.
    pub active: Option<bool>,
}

/// What the caller may do with a share now.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum ShareAction {
    /// Extend or change it: `PATCH`.
    Update,
    /// End it: `DELETE`.
    End,
}

/// A share.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct ShareView {
    /// Id.
    pub id: ShareId,
    /// The customer.
    pub customer_id: CustomerId,
    /// The customer's name; null for whoever may not read the customer any more.
    pub customer_name: Option<String>,
    /// With whom; the account of the unit for a share with a unit.
    pub user_id: UserId,
    /// That person's name.
    pub user_name: String,
    /// The unit, for a share with everybody of it.
    pub unit_id: Option<UnitId>,
    /// READ or WRITE.
    pub level: ShareLevel,
    /// Given by a person, or by a ruling to cooperate, which is not taken back (CONF-04).
    pub origin: ShareOrigin,
    /// The case of that ruling.
    pub conflict_case_id: Option<ConflictCaseId>,
    /// Why.
    pub reason: String,
    /// By whom.
    pub granted_by: UserId,
    /// That person's name.
    pub granted_by_name: String,
    /// Until when.
    pub expires_at: Timestamp,
    /// Whether it is in force now.
    pub active: bool,
    /// Since when.
    pub created_at: Timestamp,
    /// Version: its `ETag` in quotes, for `If-Match`.
    pub version: i64,
    /// What the caller may do now.
    pub allowed_actions: Vec<ShareAction>,
}

impl View for ShareView {
    fn version(&self) -> Option<i64> {
        Some(self.version)
    }

    fn location(&self) -> Option<String> {
        Some(format!("/api/v1/shares/{}", self.id))
    }
}
