//! The matching index: the terms under which the names of records stand, and the look-up of names by terms (DUP-01).
//!
//! It is derived from the records and kept in the transaction of every write. Terms are hashes and fall anywhere: on
//! SQLite, where each would change a page of its own, they are collected in `match_fresh` and moved together by the writer.

use std::collections::{BTreeMap, BTreeSet};

use diesel::{dsl::Eq, prelude::*};

use crate::{
    db::{
        Conn, Keep as _, Tx, padded, pieces,
        schema::{match_fresh, match_names, match_terms},
    },
    domain::{id::kind::AnyId, names::Parts, vocabulary::SubjectKind},
    error::AppResult,
    models::customers::matching::{MatchName, MatchTerm},
    on_each,
    policy::customers::{
        match_terms::{Sought, sketch, spread, stored},
        name_pieces,
    },
    repositories::customers::name_search,
};

/// Rows in one statement on PostgreSQL.
const BATCH: usize = 900;
/// How many names a look-up takes of terms that few names share, and of those that many may share.
const NARROW: i64 = 600;
const BROAD: i64 = 300;

/// Up to how many terms the pieces of names are collected as terms are; more are an import's.
const FEW: usize = 64;
/// How many terms go into one statement on SQLite, where there are as many.
const TOGETHER: usize = 64;

/// What a record is found by. Without names it is not found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// What kind of record.
    pub kind: SubjectKind,
    /// Which.
    pub id: AnyId,
    /// The name in force, then former names and aliases. An empty one stands for a person, who is found by phone.
    pub names: Vec<String>,
    /// Keyed hash of the address.
    pub address: Option<i64>,
    /// Keyed hash of the website.
    pub website: Option<i64>,
    /// Keyed hash of the phone.
    pub phone: Option<i64>,
    /// Folded names by whose pieces it is searched; none for what is not searched so.
    pub searched: Vec<String>,
}

/// What is kept of records so that they are found: worked out before it is written.
#[derive(Debug, Clone, Default)]
pub struct Found {
    names: Vec<MatchName>,
    terms: Vec<MatchTerm>,
}

impl Found {
    /// Of several records.
    pub fn of(entries: &[Entry]) -> Self {
        let names: Vec<MatchName> = entries.iter().flat_map(Entry::rows).collect();
        Self {
            terms: terms(&names),
            names,
        }
    }

    /// What is kept of all of these.
    pub fn together<'f>(all: impl IntoIterator<Item = &'f Self>) -> Self {
        all.into_iter().fold(Self::default(), |mut whole, one| {
            whole.names.extend_from_slice(&one.names);
            whole.terms.extend_from_slice(&one.terms);
            whole
        })
    }
}

impl Entry {
    fn rows(&self) -> Vec<MatchName> {
        let number = number(self.id);
        let names = self.searched.iter().map(String::as_str);
        let mut pieces = (!self.searched.is_empty()).then(|| name_pieces::kept(names));
        self.names
            .iter()
            .zip(0..)
            .map(|(name, position)| MatchName {
                number,
                subject_id: self.id,
                position,
                subject_kind: self.kind,
                name: name.clone(),
                address_term: self.address.filter(|_| position == 0),
                website_term: self.website.filter(|_| position == 0),
                phone_term: self.phone.filter(|_| position == 0),
                pieces: pieces.take(),
            })
            .collect()
    }
}

/// A short number for a record's id: its time, then a hash. Two records may share one; then both are looked at.
fn number(id: AnyId) -> i64 {
    let digits = id
        .as_str()
        .bytes()
        .filter_map(|b| char::from(b).to_digit(16));
    let value = digits.fold(0_u128, |value, digit| (value << 4) | u128::from(digit));
    let milliseconds = value >> 80;
    let random = u64::try_from(value & u128::from(u64::MAX)).unwrap_or_default();
    let mixed = spread(random) >> 41;
    // 40 bits of milliseconds since 2020, then 23 of the hash.
    let since = milliseconds.saturating_sub(1_577_836_800_000) & ((1 << 40) - 1);
    i64::try_from((since << 23) | u128::from(mixed)).unwrap_or(i64::MAX)
}

type FreshRow = (
    Eq<match_fresh::term, i64>,
    Eq<match_fresh::name_number, i64>,
    Eq<match_fresh::sketch, i64>,
);

fn fresh_row(term: &MatchTerm) -> FreshRow {
    (
        match_fresh::term.eq(term.term),
        match_fresh::name_number.eq(term.name_number),
        match_fresh::sketch.eq(term.sketch),
    )
}

