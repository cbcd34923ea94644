//! Deletion and restoration: by the administrator only, with a reason, never for good (AMB-10, CUS-48, ORG-12,
//! SEC-14).

use serde_json::json;

use super::{cards, likeness, merges, registration};
use crate::{
    api::customers::{customer::CustomerView, removal::CustomerDeletion},
    context::Ctx,
    db::Tx,
    domain::{
        id::kind::CustomerId,
        vocabulary::{ApprovalState, Capability, CustomerState, SubjectKind},
    },
    error::{AppError, AppResult},
    policy::customers::{merging, registration::RegistrationSettings, removal as rule},
    repositories::customers::{
        customers,
        registration_keys::{self, NotClaimed},
        removal,
    },
    services::governance::approvals,
};

/// Marks a customer as deleted; its keys become free. What is in work with it stays as it is.
///
/// # Errors
/// 403 (ORG-12); 404; 409 while something is in work and that is not acknowledged (CUS-48); 412; 422 without a reason.
pub fn delete(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    id: CustomerId,
    body: &CustomerDeletion,
) -> AppResult<CustomerView> {
    ctx.require(Capability::DeleteRecords)
        .map_err(|error| error.rule("ORG-12"))?;
    let customer = customers::unguarded(tx, id)?;
    if customer.deleted_at.is_some() {
        return Err(AppError::not_found());
    }
    ctx.check_version(customer.version)?;
    let reason = merges::reason(&body.reason).map_err(|error| error.rule("AMB-10"))?;
    if customer.state == CustomerState::Merged {
        // It holds nothing any more, and the undo of the merge needs it.
        return Err(merging::merged().into());
    }
    if customer.state == CustomerState::Submitted {
        approvals::end_pending(
            tx,
            ctx,
            SubjectKind::Customer,
            id.cast(),
            ApprovalState::Void,
            "deleted",
        )?;
    }
    // Whoever submits an opportunity, a quote or a contract takes this lock too, so the count holds until the end.
    customers::lock(tx, id)?;
    let alive = removal::alive(tx, id)?;
    rule::may_delete(alive, body.acknowledge.unwrap_or(false))
        .map_err(|refusal| AppError::from(refusal).with("alive", alive))?;
    registration::hold_while_rotating(tx, ctx, &customer)?;
    let keys = registration_keys::held(tx, id)?;
    registration_keys::release(tx, &keys)?;
    if !customers::set_deleted(tx, &customer, Some(ctx.now), ctx.now)? {
        return Err(ctx.lost_update());
    }
    let mut profile = customers::profile(tx, id)?;
    profile.delete_reason = Some(reason.clone());
    customers::update_profile(tx, id, &profile)?;
    let removed = customers::unguarded(tx, id)?;
    likeness::keep_customer(tx, ctx.vault(), &removed, &profile)?;
    ctx.record(
        tx,
        SubjectKind::Customer,
        id,
        "customer.deleted",
        &json!({ "reason": reason, "alive": alive }),
        Some("AMB-10"),
    );
    let customer = customers::unguarded(tx, id)?;
    cards::card(tx, ctx, &customer)
}

/// Restores a deleted customer, if nobody registered it meanwhile.
///
/// # Errors
/// 403; 404; 409 `ALREADY_REGISTERED` when it was registered again meanwhile: no attempt is recorded, nobody registers.
pub fn restore(tx: &mut Tx<'_>, ctx: &Ctx, id: CustomerId) -> AppResult<CustomerView> {
    ctx.require(Capability::DeleteRecords)
        .map_err(|error| error.rule("ORG-12"))?;
    let customer = customers::deleted(tx, id)?;
    ctx.check_version(customer.version)?;
    let settings = ctx.policy::<RegistrationSettings>()?.value;
    let mut keys = registration::keys_of(tx, ctx, &customer, &settings)?;
    keys.extend(merges::inherited_keys(tx, ctx, id)?);
    registration::in_order(&mut keys);
    let restored = tx.savepoint(|tx| {
        registration_keys::claim(tx, &keys)?;
        if !customers::set_deleted(tx, &customer, None, ctx.now)? {
            return Err(NotClaimed::Failed(ctx.lost_update()));
        }
        let mut profile = customers::profile(tx, id)?;
        profile.delete_reason = None;
        customers::update_profile(tx, id, &profile)?;
        let restored = customers::unguarded(tx, id)?;
        likeness::keep_customer(tx, ctx.vault(), &restored, &profile)?;
        ctx.record(
            tx,
            SubjectKind::Customer,
            id,
            "customer.restored",
            &json!({}),
            Some("AMB-10"),
        );
        Ok(())
    });
    match restored {
        Ok(()) => {}
        Err(NotClaimed::Taken(key)) => return Err(registration::taken_meanwhile(tx, ctx, &key)?),
        Err(NotClaimed::Failed(error)) => return Err(error),
    }
    let mut customer = customers::unguarded(tx, id)?;
    if customer.state == CustomerState::Submitted {
        // Its review ended when it was deleted.
        if !customers::set_state(tx, &customer, CustomerState::Draft, ctx.now)? {
            return Err(AppError::lost_race("the customer changed meanwhile"));
        }
        customer = customers::unguarded(tx, id)?;
    }
    cards::card(tx, ctx, &customer)
}
