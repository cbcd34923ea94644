//! Sealed columns as such, whatever table they are in: which values are not sealed, or are under another key. The names
//! of tables and columns are constants of the code; values are bound.

use diesel::{
    prelude::*,
    query_builder::{BoxedSqlQuery, SqlQuery},
    sql_query,
    sql_types::Text,
};

use super::{
    Conn, MultiBackend, Tx,
    compact::{self, holds_ids},
};
use crate::{
    auth::vault::{Column, Sealed},
    domain::id::{RecordId, kind::AnyId},
    error::{AppError, AppResult},
};

type Query<'q> = BoxedSqlQuery<'q, MultiBackend, SqlQuery>;

/// Whether a column of a primary key is a number.
fn is_number(key: &str) -> bool {
    ["part", "row_number", "position"].contains(&key)
}

/// A column of a primary key as text; an id in its canonical form.
fn text_of(conn: &Conn, key: &str) -> String {
    match conn {
        Conn::Sqlite(_) if holds_ids(key) => compact::id_text(key),
        _ => format!("CAST({key} AS TEXT)"),
    }
}

/// A value as it stands in the database.
#[derive(Debug, Clone, QueryableByName)]
pub struct Stored {
    /// The row's primary key, its columns joined by `/`.
    #[diesel(sql_type = Text)]
    pub record: String,
    /// The column.
    #[diesel(sql_type = Text)]
    pub value: Sealed,
}

#[derive(QueryableByName)]
struct Counted {
    #[diesel(sql_type = diesel::sql_types::BigInt)]
    number: i64,
}

/// What is looked for: values that do not begin like this. `v1.` finds what is not sealed, `v1.<key id>.` what another
/// key has sealed too.
fn unlike(column: &Column) -> String {
    let name = column.name;
    format!("{name} IS NOT NULL AND {name} NOT LIKE $1")
}

fn parameter(name: &str, number: usize) -> String {
    if is_number(name) {
        format!("CAST(${number} AS BIGINT)")
    } else {
        format!("${number}")
    }
}

/// The parts of a primary key, given to a query in their order.
fn with_key<'q>(mut query: Query<'q>, column: &Column, record: &str) -> AppResult<Query<'q>> {
    // The last part may hold anything, also the separator.
    let parts = record.splitn(column.key.len(), '/');
    for (key, part) in column.key.iter().zip(parts) {
        query = if holds_ids(key) {
            let id: AnyId = part.parse().map_err(AppError::internal)?;
            query.bind::<RecordId, _>(id)
        } else {
            query.bind::<Text, _>(part.to_owned())
        };
    }
    Ok(query)
}

/// How many values of a column do not begin like this.
///
/// # Errors
/// A database fault.
pub fn count(conn: &mut Conn, column: &Column, prefix: &str) -> AppResult<i64> {
    let (table, unlike) = (column.table, unlike(column));
    let query = format!("SELECT COUNT(*) AS number FROM {table} WHERE {unlike}");
    let counted: Counted = sql_query(query)
        .into_boxed::<MultiBackend>()
        .bind::<Text, _>(format!("{prefix}%"))
        .get_result(conn)?;
    Ok(counted.number)
}

/// The next values of a column that do not begin like this, in the order of the primary key.
///
/// # Errors
/// A database fault.
pub fn page(
    conn: &mut Conn,
    column: &Column,
    prefix: &str,
    after: Option<&str>,
    limit: usize,
) -> AppResult<Vec<Stored>> {
    let (table, name, keys) = (column.table, column.name, column.key.join(", "));
    let record: Vec<_> = column.key.iter().map(|key| text_of(conn, key)).collect();
    let record = record.join(" || '/' || ");
    let beyond = after.map_or_else(String::new, |_| {
        let last: Vec<_> = (2..)
            .zip(column.key)
            .map(|(number, key)| parameter(key, number))
            .collect();
        format!("AND ({keys}) > ({})", last.join(", "))
    });
    let unlike = unlike(column);
    let mut query = sql_query(format!(
        "SELECT {record} AS record, {name} AS value FROM {table} WHERE {unlike} {beyond} ORDER BY {keys} LIMIT {limit}"
    ))
    .into_boxed::<MultiBackend>()
    .bind::<Text, _>(format!("{prefix}%"));
    if let Some(record) = after {
        query = with_key(query, column, record)?;
    }
    Ok(query.load(conn)?)
}

/// Replaces a value, unless somebody else changed it meanwhile.
///
/// # Errors
/// A database fault.
pub fn replace(tx: &mut Tx<'_>, column: &Column, old: &Stored, new: &Sealed) -> AppResult<()> {
    let (table, name) = (column.table, column.name);
    let at: Vec<_> = (3..)
        .zip(column.key)
        .map(|(number, key)| format!("{key} = {}", parameter(key, number)))
        .collect();
    let query = sql_query(format!(
        "UPDATE {table} SET {name} = $1 WHERE {name} = $2 AND {}",
        at.join(" AND ")
    ))
    .into_boxed::<MultiBackend>()
    .bind::<Text, _>(new.as_str().to_owned())
    .bind::<Text, _>(old.value.as_str().to_owned());
    with_key(query, column, &old.record)?.execute(tx.conn())?;
    Ok(())
}

/// Waits until everybody has finished who may have read these tables before; those who come later wait for a moment.
/// SQLite has one writer, who is this one.
///
/// # Errors
/// 503 when somebody takes too long; a database fault.
pub fn wait_for_others(tx: &mut Tx<'_>, column: &Column) -> AppResult<()> {
    if let Conn::Postgres(conn) = tx.conn() {
        let table = column.table;
        sql_query(format!("LOCK TABLE {table} IN ACCESS EXCLUSIVE MODE")).execute(conn)?;
    }
    Ok(())
}