/// The terms of a record's names, in order, each once.
fn terms(rows: &[MatchName]) -> Vec<MatchTerm> {
    let mut found = BTreeMap::new();
    for row in rows {
        let parts = Parts::of(&row.name);
        let sketch = sketch(&parts);
        let beside = [row.address_term, row.website_term, row.phone_term];
        for term in stored(&parts)
            .into_iter()
            .chain(beside.into_iter().flatten())
        {
            found.entry((term, row.number)).or_insert(sketch);
        }
    }
    found
        .into_iter()
        .map(|((term, name_number), sketch)| MatchTerm {
            term,
            name_number,
            sketch,
        })
        .collect()
}

/// Makes a record found by what it says now.
///
/// # Errors
/// A database fault.
pub fn keep(tx: &mut Tx<'_>, entry: &Entry) -> AppResult<()> {
    let number = number(entry.id);
    let known: Vec<MatchName> = MatchName::query()
        .filter(match_names::number.eq(number))
        .filter(match_names::subject_id.eq(entry.id))
        .order(match_names::position)
        .load(tx.conn())?;
    let mut wanted = entry.rows();
    if let Conn::Sqlite(c) = tx.conn() {
        let searched = name_search::apart(&mut wanted);
        // A person's name is in no row: whether it is another one, the rows do not say.
        if known != wanted || entry.names.iter().any(String::is_empty) {
            pieces::collect(c, &searched)?;
        }
    }
    if known == wanted {
        return Ok(());
    }
    if !known.is_empty() {
        let kept: BTreeSet<i64> = terms(&wanted).into_iter().map(|term| term.term).collect();
        let gone: Vec<i64> = terms(&known)
            .into_iter()
            .map(|term| term.term)
            .filter(|term| !kept.contains(term))
            .collect();
        diesel::delete(
            match_terms::table
                .filter(match_terms::term.eq_any(&gone))
                .filter(match_terms::name_number.eq(number)),
        )
        .execute(tx.conn())?;
        diesel::delete(
            match_fresh::table
                .filter(match_fresh::term.eq_any(&gone))
                .filter(match_fresh::name_number.eq(number)),
        )
        .execute(tx.conn())?;
        diesel::delete(
            match_names::table
                .filter(match_names::number.eq(number))
                .filter(match_names::subject_id.eq(entry.id)),
        )
        .execute(tx.conn())?;
    }
    let terms = terms(&wanted);
    insert(tx, &wanted, terms)
}

/// Makes records found that were not before.
///
/// # Errors
/// A database fault.
pub fn keep_new(tx: &mut Tx<'_>, mut found: Found) -> AppResult<()> {
    if let Conn::Sqlite(c) = tx.conn() {
        let searched = name_search::apart(&mut found.names);
        if found.terms.len() <= FEW {
            pieces::collect(c, &searched)?;
        } else {
            name_search::enter(c, searched)?;
        }
    }
    insert(tx, &found.names, found.terms)
}

fn insert(tx: &mut Tx<'_>, rows: &[MatchName], mut terms: Vec<MatchTerm>) -> AppResult<()> {
    // In the order of the index: neighbours go into the same page.
    terms.sort_unstable();
    match tx.conn() {
        Conn::Sqlite(c) => {
            names_one_by_one(c, rows)?;
            collect(c, &terms)
        }
        Conn::Postgres(c) => {
            for rows in rows.chunks(BATCH) {
                diesel::insert_into(match_names::table)
                    .values(rows)
                    .on_conflict_do_nothing()
                    .execute(c)?;
            }
            for terms in terms.chunks(BATCH) {
                diesel::insert_into(match_terms::table)
                    .values(terms)
                    .on_conflict_do_nothing()
                    .execute(c)?;
            }
            Ok(())
        }
    }
}

/// Row by row through a statement that stays prepared.
fn names_one_by_one(conn: &mut SqliteConnection, rows: &[MatchName]) -> AppResult<()> {
    for row in rows {
        diesel::insert_or_ignore_into(match_names::table)
            .values(row)
            .execute(conn)?;
    }
    Ok(())
}

/// Terms by statements that stay prepared: of so many rows as long as there are, then of one.
fn collect(conn: &mut SqliteConnection, terms: &[MatchTerm]) -> AppResult<()> {
    let rows: Vec<FreshRow> = terms.iter().map(fresh_row).collect();
    let (whole, rest) = rows.as_chunks::<TOGETHER>();
    for rows in whole {
        diesel::insert_or_ignore_into(match_fresh::table)
            .values(rows)
            .execute(conn)?;
    }
    for row in rest {
        diesel::insert_or_ignore_into(match_fresh::table)
            .values(row)
            .execute(conn)?;
    }
    Ok(())
}

