//! Quotes and their lines.

use chrono::NaiveDate;
use diesel::prelude::*;

use crate::{
    db::schema::{quote_lines, quotes},
    domain::{
        Money,
        id::kind::{CustomerId, OpportunityId, ProductId, QuoteId, QuoteLineId, UnitId, UserId},
        timestamp::Timestamp,
        vocabulary::{QuoteState, QuoteTier},
    },
};

/// A quote (QUO).
#[derive(Debug, Clone, HasQuery, Insertable, AsChangeset)]
#[diesel(table_name = quotes, treat_none_as_null = true)]
pub struct Quote {
    /// Id.
    #[diesel(skip_update)]
    pub id: QuoteId,
    /// Title.
    pub title: String,
    /// Customer.
    #[diesel(skip_update)]
    pub customer_id: CustomerId,
    /// Opportunity (QUO-01).
    #[diesel(skip_update)]
    pub opportunity_id: OpportunityId,
    /// Owner: the opportunity's.
    #[diesel(skip_update)]
    pub owner_id: UserId,
    /// The owner's unit.
    #[diesel(skip_update)]
    pub unit_id: UnitId,
    /// Security level (ORG-26).
    #[diesel(skip_update)]
    pub security_level: i32,
    /// State (QUO-02).
    pub state: QuoteState,
    /// Sum of list price × quantity.
    pub list_total: Money,
    /// Sum of quoted price × quantity.
    pub quoted_total: Money,
    /// Who may approve it (QUO-05..07).
    pub tier: QuoteTier,
    /// The line, counted from 1, that is deeper than the total (AMB-9).
    pub deepest_line: Option<i32>,
    /// Last day on which it binds.
    pub valid_until: NaiveDate,
    /// Remarks.
    pub remarks: Option<String>,
    /// Why it was made without a meeting (AMB-29).
    #[diesel(skip_update)]
    pub exception_reason: Option<String>,
    /// Who granted that exception.
    #[diesel(skip_update)]
    pub exception_by: Option<UserId>,
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
    /// Version of the discount policy that gave the tier.
    pub policy_number: i64,
    /// Version.
    pub version: i64,
    /// Created.
    #[diesel(skip_update)]
    pub created_at: Timestamp,
    /// Last updated.
    pub updated_at: Timestamp,
}

/// A line of a quote: prices are those of the moment it was written.
#[derive(Debug, Clone, PartialEq, Eq, HasQuery, Insertable)]
#[diesel(table_name = quote_lines)]
pub struct QuoteLine {
    /// Id.
    pub id: QuoteLineId,
    /// Quote.
    pub quote_id: QuoteId,
    /// Position, counted from 1.
    pub position: i32,
    /// Product.
    pub product_id: ProductId,
    /// The product's name then.
    pub product_name: String,
    /// Quantity.
    pub quantity: i64,
    /// The product's list price then.
    pub list_price: Money,
    /// Quoted price of one unit.
    pub quoted_price: Money,
    /// List price × quantity.
    pub list_amount: Money,
    /// Quoted price × quantity.
    pub quoted_amount: Money,
}
