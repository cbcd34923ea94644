//! Kept answers to commands.

use diesel::prelude::*;

use crate::{
    auth::vault::Sealed,
    db::schema::idempotency_keys,
    domain::{id::kind::UserId, timestamp::Timestamp},
};

/// The answer to a command, kept for its retries.
#[derive(Debug, Clone, Queryable, Insertable)]
#[diesel(table_name = idempotency_keys)]
pub struct KeptAnswer {
    /// Whose key.
    pub actor_id: UserId,
    /// The key.
    pub idempotency_key: String,
    /// SHA-256 of method, path and body.
    pub fingerprint: String,
    /// HTTP status.
    pub status: i32,
    /// `ETag`.
    pub etag: Option<String>,
    /// `Location`.
    pub location: Option<String>,
    /// JSON, sealed.
    pub body: Sealed,
    /// When.
    pub created_at: Timestamp,
}
