//! A customer's change of hands by a manager or the administrator (DUP-16, DUP-19, AMB-11).

use super::{
    group_columns,
    successions::{self, Moved, Succession},
};
use crate::{
    api::customers::{
        customer::CustomerAction,
        transfer::{
            BulkTransfer, BulkTransferView, Transfer, TransferOutcome, TransferRefusal,
            TransferView,
        },
    },
    context::Ctx,
    db::{Conn, Tx},
    domain::{
        id::kind::{CustomerId, UserId},
        vocabulary::{Capability, Employment},
    },
    error::{AppError, AppResult, FieldError},
    models::{customers::customer::Customer, org::user::User},
    policy::customers::transfer::{TransferFacts, is_call_centre, may_transfer},
    repositories::{
        customers::customers,
        governance::access::covers,
        org::{unit_accounts, users},
    },
    services::org::{fields::Fields, users::enabled},
};

const RULE: &str = "DUP-19";

/// Gives a customer to another owner, with what is in work.
///
/// # Errors
/// 404, 403 (DUP-16, DUP-19); 412; 422 for a receiver who cannot take it.
pub fn transfer(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    id: CustomerId,
    body: &Transfer,
) -> AppResult<TransferView> {
    let customer = customers::find_for_write(tx, ctx, id)?;
    ctx.check_version(customer.version)?;
    allowed_by_office(tx, ctx, &customer)?;
    let mut fields = Fields::default();
    let reason = fields.prose("/reason", &body.reason);
    let to = receiver(
        tx,
        "/to_id",
        body.to_id,
        Some(customer.owner_id),
        &mut fields,
    )?;
    fields.done()?;
    let to = to.ok_or_else(AppError::not_found)?;
    within_reach(tx, ctx, &customer, &to)?;
    let succession = Succession {
        to: &to,
        reason: &reason,
        rule: RULE,
        handover: None,
    };
    let moved = successions::customer(tx, ctx, &customer, &succession)?;
    Ok(view(&customer, to.id, moved))
}

/// Gives several customers to one receiver: each by itself, so that one that cannot go does not hold up the others.
///
/// # Errors
/// 403 without the capability; 422 for a receiver who cannot take any.
pub fn transfer_all(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    body: &BulkTransfer,
) -> AppResult<BulkTransferView> {
    ctx.require(Capability::TransferCustomers)?;
    let mut fields = Fields::default();
    fields.prose("/reason", &body.reason);
    receiver(tx, "/to_id", body.to_id, None, &mut fields)?;
    fields.done()?;
    let one = Transfer {
        to_id: body.to_id,
        reason: body.reason.clone(),
    };
    // In one order for everybody, so that two bulk transfers never wait for each other.
    let mut order: Vec<_> = body.items.iter().enumerate().collect();
    order.sort_by_key(|(_, item)| item.customer_id);
    let mut outcomes = Vec::with_capacity(order.len());
    for (place, item) in order {
        let mut ctx = ctx.clone();
        ctx.if_match = item.version;
        let result = tx.savepoint(|tx| transfer(tx, &ctx, item.customer_id, &one));
        outcomes.push((place, outcome(item.customer_id, result)?));
    }
    outcomes.sort_by_key(|(place, _)| *place);
    let items: Vec<_> = outcomes.into_iter().map(|(_, outcome)| outcome).collect();
    let count = |done: bool| {
        let some = items
            .iter()
            .filter(|item| item.transferred.is_some() == done);
        i64::try_from(some.count()).unwrap_or(i64::MAX)
    };
    Ok(BulkTransferView {
        transferred: count(true),
        refused: count(false),
        items,
    })
}

/// A refusal is the customer's own; a fault or a lost race is everybody's.
fn outcome(customer_id: CustomerId, result: AppResult<TransferView>) -> AppResult<TransferOutcome> {
    let (transferred, refused) = match result {
        Ok(view) => (Some(view), None),
        Err(error) if error.code().status() >= 500 => return Err(error),
        Err(error) => {
            let first = error.errors().first().map(|field| field.message.clone());
            let said = first.unwrap_or_else(|| error.detail().clone());
            let refusal = TransferRefusal {
                code: error.code().as_str().to_owned(),
                rule: error.rule_id().map(str::to_owned),
                message_zh: said.zh,
                message_en: said.en,
            };
            (None, Some(refusal))
        }
    };
    Ok(TransferOutcome {
        customer_id,
        transferred,
        refused,
    })
}

