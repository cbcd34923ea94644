//! The duplicate check before an entry, and refused attempts (DUP-01, DUP-02).

use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use crate::{
    domain::{
        CreditCode, Phone, Ratio, Website,
        id::kind::{AnyId, AttemptId, ConflictCaseId, CustomerId, OpportunityId, UserId},
        timestamp::Timestamp,
        vocabulary::{KeyKind, LikenessReason, LikenessRelation, Line, Party, SubjectKind},
    },
    http::View,
};

/// What is about to be entered.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct DuplicateCheck {
    /// Registered name as written: width, brackets, blanks, case and script do not matter.
    #[schema(min_length = 1, max_length = 200, example = "惠普（中国）有限公司 ")]
    pub name: Option<String>,
    /// Company or individual; company if absent.
    pub party: Option<Party>,
    /// Unified social credit code.
    pub credit_code: Option<CreditCode>,
    /// Phone.
    pub phone: Option<Phone>,
    /// Business line; GENERAL if absent.
    pub line: Option<Line>,
    /// Special symbol of the line (DUP-05).
    #[schema(min_length = 1, max_length = 8)]
    pub line_symbol: Option<String>,
    /// Mailing address: with a similar name the same address is a sign.
    #[schema(min_length = 1, max_length = 300)]
    pub address: Option<String>,
    /// Website: the same.
    pub website: Option<Website>,
}

/// What the check found.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct DuplicateReport {
    /// Whether a registration would be refused now.
    pub registered: bool,
    /// Every key that is held, and by whom.
    pub holders: Vec<Holder>,
    /// Records that are likely the same company, or related to it, the likeliest first. They refuse nothing.
    pub candidates: Vec<LikelyDuplicate>,
}

impl View for DuplicateReport {}

/// A record that is likely the same company, or related: no more than this is told about a record that one may not see
/// (AMB-33).
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct LikelyDuplicate {
    /// LIKELY the same, or RELATED: a branch, or the company that it belongs to.
    pub relation: LikenessRelation,
    /// How likely, from 0 to 1; of a record that the caller may not see by name and phone alone.
    pub score: Ratio,
    /// Why. `SAME_ADDRESS` and `SAME_WEBSITE` are given only if the caller may see the record.
    pub reasons: Vec<LikenessReason>,
    /// CUSTOMER or OPPORTUNITY.
    pub subject_kind: SubjectKind,
    /// The record's name.
    pub name: String,
    /// The former name or alias that was met, only if the caller may see the record.
    pub matched_name: Option<String>,
    /// Its owner's name.
    pub owner_name: String,
    /// The owner's department.
    pub department: String,
    /// The customer, only if the caller may see it.
    pub customer_id: Option<CustomerId>,
    /// The opportunity, only if the caller may see it.
    pub opportunity_id: Option<OpportunityId>,
}

/// Who was first: no more than this is told about a record that one may not see (AMB-33).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct Holder {
    /// Which key met.
    pub key_kind: KeyKind,
    /// The registered customer's name.
    pub customer_name: String,
    /// Its owner's name.
    pub owner_name: String,
    /// The owner's department.
    pub department: String,
    /// When it was registered, only if the caller may see it.
    pub registered_at: Option<Timestamp>,
    /// The customer, only if the caller may see it.
    pub customer_id: Option<CustomerId>,
}

/// What a list of attempts is narrowed to.
#[derive(Debug, Clone, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub struct AttemptFilter {
    /// The customer that was first.
    pub customer_id: Option<CustomerId>,
    /// Who attempted.
    pub attempted_by: Option<UserId>,
    /// CUSTOMER or OPPORTUNITY.
    pub subject_kind: Option<SubjectKind>,
    /// The requirement that refused.
    #[param(min_length = 1, max_length = 20, example = "CONF-01")]
    pub rule: Option<String>,
    /// The address that it came from; `job` and `cli` for imports. Among the attempts whose `source` the caller is told.
    #[param(min_length = 1, max_length = 64)]
    pub source: Option<String>,
    /// The name, as it was written, begins with this.
    #[param(min_length = 1, max_length = 100)]
    pub q: Option<String>,
    /// Attempted at or after.
    pub attempted_at_gte: Option<Timestamp>,
    /// Attempted before.
    pub attempted_at_lt: Option<Timestamp>,
}

/// What the caller may do with an attempt now.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum AttemptAction {
    /// Ask for a ruling (AMB-45).
    Appeal,
}

/// A refused attempt: evidence for arbitration (CONF-06, CONF-07).
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct AttemptView {
    /// Id.
    pub id: AttemptId,
    /// When.
    pub attempted_at: Timestamp,
    /// By whom.
    pub attempted_by: UserId,
    /// That person's name.
    pub attempted_by_name: String,
    /// CUSTOMER or OPPORTUNITY.
    pub subject_kind: SubjectKind,
    /// The record that exists in spite of the refusal, e.g. a failed opportunity.
    pub subject_id: Option<AnyId>,
    /// The name as it was written.
    pub attempted_name: String,
    /// Business line.
    pub line: Line,
    /// Which key met.
    pub key_kind: KeyKind,
    /// The requirement that refused.
    pub rule: String,
    /// The name of the customer that was first.
    pub customer_name: String,
    /// The name of who held it at that time.
    pub holder_name: String,
    /// From where; `job` and `cli` for imports. Told of one's own attempts, to `READ_AUDIT`, and to `RULE_CONFLICTS` of
    /// those that met other people's customers; else null (CONF-06, SEC-02).
    pub source: Option<String>,
    /// Until when a ruling may be asked for; of opportunities their case says it.
    pub appeal_until: Option<Timestamp>,
    /// The case that was brought about it.
    pub conflict_case_id: Option<ConflictCaseId>,
    /// What the caller may do now.
    pub allowed_actions: Vec<AttemptAction>,
}

impl View for AttemptView {}
