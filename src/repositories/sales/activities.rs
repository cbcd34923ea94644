//! Sales activities.

use diesel::{prelude::*, sql_types::Bool};

use crate::{
    context::Ctx,
    db::{
        Conn, MultiBackend, Tx,
        paging::{Page, PageRequest},
        schema::{
            activities, contacts, customers, opportunity_parties, reporting_closure, shares,
            unit_closure,
        },
    },
    domain::{
        id::kind::{ActivityId, ContactId, CustomerId, OpportunityId, UserId},
        timestamp::Timestamp,
        vocabulary::{ActivityKind, SubjectKind},
    },
    error::AppResult,
    models::sales::activity::Activity,
    repositories::governance::access::{Reach, Verb},
};

crate::access_filter!(
    activities,
    Activity,
    ActivityId,
    SubjectKind::Activity,
    also: with_the_customer
);

/// Whoever may see a customer sees what was done there, by whomever: after a handover too; so do those who pursue its
/// opportunity together. Changing an activity is not opened by this.
fn with_the_customer(
    reach: &Reach,
) -> Box<dyn BoxableExpression<activities::table, MultiBackend, SqlType = Bool>> {
    if reach.verb == Verb::Write {
        return Box::new(activities::id.is_null());
    }
    let together = opportunity_parties::table
        .filter(opportunity_parties::user_id.eq(reach.actor))
        .select(opportunity_parties::opportunity_id);
    let shared = shares::table
        .filter(shares::user_id.eq_any(reach.shared_with.clone()))
        .filter(shares::subject_kind.eq(SubjectKind::Customer))
        .filter(shares::expires_at.gt(reach.now))
        .select(shares::subject_id);
    let below = reporting_closure::table
        .filter(reporting_closure::superior_id.eq(reach.actor))
        .select(reporting_closure::subordinate_id);
    let covered = unit_closure::table
        .filter(unit_closure::ancestor_id.eq_any(reach.subtrees.clone()))
        .select(unit_closure::descendant_id);
    // `customers::visible` is boxed, which diesel cannot nest: this says the same of whom and where.
    let theirs = customers::table
        .filter(
            customers::owner_id
                .eq(reach.actor)
                .or(customers::owner_id.eq_any(reach.in_place_of.clone()))
                .or(customers::owner_id.eq_any(below))
                .or(customers::unit_id.eq_any(reach.units.clone()))
                .or(customers::unit_id.eq_any(covered)),
        )
        .select(customers::id);
    let mut opened: Box<dyn BoxableExpression<activities::table, MultiBackend, SqlType = Bool>> =
        Box::new(
            activities::customer_id
                .eq_any(shared)
                .or(activities::customer_id.eq_any(theirs))
                .or(activities::opportunity_id
                    .assume_not_null()
                    .eq_any(together)),
        );
    for rule in &reach.rules {
        let covered = crate::of_customers!(activities.customer_id, crate::covered_by_rule!(rule));
        opened = Box::new(covered.or(opened));
    }
    opened
}

crate::sortable! {
    activities, Activity, ActivitySort {
        HappenedAt = "happened_at" => happened_at: Timestamp,
    } default HappenedAt Down
}

/// What a list of activities is narrowed to.
#[derive(Debug, Clone, Default)]
pub struct Narrow {
    /// Customer.
    pub customer: Option<CustomerId>,
    /// Opportunity.
    pub opportunity: Option<OpportunityId>,
    /// Kinds.
    pub kinds: Vec<ActivityKind>,
    /// By whom.
    pub owner: Option<UserId>,
    /// Happened at or after.
    pub from: Option<Timestamp>,
    /// Happened before.
    pub before: Option<Timestamp>,
}

/// One page of the activities that the actor may see.
///
/// # Errors
/// `INVALID_CURSOR`, or a database fault.
pub fn list(
    conn: &mut Conn,
    ctx: &Ctx,
    narrow: &Narrow,
    request: &PageRequest<ActivitySort>,
) -> AppResult<Page<Activity>> {
    page(conn, request, || narrowed(ctx, narrow))
}

fn narrowed<'q>(ctx: &Ctx, narrow: &Narrow) -> activities::BoxedQuery<'q, MultiBackend> {
    let mut query = activities::table
        .into_boxed()
        .filter(visible(&Reach::of(ctx, Verb::Read)));
    if let Some(customer) = narrow.customer {
        query = query.filter(activities::customer_id.eq(customer));
    }
    if let Some(opportunity) = narrow.opportunity {
        query = query.filter(activities::opportunity_id.eq(opportunity));
    }
    if !narrow.kinds.is_empty() {
        query = query.filter(activities::kind.eq_any(narrow.kinds.clone()));
    }
    if let Some(owner) = narrow.owner {
        query = query.filter(activities::owner_id.eq(owner));
    }
    if let Some(from) = narrow.from {
        query = query.filter(activities::happened_at.ge(from));
    }
    if let Some(before) = narrow.before {
        query = query.filter(activities::happened_at.lt(before));
    }
    query
}

/// How many face-to-face visits were paid to a customer, by whomever (QUO-04, AMB-39).
///
/// # Errors
/// A database fault.
pub fn visits(conn: &mut Conn, customer: CustomerId) -> AppResult<i64> {
    Ok(activities::table
        .filter(activities::customer_id.eq(customer))
        .filter(activities::kind.eq(ActivityKind::Visit))
        .count()
        .get_result(conn)?)
}

/// Inserts an activity.
///
/// # Errors
/// A database fault.
pub fn insert(tx: &mut Tx<'_>, activity: &Activity) -> AppResult<()> {
    diesel::insert_into(activities::table)
        .values(activity)
        .execute(tx.conn())?;
    Ok(())
}

/// Keeps a changed activity, if it still has the version that was read.
///
/// # Errors
/// A database fault. `false` when it changed meanwhile.
pub fn save(tx: &mut Tx<'_>, activity: &Activity, read: i64) -> AppResult<bool> {
    let target = activities::table
        .filter(activities::id.eq(activity.id))
        .filter(activities::version.eq(read));
    Ok(diesel::update(target).set(activity).execute(tx.conn())? == 1)
}

/// Whose contact somebody is; none for a contact that was removed.
///
/// # Errors
/// A database fault.
pub fn contact_customer(conn: &mut Conn, contact: ContactId) -> AppResult<Option<CustomerId>> {
    Ok(contacts::table
        .find(contact)
        .filter(contacts::deleted_at.is_null())
        .select(contacts::customer_id)
        .first(conn)
        .optional()?)
}

/// Names of contacts, removed ones too, for a page of activities.
///
/// # Errors
/// A database fault.
pub fn contact_names(conn: &mut Conn, ids: &[ContactId]) -> AppResult<Vec<(ContactId, String)>> {
    Ok(contacts::table
        .filter(contacts::id.eq_any(ids))
        .select((contacts::id, contacts::name))
        .load(conn)?)
}
