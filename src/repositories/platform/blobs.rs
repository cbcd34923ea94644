//! Contents of files, in parts.

use diesel::prelude::*;

use crate::{
    auth::vault::Sealed,
    db::{
        Conn, Tx,
        schema::{blob_parts, blobs},
    },
    domain::{id::kind::BlobId, timestamp::Timestamp},
    error::AppResult,
    models::platform::blob::{Blob, BlobPart},
};

/// How many abandoned uploads are forgotten in one transaction.
const AT_ONCE: i64 = 100;

/// Begins an upload.
///
/// # Errors
/// A database fault.
pub fn begin(tx: &mut Tx<'_>, blob: &Blob) -> AppResult<()> {
    diesel::insert_into(blobs::table)
        .values(blob)
        .execute(tx.conn())?;
    Ok(())
}

/// Adds a part.
///
/// # Errors
/// A database fault.
pub fn add(tx: &mut Tx<'_>, part: &BlobPart) -> AppResult<()> {
    diesel::insert_into(blob_parts::table)
        .values(part)
        .execute(tx.conn())?;
    Ok(())
}

/// Keeps a content for good. `false` when it is kept already, or was forgotten.
///
/// # Errors
/// A database fault.
pub fn keep(tx: &mut Tx<'_>, id: BlobId) -> AppResult<bool> {
    let target = blobs::table
        .filter(blobs::id.eq(id))
        .filter(blobs::kept.eq(false));
    Ok(diesel::update(target)
        .set(blobs::kept.eq(true))
        .execute(tx.conn())?
        == 1)
}

/// One part of a content; none after the last one.
///
/// # Errors
/// A database fault.
pub fn part(conn: &mut Conn, id: BlobId, part: i32) -> AppResult<Option<Sealed>> {
    Ok(blob_parts::table
        .find((id, part))
        .select(blob_parts::content)
        .first(conn)
        .optional()?)
}

/// Uploads that began before an instant and were never kept.
///
/// # Errors
/// A database fault.
pub fn abandoned_before(conn: &mut Conn, before: Timestamp) -> AppResult<Vec<BlobId>> {
    Ok(blobs::table
        .filter(blobs::kept.eq(false))
        .filter(blobs::created_at.lt(before))
        .order(blobs::created_at)
        .limit(AT_ONCE)
        .select(blobs::id)
        .load(conn)?)
}

/// Forgets an upload that was not kept.
///
/// # Errors
/// A database fault.
pub fn discard(tx: &mut Tx<'_>, id: BlobId) -> AppResult<()> {
    let kept: Option<bool> = blobs::table
        .find(id)
        .select(blobs::kept)
        .first(tx.conn())
        .optional()?;
    if kept == Some(false) {
        forget(tx, id)?;
    }
    Ok(())
}

/// Forgets a content, kept or not.
///
/// # Errors
/// A database fault; while a record refers to it.
pub fn forget(tx: &mut Tx<'_>, id: BlobId) -> AppResult<()> {
    diesel::delete(blob_parts::table.filter(blob_parts::blob_id.eq(id))).execute(tx.conn())?;
    diesel::delete(blobs::table.find(id)).execute(tx.conn())?;
    Ok(())
}
