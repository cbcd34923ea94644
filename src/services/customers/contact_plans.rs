//! Strategy and care plans for contacts (CUS-37), and their birthdays (CUS-39). Plans are part of the customer: who may
//! change it may change them.

use std::collections::HashMap;

use chrono::Duration;
use serde_json::{Value, json};

use crate::{
    api::{
        customers::contact_plan::{
            BirthdayFilter, BirthdayView, ContactPlanAction, ContactPlanFilter, ContactPlanPatch,
            ContactPlanSummary, ContactPlanView, NewContactPlan,
        },
        patch::Patch,
    },
    context::Ctx,
    db::{Conn, Tx, paging::Page},
    domain::{
        id::kind::{ContactId, ContactPlanId, CustomerId},
        vocabulary::SubjectKind,
    },
    error::{AppError, AppResult, FieldError},
    http::{Listed, query::bad_parameter},
    models::customers::{
        contact::Contact,
        contact_plan::{ContactPlan, NEVER},
    },
    policy::{
        customers::birthday::{self, LONGEST},
        sales::opportunity::OpportunitySettings,
    },
    repositories::{
        customers::{
            birthdays,
            contact_plans::{self, Narrow},
            contacts, customers,
        },
        org::names,
    },
    services::org::fields::{Changes, Fields},
};

pub use crate::repositories::customers::{birthdays::BirthdaySort, contact_plans::ContactPlanSort};

/// The plans for a contact, by stage.
///
/// # Errors
/// 404 unless the contact's customer is visible.
pub fn list(conn: &mut Conn, ctx: &Ctx, id: ContactId) -> AppResult<Vec<ContactPlanView>> {
    let contact = visible(conn, ctx, id)?;
    let plans = contact_plans::of_contact(conn, id)?;
    views(conn, ctx, contact.customer_id, plans)
}

/// One page of the plans with care that is due, as far as the caller may see the customers.
///
/// # Errors
/// `INVALID_CURSOR`, or a database fault.
pub fn due(
    conn: &mut Conn,
    ctx: &Ctx,
    query: &Listed<ContactPlanFilter, ContactPlanSort>,
) -> AppResult<Page<ContactPlanSummary>> {
    let filter = &query.filter;
    let narrow = Narrow {
        customer: filter.customer_id,
        owner: filter.owner_id,
        from: filter.care_due_on_gte,
        until: filter.care_due_on_lte,
    };
    contact_plans::due(conn, ctx, &narrow, &query.page)?.try_map_all(|rows| summaries(conn, rows))
}

/// One plan.
///
/// # Errors
/// 404 unless the contact's customer is visible.
pub fn get(conn: &mut Conn, ctx: &Ctx, id: ContactPlanId) -> AppResult<ContactPlanView> {
    let plan = contact_plans::get(conn, id)?;
    let contact = visible(conn, ctx, plan.contact_id)?;
    one(conn, ctx, contact.customer_id, plan)
}

/// Makes a plan for a contact at a stage.
///
/// # Errors
/// 404, 403 by the customer; 409 when there is one for this stage; 422 with every failing field.
pub fn create(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    id: ContactId,
    body: &NewContactPlan,
) -> AppResult<ContactPlanView> {
    let contact = writable(tx, ctx, id)?;
    let mut fields = Fields::default();
    let ladder = ctx.policy::<OpportunitySettings>()?.value;
    if ladder.stage(u8::try_from(body.stage).unwrap_or(0)).is_err() {
        let stages = ladder.stages.len();
        fields.fail(FieldError::new(
            "/stage",
            "STAGE_UNKNOWN",
            format!("商机只有 {stages} 个阶段。"),
            format!("There are only {stages} stages of opportunities."),
        ));
    }
    let plan = ContactPlan {
        id: ctx.new_id(),
        contact_id: id,
        stage: body.stage,
        strategy: fields.optional_prose("/strategy", body.strategy.as_ref()),
        care: fields.optional_prose("/care", body.care.as_ref()),
        due_on: body.care_due_on.unwrap_or(NEVER),
        created_by: ctx.actor.id,
        version: 1,
        created_at: ctx.now,
        updated_at: ctx.now,
    };
    check(&mut fields, &plan);
    fields.done()?;
    contact_plans::insert(tx, &plan)?;
    let data = json!({ "contact_id": id, "stage": plan.stage, "care_due_on": due_on(&plan) });
    record(
        tx,
        ctx,
        contact.customer_id,
        "customer.contact_plan_added",
        &data,
    );
    one(tx, ctx, contact.customer_id, plan)
}

