//! What only one backend can do, idempotent, beside the one set of migrations.

use diesel::{QueryDsl, RunQueryDsl, connection::SimpleConnection};

use super::{Conn, schema::match_fresh};
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
    cluster(conn, "match_terms")?;
    cluster(conn, "match_fresh")
}

/// On SQLite a table of the matching index is its key and nothing else: one B-tree instead of a table and an index.
/// PostgreSQL has no such tables.
fn cluster(conn: &mut Conn, table: &'static str) -> AppResult<()> {
    let Conn::Sqlite(c) = conn else {
        return Ok(());
    };
    let plain: i64 = diesel::select(diesel::dsl::sql::<diesel::sql_types::BigInt>(&format!(
        "(SELECT count(*) FROM sqlite_master WHERE name = '{table}' AND sql NOT LIKE '%WITHOUT ROWID%')",
    )))
    .get_result(c)?;
    if plain > 0 {
        c.batch_execute(&format!(
            "BEGIN IMMEDIATE;
             CREATE TABLE {table}_clustered (
                 term BIGINT NOT NULL, name_number BIGINT NOT NULL, sketch BIGINT NOT NULL,
                 PRIMARY KEY (term, name_number)
             ) WITHOUT ROWID;
             INSERT INTO {table}_clustered SELECT term, name_number, sketch FROM {table} ORDER BY 1, 2;
             DROP TABLE {table};
             ALTER TABLE {table}_clustered RENAME TO {table};
             COMMIT;",
        ))?;
    }
    Ok(())
}

/// Moves the latest terms of the matching index to their place once there are so many, in the order of the index: what
/// would change a page each is then written page by page. SQLite only: elsewhere there are none.
pub fn settle_match_terms(conn: &mut Conn, enough: i64) -> AppResult<()> {
    let Conn::Sqlite(c) = conn else {
        return Ok(());
    };
    let waiting: i64 = match_fresh::table.count().get_result(c)?;
    if waiting >= enough {
        c.batch_execute(
            "INSERT OR IGNORE INTO match_terms
                 SELECT term, name_number, sketch FROM match_fresh ORDER BY term, name_number;
             DELETE FROM match_fresh;",
        )?;
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

/// As [`insert_many!`], passing over rows whose key is there already.
#[macro_export]
macro_rules! insert_new {
    ($tx:expr, $table:expr, $rows:expr) => {{
        use diesel::RunQueryDsl as _;
        match $tx.conn() {
            $crate::db::Conn::Sqlite(c) => diesel::insert_or_ignore_into($table)
                .values($rows)
                .execute(c),
            $crate::db::Conn::Postgres(c) => diesel::insert_into($table)
                .values($rows)
                .on_conflict_do_nothing()
                .execute(c),
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