fn view(customer: &Customer, to_id: UserId, moved: Moved) -> TransferView {
    TransferView {
        customer_id: customer.id,
        from_id: customer.owner_id,
        to_id,
        opportunities: moved.opportunities,
        quotes: moved.quotes,
        contracts: moved.contracts,
        conflict_cases: moved.conflict_cases,
        version: customer.version + 1,
    }
}

/// Someone who can take records over: enabled, a person, staying, and not the one who has them.
///
/// # Errors
/// A database fault; what stands against the receiver is noted.
pub fn receiver(
    conn: &mut Conn,
    pointer: &str,
    id: UserId,
    from: Option<UserId>,
    fields: &mut Fields,
) -> AppResult<Option<User>> {
    let user = enabled(conn, pointer, id, fields)?;
    let Some(user) = user else { return Ok(None) };
    let against = if from == Some(id) {
        (
            "SAME_OWNER",
            "接收人已是归属人。",
            "The receiver owns it already.",
        )
    } else if user.service_account {
        (
            "A_MACHINE",
            "不能移交给接口账号。",
            "A service account takes nothing over.",
        )
    } else if matches!(user.employment, Employment::Leaving | Employment::Left) {
        ("LEAVING", "接收人正在离职。", "The receiver is leaving.")
    } else {
        return Ok(Some(user));
    };
    let (code, zh, en) = against;
    fields.fail(FieldError::new(pointer, code, zh, en));
    Ok(None)
}

/// Whether the actor's office is over whoever works in that unit, or reports to the actor directly.
fn manages(conn: &mut Conn, ctx: &Ctx, customer: &Customer) -> AppResult<bool> {
    if !ctx.has(Capability::TransferCustomers) {
        return Ok(false);
    }
    // A role is told from the context alone, as a rule.
    Ok(
        covers(conn, ctx, Capability::TransferCustomers, customer.unit_id)?
            || users::get(conn, customer.owner_id)?.superior_id == Some(ctx.actor.id),
    )
}

fn judged(facts: &TransferFacts) -> AppResult<()> {
    may_transfer(facts).map_err(|refusal| {
        AppError::forbidden(refusal.zh, refusal.en)
            .rule(refusal.rule)
            .with("reason", refusal.code)
    })
}

fn allowed_by_office(conn: &mut Conn, ctx: &Ctx, customer: &Customer) -> AppResult<()> {
    judged(&TransferFacts {
        call_centre: is_call_centre(customer.line),
        manages: manages(conn, ctx, customer)?,
        receiver_within: true,
    })
}

fn within_reach(conn: &mut Conn, ctx: &Ctx, customer: &Customer, to: &User) -> AppResult<()> {
    judged(&TransferFacts {
        call_centre: is_call_centre(customer.line),
        manages: true,
        receiver_within: covers(conn, ctx, Capability::TransferCustomers, to.unit_id)?,
    })
}

/// What the caller may do about a customer's hands, for `allowed_actions`.
///
/// # Errors
/// A database fault.
pub fn allowed(
    conn: &mut Conn,
    ctx: &Ctx,
    customer: &Customer,
    writes: bool,
) -> AppResult<Vec<CustomerAction>> {
    let mut actions = Vec::new();
    let manages = manages(conn, ctx, customer)?;
    if manages && writes {
        actions.push(CustomerAction::Transfer);
    }
    if !is_call_centre(customer.line) {
        return Ok(actions);
    }
    if unit_accounts::unit_of(conn, customer.owner_id)?.is_some() {
        if group_columns::is_ones_own(ctx, customer) && ctx.has(Capability::RecordActivities) {
            actions.push(CustomerAction::TakeFromGroup);
        }
    } else if customer.owner_id == ctx.actor.id || manages {
        actions.push(CustomerAction::ReturnToGroup);
    }
    Ok(actions)
}
