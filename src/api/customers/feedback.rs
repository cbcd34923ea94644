//! Satisfaction and loyalty, as customers tell it (CUS-52).

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use crate::{
    api::{patch::Patch, refs::UserRef},
    domain::{
        id::kind::{ContactId, CustomerId, FeedbackId},
        timestamp::Timestamp,
        vocabulary::FeedbackChannel,
    },
    http::View,
};

/// Feedback to record: a score or words at least.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewFeedback {
    /// Who told it: a contact of the customer.
    pub contact_id: Option<ContactId>,
    /// When; not in the future.
    #[schema(format = Date)]
    pub received_on: NaiveDate,
    /// How.
    pub channel: FeedbackChannel,
    /// Satisfaction: 1 (not at all) to 5 (fully).
    #[schema(minimum = 1, maximum = 5, example = 4)]
    pub satisfaction: Option<i32>,
    /// Loyalty: would recommend us, 0 (never) to 10 (surely).
    #[schema(minimum = 0, maximum = 10)]
    pub loyalty: Option<i32>,
    /// In words.
    #[schema(min_length = 1, max_length = 4000, example = "实施进度满意。")]
    pub content: Option<String>,
}

/// A correction of feedback: a merge-patch.
#[derive(Debug, Clone, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct FeedbackPatch {
    /// Who told it.
    #[serde(default)]
    #[schema(value_type = Option<ContactId>)]
    pub contact_id: Patch<ContactId>,
    /// When.
    #[schema(format = Date)]
    pub received_on: Option<NaiveDate>,
    /// How.
    pub channel: Option<FeedbackChannel>,
    /// Satisfaction.
    #[serde(default)]
    #[schema(value_type = Option<i32>, minimum = 1, maximum = 5)]
    pub satisfaction: Patch<i32>,
    /// Loyalty.
    #[serde(default)]
    #[schema(value_type = Option<i32>, minimum = 0, maximum = 10)]
    pub loyalty: Patch<i32>,
    /// In words.
    #[serde(default)]
    #[schema(value_type = Option<String>, min_length = 1, max_length = 4000)]
    pub content: Patch<String>,
}

/// Which feedback of a customer.
#[derive(Debug, Clone, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub struct FeedbackFilter {
    /// How it was received.
    #[param(inline)]
    pub channel: Option<FeedbackChannel>,
    /// Received on this day or later.
    #[param(format = Date)]
    pub received_on_gte: Option<NaiveDate>,
    /// Received on this day or earlier.
    #[param(format = Date)]
    pub received_on_lte: Option<NaiveDate>,
}

/// What the caller may do with feedback now.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum FeedbackAction {
    /// Correct it: `PATCH`.
    Edit,
}

/// Feedback of a customer.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct FeedbackView {
    /// Id.
    pub id: FeedbackId,
    /// The customer.
    pub customer_id: CustomerId,
    /// Who told it.
    pub contact_id: Option<ContactId>,
    /// When.
    pub received_on: NaiveDate,
    /// How.
    pub channel: FeedbackChannel,
    /// Satisfaction, 1 to 5.
    pub satisfaction: Option<i32>,
    /// Loyalty, 0 to 10.
    pub loyalty: Option<i32>,
    /// In words.
    pub content: Option<String>,
    /// Who recorded it.
    pub created_by: UserRef,
    /// For `If-Match`.
    pub version: i64,
    /// Created.
    pub created_at: Timestamp,
    /// Last updated.
    pub updated_at: Timestamp,
    /// What the caller may do now.
    pub allowed_actions: Vec<FeedbackAction>,
}

impl View for FeedbackView {
    fn version(&self) -> Option<i64> {
        Some(self.version)
    }

    fn location(&self) -> Option<String> {
        Some(format!("/api/v1/feedback/{}", self.id))
    }
}

/// A customer's feedback in figures.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct FeedbackSummary {
    /// The customer.
    pub customer_id: CustomerId,
    /// How many pieces of feedback there are.
    pub count: i64,
    /// Average satisfaction, to two decimals; none if nobody told.
    #[schema(example = "4.33")]
    pub average_satisfaction: Option<String>,
    /// How many told their satisfaction.
    pub satisfaction_count: i64,
    /// Average loyalty, to two decimals; none if nobody told.
    #[schema(example = "8.50")]
    pub average_loyalty: Option<String>,
    /// How many told their loyalty.
    pub loyalty_count: i64,
    /// When the last one was received.
    pub last_received_on: Option<NaiveDate>,
}

impl View for FeedbackSummary {}
