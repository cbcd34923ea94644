//! What only one backend can do, idempotent, beside the one set of migrations.

use diesel::{
    ExpressionMethods as _, OptionalExtension as _, QueryDsl, QueryResult, RunQueryDsl,
    SqliteConnection,
    connection::SimpleConnection,
    sql_types::{BigInt, Text},
};

use super::{Conn, Keep as _, constant, pieces, schema::match_fresh};
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
    if let Conn::Sqlite(c) = conn {
        for table in CLUSTERED {
            cluster(c, table)?;
        }
    }
    pieces::prepare(conn)?;
    revise(conn)
}

/// What each server keeps under a revision, and the tables that it comes from.
const REVISED: [(&str, &[&str]); 3] = [
    ("calendar", &["calendar_years"]),
    ("policies", &["policy_versions"]),
    (
        "rights",
        &[
            "delegations",
            "role_capabilities",
            "sharing_rules",
            "unit_accounts",
            "unit_closure",
            "user_roles",
        ],
    ),
];

/// Every change of these tables draws a new revision. At random: one that was rolled back never comes again.
fn revise(conn: &mut Conn) -> AppResult<()> {
    let of_tables = REVISED
        .iter()
        .flat_map(|(topic, tables)| tables.iter().map(move |table| (topic, table)));
    match conn {
        Conn::Postgres(c) => {
            c.batch_execute(
                "CREATE OR REPLACE FUNCTION revise() RETURNS trigger LANGUAGE plpgsql AS
                 $$ BEGIN
                     UPDATE revisions SET revision = (random() * 9000000000000000)::bigint WHERE topic = TG_ARGV[0];
                     RETURN NULL;
                 END $$;",
            )?;
            for (topic, table) in of_tables {
                c.batch_execute(&format!(
                    "DO $$ BEGIN
                         IF NOT EXISTS (SELECT 1 FROM pg_trigger WHERE tgname = '{table}_revised' AND tgrelid = '{table}'::regclass) THEN
                             CREATE TRIGGER {table}_revised AFTER INSERT OR UPDATE OR DELETE ON {table}
                             FOR EACH STATEMENT EXECUTE FUNCTION revise('{topic}');
                         END IF;
                     END $$;",
                ))?;
            }
        }
        Conn::Sqlite(c) => {
            for (topic, table) in of_tables {
                for event in ["INSERT", "UPDATE", "DELETE"] {
                    c.batch_execute(&format!(
                        "CREATE TRIGGER IF NOT EXISTS {table}_revised_by_{event} AFTER {event} ON {table}
                         BEGIN UPDATE revisions SET revision = random() WHERE topic = '{topic}'; END;",
                    ))?;
                }
            }
        }
    }
    Ok(())
}

/// Tables whose rows are small and looked for by their key.
const CLUSTERED: [&str; 6] = [
    "customer_profiles",
    "customer_standings",
    "match_fresh",
    "match_names",
    "match_terms",
    "registration_keys",
];

/// Makes a table on SQLite its key's B-tree, with the rows in it: one instead of a table and an index. PostgreSQL has no
/// such tables.
fn cluster(conn: &mut SqliteConnection, table: &'static str) -> QueryResult<()> {
    let of_table = format!("tbl_name = '{table}' AND type");
    let plain = format!("{of_table} = 'table' AND sql NOT LIKE '%WITHOUT ROWID%'");
    let Some(definition) = made(conn, "sql", &plain)?.pop() else {
        return Ok(());
    };
    let others = made(conn, "sql", &format!("{of_table} <> 'table'"))?;
    let clustered = definition.replacen(table, &format!("{table}_clustered"), 1);
    conn.immediate_transaction(|conn| {
        conn.batch_execute(&format!(
            "{clustered} WITHOUT ROWID;
             INSERT INTO {table}_clustered SELECT * FROM {table};
             DROP TABLE {table};
             ALTER TABLE {table}_clustered RENAME TO {table};
             {}",
            others.join(";\n")
        ))
    })
}

/// What was made in an SQLite database by statements: names, or the statements themselves (`sql`), of those of which this is
/// true.
pub(super) fn made(
    conn: &mut SqliteConnection,
    asked: &'static str,
    of: &str,
) -> QueryResult<Vec<String>> {
    let query = format!("SELECT {asked} FROM sqlite_master WHERE sql IS NOT NULL AND {of}");
    diesel::dsl::sql::<Text>(&query).load(conn)
}

/// How many terms are kept collected on SQLite. The more wait, the more of them go into each page that is changed; all of
/// them are looked through beside those that were moved.
const FRESH: i64 = 200_000;
/// How many terms beyond these are moved at once at least: nobody writes meanwhile.
const PORTION: i64 = 20_000;

