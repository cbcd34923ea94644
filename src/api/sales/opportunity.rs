//! Opportunities.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use crate::{
    api::{csv::Csv, patch::Patch},
    domain::{
        Money, Phone, Ratio,
        id::kind::{ApprovalId, ConflictCaseId, CustomerId, OpportunityId, UnitId, UserId},
        timestamp::Timestamp,
        vocabulary::{Importance, OpportunitySource, OpportunityState},
    },
    http::View,
    policy::sales::opportunity_state::Command,
};

/// An opportunity to enter (OPP-02). A draft may lack some of the six mandatory items; its submission may not (OPP-03).
#[derive(Debug, Clone, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewOpportunity {
    /// Short title; the customer's name if absent.
    #[schema(min_length = 1, max_length = 200, example = "惠普中国年度采购")]
    pub title: Option<String>,
    /// The registered customer, if it is visible to the caller.
    pub customer_id: Option<CustomerId>,
    /// The customer's registered full name; with `customer_id` it may be left out.
    #[schema(min_length = 1, max_length = 200, example = "惠普中国有限公司")]
    pub customer_name: Option<String>,
    /// Contact.
    #[schema(min_length = 1, max_length = 50, example = "王伟")]
    pub contact_name: Option<String>,
    /// Phone of the contact or the customer.
    pub phone: Option<Phone>,
    /// Where the opportunity came from.
    pub source: Option<OpportunitySource>,
    /// Region: an official division code.
    #[schema(
        min_length = 2,
        max_length = 9,
        pattern = "^[0-9]+$",
        example = "110105"
    )]
    pub region_code: Option<String>,
    /// How it began: clear intent to cooperate (OPP-10).
    #[schema(
        min_length = 1,
        max_length = 4000,
        example = "客户来电询价，计划本季度采购。"
    )]
    pub description: Option<String>,
    /// Expected signing date (OPP-15).
    #[schema(format = Date, example = "2027-03-31")]
    pub expected_sign_on: Option<NaiveDate>,
    /// Expected amount (OPP-34).
    pub expected_amount: Option<Money>,
    /// Product line (OPP-34).
    #[schema(min_length = 1, max_length = 100, example = "CRM")]
    pub product_line: Option<String>,
    /// The customer's needs (OPP-11).
    #[schema(min_length = 1, max_length = 4000)]
    pub needs: Option<String>,
    /// Competitors met (OPP-17).
    #[schema(min_length = 1, max_length = 2000)]
    pub competitors: Option<String>,
    /// Importance (OPP-34).
    pub importance: Option<Importance>,
}

/// A change of an opportunity: a merge-patch. Once it is registered the customer stays, and the six items stay complete.
#[derive(Debug, Clone, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct OpportunityPatch {
    /// Short title; cannot be cleared.
    #[serde(default)]
    #[schema(value_type = String, required = false, min_length = 1, max_length = 200)]
    pub title: Option<String>,
    /// The registered customer.
    #[serde(default)]
    #[schema(value_type = Option<CustomerId>)]
    pub customer_id: Patch<CustomerId>,
    /// The customer's registered full name.
    #[serde(default)]
    #[schema(value_type = Option<String>, min_length = 1, max_length = 200)]
    pub customer_name: Patch<String>,
    /// Contact.
    #[serde(default)]
    #[schema(value_type = Option<String>, min_length = 1, max_length = 50)]
    pub contact_name: Patch<String>,
    /// Phone.
    #[serde(default)]
    #[schema(value_type = Option<Phone>)]
    pub phone: Patch<Phone>,
    /// Source.
    #[serde(default)]
    #[schema(value_type = Option<OpportunitySource>)]
    pub source: Patch<OpportunitySource>,
    /// Region.
    #[serde(default)]
    #[schema(value_type = Option<String>, min_length = 2, max_length = 9, pattern = "^[0-9]+$")]
    pub region_code: Patch<String>,
    /// How it began.
    #[serde(default)]
    #[schema(value_type = Option<String>, min_length = 1, max_length = 4000)]
    pub description: Patch<String>,
    /// Stage of the ladder, counted from 1; while it is being followed (OPP-14).
    #[schema(minimum = 1, maximum = 20, example = 3)]
    pub stage: Option<i32>,
    /// Expected signing date; earlier ones stay in the history (OPP-15).
    #[serde(default)]
    #[schema(value_type = Option<NaiveDate>, format = Date)]
    pub expected_sign_on: Patch<NaiveDate>,
    /// Expected amount.
    #[serde(default)]
    #[schema(value_type = Option<Money>)]
    pub expected_amount: Patch<Money>,
    /// Product line.
    #[serde(default)]
    #[schema(value_type = Option<String>, min_length = 1, max_length = 100)]
    pub product_line: Patch<String>,
    /// Needs.
    #[serde(default)]
    #[schema(value_type = Option<String>, min_length = 1, max_length = 4000)]
    pub needs: Patch<String>,
    /// Competitors.
    #[serde(default)]
    #[schema(value_type = Option<String>, min_length = 1, max_length = 2000)]
    pub competitors: Patch<String>,
    /// Importance.
    #[serde(default)]
    #[schema(value_type = Option<Importance>)]
    pub importance: Patch<Importance>,
    /// Why it failed: to be corrected before the close is confirmed (OPP-28, OPP-29).
    #[schema(min_length = 1, max_length = 2000)]
    pub failure_reason: Option<String>,
    /// The failed amount: likewise.
    pub failed_amount: Option<Money>,
}

