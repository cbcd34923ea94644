//! Sessions, refresh tokens and the counters that stop guessing.

use diesel::prelude::*;

use crate::{
    db::{
        Conn, Tx, Unique,
        schema::{login_attempts, login_windows, refresh_tokens, sessions},
        violates,
    },
    domain::{
        id::kind::{SessionId, UserId},
        timestamp::Timestamp,
    },
    error::{AppError, AppResult},
    models::org::session::{LoginAttempt, LoginWindow, RefreshToken, Session},
};

const WINDOW_KEY: Unique = Unique {
    name: "login_windows_pkey",
    columns: "login_windows.login_key",
};

/// Opens a session with its first refresh token.
///
/// # Errors
/// A database fault.
pub fn open(tx: &mut Tx<'_>, session: &Session, token: &RefreshToken) -> AppResult<()> {
    diesel::insert_into(sessions::table)
        .values(session)
        .execute(tx.conn())?;
    add_token(tx, token)
}

/// Adds a refresh token to its family.
///
/// # Errors
/// A database fault.
pub fn add_token(tx: &mut Tx<'_>, token: &RefreshToken) -> AppResult<()> {
    diesel::insert_into(refresh_tokens::table)
        .values(token)
        .execute(tx.conn())?;
    Ok(())
}

/// A refresh token and its session, by the token's hash.
///
/// # Errors
/// A database fault.
pub fn by_token(conn: &mut Conn, hash: &str) -> AppResult<Option<(RefreshToken, Session)>> {
    let Some(token) = RefreshToken::query()
        .filter(refresh_tokens::token_hash.eq(hash))
        .first(conn)
        .optional()?
    else {
        return Ok(None);
    };
    let session = Session::query()
        .filter(sessions::id.eq(token.session_id))
        .first(conn)?;
    Ok(Some((token, session)))
}

/// Marks a token as exchanged: `false` if it was before, by whomever.
///
/// # Errors
/// A database fault.
pub fn use_token(tx: &mut Tx<'_>, hash: &str, at: Timestamp) -> AppResult<bool> {
    let token = refresh_tokens::table
        .find(hash)
        .filter(refresh_tokens::used_at.is_null());
    Ok(diesel::update(token)
        .set(refresh_tokens::used_at.eq(at))
        .execute(tx.conn())?
        == 1)
}

/// Notes that a session is in use.
///
/// # Errors
/// A database fault.
pub fn touch(tx: &mut Tx<'_>, id: SessionId, at: Timestamp) -> AppResult<()> {
    diesel::update(sessions::table.find(id))
        .set(sessions::last_used_at.eq(at))
        .execute(tx.conn())?;
    Ok(())
}

/// Ends a session and so its whole family of tokens.
///
/// # Errors
/// A database fault.
pub fn end(tx: &mut Tx<'_>, id: SessionId, why: &str, at: Timestamp) -> AppResult<()> {
    diesel::update(
        sessions::table
            .find(id)
            .filter(sessions::revoked_at.is_null()),
    )
    .set((
        sessions::revoked_at.eq(at),
        sessions::revoked_because.eq(why),
    ))
    .execute(tx.conn())?;
    Ok(())
}

/// Ends all sessions of a user, but one if given.
///
/// # Errors
/// A database fault.
pub fn end_all(
    tx: &mut Tx<'_>,
    user: UserId,
    but: Option<SessionId>,
    why: &str,
    at: Timestamp,
) -> AppResult<usize> {
    let mut open: Vec<SessionId> = sessions::table
        .filter(sessions::user_id.eq(user))
        .filter(sessions::revoked_at.is_null())
        .select(sessions::id)
        .load(tx.conn())?;
    open.retain(|id| Some(*id) != but);
    for ids in open.chunks(500) {
        diesel::update(sessions::table.filter(sessions::id.eq_any(ids)))
            .set((
                sessions::revoked_at.eq(at),
                sessions::revoked_because.eq(why),
            ))
            .execute(tx.conn())?;
    }
    Ok(open.len())
}

/// Takes one of the attempts that a login has in a window, in one statement; when none is left, the window's start.
///
/// # Errors
/// A database fault.
pub fn take_attempt(
    tx: &mut Tx<'_>,
    login_key: &str,
    limit: i32,
    window_began_after: Timestamp,
    now: Timestamp,
) -> AppResult<Result<(), Timestamp>> {
    let window = || login_windows::table.find(login_key);
    let reset =
        diesel::update(window().filter(login_windows::window_started_at.le(window_began_after)))
            .set((
                login_windows::window_started_at.eq(now),
                login_windows::failures.eq(1),
            ))
            .execute(tx.conn())?;
    if reset == 1 {
        return Ok(Ok(()));
    }
    let taken = diesel::update(window().filter(login_windows::failures.lt(limit)))
        .set(login_windows::failures.eq(login_windows::failures + 1))
        .execute(tx.conn())?;
    if taken == 1 {
        return Ok(Ok(()));
    }
    let kept: Option<LoginWindow> = LoginWindow::query()
        .filter(login_windows::login_key.eq(login_key))
        .first(tx.conn())
        .optional()?;
    match kept {
        Some(window) => Ok(Err(window.window_started_at)),
        None => {
            let first = LoginWindow {
                login_key: login_key.to_owned(),
                window_started_at: now,
                failures: 1,
            };
            match diesel::insert_into(login_windows::table)
                .values(&first)
                .execute(tx.conn())
            {
                Ok(_) => Ok(Ok(())),
                Err(error) if violates(&error, &WINDOW_KEY) => {
                    Err(AppError::lost_race("the login's window opened meanwhile"))
                }
                Err(error) => Err(error.into()),
            }
        }
    }
}

/// A login succeeded: its window starts afresh.
///
/// # Errors
/// A database fault.
pub fn clear_attempts(tx: &mut Tx<'_>, login_key: &str) -> AppResult<()> {
    diesel::update(login_windows::table.find(login_key))
        .set(login_windows::failures.eq(0))
        .execute(tx.conn())?;
    Ok(())
}

/// Keeps an attempt for the record (ORG-22).
///
/// # Errors
/// A database fault.
pub fn record_attempt(tx: &mut Tx<'_>, attempt: &LoginAttempt) -> AppResult<()> {
    diesel::insert_into(login_attempts::table)
        .values(attempt)
        .execute(tx.conn())?;
    Ok(())
}
