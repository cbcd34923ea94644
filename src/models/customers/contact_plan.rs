//! What is planned with a contact.

use chrono::NaiveDate;
use diesel::prelude::*;

use crate::{
    db::schema::contact_plans,
    domain::{
        id::kind::{ContactId, ContactPlanId, UserId},
        timestamp::Timestamp,
    },
};

/// Strategy and care plan for a contact at a stage of the sale (CUS-37).
#[derive(Debug, Clone, HasQuery, Insertable, AsChangeset)]
#[diesel(table_name = contact_plans, treat_none_as_null = true)]
pub struct ContactPlan {
    /// Id.
    #[diesel(skip_update)]
    pub id: ContactPlanId,
    /// The contact.
    #[diesel(skip_update)]
    pub contact_id: ContactId,
    /// The stage, counted from 1.
    #[diesel(skip_update)]
    pub stage: i32,
    /// How to win the contact.
    pub strategy: Option<String>,
    /// How to care for the contact.
    pub care: Option<String>,
    /// When care is due; [`NEVER`] if it is not.
    pub due_on: NaiveDate,
    /// Who entered it.
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

/// The day on which nothing is due: lists are sorted by a column without NULL.
pub const NEVER: NaiveDate = match NaiveDate::from_ymd_opt(9999, 12, 31) {
    Some(day) => day,
    None => NaiveDate::MAX,
};
