//! Documents: files with versions, and links; what they belong to (CUS-42, CUS-55).

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use crate::{
    api::{csv::Csv, patch::Patch, refs::UserRef},
    domain::{
        id::kind::{AnyId, DocumentId},
        timestamp::Timestamp,
        vocabulary::{DocumentKind, DocumentSubject},
    },
    http::View,
};

/// A link to a document that is kept elsewhere.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewDocument {
    /// The kind of record that it belongs to.
    pub subject_kind: DocumentSubject,
    /// The record.
    pub subject_id: AnyId,
    /// Kind; INTRODUCTION only for a customer, one each (CUS-55).
    pub kind: DocumentKind,
    /// Name.
    #[schema(min_length = 1, max_length = 200, example = "客户整体介绍")]
    pub name: String,
    /// Where it is: https only.
    #[schema(
        min_length = 9,
        max_length = 500,
        pattern = "^https://",
        example = "https://docs.example.com/intro"
    )]
    pub url: String,
    /// Description.
    #[schema(min_length = 1, max_length = 2000, example = "2026 年版")]
    pub description: Option<String>,
    /// When it was given to the customer, or received.
    pub given_on: Option<NaiveDate>,
}

/// What a file is that is uploaded; the body is the file itself.
#[derive(Debug, Clone, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub struct NewFile {
    /// The kind of record that it belongs to.
    #[param(inline)]
    pub subject_kind: DocumentSubject,
    /// The record.
    pub subject_id: AnyId,
    /// Kind; INTRODUCTION only for a customer, one each (CUS-55).
    #[param(inline)]
    pub kind: DocumentKind,
    /// The file's name with its extension.
    #[param(min_length = 1, max_length = 255, example = "介绍.pdf")]
    pub file_name: String,
    /// The document's name; the file's name without its extension if absent.
    #[param(min_length = 1, max_length = 200)]
    pub name: Option<String>,
    /// Description.
    #[param(min_length = 1, max_length = 2000)]
    pub description: Option<String>,
    /// When it was given to the customer, or received.
    #[param(format = Date)]
    pub given_on: Option<NaiveDate>,
}

/// A new version of a file; the body is the file itself.
#[derive(Debug, Clone, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub struct NewVersion {
    /// The file's name with its extension.
    #[param(min_length = 1, max_length = 255, example = "介绍.pdf")]
    pub file_name: String,
}

/// Which version to download.
#[derive(Debug, Clone, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub struct WhichVersion {
    /// The version's number; the last one if absent.
    #[param(minimum = 1, maximum = 200)]
    pub number: Option<i32>,
}

/// A change of a document; what is absent stays.
#[derive(Debug, Clone, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct DocumentPatch {
    /// New kind.
    pub kind: Option<DocumentKind>,
    /// New name.
    #[schema(min_length = 1, max_length = 200)]
    pub name: Option<String>,
    /// Where a link leads now; not for a file.
    #[schema(min_length = 9, max_length = 500, pattern = "^https://")]
    pub url: Option<String>,
    /// Description.
    #[serde(default)]
    #[schema(value_type = Option<String>, min_length = 1, max_length = 2000)]
    pub description: Patch<String>,
    /// When it was given to the customer, or received.
    #[serde(default)]
    #[schema(value_type = Option<NaiveDate>, format = Date)]
    pub given_on: Patch<NaiveDate>,
}

/// A record that a document belongs to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct DocumentLinkTarget {
    /// The kind of record.
    pub subject_kind: DocumentSubject,
    /// The record.
    pub subject_id: AnyId,
}

/// Which documents.
#[derive(Debug, Clone, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub struct DocumentFilter {
    /// The kind of record that they belong to.
    #[param(inline)]
    pub subject_kind: DocumentSubject,
    /// The record.
    pub subject_id: AnyId,
    /// Kinds, separated by commas.
    #[param(value_type = Option<String>, example = "INTRODUCTION,PROPOSAL", max_length = 200)]
    pub kind_in: Option<Csv<DocumentKind>>,
    /// Beginning of the name; width, case and traditional characters do not matter.
    #[param(min_length = 1, max_length = 100)]
    pub q: Option<String>,
    /// The deleted ones, for whoever may restore them.
    pub deleted: Option<bool>,
}

/// One version of a file.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct DocumentFile {
    /// Counted from 1.
    pub number: i32,
    /// The file's name.
    pub file_name: String,
    /// Its type, as found in the content.
    #[schema(example = "application/pdf")]
    pub media_type: String,
    /// Bytes.
    pub size: i64,
    /// SHA-256 in hexadecimal.
    pub sha256: String,
    /// Who uploaded it.
    pub uploaded_by: UserRef,
    /// When.
    pub uploaded_at: Timestamp,
}

/// What the caller may do with a document now.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum DocumentAction {
    /// Change it: `PATCH`.
    Edit,
    /// Upload a new version.
    UploadVersion,
    /// Link it to another record.
    Link,
    /// Take it from a record.
    Unlink,
    /// Delete it.
    Delete,
    /// Restore it.
    Restore,
}

/// A document in a list.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct DocumentSummary {
    /// Id.
    pub id: DocumentId,
    /// Kind.
    pub kind: DocumentKind,
    /// Name.
    pub name: String,
    /// Description.
    pub description: Option<String>,
    /// Where a link leads; none for a file.
    pub url: Option<String>,
    /// The last version of a file; none for a link.
    pub file: Option<DocumentFile>,
    /// When it was given to the customer, or received.
    pub given_on: Option<NaiveDate>,
    /// Who entered it.
    pub created_by: UserRef,
    /// When it was deleted.
    pub deleted_at: Option<Timestamp>,
    /// For `If-Match`.
    pub version: i64,
    /// Created.
    pub created_at: Timestamp,
    /// Last updated.
    pub updated_at: Timestamp,
}

/// A record that a document belongs to, and that the caller may see.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct DocumentSubjectView {
    /// The kind of record.
    pub subject_kind: DocumentSubject,
    /// The record.
    pub subject_id: AnyId,
    /// Since when.
    pub linked_at: Timestamp,
}

/// A document.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct DocumentView {
    /// What lists show too.
    #[serde(flatten)]
    pub summary: DocumentSummary,
    /// The records that it belongs to, as far as the caller may see them.
    pub subjects: Vec<DocumentSubjectView>,
    /// What the caller may do now.
    pub allowed_actions: Vec<DocumentAction>,
}

impl View for DocumentView {
    fn version(&self) -> Option<i64> {
        Some(self.summary.version)
    }

    fn location(&self) -> Option<String> {
        Some(format!("/api/v1/documents/{}", self.summary.id))
    }
}
