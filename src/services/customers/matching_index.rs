//! The matching index as a whole: it is derived, so it can be computed again (DUP-01).

use std::collections::HashMap;

use super::likeness::{self, Reached};
use crate::{
    auth::vault::{Column, Vault},
    context::Ctx,
    db::{Conn, Tx},
    domain::id::kind::{CustomerId, OpportunityId},
    error::AppResult,
    models::sealed,
    repositories::{
        customers::{
            customers,
            matching::{self, Found},
            merges, names,
        },
        sales::opportunities,
    },
};

/// Records in one transaction.
const BATCH: i64 = 900;

/// How far it has come: customers first, then opportunities.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Place {
    customers_done: bool,
    customer: Option<CustomerId>,
    opportunity: Option<OpportunityId>,
}

/// How many records there are to go through.
///
/// # Errors
/// A database fault.
pub fn count(conn: &mut Conn) -> AppResult<i64> {
    Ok(customers::count_all(conn)? + opportunities::count_all(conn)?)
}

/// Empties the index.
///
/// # Errors
/// A database fault.
pub fn clear(tx: &mut Tx<'_>) -> AppResult<()> {
    matching::clear(tx)
}

/// Enters the next records: how many, and where to go on.
///
/// # Errors
/// A fault: a value that does not open; a database fault.
pub fn batch(tx: &mut Tx<'_>, vault: &Vault, at: &Place) -> AppResult<(usize, Option<Place>)> {
    let mut next = *at;
    if !at.customers_done {
        let rows = customers::after(tx, at.customer, BATCH)?;
        let ids: Vec<CustomerId> = rows.iter().map(|row| row.id).collect();
        let mut further: HashMap<CustomerId, Vec<String>> = HashMap::new();
        for name in names::of_customers(tx, &ids)? {
            further.entry(name.customer_id).or_default().push(name.name);
        }
        for id in merges::survivors_among(tx, &ids)? {
            let absorbed = merges::absorbed_names(tx, id)?;
            further.entry(id).or_default().extend(absorbed);
        }
        let websites: HashMap<CustomerId, Option<String>> =
            customers::websites(tx, &ids)?.into_iter().collect();
        let mut entries = Vec::with_capacity(rows.len());
        for row in &rows {
            let open = |column: Column, value| vault.open_some(&column.at(row.id), value);
            let address = open(sealed::CUSTOMER_ADDRESS, row.address.as_ref())?;
            let phone = open(sealed::CUSTOMER_PHONE, row.phone.as_ref())?;
            let website = websites.get(&row.id).cloned().flatten();
            entries.push(likeness::entry(
                vault,
                row,
                further.remove(&row.id).unwrap_or_default(),
                Reached {
                    phone: phone.as_deref(),
                    address: address.as_deref(),
                    website: website.as_deref(),
                },
            ));
        }
        matching::keep_new(tx, Found::of(&entries))?;
        next.customers_done = rows.is_empty();
        next.customer = ids.last().copied().or(at.customer);
        return Ok((rows.len(), Some(next)));
    }
    let rows = opportunities::after(tx, at.opportunity, BATCH)?;
    let entries: Vec<_> = rows.iter().map(opportunities::found_by).collect();
    matching::keep_new(tx, Found::of(&entries))?;
    next.opportunity = rows.last().map(|row| row.id).or(at.opportunity);
    Ok((rows.len(), (!rows.is_empty()).then_some(next)))
}

/// Makes customers found by what they are now: after a merge, or its undo, has changed what leads to whom (DUP-09).
///
/// # Errors
/// A fault: a value that does not open; a database fault.
pub fn refresh(tx: &mut Tx<'_>, ctx: &Ctx, ids: &[CustomerId]) -> AppResult<()> {
    for customer in customers::unguarded_all(tx, ids)? {
        let profile = customers::profile(tx, customer.id)?;
        likeness::keep_customer(tx, ctx.vault(), &customer, &profile)?;
    }
    Ok(())
}
