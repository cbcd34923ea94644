//! What only one backend can do, idempotent, beside the one set of migrations.

use diesel::connection::SimpleConnection;

use super::Conn;
use crate::error::AppResult;

/// Keeps two servers from migrating one PostgreSQL at once; the lock ends with the connection.
pub fn lock_migrations(conn: &mut Conn) -> AppResult<()> {
    if let Conn::Postgres(c) = conn {
        c.batch_execute("SELECT pg_advisory_lock(7233210)")?;
    }
    Ok(())
}

/// Applied after the migrations, every time.
pub fn apply(conn: &mut Conn) -> AppResult<()> {
    match conn {
        // The audit trail is append-only for every account that uses this schema (SEC-15).
        Conn::Postgres(c) => c.batch_execute(
            "CREATE OR REPLACE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS
             $$ BEGIN RAISE EXCEPTION 'events are append-only'; END $$;
             DROP TRIGGER IF EXISTS events_append_only ON events;
             CREATE TRIGGER events_append_only BEFORE UPDATE OR DELETE ON events
             FOR EACH ROW EXECUTE FUNCTION refuse_change();",
        )?,
        Conn::Sqlite(c) => c.batch_execute(
            "CREATE TRIGGER IF NOT EXISTS events_no_update BEFORE UPDATE ON events
             BEGIN SELECT RAISE(ABORT, 'events are append-only'); END;
             CREATE TRIGGER IF NOT EXISTS events_no_delete BEFORE DELETE ON events
             BEGIN SELECT RAISE(ABORT, 'events are append-only'); END;",
        )?,
    }
    Ok(())
}

/// A short pause before a unit of work that lost a race runs again, longer each time.
#[expect(
    clippy::disallowed_methods,
    reason = "back-off between retries of a transaction, bounded to 8 attempts"
)]
pub fn back_off(attempt: usize) {
    let jitter = rand::random_range(0..5);
    std::thread::sleep(std::time::Duration::from_millis(
        (1 << attempt.min(6)) + jitter,
    ));
}

/// Takes the locks of the rows of a query of ids, where the database has row locks: with one writer (SQLite) nothing else
/// writes meanwhile anyway. For use in functions that return an `AppResult`.
#[macro_export]
macro_rules! lock_rows {
    ($conn:expr, $query:expr) => {{
        use diesel::{QueryDsl as _, RunQueryDsl as _};
        let conn: &mut $crate::db::Conn = $conn;
        if let $crate::db::Conn::Postgres(c) = conn {
            let _: Vec<String> = $query.for_no_key_update().load(c)?;
        }
    }};
}

/// Inserts many rows in one statement; diesel offers that per backend only. Keep below 1,000 rows a call.
#[macro_export]
macro_rules! insert_many {
    ($tx:expr, $table:expr, $rows:expr) => {{
        use diesel::RunQueryDsl as _;
        match $tx.conn() {
            $crate::db::Conn::Sqlite(c) => diesel::insert_into($table).values($rows).execute(c),
            $crate::db::Conn::Postgres(c) => diesel::insert_into($table).values($rows).execute(c),
        }
    }};
}
