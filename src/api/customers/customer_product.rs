//! Products related to a customer (CUS-45).

use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use crate::{
    api::{patch::Patch, refs::UserRef},
    domain::{
        id::kind::{CustomerId, CustomerProductId, ProductId},
        timestamp::Timestamp,
        vocabulary::{CustomerState, ProductRelation},
    },
    http::View,
};

/// A product to relate to a customer.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewCustomerProduct {
    /// The product, of the catalogue.
    pub product_id: ProductId,
    /// What it is to the customer.
    pub relation: ProductRelation,
    /// Note.
    #[schema(min_length = 1, max_length = 1000, example = "2024 年购入 20 台")]
    pub note: Option<String>,
}

/// A change of that: a merge-patch.
#[derive(Debug, Clone, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CustomerProductPatch {
    /// What it is to the customer.
    pub relation: Option<ProductRelation>,
    /// Note.
    #[serde(default)]
    #[schema(value_type = Option<String>, min_length = 1, max_length = 1000)]
    pub note: Patch<String>,
}

/// What the caller may do with a product of a customer now.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum CustomerProductAction {
    /// Change it: `PATCH`.
    Edit,
    /// Remove it: `DELETE`.
    Remove,
}

/// A product related to a customer.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct CustomerProductView {
    /// Id.
    pub id: CustomerProductId,
    /// The customer.
    pub customer_id: CustomerId,
    /// The product.
    pub product_id: ProductId,
    /// Its code.
    pub product_code: String,
    /// Its name.
    pub product_name: String,
    /// What it is to the customer.
    pub relation: ProductRelation,
    /// Note.
    pub note: Option<String>,
    /// Who entered it.
    pub created_by: UserRef,
    /// For `If-Match`.
    pub version: i64,
    /// Created.
    pub created_at: Timestamp,
    /// Last updated.
    pub updated_at: Timestamp,
    /// What the caller may do now.
    pub allowed_actions: Vec<CustomerProductAction>,
}

impl View for CustomerProductView {
    fn version(&self) -> Option<i64> {
        Some(self.version)
    }

    fn location(&self) -> Option<String> {
        Some(format!("/api/v1/customer-products/{}", self.id))
    }
}

/// Which customers of a product.
#[derive(Debug, Clone, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub struct ProductCustomerFilter {
    /// What the product is to them.
    #[param(inline)]
    pub relation: Option<ProductRelation>,
}

/// A customer that a product is related to.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct ProductCustomer {
    /// The customer.
    pub customer_id: CustomerId,
    /// Its name.
    pub customer_name: String,
    /// Its state.
    pub state: CustomerState,
    /// Its owner.
    pub owner: UserRef,
    /// What the product is to it.
    pub relation: ProductRelation,
    /// Note.
    pub note: Option<String>,
    /// Last changed.
    pub updated_at: Timestamp,
}
