//! Roles and their capabilities.

use std::collections::{HashMap, HashSet};

use diesel::prelude::*;

use crate::{
    db::{
        Conn, MultiBackend, Tx, Unique,
        schema::{role_capabilities, roles, user_roles},
        violates,
    },
    domain::{
        id::kind::{RoleId, UserId},
        timestamp::Timestamp,
        vocabulary::Capability,
    },
    error::AppResult,
    insert_many,
    models::org::role::{Role, RoleCapability},
    sortable,
};

sortable! {
    roles, Role, RoleSort {
        Code = "code" => code: String,
        CreatedAt = "created_at" => created_at: Timestamp,
    } default Code Up
}

const CODE: Unique = Unique {
    name: "roles_code",
    columns: "roles.code",
};

/// A role by id.
///
/// # Errors
/// A database fault.
pub fn find(conn: &mut Conn, id: RoleId) -> AppResult<Option<Role>> {
    Ok(Role::query()
        .filter(roles::id.eq(id))
        .first(conn)
        .optional()?)
}

/// A role by code.
///
/// # Errors
/// A database fault.
pub fn by_code(conn: &mut Conn, code: &str) -> AppResult<Option<Role>> {
    Ok(Role::query()
        .filter(roles::code.eq(code))
        .first(conn)
        .optional()?)
}

/// Roles by id, in one query.
///
/// # Errors
/// A database fault.
pub fn by_ids(conn: &mut Conn, ids: &[RoleId]) -> AppResult<HashMap<RoleId, Role>> {
    let rows = Role::query().filter(roles::id.eq_any(ids)).load(conn)?;
    Ok(rows.into_iter().map(|role| (role.id, role)).collect())
}

/// The capabilities of roles, in one query.
///
/// # Errors
/// A database fault.
pub fn capabilities(
    conn: &mut Conn,
    ids: &[RoleId],
) -> AppResult<HashMap<RoleId, Vec<Capability>>> {
    let rows = RoleCapability::query()
        .filter(role_capabilities::role_id.eq_any(ids))
        .order((role_capabilities::role_id, role_capabilities::capability))
        .load(conn)?;
    let mut capabilities: HashMap<RoleId, Vec<Capability>> = HashMap::new();
    for row in rows {
        capabilities
            .entry(row.role_id)
            .or_default()
            .push(row.capability);
    }
    Ok(capabilities)
}

/// Inserts a role with its capabilities: `false` if the code is taken.
///
/// # Errors
/// A database fault.
pub fn insert(tx: &mut Tx<'_>, role: &Role, capabilities: &[Capability]) -> AppResult<bool> {
    match diesel::insert_into(roles::table)
        .values(role)
        .execute(tx.conn())
    {
        Ok(_) => {}
        Err(error) if violates(&error, &CODE) => return Ok(false),
        Err(error) => return Err(error.into()),
    }
    add(tx, role.id, capabilities)?;
    Ok(true)
}

fn add(tx: &mut Tx<'_>, role_id: RoleId, capabilities: &[Capability]) -> AppResult<()> {
    let rows: Vec<_> = capabilities
        .iter()
        .map(|capability| RoleCapability {
            role_id,
            capability: *capability,
        })
        .collect();
    if !rows.is_empty() {
        insert_many!(tx, role_capabilities::table, &rows)?;
    }
    Ok(())
}

/// Writes a role's names and capabilities, if nobody changed the row meanwhile.
///
/// # Errors
/// A database fault. `false` when the row changed meanwhile.
pub fn update(
    tx: &mut Tx<'_>,
    role: &Role,
    capabilities: Option<&[Capability]>,
    read_version: i64,
) -> AppResult<bool> {
    let changed = diesel::update(
        roles::table
            .find(role.id)
            .filter(roles::version.eq(read_version)),
    )
    .set((
        roles::name_zh.eq(&role.name_zh),
        roles::name_en.eq(&role.name_en),
        roles::version.eq(role.version),
        roles::updated_at.eq(role.updated_at),
    ))
    .execute(tx.conn())?;
    if changed == 0 {
        return Ok(false);
    }
    if let Some(capabilities) = capabilities {
        diesel::delete(role_capabilities::table.filter(role_capabilities::role_id.eq(role.id)))
            .execute(tx.conn())?;
        add(tx, role.id, capabilities)?;
    }
    Ok(true)
}

/// The roles, or those that permit something.
pub fn narrowed<'q>(capability: Option<Capability>) -> roles::BoxedQuery<'q, MultiBackend> {
    let rows = roles::table.into_boxed();
    match capability {
        None => rows,
        Some(capability) => {
            let permitting = role_capabilities::table
                .filter(role_capabilities::capability.eq(capability))
                .select(role_capabilities::role_id);
            rows.filter(roles::id.eq_any(permitting))
        }
    }
}

/// The roles that a user holds.
///
/// # Errors
/// A database fault.
pub fn held_by(conn: &mut Conn, user: UserId) -> AppResult<HashSet<RoleId>> {
    let ids: Vec<RoleId> = user_roles::table
        .filter(user_roles::user_id.eq(user))
        .select(user_roles::role_id)
        .distinct()
        .load(conn)?;
    Ok(ids.into_iter().collect())
}

/// Whether a user holds a role.
///
/// # Errors
/// A database fault.
pub fn is_held_by(conn: &mut Conn, role: RoleId, user: UserId) -> AppResult<bool> {
    let found: Option<RoleId> = user_roles::table
        .filter(user_roles::role_id.eq(role))
        .filter(user_roles::user_id.eq(user))
        .select(user_roles::role_id)
        .first(conn)
        .optional()?;
    Ok(found.is_some())
}
