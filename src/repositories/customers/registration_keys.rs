//! The keys that customers hold. Claiming one is an insert; the database says who was first (CONF-01).

use diesel::prelude::*;

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
};

const KEY: Unique = Unique {
    name: "registration_keys_pkey",
    columns: "registration_keys.line, registration_keys.key_kind, registration_keys.key_value",
};

/// How a claim ended.
#[derive(Debug)]
pub enum Claim {
    /// All keys are held now.
    Won,
    /// This key is held by another customer.
    Lost(RegistrationKey),
}

/// What undoes the savepoint of a lost claim.
enum Undo {
    Taken(RegistrationKey),
    Failed(AppError),
}

impl From<diesel::result::Error> for Undo {
    fn from(error: diesel::result::Error) -> Self {
        Self::Failed(error.into())
    }
}

/// Claims all keys, or none. A claim that waits for another transaction's claim of the same key waits until that one
/// has ended, and then wins or loses by it.
///
/// # Errors
/// A database fault.
pub fn claim(tx: &mut Tx<'_>, keys: &[RegistrationKey]) -> AppResult<Claim> {
    let claimed = tx.savepoint(|tx| {
        for key in keys {
            match diesel::insert_into(registration_keys::table).values(key).execute(tx.conn()) {
                Ok(_) => {}
                Err(error) if violates(&error, &KEY) => return Err(Undo::Taken(key.clone())),
                Err(error) => return Err(error.into()),
            }
        }
        Ok(())
    });
    match claimed {
        Ok(()) => Ok(Claim::Won),
        Err(Undo::Taken(key)) => Ok(Claim::Lost(key)),
        Err(Undo::Failed(error)) => Err(error),
    }
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
