//! The content of a file, in parts.

use diesel::prelude::*;

use crate::{
    auth::vault::Sealed,
    db::schema::{blob_parts, blobs},
    domain::{
        id::kind::{BlobId, UserId},
        timestamp::Timestamp,
    },
};

/// A file's content as a whole.
#[derive(Debug, Clone, Insertable)]
#[diesel(table_name = blobs)]
pub struct Blob {
    /// Id.
    pub id: BlobId,
    /// Who uploads it.
    pub owner_id: UserId,
    /// Whether a record refers to it; until then it is an upload under way.
    pub kept: bool,
    /// When the upload began.
    pub created_at: Timestamp,
}

/// One part of it.
#[derive(Debug, Clone, Insertable)]
#[diesel(table_name = blob_parts)]
pub struct BlobPart {
    /// Of which content.
    pub blob_id: BlobId,
    /// Counted from 0.
    pub part: i32,
    /// The bytes, sealed.
    pub content: Sealed,
}
