//! Sales activities.

use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use crate::{
    api::{csv::Csv, patch::Patch, refs::UserRef},
    domain::{
        id::kind::{ActivityId, ContactId, CustomerId, OpportunityId, UnitId, UserId},
        timestamp::Timestamp,
        vocabulary::ActivityKind,
    },
    http::View,
};

/// A sales activity to record (ACT-07, OPP-18).
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewActivity {
    /// Customer.
    pub customer_id: CustomerId,
    /// Opportunity of that customer, if it was about one.
    pub opportunity_id: Option<OpportunityId>,
    /// Kind; only VISIT is the face-to-face meeting that a quote needs (QUO-04, AMB-39).
    pub kind: ActivityKind,
    /// When it happened: from 2000 on, not in the future.
    pub happened_at: Timestamp,
    /// What was done.
    #[schema(
        min_length = 1,
        max_length = 4000,
        example = "拜访采购部，介绍产品方案。"
    )]
    pub content: String,
    /// Its effect on the customer.
    #[schema(min_length = 1, max_length = 2000, example = "客户同意安排演示。")]
    pub result: Option<String>,
    /// Where.
    #[schema(min_length = 1, max_length = 200, example = "客户总部")]
    pub place: Option<String>,
    /// Whom one met: a contact of the customer.
    pub contact_id: Option<ContactId>,
    /// When to be reminded of the next step; after the activity.
    pub remind_at: Option<Timestamp>,
}

/// A correction of an activity: a merge-patch.
#[derive(Debug, Clone, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ActivityPatch {
    /// Opportunity.
    #[serde(default)]
    #[schema(value_type = Option<OpportunityId>)]
    pub opportunity_id: Patch<OpportunityId>,
    /// Kind.
    pub kind: Option<ActivityKind>,
    /// When it happened.
    pub happened_at: Option<Timestamp>,
    /// What was done; cannot be cleared.
    #[serde(default)]
    #[schema(value_type = String, required = false, min_length = 1, max_length = 4000)]
    pub content: Option<String>,
    /// Its effect.
    #[serde(default)]
    #[schema(value_type = Option<String>, min_length = 1, max_length = 2000)]
    pub result: Patch<String>,
    /// Where.
    #[serde(default)]
    #[schema(value_type = Option<String>, min_length = 1, max_length = 200)]
    pub place: Patch<String>,
    /// Whom one met.
    #[serde(default)]
    #[schema(value_type = Option<ContactId>)]
    pub contact_id: Patch<ContactId>,
    /// When to be reminded.
    #[serde(default)]
    #[schema(value_type = Option<Timestamp>)]
    pub remind_at: Patch<Timestamp>,
}

/// What a list of activities is narrowed to.
#[derive(Debug, Clone, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub struct ActivityFilter {
    /// Customer.
    pub customer_id: Option<CustomerId>,
    /// Opportunity.
    pub opportunity_id: Option<OpportunityId>,
    /// Kinds, separated by commas.
    #[param(value_type = Option<String>, example = "VISIT,CALL", max_length = 200)]
    pub kind_in: Option<Csv<ActivityKind>>,
    /// Who did it.
    pub owner_id: Option<UserId>,
    /// Happened at or after.
    pub happened_at_gte: Option<Timestamp>,
    /// Happened before.
    pub happened_at_lt: Option<Timestamp>,
}

/// What the caller may do with an activity now.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum ActivityAction {
    /// Correct it.
    Edit,
}

/// A sales activity.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct ActivityView {
    /// Id.
    pub id: ActivityId,
    /// Customer.
    pub customer_id: CustomerId,
    /// The customer's name.
    pub customer_name: String,
    /// Opportunity.
    pub opportunity_id: Option<OpportunityId>,
    /// The opportunity's title.
    pub opportunity_title: Option<String>,
    /// Kind.
    pub kind: ActivityKind,
    /// When it happened.
    pub happened_at: Timestamp,
    /// What was done.
    pub content: String,
    /// Its effect.
    pub result: Option<String>,
    /// Where.
    pub place: Option<String>,
    /// Whom one met.
    pub contact_id: Option<ContactId>,
    /// That contact's name.
    pub contact_name: Option<String>,
    /// When to be reminded.
    pub remind_at: Option<Timestamp>,
    /// Who did it (ACT-07).
    pub owner_id: UserId,
    /// That person's name.
    pub owner_name: String,
    /// That person's unit then.
    pub unit_id: UnitId,
    /// The absent colleague in whose stead it was done (DUP-17).
    pub on_behalf_of: Option<UserRef>,
    /// What the caller may do with it now.
    pub allowed_actions: Vec<ActivityAction>,
    /// Version.
    pub version: i64,
    /// Created.
    pub created_at: Timestamp,
    /// Last updated.
    pub updated_at: Timestamp,
}

impl View for ActivityView {
    fn version(&self) -> Option<i64> {
        Some(self.version)
    }

    fn location(&self) -> Option<String> {
        Some(format!("/api/v1/activities/{}", self.id))
    }
}
