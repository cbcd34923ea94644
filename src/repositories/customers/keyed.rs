//! Customers by what only few have: a credit code, a phone. The unique keys lead to who holds it, as a registration would
//! meet it (DUP-08, AMB-3); the matching index to everybody who has a phone, also where it is no unique key. Both keep
//! phones as keyed hashes.

use std::{collections::BTreeSet, slice};

use diesel::{prelude::*, sql_types::Bool};

use super::narrowing::Narrow;
use crate::{
    db::{
        Conn, Keep as _, MultiBackend, padded,
        schema::{customers, match_fresh, match_names, match_terms, registration_keys},
    },
    domain::{
        id::kind::{AnyId, CustomerId},
        vocabulary::{KeyKind, Line, SubjectKind},
    },
    error::AppResult,
};

/// A phone as it is looked for.
#[derive(Debug, Clone)]
pub struct Phoned {
    /// As a unique key: one value for each data key.
    pub keys: Vec<String>,
    /// As a term of the matching index.
    pub term: i64,
}

/// Up to so many a list takes those that were found and puts them in order; of more it finds a page sooner by going
/// through the list in its order.
const MOST: usize = 4_000;
/// Rows in one statement.
const BATCH: usize = 1_000;

type Predicate = Box<dyn BoxableExpression<customers::table, MultiBackend, SqlType = Bool>>;

/// The customers that hold the credit code that is asked for, or else have the phone; nothing when neither is asked for, or
/// when more have the phone than a list takes.
///
/// # Errors
/// A database fault.
pub fn few(conn: &mut Conn, narrow: &Narrow) -> AppResult<Option<Vec<CustomerId>>> {
    let found = match (&narrow.credit_code, &narrow.phone) {
        (Some(code), _) => Some(holders(conn, KeyKind::CreditCode, slice::from_ref(code))?),
        (None, Some(phone)) => having(conn, phone)?,
        (None, None) => None,
    };
    Ok(found.map(|found| found.into_iter().collect()))
}

/// Who holds any of these keys, in whatever line.
fn holders(conn: &mut Conn, kind: KeyKind, values: &[String]) -> AppResult<BTreeSet<CustomerId>> {
    let ids: Vec<CustomerId> = registration_keys::table
        .filter(registration_keys::line.eq_any(Line::ALL))
        .filter(registration_keys::key_kind.eq(kind))
        .filter(registration_keys::key_value.eq_any(values))
        .select(registration_keys::customer_id)
        .load(conn)?;
    Ok(ids.into_iter().collect())
}

/// Writes what stands under a term in one of the two tables of terms.
macro_rules! numbers {
    ($table:ident, $term:expr) => {
        $table::table
            .filter($table::term.eq($term))
            .select($table::name_number)
    };
}

fn having(conn: &mut Conn, phone: &Phoned) -> AppResult<Option<BTreeSet<CustomerId>>> {
    let most = i64::try_from(MOST + 1).unwrap_or(i64::MAX);
    // The latest first: what is moved meanwhile is met twice, not missed.
    let latest: Vec<i64> = numbers!(match_fresh, phone.term).limit(most).load(conn)?;
    let settled: Vec<i64> = numbers!(match_terms, phone.term).limit(most).load(conn)?;
    let numbers: BTreeSet<i64> = latest.into_iter().chain(settled).collect();
    if numbers.len() > MOST {
        return Ok(None);
    }
    let mut found = holders(conn, KeyKind::Phone, &phone.keys)?;
    let numbers: Vec<i64> = numbers.into_iter().collect();
    for numbers in numbers.chunks(BATCH) {
        let named = match_names::table
            .filter(match_names::number.eq_any(padded(numbers.iter().copied())))
            .filter(match_names::phone_term.eq(phone.term))
            .filter(match_names::subject_kind.eq(SubjectKind::Customer))
            .select(match_names::subject_id)
            .kept();
        let ids: Vec<AnyId> = crate::on_each!(conn, c => named.load(c))?;
        found.extend(ids.into_iter().map(AnyId::cast));
    }
    Ok(Some(found))
}

/// Writes whose phone stands under a term in one of the two tables of terms.
macro_rules! named {
    ($table:ident, $term:expr) => {
        customers::id.eq_any(
            match_names::table
                .filter(match_names::number.eq_any(numbers!($table, $term)))
                .filter(match_names::phone_term.eq($term))
                .filter(match_names::subject_kind.eq(SubjectKind::Customer))
                .select(match_names::subject_id),
        )
    };
}

/// Who has a phone: looked at row by row.
pub fn with_phone(phone: &Phoned) -> Predicate {
    let held = registration_keys::table
        .filter(registration_keys::line.eq_any(Line::ALL))
        .filter(registration_keys::key_kind.eq(KeyKind::Phone))
        .filter(registration_keys::key_value.eq_any(phone.keys.clone()))
        .select(registration_keys::customer_id);
    let named = named!(match_terms, phone.term).or(named!(match_fresh, phone.term));
    Box::new(customers::id.eq_any(held).or(named))
}
