//! Login, refresh, logout, password change (ORG-17, ORG-19, ORG-20, SEC-01). Passwords are hashed outside of
//! transactions, because that takes tens of milliseconds on purpose.

use chrono::Duration;
use serde_json::json;

use crate::{
    api::org::session::{ChangePassword, TokenPair},
    app::App,
    auth::passwords,
    context::{Ctx, Origin},
    db::{Conn, EventDraft, Tx},
    domain::{
        fold,
        id::kind::{SessionId, UserId},
        timestamp::Timestamp,
        vocabulary::SubjectKind,
    },
    error::{AppError, AppResult, Code, FieldError, seconds_until},
    http::dispatch::session_ended,
    models::org::{
        session::{LoginAttempt, RefreshToken, Session},
        user::{FormerPassword, User},
    },
    policy::org::{
        password::{self, PasswordSettings},
        session::SessionSettings,
    },
    repositories::org::{sessions, users},
    services::governance::policies,
};

/// A login folded for comparison: width, case and blanks do not matter.
pub fn login_key(login: &str) -> String {
    fold(login)
}

/// What the first transaction of a login found.
pub struct Challenge {
    user: Option<User>,
    login_key: String,
}

/// Counts the attempt before anything is compared, so that parallel guesses count too (S7).
///
/// # Errors
/// 429 when the window's attempts are used up; the wait never exceeds the window.
pub fn challenge(tx: &mut Tx<'_>, app: &App, login: &str) -> AppResult<Challenge> {
    let login_key = login_key(login);
    take_attempt(tx, &login_key, app.now())?;
    let user = users::by_login(tx, &login_key)?.filter(|user| user.disabled_at.is_none());
    Ok(Challenge { user, login_key })
}

/// One attempt of the account's window is used up, in a transaction of its own.
fn take_attempt(tx: &mut Tx<'_>, login_key: &str, now: Timestamp) -> AppResult<()> {
    let settings = policies::current::<SessionSettings>(tx, now)?.value;
    let window = Duration::minutes(settings.login_window_minutes.into());
    let taken = sessions::take_attempt(
        tx,
        login_key,
        settings.login_attempts.into(),
        now.plus(-window),
        now,
    )?;
    taken.map_err(|started| {
        AppError::too_many(
            seconds_until(now, started.plus(window)),
            "该账号短时间内登录尝试过多，请稍后再试；若非本人操作请通知系统管理员。",
            "Too many login attempts for this account: wait, and tell the administrator if it was not you.",
        )
        .rule("ORG-22")
    })
}

/// Compares the password; as slow for unknown logins as for known ones.
pub fn verify(challenge: &Challenge, password: &str) -> bool {
    match &challenge.user {
        Some(user) => passwords::verify(password, &user.password_hash),
        None => {
            passwords::verify_nothing(password);
            false
        }
    }
}

/// Opens the session of a login whose password was right, or records the failure.
///
/// # Errors
/// 401 (recorded) when the password was wrong.
pub fn conclude(
    tx: &mut Tx<'_>,
    app: &App,
    challenge: &Challenge,
    right: bool,
    origin: &Origin,
) -> AppResult<TokenPair> {
    let now = app.now();
    sessions::record_attempt(
        tx,
        &LoginAttempt {
            id: app.ids().next(now),
            login_key: challenge.login_key.clone(),
            source: origin.source.clone(),
            attempted_at: now,
            succeeded: right,
        },
    )?;
    let user = match &challenge.user {
        Some(user) if right => users::get(tx, user.id)?,
        _ => {
            return Err(AppError::new(
                Code::BadCredentials,
                "账号或密码不正确。",
                "Login or password is wrong.",
            )
            .rule("SEC-01")
            .recorded());
        }
    };
    sessions::clear_attempts(tx, &challenge.login_key)?;
    let settings = policies::current::<PasswordSettings>(tx, now)?.value;
    let expired = user
        .password_changed_at
        .plus(Duration::days(settings.max_age_days.into()))
        <= now;
    if expired && !user.must_change_password && !user.service_account {
        users::require_password_change(tx, user.id)?;
    }
    let session = SessionSettingsAt::load(tx, now)?;
    let id: SessionId = app.ids().next(now);
    let (token, row) = session.refresh_token(app, id);
    sessions::open(
        tx,
        &Session {
            id,
            user_id: user.id,
            created_at: now,
            last_used_at: now,
            expires_at: row.expires_at,
            revoked_at: None,
            revoked_because: None,
        },
        &row,
    )?;
    tx.push_event(EventDraft {
        id: app.ids().next(now),
        at: now,
        actor_id: user.id,
        subject_kind: SubjectKind::Session,
        subject_id: id.cast(),
        kind: "session.opened".into(),
        data: json!({ "user_id": user.id }).to_string(),
        rule: Some("SEC-01"),
        source: origin.source.clone(),
        trace_id: origin.trace_id.clone(),
    });
    session.pair(
        app,
        user.id,
        id,
        token,
        user.must_change_password || expired,
    )
}

