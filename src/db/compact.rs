//! How SQLite keeps ids and instants: as sixteen bytes, and as microseconds since 1970 (docs/decisions/018). Databases from
//! before that, which have both as text, are converted once.

use diesel::{connection::SimpleConnection, dsl::sql, prelude::*, sql_query, sql_types::Text};

use super::extras::made;
use crate::error::AppResult;

/// Whether a column holds ids of records, by its name; a test compares this with the rows of the demo company.
pub fn holds_ids(column: &str) -> bool {
    let named = ["_id", "_by", "_of", "_within"]
        .iter()
        .any(|end| column.ends_with(end));
    // An id of a request, and of a key in the environment.
    (named || column == "id") && !["trace_id", "key_id"].contains(&column)
}

/// An id in its canonical text form.
pub fn id_text(column: &str) -> String {
    let part = |from: u8, length: u8| format!("substr(hex({column}), {from}, {length})");
    let parts = [
        part(1, 8),
        part(9, 4),
        part(13, 4),
        part(17, 4),
        part(21, 12),
    ];
    format!("lower({})", parts.join(" || '-' || "))
}

#[derive(QueryableByName)]
struct Column {
    #[diesel(sql_type = Text)]
    name: String,
    #[diesel(sql_type = Text)]
    kept: String,
}

/// The migration that says that ids and instants are kept so.
const SAID_BY: &str = "20261122000015";

/// Converts a database that has ids and instants as text, whole or not at all; one that is converted, or new, stays as it is.
/// The connection is used for nothing else. `told` hears how many tables of how many are done.
///
/// # Errors
/// A database fault; no space left.
pub fn convert(mut conn: SqliteConnection, told: &dyn Fn(usize, usize)) -> AppResult<()> {
    let conn = &mut conn;
    if !is_due(conn)? {
        return Ok(());
    }
    // An id and what refers to it change one after the other; who changes a key changes a copy of the table first, which
    // is not to be held in memory; and another server may be at it already.
    conn.batch_execute(
        "PRAGMA foreign_keys = OFF; PRAGMA temp_store = FILE; PRAGMA busy_timeout = 3600000",
    )?;
    let converted = conn.immediate_transaction(|conn| {
        let due = is_due(conn)?;
        if due {
            tables(conn, told)?;
        }
        QueryResult::Ok(due)
    })?;
    if converted && let Err(error) = conn.batch_execute("VACUUM; PRAGMA wal_checkpoint(TRUNCATE)") {
        // There may be no room for a second file: then this one keeps its free pages.
        log::warn!(target: "xianlu::db", "the file was not made smaller: {error}");
    }
    Ok(())
}

/// Whether migrations have run, but not the one that says so.
fn is_due(conn: &mut SqliteConnection) -> QueryResult<bool> {
    const RUN: &str = "__diesel_schema_migrations";
    if made(conn, "name", &format!("name = '{RUN}'"))?.is_empty() {
        return Ok(false);
    }
    let run: Vec<String> = sql::<Text>(&format!("SELECT version FROM {RUN}")).load(conn)?;
    Ok(!run.is_empty() && !run.iter().any(|version| version == SAID_BY))
}

fn tables(conn: &mut SqliteConnection, told: &dyn Fn(usize, usize)) -> QueryResult<()> {
    // They are made anew after the migrations, every time.
    for trigger in made(conn, "name", "type = 'trigger'")? {
        conn.batch_execute(&format!("DROP TRIGGER {trigger}"))?;
    }
    let own =
        "type = 'table' AND sql NOT LIKE 'CREATE VIRTUAL%' AND name NOT LIKE '\\_\\_%' ESCAPE '\\'";
    let tables = made(conn, "name", own)?;
    for (done, table) in tables.iter().enumerate() {
        told(done, tables.len());
        table_of(conn, table)?;
    }
    Ok(())
}

fn table_of(conn: &mut SqliteConnection, table: &str) -> QueryResult<()> {
    let columns: Vec<Column> = sql_query(format!(
        "SELECT name, type AS kept FROM pragma_table_info('{table}')"
    ))
    .load(conn)?;
    let converted: Vec<String> = columns.iter().filter_map(compacted).collect();
    if converted.is_empty() {
        return Ok(());
    }
    // Entered in order when they are made anew; changed row by row, each entry would be taken out and entered elsewhere.
    let indexes = format!("type = 'index' AND tbl_name = '{table}'");
    let (names, definitions) = (made(conn, "name", &indexes)?, made(conn, "sql", &indexes)?);
    for index in names {
        conn.batch_execute(&format!("DROP INDEX {index}"))?;
    }
    conn.batch_execute(&format!("UPDATE {table} SET {}", converted.join(", ")))?;
    conn.batch_execute(&definitions.join(";\n"))
}

/// The assignment that converts a column, if it is one of these.
fn compacted(column: &Column) -> Option<String> {
    let Column { name, kept } = column;
    let value = match kept.as_str() {
        "TIMESTAMP" => format!(
            "CAST(strftime('%s', substr({name}, 1, 19)) AS INTEGER) * 1000000
             + CAST(substr(substr({name}, 21) || '000000', 1, 6) AS INTEGER)"
        ),
        "TEXT" if holds_ids(name) => format!("unhex(replace({name}, '-', ''))"),
        _ => return None,
    };
    Some(format!(
        "{name} = CASE typeof({name}) WHEN 'text' THEN {value} ELSE {name} END"
    ))
}
