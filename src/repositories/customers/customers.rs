//! Customers.

use diesel::prelude::*;

use crate::{
    context::Ctx,
    db::{
        Conn, Tx,
        paging::{Page, PageRequest},
        schema::{customer_profiles, customers},
    },
    domain::{
        id::kind::{CustomerId, UnitId, UserId},
        timestamp::Timestamp,
        vocabulary::{CustomerState, ValueGrade},
    },
    error::AppResult,
    models::customers::customer::{Customer, CustomerChange, Profile},
    policy::customers::profile::Gaps,
    repositories::customers::{narrowing::narrowed, standings},
};

pub use crate::repositories::customers::narrowing::Narrow;

crate::access_filter!(
    customers,
    Customer,
    CustomerId,
    SubjectKind::Customer,
    live: customers::deleted_at.is_null()
);

crate::sortable! {
    customers, Customer, CustomerSort {
        UpdatedAt = "updated_at" => updated_at: Timestamp,
        CreatedAt = "created_at" => created_at: Timestamp,
        Name = "name" => folded_name: String,
        RefreshedAt = "refreshed_at" => refreshed_at: Timestamp,
    } default UpdatedAt Down
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
    page(conn, request, || narrowed(ctx, narrow))
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
    diesel::insert_into(customers::table)
        .values(customer)
        .execute(tx.conn())?;
    diesel::insert_into(customer_profiles::table)
        .values(customer_profiles::customer_id.eq(customer.id))
        .execute(tx.conn())?;
    update_profile(tx, customer.id, profile)
}

/// Inserts customers of whom nothing but the columns of the list is known, in one statement for all of them.
///
/// # Errors
/// A database fault.
pub fn insert_bare(tx: &mut Tx<'_>, rows: &[Customer]) -> AppResult<()> {
    let profiles: Vec<_> = rows
        .iter()
        .map(|customer| customer_profiles::customer_id.eq(customer.id))
        .collect();
    crate::insert_many!(tx, customers::table, rows)?;
    crate::insert_many!(tx, customer_profiles::table, &profiles)?;
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
        .filter(customers::id.eq_any(ids))
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
    let target = customers::table
        .filter(customers::id.eq(customer.id))
        .filter(customers::version.eq(customer.version));
    let set = (
        customers::state.eq(state),
        customers::submitted_at.eq(submitted),
        customers::effective_at.eq(effective),
        customers::version.eq(customer.version + 1),
        customers::updated_at.eq(now),
    );
    Ok(diesel::update(target).set(set).execute(tx.conn())? == 1)
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
    let target = customers::table
        .filter(customers::id.eq(customer.id))
        .filter(customers::version.eq(customer.version));
    let set = (
        customers::owner_id.eq(owner),
        customers::unit_id.eq(unit),
        customers::version.eq(customer.version + 1),
        customers::updated_at.eq(now),
    );
    Ok(diesel::update(target).set(set).execute(tx.conn())? == 1)
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
    let target = customers::table
        .filter(customers::id.eq(customer.id))
        .filter(customers::version.eq(customer.version));
    let set = (
        customers::deleted_at.eq(deleted_at),
        customers::version.eq(customer.version + 1),
        customers::updated_at.eq(now),
    );
    Ok(diesel::update(target).set(set).execute(tx.conn())? == 1)
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
    let target = customers::table
        .filter(customers::id.eq(customer.id))
        .filter(customers::version.eq(customer.version));
    let set = (
        customers::value_grade.eq(grade),
        customers::version.eq(customer.version + 1),
        customers::updated_at.eq(now),
    );
    Ok(diesel::update(target).set(set).execute(tx.conn())? == 1)
}

/// Marks a customer as a key customer, or as none, if it still has the version that was read (CUS-46).
///
/// # Errors
/// A database fault. `false` when it changed meanwhile.
pub fn set_key(tx: &mut Tx<'_>, customer: &Customer, key: bool, now: Timestamp) -> AppResult<bool> {
    let target = customers::table
        .filter(customers::id.eq(customer.id))
        .filter(customers::version.eq(customer.version));
    let set = (
        customers::is_key_customer.eq(key),
        customers::version.eq(customer.version + 1),
        customers::updated_at.eq(now),
    );
    Ok(diesel::update(target).set(set).execute(tx.conn())? == 1)
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
