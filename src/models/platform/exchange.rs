//! Files that come in and go out, and presets of import columns.

use diesel::prelude::*;

use crate::{
    db::schema::{exchange_files, import_presets},
    domain::{
        id::kind::{ExchangeFileId, ImportPresetId, UserId},
        timestamp::Timestamp,
        vocabulary::{FileFormat, FilePurpose},
    },
};

/// A file that was uploaded, or made to be downloaded.
#[derive(Debug, Clone, HasQuery, Insertable)]
#[diesel(table_name = exchange_files)]
pub struct ExchangeFile {
    /// Id, also that of its content.
    pub id: ExchangeFileId,
    /// Came in or goes out.
    pub purpose: FilePurpose,
    /// Whose: nobody else gets at it.
    pub owner_id: UserId,
    /// What its owner calls it.
    pub file_name: Option<String>,
    /// Format.
    pub format: FileFormat,
    /// Size.
    pub bytes: i64,
    /// In how many parts.
    pub parts: i32,
    /// What was found out about it when it arrived, as JSON.
    pub findings: String,
    /// Whether all of it is there.
    pub complete: bool,
    /// When it is forgotten.
    pub expires_at: Timestamp,
    /// Version.
    pub version: i64,
    /// Since when.
    pub created_at: Timestamp,
    /// Last change.
    pub updated_at: Timestamp,
}

/// What a user calls an assignment of columns.
#[derive(Debug, Clone, HasQuery, Insertable)]
#[diesel(table_name = import_presets)]
pub struct ImportPreset {
    /// Id.
    pub id: ImportPresetId,
    /// Whose.
    pub owner_id: UserId,
    /// Name.
    pub name: String,
    /// The name as it is compared.
    pub name_key: String,
    /// What each column is imported as, as JSON.
    pub fields: String,
    /// Version.
    pub version: i64,
    /// Since when.
    pub created_at: Timestamp,
    /// Last change.
    pub updated_at: Timestamp,
}
