//! The keys that customers hold. Claiming one is an insert; the database says who was first (CONF-01), and what it holds is
//! the only standard of whose customer it is (CONF-08, ORG-40).

use diesel::{
    prelude::*,
    sql_types::{Array, Text},
};

use crate::{
    db::{
        Conn, Tx, Unique,
        schema::{customers, registration_keys},
        violates,
    },
    domain::{
        id::kind::CustomerId,
        vocabulary::{KeyKind, Line},
    },
    error::{AppError, AppResult},
    models::customers::customer::{Customer, RegistrationKey},
    on_each,
};

/// At most one customer of a line holds a key.
pub const KEY: Unique = Unique {
    name: "registration_keys_pkey",
    columns: "registration_keys.line, registration_keys.key_kind, registration_keys.key_value",
};

/// Why a claim was not made. Whoever claims undoes with it everything that was written for the claim: by a savepoint, or
/// with the unit of work.
#[derive(Debug)]
pub enum NotClaimed {
    /// Another customer holds this key.
    Taken(RegistrationKey),
    /// A fault, or another refusal.
    Failed(AppError),
}

impl NotClaimed {
    /// For a claim of keys that nobody held a moment ago: the unit of work runs again and sees who holds them now.
    pub fn lost(self) -> AppError {
        match self {
            Self::Taken(_) => AppError::lost_race("a key was taken meanwhile"),
            Self::Failed(error) => error,
        }
    }
}

impl From<diesel::result::Error> for NotClaimed {
    fn from(error: diesel::result::Error) -> Self {
        Self::Failed(error.into())
    }
}

impl From<AppError> for NotClaimed {
    fn from(error: AppError) -> Self {
        Self::Failed(error)
    }
}

/// Claims all keys. A claim that meets another transaction's claim of the same key waits until that one has ended, and
/// then wins or loses by it. Keys come in one order for everybody, so that two registrations cannot deadlock.
///
/// # Errors
/// The key that is taken, or a database fault.
pub fn claim(tx: &mut Tx<'_>, keys: &[RegistrationKey]) -> Result<(), NotClaimed> {
    for key in keys {
        let row = diesel::insert_into(registration_keys::table).values(key);
        match on_each!(tx.conn(), c => row.execute(c)) {
            Ok(_) => {}
            Err(error) if violates(&error, &KEY) => return Err(NotClaimed::Taken(key.clone())),
            Err(error) => return Err(error.into()),
        }
    }
    Ok(())
}

/// Claims the keys of many customers at once, in the one order that everybody claims them in.
///
/// # Errors
/// A lost race when any of them was taken meanwhile: the unit of work runs again and sees who holds it.
pub fn claim_together(tx: &mut Tx<'_>, mut keys: Vec<&RegistrationKey>) -> AppResult<()> {
    keys.sort_unstable_by(|a, b| {
        (a.line, a.key_kind, &a.key_value).cmp(&(b.line, b.key_kind, &b.key_value))
    });
    match claimed(tx, keys) {
        Err(error) if violates(&error, &KEY) => {
            Err(AppError::lost_race("a key was taken meanwhile"))
        }
        claimed => Ok(claimed.map(drop)?),
    }
}

fn claimed(tx: &mut Tx<'_>, keys: Vec<&RegistrationKey>) -> diesel::QueryResult<usize> {
    crate::insert_bulk!(tx.conn(), registration_keys::table, keys)
}

