//! Sealing what is there already: at the start of a server on an older database, and when keys rotate. Batch by batch,
//! read beside the server and written where nothing has changed meanwhile; a run that was interrupted goes on with what
//! is still to be done.

use std::sync::Arc;

use crate::{
    app::App,
    auth::vault::Column,
    db::Database,
    error::AppResult,
    models::{customers::customer::RegistrationKey, sealed},
    services::platform::sealing::{self, INDEX_COLUMN, UNSEALED},
};

/// What became of a rotation.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Rotated {
    /// Everything is under the current key; the others may be taken out of the configuration.
    Done,
    /// So many unique keys stand under an older key, and the phone that they were made of is not there any more: their
    /// data key has to stay.
    Stuck(u64),
}

/// Brings a database that was just migrated into this installation's ring: refuses one that the ring cannot open, and
/// seals what an older version kept in clear. How many values that were.
///
/// # Errors
/// A fault that says which key is missing; a database fault.
pub fn prepare(app: &App) -> AppResult<u64> {
    let (vault, now) = (Arc::clone(app.vault()), app.now());
    app.db()
        .write_now(move |tx| sealing::admit(tx, &vault, now))?;
    let mut converted = 0;
    let mut fresh = Vec::new();
    for column in sealed::ALL {
        let name = sealing::column_name(column);
        if is_fresh(app, &name)? {
            converted += seal(app, column, UNSEALED, |_| {})?;
            fresh.push(name);
        }
    }
    if is_fresh(app, INDEX_COLUMN)? {
        converted += blind(app)?;
        fresh.push(INDEX_COLUMN.to_owned());
    }
    if fresh.is_empty() {
        return Ok(0);
    }
    // What was there in clear is still in free pages. Before it is noted as done, so that a failure is made up for.
    Database::rewrite(&app.config().url(), sealed::ALL)?;
    app.db().write_now(move |tx| {
        fresh
            .iter()
            .try_for_each(|column| sealing::note_converted(tx, column, now))
    })?;
    Ok(converted)
}

fn is_fresh(app: &App, column: &str) -> AppResult<bool> {
    app.db()
        .read_latest(|conn| sealing::is_converted(conn, column).map(|converted| !converted))
}

/// Seals the values of a column that do not begin like this; how many.
fn seal(app: &App, column: &'static Column, prefix: &str, told: impl Fn(u64)) -> AppResult<u64> {
    let mut done = 0;
    let mut last: Option<String> = None;
    loop {
        let values = app
            .db()
            .read_latest(|conn| sealing::waiting(conn, column, prefix, last.as_deref()))?;
        let Some(end) = values.last() else {
            return Ok(done);
        };
        last = Some(end.record.clone());
        let count = values.len() as u64;
        let vault = Arc::clone(app.vault());
        app.db()
            .write_now(move |tx| sealing::seal_all(tx, &vault, column, &values))?;
        done += count;
        told(count);
    }
}

fn blind(app: &App) -> AppResult<u64> {
    phones(app, |tx, vault, keys| {
        sealing::blind_all(tx, vault, keys).map(|()| keys.len() as u64)
    })
}

/// Walks over the phones of the unique keys that are not under the current key.
fn phones(
    app: &App,
    work: impl Fn(
        &mut crate::db::Tx<'_>,
        &crate::auth::vault::Vault,
        &[RegistrationKey],
    ) -> AppResult<u64>
    + Copy
    + Send
    + 'static,
) -> AppResult<u64> {
    let mut sum = 0;
    let mut last: Option<RegistrationKey> = None;
    loop {
        let keys = app
            .db()
            .read_latest(|conn| sealing::phones_waiting(conn, app.vault(), last.as_ref()))?;
        let Some(end) = keys.last() else {
            return Ok(sum);
        };
        last = Some(end.clone());
        let vault = Arc::clone(app.vault());
        sum += app.db().write_now(move |tx| work(tx, &vault, &keys))?;
    }
}

/// How many values a rotation has to seal again.
///
/// # Errors
/// A database fault.
pub fn to_rotate(app: &App) -> AppResult<u64> {
    let prefix = sealing::current_prefix(app.vault());
    app.db()
        .read_latest(|conn| sealing::count_waiting(conn, &prefix))
}

/// Seals everything under the current key, indexes phones under it, and lets go of the older keys.
///
/// # Errors
/// A value that no key of the ring opens; 503 when somebody takes too long; a database fault. It may be run again.
pub fn rotate(app: &App, told: impl Fn(u64)) -> AppResult<Rotated> {
    let prefix = sealing::current_prefix(app.vault());
    let pass = || {
        for column in sealed::ALL {
            seal(app, column, &prefix, &told)?;
        }
        AppResult::Ok(())
    };
    pass()?;
    // Whoever had read an older value may write it back: those are waited for, and what they wrote is sealed then.
    // One table after another, each in a transaction of its own: who holds one and waits for the next would meet those
    // who come the other way.
    for column in sealed::ALL {
        app.db()
            .write_now(move |tx| sealing::wait_for_others(tx, column))?;
    }
    pass()?;
    let lost = phones(app, sealing::index_again)?;
    if lost > 0 {
        return Ok(Rotated::Stuck(lost));
    }
    let vault = Arc::clone(app.vault());
    app.db().write_now(move |tx| sealing::retire(tx, &vault))?;
    Ok(Rotated::Done)
}
