//! Roles: named sets of capabilities.

use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use crate::{
    domain::{id::kind::RoleId, timestamp::Timestamp, vocabulary::Capability},
    http::View,
};

/// A new role.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewRole {
    /// Stable code, unique.
    #[schema(
        min_length = 2,
        max_length = 50,
        pattern = "^[A-Z][A-Z0-9]*(_[A-Z0-9]+)*$",
        example = "KEY_ACCOUNT_WATCHER"
    )]
    pub code: String,
    /// Chinese name.
    #[schema(min_length = 1, max_length = 50, example = "重点客户观察员")]
    pub name_zh: String,
    /// English name.
    #[schema(min_length = 1, max_length = 100, example = "Key-account watcher")]
    pub name_en: String,
    /// What it permits; the list with labels is in the enumeration `Capability` of the metadata.
    #[schema(min_items = 0, max_items = 100)]
    pub capabilities: Vec<Capability>,
}

/// A change of a role; what is absent stays.
#[derive(Debug, Clone, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct RolePatch {
    /// New Chinese name.
    #[serde(default)]
    #[schema(value_type = String, required = false, min_length = 1, max_length = 50, example = "重点客户观察员")]
    pub name_zh: Option<String>,
    /// New English name.
    #[serde(default)]
    #[schema(value_type = String, required = false, min_length = 1, max_length = 100, example = "Key-account watcher")]
    pub name_en: Option<String>,
    /// The whole new set of capabilities.
    #[serde(default)]
    #[schema(value_type = Vec<Capability>, required = false, min_items = 0, max_items = 100)]
    pub capabilities: Option<Vec<Capability>>,
}

/// Which roles.
#[derive(Debug, Clone, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub struct RoleFilter {
    /// That permit this.
    pub capability: Option<Capability>,
}

/// What the caller may do with a role now.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum RoleAction {
    /// Change the names: `PATCH`.
    Rename,
    /// Change the capabilities: `PATCH`; not of a role that one holds.
    ChangeCapabilities,
}

/// A role (ORG-07).
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct RoleView {
    /// Id.
    pub id: RoleId,
    /// Stable code.
    pub code: String,
    /// Chinese name.
    pub name_zh: String,
    /// English name.
    pub name_en: String,
    /// What it permits.
    pub capabilities: Vec<Capability>,
    /// For `If-Match`.
    pub version: i64,
    /// Created.
    pub created_at: Timestamp,
    /// Last changed.
    pub updated_at: Timestamp,
    /// What the caller may do now.
    pub allowed_actions: Vec<RoleAction>,
}

impl View for RoleView {
    fn version(&self) -> Option<i64> {
        Some(self.version)
    }

    fn location(&self) -> Option<String> {
        Some(format!("/api/v1/roles/{}", self.id))
    }
}
