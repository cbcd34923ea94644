//! Customers.

use std::collections::HashSet;

use diesel::{prelude::*, sql_types::Bool};

use crate::{
    context::Ctx,
    db::{
        Conn, Keep as _, MultiBackend, Tx, constant, extras, padded,
        paging::{Page, PageRequest},
        pieces,
        schema::{customer_profiles, customers},
    },
    domain::{
        id::{
            RecordId,
            kind::{CustomerId, UnitId, UserId},
        },
        timestamp::Timestamp,
        vocabulary::{CustomerState, ValueGrade},
    },
    error::{AppError, AppResult},
    models::customers::customer::{BareProfile, Customer, CustomerChange, Profile},
    on_each,
    policy::customers::{merging, profile::Gaps},
    repositories::{
        customers::{
            keyed, name_search,
            narrowing::{narrowed, narrowed_among},
            standings,
        },
        governance::{
            access::{Reach, Verb, read_only},
            ways::{self, Way},
        },
    },
};

pub use crate::repositories::customers::narrowing::Narrow;

#[expect(
    dead_code,
    reason = "the look-up for writing is the outer one, which locks and refuses what was merged away"
)]
mod reached {
    //! The one access filter over customers; what has been merged away is only read, see the outer functions.

    use super::{Customer, CustomerId, shared_by_rule};

    crate::access_filter!(
        customers,
        Customer,
        CustomerId,
        SubjectKind::Customer,
        live: customers::deleted_at.is_null(),
        also: [shared_by_rule]
    );
}

pub use reached::{find, led_by, visible, ways};

/// Whether the actor may see a customer that is there.
///
/// # Errors
/// A database fault.
pub fn reads(conn: &mut Conn, ctx: &Ctx, customer: &Customer) -> AppResult<bool> {
    reached::reaches(conn, ctx, Verb::Read, customer)
}

/// Whether the actor may change a customer that is there. Nobody changes one that was merged into another (DUP-09).
///
/// # Errors
/// A database fault.
pub fn writes(conn: &mut Conn, ctx: &Ctx, customer: &Customer) -> AppResult<bool> {
    Ok(customer.state != CustomerState::Merged
        && reached::reaches(conn, ctx, Verb::Write, customer)?)
}

/// Whether the actor may change a customer. Nobody changes one that was merged into another (DUP-09).
///
/// # Errors
/// A database fault.
pub fn may_write(conn: &mut Conn, ctx: &Ctx, id: CustomerId) -> AppResult<bool> {
    let state: Option<CustomerState> = customers::table
        .find(id)
        .select(customers::state)
        .first(conn)
        .optional()?;
    Ok(state.is_some_and(|state| state != CustomerState::Merged)
        && reached::may_write(conn, ctx, id)?)
}

/// A customer that the actor may change. Its row is locked to the end of the transaction, so that nothing is added to a
/// customer that is merged into another at the same moment (DUP-09): either it was added before and follows, or it is
/// refused.
///
/// # Errors
/// 404 unless the actor sees it, 403 unless the actor may change it (ORG-10); 409 with `merged_into` when it was merged
/// into another.
pub fn find_for_write(conn: &mut Conn, ctx: &Ctx, id: CustomerId) -> AppResult<Customer> {
    lock(conn, id)?;
    let row = find(conn, ctx, id)?;
    if row.state == CustomerState::Merged {
        return Err(merged(conn, id)?);
    }
    if reached::reaches(conn, ctx, Verb::Write, &row)? {
        ctx.works_on(row.owner_id);
        Ok(row)
    } else {
        Err(read_only())
    }
}

/// 409 with the customer that this one was merged into (DUP-09).
///
/// # Errors
/// A database fault.
pub fn merged(conn: &mut Conn, id: CustomerId) -> AppResult<AppError> {
    let survivor = super::merges::survivor(conn, id)?;
    Ok(AppError::from(merging::merged()).with("merged_into", survivor))
}

