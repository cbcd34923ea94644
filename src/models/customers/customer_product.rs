//! Products related to a customer.

use diesel::prelude::*;

use crate::{
    db::schema::customer_products,
    domain::{
        id::kind::{CustomerId, CustomerProductId, ProductId, UserId},
        timestamp::Timestamp,
        vocabulary::ProductRelation,
    },
};

/// A product related to a customer (CUS-45).
#[derive(Debug, Clone, HasQuery, Insertable, AsChangeset)]
#[diesel(table_name = customer_products, treat_none_as_null = true)]
pub struct CustomerProduct {
    /// Id.
    #[diesel(skip_update)]
    pub id: CustomerProductId,
    /// The customer.
    #[diesel(skip_update)]
    pub customer_id: CustomerId,
    /// The product.
    #[diesel(skip_update)]
    pub product_id: ProductId,
    /// What it is to the customer.
    pub relation: ProductRelation,
    /// Note.
    pub note: Option<String>,
    /// Who entered it.
    #[diesel(skip_update)]
    pub created_by: UserId,
    /// Version.
    pub version: i64,
    /// Created.
    #[diesel(skip_update)]
    pub created_at: Timestamp,
    /// Last updated.
    pub updated_at: Timestamp,
}