/// Why and with what amount an opportunity failed (OPP-29): both must be given.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CloseLost {
    /// The reason in detail.
    #[schema(
        min_length = 1,
        max_length = 2000,
        example = "客户预算取消，项目推迟到明年。"
    )]
    pub failure_reason: Option<String>,
    /// The failed amount.
    pub failed_amount: Option<Money>,
}

/// Why a close is opened again (OPP-28).
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Reopen {
    /// What was wrong with the close.
    #[schema(min_length = 1, max_length = 500, example = "客户重新启动采购。")]
    pub reason: String,
}

/// Who shall follow an idle opportunity from now on (OPP-32).
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Reassign {
    /// The new owner.
    pub owner_id: UserId,
    /// Why.
    #[schema(min_length = 1, max_length = 500, example = "超过30天无销售活动。")]
    pub reason: String,
}

/// What a list of opportunities is narrowed to.
#[derive(Debug, Clone, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub struct OpportunityFilter {
    /// Owner.
    pub owner_id: Option<UserId>,
    /// Unit.
    pub unit_id: Option<UnitId>,
    /// Customer.
    pub customer_id: Option<CustomerId>,
    /// States, separated by commas.
    #[param(value_type = Option<String>, example = "REGISTERED,SUBMITTED", max_length = 200)]
    pub state_in: Option<Csv<OpportunityState>>,
    /// Stages counted from 1, separated by commas.
    #[param(value_type = Option<String>, example = "1,2,3", max_length = 100)]
    pub stage_in: Option<Csv<i32>>,
    /// Sources, separated by commas.
    #[param(value_type = Option<String>, example = "REFERRAL,WEBSITE", max_length = 200)]
    pub source_in: Option<Csv<OpportunitySource>>,
    /// Product line.
    #[param(min_length = 1, max_length = 100)]
    pub product_line: Option<String>,
    /// Importance.
    pub importance: Option<Importance>,
    /// Whether it is followed, but without activity for too long (OPP-32).
    pub idle: Option<bool>,
    /// Expected to be signed on this day or later.
    #[param(format = Date)]
    pub expected_sign_on_gte: Option<NaiveDate>,
    /// Expected to be signed on this day or earlier.
    #[param(format = Date)]
    pub expected_sign_on_lte: Option<NaiveDate>,
    /// Updated at or after.
    pub updated_at_gte: Option<Timestamp>,
    /// Updated before.
    pub updated_at_lt: Option<Timestamp>,
    /// Part of the title or of the customer's name.
    #[param(min_length = 1, max_length = 100)]
    pub q: Option<String>,
}

