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
    repositories::governance::{
        access::{Reach, Verb},
        ways,
    },
};

crate::access_filter!(
    activities,
    Activity,
    ActivityId,
    SubjectKind::Activity,
    also: [
        of_own_customers,
        of_subordinates_customers,
        of_the_units_customers,
        of_the_subtrees_customers,
        of_shared_customers,
        of_absent_colleagues_customers,
        of_customers_shared_by_rule,
        of_joint_opportunities
    ]
);

// Whoever may see a customer sees what was done there, by whomever: after a handover too; so do those who pursue its
// opportunity together. Changing an activity is not opened by this. One way for each reason, so that each is served by an
// index; `customers::visible` is boxed, which diesel cannot nest: these say the same of whom and where.

type Predicate = Box<dyn BoxableExpression<activities::table, MultiBackend, SqlType = Bool>>;

/// Only what is read is opened.
fn to_read(reach: &Reach, opened: Predicate) -> Predicate {
    match reach.verb {
        Verb::Read => opened,
        Verb::Write => Box::new(activities::id.is_null()),
    }
}

fn of_own_customers(reach: &Reach) -> Predicate {
    let own = customers::table
        .filter(customers::owner_id.eq(reach.actor))
        .select(customers::id);
    to_read(reach, Box::new(activities::customer_id.eq_any(own)))
}

fn of_subordinates_customers(reach: &Reach) -> Predicate {
    let theirs = customers::table
        .inner_join(
            reporting_closure::table.on(reporting_closure::subordinate_id.eq(customers::owner_id)),
        )
        .filter(reporting_closure::superior_id.eq(reach.actor))
        .select(customers::id);
    to_read(reach, Box::new(activities::customer_id.eq_any(theirs)))
}

fn of_the_units_customers(reach: &Reach) -> Predicate {
    let theirs = customers::table
        .filter(customers::unit_id.eq_any(reach.units.clone()))
        .select(customers::id);
    to_read(reach, Box::new(activities::customer_id.eq_any(theirs)))
}

fn of_the_subtrees_customers(reach: &Reach) -> Predicate {
    let covered = unit_closure::table
        .filter(unit_closure::ancestor_id.eq_any(reach.subtrees.clone()))
        .select(unit_closure::descendant_id);
    let theirs = customers::table
        .filter(customers::unit_id.eq_any(covered))
        .select(customers::id);
    to_read(reach, Box::new(activities::customer_id.eq_any(theirs)))
}

fn of_shared_customers(reach: &Reach) -> Predicate {
    let shared = shares::table
        .filter(shares::user_id.eq_any(reach.shared_with.clone()))
        .filter(shares::subject_kind.eq(SubjectKind::Customer))
        .filter(shares::expires_at.gt(reach.now))
        .select(shares::subject_id);
    to_read(reach, Box::new(activities::customer_id.eq_any(shared)))
}

fn of_absent_colleagues_customers(reach: &Reach) -> Predicate {
    let theirs = customers::table
        .filter(customers::owner_id.eq_any(reach.in_place_of.clone()))
        .select(customers::id);
    to_read(reach, Box::new(activities::customer_id.eq_any(theirs)))
}

fn of_customers_shared_by_rule(reach: &Reach) -> Predicate {
    let mut opened: Predicate = Box::new(activities::id.is_null());
    for rule in &reach.rules {
        let covered = crate::of_customers!(activities.customer_id, crate::covered_by_rule!(rule));
        opened = Box::new(covered.or(opened));
    }
    to_read(reach, opened)
}

fn of_joint_opportunities(reach: &Reach) -> Predicate {
    let together = opportunity_parties::table
        .filter(opportunity_parties::user_id.eq(reach.actor))
        .select(opportunity_parties::opportunity_id);
    to_read(
        reach,
        Box::new(
            activities::opportunity_id
                .assume_not_null()
                .eq_any(together),
        ),
    )
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
    let reach = Reach::of(ctx, Verb::Read);
    let ways = ways(conn, &reach)?;
    let led = ways::led(conn, request, ActivitySort::HappenedAt);
    page_by(conn, request, &ways, |way| {
        led_by(narrowed(narrow), way, &reach, led)
    })
}

fn narrowed<'q>(narrow: &Narrow) -> activities::BoxedQuery<'q, MultiBackend> {
    let mut query = activities::table.into_boxed();
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
