//! Former names and aliases of a customer (DUP-08).

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::{
    domain::{
        id::kind::{CustomerNameId, MergeId, UserId},
        timestamp::Timestamp,
        vocabulary::{CustomerNameKind, ListedNameKind},
    },
    http::View,
};

/// A further name of a company.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewCustomerName {
    /// The full name, as it is or was registered (CUS-08).
    #[schema(min_length = 1, max_length = 200, example = "惠普（中国）有限公司")]
    pub name: String,
    /// FORMER or ALIAS.
    pub kind: CustomerNameKind,
}

/// A further name of a customer.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct CustomerNameView {
    /// Id; null for the name of a merged customer, which is not removed.
    pub id: Option<CustomerNameId>,
    /// As written.
    pub name: String,
    /// FORMER, ALIAS or ABSORBED.
    pub kind: ListedNameKind,
    /// The merge by which it came (DUP-09); its undo takes it away again.
    pub merge_id: Option<MergeId>,
    /// Who recorded it, or merged.
    pub recorded_by: UserId,
    /// That person's name.
    pub recorded_by_name: String,
    /// When.
    pub recorded_at: Timestamp,
    /// Version, for `If-Match`: always 1, for a name is removed and recorded anew, never changed; null without an id.
    pub version: Option<i64>,
}

impl View for CustomerNameView {
    fn version(&self) -> Option<i64> {
        self.version
    }

    fn location(&self) -> Option<String> {
        self.id.map(|id| format!("/api/v1/customer-names/{id}"))
    }
}
