//! Special symbols of customers in lines that are exempt against another (DUP-05, AMB-3).

use diesel::prelude::*;

use crate::{
    db::{Conn, Tx, schema::customer_line_symbols},
    domain::id::kind::CustomerId,
    error::AppResult,
};

/// A customer's symbol.
///
/// # Errors
/// A database fault.
pub fn get(conn: &mut Conn, customer: CustomerId) -> AppResult<Option<String>> {
    Ok(customer_line_symbols::table
        .find(customer)
        .select(customer_line_symbols::symbol)
        .first(conn)
        .optional()?)
}

/// Replaces a customer's symbol.
///
/// # Errors
/// A database fault.
pub fn put(tx: &mut Tx<'_>, customer: CustomerId, symbol: Option<&str>) -> AppResult<()> {
    diesel::delete(customer_line_symbols::table.find(customer)).execute(tx.conn())?;
    if let Some(symbol) = symbol {
        diesel::insert_into(customer_line_symbols::table)
            .values((
                customer_line_symbols::customer_id.eq(customer),
                customer_line_symbols::symbol.eq(symbol),
            ))
            .execute(tx.conn())?;
    }
    Ok(())
}
