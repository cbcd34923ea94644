//! Explicit shares (DUP-12).

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::{
    domain::{
        id::kind::{ConflictCaseId, ShareId, UserId},
        timestamp::Timestamp,
        vocabulary::{ShareLevel, ShareOrigin},
    },
    http::View,
};

/// A share to give.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewShare {
    /// With whom.
    pub user_id: UserId,
    /// READ or WRITE.
    pub level: ShareLevel,
    /// Until when.
    pub expires_at: Timestamp,
    /// Why.
    #[schema(min_length = 1, max_length = 500, example = "休假期间代为跟进")]
    pub reason: String,
}

/// A share.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct ShareView {
    /// Id.
    pub id: ShareId,
    /// With whom.
    pub user_id: UserId,
    /// That person's name.
    pub user_name: String,
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
    /// Until when.
    pub expires_at: Timestamp,
    /// Since when.
    pub created_at: Timestamp,
}

impl View for ShareView {
    fn location(&self) -> Option<String> {
        Some(format!("/api/v1/shares/{}", self.id))
    }
}
