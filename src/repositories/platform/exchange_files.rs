//! Files that come in and go out; their contents are in `blobs`.

use diesel::prelude::*;

use crate::{
    db::{
        Conn, Tx,
        paging::{Page, PageRequest},
        schema::exchange_files,
    },
    domain::{
        id::kind::{ExchangeFileId, UserId},
        timestamp::Timestamp,
        vocabulary::FilePurpose,
    },
    error::AppResult,
    models::platform::exchange::ExchangeFile,
};

crate::sortable! {
    exchange_files, ExchangeFile, ExchangeFileSort {
        CreatedAt = "created_at" => created_at: Timestamp,
    } default CreatedAt Down
}

/// One page of a user's complete files.
///
/// # Errors
/// `INVALID_CURSOR`, or a database fault.
pub fn list(
    conn: &mut Conn,
    owner: UserId,
    purpose: FilePurpose,
    request: &PageRequest<ExchangeFileSort>,
) -> AppResult<Page<ExchangeFile>> {
    page(conn, request, || {
        exchange_files::table
            .into_boxed()
            .filter(exchange_files::owner_id.eq(owner))
            .filter(exchange_files::purpose.eq(purpose))
            .filter(exchange_files::complete.eq(true))
    })
}

/// A file, if it is this user's.
///
/// # Errors
/// 404, or a database fault.
pub fn of_owner(
    conn: &mut Conn,
    owner: UserId,
    purpose: FilePurpose,
    id: ExchangeFileId,
) -> AppResult<ExchangeFile> {
    Ok(ExchangeFile::query()
        .filter(exchange_files::id.eq(id))
        .filter(exchange_files::owner_id.eq(owner))
        .filter(exchange_files::purpose.eq(purpose))
        .filter(exchange_files::complete.eq(true))
        .first(conn)?)
}

/// A file.
///
/// # Errors
/// 404, or a database fault.
pub fn get(conn: &mut Conn, id: ExchangeFileId) -> AppResult<ExchangeFile> {
    Ok(ExchangeFile::query()
        .filter(exchange_files::id.eq(id))
        .first(conn)?)
}

/// Begins a file.
///
/// # Errors
/// A database fault.
pub fn insert(tx: &mut Tx<'_>, file: &ExchangeFile) -> AppResult<()> {
    diesel::insert_into(exchange_files::table)
        .values(file)
        .execute(tx.conn())?;
    Ok(())
}

/// All of the file is there.
///
/// # Errors
/// A database fault. `false` when it has gone meanwhile.
pub fn complete(tx: &mut Tx<'_>, file: &ExchangeFile) -> AppResult<bool> {
    let target = exchange_files::table.filter(exchange_files::id.eq(file.id));
    let set = (
        exchange_files::format.eq(file.format),
        exchange_files::bytes.eq(file.bytes),
        exchange_files::parts.eq(file.parts),
        exchange_files::findings.eq(&file.findings),
        exchange_files::complete.eq(true),
        exchange_files::expires_at.eq(file.expires_at),
        exchange_files::updated_at.eq(file.updated_at),
    );
    Ok(diesel::update(target).set(set).execute(tx.conn())? == 1)
}

/// Forgets a file; its content is forgotten after it.
///
/// # Errors
/// A database fault. `false` when it had gone already.
pub fn forget(tx: &mut Tx<'_>, file: ExchangeFileId) -> AppResult<bool> {
    Ok(diesel::delete(exchange_files::table.find(file)).execute(tx.conn())? == 1)
}

/// Files whose time has come, the oldest first.
///
/// # Errors
/// A database fault.
pub fn expired(conn: &mut Conn, now: Timestamp, limit: i64) -> AppResult<Vec<ExchangeFileId>> {
    Ok(exchange_files::table
        .filter(exchange_files::expires_at.le(now))
        .order(exchange_files::expires_at)
        .limit(limit)
        .select(exchange_files::id)
        .load(conn)?)
}
