//! Quotes, their lines and their discount.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::amounts;
use crate::{
    api::{csv::Csv, patch::Patch},
    domain::{
        Money, Ratio,
        id::kind::{ApprovalId, CustomerId, OpportunityId, ProductId, QuoteId, UnitId, UserId},
        timestamp::Timestamp,
        vocabulary::{QuoteState, QuoteTier},
    },
    http::View,
};

/// A line of a quote: the list price is the product's at this moment.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewQuoteLine {
    /// An active product.
    pub product_id: ProductId,
    /// Quantity.
    #[schema(minimum = 1, maximum = 1_000_000, example = 2)]
    pub quantity: i64,
    /// Quoted price of one unit.
    #[schema(schema_with = amounts::price)]
    pub quoted_price: Money,
}

/// A new quote.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewQuote {
    /// The opportunity: registered, and far enough along (QUO-01).
    pub opportunity_id: OpportunityId,
    /// Title.
    #[schema(min_length = 1, max_length = 200, example = "惠普服务器采购报价")]
    pub title: String,
    /// Products and prices.
    #[schema(min_items = 1, max_items = 200)]
    pub lines: Vec<NewQuoteLine>,
    /// Last day on which it binds; not before today.
    #[schema(example = "2027-12-31")]
    pub valid_until: NaiveDate,
    /// Remarks.
    #[serde(default)]
    #[schema(min_length = 1, max_length = 2000, example = "含三年质保")]
    pub remarks: Option<String>,
    /// Why a quote is made although there was no face-to-face meeting; by holders of `GRANT_QUOTE_EXCEPTION` only
    /// (QUO-04, AMB-29).
    #[serde(default)]
    #[schema(min_length = 1, max_length = 500, example = "招标文件要求先行报价")]
    pub exception_reason: Option<String>,
}

/// A change of a quote; what is absent stays. It voids an approval.
#[derive(Debug, Clone, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct QuotePatch {
    /// New title.
    #[serde(default)]
    #[schema(value_type = String, required = false, min_length = 1, max_length = 200, example = "惠普服务器采购报价")]
    pub title: Option<String>,
    /// New lines, instead of all there were; list prices are taken anew.
    #[serde(default)]
    #[schema(value_type = Vec<NewQuoteLine>, required = false, min_items = 1, max_items = 200)]
    pub lines: Option<Vec<NewQuoteLine>>,
    /// New last day on which it binds.
    #[serde(default)]
    #[schema(value_type = String, format = Date, required = false, example = "2027-12-31")]
    pub valid_until: Option<NaiveDate>,
    /// New remarks; null clears.
    #[serde(default)]
    #[schema(value_type = Option<String>, required = false, min_length = 1, max_length = 2000, example = "含三年质保")]
    pub remarks: Patch<String>,
}

/// Why the customer declined.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct DeclineQuote {
    /// Reason.
    #[schema(min_length = 1, max_length = 500, example = "预算取消")]
    pub reason: String,
}

/// Which quotes.
#[derive(Debug, Clone, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub struct QuoteFilter {
    /// Owner.
    pub owner_id: Option<UserId>,
    /// Customer.
    pub customer_id: Option<CustomerId>,
    /// Opportunity.
    pub opportunity_id: Option<OpportunityId>,
    /// In one of these states, separated by commas.
    #[param(value_type = Option<String>, example = "DRAFT,RETURNED", max_length = 200)]
    pub state_in: Option<Csv<QuoteState>>,
    /// Of one of these tiers, separated by commas.
    #[param(value_type = Option<String>, example = "PRESIDENT_ASSISTANT,EXECUTIVE", max_length = 200)]
    pub tier_in: Option<Csv<QuoteTier>>,
    /// Updated at or after.
    pub updated_at_gte: Option<Timestamp>,
    /// Updated before.
    pub updated_at_lt: Option<Timestamp>,
}

