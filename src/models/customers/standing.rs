//! What stands beside a customer: completeness, entry, key mark; its value and its major changes.

use chrono::NaiveDate;
use diesel::prelude::*;

use crate::{
    db::schema::{customer_standings, major_changes, value_assessments},
    domain::{
        id::kind::{CustomerId, MajorChangeId, UserId, ValueAssessmentId},
        timestamp::Timestamp,
        vocabulary::{EntryState, MajorChangeKind, ValueGrade},
    },
};

/// A customer's standing, one row for each customer.
#[derive(Debug, Clone, HasQuery, Insertable)]
#[diesel(table_name = customer_standings, treat_none_as_default_value = false)]
pub struct Standing {
    /// Customer.
    pub customer_id: CustomerId,
    /// What its profile lacks, one bit for each item (CUS-44).
    pub gaps: i32,
    /// When somebody last said condition and grade (CUS-30).
    pub graded_at: Option<Timestamp>,
    /// How its first submission was judged (CUS-20); none before.
    pub entry_state: Option<EntryState>,
    /// Calendar days that its entry took.
    pub entry_days: Option<i32>,
    /// Why it is a key customer (CUS-46).
    pub key_reason: Option<String>,
    /// Who marked it.
    pub key_marked_by: Option<UserId>,
    /// When.
    pub key_marked_at: Option<Timestamp>,
    /// When its owner was last reminded to confirm its data (CUS-25).
    pub reminded_at: Option<Timestamp>,
}

/// An assessment of a customer's value (CUS-43); never changed.
#[derive(Debug, Clone, HasQuery, Insertable)]
#[diesel(table_name = value_assessments)]
pub struct ValueAssessment {
    /// Id.
    pub id: ValueAssessmentId,
    /// Customer.
    pub customer_id: CustomerId,
    /// Scores by criterion, as JSON.
    pub scores: String,
    /// In 1/400 of a point.
    pub value: i64,
    /// Grade.
    pub grade: ValueGrade,
    /// What was said about it.
    pub comment: Option<String>,
    /// Version of the policy that it was judged by.
    pub policy_number: i64,
    /// By whom.
    pub assessed_by: UserId,
    /// When.
    pub created_at: Timestamp,
}

/// A major change at a customer (CUS-26); never changed.
#[derive(Debug, Clone, HasQuery, Insertable)]
#[diesel(table_name = major_changes)]
pub struct MajorChange {
    /// Id.
    pub id: MajorChangeId,
    /// Customer.
    pub customer_id: CustomerId,
    /// What changed.
    pub kind: MajorChangeKind,
    /// When it happened.
    pub occurred_on: NaiveDate,
    /// In words.
    pub note: String,
    /// Calendar days until it was entered.
    pub days: i32,
    /// Whether that was immediately.
    pub in_time: bool,
    /// By whom.
    pub recorded_by: UserId,
    /// When it was entered.
    pub created_at: Timestamp,
}
