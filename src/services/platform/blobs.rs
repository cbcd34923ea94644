//! Contents of files: written part by part while they come in or are made, read part by part while they go out (SEC-02).
//! This is the one place that knows how a part is kept: sealed for its place. Documents refer to contents, and so do files
//! that are imported or were exported.

use crate::{
    auth::vault::{Place, Vault},
    db::{Conn, Tx},
    domain::{
        id::kind::{BlobId, UserId},
        timestamp::Timestamp,
    },
    error::{AppError, AppResult},
    models::{
        platform::blob::{Blob, BlobPart},
        sealed::BLOB_PART,
    },
    repositories::platform::blobs,
};

/// How many bytes one part has; the last one may have fewer.
pub const PART: usize = 1 << 18;

/// Begins a content. `kept`: a record refers to it from the beginning; else it is an upload under way until [`keep`].
///
/// # Errors
/// A database fault.
pub fn begin(
    tx: &mut Tx<'_>,
    id: BlobId,
    owner: UserId,
    kept: bool,
    now: Timestamp,
) -> AppResult<()> {
    blobs::begin(
        tx,
        &Blob {
            id,
            owner_id: owner,
            kept,
            created_at: now,
        },
    )
}

/// Seals a part.
///
/// # Errors
/// A fault of the vault.
pub fn seal(vault: &Vault, id: BlobId, part: i32, bytes: &[u8]) -> AppResult<BlobPart> {
    Ok(BlobPart {
        blob_id: id,
        part,
        content: vault.seal_bytes(&place(id, part), bytes)?,
    })
}

/// Adds a sealed part.
///
/// # Errors
/// A database fault.
pub fn append(tx: &mut Tx<'_>, part: &BlobPart) -> AppResult<()> {
    blobs::add(tx, part)
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

/// Forgets a content that no record refers to any more.
///
/// # Errors
/// A database fault.
pub fn forget(tx: &mut Tx<'_>, id: BlobId) -> AppResult<()> {
    blobs::forget(tx, id)
}

/// Reads one part; none after the last one.
///
/// # Errors
/// A fault when it was tampered with, or a database fault.
pub fn part(conn: &mut Conn, vault: &Vault, id: BlobId, part: i32) -> AppResult<Option<Vec<u8>>> {
    blobs::part(conn, id, part)?
        .map(|content| vault.open_bytes(&place(id, part), &content))
        .transpose()
}

/// Reads one part that must be there.
///
/// # Errors
/// A fault when it is missing or was tampered with, or a database fault.
pub fn read(conn: &mut Conn, vault: &Vault, id: BlobId, number: i32) -> AppResult<Vec<u8>> {
    part(conn, vault, id, number)?
        .ok_or_else(|| AppError::internal(format!("part {number} of content {id} is missing")))
}

fn place(id: BlobId, part: i32) -> Place {
    BLOB_PART.at(format_args!("{id}/{part}"))
}
