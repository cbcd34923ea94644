//! The group's shared column (本组共享): the only way by which seats give customers away and get them (DUP-15, DUP-16,
//! AMB-11, AMB-16). What lies in it is owned by the account of the group's unit, so taking is one conditional update.

use super::{
    cards,
    successions::{self, Moved, Succession},
};
use crate::{
    api::customers::{
        customer::CustomerSummary,
        transfer::{ReturnToGroup, SharedColumnFilter, TransferView},
    },
    context::Ctx,
    db::{Conn, Tx, paging::Page},
    domain::{
        fold,
        id::kind::{CustomerId, UnitId},
        vocabulary::{Capability, UnitKind},
    },
    error::{AppError, AppResult, Code},
    http::Listed,
    models::customers::customer::Customer,
    policy::customers::transfer::{ColumnFacts, is_call_centre, may_return, may_take},
    repositories::{
        customers::{
            customers::{self, CustomerSort, Narrow},
            successions::{self as rows, Of},
        },
        governance::access::covers,
        org::{actors, unit_accounts, units, users},
    },
    services::org::{fields::Fields, scope, unit_accounts as accounts},
};

const RULE: &str = "DUP-15";

/// Whether a customer lies in the column of the actor's own group.
pub fn is_ones_own(ctx: &Ctx, customer: &Customer) -> bool {
    ctx.actor.ties.unit_account == Some(customer.owner_id)
}

/// Puts a customer into the shared column of its owner's group: the seat itself, or whoever may transfer it.
///
/// # Errors
/// 404, 403; 409 for what cannot go there; 412; 422.
pub fn give_back(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    id: CustomerId,
    body: &ReturnToGroup,
) -> AppResult<TransferView> {
    let customer = customers::find_for_write(tx, ctx, id)?;
    ctx.check_version(customer.version)?;
    if customer.owner_id != ctx.actor.id {
        ctx.require(Capability::TransferCustomers)?;
        if !covers(tx, ctx, Capability::TransferCustomers, customer.unit_id)? {
            return Err(outside());
        }
    }
    let owner = users::get(tx, customer.owner_id)?;
    let unit = units::find(tx, owner.unit_id)?.ok_or_else(AppError::not_found)?;
    let of = Of {
        owner: owner.id,
        customer: Some(id),
        limit: 1,
    };
    let work_in_hand = !rows::opportunities_of(tx, of)?.is_empty()
        || !rows::quotes_of(tx, of)?.is_empty()
        || !rows::contracts_of(tx, of)?.is_empty();
    may_return(&ColumnFacts {
        call_centre: is_call_centre(customer.line),
        of_a_group: matches!(unit.kind, UnitKind::Group | UnitKind::NewcomerGroup),
        in_a_column: unit_accounts::unit_of(tx, owner.id)?.is_some(),
        in_ones_own: false,
        work_in_hand,
    })?;
    let mut fields = Fields::default();
    let reason = fields.prose("/reason", &body.reason);
    fields.done()?;
    let account = accounts::of(tx, ctx, &unit)?;
    let succession = Succession {
        to: &account,
        reason: &reason,
        rule: RULE,
        handover: None,
    };
    let moved = successions::customer(tx, ctx, &customer, &succession)?;
    Ok(view(&customer, account.id, moved))
}

fn outside() -> AppError {
    AppError::forbidden(
        "您的转移权限不覆盖该客户所在单位。",
        "Your right to transfer does not cover the customer's unit.",
    )
    .rule(RULE)
}

/// Takes a customer from the shared column of one's own group: of any number of seats that want it, one gets it.
///
/// # Errors
/// 403; 404; 409 when it is not in one's own group's column, or a colleague was first; 412.
pub fn take(tx: &mut Tx<'_>, ctx: &Ctx, id: CustomerId) -> AppResult<TransferView> {
    ctx.require(Capability::RecordActivities)?;
    ctx.refuse_leaver()?;
    let customer = match customers::find(tx, ctx, id) {
        Ok(customer) => customer,
        Err(error) if error.code() == Code::NotFound => return Err(gone(tx, ctx, id, error)?),
        Err(error) => return Err(error),
    };
    ctx.check_version(customer.version)?;
    may_take(&ColumnFacts {
        in_ones_own: is_ones_own(ctx, &customer),
        ..ColumnFacts::default()
    })?;
    let seat = actors::enabled_user(tx, ctx.actor.id)?.ok_or_else(AppError::not_found)?;
    let succession = Succession {
        to: &seat,
        reason: "领取 / taken from the shared column",
        rule: RULE,
        handover: None,
    };
    let moved = successions::customer(tx, ctx, &customer, &succession)?;
    Ok(view(&customer, seat.id, moved))
}

/// Whoever works in the group is told that a colleague was first; to all others the customer is unknown.
fn gone(conn: &mut Conn, ctx: &Ctx, id: CustomerId, unknown: AppError) -> AppResult<AppError> {
    let customer = match customers::unguarded(conn, id) {
        Ok(customer) => customer,
        Err(error) if error.code() == Code::NotFound => return Ok(unknown),
        Err(error) => return Err(error),
    };
    let ours = customer.unit_id == ctx.actor.unit_id && is_call_centre(customer.line);
    if !ours || customer.deleted_at.is_some() {
        return Ok(unknown);
    }
    match may_take(&ColumnFacts::default()) {
        Err(refusal) => Ok(refusal.into()),
        Ok(()) => Ok(unknown),
    }
}

fn view(customer: &Customer, to_id: crate::domain::id::kind::UserId, moved: Moved) -> TransferView {
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

/// One page of a group's shared column: for its seats, and whoever reads the unit's customers (DUP-15, ORG-15).
///
/// # Errors
/// 403 without a role; 404 for an unknown unit; `INVALID_CURSOR`.
pub fn list(
    conn: &mut Conn,
    ctx: &Ctx,
    unit: UnitId,
    query: &Listed<SharedColumnFilter, CustomerSort>,
) -> AppResult<Page<CustomerSummary>> {
    scope::require_staff(ctx)?;
    units::find(conn, unit)?.ok_or_else(AppError::not_found)?;
    let Some(account) = unit_accounts::of_unit(conn, unit)? else {
        return Ok(Page {
            items: Vec::new(),
            next: None,
            total: query.page.include_total.then_some(0),
        });
    };
    let prefix = query.filter.q.as_deref().map(fold);
    let narrow = Narrow {
        owner: Some(account),
        folded_prefix: prefix.filter(|prefix| !prefix.is_empty()),
        ..Narrow::default()
    };
    customers::list(conn, ctx, &narrow, &query.page)?
        .try_map_all(|rows| cards::summaries(conn, rows))
}
