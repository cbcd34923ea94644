//! What this database was sealed with: its data keys, the columns whose older values have been sealed, and the blind
//! indexes of phones.

use diesel::prelude::*;

use crate::{
    db::{
        Conn, Tx, Unique,
        schema::{data_keys, registration_keys, sealed_columns},
        violates,
    },
    domain::{timestamp::Timestamp, vocabulary::KeyKind},
    error::AppResult,
    models::customers::customer::RegistrationKey,
    repositories::customers::registration_keys::KEY,
};

pub use crate::db::sealed::{Stored, count, page, replace, wait_for_others};

const DATA_KEY: Unique = Unique {
    name: "data_keys_pkey",
    columns: "data_keys.key_id",
};
const SEALED_COLUMN: Unique = Unique {
    name: "sealed_columns_pkey",
    columns: "sealed_columns.column_name",
};

/// The ids of the data keys that values may be sealed under.
///
/// # Errors
/// A database fault.
pub fn key_ids(conn: &mut Conn) -> AppResult<Vec<String>> {
    Ok(data_keys::table
        .select(data_keys::key_id)
        .order(data_keys::key_id)
        .load(conn)?)
}

/// Notes that values are sealed under this key from now on.
///
/// # Errors
/// A database fault.
pub fn note_key(tx: &mut Tx<'_>, id: &str, now: Timestamp) -> AppResult<()> {
    let known: Option<String> = data_keys::table
        .find(id)
        .select(data_keys::key_id)
        .first(tx.conn())
        .optional()?;
    if known.is_some() {
        return Ok(());
    }
    let row = (data_keys::key_id.eq(id), data_keys::since.eq(now));
    once(tx, &DATA_KEY, |tx| {
        diesel::insert_into(data_keys::table)
            .values(row)
            .execute(tx.conn())
    })
}

/// Notes that nothing is sealed under any key but this one.
///
/// # Errors
/// A database fault.
pub fn forget_other_keys(tx: &mut Tx<'_>, id: &str) -> AppResult<()> {
    diesel::delete(data_keys::table.filter(data_keys::key_id.ne(id))).execute(tx.conn())?;
    Ok(())
}

/// Whether a column's older values have been sealed.
///
/// # Errors
/// A database fault.
pub fn is_converted(conn: &mut Conn, column: &str) -> AppResult<bool> {
    let found: Option<String> = sealed_columns::table
        .find(column)
        .select(sealed_columns::column_name)
        .first(conn)
        .optional()?;
    Ok(found.is_some())
}

/// Notes that a column's older values have been sealed.
///
/// # Errors
/// A database fault.
pub fn note_converted(tx: &mut Tx<'_>, column: &str, now: Timestamp) -> AppResult<()> {
    let row = (
        sealed_columns::column_name.eq(column),
        sealed_columns::sealed_at.eq(now),
    );
    once(tx, &SEALED_COLUMN, |tx| {
        diesel::insert_into(sealed_columns::table)
            .values(row)
            .execute(tx.conn())
    })
}

/// Inserts a row that another server may have inserted at the same moment.
fn once(
    tx: &mut Tx<'_>,
    key: &Unique,
    insert: impl FnOnce(&mut Tx<'_>) -> QueryResult<usize>,
) -> AppResult<()> {
    match tx.savepoint(insert) {
        Ok(_) => Ok(()),
        Err(error) if violates(&error, key) => Ok(()),
        Err(error) => Err(error.into()),
    }
}

/// The next phones that are kept under something else than this key's blind indexes, in the order of the primary key.
///
/// # Errors
/// A database fault.
pub fn phones_not_under(
    conn: &mut Conn,
    prefix: &str,
    after: Option<&RegistrationKey>,
    limit: i64,
) -> AppResult<Vec<RegistrationKey>> {
    let (line, value) = (registration_keys::line, registration_keys::key_value);
    let mut query = RegistrationKey::query()
        .filter(registration_keys::key_kind.eq(KeyKind::Phone))
        .filter(value.not_like(format!("{prefix}%")))
        .into_boxed();
    if let Some(last) = after {
        query = query.filter(
            line.gt(last.line)
                .or(line.eq(last.line).and(value.gt(last.key_value.clone()))),
        );
    }
    Ok(query.order((line, value)).limit(limit).load(conn)?)
}

/// Writes a phone's key that was kept in clear under its blind index; drops it where that index is there already.
///
/// # Errors
/// A database fault.
pub fn blind_phone(tx: &mut Tx<'_>, key: &RegistrationKey, index: &str) -> AppResult<()> {
    let row = registration_keys::table.find((key.line, key.key_kind, &key.key_value));
    let moved = tx.savepoint(|tx| {
        diesel::update(row)
            .set(registration_keys::key_value.eq(index))
            .execute(tx.conn())
    });
    match moved {
        Ok(_) => Ok(()),
        Err(error) if violates(&error, &KEY) => {
            diesel::delete(row).execute(tx.conn())?;
            Ok(())
        }
        Err(error) => Err(error.into()),
    }
}

/// Removes the phones' blind indexes of all keys but these; how many.
///
/// # Errors
/// A database fault.
pub fn forget_indexes_but(tx: &mut Tx<'_>, ids: &[&str]) -> AppResult<usize> {
    let mut doomed = diesel::delete(registration_keys::table)
        .filter(registration_keys::key_kind.eq(KeyKind::Phone))
        // A phone that an older version kept in clear has no dot: it is still to be indexed.
        .filter(registration_keys::key_value.like("%.%"))
        .into_boxed();
    for id in ids {
        doomed = doomed.filter(registration_keys::key_value.not_like(format!("{id}.%")));
    }
    Ok(doomed.execute(tx.conn())?)
}
