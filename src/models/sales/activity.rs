//! Sales activities: visits, calls, mails (ACT, OPP-18).

use diesel::prelude::*;

use crate::{
    db::schema::activities,
    domain::{
        id::kind::{ActivityId, ContactId, CustomerId, OpportunityId, UnitId, UserId},
        timestamp::Timestamp,
        vocabulary::ActivityKind,
    },
};

/// A sales activity.
#[derive(Debug, Clone, HasQuery, Insertable, AsChangeset)]
#[diesel(table_name = activities, treat_none_as_null = true)]
pub struct Activity {
    /// Id.
    #[diesel(skip_update)]
    pub id: ActivityId,
    /// Customer.
    #[diesel(skip_update)]
    pub customer_id: CustomerId,
    /// Opportunity, if it was about one (OPP-18).
    pub opportunity_id: Option<OpportunityId>,
    /// Kind.
    pub kind: ActivityKind,
    /// When it happened.
    pub happened_at: Timestamp,
    /// What was done.
    pub content: String,
    /// Its effect on the customer (OPP-18).
    pub result: Option<String>,
    /// Where.
    pub place: Option<String>,
    /// Whom one met.
    pub contact_id: Option<ContactId>,
    /// When to be reminded (OPP-41).
    pub remind_at: Option<Timestamp>,
    /// Who did it.
    #[diesel(skip_update)]
    pub owner_id: UserId,
    /// That person's unit then.
    #[diesel(skip_update)]
    pub unit_id: UnitId,
    /// Security level: the customer's.
    #[diesel(skip_update)]
    pub security_level: i32,
    /// Version.
    pub version: i64,
    /// Created.
    #[diesel(skip_update)]
    pub created_at: Timestamp,
    /// Last updated.
    pub updated_at: Timestamp,
    /// The absent colleague in whose stead it was done (DUP-17).
    #[diesel(skip_update)]
    pub on_behalf_of: Option<UserId>,
}
