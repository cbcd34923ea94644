//! What is forgotten when its time has come.

use chrono::Duration;

use super::stored_files;
use crate::{
    db::Tx,
    domain::timestamp::Timestamp,
    error::AppResult,
    repositories::{
        governance::reveals,
        platform::{blobs, idempotency},
    },
};

/// How long the answer to a command is kept for its retries.
const KEPT: Duration = Duration::days(7);

/// How long an upload may take before its parts are taken for abandoned.
const UNDER_WAY: Duration = Duration::days(1);

/// Forgets the idempotency keys, and the counts of revealed records, that are older than seven days; how many keys they
/// were.
///
/// # Errors
/// A database fault.
fn forget_old_answers(tx: &mut Tx<'_>, now: Timestamp) -> AppResult<usize> {
    reveals::forget_before(tx, now.plus(-KEPT))?;
    idempotency::forget_before(tx, now.plus(-KEPT))
}

/// Forgets uploads that broke off more than a day ago, a hundred at a time; how many they were.
///
/// # Errors
/// A database fault.
fn forget_abandoned_uploads(tx: &mut Tx<'_>, now: Timestamp) -> AppResult<usize> {
    let abandoned = blobs::abandoned_before(tx, now.plus(-UNDER_WAY))?;
    for id in &abandoned {
        blobs::discard(tx, *id)?;
    }
    Ok(abandoned.len())
}

/// Forgets whatever is kept for a limited time only; how many idempotency keys that were.
///
/// # Errors
/// A database fault.
pub fn tidy(tx: &mut Tx<'_>, now: Timestamp) -> AppResult<usize> {
    forget_abandoned_uploads(tx, now)?;
    forget_old_answers(tx, now)
}

/// Forgets some uploaded and exported files whose time has come, with the reports of refused rows; how many they were.
///
/// # Errors
/// A database fault.
pub fn forget_old_files(tx: &mut Tx<'_>, now: Timestamp) -> AppResult<usize> {
    stored_files::forget_expired(tx, now)
}
