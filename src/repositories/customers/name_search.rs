//! The search inside names: which customers may have a text in one of their names, by the pieces of two characters that
//! stand in the matching index. Derived like it, and kept with it.

use std::collections::{BTreeMap, BTreeSet};

use diesel::prelude::*;

use crate::{
    db::{
        Conn, Keep as _, Tx, padded, pieces,
        schema::{match_names, match_pieces},
    },
    domain::{
        id::kind::{AnyId, CustomerId},
        vocabulary::SubjectKind,
    },
    error::AppResult,
    models::customers::matching::MatchName,
    policy::customers::name_pieces::Within,
};

/// Up to so many names a list takes those that were found and puts them in order; of more it finds a page sooner by going
/// through the list in its order.
const MOST: usize = 4_000;
/// Rows in one statement.
const BATCH: usize = 1_000;

/// The customers who may have the text in one of their names, deleted and merged ones left out; nothing when there are
/// more than a list takes.
///
/// # Errors
/// A database fault.
pub fn few(conn: &mut Conn, within: &Within) -> AppResult<Option<Vec<CustomerId>>> {
    if within.pieces.is_empty() {
        return Ok(None);
    }
    let found: Vec<AnyId> = match conn {
        Conn::Postgres(c) => match_names::table
            .filter(pieces::in_row(&within.pieces))
            .select(match_names::subject_id)
            .limit(most())
            .load(c)?,
        Conn::Sqlite(c) => {
            let numbers = numbers(c, &within.pieces)?;
            if numbers.len() > MOST {
                return Ok(None);
            }
            subjects(c, &numbers)?
        }
    };
    let few = found.len() <= MOST;
    Ok(few.then(|| found.into_iter().map(AnyId::cast).collect()))
}

fn most() -> i64 {
    i64::try_from(MOST + 1).unwrap_or(i64::MAX)
}

fn numbers(conn: &mut SqliteConnection, asked: &[String]) -> AppResult<BTreeSet<i64>> {
    // The latest first: what is moved meanwhile is met twice, not missed.
    let mut numbers: BTreeSet<i64> = pieces::fresh(conn, asked)?.into_iter().collect();
    numbers.extend(pieces::settled(conn, asked, most())?);
    Ok(numbers)
}

fn subjects(conn: &mut SqliteConnection, numbers: &BTreeSet<i64>) -> AppResult<Vec<AnyId>> {
    let numbers: Vec<i64> = numbers.iter().copied().collect();
    let mut found = BTreeSet::new();
    for numbers in numbers.chunks(BATCH) {
        let subjects: Vec<AnyId> = match_names::table
            .filter(match_names::number.eq_any(padded(numbers.iter().copied())))
            .filter(match_names::subject_kind.eq(SubjectKind::Customer))
            .select(match_names::subject_id)
            .kept()
            .load(conn)?;
        found.extend(subjects);
    }
    Ok(found.into_iter().collect())
}

/// SQLite keeps the pieces apart from the rows of names: takes them out.
pub fn apart(rows: &mut [MatchName]) -> Vec<(i64, String)> {
    rows.iter_mut()
        .filter_map(|row| Some((row.number, row.pieces.take()?)))
        .collect()
}

/// SQLite: enters the pieces of many names in the full-text index at once.
///
/// # Errors
/// A database fault.
pub fn enter(conn: &mut SqliteConnection, names: Vec<(i64, String)>) -> AppResult<()> {
    let mut by_number: BTreeMap<i64, String> = BTreeMap::new();
    for (number, pieces) in names {
        // Two records may share a number: both are looked at.
        let all = by_number.entry(number).or_default();
        all.push(' ');
        all.push_str(&pieces);
    }
    let names: Vec<(i64, String)> = by_number.into_iter().collect();
    Ok(pieces::enter(conn, &names)?)
}

/// Forgets everything that does not stand in the rows of names.
///
/// # Errors
/// A database fault.
pub fn clear(tx: &mut Tx<'_>) -> AppResult<()> {
    diesel::delete(match_pieces::table).execute(tx.conn())?;
    if let Conn::Sqlite(c) = tx.conn() {
        pieces::clear(c)?;
    }
    Ok(())
}
