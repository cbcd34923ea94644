//! Placements (版位) of a product in media (CUS-49).

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::{
    api::patch::Patch,
    domain::{
        id::kind::{PlacementId, ProductId},
        timestamp::Timestamp,
    },
    http::View,
};

/// A placement to add.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewPlacement {
    /// Name, unique for the product.
    #[schema(min_length = 1, max_length = 100, example = "封底整版")]
    pub name: String,
    /// In which medium.
    #[schema(min_length = 1, max_length = 100, example = "行业月刊")]
    pub medium: Option<String>,
    /// Where in it, how large.
    #[schema(min_length = 1, max_length = 1000)]
    pub description: Option<String>,
}

/// A change of a placement: a merge-patch.
#[derive(Debug, Clone, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct PlacementPatch {
    /// Name; cannot be cleared.
    #[serde(default)]
    #[schema(value_type = String, required = false, min_length = 1, max_length = 100)]
    pub name: Option<String>,
    /// In which medium.
    #[serde(default)]
    #[schema(value_type = Option<String>, min_length = 1, max_length = 100)]
    pub medium: Patch<String>,
    /// Where in it, how large.
    #[serde(default)]
    #[schema(value_type = Option<String>, min_length = 1, max_length = 1000)]
    pub description: Patch<String>,
    /// Whether it is offered.
    pub active: Option<bool>,
}

/// What the caller may do with a placement now.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum PlacementAction {
    /// Change it: `PATCH`.
    Edit,
    /// Offer it no more: `PATCH` with `active: false`.
    Deactivate,
    /// Offer it again: `PATCH` with `active: true`.
    Activate,
}

/// A placement of a product.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct PlacementView {
    /// Id.
    pub id: PlacementId,
    /// The product.
    pub product_id: ProductId,
    /// Name.
    pub name: String,
    /// In which medium.
    pub medium: Option<String>,
    /// Where in it, how large.
    pub description: Option<String>,
    /// Whether it is offered.
    pub active: bool,
    /// For `If-Match`.
    pub version: i64,
    /// Created.
    pub created_at: Timestamp,
    /// Last updated.
    pub updated_at: Timestamp,
    /// What the caller may do now.
    pub allowed_actions: Vec<PlacementAction>,
}

impl View for PlacementView {
    fn version(&self) -> Option<i64> {
        Some(self.version)
    }

    fn location(&self) -> Option<String> {
        Some(format!("/api/v1/placements/{}", self.id))
    }
}
