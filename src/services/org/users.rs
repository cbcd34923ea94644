//! Users and service accounts (ORG-05, ORG-07, ORG-10, ORG-17, ORG-19, ORG-23).

use serde_json::json;

use crate::{
    api::org::user::{NewUser, UserFilter, UserPatch, UserView},
    context::Ctx,
    db::{Conn, Tx, paging::Page},
    domain::{
        fold,
        id::kind::UserId,
        vocabulary::{Capability, Employment, SubjectKind},
    },
    error::{AppError, AppResult, Code, FieldError},
    http::Listed,
    models::org::user::User,
    repositories::org::{
        reporting, sessions,
        users::{self, Narrow},
    },
    services::{
        governance::approvals,
        org::{
            fields::{Changes, Fields},
            scope,
            sessions::login_key,
            units::usable,
            user_views::{view, views},
        },
    },
};

pub use crate::repositories::org::users::UserSort;

/// One page of users.
///
/// # Errors
/// 403 without any role.
pub fn list(
    conn: &mut Conn,
    ctx: &Ctx,
    query: &Listed<UserFilter, UserSort>,
) -> AppResult<Page<UserView>> {
    scope::require_staff(ctx)?;
    let filter = &query.filter;
    let narrow = Narrow {
        unit_id: filter.unit_id,
        superior_id: filter.superior_id,
        employment: filter.employment,
        role_code: filter.role.clone(),
        disabled: filter.disabled,
        name_key: filter.q.as_deref().map(fold),
    };
    users::page(conn, &query.page, || users::narrowed(&narrow))?
        .try_map_all(|rows| views(conn, ctx, rows))
}

/// One user.
///
/// # Errors
/// 403 without any role, 404.
pub fn get(conn: &mut Conn, ctx: &Ctx, id: UserId) -> AppResult<UserView> {
    if id != ctx.actor.id {
        scope::require_staff(ctx)?;
    }
    let user = users::get(conn, id)?;
    view(conn, ctx, user)
}

/// The password that a new or reset account gets, hashed outside of the transaction.
#[derive(Debug, Clone)]
pub struct FirstPassword {
    /// Argon2id.
    pub hash: String,
    /// Whether it must be changed before anything else (ORG-19).
    pub must_change: bool,
}

/// Creates a user, of whatever department (ORG-05, ORG-06, ORG-17).
///
/// # Errors
/// 403; 409 when the login is taken; 422.
pub fn create(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    body: &NewUser,
    password: &FirstPassword,
) -> AppResult<UserView> {
    ctx.require(Capability::ManageUsers)?;
    scope::lock(tx, ctx, Capability::ManageUsers)?;
    let user = draft(tx, ctx, body, password)?;
    scope::require_in(tx, ctx, Capability::ManageUsers, body.unit_id)?;
    insert(tx, ctx, &user)?;
    view(tx, ctx, user)
}

/// The first user, who founds the company and so is under nobody's administration.
///
/// # Errors
/// 409 when the login is taken; 422.
pub fn create_founder(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    body: &NewUser,
    password: &FirstPassword,
) -> AppResult<User> {
    let mut user = draft(tx, ctx, body, password)?;
    user.id = ctx.actor.id;
    insert(tx, ctx, &user)?;
    Ok(user)
}

fn draft(conn: &mut Conn, ctx: &Ctx, body: &NewUser, password: &FirstPassword) -> AppResult<User> {
    let NewUser {
        login,
        name,
        unit_id,
        superior_id,
        grade,
        employment,
        clearance,
        service_account,
    } = body;
    let mut fields = Fields::default();
    let login = fields.line("/login", login);
    let name = fields.line("/name", name);
    usable(conn, "/unit_id", *unit_id, &mut fields)?;
    if let Some(superior) = superior_id {
        enabled(conn, "/superior_id", *superior, &mut fields)?;
    }
    fields.done()?;
    Ok(User {
        id: ctx.new_id(),
        login_key: login_key(&login),
        login,
        name_key: fold(&name),
        name,
        unit_id: *unit_id,
        superior_id: *superior_id,
        grade: *grade,
        employment: *employment,
        clearance: *clearance,
        service_account: *service_account,
        password_hash: password.hash.clone(),
        must_change_password: password.must_change,
        password_changed_at: ctx.now,
        disabled_at: (*employment == Employment::Left).then_some(ctx.now),
        version: 1,
        created_at: ctx.now,
        updated_at: ctx.now,
    })
}

fn insert(tx: &mut Tx<'_>, ctx: &Ctx, user: &User) -> AppResult<()> {
    if !users::insert(tx, user)? {
        return Err(AppError::new(
            Code::Duplicate,
            "该登录名已被使用（不区分全半角、大小写与空格）；请换一个。",
            "The login is taken (width, case and blanks do not matter): choose another.",
        )
        .rule("ORG-17")
        .with_errors(vec![FieldError::new(
            "/login",
            "DUPLICATE",
            "登录名已被使用。",
            "The login is taken.",
        )]));
    }
    reporting::enter(tx, user.id, user.superior_id)?;
    let data = json!({
        "name": user.name, "unit_id": user.unit_id, "superior_id": user.superior_id, "grade": user.grade,
        "employment": user.employment, "clearance": user.clearance, "service_account": user.service_account,
    });
    ctx.record(
        tx,
        SubjectKind::User,
        user.id,
        "user.created",
        &data,
        Some("ORG-17"),
    );
    Ok(())
}

