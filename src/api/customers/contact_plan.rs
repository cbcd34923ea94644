//! Strategy and care plans for contacts (CUS-37), and birthdays (CUS-39).

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use crate::{
    api::{patch::Patch, refs::UserRef},
    domain::{
        id::kind::{ContactId, ContactPlanId, CustomerId, UserId},
        timestamp::Timestamp,
    },
    http::View,
};

/// A plan for a contact at a stage: a strategy or care at least.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewContactPlan {
    /// The stage of the sale, counted from 1, as in the policy `opportunity`.
    #[schema(minimum = 1, maximum = 20)]
    pub stage: i32,
    /// How to win the contact.
    #[schema(min_length = 1, max_length = 4000, example = "先由技术负责人建立信任")]
    pub strategy: Option<String>,
    /// How to care for the contact.
    #[schema(min_length = 1, max_length = 4000, example = "季度回访")]
    pub care: Option<String>,
    /// When care is due next.
    #[schema(format = Date)]
    pub care_due_on: Option<NaiveDate>,
}

/// A change of a plan: a merge-patch. Once care was given, the next date replaces the last one, or null clears it.
#[derive(Debug, Clone, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ContactPlanPatch {
    /// How to win the contact.
    #[serde(default)]
    #[schema(value_type = Option<String>, min_length = 1, max_length = 4000)]
    pub strategy: Patch<String>,
    /// How to care for the contact.
    #[serde(default)]
    #[schema(value_type = Option<String>, min_length = 1, max_length = 4000)]
    pub care: Patch<String>,
    /// When care is due next.
    #[serde(default)]
    #[schema(value_type = Option<NaiveDate>, format = Date)]
    pub care_due_on: Patch<NaiveDate>,
}

/// What the caller may do with a plan now.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum ContactPlanAction {
    /// Change it: `PATCH`.
    Edit,
    /// Remove it: `DELETE`.
    Remove,
}

/// A plan for a contact at a stage.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct ContactPlanView {
    /// What lists show too.
    #[serde(flatten)]
    pub summary: ContactPlanSummary,
    /// What the caller may do now.
    pub allowed_actions: Vec<ContactPlanAction>,
}

/// A plan in a list.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct ContactPlanSummary {
    /// Id.
    pub id: ContactPlanId,
    /// The contact.
    pub contact_id: ContactId,
    /// The contact's name.
    pub contact_name: String,
    /// The customer.
    pub customer_id: CustomerId,
    /// The customer's name.
    pub customer_name: String,
    /// The stage, counted from 1.
    pub stage: i32,
    /// How to win the contact.
    pub strategy: Option<String>,
    /// How to care for the contact.
    pub care: Option<String>,
    /// When care is due next.
    pub care_due_on: Option<NaiveDate>,
    /// Who entered it.
    pub created_by: UserRef,
    /// For `If-Match`.
    pub version: i64,
    /// Created.
    pub created_at: Timestamp,
    /// Last updated.
    pub updated_at: Timestamp,
}

impl View for ContactPlanView {
    fn version(&self) -> Option<i64> {
        Some(self.summary.version)
    }

    fn location(&self) -> Option<String> {
        Some(format!("/api/v1/contact-plans/{}", self.summary.id))
    }
}

/// Which plans with care that is due.
#[derive(Debug, Clone, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub struct ContactPlanFilter {
    /// The customer.
    pub customer_id: Option<CustomerId>,
    /// The customer's owner.
    pub owner_id: Option<UserId>,
    /// Due on this day or later.
    #[param(format = Date)]
    pub care_due_on_gte: Option<NaiveDate>,
    /// Due on this day or earlier.
    #[param(format = Date)]
    pub care_due_on_lte: Option<NaiveDate>,
}

/// Which birthdays: at most 92 days, across the year's end too.
#[derive(Debug, Clone, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub struct BirthdayFilter {
    /// The first day.
    #[param(format = Date)]
    pub from: NaiveDate,
    /// The last day.
    #[param(format = Date)]
    pub to: NaiveDate,
    /// The customers' owner.
    pub owner_id: Option<UserId>,
    /// Key contacts only.
    pub key_only: Option<bool>,
}

/// A contact's birthday.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct BirthdayView {
    /// The contact.
    pub contact_id: ContactId,
    /// The contact's name.
    pub contact_name: String,
    /// The customer.
    pub customer_id: CustomerId,
    /// The customer's name.
    pub customer_name: String,
    /// Key contact.
    pub is_key: bool,
    /// Decision-maker.
    pub is_decision_maker: bool,
    /// Date of birth.
    pub birthday_on: NaiveDate,
    /// The day of the birthday; of 29 February it is the 28th in a common year.
    pub celebrated_on: NaiveDate,
}
