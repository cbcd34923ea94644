//! Roles given to users.

use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use crate::{
    api::refs::UnitRef,
    domain::{
        id::kind::{GrantId, RoleId, UnitId, UserId},
        timestamp::Timestamp,
        vocabulary::Scope,
    },
    http::View,
};

/// A role to give to a user, and how far it reaches.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewGrant {
    /// Code of the role.
    #[schema(min_length = 1, max_length = 50, example = "SALESPERSON")]
    pub role_code: String,
    /// How far it reaches.
    pub scope: Scope,
    /// From which unit; the user's own if not given. Not with scope COMPANY.
    #[serde(default)]
    pub scope_unit_id: Option<UnitId>,
}

/// Which of the user's grants: all of them.
#[derive(Debug, Clone, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub struct GrantFilter {}

/// A role given to a user.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct RoleGrantView {
    /// Id.
    pub id: GrantId,
    /// To whom.
    pub user_id: UserId,
    /// Role.
    pub role_id: RoleId,
    /// The role's code.
    pub role_code: String,
    /// The role's Chinese name.
    pub role_name_zh: String,
    /// The role's English name.
    pub role_name_en: String,
    /// How far it reaches.
    pub scope: Scope,
    /// From which unit; the root for COMPANY.
    pub scope_unit: UnitRef,
    /// For `If-Match`: a grant is never changed, only taken back.
    pub version: i64,
    /// Since when.
    pub created_at: Timestamp,
    /// What the caller may do now.
    pub allowed_actions: Vec<GrantAction>,
}

/// What the caller may do with a grant now.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum GrantAction {
    /// Take the role back: `DELETE`.
    Revoke,
}

impl View for RoleGrantView {
    fn version(&self) -> Option<i64> {
        Some(self.version)
    }

    fn location(&self) -> Option<String> {
        Some(format!("/api/v1/grants/{}", self.id))
    }
}
