//! What is forgotten when its time has come.

use chrono::Duration;

use crate::{
    db::Tx,
    domain::timestamp::Timestamp,
    error::AppResult,
    repositories::{governance::reveals, platform::idempotency},
};

/// How long the answer to a command is kept for its retries.
const KEPT: Duration = Duration::days(7);

/// Forgets the idempotency keys, and the counts of revealed records, that are older than seven days; how many keys they
/// were.
///
/// # Errors
/// A database fault.
pub fn forget_old_answers(tx: &mut Tx<'_>, now: Timestamp) -> AppResult<usize> {
    reveals::forget_before(tx, now.plus(-KEPT))?;
    idempotency::forget_before(tx, now.plus(-KEPT))
}
