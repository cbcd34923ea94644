//! Submission and review of a customer: it takes effect only when the review passes (CUS-21, CUS-22).

use serde_json::json;

use super::{cards, personal, standing};
use crate::{
    api::customers::customer::CustomerView,
    context::Ctx,
    db::Tx,
    domain::{
        id::kind::{AnyId, CustomerId},
        vocabulary::{ApprovalState, Capability, SeatMode, SeatScope, SubjectKind},
    },
    error::{AppError, AppResult},
    models::customers::customer::Customer,
    policy::{
        Missing, Setting,
        customers::{
            card::CustomerCardSettings,
            registration::{self, RegistrationSettings},
            review::{self, Command},
        },
        governance::approval::{Route, Seat, Step},
    },
    repositories::customers::{contacts, customers},
    services::governance::{
        approvals::{self, Submission},
        settlement::Outcome,
    },
};

/// Submits a customer for review by the department manager or assistant: what was collected is complete by now, and its
/// accuracy and truth are the reviewer's to judge (CUS-21, CUS-27, CUS-54).
///
/// # Errors
/// 422 with every missing field (CUS-05), also the reason of a special case (CUS-20); 409 in a state that does not admit it.
pub fn submit(tx: &mut Tx<'_>, ctx: &Ctx, id: CustomerId) -> AppResult<CustomerView> {
    let customer = customers::find_for_write(tx, ctx, id)?;
    ctx.check_version(customer.version)?;
    let state = review::may(customer.state, Command::Submit)?;
    let contacts = contacts::of_customer(tx, id)?;
    let mut missing = cards::missing(&customer, &contacts);
    let settings = ctx.policy::<RegistrationSettings>()?;
    missing.extend(special_reason(tx, ctx, &customer, &settings.value)?);
    let card = ctx.policy::<CustomerCardSettings>()?.value;
    let address = personal::address_of(ctx.vault(), &customer)?;
    let demands = standing::demands(&customer, address.as_deref(), &card);
    if !missing.is_empty() || !demands.is_empty() {
        let rule = missing.first().map_or("CUS-09", |field| field.rule);
        let mut errors = AppError::incomplete(missing).errors().to_vec();
        errors.extend(demands);
        return Err(AppError::invalid(errors).rule(rule));
    }
    let lateness = lateness(tx, ctx, &customer, &settings.value)?;
    if !customers::set_state(tx, &customer, state, ctx.now)? {
        return Err(ctx.lost_update());
    }
    standing::submitted(tx, ctx, &customer, &settings.value)?;
    ctx.record(
        tx,
        SubjectKind::Customer,
        id,
        "customer.submitted",
        &lateness,
        Some("CUS-21"),
    );
    approvals::submit(
        tx,
        ctx,
        Submission {
            subject_kind: SubjectKind::Customer,
            subject_id: id.cast(),
            subject_version: customer.version + 1,
            title: customer.name.clone(),
            rule: "CUS-21",
            policy: Some((RegistrationSettings::KEY, settings.number)),
            owner_id: customer.owner_id,
            unit_id: customer.unit_id,
            security_level: customer.security_level,
            route: Route {
                steps: vec![Step {
                    mode: SeatMode::AnyOf,
                    seats: vec![Seat {
                        capability: Capability::ReviewCustomers,
                        scope: SeatScope::SubmitterUnit,
                    }],
                }],
            },
        },
    )?;
    cards::view(tx, ctx, id)
}

/// The reason that an entry after the ordinary days needs (AMB-5). The clock is read at the first submission: what a
/// review sent back was entered in time or not.
fn special_reason(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    customer: &Customer,
    settings: &RegistrationSettings,
) -> AppResult<Option<Missing>> {
    let Some(first_contact) = customer
        .first_contact_on
        .filter(|_| customer.submitted_at.is_none())
    else {
        return Ok(None);
    };
    let reason = customers::profile(tx, customer.id)?.entry_special_reason;
    Ok(registration::special_reason_missing(
        first_contact,
        ctx.today(),
        reason.as_deref(),
        settings,
    ))
}

/// Whether the entry kept its 7 (special: 10) days from the first contact (CUS-20, AMB-5): recorded.
fn lateness(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    customer: &Customer,
    settings: &RegistrationSettings,
) -> AppResult<serde_json::Value> {
    let Some(first_contact) = customer.first_contact_on else {
        return Ok(json!({}));
    };
    let reason = customers::profile(tx, customer.id)?.entry_special_reason;
    let entry =
        registration::entry_lateness(first_contact, ctx.today(), reason.as_deref(), settings)?;
    Ok(match entry {
        registration::Entry::InTime { days } => json!({ "entry": "IN_TIME", "days": days }),
        registration::Entry::Warn {
            days,
            reason_missing,
        } => {
            json!({ "entry": "WARN", "days": days, "reason_missing": reason_missing, "rule": "CUS-20" })
        }
        registration::Entry::Late { days } => {
            json!({ "entry": "LATE", "days": days, "rule": "CUS-20" })
        }
    })
}

/// Takes a customer back from review.
///
/// # Errors
/// 409 in a state that does not admit it.
pub fn withdraw(tx: &mut Tx<'_>, ctx: &Ctx, id: CustomerId) -> AppResult<CustomerView> {
    let customer = customers::find_for_write(tx, ctx, id)?;
    ctx.check_version(customer.version)?;
    let state = review::may(customer.state, Command::Withdraw)?;
    if !customers::set_state(tx, &customer, state, ctx.now)? {
        return Err(ctx.lost_update());
    }
    approvals::end_pending(
        tx,
        ctx,
        SubjectKind::Customer,
        id.cast(),
        ApprovalState::Withdrawn,
        "withdrawn by the submitter",
    )?;
    ctx.record(
        tx,
        SubjectKind::Customer,
        id,
        "customer.withdrawn",
        &json!({}),
        Some("CUS-21"),
    );
    cards::view(tx, ctx, id)
}

/// What an ended review does: effective, returned with its reason, or a draft again.
///
/// # Errors
/// 409 when the customer is no longer under review.
pub fn settle(tx: &mut Tx<'_>, ctx: &Ctx, id: AnyId, outcome: &Outcome) -> AppResult<()> {
    let customer = customers::unguarded(tx, id.cast())?;
    let (command, event) = match outcome.state {
        ApprovalState::Approved => (Command::Approve, "customer.effective"),
        ApprovalState::Withdrawn | ApprovalState::Void => (Command::Withdraw, "customer.withdrawn"),
        _ => (Command::Return, "customer.returned"),
    };
    let state = review::may(customer.state, command)?;
    if !customers::set_state(tx, &customer, state, ctx.now)? {
        return Err(AppError::lost_race(
            "the customer changed during its review",
        ));
    }
    let data = json!({ "approval_id": outcome.approval_id, "comment": outcome.comment });
    ctx.record(
        tx,
        SubjectKind::Customer,
        customer.id,
        event,
        &data,
        Some("CUS-22"),
    );
    Ok(())
}
