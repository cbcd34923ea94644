//! What stands beside a customer on its card: completeness, entry, refresh, value, key mark, major changes.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use crate::{
    api::refs::UserRef,
    domain::{
        id::kind::{CustomerId, MajorChangeId, ValueAssessmentId},
        timestamp::Timestamp,
        vocabulary::{AddressPart, EntryState, MajorChangeKind, ProfileItem, ValueGrade},
    },
    http::View,
};

/// How a customer's card stands today.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct StandingView {
    /// Completeness of the profile in per cent, rounded down (CUS-44).
    #[schema(minimum = 0, maximum = 100)]
    pub completeness: u8,
    /// What the profile lacks; the labels are those of `ProfileItem` (CUS-44).
    pub lacking: Vec<ProfileItem>,
    /// Recommended fields that are empty, as JSON pointers (CUS-09..CUS-16).
    pub recommended: Vec<String>,
    /// Parts of the mailing address that cannot be recognised, for the reviewer (CUS-09).
    pub address_gaps: Vec<AddressPart>,
    /// Whether it was entered in time; before the first submission as it would be judged today (CUS-20).
    pub entry_state: EntryState,
    /// Calendar days from first contact to submission, or until today.
    pub entry_days: i32,
    /// The last day in time; without a first contact there is none.
    #[schema(format = Date)]
    pub entry_due_on: Option<NaiveDate>,
    /// The last day in special cases.
    #[schema(format = Date)]
    pub entry_special_due_on: Option<NaiveDate>,
    /// When the data is to be confirmed again (CUS-25).
    pub refresh_due_at: Timestamp,
    /// Whether that is past.
    pub needs_refresh: bool,
    /// The industry's name with its section, in Chinese.
    pub industry_name_zh: Option<String>,
    /// The same in English.
    pub industry_name_en: Option<String>,
    /// Why it is a key customer (CUS-46).
    pub key_reason: Option<String>,
    /// Since when.
    pub key_marked_at: Option<Timestamp>,
}

/// How a customer scores on one criterion.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CriterionScore {
    /// Code of the criterion.
    #[schema(min_length = 1, max_length = 40, example = "COMPANY_SIZE")]
    pub criterion: String,
    /// From 1 to 5.
    #[schema(minimum = 1, maximum = 5, example = 3)]
    pub score: u8,
}

/// Scores by criterion (CUS-43): the criteria are those of the policy `customer_value`.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewValueAssessment {
    /// A score for every criterion.
    #[schema(min_items = 1, max_items = 20)]
    pub scores: Vec<CriterionScore>,
    /// What speaks for it.
    #[schema(min_length = 1, max_length = 1000)]
    pub comment: Option<String>,
}

/// An assessment of a customer's value.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct ValueAssessmentView {
    /// Id.
    pub id: ValueAssessmentId,
    /// Customer.
    pub customer_id: CustomerId,
    /// Scores by criterion.
    pub scores: Vec<CriterionScore>,
    /// 0 to 100 points, two decimals, rounded down.
    #[schema(example = "77.50")]
    pub value: String,
    /// Grade by the thresholds of the policy.
    pub grade: ValueGrade,
    /// What speaks for it.
    pub comment: Option<String>,
    /// Version of the policy that it was judged by; 0 is the regulation's own.
    pub policy_number: i64,
    /// By whom.
    pub assessed_by: UserRef,
    /// When.
    pub created_at: Timestamp,
}

impl View for ValueAssessmentView {
    fn location(&self) -> Option<String> {
        Some(format!(
            "/api/v1/customers/{}/value-assessments",
            self.customer_id
        ))
    }
}

/// A major change at a customer (CUS-26).
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewMajorChange {
    /// What changed.
    pub kind: MajorChangeKind,
    /// When it happened; not after today.
    #[schema(format = Date)]
    pub occurred_on: NaiveDate,
    /// In words.
    #[schema(
        min_length = 1,
        max_length = 2000,
        example = "销售部与市场部合并，原联系人调离。"
    )]
    pub note: String,
}

/// A major change that was entered.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct MajorChangeView {
    /// Id.
    pub id: MajorChangeId,
    /// Customer.
    pub customer_id: CustomerId,
    /// What changed.
    pub kind: MajorChangeKind,
    /// When it happened.
    #[schema(format = Date)]
    pub occurred_on: NaiveDate,
    /// In words.
    pub note: String,
    /// Calendar days until it was entered.
    pub days: i32,
    /// Whether that was immediately, by the policy `customer_card`.
    pub in_time: bool,
    /// By whom.
    pub recorded_by: UserRef,
    /// When it was entered.
    pub created_at: Timestamp,
}

impl View for MajorChangeView {
    fn location(&self) -> Option<String> {
        Some(format!(
            "/api/v1/customers/{}/major-changes",
            self.customer_id
        ))
    }
}

/// Nothing to narrow to.
#[derive(Debug, Clone, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub struct NoFilter {}

/// What customer service supplements of a customer that has signed (CUS-23): a merge-patch.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CustomerSupplement {
    /// Business scope.
    #[serde(default)]
    #[schema(value_type = Option<String>, min_length = 1, max_length = 2000)]
    pub business_scope: crate::api::patch::Patch<String>,
    /// How the company runs.
    #[serde(default)]
    #[schema(value_type = Option<String>, min_length = 1, max_length = 4000)]
    pub operations: crate::api::patch::Patch<String>,
    /// Its processes.
    #[serde(default)]
    #[schema(value_type = Option<String>, min_length = 1, max_length = 4000)]
    pub workflow: crate::api::patch::Patch<String>,
    /// Systems used so far.
    #[serde(default)]
    #[schema(value_type = Option<String>, min_length = 1, max_length = 2000)]
    pub former_systems: crate::api::patch::Patch<String>,
}
