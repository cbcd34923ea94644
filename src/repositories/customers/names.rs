//! Former names and aliases of customers.

use diesel::prelude::*;

use crate::{
    db::{Conn, Tx, schema::customer_names},
    domain::id::kind::{CustomerId, CustomerNameId},
    error::{AppError, AppResult},
    models::customers::name::CustomerName,
};

/// A customer's further names, in the order in which they were recorded.
///
/// # Errors
/// A database fault.
pub fn of_customer(conn: &mut Conn, customer: CustomerId) -> AppResult<Vec<CustomerName>> {
    Ok(CustomerName::query()
        .filter(customer_names::customer_id.eq(customer))
        .order((customer_names::recorded_at, customer_names::id))
        .load(conn)?)
}

/// The further names of many customers, by customer.
///
/// # Errors
/// A database fault.
pub fn of_customers(conn: &mut Conn, customers: &[CustomerId]) -> AppResult<Vec<CustomerName>> {
    Ok(CustomerName::query()
        .filter(customer_names::customer_id.eq_any(customers))
        .order((customer_names::recorded_at, customer_names::id))
        .load(conn)?)
}

/// One further name of a customer.
///
/// # Errors
/// 404, or a database fault.
pub fn get(conn: &mut Conn, id: CustomerNameId) -> AppResult<CustomerName> {
    CustomerName::query()
        .filter(customer_names::id.eq(id))
        .first(conn)
        .optional()?
        .ok_or_else(AppError::not_found)
}

/// Keeps a further name.
///
/// # Errors
/// A database fault.
pub fn insert(tx: &mut Tx<'_>, name: &CustomerName) -> AppResult<()> {
    diesel::insert_into(customer_names::table)
        .values(name)
        .execute(tx.conn())?;
    Ok(())
}

/// Removes a further name.
///
/// # Errors
/// A database fault. `false` when it was removed meanwhile.
pub fn remove(tx: &mut Tx<'_>, id: CustomerNameId) -> AppResult<bool> {
    Ok(diesel::delete(customer_names::table.find(id)).execute(tx.conn())? == 1)
}