/// Whether the actor might change a customer if it were not merged into another: for the undo of the merge.
///
/// # Errors
/// A database fault.
pub fn might_write(conn: &mut Conn, ctx: &Ctx, id: CustomerId) -> AppResult<bool> {
    reached::may_write(conn, ctx, id)
}

/// Takes a customer's row lock; whoever changes the row or takes the lock too waits for the end of this transaction.
///
/// # Errors
/// A database fault.
pub fn lock(conn: &mut Conn, id: CustomerId) -> AppResult<()> {
    let row = customers::table.find(id).select(customers::id);
    crate::lock_rows!(conn, row);
    Ok(())
}

/// What automatic sharing rules open (DUP-14).
fn shared_by_rule(
    reach: &Reach,
) -> Box<dyn BoxableExpression<customers::table, MultiBackend, SqlType = Bool>> {
    // No row has this id, and an index says so: where one part of an OR is served by none, all rows are read.
    let mut opened: Box<dyn BoxableExpression<customers::table, MultiBackend, SqlType = Bool>> =
        Box::new(customers::id.eq(constant::<RecordId>("''")));
    for rule in &reach.rules {
        opened = Box::new(crate::covered_by_rule!(rule).or(opened));
    }
    opened
}

crate::sortable! {
    customers, Customer, CustomerSort {
        UpdatedAt = "updated_at" => updated_at: Timestamp,
        CreatedAt = "created_at" => created_at: Timestamp,
        Name = "name" => folded_name: String,
        RefreshedAt = "refreshed_at" => refreshed_at: Timestamp,
    } default UpdatedAt Down
}

/// How many of the customers that a search has met are asked for in one part of a statement.
const FEW: usize = 1_000;

/// The few that a credit code, a phone or a part of a name leads to, if one does.
fn few(conn: &mut Conn, narrow: &Narrow) -> AppResult<Option<Vec<CustomerId>>> {
    if let Some(ids) = keyed::few(conn, narrow)? {
        return Ok(Some(ids));
    }
    match &narrow.within {
        Some(within) => name_search::few(conn, within),
        None => Ok(None),
    }
}

/// One page of the customers that the actor may see.
///
/// # Errors
/// `INVALID_CURSOR`, or a database fault.
pub fn list(
    conn: &mut Conn,
    ctx: &Ctx,
    narrow: &Narrow,
    request: &PageRequest<CustomerSort>,
) -> AppResult<Page<Customer>> {
    let reach = Reach::of(ctx, Verb::Read);
    // What was merged into another customer is found there, not in an index.
    if !narrow.states.contains(&CustomerState::Merged)
        && let Some(ids) = few(conn, narrow)?
    {
        let chunks: Vec<&[CustomerId]> = ids.chunks(FEW).collect();
        return page_of_few(conn, request, &chunks, FEW, |ids| {
            narrowed_among(narrow, ids, visible(&reach))
        });
    }
    let ways = ways(conn, &reach)?;
    let led = ways::led(conn, request, CustomerSort::UpdatedAt);
    page_by(conn, request, &ways, |way| {
        led_by(narrowed(narrow, way == Way::Company), way, &reach, led)
    })
}

/// One page of the deleted customers up to the actor's clearance, for the administrator who restores them (AMB-10,
/// SEC-14).
///
/// # Errors
/// `INVALID_CURSOR`, or a database fault.
pub fn list_deleted(
    conn: &mut Conn,
    ctx: &Ctx,
    narrow: &Narrow,
    request: &PageRequest<CustomerSort>,
) -> AppResult<Page<Customer>> {
    let clearance = ctx.actor.clearance;
    page(conn, request, || {
        // Deleted ones are few, and have an index of their own: nothing else is looked up.
        narrowed(narrow, false)
            .filter(customers::deleted_at.is_not_null())
            .filter(customers::security_level.le(clearance))
    })
}

/// A customer whatever the caller may see: for arbitration only, never to be shown whole.
///
/// # Errors
/// 404, or a database fault.
pub fn unguarded(conn: &mut Conn, id: CustomerId) -> AppResult<Customer> {
    Ok(Customer::query().filter(customers::id.eq(id)).first(conn)?)
}

