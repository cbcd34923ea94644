//! Contracts and their sign-off.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::amounts;
use crate::{
    api::{csv::Csv, patch::Patch},
    domain::{
        Money, Ratio,
        id::kind::{ApprovalId, ContractId, CustomerId, OpportunityId, QuoteId, UnitId, UserId},
        timestamp::Timestamp,
        vocabulary::{ContractRoute, ContractState, CountersignReason, QuoteTier},
    },
    http::View,
};

/// A new contract.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewContract {
    /// The company's contract number, unique: width, case and blanks do not matter.
    #[schema(min_length = 1, max_length = 60, example = "XL-2026-0001")]
    pub number: String,
    /// Title.
    #[schema(min_length = 1, max_length = 200, example = "惠普服务器采购合同")]
    pub title: String,
    /// The customer: in the system and in effect, else refused (CON-01).
    pub customer_id: CustomerId,
    /// The opportunity that it concludes (CON-09); absent means the quote's.
    #[serde(default)]
    pub opportunity_id: Option<OpportunityId>,
    /// The approved quote that it rests on: the discount may not be deeper (AMB-47).
    #[serde(default)]
    pub quote_id: Option<QuoteId>,
    /// Amount.
    #[schema(schema_with = amounts::positive)]
    pub amount: Money,
    /// Sum of the list prices of what is sold: the quote's, or to be given without one.
    #[serde(default)]
    #[schema(schema_with = amounts::positive, required = false)]
    pub list_amount: Option<Money>,
    /// A sale of products (CON-02).
    pub product_sale: bool,
    /// The company's standard contract text is used (CON-02).
    pub standard_text: bool,
    /// Remarks.
    #[serde(default)]
    #[schema(min_length = 1, max_length = 2000, example = "分两期付款")]
    pub remarks: Option<String>,
}

/// A change of a contract; what is absent stays. It voids an approval.
#[derive(Debug, Clone, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ContractPatch {
    /// New number.
    #[serde(default)]
    #[schema(value_type = String, required = false, min_length = 1, max_length = 60, example = "XL-2026-0001")]
    pub number: Option<String>,
    /// New title.
    #[serde(default)]
    #[schema(value_type = String, required = false, min_length = 1, max_length = 200, example = "惠普服务器采购合同")]
    pub title: Option<String>,
    /// Another opportunity; null clears.
    #[serde(default)]
    #[schema(value_type = Option<OpportunityId>, required = false)]
    pub opportunity_id: Patch<OpportunityId>,
    /// Another quote; null clears.
    #[serde(default)]
    #[schema(value_type = Option<QuoteId>, required = false)]
    pub quote_id: Patch<QuoteId>,
    /// New amount.
    #[serde(default)]
    #[schema(schema_with = amounts::positive, required = false)]
    pub amount: Option<Money>,
    /// New sum of the list prices, without a quote.
    #[serde(default)]
    #[schema(schema_with = amounts::positive, required = false)]
    pub list_amount: Option<Money>,
    /// Whether it is a sale of products.
    #[serde(default)]
    #[schema(value_type = bool, required = false)]
    pub product_sale: Option<bool>,
    /// Whether the company's standard text is used.
    #[serde(default)]
    #[schema(value_type = bool, required = false)]
    pub standard_text: Option<bool>,
    /// New remarks; null clears.
    #[serde(default)]
    #[schema(value_type = Option<String>, required = false, min_length = 1, max_length = 2000, example = "分两期付款")]
    pub remarks: Patch<String>,
}

/// That both parties have signed.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SignContract {
    /// Day of signing; not in the future.
    #[schema(example = "2026-03-02")]
    pub signed_on: NaiveDate,
}

/// Why a contract is given up.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CancelContract {
    /// Reason.
    #[schema(min_length = 1, max_length = 500, example = "客户取消采购")]
    pub reason: String,
}

