//! Products.

use diesel::prelude::*;

use crate::{
    db::schema::products,
    domain::{Money, id::kind::ProductId, timestamp::Timestamp, vocabulary::ProductClass},
};

/// A product with its list price (CUS-49).
#[derive(Debug, Clone, HasQuery, Insertable, AsChangeset)]
#[diesel(table_name = products, treat_none_as_null = true)]
pub struct Product {
    /// Id.
    #[diesel(skip_update)]
    pub id: ProductId,
    /// Code as written.
    pub code: String,
    /// Code as compared: unique.
    pub code_key: String,
    /// Name.
    pub name: String,
    /// The name folded.
    pub name_key: String,
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
    /// Version.
    pub version: i64,
    /// Created.
    #[diesel(skip_update)]
    pub created_at: Timestamp,
    /// Last updated.
    pub updated_at: Timestamp,
}