/// Moves the latest terms of the matching index to their place once there are enough, in the order of the index: what
/// would change a page each is then written page by page. Only as many as came: those that follow `behind`, the last term
/// that was moved, and from the last term of all on the first again. So everybody waits equally long, and where one
/// portion goes, as many terms have collected as ever will.
pub fn settle_match_terms(conn: &mut SqliteConnection, behind: &mut i64) -> QueryResult<()> {
    let waiting: i64 = match_fresh::table.count().get_result(conn)?;
    let portion = waiting - FRESH;
    if portion < PORTION {
        return Ok(());
    }
    let last = match_fresh::table
        .filter(match_fresh::term.gt(*behind))
        .order((match_fresh::term, match_fresh::name_number))
        .select(match_fresh::term)
        .offset(portion - 1)
        .first(conn)
        .optional()?
        .unwrap_or(i64::MAX);
    settle(
        conn,
        &format!(
            "INSERT OR IGNORE INTO match_terms
                 SELECT term, name_number, sketch FROM match_fresh
                 WHERE term > {behind} AND term <= {last} ORDER BY term, name_number;
             DELETE FROM match_fresh WHERE term > {behind} AND term <= {last};"
        ),
    )?;
    *behind = if last == i64::MAX { i64::MIN } else { last };
    Ok(())
}

/// Moves what is collected on SQLite, between units of work.
pub fn settle(conn: &mut SqliteConnection, statements: &str) -> QueryResult<()> {
    conn.batch_execute("BEGIN IMMEDIATE")?;
    let settled = conn
        .batch_execute(statements)
        .and_then(|()| conn.batch_execute("COMMIT"));
    if settled.is_err() {
        // Where there is no space left SQLite has done so itself.
        let _ = conn.batch_execute("ROLLBACK");
    }
    settled
}

/// Moves what the log holds into the database, as far as nobody reads what was there before.
pub fn checkpoint(conn: &mut SqliteConnection) -> QueryResult<()> {
    conn.batch_execute("PRAGMA wal_checkpoint(PASSIVE)")
}

/// How many rows this connection has changed since it was opened.
pub fn total_changes(conn: &mut SqliteConnection) -> QueryResult<i64> {
    diesel::select(constant::<BigInt>("total_changes()"))
        .kept()
        .get_result(conn)
}

/// Tells PostgreSQL what has come into tables all at once: until it looks by itself, a minute or more later, it plans as if
/// they were small. SQLite plans by the indexes alone.
pub fn gather_statistics(conn: &mut Conn, tables: &[&str]) -> AppResult<()> {
    if let Conn::Postgres(c) = conn {
        c.batch_execute(&format!("ANALYZE {}", tables.join(", ")))?;
    }
    Ok(())
}

/// Writes tables (SQLite: the whole file) anew and empties the log, so that no free page holds older rows.
pub fn rewrite(conn: &mut Conn, tables: &[&str]) -> AppResult<()> {
    match conn {
        Conn::Postgres(c) => {
            c.batch_execute("SET statement_timeout = 0")?;
            for table in tables {
                c.batch_execute(&format!("VACUUM (FULL) {table}"))?;
            }
        }
        Conn::Sqlite(c) => c.batch_execute(
            "PRAGMA wal_checkpoint(TRUNCATE); VACUUM; PRAGMA wal_checkpoint(TRUNCATE);",
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

/// Runs a statement on whichever database it is, by that database's own connection: what lets one connection be either
/// spells a statement out anew several times a run. For what many requests run.
#[macro_export]
macro_rules! on_each {
    ($conn:expr, $c:ident => $run:expr) => {
        match $conn {
            $crate::db::Conn::Sqlite($c) => $run,
            $crate::db::Conn::Postgres($c) => $run,
        }
    };
}

/// Takes the locks of the rows of a query of ids, where the database has row locks: with one writer (SQLite) nothing else
/// writes meanwhile anyway. For use in functions that return an `AppResult`.
#[macro_export]
macro_rules! lock_rows {
    ($conn:expr, $query:expr) => {{
        use diesel::{QueryDsl as _, RunQueryDsl as _};
        let conn: &mut $crate::db::Conn = $conn;
        if let $crate::db::Conn::Postgres(c) = conn {
            let _: Vec<$crate::domain::id::kind::AnyId> = $query.for_no_key_update().load(c)?;
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

/// Inserts any number of rows, given by reference, as fast as each database takes them: row by row through one prepared
/// statement where that costs no round trip, and by COPY where it would.
#[macro_export]
macro_rules! insert_bulk {
    ($tx:expr, $table:expr, $rows:expr) => {{
        use diesel::RunQueryDsl as _;
        let rows: Vec<_> = $rows.into_iter().collect();
        match $tx {
            $crate::db::Conn::Sqlite(c) => rows.into_iter().try_fold(0, |count, row| {
                let inserted = diesel::insert_into($table).values(row).execute(c)?;
                Ok::<usize, diesel::result::Error>(count + inserted)
            }),
            $crate::db::Conn::Postgres(_) if rows.is_empty() => Ok(0),
            $crate::db::Conn::Postgres(c) => {
                use diesel::ExecuteCopyFromDsl as _;
                diesel::copy_from($table).from_insertable(rows).execute(c)
            }
        }
    }};
}
