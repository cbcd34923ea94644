//! What is forgotten when its time has come.

use chrono::Duration;

use super::stored_files;
use crate::{
    db::Tx, domain::timestamp::Timestamp, error::AppResult, repositories::platform::idempotency,
};

/// How long the answer to a command is kept for its retries.
const KEPT: Duration = Duration::days(7);

/// Forgets the idempotency keys that are older than seven days; how many they were.
///
/// # Errors
/// A database fault.
pub fn forget_old_answers(tx: &mut Tx<'_>, now: Timestamp) -> AppResult<usize> {
    idempotency::forget_before(tx, now.plus(-KEPT))
}

/// Forgets some uploaded and exported files whose time has come, with the reports of refused rows; how many they were.
///
/// # Errors
/// A database fault.
pub fn forget_old_files(tx: &mut Tx<'_>, now: Timestamp) -> AppResult<usize> {
    stored_files::forget_expired(tx, now)
}
