//! Roles: named sets of capabilities, the administrator's to change (ORG-07, ORG-39). A change counts from every
//! holder's next request on, because rights are loaded with each.

use std::collections::{BTreeSet, HashSet};

use serde_json::json;

use crate::{
    api::org::role::{NewRole, RoleAction, RoleFilter, RolePatch, RoleView},
    context::Ctx,
    db::{Conn, Tx, paging::Page},
    domain::{
        id::kind::RoleId,
        vocabulary::{Capability, SubjectKind},
    },
    error::{AppError, AppResult, Code, FieldError},
    http::Listed,
    models::org::role::Role,
    repositories::org::roles,
    services::{
        governance::approvals,
        org::{
            fields::{Changes, Fields},
            scope,
        },
    },
};

pub use crate::repositories::org::roles::RoleSort;

/// One page of roles.
///
/// # Errors
/// 403 without any role.
pub fn list(
    conn: &mut Conn,
    ctx: &Ctx,
    query: &Listed<RoleFilter, RoleSort>,
) -> AppResult<Page<RoleView>> {
    scope::require_staff(ctx)?;
    let capability = query.filter.capability;
    roles::page(conn, &query.page, || roles::narrowed(capability))?
        .try_map_all(|rows| views(conn, ctx, rows))
}

/// One role.
///
/// # Errors
/// 403 without any role, 404.
pub fn get(conn: &mut Conn, ctx: &Ctx, id: RoleId) -> AppResult<RoleView> {
    scope::require_staff(ctx)?;
    let role = roles::find(conn, id)?.ok_or_else(AppError::not_found)?;
    view(conn, ctx, role)
}

/// Creates a role.
///
/// # Errors
/// 403; 409 when the code is taken; 422.
pub fn create(tx: &mut Tx<'_>, ctx: &Ctx, body: &NewRole) -> AppResult<RoleView> {
    scope::require_company(ctx, Capability::ManageRoles)?;
    let mut fields = Fields::default();
    let name_zh = fields.line("/name_zh", &body.name_zh);
    let name_en = fields.line("/name_en", &body.name_en);
    fields.done()?;
    let role = insert(
        tx,
        ctx,
        &body.code,
        &name_zh,
        &name_en,
        &set(&body.capabilities),
    )?
    .ok_or_else(|| {
        AppError::new(
            Code::Duplicate,
            "该角色代码已被使用。",
            "The role's code is taken.",
        )
        .rule("ORG-07")
        .with_errors(vec![FieldError::new(
            "/code",
            "DUPLICATE",
            "代码已被使用。",
            "The code is taken.",
        )])
    })?;
    view(tx, ctx, role)
}

/// Writes a new role with its event; none if the code is taken. Also for the founding, when there is no administrator
/// yet.
///
/// # Errors
/// A database fault.
pub fn insert(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    code: &str,
    name_zh: &str,
    name_en: &str,
    capabilities: &[Capability],
) -> AppResult<Option<Role>> {
    let role = Role {
        id: ctx.new_id(),
        code: code.to_owned(),
        name_zh: name_zh.to_owned(),
        name_en: name_en.to_owned(),
        version: 1,
        created_at: ctx.now,
        updated_at: ctx.now,
    };
    if !roles::insert(tx, &role, capabilities)? {
        return Ok(None);
    }
    let data = json!({ "code": role.code, "capabilities": capabilities });
    ctx.record(
        tx,
        SubjectKind::Role,
        role.id,
        "role.created",
        &data,
        Some("ORG-07"),
    );
    Ok(Some(role))
}

/// Changes a role's names or capabilities.
///
/// # Errors
/// 403, also for the capabilities of a role that one holds oneself; 404; 412; 422.
pub fn update(tx: &mut Tx<'_>, ctx: &Ctx, id: RoleId, body: &RolePatch) -> AppResult<RoleView> {
    scope::require_company(ctx, Capability::ManageRoles)?;
    // Grants are given under the same lock, so nobody comes to hold the role between the check and the change.
    scope::lock(tx, ctx, Capability::ManageRoles)?;
    let mut role = roles::find(tx, id)?.ok_or_else(AppError::not_found)?;
    ctx.check_version(role.version)?;
    let read_version = role.version;
    let RolePatch {
        name_zh,
        name_en,
        capabilities,
    } = body;
    let mut fields = Fields::default();
    let mut changes = Changes::default();
    if let Some(name) = name_zh {
        changes.set("name_zh", &mut role.name_zh, fields.line("/name_zh", name));
    }
    if let Some(name) = name_en {
        changes.set("name_en", &mut role.name_en, fields.line("/name_en", name));
    }
    fields.done()?;
    let mut current = set(&roles::capabilities(tx, &[id])?
        .remove(&id)
        .unwrap_or_default());
    if let Some(capabilities) = capabilities {
        changes.set("capabilities", &mut current, set(capabilities));
    }
    if changes.is_empty() {
        return view(tx, ctx, role);
    }
    let rights = changes.has("capabilities");
    if rights {
        scope::not_oneself(roles::is_held_by(tx, id, ctx.actor.id)?)?;
    }
    role.version += 1;
    role.updated_at = ctx.now;
    if !roles::update(
        tx,
        &role,
        rights.then_some(current.as_slice()),
        read_version,
    )? {
        return Err(ctx.lost_update());
    }
    if rights {
        approvals::replace_holders_of_role(tx, ctx, id)?;
    }
    ctx.record(
        tx,
        SubjectKind::Role,
        id,
        "role.updated",
        &changes.into_value(),
        Some("ORG-07"),
    );
    view(tx, ctx, role)
}

/// Each capability once, in a fixed order.
fn set(capabilities: &[Capability]) -> Vec<Capability> {
    capabilities
        .iter()
        .copied()
        .collect::<BTreeSet<_>>()
        .into_iter()
        .collect()
}

fn view(conn: &mut Conn, ctx: &Ctx, role: Role) -> AppResult<RoleView> {
    views(conn, ctx, vec![role])?
        .pop()
        .ok_or_else(AppError::not_found)
}

fn views(conn: &mut Conn, ctx: &Ctx, rows: Vec<Role>) -> AppResult<Vec<RoleView>> {
    let ids: Vec<_> = rows.iter().map(|role| role.id).collect();
    let mut capabilities = roles::capabilities(conn, &ids)?;
    let manages = scope::require_company(ctx, Capability::ManageRoles).is_ok();
    let own: HashSet<RoleId> = if manages {
        roles::held_by(conn, ctx.actor.id)?
    } else {
        HashSet::new()
    };
    Ok(rows
        .into_iter()
        .map(|role| {
            let Role {
                id,
                code,
                name_zh,
                name_en,
                version,
                created_at,
                updated_at,
            } = role;
            let mut allowed_actions = Vec::new();
            if manages {
                allowed_actions.push(RoleAction::Rename);
                if !own.contains(&id) {
                    allowed_actions.push(RoleAction::ChangeCapabilities);
                }
            }
            let capabilities = set(&capabilities.remove(&id).unwrap_or_default());
            RoleView {
                id,
                code,
                name_zh,
                name_en,
                capabilities,
                version,
                created_at,
                updated_at,
                allowed_actions,
            }
        })
        .collect())
}
