//! The matching index (DUP-01).

use diesel::prelude::*;

use crate::{
    db::schema::{match_names, match_terms},
    domain::{id::kind::AnyId, vocabulary::SubjectKind},
};

/// A name under which a record can be found.
#[derive(Debug, Clone, PartialEq, Eq, HasQuery, Insertable)]
#[diesel(table_name = match_names, treat_none_as_default_value = false)]
pub struct MatchName {
    /// Follows from `subject_id`.
    pub number: i64,
    /// The record.
    pub subject_id: AnyId,
    /// 0 is the name in force; then former names and aliases.
    pub position: i32,
    /// What kind of record.
    pub subject_kind: SubjectKind,
    /// As written; empty for a person, who is found by phone alone.
    pub name: String,
    /// Keyed hash of the address.
    pub address_term: Option<i64>,
    /// Keyed hash of the website.
    pub website_term: Option<i64>,
    /// Keyed hash of the phone.
    pub phone_term: Option<i64>,
    /// The pieces of all the record's names, with the first; on SQLite they are kept elsewhere.
    pub pieces: Option<String>,
}

/// A term, and the names that stand under it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, HasQuery, Insertable)]
#[diesel(table_name = match_terms)]
pub struct MatchTerm {
    /// The term.
    pub term: i64,
    /// Whose.
    pub name_number: i64,
    /// Which characters the name has.
    pub sketch: i64,
}
