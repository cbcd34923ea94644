//! Login sessions and their refresh tokens.

use diesel::prelude::*;

use crate::{
    db::schema::{login_attempts, login_windows, refresh_tokens, sessions},
    domain::{
        id::{
            Id,
            kind::{Any, SessionId, UserId},
        },
        timestamp::Timestamp,
    },
};

/// A login session: the family of refresh tokens that descend from one login.
#[derive(Debug, Clone, HasQuery, Insertable)]
#[diesel(table_name = sessions)]
pub struct Session {
    /// Id, the token's `sid`.
    pub id: SessionId,
    /// Whose.
    pub user_id: UserId,
    /// When it began.
    pub created_at: Timestamp,
    /// When a token was last refreshed.
    pub last_used_at: Timestamp,
    /// When it ends by itself.
    pub expires_at: Timestamp,
    /// When it was ended.
    pub revoked_at: Option<Timestamp>,
    /// Why: logout, reuse, disabled, password.
    pub revoked_because: Option<String>,
}

/// One refresh token; only its hash is kept.
#[derive(Debug, Clone, HasQuery, Insertable)]
#[diesel(table_name = refresh_tokens)]
pub struct RefreshToken {
    /// HMAC of the token.
    pub token_hash: String,
    /// Its family.
    pub session_id: SessionId,
    /// Issued.
    pub issued_at: Timestamp,
    /// Expires.
    pub expires_at: Timestamp,
    /// When it was exchanged; a second exchange ends the family.
    pub used_at: Option<Timestamp>,
}

/// One attempt to log in.
#[derive(Debug, Clone, Insertable)]
#[diesel(table_name = login_attempts)]
pub struct LoginAttempt {
    /// Id.
    pub id: Id<Any>,
    /// Folded login, known or not.
    pub login_key: String,
    /// The client's address.
    pub source: String,
    /// When.
    pub attempted_at: Timestamp,
    /// Outcome.
    pub succeeded: bool,
}

/// How many attempts a login has seen in the current window.
#[derive(Debug, Clone, HasQuery, Insertable)]
#[diesel(table_name = login_windows)]
pub struct LoginWindow {
    /// Folded login.
    pub login_key: String,
    /// When the window began.
    pub window_started_at: Timestamp,
    /// Attempts in it that did not succeed (or are under way).
    pub failures: i32,
}
