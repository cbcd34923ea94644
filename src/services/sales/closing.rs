//! The end of an opportunity, and its change of hands (OPP-21, OPP-24..OPP-32).

use serde_json::json;

use super::{
    cooperation::share_customer,
    opportunities::save,
    opportunity_views::{facts, is_idle, untouched_days, view},
};
use crate::{
    api::sales::opportunity::{CloseLost, OpportunityView, Reassign, Reopen},
    context::Ctx,
    db::Tx,
    domain::{
        Ratio,
        id::kind::{OpportunityId, UserId},
        vocabulary::{Capability, OpportunityState, SubjectKind},
    },
    error::{AppError, AppResult},
    models::sales::opportunity::{Opportunity, OpportunityParty},
    policy::{
        Refusal, Setting,
        sales::{
            opportunity::OpportunitySettings,
            opportunity_items::{CloseFacts, missing, missing_on_close},
            opportunity_state::{Command, may},
        },
    },
    repositories::{
        customers::customers,
        governance::access::covers,
        org::actors,
        sales::{cooperation, opportunities},
    },
    services::org::fields::Fields,
};

/// Closes an opportunity as signed: its contract must have been entered and approved (OPP-21).
///
/// # Errors
/// 404, 403; 409 unless it is being followed; 422 without a contract.
pub fn close_won(tx: &mut Tx<'_>, ctx: &Ctx, id: OpportunityId) -> AppResult<OpportunityView> {
    let (read, state) = followed(tx, ctx, id, Command::CloseWon)?;
    let contract_entered = opportunities::contract_entered(tx, &read)?;
    complete(missing_on_close(CloseFacts::Won { contract_entered }))?;
    let mut next = read.clone();
    next.state = state;
    next.closed_at = Some(ctx.now);
    let next = save(tx, ctx, &read, next)?;
    ctx.record(
        tx,
        SubjectKind::Opportunity,
        id,
        "opportunity.closed_won",
        &json!({}),
        Some("OPP-21"),
    );
    view(tx, ctx, &next)
}

/// Closes an opportunity as failed, with the reason in detail and the failed amount (OPP-29).
///
/// # Errors
/// 404, 403; 409 unless it is being followed; 422 with what is missing.
pub fn close_lost(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    id: OpportunityId,
    body: &CloseLost,
) -> AppResult<OpportunityView> {
    let (read, state) = followed(tx, ctx, id, Command::CloseLost)?;
    let reason = body.failure_reason.as_deref().map(str::trim);
    let amount_given = body.failed_amount.is_some();
    complete(missing_on_close(CloseFacts::Lost {
        reason,
        amount_given,
    }))?;
    let mut fields = Fields::default();
    fields.amount("/failed_amount", body.failed_amount);
    fields.done()?;
    let mut next = read.clone();
    next.state = state;
    next.closed_at = Some(ctx.now);
    next.failure_reason = reason.map(str::to_owned);
    next.failed_amount = body.failed_amount;
    let next = save(tx, ctx, &read, next)?;
    let data =
        json!({ "failure_reason": next.failure_reason, "failed_amount": next.failed_amount });
    ctx.record(
        tx,
        SubjectKind::Opportunity,
        id,
        "opportunity.closed_lost",
        &data,
        Some("OPP-29"),
    );
    view(tx, ctx, &next)
}

/// Opens a close again because it was wrong, before it is confirmed (OPP-28).
///
/// # Errors
/// 404, 403; 409 unless it is closed and not confirmed.
pub fn reopen(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    id: OpportunityId,
    body: &Reopen,
) -> AppResult<OpportunityView> {
    let (read, state) = followed(tx, ctx, id, Command::Reopen)?;
    let mut fields = Fields::default();
    let reason = fields.prose("/reason", &body.reason);
    fields.done()?;
    let mut next = read.clone();
    next.state = state;
    next.closed_at = None;
    next.failure_reason = None;
    next.failed_amount = None;
    let next = save(tx, ctx, &read, next)?;
    let data = json!({
        "from": read.state, "reason": reason, "closed_at": read.closed_at,
        "failure_reason": read.failure_reason, "failed_amount": read.failed_amount,
    });
    ctx.record(
        tx,
        SubjectKind::Opportunity,
        id,
        "opportunity.reopened",
        &data,
        Some("OPP-28"),
    );
    view(tx, ctx, &next)
}

fn followed(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    id: OpportunityId,
    command: Command,
) -> AppResult<(Opportunity, OpportunityState)> {
    ctx.require(Capability::RegisterOpportunities)?;
    let read = opportunities::find_for_write(tx, ctx, id)?;
    ctx.check_version(read.version)?;
    let state = may(read.state, command)?;
    Ok((read, state))
}

fn complete(lacking: Vec<crate::policy::Missing>) -> AppResult<()> {
    if lacking.is_empty() {
        Ok(())
    } else {
        Err(AppError::incomplete(lacking))
    }
}

