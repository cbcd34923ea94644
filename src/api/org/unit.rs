//! Units of the organisation tree.

use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use crate::{
    api::refs::UnitRef,
    domain::{id::kind::UnitId, timestamp::Timestamp, vocabulary::UnitKind},
    http::View,
};

/// A new unit.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewUnit {
    /// The unit above.
    pub parent_id: UnitId,
    /// Kind; there is one headquarters only, the root.
    pub kind: UnitKind,
    /// Name, unique among the units of the same parent.
    #[schema(min_length = 1, max_length = 100, example = "销售一部")]
    pub name: String,
}

/// A change of a unit; what is absent stays.
#[derive(Debug, Clone, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct UnitPatch {
    /// New name.
    #[serde(default)]
    #[schema(value_type = String, required = false, min_length = 1, max_length = 100, example = "销售二部")]
    pub name: Option<String>,
    /// New kind.
    #[serde(default)]
    #[schema(value_type = UnitKind, required = false)]
    pub kind: Option<UnitKind>,
    /// New parent: the unit moves with everything below it.
    #[serde(default)]
    #[schema(value_type = UnitId, required = false)]
    pub parent_id: Option<UnitId>,
    /// Whether the unit is in use; only an empty one can be put out of use.
    #[serde(default)]
    #[schema(value_type = bool, required = false)]
    pub active: Option<bool>,
}

/// Which units.
#[derive(Debug, Clone, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub struct UnitFilter {
    /// Of this kind.
    pub kind: Option<UnitKind>,
    /// Directly below this unit.
    pub parent_id: Option<UnitId>,
    /// In use or not.
    pub active: Option<bool>,
    /// Beginning of the name; width, case and traditional characters do not matter.
    #[param(min_length = 1, max_length = 100, example = "销售")]
    pub q: Option<String>,
}

/// What the caller may do with a unit now.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum UnitAction {
    /// Rename, change the kind: `PATCH`.
    Update,
    /// Move below another parent: `PATCH` with `parent_id`.
    Move,
    /// Put out of use: `PATCH` with `active: false`.
    Deactivate,
    /// Put in use again: `PATCH` with `active: true`.
    Activate,
    /// Create a unit below.
    AddUnit,
    /// Create a user here.
    AddUser,
}

/// A unit (ORG-01, ORG-02).
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct UnitView {
    /// Id.
    pub id: UnitId,
    /// The unit above; null for the root.
    pub parent_id: Option<UnitId>,
    /// Kind.
    pub kind: UnitKind,
    /// Name.
    pub name: String,
    /// Whether it is in use.
    pub active: bool,
    /// From the root down to the unit itself.
    pub path: Vec<UnitRef>,
    /// For `If-Match`.
    pub version: i64,
    /// Created.
    pub created_at: Timestamp,
    /// Last changed.
    pub updated_at: Timestamp,
    /// What the caller may do now.
    pub allowed_actions: Vec<UnitAction>,
}

impl View for UnitView {
    fn version(&self) -> Option<i64> {
        Some(self.version)
    }

    fn location(&self) -> Option<String> {
        Some(format!("/api/v1/units/{}", self.id))
    }
}
