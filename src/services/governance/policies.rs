//! Policies as data: the settings in force at a moment, by version.

use crate::{
    db::Conn,
    domain::timestamp::Timestamp,
    error::{AppError, AppResult},
    policy::Setting,
    repositories::governance::policies,
};

/// A setting and the version that every decision made with it records.
#[derive(Debug, Clone, PartialEq)]
pub struct Current<S> {
    /// The values.
    pub value: S,
    /// Version number; 0 is the regulation's own default.
    pub number: i64,
}

/// The settings in force at `now`.
///
/// # Errors
/// A database fault, or a kept version that no longer reads.
pub fn current<S: Setting>(conn: &mut Conn, now: Timestamp) -> AppResult<Current<S>> {
    match policies::in_force(conn, S::KEY, now)? {
        None => Ok(Current {
            value: S::default(),
            number: 0,
        }),
        Some((number, text)) => {
            let value = serde_json::from_str(&text).map_err(AppError::internal)?;
            Ok(Current { value, number })
        }
    }
}
