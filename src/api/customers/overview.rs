//! What is told of customers beside their cards: statistics, timeline, distribution, references, the 80/20 view.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::{IntoParams, ToSchema};

use super::customer::CustomerSummary;
use crate::{
    api::{csv::Csv, refs::UserRef},
    domain::{
        Money, Ratio,
        id::kind::{AnyId, ContractId, CustomerId, UnitId, UserId},
        timestamp::Timestamp,
        vocabulary::{
            AbcClass, Condition, CustomerKind, DistributionKey, SubjectKind, TimelineKind,
        },
    },
    http::View,
};

/// How many records in one state, and what they are worth together.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct StateCount {
    /// State, of the record's own enumeration.
    #[schema(example = "SIGNED")]
    pub state: String,
    /// How many.
    pub count: i64,
    /// Their sum: expected, quoted or contract amount.
    pub amount: Money,
}

/// The statistics of a customer's card: what is linked to it and visible to the caller (CUS-17, CUS-40).
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct CustomerStatistics {
    /// Customer.
    pub customer_id: CustomerId,
    /// Opportunities by state, with their expected amounts.
    pub opportunities: Vec<StateCount>,
    /// Quotes by state, with their quoted totals.
    pub quotes: Vec<StateCount>,
    /// Contracts by state, with their amounts.
    pub contracts: Vec<StateCount>,
    /// Activities.
    pub activities: i64,
    /// The latest of them.
    pub last_activity_at: Option<Timestamp>,
    /// Contacts.
    pub contacts: i64,
    /// Decision-makers among them (CUS-38).
    pub decision_makers: i64,
    /// The latest activity with one of them: important stages are talked over with the decision-maker (CUS-38).
    pub decision_maker_met_at: Option<Timestamp>,
    /// Documents that belong to it (CUS-40, CUS-42).
    pub documents: i64,
    /// Shares in force.
    pub shares: i64,
    /// Refused attempts of others to register it.
    pub registration_attempts: i64,
    /// Major changes that were entered.
    pub major_changes: i64,
    /// How many of them were entered late (CUS-26).
    pub late_major_changes: i64,
    /// The condition that the facts propose, if it is another (CUS-29).
    pub proposed_condition: Option<Condition>,
}

impl View for CustomerStatistics {}

/// What a timeline is narrowed to.
#[derive(Debug, Clone, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub struct TimelineFilter {
    /// Kinds, separated by commas.
    #[param(value_type = Option<String>, example = "ACTIVITY,CONTRACT", max_length = 200)]
    pub kind_in: Option<Csv<TimelineKind>>,
    /// Happened at or after.
    pub at_gte: Option<Timestamp>,
    /// Happened before.
    pub at_lt: Option<Timestamp>,
}

/// Something that happened with a customer.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct TimelineEntry {
    /// Id of the event, or of the activity.
    pub id: AnyId,
    /// When it happened.
    pub at: Timestamp,
    /// What it is about.
    pub kind: TimelineKind,
    /// What happened.
    #[schema(example = "opportunity.submitted")]
    pub event: String,
    /// What kind of record it happened to.
    pub subject_kind: SubjectKind,
    /// Which record.
    pub subject_id: AnyId,
    /// That record's title, where it has one.
    pub title: Option<String>,
    /// By whom.
    pub actor: UserRef,
    /// What changed, or of an activity its kind, content and result; personal data masked.
    #[schema(value_type = Object, example = json!({"version": 2}))]
    pub data: Value,
    /// The requirement at work.
    #[schema(example = "CUS-21")]
    pub rule: Option<String>,
}

/// What a distribution counts by, and among whom.
#[derive(Debug, Clone, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub struct DistributionFilter {
    /// What to count by.
    pub by: DistributionKey,
    /// Owner.
    pub owner_id: Option<UserId>,
    /// Unit.
    pub unit_id: Option<UnitId>,
    /// Kinds, separated by commas.
    #[param(value_type = Option<String>, example = "DIRECT,AGENT", max_length = 200)]
    pub kind_in: Option<Csv<CustomerKind>>,
    /// Created at or after.
    pub created_at_gte: Option<Timestamp>,
    /// Created before.
    pub created_at_lt: Option<Timestamp>,
}

/// One group of a distribution.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct DistributionGroup {
    /// The value; null for customers without one. Of `GRADE`: condition and grade, `POTENTIAL/3`.
    #[schema(example = "POTENTIAL")]
    pub value: Option<String>,
    /// Chinese name.
    pub label_zh: String,
    /// English name.
    pub label_en: String,
    /// How many customers.
    pub count: i64,
}

/// Customers counted by one of their classes (CUS-32).
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Distribution {
    /// What was counted by.
    pub by: DistributionKey,
    /// How many customers in all.
    pub total: i64,
    /// The groups, largest first, at most 200.
    pub groups: Vec<DistributionGroup>,
    /// How many customers are in groups that are not shown.
    pub others: i64,
}

impl View for Distribution {}

/// Which reference customers.
#[derive(Debug, Clone, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub struct ReferenceFilter {
    /// Within this industry: a section's letter, or letter and two digits.
    #[param(
        min_length = 1,
        max_length = 3,
        pattern = "^[A-T]([0-9]{2})?$",
        example = "C39"
    )]
    pub industry_code: Option<String>,
    /// Within this administrative division.
    #[param(min_length = 2, max_length = 9)]
    pub division_code: Option<String>,
}

/// A contract as a case to point to.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct ReferenceContract {
    /// Id.
    pub id: ContractId,
    /// Title.
    pub title: String,
    /// Amount.
    pub amount: Money,
    /// Signed.
    #[schema(format = Date)]
    pub signed_on: Option<NaiveDate>,
}

/// A successful customer with the contracts that the caller may see (CUS-47).
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct ReferenceCustomer {
    /// The customer.
    #[serde(flatten)]
    pub customer: CustomerSummary,
    /// Its signed contracts, latest first, at most 10.
    pub contracts: Vec<ReferenceContract>,
}

/// Which business the 80/20 view looks at.
#[derive(Debug, Clone, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub struct AbcFilter {
    /// Signed on or after.
    #[param(format = Date)]
    pub signed_from: Option<NaiveDate>,
    /// Signed on or before.
    #[param(format = Date)]
    pub signed_until: Option<NaiveDate>,
    /// How many customers to name, 1–200; 50 if absent.
    #[param(minimum = 1, maximum = 200)]
    pub limit: Option<i64>,
}

/// A customer with its part of the business.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct AbcRow {
    /// Customer.
    pub customer_id: CustomerId,
    /// Its name.
    pub customer_name: String,
    /// Whether it is marked as a key customer.
    pub is_key_customer: bool,
    /// Signed contracts together.
    pub amount: Money,
    /// Of this and all above it, rounded down.
    pub cumulative_share: Ratio,
    /// Class.
    pub class: AbcClass,
}

/// The business by customer, largest first (CUS-46: 80% of it comes from 20% of them).
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct AbcView {
    /// Signed contracts of all customers together.
    pub total: Money,
    /// How many customers have signed.
    pub customers: i64,
    /// The first of them.
    pub rows: Vec<AbcRow>,
}

impl View for AbcView {}
