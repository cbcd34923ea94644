//! Contents of files: written part by part while they come in, read part by part while they go out. This is the one
//! place that knows how a part is kept: sealed for its place.

use crate::{
    auth::vault::{Place, Vault},
    context::Ctx,
    db::{Conn, Tx},
    domain::id::kind::BlobId,
    error::{AppError, AppResult},
    models::{
        platform::blob::{Blob, BlobPart},
        sealed::BLOB_PART,
    },
    repositories::platform::blobs,
};

/// How many bytes one part has; the last one may have fewer.
pub const PART: usize = 1 << 19;

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
    let content = ctx.vault().seal_bytes(&place(blob_id, part), bytes)?;
    let part = BlobPart {
        blob_id,
        part,
        content,
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
/// A fault when it is missing or was tampered with, or a database fault.
pub fn read(conn: &mut Conn, vault: &Vault, id: BlobId, part: i32) -> AppResult<Vec<u8>> {
    let content = blobs::part(conn, id, part)?;
    vault.open_bytes(&place(id, part), &content)
}

fn place(id: BlobId, part: i32) -> Place {
    BLOB_PART.at(format_args!("{id}/{part}"))
}
