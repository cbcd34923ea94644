//! Imports.

use serde::Deserialize;
use utoipa::IntoParams;

use crate::domain::{id::kind::UserId, vocabulary::Line};

/// How an import of customers registers them.
#[derive(Debug, Clone, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub struct ImportOptions {
    /// Who will own the customers (CUS-34). If nobody is named, whoever imports them is.
    pub owner_id: Option<UserId>,
    /// Business line; GENERAL if absent.
    pub line: Option<Line>,
}
