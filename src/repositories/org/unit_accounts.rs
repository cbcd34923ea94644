//! The accounts that stand for units.

use diesel::prelude::*;

use crate::{
    db::{
        Conn, Tx, Unique,
        schema::{unit_accounts, users},
        violates,
    },
    domain::id::kind::{UnitId, UserId},
    error::AppResult,
    models::org::{unit_account::UnitAccount, user::User},
};

const UNIT: Unique = Unique {
    name: "unit_accounts_pkey",
    columns: "unit_accounts.unit_id",
};

const LOGIN: Unique = Unique {
    name: "users_login_key",
    columns: "users.login_key",
};

/// The account of a unit, if it has one.
///
/// # Errors
/// A database fault.
pub fn of_unit(conn: &mut Conn, unit: UnitId) -> AppResult<Option<UserId>> {
    Ok(unit_accounts::table
        .find(unit)
        .select(unit_accounts::user_id)
        .first(conn)
        .optional()?)
}

/// The unit for which an account stands, if it stands for one.
///
/// # Errors
/// A database fault.
pub fn unit_of(conn: &mut Conn, user: UserId) -> AppResult<Option<UnitId>> {
    Ok(unit_accounts::table
        .filter(unit_accounts::user_id.eq(user))
        .select(unit_accounts::unit_id)
        .first(conn)
        .optional()?)
}

/// The units of those of the accounts that stand for one, for a page of shares.
///
/// # Errors
/// A database fault.
pub fn units_of(conn: &mut Conn, ids: &[UserId]) -> AppResult<Vec<(UserId, UnitId)>> {
    Ok(unit_accounts::table
        .filter(unit_accounts::user_id.eq_any(ids))
        .select((unit_accounts::user_id, unit_accounts::unit_id))
        .load(conn)?)
}

/// Enters a unit's account, which is a user that nobody can be. `false` if somebody else entered one meanwhile.
///
/// # Errors
/// A database fault.
pub fn insert(tx: &mut Tx<'_>, account: &UnitAccount, user: &User) -> AppResult<bool> {
    let entered = tx.savepoint(|tx| {
        diesel::insert_into(users::table)
            .values(user)
            .execute(tx.conn())?;
        diesel::insert_into(unit_accounts::table)
            .values(account)
            .execute(tx.conn())
    });
    match entered {
        Ok(_) => Ok(true),
        Err(error) if violates(&error, &UNIT) || violates(&error, &LOGIN) => Ok(false),
        Err(error) => Err(error.into()),
    }
}
