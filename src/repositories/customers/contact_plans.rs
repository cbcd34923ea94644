//! What is planned with contacts.

use chrono::NaiveDate;
use diesel::prelude::*;

use super::reached::{self, BATCH};
use crate::{
    context::Ctx,
    db::{
        Conn, Tx, Unique,
        paging::{COUNT_LIMIT, Direction, Page, PageRequest, SortKey, bad_cursor},
        schema::{contact_plans, contacts, customers},
        violates,
    },
    domain::id::kind::{ContactId, ContactPlanId, CustomerId, UserId},
    error::{AppError, AppResult, Code, FieldError},
    models::customers::contact_plan::{ContactPlan, NEVER},
    repositories::governance::access::{Reach, Verb},
};

const STAGE: Unique = Unique {
    name: "contact_plans_stage",
    columns: "contact_plans.contact_id, contact_plans.stage",
};

/// The keys that plans may be sorted by.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ContactPlanSort {
    /// When care is due.
    DueOn,
}

impl SortKey for ContactPlanSort {
    const ALLOWED: &'static [(&'static str, Self)] = &[("care_due_on", Self::DueOn)];
    const DEFAULT: &'static [(Self, Direction)] = &[(Self::DueOn, Direction::Up)];
}

/// What a list of plans is narrowed to.
#[derive(Debug, Clone, Default)]
pub struct Narrow {
    /// The customer.
    pub customer: Option<CustomerId>,
    /// The customer's owner.
    pub owner: Option<UserId>,
    /// Care is due on or after.
    pub from: Option<NaiveDate>,
    /// Care is due on or before.
    pub until: Option<NaiveDate>,
}

/// A plan, and whose contact it is about.
pub type Due = (ContactPlan, CustomerId);

/// One page of the plans with care that is due, with contacts of customers that the actor may see.
///
/// # Errors
/// `INVALID_CURSOR`, or a database fault.
pub fn due(
    conn: &mut Conn,
    ctx: &Ctx,
    narrow: &Narrow,
    request: &PageRequest<ContactPlanSort>,
) -> AppResult<Page<ContactPlan>> {
    let down = request
        .sort
        .first()
        .is_some_and(|(_, way)| *way == Direction::Down);
    let begin = match request.after.as_deref() {
        None => None,
        Some([day, id]) => Some((
            day.parse().map_err(|_| bad_cursor())?,
            id.parse().map_err(|_| bad_cursor())?,
        )),
        Some(_) => return Err(bad_cursor()),
    };
    let customer = |row: &Due| row.1;
    let mut found = reached::fill(conn, ctx, request.limit + 1, customer, |conn, last| {
        let after = last.map(|(plan, _)| (plan.due_on, plan.id)).or(begin);
        batch(conn, ctx, narrow, after, down)
    })?;
    let more = i64::try_from(found.len()).unwrap_or(i64::MAX) > request.limit;
    found.truncate(usize::try_from(request.limit).unwrap_or(0));
    let next = found
        .last()
        .filter(|_| more)
        .map(|(plan, _)| vec![plan.due_on.to_string(), plan.id.to_string()]);
    let total = if request.include_total {
        let all = reached::fill(conn, ctx, COUNT_LIMIT + 1, customer, |conn, last| {
            let after = last.map(|(plan, _)| (plan.due_on, plan.id));
            batch(conn, ctx, narrow, after, false)
        })?;
        Some(i64::try_from(all.len()).unwrap_or(i64::MAX))
    } else {
        None
    };
    Ok(Page {
        items: found.into_iter().map(|(plan, _)| plan).collect(),
        next,
        total,
    })
}

