//! Documents, their versions, and what they belong to.

use chrono::NaiveDate;
use diesel::prelude::*;

use crate::{
    db::schema::{document_links, document_versions, documents},
    domain::{
        id::kind::{AnyId, BlobId, CustomerId, DocumentId, UserId},
        timestamp::Timestamp,
        vocabulary::{DocumentKind, DocumentSubject},
    },
};

/// A document: a file with its versions, or a link (CUS-42).
#[derive(Debug, Clone, HasQuery, Insertable, AsChangeset)]
#[diesel(table_name = documents, treat_none_as_null = true)]
pub struct Document {
    /// Id.
    #[diesel(skip_update)]
    pub id: DocumentId,
    /// Kind.
    pub kind: DocumentKind,
    /// Name.
    pub name: String,
    /// The name folded.
    pub name_key: String,
    /// Description.
    pub description: Option<String>,
    /// Where a link leads; none for a file.
    pub url: Option<String>,
    /// When it was given to the customer, or received.
    pub given_on: Option<NaiveDate>,
    /// The number of its last version; 0 for a link.
    pub latest: i32,
    /// Who entered it.
    #[diesel(skip_update)]
    pub created_by: UserId,
    /// Deleted.
    pub deleted_at: Option<Timestamp>,
    /// Why.
    pub delete_reason: Option<String>,
    /// Version of the record.
    pub version: i64,
    /// Created.
    #[diesel(skip_update)]
    pub created_at: Timestamp,
    /// Last updated.
    pub updated_at: Timestamp,
}

/// One version of a file: never changed, never removed.
#[derive(Debug, Clone, HasQuery, Insertable)]
#[diesel(table_name = document_versions)]
pub struct DocumentVersion {
    /// Of which document.
    pub document_id: DocumentId,
    /// Counted from 1.
    pub number: i32,
    /// Its content.
    pub blob_id: BlobId,
    /// The file's name.
    pub file_name: String,
    /// Its type, as found in the content.
    pub media_type: String,
    /// Bytes.
    pub size: i64,
    /// SHA-256 in hexadecimal.
    pub sha256: String,
    /// Who uploaded it.
    pub created_by: UserId,
    /// When.
    pub created_at: Timestamp,
}

/// What a document belongs to.
#[derive(Debug, Clone, HasQuery, Insertable)]
#[diesel(table_name = document_links)]
pub struct DocumentLink {
    /// The document.
    pub document_id: DocumentId,
    /// The kind of record.
    pub subject_kind: DocumentSubject,
    /// The record.
    pub subject_id: AnyId,
    /// The customer whose one overall introduction this is (CUS-55).
    pub introduction_of: Option<CustomerId>,
    /// Who linked it.
    pub created_by: UserId,
    /// When.
    pub created_at: Timestamp,
}