/// An opportunity in a list.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct OpportunitySummary {
    /// Id.
    pub id: OpportunityId,
    /// Title.
    pub title: String,
    /// The registered customer, once it is known.
    pub customer_id: Option<CustomerId>,
    /// Customer name; empty in a draft that names none.
    pub customer_name: String,
    /// Contact.
    pub contact_name: Option<String>,
    /// Phone, masked: see the operation reveal (SEC-02).
    #[schema(example = "138****8000")]
    pub phone: Option<String>,
    /// Source.
    pub source: Option<OpportunitySource>,
    /// Region.
    pub region_code: Option<String>,
    /// The region's full name.
    pub region_name: Option<String>,
    /// Owner.
    pub owner_id: UserId,
    /// The owner's name.
    pub owner_name: String,
    /// Unit.
    pub unit_id: UnitId,
    /// State (OPP-01).
    pub state: OpportunityState,
    /// Stage, counted from 1 (OPP-14).
    pub stage: i32,
    /// The stage's code in the policy `opportunity`.
    pub stage_code: Option<String>,
    /// Since when it is at this stage (OPP-35).
    pub stage_since: Timestamp,
    /// Expected signing date.
    pub expected_sign_on: Option<NaiveDate>,
    /// Expected amount.
    pub expected_amount: Option<Money>,
    /// Product line.
    pub product_line: Option<String>,
    /// Importance.
    pub importance: Option<Importance>,
    /// Last submission.
    pub submitted_at: Option<Timestamp>,
    /// Since when it is registered.
    pub registered_at: Option<Timestamp>,
    /// When it was closed.
    pub closed_at: Option<Timestamp>,
    /// Last sales activity.
    pub last_activity_at: Option<Timestamp>,
    /// Whole days since the last activity, else since registration or entry (OPP-33).
    pub days_untouched: i64,
    /// Whether it may be given to someone else for want of activity (OPP-32).
    pub idle: bool,
    /// The approval that is waiting for its reviewers.
    pub approval_id: Option<ApprovalId>,
    /// Version.
    pub version: i64,
    /// Created.
    pub created_at: Timestamp,
    /// Last updated.
    pub updated_at: Timestamp,
}

/// An opportunity.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct OpportunityView {
    /// What lists show too.
    #[serde(flatten)]
    pub summary: OpportunitySummary,
    /// Whether the caller may have the phone revealed (SEC-06).
    pub may_reveal: bool,
    /// How it began.
    pub description: Option<String>,
    /// The customer's needs.
    pub needs: Option<String>,
    /// Competitors.
    pub competitors: Option<String>,
    /// Why it failed.
    pub failure_reason: Option<String>,
    /// The failed amount.
    pub failed_amount: Option<Money>,
    /// Who confirmed the close (OPP-31).
    pub confirmed_by: Option<UserId>,
    /// That person's name.
    pub confirmed_by_name: Option<String>,
    /// When the close was confirmed.
    pub confirmed_at: Option<Timestamp>,
    /// Those who pursue it together after a ruling, with the split (CONF-04); empty if the owner pursues it alone.
    pub parties: Vec<OpportunityPartyView>,
    /// The last conflict case of this opportunity.
    pub conflict_case_id: Option<ConflictCaseId>,
    /// Which of the six mandatory items are missing (OPP-03).
    pub missing: Vec<OpportunityMissing>,
    /// What the regulation points out without refusing anything (CUS-38).
    pub warnings: Vec<OpportunityWarning>,
    /// What the caller may do with it now.
    pub allowed_actions: Vec<Command>,
}

impl View for OpportunityView {
    fn version(&self) -> Option<i64> {
        Some(self.summary.version)
    }

    fn location(&self) -> Option<String> {
        Some(format!("/api/v1/opportunities/{}", self.summary.id))
    }
}

/// One who pursues an opportunity with others.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct OpportunityPartyView {
    /// Who.
    pub user_id: UserId,
    /// Name.
    pub name: String,
    /// Share of the credit.
    pub share: Ratio,
    /// Since when.
    pub since: Timestamp,
}

/// A mandatory item that is missing.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct OpportunityMissing {
    /// JSON pointer of the field.
    #[schema(example = "/region_code")]
    pub pointer: String,
    /// The requirement.
    #[schema(example = "OPP-03")]
    pub rule: String,
    /// What to do, in Chinese.
    pub message_zh: String,
    /// What to do, in English.
    pub message_en: String,
}

/// Something that the regulation points out.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct OpportunityWarning {
    /// The requirement.
    #[schema(example = "CUS-38")]
    pub rule: String,
    /// Stable code, UPPER_SNAKE.
    #[schema(example = "DECISION_MAKER_NOT_MET")]
    pub code: String,
    /// What to do, in Chinese.
    pub message_zh: String,
    /// What to do, in English.
    pub message_en: String,
}
