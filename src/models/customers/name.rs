//! Further names of customers.

use diesel::prelude::*;

use crate::{
    db::schema::customer_names,
    domain::{
        id::kind::{CustomerId, CustomerNameId, UserId},
        timestamp::Timestamp,
        vocabulary::CustomerNameKind,
    },
};

/// A former name or an alias of a customer; it claims the NAME key of the customer's line (DUP-08).
#[derive(Debug, Clone, HasQuery, Insertable)]
#[diesel(table_name = customer_names)]
pub struct CustomerName {
    /// Id.
    pub id: CustomerNameId,
    /// Whose.
    pub customer_id: CustomerId,
    /// As written.
    pub name: String,
    /// Folded for comparison.
    pub folded_name: String,
    /// Former name or alias.
    pub kind: CustomerNameKind,
    /// Who recorded it.
    pub recorded_by: UserId,
    /// When.
    pub recorded_at: Timestamp,
}
