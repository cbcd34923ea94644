//! Opportunities.

use chrono::NaiveDate;
use diesel::{prelude::*, sql_types::Bool};

use crate::{
    context::Ctx,
    db::{
        Conn, MultiBackend, Tx,
        paging::{Page, PageRequest},
        schema::{approvals, contracts, customers, opportunities, opportunity_parties, shares},
    },
    domain::{
        id::kind::{ApprovalId, ContractId, CustomerId, OpportunityId, UnitId, UserId},
        timestamp::Timestamp,
        vocabulary::{
            ApprovalState, ContractState, Importance, OpportunitySource, OpportunityState,
            ShareLevel, SubjectKind,
        },
    },
    error::AppResult,
    models::{customers::customer::Customer, sales::opportunity::Opportunity},
    repositories::{
        customers::matching::{self, Entry},
        governance::{
            access::{Reach, Verb},
            ways,
        },
    },
};

#[diesel::declare_sql_function]
extern "SQL" {
    /// Lower case, so that both databases compare alike.
    fn lower(text: diesel::sql_types::Text) -> diesel::sql_types::Text;
}

crate::access_filter!(
    opportunities,
    Opportunity,
    OpportunityId,
    SubjectKind::Opportunity,
    also: [
        together,
        of_shared_customers,
        of_customers_shared_by_rule,
        closed_before
    ]
);

/// Opportunities that the actor pursues with others after a ruling (CONF-04).
fn together(
    reach: &Reach,
) -> Box<dyn BoxableExpression<opportunities::table, MultiBackend, SqlType = Bool>> {
    let party = opportunity_parties::table
        .filter(opportunity_parties::user_id.eq(reach.actor))
        .select(opportunity_parties::opportunity_id);
    Box::new(opportunities::id.eq_any(party))
}

/// Opportunities of customers that are shared with the actor.
fn of_shared_customers(
    reach: &Reach,
) -> Box<dyn BoxableExpression<opportunities::table, MultiBackend, SqlType = Bool>> {
    let levels = match reach.verb {
        Verb::Read => vec![ShareLevel::Read, ShareLevel::Write],
        Verb::Write => vec![ShareLevel::Write],
    };
    let shared = shares::table
        .filter(shares::user_id.eq_any(reach.shared_with.clone()))
        .filter(shares::subject_kind.eq(SubjectKind::Customer))
        .filter(shares::level.eq_any(levels))
        .filter(shares::expires_at.gt(reach.now))
        .select(shares::subject_id);
    Box::new(opportunities::customer_id.assume_not_null().eq_any(shared))
}

/// Opportunities of customers that automatic sharing rules open (DUP-14).
fn of_customers_shared_by_rule(
    reach: &Reach,
) -> Box<dyn BoxableExpression<opportunities::table, MultiBackend, SqlType = Bool>> {
    let mut opened: Box<dyn BoxableExpression<opportunities::table, MultiBackend, SqlType = Bool>> =
        Box::new(opportunities::id.is_null());
    for rule in &reach.rules {
        let covered =
            crate::of_customers!(opportunities.customer_id, crate::covered_by_rule!(rule));
        opened = Box::new(covered.or(opened));
    }
    opened
}

/// What a predecessor closed stays the predecessor's, and is the customer's history (DUP-18).
fn closed_before(
    reach: &Reach,
) -> Box<dyn BoxableExpression<opportunities::table, MultiBackend, SqlType = Bool>> {
    if reach.verb == Verb::Write {
        return Box::new(opportunities::id.is_null());
    }
    Box::new(
        opportunities::state.eq(OpportunityState::Confirmed).and(
            opportunities::customer_id
                .assume_not_null()
                .eq_any(crate::ones_own!(reach)),
        ),
    )
}

crate::sortable! {
    opportunities, Opportunity, OpportunitySort {
        UpdatedAt = "updated_at" => updated_at: Timestamp,
        CreatedAt = "created_at" => created_at: Timestamp,
    } default UpdatedAt Down
}