/// A deleted customer, for the administrator who restores it.
///
/// # Errors
/// 404, or a database fault.
pub fn deleted(conn: &mut Conn, id: CustomerId) -> AppResult<Customer> {
    Ok(Customer::query()
        .filter(customers::id.eq(id))
        .filter(customers::deleted_at.is_not_null())
        .first(conn)?)
}

/// Inserts a customer with its profile.
///
/// # Errors
/// A database fault.
pub fn insert(tx: &mut Tx<'_>, customer: &Customer, profile: &Profile) -> AppResult<()> {
    let row = diesel::insert_into(customers::table).values(customer);
    on_each!(tx.conn(), c => row.execute(c))?;
    let row = diesel::insert_into(customer_profiles::table)
        .values((customer_profiles::customer_id.eq(customer.id), profile));
    on_each!(tx.conn(), c => row.execute(c))?;
    Ok(())
}

/// Inserts customers of whom nothing but the columns of the list is known, in one statement for all of them.
///
/// # Errors
/// A database fault.
pub fn insert_bare(tx: &mut Tx<'_>, rows: &[&Customer]) -> AppResult<()> {
    let profiles: Vec<_> = rows
        .iter()
        .map(|customer| BareProfile {
            customer_id: customer.id,
        })
        .collect();
    crate::insert_bulk!(tx.conn(), customers::table, rows.iter().copied())?;
    crate::insert_bulk!(tx.conn(), customer_profiles::table, &profiles)?;
    let bare: Vec<_> = rows
        .iter()
        .map(|customer| standings::fresh(customer.id, Gaps::ALL))
        .collect();
    standings::insert(tx, &bare)
}

/// These customers, whoever may see them: for arbitration only.
///
/// # Errors
/// A database fault.
pub fn unguarded_all(conn: &mut Conn, ids: &[CustomerId]) -> AppResult<Vec<Customer>> {
    Ok(Customer::query()
        .filter(customers::id.eq_any(padded(ids.iter().copied())))
        .kept()
        .load(conn)?)
}

/// Which of these customers the actor may see.
///
/// # Errors
/// A database fault.
pub fn visible_of(conn: &mut Conn, ctx: &Ctx, ids: &[CustomerId]) -> AppResult<Vec<CustomerId>> {
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    Ok(customers::table
        .filter(customers::id.eq_any(padded(ids.iter().copied())))
        .filter(visible(&Reach::of(ctx, Verb::Read)))
        .select(customers::id)
        .load(conn)?)
}

/// Which of these customers the actor might change if they were not merged into others: many at once.
///
/// # Errors
/// A database fault.
pub fn writable_among(
    conn: &mut Conn,
    ctx: &Ctx,
    ids: &[CustomerId],
) -> AppResult<HashSet<CustomerId>> {
    if ids.is_empty() {
        return Ok(HashSet::new());
    }
    let ids: Vec<CustomerId> = customers::table
        .filter(customers::id.eq_any(padded(ids.iter().copied())))
        .filter(visible(&Reach::of(ctx, Verb::Write)))
        .select(customers::id)
        .load(conn)?;
    Ok(ids.into_iter().collect())
}

/// Has the database look at what an import has filled, so that it plans by what is there now.
///
/// # Errors
/// A database fault.
pub fn have_grown(conn: &mut Conn) -> AppResult<()> {
    extras::gather_statistics(
        conn,
        &[
            "customers",
            "customer_profiles",
            "customer_standings",
            "contacts",
            "registration_keys",
            "match_names",
            "match_terms",
            "events",
        ],
    )?;
    Ok(pieces::sort_in(conn)?)
}

/// How many customers there are, deleted ones too.
///
/// # Errors
/// A database fault.
pub fn count_all(conn: &mut Conn) -> AppResult<i64> {
    Ok(customers::table.count().get_result(conn)?)
}

