//! Kept answers to commands, for 7 days.

use diesel::prelude::*;

use crate::{
    db::{Conn, Tx, Unique, schema::idempotency_keys, violates},
    domain::{id::kind::UserId, timestamp::Timestamp},
    error::{AppError, AppResult},
    models::platform::idempotency::KeptAnswer,
};

const KEY: Unique = Unique {
    name: "idempotency_keys_pkey",
    columns: "idempotency_keys.actor_id, idempotency_keys.idempotency_key",
};

/// The kept answer for a caller's key.
///
/// # Errors
/// A database fault.
pub fn find(conn: &mut Conn, actor: UserId, key: &str) -> AppResult<Option<KeptAnswer>> {
    Ok(idempotency_keys::table
        .find((actor, key))
        .first(conn)
        .optional()?)
}

/// Takes a key for a command that is about to run. If another request with the same key was first, this unit of work
/// is run again and finds its answer.
///
/// # Errors
/// A lost race, or a database fault.
pub fn claim(tx: &mut Tx<'_>, claim: &KeptAnswer) -> AppResult<()> {
    match diesel::insert_into(idempotency_keys::table)
        .values(claim)
        .execute(tx.conn())
    {
        Ok(_) => Ok(()),
        Err(error) if violates(&error, &KEY) => Err(AppError::lost_race(
            "the idempotency key was taken meanwhile",
        )),
        Err(error) => Err(error.into()),
    }
}

/// Keeps the answer under a claimed key.
///
/// # Errors
/// A database fault.
pub fn keep(tx: &mut Tx<'_>, answer: &KeptAnswer) -> AppResult<()> {
    diesel::update(idempotency_keys::table.find((answer.actor_id, &answer.idempotency_key)))
        .set((
            idempotency_keys::status.eq(answer.status),
            idempotency_keys::etag.eq(&answer.etag),
            idempotency_keys::location.eq(&answer.location),
            idempotency_keys::body.eq(&answer.body),
        ))
        .execute(tx.conn())?;
    Ok(())
}

/// Frees a claimed key.
///
/// # Errors
/// A database fault.
pub fn release(tx: &mut Tx<'_>, actor: UserId, key: &str) -> AppResult<()> {
    diesel::delete(idempotency_keys::table.find((actor, key))).execute(tx.conn())?;
    Ok(())
}

/// Forgets answers older than the limit.
///
/// # Errors
/// A database fault.
pub fn forget_before(tx: &mut Tx<'_>, limit: Timestamp) -> AppResult<usize> {
    Ok(
        diesel::delete(idempotency_keys::table.filter(idempotency_keys::created_at.lt(limit)))
            .execute(tx.conn())?,
    )
}
