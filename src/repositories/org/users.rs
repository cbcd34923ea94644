//! Users: look-ups and version-checked changes.

use diesel::prelude::*;

use crate::{
    db::{
        Conn, Keep as _, MultiBackend, Tx, Unique, padded,
        schema::{password_history, roles, unit_accounts, user_roles, users},
        violates,
    },
    domain::{
        id::kind::{UnitId, UserId},
        timestamp::Timestamp,
        vocabulary::Employment,
    },
    error::{AppError, AppResult},
    models::org::user::{FormerPassword, User},
    sortable,
};

sortable! {
    users, User, UserSort {
        Name = "name" => name: String,
        CreatedAt = "created_at" => created_at: Timestamp,
    } default Name Up
}

/// Values in one statement: below the number of variables that SQLite takes.
const BATCH: usize = 1_000;

const LOGIN: Unique = Unique {
    name: "users_login_key",
    columns: "users.login_key",
};

/// What a list of users is narrowed to.
#[derive(Debug, Clone, Default)]
pub struct Narrow {
    /// In this unit.
    pub unit_id: Option<UnitId>,
    /// Directly below this superior.
    pub superior_id: Option<UserId>,
    /// In this employment state.
    pub employment: Option<Employment>,
    /// With the role of this code.
    pub role_code: Option<String>,
    /// Disabled or not.
    pub disabled: Option<bool>,
    /// Beginning of the folded name.
    pub name_key: Option<String>,
}

/// The users that a list is narrowed to.
pub fn narrowed<'q>(narrow: &Narrow) -> users::BoxedQuery<'q, MultiBackend> {
    // The accounts that stand for units are nobody (DUP-15).
    let nobody = unit_accounts::table.select(unit_accounts::user_id);
    let mut rows = users::table.filter(users::id.ne_all(nobody)).into_boxed();
    if let Some(unit) = narrow.unit_id {
        rows = rows.filter(users::unit_id.eq(unit));
    }
    if let Some(superior) = narrow.superior_id {
        rows = rows.filter(users::superior_id.eq(superior));
    }
    if let Some(employment) = narrow.employment {
        rows = rows.filter(users::employment.eq(employment));
    }
    if let Some(code) = &narrow.role_code {
        let holders = user_roles::table
            .inner_join(roles::table.on(roles::id.eq(user_roles::role_id)))
            .filter(roles::code.eq(code.clone()))
            .select(user_roles::user_id);
        rows = rows.filter(users::id.eq_any(holders));
    }
    match narrow.disabled {
        Some(true) => rows = rows.filter(users::disabled_at.is_not_null()),
        Some(false) => rows = rows.filter(users::disabled_at.is_null()),
        None => {}
    }
    if let Some(key) = &narrow.name_key {
        // A folded name has letters and digits only, so none of LIKE's own signs.
        rows = rows.filter(users::name_key.like(format!("{key}%")));
    }
    rows
}

/// A user by id.
///
/// # Errors
/// A database fault.
pub fn find(conn: &mut Conn, id: UserId) -> AppResult<Option<User>> {
    Ok(User::query()
        .filter(users::id.eq(id))
        .first(conn)
        .optional()?)
}

/// The unit of each of the users, in one query.
///
/// # Errors
/// A database fault.
pub fn units_of(conn: &mut Conn, ids: &[UserId]) -> AppResult<Vec<(UserId, UnitId)>> {
    let mut places = Vec::new();
    for ids in ids.chunks(500) {
        let rows: Vec<(UserId, UnitId)> = users::table
            .filter(users::id.eq_any(ids))
            .select((users::id, users::unit_id))
            .load(conn)?;
        places.extend(rows);
    }
    Ok(places)
}

/// Inserts a user: `false` if the login is taken.
///
/// # Errors
/// A database fault.
pub fn insert(tx: &mut Tx<'_>, user: &User) -> AppResult<bool> {
    match diesel::insert_into(users::table)
        .values(user)
        .execute(tx.conn())
    {
        Ok(_) => Ok(true),
        Err(error) if violates(&error, &LOGIN) => Ok(false),
        Err(error) => Err(error.into()),
    }
}

/// Writes what an administrator may change of a user, if nobody changed the row meanwhile.
///
/// # Errors
/// A database fault. `false` when the row changed meanwhile.
pub fn update(tx: &mut Tx<'_>, user: &User, read_version: i64) -> AppResult<bool> {
    let changed = diesel::update(
        users::table
            .find(user.id)
            .filter(users::version.eq(read_version)),
    )
    .set((
        users::name.eq(&user.name),
        users::name_key.eq(&user.name_key),
        users::unit_id.eq(user.unit_id),
        users::superior_id.eq(user.superior_id),
        users::grade.eq(user.grade),
        users::employment.eq(user.employment),
        users::clearance.eq(user.clearance),
        users::disabled_at.eq(user.disabled_at),
        users::version.eq(user.version),
        users::updated_at.eq(user.updated_at),
    ))
    .execute(tx.conn())?;
    Ok(changed == 1)
}

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

/// Who has these folded logins, and where they work: those who are not disabled.
///
/// # Errors
/// A database fault.
pub fn enabled_by_logins(
    conn: &mut Conn,
    login_keys: &[&str],
) -> AppResult<Vec<(String, UserId, UnitId)>> {
    let mut found = Vec::new();
    for keys in login_keys.chunks(BATCH) {
        let rows: Vec<(String, UserId, UnitId)> = users::table
            .filter(users::login_key.eq_any(padded(keys.iter().copied())))
            .filter(users::disabled_at.is_null())
            .select((users::login_key, users::id, users::unit_id))
            .kept()
            .load(conn)?;
        found.extend(rows);
    }
    Ok(found)
}

/// The logins of users, as they are written.
///
/// # Errors
/// A database fault.
pub fn logins_of(conn: &mut Conn, ids: &[UserId]) -> AppResult<Vec<(UserId, String)>> {
    let mut found = Vec::new();
    for ids in ids.chunks(BATCH) {
        let rows: Vec<(UserId, String)> = users::table
            .filter(users::id.eq_any(padded(ids.iter().copied())))
            .select((users::id, users::login))
            .kept()
            .load(conn)?;
        found.extend(rows);
    }
    Ok(found)
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