/// Confirms a close after checking it; the opportunity is immutable from then on, and the confirmer answers for it
/// (OPP-25..OPP-28, OPP-31).
///
/// # Errors
/// 404, 403 for the owner and for whoever may not confirm in this unit; 409 unless it is closed; 422 while data is
/// missing or the contract does not agree.
pub fn confirm(tx: &mut Tx<'_>, ctx: &Ctx, id: OpportunityId) -> AppResult<OpportunityView> {
    ctx.require(Capability::ConfirmClose)?;
    let read = opportunities::find(tx, ctx, id)?;
    ctx.check_version(read.version)?;
    let state = may(read.state, Command::ConfirmClose)?;
    if read.owner_id == ctx.actor.id {
        return Err(AppError::forbidden(
            "关闭确认须由负责人以外的销售经理或助理进行。",
            "A close is confirmed by a manager or assistant, not by the owner.",
        )
        .rule("OPP-25"));
    }
    reaches(tx, ctx, Capability::ConfirmClose, &read, "OPP-25")?;
    let mut lacking = missing(&facts(&read));
    lacking.extend(missing_on_close(
        if read.state == OpportunityState::ClosedWon {
            CloseFacts::Won {
                contract_entered: opportunities::contract_entered(tx, &read)?,
            }
        } else {
            CloseFacts::Lost {
                reason: read.failure_reason.as_deref(),
                amount_given: read.failed_amount.is_some(),
            }
        },
    ));
    complete(lacking)?;
    let mut next = read.clone();
    next.state = state;
    next.confirmed_by = Some(ctx.actor.id);
    next.confirmed_at = Some(ctx.now);
    let next = save(tx, ctx, &read, next)?;
    let data = json!({ "from": read.state, "failed_amount": read.failed_amount });
    ctx.record(
        tx,
        SubjectKind::Opportunity,
        id,
        "opportunity.close_confirmed",
        &data,
        Some("OPP-25"),
    );
    view(tx, ctx, &next)
}

fn reaches(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    capability: Capability,
    read: &Opportunity,
    rule: &'static str,
) -> AppResult<()> {
    if covers(tx, ctx, capability, read.unit_id)? {
        return Ok(());
    }
    let label = capability.label();
    Err(AppError::forbidden(
        format!("您的“{}”权限不覆盖该商机所在单位。", label.zh),
        format!(
            "Your capability {} does not cover the opportunity's unit.",
            label.value
        ),
    )
    .rule(rule))
}

/// Gives an idle opportunity to someone else (OPP-32); with it goes the right to work on its customer.
///
/// # Errors
/// 404, 403; 409 unless it is followed and idle; 422 for an unknown or disabled new owner.
pub fn reassign(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    id: OpportunityId,
    body: &Reassign,
) -> AppResult<OpportunityView> {
    ctx.require(Capability::ConfirmClose)?;
    ctx.require(Capability::WriteSales)?;
    let read = opportunities::find(tx, ctx, id)?;
    ctx.check_version(read.version)?;
    let state = may(read.state, Command::Reassign)?;
    reaches(tx, ctx, Capability::ConfirmClose, &read, "OPP-32")?;
    reaches(tx, ctx, Capability::WriteSales, &read, "OPP-32")?;
    let settings = ctx.policy::<OpportunitySettings>()?;
    if !is_idle(ctx, &read, &settings.value) {
        return Err(not_idle(settings.value.idle_days).into());
    }
    let mut fields = Fields::default();
    let reason = fields.prose("/reason", &body.reason);
    let owner = actors::enabled_user(tx, body.owner_id)?;
    if owner.is_none() || body.owner_id == read.owner_id {
        fields.refuse(
            "/owner_id",
            "NOT_ANOTHER_ENABLED_USER",
            "须为另一名在用的用户。",
            "Must be another user whose account is enabled.",
        );
    }
    fields.done()?;
    let owner = owner.ok_or_else(AppError::not_found)?;
    let mut next = read.clone();
    next.state = state;
    next.owner_id = owner.id;
    next.unit_id = owner.unit_id;
    let next = save(tx, ctx, &read, next)?;
    hand_over(tx, ctx, &read, owner.id)?;
    let data = json!({
        "from": read.owner_id, "to": owner.id, "reason": reason,
        "days_untouched": untouched_days(ctx, &read),
        "policy_key": OpportunitySettings::KEY, "policy_number": settings.number,
    });
    ctx.record(
        tx,
        SubjectKind::Opportunity,
        id,
        "opportunity.reassigned",
        &data,
        Some("OPP-32"),
    );
    view(tx, ctx, &next)
}

fn not_idle(days: u16) -> Refusal {
    Refusal::new(
        "OPP-32",
        "NOT_IDLE",
        format!("只有超过 {days} 天无销售活动的商机才可重新分配"),
        format!(
            "only an opportunity without sales activity for more than {days} days is given to someone else"
        ),
    )
}

/// The share of the former owner, and the customer's write share, go to the new one.
fn hand_over(tx: &mut Tx<'_>, ctx: &Ctx, read: &Opportunity, to: UserId) -> AppResult<()> {
    let parties = cooperation::parties(tx, &[read.id])?;
    if !parties.is_empty() {
        cooperation::set_parties(tx, read.id, &succeeded(parties, read.owner_id, to, ctx))?;
    }
    let Some(customer) = read.customer_id else {
        return Ok(());
    };
    let customer = customers::unguarded(tx, customer)?;
    let reason = format!("商机 {} 重新分配（OPP-32）", read.id);
    share_customer(tx, ctx, &customer, to, reason, "OPP-32", None)
}

/// Those who pursue an opportunity together, after one of them was succeeded by another: credit is added, never lost.
pub fn succeeded(
    parties: Vec<OpportunityParty>,
    from: UserId,
    to: UserId,
    ctx: &Ctx,
) -> Vec<OpportunityParty> {
    let (left, mut kept): (Vec<_>, Vec<_>) = parties.into_iter().partition(|p| p.user_id == from);
    for party in left {
        match kept.iter_mut().find(|other| other.user_id == to) {
            Some(other) => {
                let sum = other.share.ten_thousandths() + party.share.ten_thousandths();
                other.share = Ratio::from_ten_thousandths(sum).unwrap_or(other.share);
            }
            None => kept.push(OpportunityParty {
                user_id: to,
                since: ctx.now,
                ..party
            }),
        }
    }
    kept
}
