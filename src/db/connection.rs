//! One connection type over both databases, and how each is set up.

use diesel::{
    Connection, PgConnection, RunQueryDsl, SqliteConnection,
    connection::{InstrumentationEvent, SimpleConnection},
    sql_query,
};

use super::{DbSettings, Watch};
use crate::error::{AppError, AppResult};

pub use multi::{Conn, MultiBackend};

#[allow(missing_docs, reason = "the derive writes items without docs")]
mod multi {
    use diesel::{PgConnection, SqliteConnection};

    /// A connection to either database.
    #[derive(diesel::MultiConnection)]
    pub enum Conn {
        /// PostgreSQL, through the bundled libpq.
        Postgres(PgConnection),
        /// The bundled SQLite.
        Sqlite(SqliteConnection),
    }
}

/// Whether the address names PostgreSQL.
pub fn is_postgres(url: &str) -> bool {
    url.starts_with("postgres:") || url.starts_with("postgresql:")
}

/// Opens one connection. A read-only one refuses every write.
pub fn connect(url: &str, read_only: bool) -> AppResult<Conn> {
    if is_postgres(url) {
        postgres(url, read_only).map(Conn::Postgres)
    } else {
        sqlite(path_of(url), read_only).map(Conn::Sqlite)
    }
}

/// The one writing connection of SQLite. Its commits do not wait for the disk: who answers for them does.
pub fn writer(settings: &DbSettings) -> AppResult<SqliteConnection> {
    let mut conn = sqlite(path_of(&settings.url), false)?;
    conn.batch_execute("PRAGMA synchronous = NORMAL")?;
    // Commands, which do not map the file, keep below 200 MB in all while they import.
    let room = if settings.mapped {
        MAP
    } else {
        "PRAGMA cache_size = -28000"
    };
    conn.batch_execute(room)?;
    watched(&mut conn, settings.watch.as_ref());
    Ok(conn)
}

/// Maps up to 64 GiB of the file.
const MAP: &str = "PRAGMA mmap_size = 68719476736";

/// A pooled connection.
pub fn pooled(settings: &DbSettings, url: &str, read_only: bool) -> AppResult<Conn> {
    let mut conn = connect(url, read_only)?;
    if let Conn::Sqlite(sqlite) = &mut conn
        && settings.mapped
    {
        sqlite.batch_execute(MAP)?;
    }
    watched(&mut conn, settings.watch.as_ref());
    Ok(conn)
}

fn path_of(url: &str) -> &str {
    url.strip_prefix("sqlite:").unwrap_or(url)
}

fn sqlite(path: &str, read_only: bool) -> AppResult<SqliteConnection> {
    let mut conn = SqliteConnection::establish(path).map_err(|e| AppError::unavailable(5, e))?;
    // The log keeps the length that it has when it is moved under load: to write over pages that the file has costs less
    // than to have the file grow again.
    conn.batch_execute(
        "PRAGMA busy_timeout = 5000; PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL;
         PRAGMA foreign_keys = ON; PRAGMA temp_store = MEMORY; PRAGMA journal_size_limit = 268435456;",
    )?;
    if read_only {
        conn.batch_execute("PRAGMA query_only = ON; PRAGMA cache_size = -16000;")?;
    } else {
        // The one writer keeps pages of its own: what it changes lies all over the indexes, and what it must write out
        // before the commit because it has no room left is written twice.
        // The log is moved into the database beside it; where that does not keep up at all, it does so itself.
        conn.batch_execute("PRAGMA cache_size = -32000; PRAGMA wal_autocheckpoint = 64000;")?;
    }
    Ok(conn)
}

fn postgres(url: &str, read_only: bool) -> AppResult<PgConnection> {
    let separator = if url.contains('?') { '&' } else { '?' };
    let url = if url.contains("connect_timeout") {
        url.to_owned()
    } else {
        format!("{url}{separator}connect_timeout=3")
    };
    let mut conn = PgConnection::establish(&url).map_err(|e| AppError::unavailable(5, e))?;
    conn.batch_execute(
        "SET TIME ZONE 'UTC'; SET lock_timeout = '5s'; SET statement_timeout = '30s';
         SET idle_in_transaction_session_timeout = '30s'; SET client_min_messages = 'warning';",
    )?;
    if read_only {
        conn.batch_execute("SET default_transaction_read_only = on;")?;
    }
    Ok(conn)
}

/// Tells every statement of the connection, without its values.
pub fn watched(conn: &mut impl Connection, watch: Option<&Watch>) {
    let Some(watch) = watch.cloned() else { return };
    conn.set_instrumentation(move |event: InstrumentationEvent<'_>| {
        if let InstrumentationEvent::StartQuery { query, .. } = event {
            // What diesel shows ends with the values.
            let shown = query.to_string();
            watch(
                shown
                    .rsplit_once(" -- binds")
                    .map_or(&*shown, |(sql, _)| sql),
            );
        }
    });
}

/// Whether the connection still answers.
pub fn answers(conn: &mut Conn) -> bool {
    sql_query("SELECT 1").execute(conn).is_ok()
}
