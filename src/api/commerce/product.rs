//! Products and their list prices.

use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::amounts;
use crate::{
    domain::{Money, id::kind::ProductId, timestamp::Timestamp, vocabulary::ProductClass},
    http::View,
};

/// A new product.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewProduct {
    /// Code, unique: width, case and blanks do not matter.
    #[schema(min_length = 1, max_length = 50, example = "XL-SRV-200")]
    pub code: String,
    /// Name.
    #[schema(min_length = 1, max_length = 200, example = "先录服务器 200 型")]
    pub name: String,
    /// Main class (CUS-49).
    pub class: ProductClass,
    /// Product line: classifies opportunities (CUS-49).
    #[schema(min_length = 1, max_length = 50, example = "服务器")]
    pub product_line: String,
    /// Unit of measure.
    #[schema(min_length = 1, max_length = 20, example = "台")]
    pub unit_name: String,
    /// List price of one unit; discounts are measured by it (QUO-09).
    #[schema(schema_with = amounts::positive)]
    pub list_price: Money,
    /// Whether it may be quoted; absent means yes.
    #[serde(default)]
    #[schema(value_type = bool, required = false, default = true)]
    pub active: Option<bool>,
}

/// A change of a product; what is absent stays. Quotes keep the prices that they were made with.
#[derive(Debug, Clone, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ProductPatch {
    /// New code.
    #[serde(default)]
    #[schema(value_type = String, required = false, min_length = 1, max_length = 50, example = "XL-SRV-200")]
    pub code: Option<String>,
    /// New name.
    #[serde(default)]
    #[schema(value_type = String, required = false, min_length = 1, max_length = 200, example = "先录服务器 200 型")]
    pub name: Option<String>,
    /// New main class.
    #[serde(default)]
    #[schema(value_type = ProductClass, required = false)]
    pub class: Option<ProductClass>,
    /// New product line.
    #[serde(default)]
    #[schema(value_type = String, required = false, min_length = 1, max_length = 50, example = "服务器")]
    pub product_line: Option<String>,
    /// New unit of measure.
    #[serde(default)]
    #[schema(value_type = String, required = false, min_length = 1, max_length = 20, example = "台")]
    pub unit_name: Option<String>,
    /// New list price, for quotes from now on.
    #[serde(default)]
    #[schema(schema_with = amounts::positive, required = false)]
    pub list_price: Option<Money>,
    /// Whether it may be quoted.
    #[serde(default)]
    #[schema(value_type = bool, required = false)]
    pub active: Option<bool>,
}

/// Which products.
#[derive(Debug, Clone, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub struct ProductFilter {
    /// Main class.
    pub class: Option<ProductClass>,
    /// Product line, exactly.
    #[param(min_length = 1, max_length = 50, example = "服务器")]
    pub product_line: Option<String>,
    /// May be quoted, or not.
    pub active: Option<bool>,
    /// Beginning of the name or of the code; width, case and traditional characters do not matter.
    #[param(min_length = 1, max_length = 100, example = "XL")]
    pub q: Option<String>,
}

/// What the caller may do with a product now.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum ProductAction {
    /// Change it: `PATCH`.
    Update,
    /// Take it out of quoting: `PATCH` with `active: false`.
    Deactivate,
    /// Let it be quoted again: `PATCH` with `active: true`.
    Activate,
}

/// A product in a list.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct ProductItem {
    /// Id.
    pub id: ProductId,
    /// Code.
    pub code: String,
    /// Name.
    pub name: String,
    /// Main class.
    pub class: ProductClass,
    /// Product line.
    pub product_line: String,
    /// Unit of measure.
    pub unit_name: String,
    /// List price of one unit.
    pub list_price: Money,
    /// Whether it may be quoted.
    pub active: bool,
    /// For `If-Match`.
    pub version: i64,
    /// Created.
    pub created_at: Timestamp,
    /// Last changed.
    pub updated_at: Timestamp,
}

/// A product (CUS-49).
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct ProductView {
    /// The product.
    #[serde(flatten)]
    pub item: ProductItem,
    /// What the caller may do now.
    pub allowed_actions: Vec<ProductAction>,
}

impl View for ProductView {
    fn version(&self) -> Option<i64> {
        Some(self.item.version)
    }

    fn location(&self) -> Option<String> {
        Some(format!("/api/v1/products/{}", self.item.id))
    }
}
