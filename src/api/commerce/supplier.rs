//! Suppliers: basic information and rating (CUS-01).

use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use crate::{
    api::{patch::Patch, refs::UserRef},
    domain::{CreditCode, Email, Phone, Website, id::kind::SupplierId, timestamp::Timestamp},
    http::View,
};

/// A supplier to register.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewSupplier {
    /// Registered full name, unique however it is written.
    #[schema(min_length = 1, max_length = 200, example = "上海示例电子有限公司")]
    pub name: String,
    /// Unified social credit code, unique.
    pub credit_code: Option<CreditCode>,
    /// What it supplies.
    #[schema(min_length = 1, max_length = 2000, example = "服务器配件")]
    pub scope: Option<String>,
    /// Whom to ask for.
    #[schema(min_length = 1, max_length = 100)]
    pub contact_name: Option<String>,
    /// Phone.
    pub phone: Option<Phone>,
    /// E-mail.
    pub email: Option<Email>,
    /// Address.
    #[schema(min_length = 1, max_length = 300)]
    pub address: Option<String>,
    /// Website.
    pub website: Option<Website>,
    /// Remarks.
    #[schema(min_length = 1, max_length = 4000)]
    pub remarks: Option<String>,
}

/// A change of a supplier: a merge-patch.
#[derive(Debug, Clone, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SupplierPatch {
    /// Registered full name; cannot be cleared.
    #[serde(default)]
    #[schema(value_type = String, required = false, min_length = 1, max_length = 200)]
    pub name: Option<String>,
    /// Unified social credit code.
    #[serde(default)]
    #[schema(value_type = Option<CreditCode>)]
    pub credit_code: Patch<CreditCode>,
    /// What it supplies.
    #[serde(default)]
    #[schema(value_type = Option<String>, min_length = 1, max_length = 2000)]
    pub scope: Patch<String>,
    /// Whom to ask for.
    #[serde(default)]
    #[schema(value_type = Option<String>, min_length = 1, max_length = 100)]
    pub contact_name: Patch<String>,
    /// Phone.
    #[serde(default)]
    #[schema(value_type = Option<Phone>)]
    pub phone: Patch<Phone>,
    /// E-mail.
    #[serde(default)]
    #[schema(value_type = Option<Email>)]
    pub email: Patch<Email>,
    /// Address.
    #[serde(default)]
    #[schema(value_type = Option<String>, min_length = 1, max_length = 300)]
    pub address: Patch<String>,
    /// Website.
    #[serde(default)]
    #[schema(value_type = Option<Website>)]
    pub website: Patch<Website>,
    /// Remarks.
    #[serde(default)]
    #[schema(value_type = Option<String>, min_length = 1, max_length = 4000)]
    pub remarks: Patch<String>,
}

/// A rating of a supplier.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SupplierRating {
    /// 1 (poor) to 5 (excellent).
    #[schema(minimum = 1, maximum = 5)]
    pub rating: i32,
    /// Why.
    #[schema(min_length = 1, max_length = 500, example = "交货及时,质量稳定")]
    pub reason: String,
}

/// Which suppliers.
#[derive(Debug, Clone, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub struct SupplierFilter {
    /// Beginning of the name; width, case and traditional characters do not matter.
    #[param(min_length = 1, max_length = 100)]
    pub q: Option<String>,
    /// Rated so or better.
    #[param(minimum = 1, maximum = 5)]
    pub rating_gte: Option<i32>,
    /// The deleted ones, for whoever may restore them.
    pub deleted: Option<bool>,
}

/// What the caller may do with a supplier now.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum SupplierAction {
    /// Change it: `PATCH`.
    Edit,
    /// Rate it.
    Rate,
    /// Delete it.
    Delete,
    /// Restore it.
    Restore,
}

/// A supplier in a list.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct SupplierSummary {
    /// Id.
    pub id: SupplierId,
    /// Registered full name.
    pub name: String,
    /// Unified social credit code.
    pub credit_code: Option<CreditCode>,
    /// What it supplies.
    pub scope: Option<String>,
    /// 1 to 5; none until it is rated.
    pub rating: Option<i32>,
    /// When it was deleted.
    pub deleted_at: Option<Timestamp>,
    /// For `If-Match`.
    pub version: i64,
    /// Created.
    pub created_at: Timestamp,
    /// Last updated.
    pub updated_at: Timestamp,
}

/// A supplier.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct SupplierView {
    /// What lists show too.
    #[serde(flatten)]
    pub summary: SupplierSummary,
    /// Whom to ask for.
    pub contact_name: Option<String>,
    /// Phone; masked for whoever does not manage suppliers.
    pub phone: Option<String>,
    /// E-mail; masked for whoever does not manage suppliers.
    pub email: Option<String>,
    /// Address.
    pub address: Option<String>,
    /// Website.
    pub website: Option<String>,
    /// Remarks.
    pub remarks: Option<String>,
    /// Why it is rated so.
    pub rating_reason: Option<String>,
    /// Who rated it last.
    pub rated_by: Option<UserRef>,
    /// When.
    pub rated_at: Option<Timestamp>,
    /// Who entered it.
    pub created_by: UserRef,
    /// What the caller may do now.
    pub allowed_actions: Vec<SupplierAction>,
}

impl View for SupplierView {
    fn version(&self) -> Option<i64> {
        Some(self.summary.version)
    }

    fn location(&self) -> Option<String> {
        Some(format!("/api/v1/suppliers/{}", self.summary.id))
    }
}
