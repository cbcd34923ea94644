//! Login, tokens, passwords.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::{
    domain::{
        id::kind::{UnitId, UserId},
        vocabulary::{Capability, Scope},
    },
    http::View,
};

/// Credentials of a person or service account.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Login {
    /// The login; width and case do not matter.
    #[schema(min_length = 1, max_length = 100, example = "zhang.wei")]
    pub login: String,
    /// The password.
    #[schema(min_length = 1, max_length = 200, format = Password, example = "Xianlu-demo-2026")]
    pub password: String,
}

/// A refresh token to exchange.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Refresh {
    /// The refresh token of the last pair; each can be exchanged once.
    #[schema(min_length = 1, max_length = 200)]
    pub refresh_token: String,
}

/// Which sessions to end.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Logout {
    /// End all of one's sessions, not just this one.
    #[serde(default)]
    pub everywhere: bool,
}

/// A password change.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ChangePassword {
    /// The password until now.
    #[schema(min_length = 1, max_length = 200, format = Password)]
    pub current_password: String,
    /// The new one (ORG-19, ORG-20).
    #[schema(min_length = 1, max_length = 200, format = Password)]
    pub new_password: String,
}

/// An access token and the refresh token that replaces it.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct TokenPair {
    /// For `Authorization: Bearer`.
    pub access_token: String,
    /// Always `Bearer`.
    pub token_type: String,
    /// Seconds until the access token expires.
    pub expires_in: i64,
    /// Can be exchanged once at `/auth/refresh`.
    pub refresh_token: String,
    /// Nothing but a password change is open until the password is changed (ORG-19).
    pub must_change_password: bool,
}

impl View for TokenPair {}

/// Who one is, and what one may do.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Me {
    /// User.
    pub id: UserId,
    /// Name.
    pub name: String,
    /// Unit.
    pub unit_id: UnitId,
    /// Highest visible security level (ORG-26).
    pub clearance: i32,
    /// Capabilities with their reach.
    pub grants: Vec<GrantView>,
    /// For whom one stands in now.
    pub stands_in_for: Vec<UserId>,
    /// Whether the password must be changed first.
    pub must_change_password: bool,
}

impl View for Me {}

/// A capability and how far it reaches.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct GrantView {
    /// What.
    pub capability: Capability,
    /// How far.
    pub scope: Scope,
    /// From which unit.
    pub unit_id: UnitId,
}