/// Exchanges a refresh token for a new pair. A token that was exchanged before ends its whole family: one of the two
/// who hold it has stolen it.
///
/// # Errors
/// 401.
pub fn refresh(tx: &mut Tx<'_>, app: &App, token: &str, origin: &Origin) -> AppResult<TokenPair> {
    let now = app.now();
    let hash = app.tokens().refresh_hash(token);
    let (kept, session) = sessions::by_token(tx, &hash)?.ok_or_else(session_ended)?;
    if session.revoked_at.is_some() || session.expires_at <= now || kept.expires_at <= now {
        return Err(session_ended());
    }
    if !sessions::use_token(tx, &hash, now)? {
        sessions::end(tx, session.id, "refresh token used twice", now)?;
        tx.push_event(EventDraft {
            id: app.ids().next(now),
            at: now,
            actor_id: session.user_id,
            subject_kind: SubjectKind::Session,
            subject_id: session.id.cast(),
            kind: "session.token_reused".into(),
            data: json!({ "user_id": session.user_id }).to_string(),
            rule: Some("ORG-22"),
            source: origin.source.clone(),
            trace_id: origin.trace_id.clone(),
        });
        return Err(session_ended().rule("ORG-22").recorded());
    }
    let user = users::get(tx, session.user_id)?;
    if user.disabled_at.is_some() {
        return Err(session_ended());
    }
    sessions::touch(tx, session.id, now)?;
    let settings = SessionSettingsAt::load(tx, now)?;
    let (token, mut row) = settings.refresh_token(app, session.id);
    row.expires_at = row.expires_at.min(session.expires_at);
    sessions::add_token(tx, &row)?;
    settings.pair(app, user.id, session.id, token, user.must_change_password)
}

/// Ends the caller's session, or all of the caller's sessions.
///
/// # Errors
/// A database fault.
pub fn logout(tx: &mut Tx<'_>, ctx: &Ctx, everywhere: bool) -> AppResult<()> {
    if everywhere {
        sessions::end_all(tx, ctx.actor.id, None, "logout everywhere", ctx.now)?;
    } else if let Some(session) = ctx.actor.session_id {
        sessions::end(tx, session, "logout", ctx.now)?;
    }
    if let Some(session) = ctx.actor.session_id {
        ctx.record(
            tx,
            SubjectKind::Session,
            session,
            "session.closed",
            &json!({ "everywhere": everywhere }),
            None,
        );
    }
    Ok(())
}

/// A password change that has been checked and hashed.
pub struct NewPassword {
    user: User,
    hash: String,
}

impl NewPassword {
    /// A password that was judged and hashed elsewhere: the demo's, which is the same for everyone.
    pub fn hashed(user: User, hash: String) -> Self {
        Self { user, hash }
    }
}

/// Judges a new password (ORG-19, ORG-20, AMB-21, AMB-27) and hashes it; slow, so outside of the transaction.
///
/// # Errors
/// 401 when the current password is wrong; 422 with every reason.
pub fn judge_password(
    user: User,
    former: &[String],
    settings: &PasswordSettings,
    body: &ChangePassword,
) -> AppResult<NewPassword> {
    if !passwords::verify(&body.current_password, &user.password_hash) {
        return Err(AppError::new(
            Code::BadCredentials,
            "当前密码不正确。",
            "The current password is wrong.",
        ));
    }
    let reused = passwords::verify(&body.new_password, &user.password_hash)
        || former
            .iter()
            .any(|hash| passwords::verify(&body.new_password, hash));
    let facts = password::Facts {
        login: &user.login,
        name: &user.name,
        is_initial: body.new_password == settings.initial_password,
        reused,
    };
    accept("/new_password", &body.new_password, &facts, settings)?;
    let hash = passwords::hash(&body.new_password)?;
    Ok(NewPassword { user, hash })
}

