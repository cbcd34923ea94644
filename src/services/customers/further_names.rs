//! Former names and aliases of a customer: each claims the NAME key of the customer's line, so that nobody else registers
//! the company under it (DUP-08, CUS-06, CONF-01).

use std::iter;

use serde_json::json;

use super::{
    fields, likeness, merges,
    registration::{self, Identity},
    worklist,
};
use crate::{
    api::customers::name::{CustomerNameView, NewCustomerName},
    context::Ctx,
    db::{Conn, Tx},
    domain::{
        id::kind::{CustomerId, CustomerNameId, MergeId, UserId},
        timestamp::Timestamp,
        vocabulary::{
            Capability, CustomerNameKind, CustomerState, ListedNameKind, Party, SubjectKind,
        },
    },
    error::{AppError, AppResult, Code, FieldError},
    models::customers::{customer::Customer, name::CustomerName},
    policy::customers::{
        registration::RegistrationSettings,
        review::{self, Command},
    },
    repositories::{
        customers::{
            customers, line_symbols, merges as merged, names,
            registration_keys::{self, NotClaimed},
        },
        governance::access,
        org::names as people,
    },
};

/// A name is removed and recorded anew, never changed.
const VERSION: i64 = 1;

/// A customer's former names and aliases, then the names of those that have been merged into it (DUP-09).
///
/// # Errors
/// 404.
pub fn list(conn: &mut Conn, ctx: &Ctx, id: CustomerId) -> AppResult<Vec<CustomerNameView>> {
    customers::find(conn, ctx, id)?;
    let mut shown: Vec<Shown> = names::of_customer(conn, id)?
        .into_iter()
        .map(Shown::from)
        .collect();
    shown.extend(absorbed(conn, id)?);
    views(conn, shown)
}

/// A name that leads to a customer.
struct Shown {
    id: Option<CustomerNameId>,
    name: String,
    kind: ListedNameKind,
    merge_id: Option<MergeId>,
    recorded_by: UserId,
    recorded_at: Timestamp,
}

impl From<CustomerName> for Shown {
    fn from(row: CustomerName) -> Self {
        Self {
            id: Some(row.id),
            name: row.name,
            kind: row.kind.into(),
            merge_id: None,
            recorded_by: row.recorded_by,
            recorded_at: row.recorded_at,
        }
    }
}

/// The names of those that have been merged into a customer, each with its own former names and aliases. They are not the
/// customer's to remove: they are there while the merge stands.
fn absorbed(conn: &mut Conn, id: CustomerId) -> AppResult<Vec<Shown>> {
    let absorbed = merged::absorbed(conn, id)?;
    let ids: Vec<CustomerId> = absorbed.iter().map(|one| one.customer_id).collect();
    let further = names::of_customers(conn, &ids)?;
    let mut shown = Vec::new();
    for one in absorbed {
        let theirs = further
            .iter()
            .filter(|row| row.customer_id == one.customer_id)
            .map(|row| (row.name.clone(), row.recorded_by, row.recorded_at));
        let own = (one.name, one.merged_by, one.merged_at);
        let all = iter::once(own).chain(theirs);
        shown.extend(all.map(|(name, recorded_by, recorded_at)| Shown {
            id: None,
            name,
            kind: ListedNameKind::Absorbed,
            merge_id: Some(one.merge_id),
            recorded_by,
            recorded_at,
        }));
    }
    Ok(shown)
}

fn views(conn: &mut Conn, shown: Vec<Shown>) -> AppResult<Vec<CustomerNameView>> {
    let directory = people::people(conn, shown.iter().map(|one| one.recorded_by))?;
    Ok(shown
        .into_iter()
        .map(|one| CustomerNameView {
            id: one.id,
            version: one.id.map(|_| VERSION),
            name: one.name,
            kind: one.kind,
            merge_id: one.merge_id,
            recorded_by_name: directory.name(one.recorded_by),
            recorded_by: one.recorded_by,
            recorded_at: one.recorded_at,
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
    let settings = ctx.policy::<RegistrationSettings>()?.value;
    if further.len() >= usize::from(settings.further_names_at_most) {
        return Err(too_many(settings.further_names_at_most));
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
            views(tx, vec![row.into()])?
                .pop()
                .ok_or_else(AppError::not_found)
        }
        Err(NotClaimed::Taken(key)) => Err(registration::refuse(tx, ctx, &tried, &key)?),
        Err(NotClaimed::Failed(error)) => Err(error),
    }
}

/// Names bar others from registering: nobody heaps them up (DUP-08).
fn too_many(most: u16) -> AppError {
    AppError::new(
        Code::StateConflict,
        format!("一个客户至多记录 {most} 个曾用名和别名；请先删除不用的别名。"),
        format!("A customer has at most {most} further names: remove an alias that is not used."),
    )
    .rule("DUP-08")
}

/// The customer for whoever removes one of its names: who may change it; an alias also who reviews customers or merges
/// them in its unit, so that nobody holds a name that is none (DUP-08).
fn for_removal(tx: &mut Tx<'_>, ctx: &Ctx, row: &CustomerName) -> AppResult<Customer> {
    let id = row.customer_id;
    customers::lock(tx, id)?;
    let customer = customers::find(tx, ctx, id)?;
    let writes = customers::may_write(tx, ctx, id)?;
    let merged = customer.state == CustomerState::Merged;
    if writes || merged || row.kind != CustomerNameKind::Alias {
        return customers::find_for_write(tx, ctx, id);
    }
    for judge in [Capability::ReviewCustomers, Capability::MergeCustomers] {
        if access::covers(tx, ctx, judge, customer.unit_id)? {
            return Ok(customer);
        }
    }
    Err(access::read_only())
}

/// Removes an alias, whose key becomes free. A former name stays, once the customer has taken effect under it: only the
/// administrator removes it.
///
/// # Errors
/// 403; 404; 409 while it is under review; 412.
pub fn remove(tx: &mut Tx<'_>, ctx: &Ctx, name: CustomerNameId) -> AppResult<()> {
    let row = names::get(tx, name)?;
    let id = row.customer_id;
    let customer = for_removal(tx, ctx, &row)?;
    ctx.check_version(VERSION)?;
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
    let settings = ctx.policy::<RegistrationSettings>()?.value;
    let identity = Identity {
        customer,
        further,
        has_symbol: line_symbols::get(tx, customer.id)?.is_some(),
    };
    let mut wanted = registration::keys(&identity, &settings, ctx)?;
    // What came with merged customers stays: their names lead to this customer (DUP-09).
    wanted.extend(merges::inherited_keys(tx, ctx, customer.id)?);
    registration::in_order(&mut wanted);
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