/// Which contracts.
#[derive(Debug, Clone, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub struct ContractFilter {
    /// Owner.
    pub owner_id: Option<UserId>,
    /// Customer.
    pub customer_id: Option<CustomerId>,
    /// Opportunity.
    pub opportunity_id: Option<OpportunityId>,
    /// Quote.
    pub quote_id: Option<QuoteId>,
    /// In one of these states, separated by commas.
    #[param(value_type = Option<String>, example = "DRAFT,RETURNED", max_length = 200)]
    pub state_in: Option<Csv<ContractState>>,
    /// Decided on one of these routes, separated by commas.
    #[param(value_type = Option<String>, example = "COUNTERSIGN", max_length = 200)]
    pub route_in: Option<Csv<ContractRoute>>,
    /// Beginning of the number; width, case and blanks do not matter.
    #[param(min_length = 1, max_length = 60, example = "XL-2026")]
    pub number: Option<String>,
    /// Updated at or after.
    pub updated_at_gte: Option<Timestamp>,
    /// Updated before.
    pub updated_at_lt: Option<Timestamp>,
}

/// What the caller may do with a contract now.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum ContractAction {
    /// Change it: `PATCH`; voids an approval.
    Update,
    /// Hand in for sign-off: `/submit`.
    Submit,
    /// Take back: `/withdraw`.
    Withdraw,
    /// Record the signing: `/sign`.
    Sign,
    /// Give it up: `/cancel`.
    Cancel,
}

/// A contract in a list.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct ContractItem {
    /// Id.
    pub id: ContractId,
    /// Number.
    pub number: String,
    /// Title.
    pub title: String,
    /// Customer.
    pub customer_id: CustomerId,
    /// The customer's name.
    pub customer_name: String,
    /// Opportunity.
    pub opportunity_id: Option<OpportunityId>,
    /// The quote that it rests on.
    pub quote_id: Option<QuoteId>,
    /// Owner.
    pub owner_id: UserId,
    /// The owner's name.
    pub owner_name: String,
    /// The owner's unit.
    pub unit_id: UnitId,
    /// The unit's name.
    pub unit_name: String,
    /// State.
    pub state: ContractState,
    /// Amount.
    pub amount: Money,
    /// Sum of the list prices of what is sold.
    pub list_amount: Money,
    /// Amount ÷ list amount, rounded down: `0.4500` is 4.5折.
    pub ratio: Ratio,
    /// A sale of products.
    pub product_sale: bool,
    /// The company's standard text is used.
    pub standard_text: bool,
    /// Who decides it: of a draft, as it stands now.
    pub route: ContractRoute,
    /// Why the department manager may not decide it alone.
    pub route_reasons: Vec<CountersignReason>,
    /// The quote tier whose approver speaks before the department manager, because no approved quote covers the discount
    /// (AMB-47).
    pub discount_tier: Option<QuoteTier>,
    /// The requirement behind the route: CON-02 or CON-04.
    #[schema(example = "CON-02")]
    pub rule: String,
    /// Version of the policy `contract_signoff` that gave the route; 0 is the regulation itself.
    pub policy_number: i64,
    /// Remarks.
    pub remarks: Option<String>,
    /// The pending approval.
    pub approval_id: Option<ApprovalId>,
    /// Last submission.
    pub submitted_at: Option<Timestamp>,
    /// What was said when it was decided last.
    pub decision_comment: Option<String>,
    /// Since when it is approved.
    pub approved_at: Option<Timestamp>,
    /// Day of signing.
    pub signed_on: Option<NaiveDate>,
    /// Why it was given up.
    pub cancel_reason: Option<String>,
    /// For `If-Match`.
    pub version: i64,
    /// Created.
    pub created_at: Timestamp,
    /// Last changed.
    pub updated_at: Timestamp,
}

/// A contract (CON).
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct ContractView {
    /// The contract.
    #[serde(flatten)]
    pub item: ContractItem,
    /// What the caller may do now.
    pub allowed_actions: Vec<ContractAction>,
}

impl View for ContractView {
    fn version(&self) -> Option<i64> {
        Some(self.item.version)
    }

    fn location(&self) -> Option<String> {
        Some(format!("/api/v1/contracts/{}", self.item.id))
    }
}
