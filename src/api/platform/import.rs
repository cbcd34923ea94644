//! Imports.

use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::job::RowFindingView;
use crate::{
    api::csv::Csv,
    domain::{
        id::kind::{ExchangeFileId, ImportPresetId, UserId},
        timestamp::Timestamp,
        vocabulary::{FieldDelimiter, FileFormat, ImportField, Line, TextEncoding},
    },
    http::View,
};

/// How an import of customers registers them.
#[derive(Debug, Clone, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub struct ImportOptions {
    /// Who will own the customers whose row names no owner (CUS-34). If nobody is named, whoever imports them is.
    pub owner_id: Option<UserId>,
    /// Business line; GENERAL if absent.
    pub line: Option<Line>,
    /// Check everything, write nothing.
    pub dry_run: Option<bool>,
    /// Which sheet of a workbook; the first if none is named.
    #[param(min_length = 1, max_length = 100)]
    pub sheet: Option<String>,
}

/// What an uploaded file is called.
#[derive(Debug, Clone, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub struct UploadOptions {
    /// What its owner calls it.
    #[param(min_length = 1, max_length = 200, example = "customers.xlsx")]
    pub file_name: Option<String>,
}

/// Which of the caller's uploaded files: all of them.
#[derive(Debug, Clone, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub struct ImportFileFilter {}

/// An uploaded file.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct ImportFileView {
    /// Id.
    pub id: ExchangeFileId,
    /// What its owner calls it.
    pub file_name: Option<String>,
    /// CSV, or a workbook.
    pub format: FileFormat,
    /// Of CSV: how its text is encoded.
    pub encoding: Option<TextEncoding>,
    /// Of CSV: what stands between its fields.
    pub delimiter: Option<FieldDelimiter>,
    /// Of a workbook: the names of its sheets.
    pub sheets: Vec<String>,
    /// Of CSV: how many rows it has, the header not counted.
    #[schema(example = 12_000)]
    pub rows: Option<i64>,
    /// Size.
    #[schema(example = 1_048_576)]
    pub bytes: i64,
    /// Version.
    pub version: i64,
    /// Uploaded.
    pub created_at: Timestamp,
    /// When it is forgotten, and with it the report of refused rows.
    pub expires_at: Timestamp,
}

impl View for ImportFileView {
    fn version(&self) -> Option<i64> {
        Some(self.version)
    }

    fn location(&self) -> Option<String> {
        Some(format!("/api/v1/imports/files/{}", self.id))
    }
}

/// How a file is looked at.
#[derive(Debug, Clone, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub struct PreviewQuery {
    /// Which sheet of a workbook; the first if none is named.
    #[param(min_length = 1, max_length = 100)]
    pub sheet: Option<String>,
    /// What each column is, in their order, separated by commas; as the header proposes if nothing is said.
    #[param(value_type = Option<String>, example = "NAME,CREDIT_CODE,IGNORE", min_length = 1, max_length = 1500)]
    pub columns: Option<Csv<ImportField>>,
    /// Business line; GENERAL if absent.
    pub line: Option<Line>,
}

/// A row of a file, and what is wrong with it.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct PreviewRow {
    /// The line on which it begins; the header's is 1.
    #[schema(example = 2)]
    pub row_number: i64,
    /// Its cells.
    pub cells: Vec<String>,
    /// What is wrong; nothing if it could be registered.
    pub errors: Vec<RowFindingView>,
}

/// What an import of a file would do.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct ImportPreview {
    /// The header.
    pub header: Vec<String>,
    /// What each column is imported as: proposed, or as was asked.
    pub columns: Vec<ImportField>,
    /// What is wrong with these columns; while anything is, no row is checked.
    pub column_errors: Vec<RowFindingView>,
    /// The first rows.
    pub rows: Vec<PreviewRow>,
}

impl View for ImportPreview {}

/// How an import of an uploaded file is started.
#[derive(Debug, Clone, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct StartImport {
    /// What each column is, in their order; columns beyond are not imported. As the header says, if nothing is said.
    #[serde(default)]
    #[schema(min_items = 1, max_items = 50)]
    pub columns: Option<Vec<ImportField>>,
    /// Which sheet of a workbook; the first if none is named.
    #[schema(min_length = 1, max_length = 100)]
    pub sheet: Option<String>,
    /// Who will own the customers whose row names no owner (CUS-34). If nobody is named, whoever imports them is.
    pub owner_id: Option<UserId>,
    /// Business line; GENERAL if absent.
    pub line: Option<Line>,
    /// Check everything, write nothing.
    #[serde(default)]
    pub dry_run: bool,
}

/// An assignment of columns to keep.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewImportPreset {
    /// Name, unique among one's own.
    #[schema(min_length = 1, max_length = 100, example = "展会名单")]
    pub name: String,
    /// What each column is, in their order.
    #[schema(min_items = 1, max_items = 50)]
    pub columns: Vec<ImportField>,
}

/// A kept assignment of columns.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct ImportPresetView {
    /// Id.
    pub id: ImportPresetId,
    /// Name.
    pub name: String,
    /// What each column is, in their order.
    pub columns: Vec<ImportField>,
    /// Version.
    pub version: i64,
    /// Kept since.
    pub created_at: Timestamp,
}

impl View for ImportPresetView {
    fn version(&self) -> Option<i64> {
        Some(self.version)
    }

    fn location(&self) -> Option<String> {
        Some(format!("/api/v1/imports/presets/{}", self.id))
    }
}
