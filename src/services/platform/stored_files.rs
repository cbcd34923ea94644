//! Files that come in and go out are kept only for a time (SEC-18); what is in them, in the sealed parts of [`blobs`].

use std::{
    io::{self, Read, Seek, SeekFrom},
    sync::Arc,
};

use chrono::Duration;

use super::blobs::{self, PART};
use crate::{
    app::App,
    db::Tx,
    domain::{
        id::kind::{BlobId, ExchangeFileId, UserId},
        timestamp::Timestamp,
        vocabulary::{FileFormat, FilePurpose},
    },
    error::{AppError, AppResult},
    models::platform::exchange::ExchangeFile,
    repositories::platform::{exchange_files, job_row_errors, jobs},
};

/// A file that has not arrived after so long never will.
const ARRIVAL: Duration = Duration::hours(6);
/// How many files one tidying transaction forgets.
const TIDY: i64 = 20;

/// The content of a file.
pub fn content(file: ExchangeFileId) -> BlobId {
    file.cast()
}

/// Begins a file: it is nobody's to read until it is complete.
///
/// # Errors
/// A database fault.
pub fn begin(
    tx: &mut Tx<'_>,
    id: ExchangeFileId,
    owner: UserId,
    purpose: FilePurpose,
    format: FileFormat,
    file_name: Option<String>,
    now: Timestamp,
) -> AppResult<()> {
    blobs::begin(tx, content(id), owner, true, now)?;
    exchange_files::insert(
        tx,
        &ExchangeFile {
            id,
            purpose,
            owner_id: owner,
            file_name,
            format,
            bytes: 0,
            parts: 0,
            findings: String::new(),
            complete: false,
            expires_at: now.plus(ARRIVAL),
            version: 1,
            created_at: now,
            updated_at: now,
        },
    )
}

/// Forgets a file and what was told of its rows.
///
/// # Errors
/// A database fault.
pub fn forget(tx: &mut Tx<'_>, id: ExchangeFileId) -> AppResult<()> {
    for job in jobs::of_file(tx, id)? {
        job_row_errors::forget(tx, job)?;
    }
    exchange_files::forget(tx, id)?;
    blobs::forget(tx, content(id))
}

/// Forgets some of the files whose time has come, none that a job still works on; how many they were.
///
/// # Errors
/// A database fault.
pub fn forget_expired(tx: &mut Tx<'_>, now: Timestamp) -> AppResult<usize> {
    let mut count = 0;
    for id in exchange_files::expired(tx, now, TIDY)? {
        if !jobs::uses_file(tx, id)? {
            forget(tx, id)?;
            count += 1;
        }
    }
    Ok(count)
}

/// A complete file, to be read from anywhere in it. Copies read independently.
#[derive(Clone)]
pub struct StoredFile {
    app: App,
    id: ExchangeFileId,
    size: u64,
    at: u64,
    /// The part that was read last.
    kept: Option<(u64, Arc<[u8]>)>,
}

impl StoredFile {
    /// Opens a file.
    pub fn new(app: &App, file: &ExchangeFile) -> Self {
        Self::of(app, file.id, file.bytes)
    }

    /// The same by id and size.
    pub fn of(app: &App, id: ExchangeFileId, bytes: i64) -> Self {
        Self {
            app: app.clone(),
            id,
            size: u64::try_from(bytes).unwrap_or(0),
            at: 0,
            kept: None,
        }
    }

    fn part(&mut self, number: u64) -> AppResult<Arc<[u8]>> {
        if let Some((kept, bytes)) = &self.kept
            && *kept == number
        {
            return Ok(Arc::clone(bytes));
        }
        let wanted = i32::try_from(number).map_err(AppError::internal)?;
        let (id, vault) = (self.id, Arc::clone(self.app.vault()));
        let bytes = self
            .app
            .db()
            .read_now(|conn| blobs::part(conn, &vault, content(id), wanted))?
            .ok_or_else(AppError::not_found)?;
        let bytes: Arc<[u8]> = bytes.into();
        self.kept = Some((number, Arc::clone(&bytes)));
        Ok(bytes)
    }
}

impl Read for StoredFile {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if self.at >= self.size {
            return Ok(0);
        }
        let (number, within) = (self.at / PART as u64, self.at % PART as u64);
        let bytes = self.part(number).map_err(io::Error::other)?;
        let mut rest = usize::try_from(within)
            .ok()
            .and_then(|within| bytes.get(within..))
            .unwrap_or_default();
        let count = rest.read(buffer)?;
        self.at += count as u64;
        Ok(count)
    }
}

impl Seek for StoredFile {
    fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
        let wanted = match to {
            SeekFrom::Start(at) => i128::from(at),
            SeekFrom::Current(by) => i128::from(self.at) + i128::from(by),
            SeekFrom::End(by) => i128::from(self.size) + i128::from(by),
        };
        self.at = u64::try_from(wanted)
            .map_err(|_| io::Error::new(io::ErrorKind::InvalidInput, "before the beginning"))?;
        Ok(self.at)
    }
}

/// A fault of the store that came up through a reader, as itself.
pub fn unread(error: io::Error) -> AppError {
    match error.downcast::<AppError>() {
        Ok(error) => error,
        Err(error) => AppError::internal(error),
    }
}
