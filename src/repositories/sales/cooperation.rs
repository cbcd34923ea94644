//! Who pursues an opportunity together, and how the credit is split (CONF-04).

use diesel::prelude::*;

use crate::{
    db::{Conn, Tx, schema::opportunity_parties},
    domain::id::kind::OpportunityId,
    error::AppResult,
    models::sales::opportunity::OpportunityParty,
};

/// Those who pursue these opportunities together, with the split.
///
/// # Errors
/// A database fault.
pub fn parties(conn: &mut Conn, ids: &[OpportunityId]) -> AppResult<Vec<OpportunityParty>> {
    Ok(OpportunityParty::query()
        .filter(opportunity_parties::opportunity_id.eq_any(ids))
        .order((
            opportunity_parties::opportunity_id,
            opportunity_parties::since,
            opportunity_parties::user_id,
        ))
        .load(conn)?)
}

/// Replaces those who pursue an opportunity together.
///
/// # Errors
/// A database fault.
pub fn set_parties(tx: &mut Tx<'_>, id: OpportunityId, rows: &[OpportunityParty]) -> AppResult<()> {
    diesel::delete(opportunity_parties::table.filter(opportunity_parties::opportunity_id.eq(id)))
        .execute(tx.conn())?;
    for row in rows {
        diesel::insert_into(opportunity_parties::table)
            .values(row)
            .execute(tx.conn())?;
    }
    Ok(())
}
