//! Exports.

use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use crate::domain::vocabulary::{ExportField, FileFormat, Language};

/// What an export is to look like; which customers, the query says as for the list.
#[derive(Debug, Clone, Deserialize, Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewExport {
    /// CSV (UTF-8) or a workbook.
    pub format: FileFormat,
    /// Which columns, in which order; the usual ones if nothing is said.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(min_items = 1, max_items = 50)]
    pub columns: Option<Vec<ExportField>>,
    /// In which language titles and labels stand; Chinese if nothing is said.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub language: Option<Language>,
    /// A row for each contact instead of one for each customer, which then names its first contact.
    #[serde(default)]
    pub by_contact: bool,
}

/// In which order the rows stand.
#[derive(Debug, Clone, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub struct ExportOrder {
    /// The list's sort keys, separated by commas; `-` before a key sorts downwards.
    #[param(max_length = 200)]
    pub sort: Option<String>,
}
