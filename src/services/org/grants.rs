//! Roles given to users: what one may do, and how far (ORG-07, ORG-08, SEC-13).

use serde_json::json;

use crate::{
    api::{
        org::grant::{GrantAction, GrantFilter, NewGrant, RoleGrantView},
        refs::UnitRef,
    },
    context::Ctx,
    db::{Conn, Tx, paging::Page},
    domain::{
        id::kind::{GrantId, UserId},
        vocabulary::{Capability, Scope, SubjectKind},
    },
    error::{AppError, AppResult, Code, FieldError},
    http::Listed,
    models::org::{
        role::{Role, UserRole},
        unit::Unit,
        user::User,
    },
    repositories::org::{grants, roles, units, users},
    services::{
        governance::approvals,
        org::{fields::Fields, scope, units::usable, users::administered},
    },
};

pub use crate::repositories::org::grants::GrantSort;

/// A user's grants: one's own, or those of users whom one manages.
///
/// # Errors
/// 403, 404.
pub fn list(
    conn: &mut Conn,
    ctx: &Ctx,
    user: UserId,
    query: &Listed<GrantFilter, GrantSort>,
) -> AppResult<Page<RoleGrantView>> {
    let user = readable(conn, ctx, user)?;
    grants::page(conn, &query.page, || grants::of_user(user.id))?
        .try_map_all(|rows| views(conn, ctx, &user, rows))
}

/// One grant.
///
/// # Errors
/// 403, 404.
pub fn get(conn: &mut Conn, ctx: &Ctx, id: GrantId) -> AppResult<RoleGrantView> {
    scope::require_staff(ctx)?;
    let grant = grants::find(conn, id)?.ok_or_else(AppError::not_found)?;
    let user = readable(conn, ctx, grant.user_id)?;
    view(conn, ctx, &user, grant)
}

fn readable(conn: &mut Conn, ctx: &Ctx, user: UserId) -> AppResult<User> {
    if user == ctx.actor.id {
        return users::get(conn, user);
    }
    ctx.require(Capability::ManageUsers)?;
    let user = users::get(conn, user)?;
    scope::require_in(conn, ctx, Capability::ManageUsers, user.unit_id)?;
    Ok(user)
}

/// Gives a role to a user; it takes effect with the user's next request.
///
/// # Errors
/// 403 for oneself or beyond one's own reach; 409 when the user has it; 422.
pub fn create(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    user: UserId,
    body: &NewGrant,
) -> AppResult<RoleGrantView> {
    let user = administered(tx, ctx, user)?;
    scope::not_oneself(user.id == ctx.actor.id)?;
    let (role, unit) = resolve(tx, &user, body)?;
    scope::require_for(tx, ctx, Capability::ManageUsers, body.scope, unit.id)?;
    let grant = give(tx, ctx, &user, &role, body.scope, &unit)?;
    view(tx, ctx, &user, grant)
}

/// The founder's own role, which nobody else could give.
///
/// # Errors
/// A database fault.
pub fn create_founders(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    user: &User,
    role: &Role,
    root: &Unit,
) -> AppResult<()> {
    give(tx, ctx, user, role, Scope::Company, root).map(drop)
}

fn resolve(conn: &mut Conn, user: &User, body: &NewGrant) -> AppResult<(Role, Unit)> {
    let mut fields = Fields::default();
    let role = roles::by_code(conn, &body.role_code)?;
    if role.is_none() {
        fields.fail(FieldError::new(
            "/role_code",
            "UNKNOWN_ROLE",
            "没有这个角色。",
            "There is no such role.",
        ));
    }
    let unit = match (body.scope, body.scope_unit_id) {
        (Scope::Company, None) => Some(units::root(conn)?),
        (Scope::Company, Some(_)) => {
            fields.fail(FieldError::new(
                "/scope_unit_id",
                "NOT_WITH_COMPANY",
                "范围为全公司时不需要单元。",
                "With scope COMPANY there is no unit.",
            ));
            None
        }
        (_, given) => usable(
            conn,
            "/scope_unit_id",
            given.unwrap_or(user.unit_id),
            &mut fields,
        )?,
    };
    fields.done()?;
    role.zip(unit).ok_or_else(AppError::not_found)
}

