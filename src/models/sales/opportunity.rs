//! Opportunities and those who pursue them together.

use chrono::NaiveDate;
use diesel::prelude::*;

use crate::{
    auth::vault::Sealed,
    db::schema::{opportunities, opportunity_parties},
    domain::{
        Money, Ratio,
        id::kind::{CustomerId, OpportunityId, UnitId, UserId},
        timestamp::Timestamp,
        vocabulary::{Importance, OpportunitySource, OpportunityState},
    },
};

/// An opportunity (OPP).
#[derive(Debug, Clone, HasQuery, Insertable, AsChangeset)]
#[diesel(table_name = opportunities, treat_none_as_null = true)]
pub struct Opportunity {
    /// Id.
    #[diesel(skip_update)]
    pub id: OpportunityId,
    /// Short title.
    pub title: String,
    /// The registered customer, once it is known.
    pub customer_id: Option<CustomerId>,
    /// Customer name as entered (OPP-03).
    pub customer_name: String,
    /// Contact (OPP-03).
    pub contact_name: Option<String>,
    /// Phone (OPP-03).
    pub phone: Option<Sealed>,
    /// Source (OPP-03).
    pub source: Option<OpportunitySource>,
    /// Official division code (OPP-03).
    pub region_code: Option<String>,
    /// How it began (OPP-03).
    pub description: Option<String>,
    /// Owner.
    pub owner_id: UserId,
    /// The owner's unit at entry or reassignment.
    pub unit_id: UnitId,
    /// Security level (ORG-26): the customer's.
    pub security_level: i32,
    /// State (OPP-01).
    pub state: OpportunityState,
    /// Stage of the ladder, counted from 1 (OPP-14).
    pub stage: i32,
    /// Since when it is at this stage (OPP-35).
    pub stage_since: Timestamp,
    /// Expected signing date (OPP-15).
    pub expected_sign_on: Option<NaiveDate>,
    /// Expected amount (OPP-34: value).
    pub expected_amount: Option<Money>,
    /// Product line (OPP-34).
    pub product_line: Option<String>,
    /// The customer's needs (OPP-11).
    pub needs: Option<String>,
    /// Competitors met (OPP-17).
    pub competitors: Option<String>,
    /// Importance (OPP-34).
    pub importance: Option<Importance>,
    /// Last submission for review: who was first is decided by it (AMB-4).
    pub submitted_at: Option<Timestamp>,
    /// Since when it is registered (OPP-06).
    pub registered_at: Option<Timestamp>,
    /// When it was closed (OPP-24).
    pub closed_at: Option<Timestamp>,
    /// Why it failed (OPP-29).
    pub failure_reason: Option<String>,
    /// The failed amount (OPP-29).
    pub failed_amount: Option<Money>,
    /// Who confirmed the close (OPP-31).
    pub confirmed_by: Option<UserId>,
    /// When the close was confirmed (OPP-25).
    pub confirmed_at: Option<Timestamp>,
    /// Last sales activity (OPP-32). Moved by activities only, so that an edit at the same moment cannot set it back.
    #[diesel(skip_update)]
    pub last_activity_at: Option<Timestamp>,
    /// Version.
    pub version: i64,
    /// Created (OPP-33).
    #[diesel(skip_update)]
    pub created_at: Timestamp,
    /// Last updated (OPP-33).
    pub updated_at: Timestamp,
}

impl Opportunity {
    /// Since when nobody has worked on it: the last activity, else the registration, else the entry (OPP-32, OPP-33).
    pub fn untouched_since(&self) -> Timestamp {
        self.last_activity_at
            .or(self.registered_at)
            .unwrap_or(self.created_at)
    }
}

/// One who pursues an opportunity with others, and the split (CONF-04).
#[derive(Debug, Clone, HasQuery, Insertable)]
#[diesel(table_name = opportunity_parties)]
pub struct OpportunityParty {
    /// Opportunity.
    pub opportunity_id: OpportunityId,
    /// Who.
    pub user_id: UserId,
    /// Share of the credit.
    pub share: Ratio,
    /// Since when.
    pub since: Timestamp,
}
