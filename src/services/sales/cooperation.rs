//! The right to work on a customer that follows from a decision: a ruling, or the reassignment of an idle opportunity.

use serde_json::json;

use crate::{
    context::Ctx,
    db::Tx,
    domain::{
        id::kind::{ConflictCaseId, UserId},
        vocabulary::{ShareLevel, SubjectKind},
    },
    error::AppResult,
    models::{customers::customer::Customer, governance::share::Share},
    repositories::governance::shares,
};

/// Such a share ends by another decision, not by time.
const FOR_GOOD: chrono::Duration = chrono::Duration::days(36_500);

/// Shares a customer for writing with whoever does not own it anyway; an earlier share is replaced. What a ruling gives is
/// not taken back by the holder (CONF-04).
///
/// # Errors
/// A lost race, or a database fault.
pub fn share_customer(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    customer: &Customer,
    with: UserId,
    reason: String,
    rule: &'static str,
    ruling: Option<ConflictCaseId>,
) -> AppResult<()> {
    if customer.owner_id == with {
        return Ok(());
    }
    let subject = customer.id.cast();
    if ruling.is_none() && shares::by_ruling(tx, SubjectKind::Customer, subject, with)? {
        // A ruling gave as much already, for good.
        return Ok(());
    }
    let share = Share {
        id: ctx.new_id(),
        subject_kind: SubjectKind::Customer,
        subject_id: customer.id.cast(),
        user_id: with,
        level: ShareLevel::Write,
        reason,
        granted_by: ctx.actor.id,
        expires_at: ctx.now.plus(FOR_GOOD),
        created_at: ctx.now,
        case_id: ruling,
        version: 1,
    };
    shares::give(tx, &share)?;
    let data = json!({
        "with": with, "level": share.level, "reason": share.reason, "expires_at": share.expires_at,
    });
    ctx.record(
        tx,
        SubjectKind::Customer,
        customer.id,
        "customer.shared",
        &data,
        Some(rule),
    );
    Ok(())
}
