//! Feedback of customers.

use chrono::NaiveDate;
use diesel::prelude::*;

use crate::{
    db::schema::feedback,
    domain::{
        id::kind::{ContactId, CustomerId, FeedbackId, UserId},
        timestamp::Timestamp,
        vocabulary::FeedbackChannel,
    },
};

/// Satisfaction and loyalty, as a customer told it (CUS-52).
#[derive(Debug, Clone, HasQuery, Insertable, AsChangeset)]
#[diesel(table_name = feedback, treat_none_as_null = true)]
pub struct Feedback {
    /// Id.
    #[diesel(skip_update)]
    pub id: FeedbackId,
    /// The customer.
    #[diesel(skip_update)]
    pub customer_id: CustomerId,
    /// Who told it.
    pub contact_id: Option<ContactId>,
    /// When.
    pub received_on: NaiveDate,
    /// How.
    pub channel: FeedbackChannel,
    /// 1 to 5.
    pub satisfaction: Option<i32>,
    /// 0 to 10.
    pub loyalty: Option<i32>,
    /// In words.
    pub content: Option<String>,
    /// Who recorded it.
    #[diesel(skip_update)]
    pub created_by: UserId,
    /// Version.
    pub version: i64,
    /// Created.
    #[diesel(skip_update)]
    pub created_at: Timestamp,
    /// Last updated.
    pub updated_at: Timestamp,
}