fn batch(
    conn: &mut Conn,
    ctx: &Ctx,
    narrow: &Narrow,
    after: Option<(NaiveDate, ContactPlanId)>,
    down: bool,
) -> AppResult<Vec<Due>> {
    let mut query = contact_plans::table
        .inner_join(contacts::table.on(contacts::id.eq(contact_plans::contact_id)))
        .select((ContactPlan::as_select(), contacts::customer_id))
        .into_boxed()
        .filter(contact_plans::due_on.lt(NEVER))
        .filter(contacts::deleted_at.is_null());
    let reach = Reach::of(ctx, Verb::Read);
    if !reach.everything {
        query = query.filter(contacts::customer_id.eq_any(crate::customers_within!(&reach)));
    }
    if let Some(customer) = narrow.customer {
        query = query.filter(contacts::customer_id.eq(customer));
    }
    if let Some(owner) = narrow.owner {
        let owned = customers::table
            .filter(customers::owner_id.eq(owner))
            .select(customers::id);
        query = query.filter(contacts::customer_id.eq_any(owned));
    }
    if let Some(from) = narrow.from {
        query = query.filter(contact_plans::due_on.ge(from));
    }
    if let Some(until) = narrow.until {
        query = query.filter(contact_plans::due_on.le(until));
    }
    query = match (after, down) {
        (None, _) => query,
        (Some((day, id)), false) => query
            .filter(contact_plans::due_on.ge(day))
            .filter(contact_plans::due_on.gt(day).or(contact_plans::id.gt(id))),
        (Some((day, id)), true) => query
            .filter(contact_plans::due_on.le(day))
            .filter(contact_plans::due_on.lt(day).or(contact_plans::id.lt(id))),
    };
    query = if down {
        query.order((contact_plans::due_on.desc(), contact_plans::id.desc()))
    } else {
        query.order((contact_plans::due_on.asc(), contact_plans::id.asc()))
    };
    Ok(query.limit(BATCH).load(conn)?)
}

/// The plans with a contact, by stage.
///
/// # Errors
/// A database fault.
pub fn of_contact(conn: &mut Conn, id: ContactId) -> AppResult<Vec<ContactPlan>> {
    Ok(ContactPlan::query()
        .filter(contact_plans::contact_id.eq(id))
        .order(contact_plans::stage)
        .load(conn)?)
}

/// A plan, whoever may see it.
///
/// # Errors
/// 404, or a database fault.
pub fn get(conn: &mut Conn, id: ContactPlanId) -> AppResult<ContactPlan> {
    Ok(ContactPlan::query()
        .filter(contact_plans::id.eq(id))
        .first(conn)?)
}

/// Names of contacts, and whose they are.
///
/// # Errors
/// A database fault.
pub fn contacts_named(
    conn: &mut Conn,
    ids: &[ContactId],
) -> AppResult<Vec<(ContactId, CustomerId, String)>> {
    Ok(contacts::table
        .filter(contacts::id.eq_any(ids))
        .select((contacts::id, contacts::customer_id, contacts::name))
        .load(conn)?)
}

/// Inserts a plan.
///
/// # Errors
/// 409 when there is one for this stage.
pub fn insert(tx: &mut Tx<'_>, plan: &ContactPlan) -> AppResult<()> {
    match diesel::insert_into(contact_plans::table)
        .values(plan)
        .execute(tx.conn())
    {
        Ok(_) => Ok(()),
        Err(error) if violates(&error, &STAGE) => Err(AppError::new(
            Code::Duplicate,
            "该联系人在此阶段已有计划；请修改原计划。",
            "There is a plan for this contact at this stage: change that one.",
        )
        .rule("CUS-37")
        .with_errors(vec![FieldError::new(
            "/stage",
            "TAKEN",
            "已被使用。",
            "Taken.",
        )])),
        Err(error) => Err(error.into()),
    }
}

/// Keeps a changed plan, if it still has the version that was read.
///
/// # Errors
/// A database fault. `false` when it changed meanwhile.
pub fn save(tx: &mut Tx<'_>, plan: &ContactPlan, read: i64) -> AppResult<bool> {
    let target = contact_plans::table
        .filter(contact_plans::id.eq(plan.id))
        .filter(contact_plans::version.eq(read));
    Ok(diesel::update(target).set(plan).execute(tx.conn())? == 1)
}

/// Removes a plan, if it still has the version that was read.
///
/// # Errors
/// A database fault. `false` when it changed meanwhile.
pub fn remove(tx: &mut Tx<'_>, plan: &ContactPlan) -> AppResult<bool> {
    let target = contact_plans::table
        .filter(contact_plans::id.eq(plan.id))
        .filter(contact_plans::version.eq(plan.version));
    Ok(diesel::delete(target).execute(tx.conn())? == 1)
}
