//! Major changes at customers (CUS-26): only ever added.

use diesel::prelude::*;

use crate::{
    db::{
        Conn, Tx,
        paging::{Page, PageRequest},
        schema::major_changes,
    },
    domain::{id::kind::CustomerId, timestamp::Timestamp},
    error::AppResult,
    models::customers::standing::MajorChange,
};

crate::sortable! {
    major_changes, MajorChange, MajorChangeSort {
        CreatedAt = "created_at" => created_at: Timestamp,
    } default CreatedAt Down
}

/// One page of a customer's major changes.
///
/// # Errors
/// `INVALID_CURSOR`, or a database fault.
pub fn list(
    conn: &mut Conn,
    customer: CustomerId,
    request: &PageRequest<MajorChangeSort>,
) -> AppResult<Page<MajorChange>> {
    page(conn, request, || {
        major_changes::table
            .into_boxed()
            .filter(major_changes::customer_id.eq(customer))
    })
}

/// Inserts a major change.
///
/// # Errors
/// A database fault.
pub fn insert(tx: &mut Tx<'_>, change: &MajorChange) -> AppResult<()> {
    diesel::insert_into(major_changes::table)
        .values(change)
        .execute(tx.conn())?;
    Ok(())
}
