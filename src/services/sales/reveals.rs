//! The phone of an opportunity in clear, each time on record (SEC-02, SEC-06).

use serde_json::json;

use super::opportunity_views::clear_phone;
use crate::{
    api::sales::reveal::{OpportunityRevealed, RevealOpportunity},
    context::Ctx,
    db::{Conn, Tx},
    domain::{id::kind::OpportunityId, vocabulary::SubjectKind},
    error::AppResult,
    models::sales::opportunity::Opportunity,
    repositories::sales::opportunities,
    services::governance::reveals::{self, Subject},
};

/// The opportunity as the subject of a reveal.
///
/// # Errors
/// A database fault.
pub fn subject(conn: &mut Conn, ctx: &Ctx, row: &Opportunity) -> AppResult<Subject> {
    Ok(Subject {
        kind: SubjectKind::Opportunity,
        id: row.id.cast(),
        unit_id: row.unit_id,
        writes: opportunities::may_write(conn, ctx, row.id)?,
    })
}

/// An opportunity's phone in clear.
///
/// # Errors
/// 404; 403 for those who may only read; 429 above the day's bound.
pub fn opportunity(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    id: OpportunityId,
    body: &RevealOpportunity,
) -> AppResult<OpportunityRevealed> {
    let row = opportunities::find(tx, ctx, id)?;
    let about = subject(tx, ctx, &row)?;
    let data = json!({ "fields": ["PHONE"] });
    let reason = body.reason.as_deref();
    reveals::admit(tx, ctx, about, "opportunity.revealed", data, reason)?;
    Ok(OpportunityRevealed {
        opportunity_id: id,
        phone: clear_phone(ctx, &row)?,
    })
}