/// A user of whom someone's work may depend; a failing field if unknown or disabled.
///
/// # Errors
/// A database fault.
pub fn enabled(
    conn: &mut Conn,
    pointer: &str,
    id: UserId,
    fields: &mut Fields,
) -> AppResult<Option<User>> {
    let user = users::find(conn, id)?;
    match &user {
        Some(user) if user.disabled_at.is_none() => {}
        Some(_) => fields.fail(FieldError::new(
            pointer,
            "DISABLED_USER",
            "该用户已停用。",
            "This user is disabled.",
        )),
        None => fields.fail(FieldError::new(
            pointer,
            "UNKNOWN_USER",
            "没有这个用户。",
            "There is no such user.",
        )),
    }
    Ok(user.filter(|user| user.disabled_at.is_none()))
}

/// The user that a command is about, under the organisation's lock, if the administrator's scope covers the user.
///
/// # Errors
/// 403, 404, 412.
pub fn administered(tx: &mut Tx<'_>, ctx: &Ctx, id: UserId) -> AppResult<User> {
    ctx.require(Capability::ManageUsers)?;
    scope::lock(tx, ctx, Capability::ManageUsers)?;
    let user = users::get(tx, id)?;
    scope::require_in(tx, ctx, Capability::ManageUsers, user.unit_id)?;
    Ok(user)
}

/// Changes a user: name, unit, superior, grade, employment, clearance. Whoever has left loses access at once.
///
/// # Errors
/// 403; 409 for a cycle of superiors; 412; 422.
pub fn update(tx: &mut Tx<'_>, ctx: &Ctx, id: UserId, body: &UserPatch) -> AppResult<UserView> {
    let mut user = administered(tx, ctx, id)?;
    ctx.check_version(user.version)?;
    let read_version = user.version;
    let UserPatch {
        name,
        unit_id,
        superior_id,
        grade,
        employment,
        clearance,
    } = body;
    let mut fields = Fields::default();
    let mut own = Changes::default();
    if let Some(name) = name {
        let name = fields.line("/name", name);
        user.name_key = fold(&name);
        own.set("name", &mut user.name, name);
    }
    let mut changes = Changes::default();
    if let Some(unit) = unit_id {
        changes.set("unit_id", &mut user.unit_id, *unit);
        if changes.has("unit_id") {
            usable(tx, "/unit_id", *unit, &mut fields)?;
        }
    }
    let superior = superior_id.clone().applied(user.superior_id);
    changes.set("superior_id", &mut user.superior_id, superior);
    if let Some(superior) = superior.filter(|_| changes.has("superior_id")) {
        enabled(tx, "/superior_id", superior, &mut fields)?;
    }
    let grade = grade.clone().applied(user.grade);
    changes.set("grade", &mut user.grade, grade);
    if let Some(employment) = employment {
        changes.set("employment", &mut user.employment, *employment);
    }
    if let Some(clearance) = clearance {
        changes.set("clearance", &mut user.clearance, *clearance);
    }
    fields.done()?;
    if changes.is_empty() && own.is_empty() {
        return view(tx, ctx, user);
    }
    scope::not_oneself(id == ctx.actor.id && !changes.is_empty())?;
    if changes.has("unit_id") {
        scope::require_in(tx, ctx, Capability::ManageUsers, user.unit_id)?;
    }
    if changes.has("superior_id") {
        reassign(tx, &user)?;
    }
    if user.employment == Employment::Left && user.disabled_at.is_none() {
        changes.set("disabled_at", &mut user.disabled_at, Some(ctx.now));
        sessions::end_all(tx, id, None, "left the company", ctx.now)?;
    }
    store(tx, ctx, &mut user, read_version)?;
    if changes.has("disabled_at") {
        approvals::replace_holders(tx, ctx, &[id])?;
    }
    ctx.record(
        tx,
        SubjectKind::User,
        id,
        "user.updated",
        &own.and(changes).into_value(),
        Some("ORG-07"),
    );
    view(tx, ctx, user)
}

/// Puts a user, with everyone below, under the new superior. The organisation's lock is held, so two moves at once
/// (A below B, B below A) come one after the other, and the second sees the cycle.
fn reassign(tx: &mut Tx<'_>, user: &User) -> AppResult<()> {
    if let Some(superior) = user.superior_id
        && reporting::is_above(tx, user.id, superior)?
    {
        return Err(AppError::new(
            Code::RuleRefused,
            "直接上司不能是本人或其下级；请选择其他上司。",
            "The direct superior is neither the user nor anyone below: choose another.",
        )
        .rule("ORG-10")
        .with("reason", "CYCLE"));
    }
    reporting::reattach(tx, user.id, user.superior_id)
}

/// Writes a changed user as the next version.
///
/// # Errors
/// 412 or a lost race when the row changed meanwhile.
pub fn store(tx: &mut Tx<'_>, ctx: &Ctx, user: &mut User, read_version: i64) -> AppResult<()> {
    user.version = read_version + 1;
    user.updated_at = ctx.now;
    if users::update(tx, user, read_version)? {
        Ok(())
    } else {
        Err(ctx.lost_update())
    }
}
