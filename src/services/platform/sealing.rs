//! Personal data that stands in the database already: sealed once, when an older database is opened first, and again
//! under a new key (SEC-02, AMB-36). Each step is a unit of work of its own; any of them may be the last before a crash.

use crate::{
    auth::vault::{Column, Vault},
    db::{Conn, Tx},
    domain::{Phone, timestamp::Timestamp},
    error::{AppError, AppResult},
    models::{customers::customer::RegistrationKey, sealed},
    repositories::{
        customers::{
            contacts, customers,
            registration_keys::{self, NotClaimed},
        },
        platform::sealing::{self as rows, Stored},
        sales::opportunities::hold_customer,
    },
    services::customers::personal::{self, ContactPersonal, PHONE_LABEL},
};

/// What is not sealed at all does not begin like this.
pub const UNSEALED: &str = "v1.";
/// How many values share a unit of work.
pub const BATCH: usize = 500;
/// How the phones of the unique keys are called among the converted columns.
pub const INDEX_COLUMN: &str = "registration_keys.key_value";

/// Refuses to work with a database that holds values which this ring cannot open, and notes the key that seals.
///
/// # Errors
/// A fault that says what is missing.
pub fn admit(tx: &mut Tx<'_>, vault: &Vault, now: Timestamp) -> AppResult<()> {
    let ring = vault.ids();
    let known = rows::key_ids(tx)?;
    if let Some(missing) = known.iter().find(|id| !ring.contains(&id.as_str())) {
        return Err(AppError::internal(format!(
            "personal data is sealed under the data key {missing}, which XIANLU_DATA_KEYS does not hold; it has {}",
            ring.join(", ")
        )));
    }
    rows::note_key(tx, vault.current_id(), now)?;
    // Whatever was indexed under a key that is neither in use nor held any more has its index under another one.
    rows::forget_indexes_but(tx, &ring).map(drop)
}

/// What begins otherwise is to be sealed under the current key.
pub fn current_prefix(vault: &Vault) -> String {
    format!("{UNSEALED}{}.", vault.current_id())
}

/// The name of a column among the converted ones.
pub fn column_name(column: &Column) -> String {
    format!("{}.{}", column.table, column.name)
}

/// The next values of a column that do not begin like this.
///
/// # Errors
/// A database fault.
pub fn waiting(
    conn: &mut Conn,
    column: &Column,
    prefix: &str,
    after: Option<&str>,
) -> AppResult<Vec<Stored>> {
    rows::page(conn, column, prefix, after, BATCH)
}

/// How many values do not begin like this, over all columns.
///
/// # Errors
/// A database fault.
pub fn count_waiting(conn: &mut Conn, prefix: &str) -> AppResult<u64> {
    let mut waiting = 0;
    for column in sealed::ALL {
        waiting += rows::count(conn, column, prefix)?.unsigned_abs();
    }
    Ok(waiting)
}

/// Seals values under the current key: plain ones, and those that another key of the ring opens. Whatever was changed
/// since it was read stays as it is now.
///
/// # Errors
/// A fault: a value that does not open.
pub fn seal_all(
    tx: &mut Tx<'_>,
    vault: &Vault,
    column: &Column,
    values: &[Stored],
) -> AppResult<()> {
    for stored in values {
        let place = column.at(&stored.record);
        let new = if stored.value.key_id().is_some() {
            vault.seal_bytes(&place, &vault.open_bytes(&place, &stored.value)?)?
        } else {
            vault.seal(&place, stored.value.as_str())?
        };
        rows::replace(tx, column, stored, &new)?;
    }
    Ok(())
}

/// Waits for those who read sealed values before: they may write back what they read.
///
/// # Errors
/// 503 when somebody takes too long.
pub fn wait_for_others(tx: &mut Tx<'_>, column: &Column) -> AppResult<()> {
    rows::wait_for_others(tx, column)
}

/// The next phones of the unique keys that are not under the current key's blind index.
///
/// # Errors
/// A database fault.
pub fn phones_waiting(
    conn: &mut Conn,
    vault: &Vault,
    after: Option<&RegistrationKey>,
) -> AppResult<Vec<RegistrationKey>> {
    let limit = i64::try_from(BATCH).unwrap_or(i64::MAX);
    rows::phones_not_under(conn, &format!("{}.", vault.current_id()), after, limit)
}

/// Replaces phones that unique keys hold in clear by their blind indexes.
///
/// # Errors
/// A database fault.
pub fn blind_all(tx: &mut Tx<'_>, vault: &Vault, keys: &[RegistrationKey]) -> AppResult<()> {
    // A blind index has a dot, a phone has none.
    for key in keys.iter().filter(|key| !key.key_value.contains('.')) {
        rows::blind_phone(tx, key, &vault.blind(PHONE_LABEL, &key.key_value))?;
    }
    Ok(())
}

/// Claims the current key's blind index beside an older one, for whoever holds that one. How many cannot be computed,
/// because the customer has no such phone any more.
///
/// # Errors
/// A lost race; a database fault.
pub fn index_again(tx: &mut Tx<'_>, vault: &Vault, keys: &[RegistrationKey]) -> AppResult<u64> {
    let mut lost = 0;
    for key in keys {
        let customer = customers::unguarded(tx, key.customer_id)?;
        // Whoever changes the phone at this moment waits, or has been waited for (see `hold_while_rotating`).
        if !hold_customer(tx, &customer)? && customer.deleted_at.is_none() {
            return Err(AppError::lost_race("the customer changed meanwhile"));
        }
        if !registration_keys::held(tx, customer.id)?
            .iter()
            .any(|held| held.line == key.line && held.key_value == key.key_value)
        {
            continue;
        }
        let mut phones: Vec<Phone> = personal::phone_of(vault, &customer)?.into_iter().collect();
        for contact in contacts::of_customer(tx, customer.id)? {
            let reached = ContactPersonal::open(vault, &contact)?;
            let texts = [reached.office_phone, reached.home_phone, reached.mobile];
            phones.extend(
                texts
                    .iter()
                    .flatten()
                    .filter_map(|text| Phone::parse(text).ok()),
            );
        }
        let value = phones
            .iter()
            .map(Phone::key)
            .find(|value| vault.blinds(PHONE_LABEL, value).contains(&key.key_value));
        let Some(value) = value else {
            lost += 1;
            continue;
        };
        let fresh = RegistrationKey {
            key_value: vault.blind(PHONE_LABEL, &value),
            ..key.clone()
        };
        let claimed = tx.savepoint(|tx| registration_keys::claim(tx, std::slice::from_ref(&fresh)));
        match claimed {
            // Taken: by this very customer, who was registered under every key of the ring.
            Ok(()) | Err(NotClaimed::Taken(_)) => {}
            Err(NotClaimed::Failed(error)) => return Err(error),
        }
    }
    Ok(lost)
}

/// Lets go of the older keys: nothing is sealed or indexed under them any more.
///
/// # Errors
/// A database fault.
pub fn retire(tx: &mut Tx<'_>, vault: &Vault) -> AppResult<()> {
    rows::forget_indexes_but(tx, &[vault.current_id()])?;
    rows::forget_other_keys(tx, vault.current_id())
}

/// Whether a column's older values have been sealed.
///
/// # Errors
/// A database fault.
pub fn is_converted(conn: &mut Conn, column: &str) -> AppResult<bool> {
    rows::is_converted(conn, column)
}

/// Notes that they have.
///
/// # Errors
/// A database fault.
pub fn note_converted(tx: &mut Tx<'_>, column: &str, now: Timestamp) -> AppResult<()> {
    rows::note_converted(tx, column, now)
}
