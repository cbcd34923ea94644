//! Reminders to confirm what is kept of customers (CUS-25): once for each period, as an event of the customer. Who opens
//! the list `needs_refresh=true` has them as a to-do list.

use serde_json::json;

use crate::{
    context::Ctx, db::Tx, domain::vocabulary::SubjectKind, error::AppResult,
    policy::customers::card::CustomerCardSettings, repositories::customers::standings,
};

/// Reminders in one transaction.
pub const BATCH: i64 = 500;

/// Reminds the owners of the customers that are due, the longest due first, at most [`BATCH`]; how many they were.
///
/// # Errors
/// A database fault.
pub fn remind(tx: &mut Tx<'_>, ctx: &Ctx) -> AppResult<usize> {
    let settings = ctx.policy::<CustomerCardSettings>()?.value;
    let due = standings::to_remind(tx, settings.refresh_before(ctx.now), BATCH)?;
    let mut reminded = 0;
    for (id, owner, refreshed_at) in due {
        if !standings::note_reminder(tx, id, refreshed_at, ctx.now)? {
            continue;
        }
        let mut ctx = ctx.clone();
        ctx.actor.id = owner;
        ctx.record(
            tx,
            SubjectKind::Customer,
            id,
            "customer.refresh_due",
            &json!({ "remind": owner, "refreshed_at": refreshed_at }),
            Some("CUS-25"),
        );
        reminded += 1;
    }
    Ok(reminded)
}