/// Forgets everything, before it is computed again.
///
/// # Errors
/// A database fault.
pub fn clear(tx: &mut Tx<'_>) -> AppResult<()> {
    diesel::delete(match_terms::table).execute(tx.conn())?;
    diesel::delete(match_fresh::table).execute(tx.conn())?;
    diesel::delete(match_names::table).execute(tx.conn())?;
    name_search::clear(tx)
}

/// Who stands under the terms that are looked for, with the sketches of their names.
///
/// # Errors
/// A database fault.
pub fn find(conn: &mut Conn, sought: &Sought) -> AppResult<Vec<MatchTerm>> {
    // The latest first: what is moved meanwhile is met twice, not missed.
    let mut found = match conn {
        Conn::Sqlite(_) => fresh(conn, sought)?,
        Conn::Postgres(_) => Vec::new(),
    };
    found.extend(settled(conn, sought)?);
    Ok(found)
}

/// Writes a look-up over one of the two tables of terms.
macro_rules! look_up {
    ($name:ident, $table:ident) => {
        fn $name(conn: &mut Conn, sought: &Sought) -> AppResult<Vec<MatchTerm>> {
            let columns = || ($table::term, $table::name_number, $table::sketch);
            let mut found: Vec<(i64, i64, i64)> = Vec::new();
            if !sought.narrow.is_empty() {
                let narrow = $table::table
                    .select(columns())
                    .filter($table::term.eq_any(padded(sought.narrow.iter().copied())))
                    .limit(NARROW)
                    .kept();
                found = on_each!(conn, c => narrow.load(c))?;
            }
            if !sought.broad.is_empty() {
                let broad = $table::table
                    .select(columns())
                    .filter($table::term.eq_any(padded(sought.broad.iter().copied())))
                    .limit(BROAD)
                    .kept();
                let broad: Vec<(i64, i64, i64)> = on_each!(conn, c => broad.load(c))?;
                found.extend(broad);
            }
            if let Some((low, high)) = sought.beginning {
                let beginning = $table::table
                    .select(columns())
                    .filter($table::term.between(low, high))
                    .order($table::term)
                    .limit(BROAD);
                let beginning: Vec<(i64, i64, i64)> = on_each!(conn, c => beginning.load(c))?;
                found.extend(beginning);
            }
            if let Some(phone) = sought.phone {
                let phoned = $table::table
                    .select(columns())
                    .filter($table::term.eq(phone))
                    .limit(BROAD);
                let phoned: Vec<(i64, i64, i64)> = on_each!(conn, c => phoned.load(c))?;
                found.extend(phoned);
            }
            let row = |(term, name_number, sketch)| MatchTerm {
                term,
                name_number,
                sketch,
            };
            Ok(found.into_iter().map(row).collect())
        }
    };
}
look_up!(settled, match_terms);
look_up!(fresh, match_fresh);

/// The names with these numbers.
///
/// # Errors
/// A database fault.
pub fn names(conn: &mut Conn, numbers: &[i64]) -> AppResult<Vec<MatchName>> {
    if numbers.is_empty() {
        return Ok(Vec::new());
    }
    let query =
        match_names::table.filter(match_names::number.eq_any(padded(numbers.iter().copied())));
    Ok(on_each!(conn, c => query.select(MatchName::as_select()).kept().load(c))?)
}

/// What a record is found by now.
///
/// # Errors
/// A database fault.
pub fn of_subject(conn: &mut Conn, id: AnyId) -> AppResult<Vec<MatchName>> {
    Ok(MatchName::query()
        .filter(match_names::number.eq(number(id)))
        .filter(match_names::subject_id.eq(id))
        .order(match_names::position)
        .load(conn)?)
}

#[cfg(test)]
mod tests {
    use super::*;
    use uuid::Uuid;

    #[test]
    fn numbers_are_positive_and_in_the_order_of_time() {
        let at = |milliseconds: u128, random: u128| {
            number(AnyId::from_uuid(Uuid::from_u128(
                (milliseconds << 80) | (7 << 76) | (2 << 62) | random,
            )))
        };
        assert!(at(1_790_000_000_000, 5) > 0);
        assert!(at(1_790_000_000_000, 5) < at(1_790_000_000_001, 3));
        assert_ne!(at(1_790_000_000_000, 5), at(1_790_000_000_000, 6));
    }
}