fn accept(
    pointer: &str,
    candidate: &str,
    facts: &password::Facts<'_>,
    settings: &PasswordSettings,
) -> AppResult<()> {
    let reasons = password::check(candidate, facts, settings);
    let Some(rule) = reasons.first().map(|reason| reason.rule) else {
        return Ok(());
    };
    let errors = reasons
        .into_iter()
        .map(|r| FieldError::new(pointer, r.code, r.zh, r.en))
        .collect();
    Err(AppError::invalid(errors).rule(rule))
}

/// Judges the password that somebody chose for an account which is yet to be created.
///
/// # Errors
/// 422 with every reason.
pub fn judge_first_password(
    conn: &mut Conn,
    now: Timestamp,
    candidate: &str,
    login: &str,
    name: &str,
) -> AppResult<()> {
    let settings = policies::current::<PasswordSettings>(conn, now)?.value;
    let facts = password::Facts {
        login,
        name,
        is_initial: false,
        reused: false,
    };
    accept("/password", candidate, &facts, &settings)
}

/// What [`judge_password`] needs to know. The current password is guessed here as well as at login, so an attempt is
/// counted before it is compared (S7).
///
/// # Errors
/// 429 when the window's attempts are used up.
pub fn password_facts(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
) -> AppResult<(User, Vec<String>, PasswordSettings)> {
    let settings = ctx.policy::<PasswordSettings>()?.value;
    let user = users::get(tx, ctx.actor.id)?;
    take_attempt(tx, &user.login_key, ctx.now)?;
    let former = users::former_passwords(tx, user.id, settings.history.into())?;
    Ok((user, former, settings))
}

/// The current password was right, whatever became of the new one: the account's window starts afresh.
///
/// # Errors
/// A database fault.
pub fn forget_attempts(tx: &mut Tx<'_>, ctx: &Ctx) -> AppResult<()> {
    let user = users::get(tx, ctx.actor.id)?;
    sessions::clear_attempts(tx, &user.login_key)
}

/// The actor's own account.
///
/// # Errors
/// 404, or a database fault.
pub fn own_account(conn: &mut Conn, ctx: &Ctx) -> AppResult<User> {
    users::get(conn, ctx.actor.id)
}

/// Sets the new password and ends the caller's other sessions.
///
/// # Errors
/// 503 when the account changed meanwhile.
pub fn change_password(tx: &mut Tx<'_>, ctx: &Ctx, new: &NewPassword) -> AppResult<()> {
    let former = FormerPassword {
        id: ctx.new_id(),
        user_id: new.user.id,
        password_hash: new.user.password_hash.clone(),
        set_at: new.user.password_changed_at,
    };
    if !users::set_password(tx, &new.user, &new.hash, false, ctx.now, &former)? {
        return Err(AppError::stale());
    }
    sessions::end_all(
        tx,
        new.user.id,
        ctx.actor.session_id,
        "password changed",
        ctx.now,
    )?;
    ctx.record(
        tx,
        SubjectKind::User,
        new.user.id,
        "user.password_changed",
        &json!({}),
        Some("ORG-20"),
    );
    Ok(())
}

struct SessionSettingsAt {
    settings: SessionSettings,
    now: Timestamp,
}

impl SessionSettingsAt {
    fn load(conn: &mut Conn, now: Timestamp) -> AppResult<Self> {
        Ok(Self {
            settings: policies::current::<SessionSettings>(conn, now)?.value,
            now,
        })
    }

    fn refresh_token(&self, app: &App, session_id: SessionId) -> (String, RefreshToken) {
        let (token, token_hash) = app.tokens().fresh_refresh();
        let expires_at = self
            .now
            .plus(Duration::days(self.settings.refresh_days.into()));
        (
            token,
            RefreshToken {
                token_hash,
                session_id,
                issued_at: self.now,
                expires_at,
                used_at: None,
            },
        )
    }

    fn pair(
        &self,
        app: &App,
        user: UserId,
        session: SessionId,
        refresh_token: String,
        must_change: bool,
    ) -> AppResult<TokenPair> {
        let minutes = i64::from(self.settings.access_minutes);
        Ok(TokenPair {
            access_token: app.tokens().issue(user, session, self.now, minutes)?,
            token_type: "Bearer".into(),
            expires_in: minutes * 60,
            refresh_token,
            must_change_password: must_change,
        })
    }
}
