//! How SQLite keeps ids and instants: as sixteen bytes, and as microseconds since 1970 (docs/decisions/018). Databases from
//! before that, which have both as text, are converted once.

use diesel::{connection::SimpleConnection, dsl::sql, prelude::*, sql_query, sql_types::Text};

use crate::error::{AppError, AppResult};

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

/// Converts a database that has ids and instants as text, whole or not at all.
///
/// # Errors
/// A database fault; no space left.
pub fn convert(conn: &mut SqliteConnection) -> AppResult<()> {
    let begun = made(conn, "name = 'units'", "name")?;
    let kept = begun
        .into_iter()
        .map(|_| sql::<Text>("SELECT typeof(id) FROM units LIMIT 1").load(conn));
    let kept: Vec<String> = kept.collect::<QueryResult<Vec<_>>>()?.concat();
    if kept != ["text"] {
        return Ok(());
    }
    log::info!(target: "xianlu::db", "converting ids and instants of this database: about a minute for 100,000 customers");
    // An id and what refers to it change one after the other.
    conn.batch_execute("PRAGMA foreign_keys = OFF")?;
    conn.immediate_transaction(|conn| {
        // They are made anew after the migrations, every time.
        for trigger in made(conn, "type = 'trigger'", "name")? {
            conn.batch_execute(&format!("DROP TRIGGER {trigger}"))?;
        }
        for table in made(
            conn,
            "type = 'table' AND sql NOT LIKE 'CREATE VIRTUAL%'",
            "name",
        )? {
            table_of(conn, &table)?;
        }
        Ok(())
    })
    .map_err(|error: diesel::result::Error| AppError::from(error))?;
    conn.batch_execute("PRAGMA foreign_keys = ON; PRAGMA wal_checkpoint(TRUNCATE)")?;
    Ok(())
}

fn made(conn: &mut SqliteConnection, what: &str, asked: &str) -> QueryResult<Vec<String>> {
    let query = format!("SELECT {asked} FROM sqlite_master WHERE {what} AND sql IS NOT NULL");
    sql::<Text>(&query).load(conn)
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
    let (names, definitions) = (made(conn, &indexes, "name")?, made(conn, &indexes, "sql")?);
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