/// Changes a plan; once care was given, its next date.
///
/// # Errors
/// 404, 403 by the customer; 412; 422 with every failing field.
pub fn update(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    id: ContactPlanId,
    body: &ContactPlanPatch,
) -> AppResult<ContactPlanView> {
    let read = contact_plans::get(tx, id)?;
    let contact = writable(tx, ctx, read.contact_id)?;
    ctx.check_version(read.version)?;
    let mut next = read.clone();
    let (mut fields, mut changes) = (Fields::default(), Changes::default());
    let strategy = fields.patched_prose("/strategy", &body.strategy, next.strategy.clone());
    changes.set("strategy", &mut next.strategy, strategy);
    let care = fields.patched_prose("/care", &body.care, next.care.clone());
    changes.set("care", &mut next.care, care);
    let due = match body.care_due_on {
        Patch::Absent => next.due_on,
        Patch::Null => NEVER,
        Patch::Value(day) => day,
    };
    changes.set("care_due_on", &mut next.due_on, due);
    check(&mut fields, &next);
    fields.done()?;
    if changes.is_empty() {
        return one(tx, ctx, contact.customer_id, read);
    }
    ctx.keep(read.version, &mut next, |next| {
        contact_plans::save(tx, next, read.version)
    })?;
    changes.note("contact_id", read.contact_id, read.contact_id);
    let data = changes.into_value();
    record(
        tx,
        ctx,
        contact.customer_id,
        "customer.contact_plan_changed",
        &data,
    );
    one(tx, ctx, contact.customer_id, next)
}

/// Removes a plan; what it said stays in the customer's history.
///
/// # Errors
/// 404, 403 by the customer; 412.
pub fn remove(tx: &mut Tx<'_>, ctx: &Ctx, id: ContactPlanId) -> AppResult<()> {
    let read = contact_plans::get(tx, id)?;
    let contact = writable(tx, ctx, read.contact_id)?;
    ctx.check_version(read.version)?;
    if !contact_plans::remove(tx, &read)? {
        return Err(ctx.lost_update());
    }
    let data = json!({
        "contact_id": read.contact_id,
        "stage": read.stage,
        "strategy": read.strategy,
        "care": read.care,
    });
    record(
        tx,
        ctx,
        contact.customer_id,
        "customer.contact_plan_removed",
        &data,
    );
    Ok(())
}

/// One page of the birthdays in a span of days, as far as the caller may see the customers (CUS-39).
///
/// # Errors
/// 400 for a span that ends before it begins, or is too long.
pub fn birthdays(
    conn: &mut Conn,
    ctx: &Ctx,
    query: &Listed<BirthdayFilter, BirthdaySort>,
) -> AppResult<Page<BirthdayView>> {
    let BirthdayFilter {
        from,
        to,
        owner_id,
        key_only,
    } = query.filter.clone();
    if to < from || to - from > Duration::days(LONGEST) {
        return Err(bad_parameter(
            "to",
            format!("须不早于 from，且不超过 {LONGEST} 天之后。"),
            format!("Must not lie before `from`, nor more than {LONGEST} days after it."),
        ));
    }
    let narrow = birthdays::Narrow {
        ranges: birthday::keys(from, to),
        owner: owner_id,
        key_only: key_only.unwrap_or(false),
    };
    birthdays::list(conn, ctx, &narrow, &query.page)?.try_map_all(|rows| {
        let ids: Vec<_> = rows.iter().map(|row| row.customer_id).collect();
        let named: HashMap<_, _> = customers::names(conn, &ids)?.into_iter().collect();
        Ok(rows
            .into_iter()
            .filter_map(|row| {
                Some(BirthdayView {
                    contact_id: row.contact_id,
                    contact_name: row.name,
                    customer_id: row.customer_id,
                    customer_name: named.get(&row.customer_id).cloned().unwrap_or_default(),
                    is_key: row.is_key,
                    is_decision_maker: row.is_decision_maker,
                    birthday_on: row.birthday_on?,
                    celebrated_on: birthday::celebrated_on(row.key, from, to)?,
                })
            })
            .collect())
    })
}

