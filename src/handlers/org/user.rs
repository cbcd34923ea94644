//! Users and service accounts.

use actix_web::{get, patch, post, web};

use crate::{
    api::org::user::{NewUser, UserFilter, UserPatch, UserView},
    app::App,
    auth::passwords,
    domain::id::kind::{User, UserId},
    error::{AppError, AppResult},
    http::{
        Body, Caller, Listed, NoBody, PathId, Reply,
        query::{ListOf, Paging},
    },
    services::org::{
        accounts,
        users::{self, FirstPassword, UserSort},
    },
};

/// The initial password, hashed outside of the transaction because that is slow on purpose.
async fn initial_password(app: &App, caller: &Caller) -> AppResult<FirstPassword> {
    let (reader, caller) = (app.clone(), caller.clone());
    let password = app
        .db()
        .read(move |conn| {
            let ctx = reader.ctx(conn, &caller)?;
            accounts::initial_password(&ctx)
        })
        .await?;
    let hash = web::block(move || passwords::hash(&password))
        .await
        .map_err(AppError::internal)??;
    Ok(FirstPassword {
        hash,
        must_change: true,
    })
}

/// List users.
///
/// By unit, superior, employment state, role, use and beginning of the name; sorted by `name` (default) or
/// `created_at` (ORG-05, ORG-09). Anyone who has a role may read the directory; accounts are shown to those who
/// manage them (ORG-08).
#[utoipa::path(tag = "Organisation", params(UserFilter, Paging), responses((status = 200, description = "A page of users.", body = ListOf<UserView>)))]
#[get("/users")]
pub async fn list_users(
    app: web::Data<App>,
    caller: Caller,
    query: Listed<UserFilter, UserSort>,
) -> AppResult<Reply> {
    app.list(caller, query, users::list).await
}

/// Create a user.
///
/// The login is unique whatever its width, case and blanks (ORG-17, ORG-18). The first password is the policy's
/// `initial_password` and must be changed at the first login, before anything else (ORG-19). Needs MANAGE_USERS
/// covering the unit (ORG-07).
#[utoipa::path(tag = "Organisation", request_body = NewUser, responses((status = 201, description = "Created.", body = UserView)))]
#[post("/users")]
pub async fn create_user(
    app: web::Data<App>,
    caller: Caller,
    body: Body<NewUser>,
) -> AppResult<Reply> {
    let password = initial_password(&app, &caller).await?;
    app.create(caller, body, move |tx, ctx, body| {
        users::create(tx, ctx, body, &password)
    })
    .await
}

/// Get a user.
///
/// With unit, superior and what the caller may do; the account is shown to the user and those who manage the user
/// (ORG-08).
#[utoipa::path(tag = "Organisation", params(("id" = UserId, Path, description = "User.")), responses((status = 200, description = "The user.", body = UserView)))]
#[get("/users/{id}")]
pub async fn get_user(app: web::Data<App>, caller: Caller, id: PathId<User>) -> AppResult<Reply> {
    app.read(caller, move |conn, ctx| users::get(conn, ctx, id.0))
        .await
}

/// Change a user.
///
/// Name, unit, direct superior (everyone below moves along; a cycle is refused, ORG-10), grade (ORG-35), employment
/// state (ORG-37) and clearance (ORG-26). Whoever becomes LEFT loses access at once (ORG-23). Of oneself one changes
/// the name only. Needs MANAGE_USERS covering the unit, and the new one (ORG-07). `If-Match` is required.
#[utoipa::path(tag = "Organisation", params(("id" = UserId, Path, description = "User.")), request_body = UserPatch, responses((status = 200, description = "The changed user.", body = UserView)))]
#[patch("/users/{id}")]
pub async fn update_user(
    app: web::Data<App>,
    caller: Caller,
    id: PathId<User>,
    body: Body<UserPatch>,
) -> AppResult<Reply> {
    app.decide(caller, body, move |tx, ctx, body| {
        users::update(tx, ctx, id.0, body)
    })
    .await
}

/// Disable a user.
///
/// All sessions of the account end at once (ORG-23); nobody disables oneself. Needs MANAGE_USERS covering the unit
/// (ORG-07).
#[utoipa::path(tag = "Organisation", params(("id" = UserId, Path, description = "User.")), responses((status = 200, description = "The disabled user.", body = UserView)))]
#[post("/users/{id}/disable")]
pub async fn disable_user(
    app: web::Data<App>,
    caller: Caller,
    id: PathId<User>,
    body: NoBody,
) -> AppResult<Reply> {
    app.command(caller, body, move |tx, ctx, ()| {
        accounts::disable(tx, ctx, id.0)
    })
    .await
}

/// Enable a user.
///
/// Gives access again; refused for someone who has left (ORG-23) or whose unit is out of use. Needs MANAGE_USERS
/// covering the unit (ORG-07).
#[utoipa::path(tag = "Organisation", params(("id" = UserId, Path, description = "User.")), responses((status = 200, description = "The enabled user.", body = UserView)))]
#[post("/users/{id}/enable")]
pub async fn enable_user(
    app: web::Data<App>,
    caller: Caller,
    id: PathId<User>,
    body: NoBody,
) -> AppResult<Reply> {
    app.command(caller, body, move |tx, ctx, ()| {
        accounts::enable(tx, ctx, id.0)
    })
    .await
}

/// Reset a user's password.
///
/// To the policy's `initial_password`, to be changed at the next login (ORG-19); all sessions end. One's own is
/// changed, not reset. Needs MANAGE_USERS covering the unit (ORG-07).
#[utoipa::path(tag = "Organisation", params(("id" = UserId, Path, description = "User.")), responses((status = 200, description = "The user.", body = UserView)))]
#[post("/users/{id}/reset-password")]
pub async fn reset_user_password(
    app: web::Data<App>,
    caller: Caller,
    id: PathId<User>,
    body: NoBody,
) -> AppResult<Reply> {
    let password = initial_password(&app, &caller).await?;
    app.command(caller, body, move |tx, ctx, ()| {
        accounts::reset_password(tx, ctx, id.0, &password)
    })
    .await
}
