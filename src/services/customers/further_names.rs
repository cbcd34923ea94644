//! Former names and aliases of a customer: each claims the NAME key of the customer's line, so that nobody else registers
//! the company under it (DUP-08, CUS-06, CONF-01).

use serde_json::json;

use super::{
    fields, likeness,
    registration::{self, Identity},
    worklist,
};
use crate::{
    api::customers::name::{CustomerNameView, NewCustomerName},
    context::Ctx,
    db::{Conn, Tx},
    domain::{
        id::kind::{CustomerId, CustomerNameId},
        vocabulary::{Capability, CustomerNameKind, Party, SubjectKind},
    },
    error::{AppError, AppResult, Code, FieldError},
    models::customers::{customer::Customer, name::CustomerName},
    policy::customers::{
        registration::RegistrationSettings,
        review::{self, Command},
    },
    repositories::{
        customers::{
            customers, line_symbols, names,
            registration_keys::{self, NotClaimed},
        },
        org::names as people,
    },
    services::governance::policies,
};

/// A customer's former names and aliases.
///
/// # Errors
/// 404.
pub fn list(conn: &mut Conn, ctx: &Ctx, id: CustomerId) -> AppResult<Vec<CustomerNameView>> {
    customers::find(conn, ctx, id)?;
    let rows = names::of_customer(conn, id)?;
    views(conn, rows)
}

fn views(conn: &mut Conn, rows: Vec<CustomerName>) -> AppResult<Vec<CustomerNameView>> {
    let directory = people::people(conn, rows.iter().map(|row| row.recorded_by))?;
    Ok(rows
        .into_iter()
        .map(|row| CustomerNameView {
            id: row.id,
            name: row.name,
            kind: row.kind,
            recorded_by_name: directory.name(row.recorded_by),
            recorded_by: row.recorded_by,
            recorded_at: row.recorded_at,
        })
        .collect())
}

/// Records a former name or an alias; whoever registered the company under it before keeps it.
///
/// # Errors
/// 403; 404; 409 `ALREADY_REGISTERED` (recorded) when the name is another customer's,
/// `RULE_REFUSED` while it is under review, `STATE_CONFLICT` for a person or beyond the limit; 422 when the customer has it
/// already.
pub fn add(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    id: CustomerId,
    body: &NewCustomerName,
) -> AppResult<CustomerNameView> {
    let customer = customers::find_for_write(tx, ctx, id)?;
    review::may(customer.state, Command::Edit)?;
    if customer.party != Party::Company {
        return Err(AppError::new(
            Code::StateConflict,
            "只有公司客户才有曾用名和别名；个人以电话区分。",
            "Only companies have former names and aliases: a person is told apart by phone.",
        )
        .rule("AMB-3"));
    }
    let mut errors = Vec::new();
    let name = fields::name(customer.party, &body.name, "/name", &mut errors);
    let Some(name) = name.filter(|_| errors.is_empty()) else {
        return Err(AppError::invalid(errors).rule("CUS-08"));
    };
    let mut further = names::of_customer(tx, id)?;
    if further.len() >= names::LIMIT {
        return Err(AppError::new(
            Code::StateConflict,
            format!("一个客户至多 {} 个曾用名和别名。", names::LIMIT),
            format!("A customer has at most {} further names.", names::LIMIT),
        ));
    }
    let known = further.iter().map(|name| &name.folded_name);
    if [&customer.folded_name]
        .into_iter()
        .chain(known)
        .any(|own| *own == name.folded)
    {
        let same = FieldError::new(
            "/name",
            "DUPLICATE",
            "该客户已有此名称",
            "the customer has this name already",
        );
        return Err(AppError::invalid(vec![same]).rule("DUP-08"));
    }
    let row = CustomerName {
        id: ctx.new_id(),
        customer_id: id,
        name: name.shown,
        folded_name: name.folded,
        kind: body.kind,
        recorded_by: ctx.actor.id,
        recorded_at: ctx.now,
    };
    further.push(row.clone());
    // Who meets the key is refused under the name that was tried.
    let tried = Customer {
        name: row.name.clone(),
        ..customer.clone()
    };
    let written = claim(tx, ctx, &customer, &further, |tx| {
        names::insert(tx, &row)?;
        ctx.record(
            tx,
            SubjectKind::Customer,
            id,
            "customer.name_added",
            &json!({ "name": row.name, "kind": row.kind }),
            Some("DUP-08"),
        );
        Ok(())
    });
    match written {
        Ok(()) => {
            worklist::look(tx, ctx, &customer)?;
            views(tx, vec![row])?.pop().ok_or_else(AppError::not_found)
        }
        Err(NotClaimed::Taken(key)) => Err(registration::refuse(tx, ctx, &tried, &key)?),
        Err(NotClaimed::Failed(error)) => Err(error),
    }
}

