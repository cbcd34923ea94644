//! Marking records as deleted and restoring them (ORG-12): by whoever may delete records, with a reason; nothing is lost.
//! What only one live record may hold (a name, a credit code) becomes free and is claimed again.

use crate::{
    context::Ctx,
    domain::{timestamp::Timestamp, vocabulary::Capability},
    error::{AppError, AppResult, Code},
    services::org::fields::Fields,
};

/// A record that is marked as deleted, never removed.
pub trait Deletable: Clone {
    /// That it is not deleted, in Chinese and English.
    const NOT_DELETED: (&'static str, &'static str);

    /// When it was deleted, and why.
    fn deletion(&mut self) -> (&mut Option<Timestamp>, &mut Option<String>);

    /// Claims what only one live record holds, or lets go of it.
    fn claim(&mut self, live: bool);
}

/// Refuses whoever may not delete and restore.
///
/// # Errors
/// 403 without `DELETE_RECORDS` (ORG-12).
pub fn permitted(ctx: &Ctx) -> AppResult<()> {
    ctx.require(Capability::DeleteRecords)
        .map_err(|error| error.rule("ORG-12"))
}

/// Whether a list asks for the deleted ones instead of the others.
///
/// # Errors
/// 403 without `DELETE_RECORDS`.
pub fn asked_for(ctx: &Ctx, deleted: Option<bool>) -> AppResult<bool> {
    let deleted = deleted.unwrap_or(false);
    if deleted {
        ctx.require(Capability::DeleteRecords)?;
    }
    Ok(deleted)
}

/// A deleted record is there only for whoever may restore it.
///
/// # Errors
/// 404.
pub fn shown(ctx: &Ctx, deleted_at: Option<Timestamp>) -> AppResult<()> {
    if deleted_at.is_some() && !ctx.has(Capability::DeleteRecords) {
        return Err(AppError::not_found());
    }
    Ok(())
}

/// A record as deleted.
///
/// # Errors
/// 422 for a blank reason.
pub fn deleted<R: Deletable>(ctx: &Ctx, read: &R, reason: &str) -> AppResult<R> {
    let mut fields = Fields::default();
    let reason = fields.line("/reason", reason);
    fields.done()?;
    let mut next = read.clone();
    next.claim(false);
    let (at, why) = next.deletion();
    (*at, *why) = (Some(ctx.now), Some(reason));
    Ok(next)
}

/// A deleted record as it was before.
///
/// # Errors
/// 409 when it is not deleted.
pub fn restored<R: Deletable>(read: &R) -> AppResult<R> {
    let mut next = read.clone();
    let (at, why) = next.deletion();
    if at.is_none() {
        let (zh, en) = R::NOT_DELETED;
        return Err(AppError::new(Code::StateConflict, zh, en));
    }
    (*at, *why) = (None, None);
    next.claim(true);
    Ok(next)
}
