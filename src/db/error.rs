//! What a database error means, and which unique key it names.

use diesel::result::{DatabaseErrorKind, Error};

use crate::error::AppError;

/// A unique key, as PostgreSQL names it and as SQLite describes it.
#[derive(Debug, Clone, Copy)]
pub struct Unique {
    /// The constraint's or index's name.
    pub name: &'static str,
    /// `table.column, table.column`, as SQLite writes it.
    pub columns: &'static str,
}

/// Whether the error says that this unique key is taken.
pub fn violates(error: &Error, key: &Unique) -> bool {
    let Error::DatabaseError(DatabaseErrorKind::UniqueViolation, info) = error else {
        return false;
    };
    match info.constraint_name() {
        Some(name) => name == key.name,
        None => info.message().strip_prefix("UNIQUE constraint failed: ") == Some(key.columns),
    }
}

/// Turns an unexpected database error into what the caller may know: nothing but whether to try again.
pub fn classify(error: &Error) -> AppError {
    match error {
        Error::NotFound => AppError::not_found(),
        Error::DatabaseError(DatabaseErrorKind::SerializationFailure, info) => {
            AppError::lost_race(info.message())
        }
        Error::DatabaseError(DatabaseErrorKind::ClosedConnection, info) => {
            AppError::unavailable(2, info.message())
        }
        Error::DatabaseError(_, info) => by_message(info.message()),
        Error::BrokenTransactionManager => AppError::unavailable(2, error),
        other => AppError::internal(other),
    }
}

/// What is told to whoever waits for a commit that did not come about.
pub fn not_committed(cause: &str) -> AppError {
    if is_full(cause) {
        AppError::storage_full(cause)
    } else {
        AppError::unavailable(1, cause)
    }
}

/// Whether there is no space left: SQLite's disk or page limit (SQLITE_FULL), PostgreSQL's disk or quota (53100).
pub fn is_full(message: &str) -> bool {
    const FULL: [&str; 3] = [
        "database or disk is full",
        "No space left on device",
        "Disk quota exceeded",
    ];
    FULL.iter().any(|words| message.contains(words))
}

/// libpq and SQLite tell some conditions only in words.
fn by_message(message: &str) -> AppError {
    const RACE: [&str; 2] = ["deadlock detected", "could not serialize"];
    const AWAY: [&str; 10] = [
        "database is locked",
        "lock timeout",
        "statement timeout",
        "server closed the connection",
        "terminating connection",
        "the database system is",
        "connection to server",
        "no connection to the server",
        "could not receive data",
        "could not send",
    ];
    if is_full(message) {
        AppError::storage_full(message)
    } else if RACE.iter().any(|word| message.contains(word)) {
        AppError::lost_race(message)
    } else if AWAY.iter().any(|word| message.contains(word)) {
        AppError::unavailable(2, message)
    } else {
        AppError::internal(message)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::error::Code;

    #[test]
    fn a_full_disk_is_told_from_a_fault_and_from_a_database_that_is_away() {
        let code = |words: &str| {
            let told = Box::new(words.to_owned());
            classify(&Error::DatabaseError(DatabaseErrorKind::Unknown, told)).code()
        };
        for full in [
            "database or disk is full",
            "could not extend file \"base/16384/24576\": No space left on device",
            "could not write to file \"base/pgsql_tmp/pgsql_tmp7.0\": Disk quota exceeded",
        ] {
            assert_eq!(code(full), Code::StorageFull, "{full}");
            assert_eq!(not_committed(full).code(), Code::StorageFull, "{full}");
        }
        assert_eq!(code("database is locked"), Code::Unavailable);
        assert_eq!(code("disk I/O error"), Code::Internal);
        assert_eq!(not_committed("disk I/O error").code(), Code::Unavailable);
    }
}
