//! Placements of a product in media.

use diesel::prelude::*;

use crate::{
    db::schema::product_placements,
    domain::{
        id::kind::{PlacementId, ProductId},
        timestamp::Timestamp,
    },
};

/// A placement (版位) of a product (CUS-49).
#[derive(Debug, Clone, HasQuery, Insertable, AsChangeset)]
#[diesel(table_name = product_placements, treat_none_as_null = true)]
pub struct Placement {
    /// Id.
    #[diesel(skip_update)]
    pub id: PlacementId,
    /// The product.
    #[diesel(skip_update)]
    pub product_id: ProductId,
    /// Name.
    pub name: String,
    /// The name folded: unique for the product.
    pub name_key: String,
    /// In which medium.
    pub medium: Option<String>,
    /// Where in it, how large.
    pub description: Option<String>,
    /// Whether it is offered.
    pub active: bool,
    /// Version.
    pub version: i64,
    /// Created.
    #[diesel(skip_update)]
    pub created_at: Timestamp,
    /// Last updated.
    pub updated_at: Timestamp,
}
