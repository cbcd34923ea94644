//! Contents of files: written part by part while they come in, read part by part while they go out. This is the one
//! place that knows how a part is kept.

use crate::{
    context::Ctx,
    db::{Conn, Tx},
    domain::id::kind::BlobId,
    error::{AppError, AppResult},
    models::platform::blob::{Blob, BlobPart},
    repositories::platform::blobs,
};

/// How many bytes one part has; the last one may have fewer.
pub const PART: usize = 1 << 20;

/// Writes one part of an upload; with the first one it begins.
///
/// # Errors
/// A database fault.
pub fn write(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    blob_id: BlobId,
    part: i32,
    bytes: &[u8],
) -> AppResult<()> {
    if part == 0 {
        let blob = Blob {
            id: blob_id,
            owner_id: ctx.actor.id,
            kept: false,
            created_at: ctx.now,
        };
        blobs::begin(tx, &blob)?;
    }
    let part = BlobPart {
        blob_id,
        part,
        content: bytes,
    };
    blobs::add(tx, &part)
}

/// Keeps an upload, whose parts are all there, for the record that the transaction writes.
///
/// # Errors
/// A lost race when it was forgotten meanwhile.
pub fn keep(tx: &mut Tx<'_>, id: BlobId) -> AppResult<()> {
    if blobs::keep(tx, id)? {
        Ok(())
    } else {
        Err(AppError::unavailable(1, "the upload is not there any more"))
    }
}

/// Forgets an upload that nothing came of.
///
/// # Errors
/// A database fault.
pub fn discard(tx: &mut Tx<'_>, id: BlobId) -> AppResult<()> {
    blobs::discard(tx, id)
}

/// Reads one part.
///
/// # Errors
/// A database fault.
pub fn read(conn: &mut Conn, id: BlobId, part: i32) -> AppResult<Vec<u8>> {
    blobs::part(conn, id, part)
}
