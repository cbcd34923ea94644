//! Users: look-ups and version-checked changes.

use diesel::prelude::*;

use crate::{
    db::{
        Conn, Tx,
        schema::{password_history, users},
    },
    domain::{id::kind::UserId, timestamp::Timestamp},
    error::{AppError, AppResult},
    models::org::user::{FormerPassword, User},
};

/// A user by id.
///
/// # Errors
/// 404, or a database fault.
pub fn get(conn: &mut Conn, id: UserId) -> AppResult<User> {
    User::query()
        .filter(users::id.eq(id))
        .first(conn)
        .optional()?
        .ok_or_else(AppError::not_found)
}

/// A user by folded login.
///
/// # Errors
/// A database fault.
pub fn by_login(conn: &mut Conn, login_key: &str) -> AppResult<Option<User>> {
    Ok(User::query()
        .filter(users::login_key.eq(login_key))
        .first(conn)
        .optional()?)
}

/// Sets a password's hash if nobody set another one meanwhile, and remembers the former one.
///
/// # Errors
/// A database fault. `false` when the user changed meanwhile.
pub fn set_password(
    tx: &mut Tx<'_>,
    user: &User,
    hash: &str,
    must_change: bool,
    at: Timestamp,
    former: &FormerPassword,
) -> AppResult<bool> {
    let updated = diesel::update(
        users::table
            .find(user.id)
            .filter(users::version.eq(user.version)),
    )
    .set((
        users::password_hash.eq(hash),
        users::must_change_password.eq(must_change),
        users::password_changed_at.eq(at),
        users::version.eq(users::version + 1),
        users::updated_at.eq(at),
    ))
    .execute(tx.conn())?;
    if updated == 0 {
        return Ok(false);
    }
    diesel::insert_into(password_history::table)
        .values(former)
        .execute(tx.conn())?;
    Ok(true)
}

/// Marks that the password must be changed (it has expired).
///
/// # Errors
/// A database fault.
pub fn require_password_change(tx: &mut Tx<'_>, id: UserId) -> AppResult<()> {
    diesel::update(users::table.find(id))
        .set(users::must_change_password.eq(true))
        .execute(tx.conn())?;
    Ok(())
}

/// The hashes of the user's last passwords, newest first.
///
/// # Errors
/// A database fault.
pub fn former_passwords(conn: &mut Conn, id: UserId, count: i64) -> AppResult<Vec<String>> {
    Ok(password_history::table
        .filter(password_history::user_id.eq(id))
        .order(password_history::set_at.desc())
        .limit(count)
        .select(password_history::password_hash)
        .load(conn)?)
}