/// What a list of opportunities is narrowed to.
#[derive(Debug, Clone, Default)]
pub struct Narrow {
    /// Owner.
    pub owner: Option<UserId>,
    /// Unit.
    pub unit: Option<UnitId>,
    /// Customer.
    pub customer: Option<CustomerId>,
    /// States.
    pub states: Vec<OpportunityState>,
    /// Stages, counted from 1.
    pub stages: Vec<i32>,
    /// Sources.
    pub sources: Vec<OpportunitySource>,
    /// Product line.
    pub product_line: Option<String>,
    /// Importance.
    pub importance: Option<Importance>,
    /// `true`: registered and untouched since before the instant (OPP-32); `false`: the others.
    pub idle: Option<(bool, Timestamp)>,
    /// Expected to be signed on or after.
    pub sign_from: Option<NaiveDate>,
    /// Expected to be signed on or before.
    pub sign_until: Option<NaiveDate>,
    /// Updated at or after.
    pub updated_from: Option<Timestamp>,
    /// Updated before.
    pub updated_before: Option<Timestamp>,
    /// Part of the title or of the customer's name.
    pub text: Option<String>,
}

/// One page of the opportunities that the actor may see.
///
/// # Errors
/// `INVALID_CURSOR`, or a database fault.
pub fn list(
    conn: &mut Conn,
    ctx: &Ctx,
    narrow: &Narrow,
    request: &PageRequest<OpportunitySort>,
) -> AppResult<Page<Opportunity>> {
    let reach = Reach::of(ctx, Verb::Read);
    let ways = ways(conn, &reach)?;
    let led = ways::led(conn, request, OpportunitySort::UpdatedAt);
    page_by(conn, request, &ways, |way| {
        led_by(narrowed(narrow), way, &reach, led)
    })
}

fn narrowed<'q>(narrow: &Narrow) -> opportunities::BoxedQuery<'q, MultiBackend> {
    let mut query = opportunities::table.into_boxed();
    crate::narrowed!(query, opportunities, narrow);
    if let Some(customer) = narrow.customer {
        query = query.filter(opportunities::customer_id.eq(customer));
    }
    if !narrow.stages.is_empty() {
        query = query.filter(opportunities::stage.eq_any(narrow.stages.clone()));
    }
    if !narrow.sources.is_empty() {
        query = query.filter(opportunities::source.eq_any(narrow.sources.clone()));
    }
    if let Some(line) = &narrow.product_line {
        query = query.filter(opportunities::product_line.eq(line.clone()));
    }
    if let Some(importance) = narrow.importance {
        query = query.filter(opportunities::importance.eq(importance));
    }
    if let Some((idle, before)) = narrow.idle {
        query = query.filter(untouched(idle, before));
    }
    if let Some(from) = narrow.sign_from {
        query = query.filter(opportunities::expected_sign_on.ge(from));
    }
    if let Some(until) = narrow.sign_until {
        query = query.filter(opportunities::expected_sign_on.le(until));
    }
    if let Some(text) = &narrow.text {
        let pattern = format!("%{}%", escaped(&text.to_lowercase()));
        query = query.filter(
            lower(opportunities::title)
                .like(pattern.clone())
                .escape('\\')
                .or(lower(opportunities::customer_name)
                    .like(pattern)
                    .escape('\\')),
        );
    }
    query
}

fn escaped(text: &str) -> String {
    text.replace('\\', "\\\\")
        .replace('%', "\\%")
        .replace('_', "\\_")
}

/// The same law as `Opportunity::untouched_since` and `policy::sales::opportunity::activity`, for lists.
fn untouched(
    idle: bool,
    before: Timestamp,
) -> Box<dyn BoxableExpression<opportunities::table, MultiBackend, SqlType = Bool>> {
    let registered = opportunities::state.eq(OpportunityState::Registered);
    let last = opportunities::last_activity_at;
    let since = opportunities::registered_at;
    // `assume_not_null` stands behind a check for NULL: the whole is never NULL.
    let untouched = (last.is_not_null().and(last.assume_not_null().lt(before))).or(last
        .is_null()
        .and(since.is_not_null())
        .and(since.assume_not_null().lt(before)));
    if idle {
        Box::new(registered.and(untouched))
    } else {
        Box::new(diesel::dsl::not(registered.and(untouched)))
    }
}

