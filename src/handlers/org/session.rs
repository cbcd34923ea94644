//! Login, refresh, logout, password, and who one is.

use actix_web::{HttpRequest, get, post, web};

use crate::{
    api::org::session::{ChangePassword, GrantView, Login, Logout, Me, Refresh, TokenPair},
    app::App,
    context::Origin,
    error::{AppError, AppResult, Code},
    http::{Body, Caller, Reply, caller},
    services::org::sessions,
};

fn origin(request: &HttpRequest) -> AppResult<Origin> {
    let edge = caller::edge(request).ok_or_else(|| AppError::internal("no edge"))?;
    Ok(Origin {
        source: edge.source,
        trace_id: edge.trace_id,
    })
}

/// Log in.
///
/// Gives a short access token and a refresh token. Attempts are counted per account and window (S7); while the
/// initial password is in place nothing but a password change is open (ORG-17, ORG-19, SEC-01).
#[utoipa::path(tag = "Sessions", security(()), request_body = Login, responses((status = 200, description = "A pair of tokens.", body = TokenPair)))]
#[post("/auth/login")]
pub async fn login(
    app: web::Data<App>,
    request: HttpRequest,
    body: Body<Login>,
) -> AppResult<Reply> {
    let (origin, body) = (origin(&request)?, body.value);
    let in_tx = app.clone();
    let login = body.login.clone();
    let challenge = app
        .db()
        .write(move |tx| sessions::challenge(tx, &in_tx, &login))
        .await?;
    let (challenge, right) = web::block(move || {
        let right = sessions::verify(&challenge, &body.password);
        (challenge, right)
    })
    .await
    .map_err(AppError::internal)?;
    let in_tx = app.clone();
    let pair = app
        .db()
        .write(move |tx| sessions::conclude(tx, &in_tx, &challenge, right, &origin))
        .await?;
    Reply::of(200, &pair)
}

/// Exchange a refresh token.
///
/// Each refresh token can be exchanged once; a second exchange ends the whole session, because one of the two holders
/// has stolen it (ORG-22, SEC-01).
#[utoipa::path(tag = "Sessions", security(()), request_body = Refresh, responses((status = 200, description = "A fresh pair of tokens.", body = TokenPair)))]
#[post("/auth/refresh")]
pub async fn refresh(
    app: web::Data<App>,
    request: HttpRequest,
    body: Body<Refresh>,
) -> AppResult<Reply> {
    let origin = origin(&request)?;
    let in_tx = app.clone();
    let pair = app
        .db()
        .write(move |tx| sessions::refresh(tx, &in_tx, &body.value.refresh_token, &origin))
        .await?;
    Reply::of(200, &pair)
}

/// Log out.
///
/// Ends this session, or all of one's sessions; their tokens are refused from then on (S2).
#[utoipa::path(tag = "Sessions", request_body = Logout, responses((status = 200, description = "Logged out.", body = Object)))]
#[post("/auth/logout")]
pub async fn logout(app: web::Data<App>, caller: Caller, body: Body<Logout>) -> AppResult<Reply> {
    app.command(caller.before_password_change(), body, |tx, ctx, body| {
        sessions::logout(tx, ctx, body.everywhere)?;
        Ok(serde_json::json!({}))
    })
    .await
}

/// Change one's password.
///
/// Refused with every reason at once: too short, a common password, the initial one, one used before (ORG-19,
/// ORG-20). All other sessions end.
#[utoipa::path(tag = "Sessions", request_body = ChangePassword, responses((status = 200, description = "Changed.", body = Object)))]
#[post("/auth/change-password")]
pub async fn change_password(
    app: web::Data<App>,
    caller: Caller,
    body: Body<ChangePassword>,
) -> AppResult<Reply> {
    let caller = caller.before_password_change();
    let (in_tx, counted) = (app.clone(), caller.clone());
    let (user, former, settings) = app
        .db()
        .write(move |tx| {
            in_tx
                .ctx(tx, &counted)
                .and_then(|ctx| sessions::password_facts(tx, &ctx))
        })
        .await?;
    let (judged, body) = web::block(move || {
        (
            sessions::judge_password(user, &former, &settings, &body.value),
            body,
        )
    })
    .await
    .map_err(AppError::internal)?;
    let new = match judged {
        Ok(new) => new,
        Err(refusal) if refusal.code() == Code::BadCredentials => return Err(refusal),
        Err(refusal) => {
            let in_tx = app.clone();
            app.db()
                .write(move |tx| {
                    in_tx
                        .ctx(tx, &caller)
                        .and_then(|ctx| sessions::forget_attempts(tx, &ctx))
                })
                .await?;
            return Err(refusal);
        }
    };
    app.command(caller, body, move |tx, ctx, _| {
        sessions::forget_attempts(tx, ctx)?;
        sessions::change_password(tx, ctx, &new)?;
        Ok(serde_json::json!({}))
    })
    .await
}

/// Who am I?
///
/// The caller's unit, clearance, capabilities with their reach, and for whom the caller stands in (ORG-08).
#[utoipa::path(tag = "Sessions", responses((status = 200, description = "The caller.", body = Me)))]
#[get("/me")]
pub async fn me(app: web::Data<App>, caller: Caller) -> AppResult<Reply> {
    app.read(caller.before_password_change(), |_, ctx| {
        let actor = ctx.actor.clone();
        Ok(Me {
            id: actor.id,
            name: actor.name,
            unit_id: actor.unit_id,
            clearance: actor.clearance,
            grants: actor
                .grants
                .into_iter()
                .map(|grant| GrantView {
                    capability: grant.capability,
                    scope: grant.scope,
                    unit_id: grant.unit_id,
                })
                .collect(),
            stands_in_for: actor.stands_in_for,
            must_change_password: actor.must_change_password,
        })
    })
    .await
}
