//! Contacts.

use chrono::NaiveDate;
use diesel::prelude::*;

use crate::{
    db::{
        Conn, Tx,
        paging::{Page, PageRequest},
        schema::contacts,
    },
    domain::{
        id::kind::{ContactId, CustomerId},
        timestamp::Timestamp,
    },
    error::{AppError, AppResult},
    insert_many,
    models::customers::contact::{Contact, ContactChange},
    on_each,
    policy::customers::birthday,
};

crate::sortable! {
    contacts, Contact, ContactSort {
        CreatedAt = "created_at" => created_at: Timestamp,
        Name = "name" => name: String,
    } default CreatedAt Up
}

/// One page of a customer's contacts.
///
/// # Errors
/// `INVALID_CURSOR`, or a database fault.
pub fn list(
    conn: &mut Conn,
    customer: CustomerId,
    request: &PageRequest<ContactSort>,
) -> AppResult<Page<Contact>> {
    page(conn, request, || {
        contacts::table
            .into_boxed()
            .filter(contacts::customer_id.eq(customer))
            .filter(contacts::deleted_at.is_null())
    })
}

/// The most contacts that one customer has.
pub const LIMIT: usize = 200;

/// A customer's contacts in the order of entry.
///
/// # Errors
/// A database fault.
pub fn of_customer(conn: &mut Conn, customer: CustomerId) -> AppResult<Vec<Contact>> {
    let query = contacts::table
        .filter(contacts::customer_id.eq(customer))
        .filter(contacts::deleted_at.is_null())
        .order((contacts::created_at, contacts::id))
        .limit(i64::try_from(LIMIT).unwrap_or(i64::MAX));
    let found = on_each!(conn, c => query.select(Contact::as_select()).load(c))?;
    Ok(found)
}

/// The contacts of customers: of each, key contacts first, then in the order of entry.
///
/// # Errors
/// A database fault.
pub fn of_customers(conn: &mut Conn, customers: &[CustomerId]) -> AppResult<Vec<Contact>> {
    Ok(Contact::query()
        .filter(contacts::customer_id.eq_any(customers))
        .filter(contacts::deleted_at.is_null())
        .order((
            contacts::is_key.desc(),
            contacts::created_at.asc(),
            contacts::id.asc(),
        ))
        .load(conn)?)
}

/// A contact that was not removed.
///
/// # Errors
/// 404, or a database fault.
pub fn get(conn: &mut Conn, id: ContactId) -> AppResult<Contact> {
    Contact::query()
        .filter(contacts::id.eq(id))
        .filter(contacts::deleted_at.is_null())
        .first(conn)
        .optional()?
        .ok_or_else(AppError::not_found)
}

/// Inserts contacts.
///
/// # Errors
/// A database fault.
pub fn insert(tx: &mut Tx<'_>, rows: &[Contact]) -> AppResult<()> {
    match rows {
        [] => {}
        // One statement, prepared once.
        [one] => {
            let key = birthday_key(one.birthday_on);
            let row =
                diesel::insert_into(contacts::table).values((one, contacts::birthday_key.eq(key)));
            on_each!(tx.conn(), c => row.execute(c))?;
        }
        many => {
            let keyed: Vec<_> = many
                .iter()
                .map(|row| {
                    let key = birthday_key(row.birthday_on);
                    (row, contacts::birthday_key.eq(key))
                })
                .collect();
            insert_many!(tx, contacts::table, keyed)?;
        }
    }
    Ok(())
}

/// Changes a contact, if it still has the version that was read.
///
/// # Errors
/// A database fault. `false` when it changed meanwhile.
pub fn update(
    tx: &mut Tx<'_>,
    id: ContactId,
    read: i64,
    change: &ContactChange,
) -> AppResult<bool> {
    let target = contacts::table
        .filter(contacts::id.eq(id))
        .filter(contacts::version.eq(read));
    let keyed = (
        change,
        contacts::birthday_key.eq(birthday_key(change.birthday_on)),
    );
    Ok(diesel::update(target).set(keyed).execute(tx.conn())? == 1)
}

/// What birthdays are found by (CUS-39).
fn birthday_key(birthday_on: Option<NaiveDate>) -> Option<i32> {
    birthday_on.map(birthday::key)
}

/// Removes a contact, if it still has the version that was read; the row is kept.
///
/// # Errors
/// A database fault. `false` when it changed meanwhile.
pub fn remove(tx: &mut Tx<'_>, contact: &Contact, now: Timestamp) -> AppResult<bool> {
    let target = contacts::table
        .filter(contacts::id.eq(contact.id))
        .filter(contacts::version.eq(contact.version));
    let set = (
        contacts::deleted_at.eq(now),
        contacts::version.eq(contact.version + 1),
        contacts::updated_at.eq(now),
    );
    Ok(diesel::update(target).set(set).execute(tx.conn())? == 1)
}
