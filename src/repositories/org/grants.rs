//! Roles given to users.

use diesel::prelude::*;

use crate::{
    db::{Conn, MultiBackend, Tx, Unique, schema::user_roles, violates},
    domain::{
        id::kind::{GrantId, UserId},
        timestamp::Timestamp,
    },
    error::AppResult,
    models::org::role::UserRole,
    sortable,
};

sortable! {
    user_roles, UserRole, GrantSort {
        CreatedAt = "created_at" => created_at: Timestamp,
    } default CreatedAt Up
}

const GRANT: Unique = Unique {
    name: "user_roles_grant",
    columns: "user_roles.user_id, user_roles.role_id, user_roles.scope, user_roles.scope_unit_id",
};

/// A user's grants.
pub fn of_user<'q>(user: UserId) -> user_roles::BoxedQuery<'q, MultiBackend> {
    user_roles::table
        .filter(user_roles::user_id.eq(user))
        .into_boxed()
}

/// All of a user's grants: a handful.
///
/// # Errors
/// A database fault.
pub fn all_of(conn: &mut Conn, user: UserId) -> AppResult<Vec<UserRole>> {
    Ok(UserRole::query()
        .filter(user_roles::user_id.eq(user))
        .load(conn)?)
}

/// A grant by id.
///
/// # Errors
/// A database fault.
pub fn find(conn: &mut Conn, id: GrantId) -> AppResult<Option<UserRole>> {
    Ok(UserRole::query()
        .filter(user_roles::id.eq(id))
        .first(conn)
        .optional()?)
}

/// Gives a role: `false` if the user has it with that scope already.
///
/// # Errors
/// A database fault.
pub fn insert(tx: &mut Tx<'_>, grant: &UserRole) -> AppResult<bool> {
    match diesel::insert_into(user_roles::table)
        .values(grant)
        .execute(tx.conn())
    {
        Ok(_) => Ok(true),
        Err(error) if violates(&error, &GRANT) => Ok(false),
        Err(error) => Err(error.into()),
    }
}

/// Takes a role back: `false` if someone did already.
///
/// # Errors
/// A database fault.
pub fn delete(tx: &mut Tx<'_>, id: GrantId) -> AppResult<bool> {
    Ok(diesel::delete(user_roles::table.find(id)).execute(tx.conn())? == 1)
}
