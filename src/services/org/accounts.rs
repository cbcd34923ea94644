//! Accounts: disabling, enabling, resetting the password (ORG-19, ORG-22, ORG-23).

use serde_json::json;

use crate::{
    api::org::user::UserView,
    context::Ctx,
    db::{Conn, Tx},
    domain::{
        id::kind::UserId,
        vocabulary::{Capability, SubjectKind},
    },
    error::{AppError, AppResult, Code},
    models::org::user::{FormerPassword, User},
    policy::org::{administration, password::PasswordSettings},
    repositories::org::{grants, sessions, units, users},
    services::{
        governance::approvals,
        org::{
            scope,
            user_views::view,
            users::{FirstPassword, administered, get, store},
        },
    },
};

/// The policy's initial password, for whoever may manage users; its hashing is slow, so it is the caller's business.
///
/// # Errors
/// 403; a database fault.
pub fn initial_password(ctx: &Ctx) -> AppResult<String> {
    ctx.require(Capability::ManageUsers)?;
    Ok(ctx.policy::<PasswordSettings>()?.value.initial_password)
}

/// Disables an account: all its sessions end at once (S2).
///
/// # Errors
/// 403 for one's own or outside one's scope; 409 when it is disabled already; 412.
pub fn disable(tx: &mut Tx<'_>, ctx: &Ctx, id: UserId) -> AppResult<UserView> {
    let mut user = administered(tx, ctx, id)?;
    scope::not_oneself(id == ctx.actor.id)?;
    ctx.check_version(user.version)?;
    if user.disabled_at.is_some() {
        return Err(AppError::new(
            Code::StateConflict,
            "该账号已停用。",
            "The account is disabled already.",
        ));
    }
    user.disabled_at = Some(ctx.now);
    let read_version = user.version;
    store(tx, ctx, &mut user, read_version)?;
    let sessions = sessions::end_all(tx, id, None, "account disabled", ctx.now)?;
    approvals::replace_holders(tx, ctx, &[id])?;
    let data = json!({ "sessions_ended": sessions });
    ctx.record(
        tx,
        SubjectKind::User,
        id,
        "user.disabled",
        &data,
        Some("ORG-23"),
    );
    view(tx, ctx, user)
}

/// Enables a disabled account again.
///
/// # Errors
/// 403; 409 when it is enabled, its owner has left or its unit is out of use; 412.
pub fn enable(tx: &mut Tx<'_>, ctx: &Ctx, id: UserId) -> AppResult<UserView> {
    let mut user = administered(tx, ctx, id)?;
    ctx.check_version(user.version)?;
    if user.disabled_at.is_none() {
        return Err(AppError::new(
            Code::StateConflict,
            "该账号未停用。",
            "The account is not disabled.",
        ));
    }
    administration::may_be_enabled(user.employment)?;
    if !units::find(tx, user.unit_id)?.is_some_and(|unit| unit.active) {
        return Err(AppError::new(
            Code::StateConflict,
            "该用户所在单元已停用；请先启用单元或把用户移到在用的单元。",
            "The user's unit is out of use: put it in use or move the user first.",
        )
        .rule("ORG-01"));
    }
    user.disabled_at = None;
    let read_version = user.version;
    store(tx, ctx, &mut user, read_version)?;
    ctx.record(
        tx,
        SubjectKind::User,
        id,
        "user.enabled",
        &json!({}),
        Some("ORG-07"),
    );
    view(tx, ctx, user)
}

/// Sets the initial password again, to be changed at the next login; all sessions end.
///
/// # Errors
/// 403 for one's own (change it instead) or outside one's scope; 412.
pub fn reset_password(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    id: UserId,
    password: &FirstPassword,
) -> AppResult<UserView> {
    let user = administered(tx, ctx, id)?;
    scope::not_oneself(id == ctx.actor.id)?;
    no_further_than_oneself(tx, ctx, &user)?;
    ctx.check_version(user.version)?;
    let former = FormerPassword {
        id: ctx.new_id(),
        user_id: id,
        password_hash: user.password_hash.clone(),
        set_at: user.password_changed_at,
    };
    if !users::set_password(
        tx,
        &user,
        &password.hash,
        password.must_change,
        ctx.now,
        &former,
    )? {
        return Err(ctx.lost_update());
    }
    sessions::end_all(tx, id, None, "password reset", ctx.now)?;
    sessions::clear_attempts(tx, &user.login_key)?;
    ctx.record(
        tx,
        SubjectKind::User,
        id,
        "user.password_reset",
        &json!({}),
        Some("ORG-19"),
    );
    get(tx, ctx, id)
}

/// Whoever resets a password could log in with it: so nobody resets that of someone whose roles reach beyond one's own
/// administration.
fn no_further_than_oneself(conn: &mut Conn, ctx: &Ctx, user: &User) -> AppResult<()> {
    let held: Vec<_> = grants::all_of(conn, user.id)?
        .into_iter()
        .map(|grant| (grant.scope, grant.scope_unit_id))
        .collect();
    scope::require_for_all(conn, ctx, Capability::ManageUsers, &held)
}
