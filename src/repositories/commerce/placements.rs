//! Placements of products.

use diesel::prelude::*;

use crate::{
    db::{Conn, Tx, Unique, schema::product_placements, violates},
    domain::id::kind::{PlacementId, ProductId},
    error::{AppError, AppResult, Code, FieldError},
    models::commerce::placement::Placement,
};

/// The most placements of one product.
pub const MOST: usize = 200;

const NAME: Unique = Unique {
    name: "product_placements_name",
    columns: "product_placements.product_id, product_placements.name_key",
};

/// The placements of a product, by name.
///
/// # Errors
/// A database fault.
pub fn of_product(conn: &mut Conn, product: ProductId) -> AppResult<Vec<Placement>> {
    Ok(Placement::query()
        .filter(product_placements::product_id.eq(product))
        .order((product_placements::name_key, product_placements::id))
        .load(conn)?)
}

/// A placement.
///
/// # Errors
/// 404, or a database fault.
pub fn get(conn: &mut Conn, id: PlacementId) -> AppResult<Placement> {
    Ok(Placement::query()
        .filter(product_placements::id.eq(id))
        .first(conn)?)
}

/// Inserts a placement.
///
/// # Errors
/// 409 when the product has one of that name.
pub fn insert(tx: &mut Tx<'_>, placement: &Placement) -> AppResult<()> {
    diesel::insert_into(product_placements::table)
        .values(placement)
        .execute(tx.conn())
        .map(drop)
        .map_err(taken_or)
}

/// Keeps a changed placement, if it still has the version that was read.
///
/// # Errors
/// 409 when the product has another of that name. `false` when it changed meanwhile.
pub fn save(tx: &mut Tx<'_>, placement: &Placement, read: i64) -> AppResult<bool> {
    let target = product_placements::table
        .filter(product_placements::id.eq(placement.id))
        .filter(product_placements::version.eq(read));
    diesel::update(target)
        .set(placement)
        .execute(tx.conn())
        .map(|rows| rows == 1)
        .map_err(taken_or)
}

fn taken_or(error: diesel::result::Error) -> AppError {
    if !violates(&error, &NAME) {
        return error.into();
    }
    AppError::new(
        Code::Duplicate,
        "该产品已有同名版位。",
        "The product has a placement of that name.",
    )
    .rule("CUS-49")
    .with_errors(vec![FieldError::new(
        "/name",
        "TAKEN",
        "已被使用。",
        "Taken.",
    )])
}
