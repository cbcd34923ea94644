//! Names by the pieces that are in them, by what each database has for it: PostgreSQL indexes sets (GIN), SQLite texts
//! (FTS5). Both collect what comes and merge it later, so that a new name does not change a page for each of its pieces.

use diesel::{
    connection::SimpleConnection,
    dsl::sql,
    pg::Pg,
    prelude::*,
    sql_types::{Bool, Text},
};

use super::{
    Conn, Keep as _, constant, extras,
    schema::{match_names, match_pieces},
};
use crate::error::AppResult;

diesel::table! {
    /// SQLite's full-text index: postings alone, no text. A number that is entered again stands under its former pieces
    /// too; whoever looks a name up compares it.
    match_names_pieces (rowid) {
        /// The name's number.
        rowid -> BigInt,
        /// Its pieces, with blanks between.
        pieces -> Text,
    }
}

/// Applied after the migrations, every time.
pub fn prepare(conn: &mut Conn) -> AppResult<()> {
    match conn {
        // A collation of plain bytes: it is only asked what is equal.
        Conn::Postgres(c) => c.batch_execute(
            "CREATE INDEX IF NOT EXISTS match_names_pieces ON match_names
             USING gin ((string_to_array(pieces, ' ')) COLLATE \"C\") WHERE pieces IS NOT NULL",
        )?,
        // To this tokenizer whatever is not ASCII is a letter, also what Unicode has added since it was written.
        Conn::Sqlite(c) => c.batch_execute(
            "CREATE VIRTUAL TABLE IF NOT EXISTS match_names_pieces
             USING fts5(pieces, content = '', detail = none, columnsize = 0, tokenize = 'ascii')",
        )?,
    }
    Ok(())
}

/// Sorts in what was entered last, once much was entered at once: PostgreSQL lets it wait unsorted, and goes through all of it
/// with every search, until it comes round to that by itself.
///
/// # Errors
/// A database fault.
pub fn sort_in(conn: &mut Conn) -> QueryResult<()> {
    match conn {
        Conn::Postgres(c) => {
            c.batch_execute("SELECT gin_clean_pending_list('match_names_pieces'::regclass)")
        }
        Conn::Sqlite(_) => Ok(()),
    }
}

/// PostgreSQL: whether a row of `match_names` has all of these pieces.
pub fn in_row(
    pieces: &[String],
) -> Box<dyn BoxableExpression<match_names::table, Pg, SqlType = Bool>> {
    let all = sql::<Bool>(
        "pieces IS NOT NULL AND string_to_array(pieces, ' ') COLLATE \"C\" @> string_to_array(",
    );
    Box::new(all.bind::<Text, _>(pieces.join(" ")).sql(", ' ')"))
}

/// SQLite: the numbers of the names that have all of these pieces, up to a limit.
pub fn settled(
    conn: &mut SqliteConnection,
    pieces: &[String],
    limit: i64,
) -> QueryResult<Vec<i64>> {
    let quoted: Vec<String> = pieces.iter().map(|piece| format!("\"{piece}\"")).collect();
    match_names_pieces::table
        .filter(sql::<Bool>("match_names_pieces MATCH ").bind::<Text, _>(quoted.join(" ")))
        .select(match_names_pieces::rowid)
        .limit(limit)
        .load(conn)
}

/// SQLite: enters names, in the order of their numbers: a smaller one after a larger one would begin another list of
/// postings.
pub fn enter(conn: &mut SqliteConnection, names: &[(i64, String)]) -> QueryResult<()> {
    for (number, pieces) in names {
        diesel::insert_into(match_names_pieces::table)
            .values((
                match_names_pieces::rowid.eq(number),
                match_names_pieces::pieces.eq(pieces),
            ))
            .execute(conn)?;
    }
    Ok(())
}

/// SQLite: the numbers of the latest names that have all of these pieces. They are few, and gone through.
pub fn fresh(conn: &mut SqliteConnection, asked: &[String]) -> QueryResult<Vec<i64>> {
    let mut names = match_pieces::table
        .select(match_pieces::name_number)
        .into_boxed();
    for piece in asked {
        // Folded texts are letters and digits alone, no signs of a pattern; a piece holds no blank.
        names = names.filter(match_pieces::pieces.like(format!("%{piece}%")));
    }
    names.load(conn)
}

/// SQLite: keeps the pieces of a few names until they are moved to the full-text index with others.
pub fn collect(conn: &mut SqliteConnection, names: &[(i64, String)]) -> QueryResult<()> {
    for (number, pieces) in names {
        diesel::insert_into(match_pieces::table)
            .values((
                match_pieces::name_number.eq(number),
                match_pieces::pieces.eq(pieces),
            ))
            .on_conflict(match_pieces::name_number)
            .do_update()
            .set(match_pieces::pieces.eq(constant::<Text>("pieces || ' ' || excluded.pieces")))
            .kept()
            .execute(conn)?;
    }
    Ok(())
}

/// How many names are collected on SQLite before their pieces are moved.
const FRESH: i64 = 1_000;

/// SQLite: moves the pieces of the latest names to the full-text index once there are enough. Not inside anybody's unit
/// of work: each would leave a list of postings of its own, to be merged later.
pub fn settle(conn: &mut SqliteConnection) -> QueryResult<()> {
    let waiting: i64 = match_pieces::table.count().get_result(conn)?;
    if waiting < FRESH {
        return Ok(());
    }
    extras::settle(
        conn,
        "INSERT INTO match_names_pieces (rowid, pieces)
             SELECT name_number, pieces FROM match_pieces ORDER BY name_number;
         DELETE FROM match_pieces;",
    )
}

/// SQLite: forgets all that was moved.
pub fn clear(conn: &mut SqliteConnection) -> QueryResult<()> {
    conn.batch_execute("INSERT INTO match_names_pieces (match_names_pieces) VALUES ('delete-all')")
}