/// Who holds any of these keys, by one look-up. It narrows; only a claim decides.
///
/// # Errors
/// A database fault.
pub fn holders(conn: &mut Conn, keys: &[&RegistrationKey]) -> AppResult<Vec<RegistrationKey>> {
    match conn {
        // PostgreSQL takes a list of thousands for a reason to read the whole table and compare each row with all of
        // them. A join goes through the index, however many there are.
        Conn::Postgres(c) => {
            let lines: Vec<&str> = keys.iter().map(|key| key.line.as_str()).collect();
            let kinds: Vec<&str> = keys.iter().map(|key| key.key_kind.as_str()).collect();
            let values: Vec<&str> = keys.iter().map(|key| key.key_value.as_str()).collect();
            Ok(diesel::sql_query(
                "SELECT DISTINCT held.line, held.key_kind, held.key_value, held.customer_id, held.claimed_at
                 FROM unnest($1, $2, $3) AS wanted (line, key_kind, key_value)
                 JOIN registration_keys AS held ON held.line = wanted.line
                  AND held.key_kind = wanted.key_kind AND held.key_value = wanted.key_value",
            )
            .bind::<Array<Text>, _>(lines)
            .bind::<Array<Text>, _>(kinds)
            .bind::<Array<Text>, _>(values)
            .load(c)?)
        }
        Conn::Sqlite(_) => {
            let mut lines: Vec<_> = keys.iter().map(|key| key.line).collect();
            lines.sort_unstable();
            lines.dedup();
            let mut kinds: Vec<_> = keys.iter().map(|key| key.key_kind).collect();
            kinds.sort_unstable();
            kinds.dedup();
            let mut values: Vec<_> = keys.iter().map(|key| key.key_value.as_str()).collect();
            values.sort_unstable();
            values.dedup();
            Ok(RegistrationKey::query()
                .filter(registration_keys::line.eq_any(lines))
                .filter(registration_keys::key_kind.eq_any(kinds))
                .filter(registration_keys::key_value.eq_any(values))
                .load(conn)?)
        }
    }
}

/// The first of these keys that somebody holds. It narrows; only a claim decides.
///
/// # Errors
/// A database fault.
pub fn first_held<'k>(
    conn: &mut Conn,
    keys: &'k [RegistrationKey],
) -> AppResult<Option<&'k RegistrationKey>> {
    for key in keys {
        let held = registration_keys::table
            .find((key.line, key.key_kind, &key.key_value))
            .select(registration_keys::customer_id);
        let holder: Option<CustomerId> = on_each!(conn, c => held.first(c)).optional()?;
        if holder.is_some() {
            return Ok(Some(key));
        }
    }
    Ok(None)
}

/// Lets go of keys.
///
/// # Errors
/// A database fault.
pub fn release(tx: &mut Tx<'_>, keys: &[RegistrationKey]) -> AppResult<()> {
    for key in keys {
        diesel::delete(
            registration_keys::table
                .find((key.line, key.key_kind, &key.key_value))
                .filter(registration_keys::customer_id.eq(key.customer_id)),
        )
        .execute(tx.conn())?;
    }
    Ok(())
}

/// Makes a customer hold these keys and no others: lets go of what it does not want any more, claims what is new.
///
/// # Errors
/// The key that is taken, or a database fault.
pub fn replace(
    tx: &mut Tx<'_>,
    customer: CustomerId,
    wanted: &[RegistrationKey],
) -> Result<(), NotClaimed> {
    let held = held(tx, customer)?;
    let same = |a: &RegistrationKey, b: &RegistrationKey| {
        (a.line, a.key_kind, &a.key_value) == (b.line, b.key_kind, &b.key_value)
    };
    let beyond = |these: &[RegistrationKey], those: &[RegistrationKey]| -> Vec<RegistrationKey> {
        these
            .iter()
            .filter(|key| !those.iter().any(|other| same(key, other)))
            .cloned()
            .collect()
    };
    release(tx, &beyond(&held, wanted))?;
    claim(tx, &beyond(wanted, &held))
}

/// The keys that a customer holds.
///
/// # Errors
/// A database fault.
pub fn held(conn: &mut Conn, customer: CustomerId) -> AppResult<Vec<RegistrationKey>> {
    Ok(RegistrationKey::query()
        .filter(registration_keys::customer_id.eq(customer))
        .order((registration_keys::key_kind, registration_keys::key_value))
        .load(conn)?)
}

/// The customer that holds a key, whoever may see it.
///
/// # Errors
/// A database fault.
pub fn holder(
    conn: &mut Conn,
    line: Line,
    kind: KeyKind,
    value: &str,
) -> AppResult<Option<Customer>> {
    Ok(Customer::query()
        .filter(
            customers::id.eq_any(
                registration_keys::table
                    .find((line, kind, value))
                    .select(registration_keys::customer_id),
            ),
        )
        .first(conn)
        .optional()?)
}