fn visible(conn: &mut Conn, ctx: &Ctx, id: ContactId) -> AppResult<Contact> {
    let contact = contacts::get(conn, id)?;
    customers::find(conn, ctx, contact.customer_id)?;
    Ok(contact)
}

fn writable(conn: &mut Conn, ctx: &Ctx, id: ContactId) -> AppResult<Contact> {
    let contact = contacts::get(conn, id)?;
    customers::find_for_write(conn, ctx, contact.customer_id)?;
    Ok(contact)
}

fn check(fields: &mut Fields, plan: &ContactPlan) {
    if plan.strategy.is_none() && plan.care.is_none() {
        fields.fail(FieldError::new(
            "/strategy",
            "NOTHING_PLANNED",
            "请填写经营策略或关怀计划。",
            "Tell a strategy or a care plan.",
        ));
    }
    if plan.due_on < NEVER && plan.care.is_none() {
        fields.fail(FieldError::new(
            "/care",
            "REQUIRED",
            "有关怀日期时须填写关怀计划。",
            "Care that is due must be planned.",
        ));
    }
}

fn due_on(plan: &ContactPlan) -> Option<chrono::NaiveDate> {
    Some(plan.due_on).filter(|day| *day < NEVER)
}

fn record(tx: &mut Tx<'_>, ctx: &Ctx, id: CustomerId, kind: &str, data: &Value) {
    ctx.record(tx, SubjectKind::Customer, id, kind, data, Some("CUS-37"));
}

fn one(
    conn: &mut Conn,
    ctx: &Ctx,
    customer: CustomerId,
    plan: ContactPlan,
) -> AppResult<ContactPlanView> {
    views(conn, ctx, customer, vec![plan])?
        .pop()
        .ok_or_else(AppError::not_found)
}

fn views(
    conn: &mut Conn,
    ctx: &Ctx,
    customer: CustomerId,
    plans: Vec<ContactPlan>,
) -> AppResult<Vec<ContactPlanView>> {
    let allowed = if customers::may_write(conn, ctx, customer)? {
        vec![ContactPlanAction::Edit, ContactPlanAction::Remove]
    } else {
        Vec::new()
    };
    Ok(summaries(conn, plans)?
        .into_iter()
        .map(|summary| ContactPlanView {
            summary,
            allowed_actions: allowed.clone(),
        })
        .collect())
}

fn summaries(conn: &mut Conn, plans: Vec<ContactPlan>) -> AppResult<Vec<ContactPlanSummary>> {
    let ids: Vec<_> = plans.iter().map(|plan| plan.contact_id).collect();
    let contacts: HashMap<_, _> = contact_plans::contacts_named(conn, &ids)?
        .into_iter()
        .map(|(id, customer, name)| (id, (customer, name)))
        .collect();
    let ids: Vec<_> = contacts.values().map(|(customer, _)| *customer).collect();
    let named: HashMap<_, _> = customers::names(conn, &ids)?.into_iter().collect();
    let people = names::people(conn, plans.iter().map(|plan| plan.created_by))?;
    Ok(plans
        .into_iter()
        .filter_map(|plan| {
            let (customer_id, contact_name) = contacts.get(&plan.contact_id)?.clone();
            Some(ContactPlanSummary {
                care_due_on: due_on(&plan),
                id: plan.id,
                contact_id: plan.contact_id,
                contact_name,
                customer_id,
                customer_name: named.get(&customer_id).cloned().unwrap_or_default(),
                stage: plan.stage,
                strategy: plan.strategy,
                care: plan.care,
                created_by: people.get(plan.created_by),
                version: plan.version,
                created_at: plan.created_at,
                updated_at: plan.updated_at,
            })
        })
        .collect())
}