/// The next customers in the order of their ids, deleted ones too: for what goes through all of them.
///
/// # Errors
/// A database fault.
pub fn after(conn: &mut Conn, last: Option<CustomerId>, limit: i64) -> AppResult<Vec<Customer>> {
    let mut query = customers::table
        .select(Customer::as_select())
        .order(customers::id)
        .limit(limit)
        .into_boxed();
    if let Some(last) = last {
        query = query.filter(customers::id.gt(last));
    }
    Ok(query.load(conn)?)
}

/// The websites of these customers.
///
/// # Errors
/// A database fault.
pub fn websites(
    conn: &mut Conn,
    ids: &[CustomerId],
) -> AppResult<Vec<(CustomerId, Option<String>)>> {
    Ok(customer_profiles::table
        .filter(customer_profiles::customer_id.eq_any(ids))
        .select((customer_profiles::customer_id, customer_profiles::website))
        .load(conn)?)
}

/// A customer's profile.
///
/// # Errors
/// A database fault.
pub fn profile(conn: &mut Conn, id: CustomerId) -> AppResult<Profile> {
    Ok(Profile::query()
        .filter(customer_profiles::customer_id.eq(id))
        .first(conn)?)
}

/// The profiles of customers.
///
/// # Errors
/// A database fault.
pub fn profiles(conn: &mut Conn, ids: &[CustomerId]) -> AppResult<Vec<(CustomerId, Profile)>> {
    Ok(customer_profiles::table
        .filter(customer_profiles::customer_id.eq_any(ids))
        .select((customer_profiles::customer_id, Profile::as_select()))
        .load(conn)?)
}

/// Replaces a profile.
///
/// # Errors
/// A database fault.
pub fn update_profile(tx: &mut Tx<'_>, id: CustomerId, profile: &Profile) -> AppResult<()> {
    diesel::update(customer_profiles::table.find(id))
        .set(profile)
        .execute(tx.conn())?;
    Ok(())
}

/// Changes a customer, if it still has the version that was read.
///
/// # Errors
/// A database fault. `false` when it changed meanwhile.
pub fn update(
    tx: &mut Tx<'_>,
    id: CustomerId,
    read: i64,
    change: &CustomerChange,
) -> AppResult<bool> {
    let target = customers::table
        .filter(customers::id.eq(id))
        .filter(customers::version.eq(read));
    Ok(diesel::update(target).set(change).execute(tx.conn())? == 1)
}

/// Sets company or person, kind and line of a customer whose version was just raised.
///
/// # Errors
/// A database fault.
pub fn set_identity(tx: &mut Tx<'_>, customer: &Customer) -> AppResult<()> {
    diesel::update(customers::table.find(customer.id))
        .set((
            customers::party.eq(customer.party),
            customers::kind.eq(customer.kind),
            customers::line.eq(customer.line),
        ))
        .execute(tx.conn())?;
    Ok(())
}

/// Whether customers name this one as their agent (CUS-02).
///
/// # Errors
/// A database fault.
pub fn has_end_customers(conn: &mut Conn, agent: CustomerId) -> AppResult<bool> {
    let found: Option<CustomerId> = customers::table
        .filter(customers::agent_id.eq(agent))
        .filter(customers::deleted_at.is_null())
        .select(customers::id)
        .first(conn)
        .optional()?;
    Ok(found.is_some())
}

/// Sets columns of a customer if it still has the version that was read; `false` when it changed meanwhile.
macro_rules! changed {
    ($tx:expr, $customer:expr, $now:expr, $($column:ident: $value:expr),+) => {{
        let target = customers::table
            .filter(customers::id.eq($customer.id))
            .filter(customers::version.eq($customer.version));
        let set = (
            $(customers::$column.eq($value),)+
            customers::version.eq($customer.version + 1),
            customers::updated_at.eq($now),
        );
        Ok(diesel::update(target).set(set).execute($tx.conn())? == 1)
    }};
}

