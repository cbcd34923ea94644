//! Transfers of customers, and the group's shared column (DUP-15, DUP-16, DUP-19).

use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use crate::{
    domain::id::kind::{CustomerId, UserId},
    http::View,
};

/// To whom a customer goes, and why.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Transfer {
    /// Who receives it.
    pub to_id: UserId,
    /// Why.
    #[schema(min_length = 1, max_length = 500, example = "长期未接触，转由小李跟进")]
    pub reason: String,
}

/// Why a customer goes to the group's shared column.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ReturnToGroup {
    /// Why.
    #[schema(min_length = 1, max_length = 500, example = "超出持有上限")]
    pub reason: String,
}

/// A customer of a bulk transfer.
#[derive(Debug, Clone, Copy, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct TransferItem {
    /// The customer.
    pub customer_id: CustomerId,
    /// The version that was read, if another one is to be refused.
    #[schema(minimum = 1, maximum = 1_000_000_000)]
    pub version: Option<i64>,
}

/// A transfer of several customers to one receiver.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct BulkTransfer {
    /// Which customers.
    #[schema(min_items = 1, max_items = 100)]
    pub items: Vec<TransferItem>,
    /// Who receives them.
    pub to_id: UserId,
    /// Why.
    #[schema(min_length = 1, max_length = 500, example = "区域调整")]
    pub reason: String,
}

/// A customer that changed hands, and what went along.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct TransferView {
    /// The customer.
    pub customer_id: CustomerId,
    /// The former owner.
    pub from_id: UserId,
    /// The new owner.
    pub to_id: UserId,
    /// Opportunities that went along.
    pub opportunities: i64,
    /// Quotes.
    pub quotes: i64,
    /// Contracts.
    pub contracts: i64,
    /// Places in open conflict cases.
    pub conflict_cases: i64,
    /// The customer's version now.
    pub version: i64,
}

impl View for TransferView {
    fn version(&self) -> Option<i64> {
        Some(self.version)
    }
}

/// What became of one customer of a bulk transfer.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct TransferOutcome {
    /// The customer.
    pub customer_id: CustomerId,
    /// What went along; null if it was refused.
    pub transferred: Option<TransferView>,
    /// Why it was refused; null if it was not.
    pub refused: Option<TransferRefusal>,
}

/// Why a customer of a bulk transfer stays where it is.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct TransferRefusal {
    /// Stable code, as a refusal of a single transfer has it.
    #[schema(example = "STALE_VERSION")]
    pub code: String,
    /// The requirement that refuses.
    #[schema(example = "DUP-16")]
    pub rule: Option<String>,
    /// Why, in Chinese.
    pub message_zh: String,
    /// Why, in English.
    pub message_en: String,
}

/// A bulk transfer's result: each customer by itself.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct BulkTransferView {
    /// How many changed hands.
    pub transferred: i64,
    /// How many were refused.
    pub refused: i64,
    /// Every customer, in the order of the request.
    pub items: Vec<TransferOutcome>,
}

impl View for BulkTransferView {}

/// Which customers of the shared column: all of them.
#[derive(Debug, Clone, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub struct SharedColumnFilter {
    /// The name begins with this; width, brackets, blanks and case do not matter.
    #[param(min_length = 1, max_length = 100)]
    pub q: Option<String>,
}