/// Removes an alias, whose key becomes free. A former name stays, once the customer has taken effect under it: only the
/// administrator removes it.
///
/// # Errors
/// 403; 404; 409 while it is under review.
pub fn remove(tx: &mut Tx<'_>, ctx: &Ctx, name: CustomerNameId) -> AppResult<()> {
    let row = names::get(tx, name)?;
    let id = row.customer_id;
    let customer = customers::find_for_write(tx, ctx, id)?;
    review::may(customer.state, Command::Edit)?;
    if row.kind == CustomerNameKind::Former && customer.effective_at.is_some() {
        ctx.require(Capability::DeleteRecords)?;
    }
    let mut further = names::of_customer(tx, id)?;
    further.retain(|other| other.id != name);
    let written = claim(tx, ctx, &customer, &further, |tx| {
        if !names::remove(tx, name)? {
            return Err(AppError::lost_race("the name was removed meanwhile"));
        }
        ctx.record(
            tx,
            SubjectKind::Customer,
            id,
            "customer.name_removed",
            &json!({ "name": row.name, "kind": row.kind }),
            Some("DUP-08"),
        );
        Ok(())
    });
    match written {
        Ok(()) => worklist::look(tx, ctx, &customer),
        Err(NotClaimed::Taken(_)) => Err(AppError::lost_race("a key was claimed meanwhile")),
        Err(NotClaimed::Failed(error)) => Err(error),
    }
}

/// Gives a customer the keys of these further names, writes, and makes it found by them: all of it or nothing. The
/// customer's version rises, so that two changes of its names at once cannot both go by what they read.
fn claim(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    customer: &Customer,
    further: &[CustomerName],
    write: impl FnOnce(&mut Tx<'_>) -> AppResult<()>,
) -> Result<(), NotClaimed> {
    let settings = policies::current::<RegistrationSettings>(tx, ctx.now)?.value;
    let identity = Identity {
        customer,
        further,
        has_symbol: line_symbols::get(tx, customer.id)?.is_some(),
    };
    let wanted = registration::keys(&identity, &settings, ctx)?;
    tx.savepoint(|tx| {
        if !customers::set_state(tx, customer, customer.state, ctx.now)? {
            return Err(NotClaimed::Failed(ctx.lost_update()));
        }
        registration_keys::replace(tx, customer.id, &wanted)?;
        write(tx)?;
        let profile = customers::profile(tx, customer.id)?;
        likeness::keep_customer(tx, ctx.vault(), customer, &profile)?;
        Ok(())
    })
}

/// The further names of a customer after an edit: a company that changes its name keeps the old one as a former name, and
/// a name that it takes back is no longer a further one.
///
/// # Errors
/// A database fault.
pub fn after_edit(
    conn: &mut Conn,
    ctx: &Ctx,
    before: &Customer,
    after: &Customer,
) -> AppResult<Vec<CustomerName>> {
    let mut further = names::of_customer(conn, before.id)?;
    if before.party != Party::Company || before.folded_name == after.folded_name {
        return Ok(further);
    }
    further.retain(|name| name.folded_name != after.folded_name);
    further.push(CustomerName {
        id: ctx.new_id(),
        customer_id: before.id,
        name: before.name.clone(),
        folded_name: before.folded_name.clone(),
        kind: CustomerNameKind::Former,
        recorded_by: ctx.actor.id,
        recorded_at: ctx.now,
    });
    Ok(further)
}

/// Writes what [`after_edit`] found.
///
/// # Errors
/// A database fault.
pub fn keep_former(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    customer: &Customer,
    further: &[CustomerName],
) -> AppResult<()> {
    let known = names::of_customer(tx, customer.id)?;
    let beyond = |these: &[CustomerName], those: &[CustomerName]| -> Vec<CustomerName> {
        let is_in = |name: &CustomerName| those.iter().any(|other| other.id == name.id);
        these.iter().filter(|name| !is_in(name)).cloned().collect()
    };
    for gone in beyond(&known, further) {
        names::remove(tx, gone.id)?;
    }
    for new in beyond(further, &known) {
        names::insert(tx, &new)?;
        ctx.record(
            tx,
            SubjectKind::Customer,
            customer.id,
            "customer.name_added",
            &json!({ "name": new.name, "kind": new.kind }),
            Some("DUP-08"),
        );
    }
    Ok(())
}
