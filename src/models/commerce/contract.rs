//! Contracts.

use chrono::NaiveDate;
use diesel::prelude::*;

use crate::{
    db::schema::contracts,
    domain::{
        Money,
        id::kind::{ContractId, CustomerId, OpportunityId, QuoteId, UnitId, UserId},
        timestamp::Timestamp,
        vocabulary::{ContractRoute, ContractState, QuoteTier},
    },
};

/// A contract (CON).
#[derive(Debug, Clone, HasQuery, Insertable, AsChangeset)]
#[diesel(table_name = contracts, treat_none_as_null = true)]
pub struct Contract {
    /// Id.
    #[diesel(skip_update)]
    pub id: ContractId,
    /// Number as written.
    pub number: String,
    /// Number as compared: unique.
    pub number_key: String,
    /// Title.
    pub title: String,
    /// Customer (CON-01).
    #[diesel(skip_update)]
    pub customer_id: CustomerId,
    /// Opportunity (CON-09).
    pub opportunity_id: Option<OpportunityId>,
    /// The approved quote that it rests on (AMB-47).
    pub quote_id: Option<QuoteId>,
    /// Owner.
    #[diesel(skip_update)]
    pub owner_id: UserId,
    /// The owner's unit.
    #[diesel(skip_update)]
    pub unit_id: UnitId,
    /// Security level (ORG-26).
    #[diesel(skip_update)]
    pub security_level: i32,
    /// State.
    pub state: ContractState,
    /// Amount.
    pub amount: Money,
    /// Sum of the list prices of what is sold.
    pub list_amount: Money,
    /// A sale of products (CON-02).
    pub product_sale: bool,
    /// The company's standard text is used (CON-02).
    pub standard_text: bool,
    /// Who decides it (CON-02, CON-04).
    pub route: ContractRoute,
    /// Why the department manager may not decide it alone, as a JSON array.
    pub route_reasons: String,
    /// The quote tier whose approver speaks before the department manager (AMB-47).
    pub discount_tier: Option<QuoteTier>,
    /// Remarks.
    pub remarks: Option<String>,
    /// Last submission.
    pub submitted_at: Option<Timestamp>,
    /// What was said when it was decided last.
    pub decision_comment: Option<String>,
    /// Since when it is approved.
    pub approved_at: Option<Timestamp>,
    /// Day of signing (CON-08).
    pub signed_on: Option<NaiveDate>,
    /// Why it was cancelled.
    pub cancel_reason: Option<String>,
    /// Version of the sign-off policy that gave the route.
    pub policy_number: i64,
    /// Version.
    pub version: i64,
    /// Created.
    #[diesel(skip_update)]
    pub created_at: Timestamp,
    /// Last updated.
    pub updated_at: Timestamp,
}