fn give(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    user: &User,
    role: &Role,
    scope: Scope,
    unit: &Unit,
) -> AppResult<UserRole> {
    let grant = UserRole {
        id: ctx.new_id(),
        user_id: user.id,
        role_id: role.id,
        scope,
        scope_unit_id: unit.id,
        created_at: ctx.now,
    };
    if !grants::insert(tx, &grant)? {
        return Err(AppError::new(
            Code::Duplicate,
            "该用户已有此范围的此角色。",
            "The user has this role with this scope already.",
        )
        .rule("ORG-07"));
    }
    let data =
        json!({ "grant_id": grant.id, "role": role.code, "scope": scope, "unit_id": unit.id });
    ctx.record(
        tx,
        SubjectKind::User,
        user.id,
        "user.role_granted",
        &data,
        Some("ORG-07"),
    );
    Ok(grant)
}

/// Takes a role back; it takes effect with the user's next request.
///
/// # Errors
/// 403 for oneself or beyond one's own reach; 404; 412.
pub fn revoke(tx: &mut Tx<'_>, ctx: &Ctx, id: GrantId) -> AppResult<()> {
    ctx.require(Capability::ManageUsers)?;
    let grant = grants::find(tx, id)?.ok_or_else(AppError::not_found)?;
    let user = administered(tx, ctx, grant.user_id)?;
    scope::not_oneself(user.id == ctx.actor.id)?;
    scope::require_for(
        tx,
        ctx,
        Capability::ManageUsers,
        grant.scope,
        grant.scope_unit_id,
    )?;
    ctx.check_version(VERSION)?;
    if !grants::delete(tx, id)? {
        return Err(AppError::not_found());
    }
    approvals::replace_holders(tx, ctx, &[user.id])?;
    let role = roles::find(tx, grant.role_id)?.map(|role| role.code);
    let data = json!({ "grant_id": id, "role": role, "scope": grant.scope, "unit_id": grant.scope_unit_id });
    ctx.record(
        tx,
        SubjectKind::User,
        user.id,
        "user.role_revoked",
        &data,
        Some("ORG-07"),
    );
    Ok(())
}

/// A grant is never changed, only given and taken back.
const VERSION: i64 = 1;

fn view(conn: &mut Conn, ctx: &Ctx, user: &User, grant: UserRole) -> AppResult<RoleGrantView> {
    views(conn, ctx, user, vec![grant])?
        .pop()
        .ok_or_else(AppError::not_found)
}

fn views(
    conn: &mut Conn,
    ctx: &Ctx,
    user: &User,
    rows: Vec<UserRole>,
) -> AppResult<Vec<RoleGrantView>> {
    let roles = roles::by_ids(
        conn,
        &rows.iter().map(|grant| grant.role_id).collect::<Vec<_>>(),
    )?;
    let unit_ids: Vec<_> = rows
        .iter()
        .map(|grant| grant.scope_unit_id)
        .chain([user.unit_id])
        .collect();
    let paths = units::paths(conn, &unit_ids)?;
    let covered = |unit, wanted| {
        let path: Vec<_> = paths
            .get(&unit)
            .into_iter()
            .flatten()
            .map(|(id, _)| *id)
            .collect();
        scope::covers_as(ctx, Capability::ManageUsers, wanted, &path)
    };
    let managed = user.id != ctx.actor.id && covered(user.unit_id, Scope::Unit);
    Ok(rows
        .into_iter()
        .filter_map(|grant| {
            let role = roles.get(&grant.role_id)?;
            let unit = paths.get(&grant.scope_unit_id).and_then(|path| path.last());
            let revocable = managed && covered(grant.scope_unit_id, grant.scope);
            Some(RoleGrantView {
                id: grant.id,
                user_id: grant.user_id,
                role_id: grant.role_id,
                role_code: role.code.clone(),
                role_name_zh: role.name_zh.clone(),
                role_name_en: role.name_en.clone(),
                scope: grant.scope,
                scope_unit: UnitRef {
                    id: grant.scope_unit_id,
                    name: unit.map(|(_, name)| name.clone()).unwrap_or_default(),
                },
                version: VERSION,
                created_at: grant.created_at,
                allowed_actions: if revocable {
                    vec![GrantAction::Revoke]
                } else {
                    Vec::new()
                },
            })
        })
        .collect())
}
