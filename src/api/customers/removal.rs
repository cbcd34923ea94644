//! Deletion of customers (AMB-10, CUS-48).

use serde::Deserialize;
use utoipa::ToSchema;

/// Why a customer is deleted.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CustomerDeletion {
    /// Why.
    #[schema(min_length = 1, max_length = 500, example = "重复录入")]
    pub reason: String,
    /// That the customer is deleted although opportunities, quotes, contracts or conflict cases of it are in work; a
    /// refusal lists them in `alive`.
    pub acknowledge: Option<bool>,
}