/// An opportunity whatever the caller may see: for arbitration and settlements only, never to be shown whole.
///
/// # Errors
/// 404, or a database fault.
pub fn unguarded(conn: &mut Conn, id: OpportunityId) -> AppResult<Opportunity> {
    Ok(Opportunity::query()
        .filter(opportunities::id.eq(id))
        .first(conn)?)
}

/// The opportunities of a customer that are being followed, earliest registration first.
///
/// # Errors
/// A database fault.
pub fn live(conn: &mut Conn, customer: CustomerId) -> AppResult<Vec<Opportunity>> {
    Ok(Opportunity::query()
        .filter(opportunities::customer_id.eq(customer))
        .filter(opportunities::state.eq(OpportunityState::Registered))
        .order((opportunities::registered_at, opportunities::id))
        .load(conn)?)
}

/// Inserts an opportunity.
///
/// # Errors
/// A database fault.
pub fn insert(tx: &mut Tx<'_>, opportunity: &Opportunity) -> AppResult<()> {
    diesel::insert_into(opportunities::table)
        .values(opportunity)
        .execute(tx.conn())?;
    matching::keep(tx, &found_by(opportunity))
}

/// These opportunities, whoever may see them: for the check for duplicates only.
///
/// # Errors
/// A database fault.
pub fn unguarded_all(conn: &mut Conn, ids: &[OpportunityId]) -> AppResult<Vec<Opportunity>> {
    Ok(Opportunity::query()
        .filter(opportunities::id.eq_any(ids))
        .load(conn)?)
}

/// How many opportunities there are.
///
/// # Errors
/// A database fault.
pub fn count_all(conn: &mut Conn) -> AppResult<i64> {
    Ok(opportunities::table.count().get_result(conn)?)
}

/// The next opportunities in the order of their ids: for what goes through all of them.
///
/// # Errors
/// A database fault.
pub fn after(
    conn: &mut Conn,
    last: Option<OpportunityId>,
    limit: i64,
) -> AppResult<Vec<Opportunity>> {
    let mut query = opportunities::table
        .select(Opportunity::as_select())
        .order(opportunities::id)
        .limit(limit)
        .into_boxed();
    if let Some(last) = last {
        query = query.filter(opportunities::id.gt(last));
    }
    Ok(query.load(conn)?)
}

/// Which of these opportunities the actor may see.
///
/// # Errors
/// A database fault.
pub fn visible_of(
    conn: &mut Conn,
    ctx: &Ctx,
    ids: &[OpportunityId],
) -> AppResult<Vec<OpportunityId>> {
    Ok(opportunities::table
        .filter(opportunities::id.eq_any(ids))
        .filter(visible(&Reach::of(ctx, Verb::Read)))
        .select(opportunities::id)
        .load(conn)?)
}

/// An opportunity is found by its customer's name as long as it lives and no customer is registered for it: then the
/// customer is (AMB-44).
pub fn found_by(opportunity: &Opportunity) -> Entry {
    let is_found = opportunity.customer_id.is_none()
        && matches!(
            opportunity.state,
            OpportunityState::Draft | OpportunityState::Submitted | OpportunityState::Returned
        );
    Entry {
        kind: SubjectKind::Opportunity,
        id: opportunity.id.cast(),
        names: Some(opportunity.customer_name.clone())
            .filter(|name| is_found && !name.is_empty())
            .into_iter()
            .collect(),
        address: None,
        website: None,
        phone: None,
        searched: Vec::new(),
    }
}

