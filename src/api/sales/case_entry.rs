//! The proceedings of a conflict case (CONF-06).

use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use crate::{
    domain::{
        id::kind::{AnyId, CaseEntryId, UserId},
        timestamp::Timestamp,
        vocabulary::{CaseEntryKind, CaseSide, SubjectKind},
    },
    http::View,
};

/// A statement or evidence.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewCaseEntry {
    /// STATEMENT or EVIDENCE.
    pub kind: CaseEntryKind,
    /// What.
    #[schema(
        min_length = 1,
        max_length = 4000,
        example = "2026年2月27日已与客户采购部签订合作意向书。"
    )]
    pub text: String,
    /// An address where it can be read.
    #[schema(
        max_length = 500,
        pattern = "^https?://",
        example = "https://docs.example.com/intent.pdf"
    )]
    pub link: Option<String>,
    /// Kind of a record that it refers to; together with `record_id`.
    pub record_kind: Option<SubjectKind>,
    /// That record; the author must be able to read it.
    pub record_id: Option<AnyId>,
    /// For the arbitrator's eyes only, not the other side's.
    #[serde(default)]
    pub confidential: bool,
}

/// The list has no filter of its own.
#[derive(Debug, Clone, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub struct CaseEntryFilter {}

/// An entry in the proceedings; it is never changed.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct CaseEntryView {
    /// Id.
    pub id: CaseEntryId,
    /// Who.
    pub author_id: UserId,
    /// That person's name.
    pub author_name: String,
    /// For which side.
    pub side: CaseSide,
    /// STATEMENT or EVIDENCE.
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

impl View for CaseEntryView {}
