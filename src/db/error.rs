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
    if RACE.iter().any(|word| message.contains(word)) {
        AppError::lost_race(message)
    } else if AWAY.iter().any(|word| message.contains(word)) {
        AppError::unavailable(2, message)
    } else {
        AppError::internal(message)
    }
}