/// Keeps a changed opportunity, if it still has the version that was read.
///
/// # Errors
/// A database fault. `false` when it changed meanwhile.
pub fn save(tx: &mut Tx<'_>, opportunity: &Opportunity, read: i64) -> AppResult<bool> {
    let target = opportunities::table
        .filter(opportunities::id.eq(opportunity.id))
        .filter(opportunities::version.eq(read));
    let saved = diesel::update(target).set(opportunity).execute(tx.conn())? == 1;
    if saved {
        matching::keep(tx, &found_by(opportunity))?;
    }
    Ok(saved)
}

/// Notes an activity: the idle clock starts again (OPP-32). Never moves backwards, and needs no version: it meets no edit.
///
/// # Errors
/// A database fault.
pub fn note_activity(tx: &mut Tx<'_>, id: OpportunityId, at: Timestamp) -> AppResult<()> {
    let last = opportunities::last_activity_at;
    let target = opportunities::table
        .filter(opportunities::id.eq(id))
        .filter(last.is_null().or(last.lt(at)));
    diesel::update(target).set(last.eq(at)).execute(tx.conn())?;
    Ok(())
}

/// Titles of opportunities, for a page of related records.
///
/// # Errors
/// A database fault.
pub fn titles(conn: &mut Conn, ids: &[OpportunityId]) -> AppResult<Vec<(OpportunityId, String)>> {
    Ok(opportunities::table
        .filter(opportunities::id.eq_any(ids))
        .select((opportunities::id, opportunities::title))
        .load(conn)?)
}

/// Takes the lock of a customer's row, if it still is as it was read. Nothing changes; a transfer that runs at the same
/// moment either came first, and the answer is `false`, or waits until this transaction has ended.
///
/// # Errors
/// A database fault.
pub fn hold_customer(tx: &mut Tx<'_>, customer: &Customer) -> AppResult<bool> {
    let target = customers::table
        .filter(customers::id.eq(customer.id))
        .filter(customers::owner_id.eq(customer.owner_id))
        .filter(customers::version.eq(customer.version))
        .filter(customers::deleted_at.is_null());
    Ok(diesel::update(target)
        .set(customers::version.eq(customers::version))
        .execute(tx.conn())?
        == 1)
}

/// The opportunities on a customer that others submitted earlier and that still wait for their review, earliest first.
///
/// # Errors
/// A database fault.
pub fn submitted_before(
    conn: &mut Conn,
    customer: CustomerId,
    opportunity: &Opportunity,
) -> AppResult<Vec<Opportunity>> {
    let submitted = opportunities::submitted_at;
    Ok(Opportunity::query()
        .filter(opportunities::customer_id.eq(customer))
        .filter(opportunities::state.eq(OpportunityState::Submitted))
        .filter(opportunities::owner_id.ne(opportunity.owner_id))
        .filter(
            submitted.lt(opportunity.submitted_at).or(submitted
                .eq(opportunity.submitted_at)
                .and(opportunities::id.lt(opportunity.id))),
        )
        .order((submitted, opportunities::id))
        .load(conn)?)
}

/// Whether a contract of the opportunity with this customer has been entered and approved (OPP-21, OPP-26).
///
/// # Errors
/// A database fault.
pub fn contract_entered(conn: &mut Conn, opportunity: &Opportunity) -> AppResult<bool> {
    let found: Option<ContractId> = contracts::table
        .filter(contracts::opportunity_id.eq(opportunity.id))
        .filter(
            contracts::customer_id
                .nullable()
                .eq(opportunity.customer_id),
        )
        .filter(contracts::state.eq_any(vec![ContractState::Approved, ContractState::Signed]))
        .select(contracts::id)
        .first(conn)
        .optional()?;
    Ok(found.is_some())
}

/// The pending approvals of these opportunities.
///
/// # Errors
/// A database fault.
pub fn pending_approvals(
    conn: &mut Conn,
    ids: &[OpportunityId],
) -> AppResult<Vec<(OpportunityId, ApprovalId)>> {
    Ok(approvals::table
        .filter(approvals::subject_kind.eq(SubjectKind::Opportunity))
        .filter(approvals::subject_id.eq_any(ids))
        .filter(approvals::state.eq(ApprovalState::Pending))
        .select((approvals::subject_id, approvals::id))
        .load(conn)?)
}
