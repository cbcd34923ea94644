//! Entries in the proceedings of a conflict case.

use diesel::prelude::*;

use crate::{
    db::schema::case_entries,
    domain::{
        id::kind::{AnyId, CaseEntryId, ConflictCaseId, UserId},
        timestamp::Timestamp,
        vocabulary::{CaseEntryKind, CaseSide, SubjectKind},
    },
};

/// What somebody put on record (CONF-06).
#[derive(Debug, Clone, HasQuery, Insertable)]
#[diesel(table_name = case_entries, treat_none_as_default_value = false)]
pub struct CaseEntry {
    /// Id.
    pub id: CaseEntryId,
    /// The case.
    pub case_id: ConflictCaseId,
    /// Who.
    pub author_id: UserId,
    /// For which side.
    pub side: CaseSide,
    /// Statement or evidence.
    pub kind: CaseEntryKind,
    /// What.
    pub text: String,
    /// An address where it can be read.
    pub link: Option<String>,
    /// Kind of the record that it refers to.
    pub record_kind: Option<SubjectKind>,
    /// That record.
    pub record_id: Option<AnyId>,
    /// For the arbitrator's eyes only.
    pub confidential: bool,
    /// When.
    pub created_at: Timestamp,
}