/// Moves a customer to another review state, if it still has the version that was read.
///
/// # Errors
/// A database fault. `false` when it changed meanwhile.
pub fn set_state(
    tx: &mut Tx<'_>,
    customer: &Customer,
    state: CustomerState,
    now: Timestamp,
) -> AppResult<bool> {
    let submitted = if state == CustomerState::Submitted {
        Some(now)
    } else {
        customer.submitted_at
    };
    let effective = match state {
        CustomerState::Effective => customer.effective_at.or(Some(now)),
        _ => customer.effective_at,
    };
    changed!(tx, customer, now, state: state, submitted_at: submitted, effective_at: effective)
}

/// Gives a customer to another owner, if it still has the version that was read (CONF-04, ORG-25).
///
/// # Errors
/// A database fault. `false` when it changed meanwhile.
pub fn set_owner(
    tx: &mut Tx<'_>,
    customer: &Customer,
    owner: UserId,
    unit: UnitId,
    now: Timestamp,
) -> AppResult<bool> {
    changed!(tx, customer, now, owner_id: owner, unit_id: unit)
}

/// Marks a customer as deleted, or restores it, if it still has the version that was read (AMB-10).
///
/// # Errors
/// A database fault. `false` when it changed meanwhile.
pub fn set_deleted(
    tx: &mut Tx<'_>,
    customer: &Customer,
    deleted_at: Option<Timestamp>,
    now: Timestamp,
) -> AppResult<bool> {
    changed!(tx, customer, now, deleted_at: deleted_at)
}

/// Notes a contact with the customer: the follow-up clock starts again (FUP). Never moves backwards.
///
/// # Errors
/// A database fault.
pub fn note_contact(tx: &mut Tx<'_>, id: CustomerId, at: Timestamp) -> AppResult<()> {
    let target = customers::table.filter(customers::id.eq(id)).filter(
        customers::last_contact_at
            .is_null()
            .or(customers::last_contact_at.lt(at)),
    );
    diesel::update(target)
        .set(customers::last_contact_at.eq(at))
        .execute(tx.conn())?;
    Ok(())
}

/// Notes that the data was entered or confirmed (CUS-25). It needs no version: it meets no edit.
///
/// # Errors
/// A database fault.
pub fn note_refreshed(tx: &mut Tx<'_>, id: CustomerId, now: Timestamp) -> AppResult<()> {
    diesel::update(customers::table.find(id))
        .set(customers::refreshed_at.eq(now))
        .execute(tx.conn())?;
    Ok(())
}

/// Gives a customer the grade of its last assessment, if it still has the version that was read (CUS-43).
///
/// # Errors
/// A database fault. `false` when it changed meanwhile.
pub fn set_value_grade(
    tx: &mut Tx<'_>,
    customer: &Customer,
    grade: ValueGrade,
    now: Timestamp,
) -> AppResult<bool> {
    changed!(tx, customer, now, value_grade: grade)
}

/// Marks a customer as a key customer, or as none, if it still has the version that was read (CUS-46).
///
/// # Errors
/// A database fault. `false` when it changed meanwhile.
pub fn set_key(tx: &mut Tx<'_>, customer: &Customer, key: bool, now: Timestamp) -> AppResult<bool> {
    changed!(tx, customer, now, is_key_customer: key)
}

/// Names of customers, for a page of related records.
///
/// # Errors
/// A database fault.
pub fn names(conn: &mut Conn, ids: &[CustomerId]) -> AppResult<Vec<(CustomerId, String)>> {
    Ok(customers::table
        .filter(customers::id.eq_any(ids))
        .select((customers::id, customers::name))
        .load(conn)?)
}

/// Those of these customers that the actor may read: id, name, owner.
///
/// # Errors
/// A database fault.
pub fn readable(
    conn: &mut Conn,
    ctx: &Ctx,
    ids: &[CustomerId],
) -> AppResult<Vec<(CustomerId, String, UserId)>> {
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    Ok(customers::table
        .filter(customers::id.eq_any(ids))
        .filter(visible(&Reach::of(ctx, Verb::Read)))
        .select((customers::id, customers::name, customers::owner_id))
        .load(conn)?)
}