/// What the caller may do with a quote now.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum QuoteAction {
    /// Change it: `PATCH`; voids an approval.
    Update,
    /// Hand in for approval: `/submit`.
    Submit,
    /// Take back: `/withdraw`.
    Withdraw,
    /// Tell the customer: `/send`.
    Send,
    /// The customer accepted: `/accept`.
    Accept,
    /// The customer declined: `/decline`.
    Decline,
}

/// A quote in a list.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct QuoteItem {
    /// Id.
    pub id: QuoteId,
    /// Title.
    pub title: String,
    /// Customer.
    pub customer_id: CustomerId,
    /// The customer's name.
    pub customer_name: String,
    /// Opportunity.
    pub opportunity_id: OpportunityId,
    /// Owner.
    pub owner_id: UserId,
    /// The owner's name.
    pub owner_name: String,
    /// The owner's unit.
    pub unit_id: UnitId,
    /// The unit's name.
    pub unit_name: String,
    /// State (QUO-02).
    pub state: QuoteState,
    /// Sum of list price × quantity.
    pub list_total: Money,
    /// Sum of quoted price × quantity.
    pub quoted_total: Money,
    /// Quoted total ÷ list total, rounded down: `0.4500` is 4.5折 (QUO-09).
    pub ratio: Ratio,
    /// The line, counted from 1, whose discount is deeper than the total's, if lines are judged and there is one
    /// (AMB-9).
    pub deepest_line: Option<i32>,
    /// Who may approve it.
    pub tier: QuoteTier,
    /// The requirement that gives this tier its right: QUO-05, QUO-06 or QUO-07.
    #[schema(example = "QUO-06")]
    pub rule: String,
    /// Version of the policy `quote_discount` that gave the tier; 0 is the regulation itself.
    pub policy_number: i64,
    /// Last day on which it binds.
    pub valid_until: NaiveDate,
    /// Whether that day is past.
    pub expired: bool,
    /// Remarks.
    pub remarks: Option<String>,
    /// Why it was made without a face-to-face meeting (AMB-29).
    pub exception_reason: Option<String>,
    /// Who granted that exception.
    pub exception_by: Option<UserId>,
    /// The pending approval.
    pub approval_id: Option<ApprovalId>,
    /// Last submission.
    pub submitted_at: Option<Timestamp>,
    /// What was said when it was decided last.
    pub decision_comment: Option<String>,
    /// Since when it is approved.
    pub approved_at: Option<Timestamp>,
    /// When the customer was told.
    pub sent_at: Option<Timestamp>,
    /// When the customer answered.
    pub answered_at: Option<Timestamp>,
    /// Why the customer declined.
    pub decline_reason: Option<String>,
    /// For `If-Match`.
    pub version: i64,
    /// Created.
    pub created_at: Timestamp,
    /// Last changed.
    pub updated_at: Timestamp,
}

/// A line of a quote.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct QuoteLineView {
    /// Position, counted from 1.
    pub position: i32,
    /// Product.
    pub product_id: ProductId,
    /// The product's name when the line was written.
    pub product_name: String,
    /// Quantity.
    pub quantity: i64,
    /// List price of one unit when the line was written.
    pub list_price: Money,
    /// Quoted price of one unit.
    pub quoted_price: Money,
    /// List price × quantity.
    pub list_amount: Money,
    /// Quoted price × quantity.
    pub quoted_amount: Money,
    /// Quoted ÷ list, rounded down.
    pub ratio: Ratio,
}

/// A quote with its lines (QUO).
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct QuoteView {
    /// The quote.
    #[serde(flatten)]
    pub item: QuoteItem,
    /// Lines, in order.
    pub lines: Vec<QuoteLineView>,
    /// What the caller may do now.
    pub allowed_actions: Vec<QuoteAction>,
}

impl View for QuoteView {
    fn version(&self) -> Option<i64> {
        Some(self.item.version)
    }

    fn location(&self) -> Option<String> {
        Some(format!("/api/v1/quotes/{}", self.item.id))
    }
}
