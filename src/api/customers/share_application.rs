//! A call-centre seat's application that a customer be shared (DUP-13).

use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use crate::{
    api::refs::UserRef,
    domain::{
        id::kind::{ApprovalId, CustomerId, ShareApplicationId, ShareId, UserId},
        timestamp::Timestamp,
        vocabulary::{ApplicationState, ShareLevel},
    },
    http::View,
};

/// An application to make.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewShareApplication {
    /// With whom the customer is to be shared.
    pub user_id: UserId,
    /// READ or WRITE.
    pub level: ShareLevel,
    /// Until when.
    pub expires_at: Timestamp,
    /// Why.
    #[schema(min_length = 1, max_length = 500, example = "需同事协助讲解产品")]
    pub reason: String,
}

/// Which applications, of those that one may see.
#[derive(Debug, Clone, Copy, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub struct ShareApplicationFilter {
    /// About this customer.
    pub customer_id: Option<CustomerId>,
    /// In this state.
    pub state: Option<ApplicationState>,
}

/// What the caller may do with an application now.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum ShareApplicationAction {
    /// Take it back.
    Withdraw,
}

/// An application.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct ShareApplicationView {
    /// Id.
    pub id: ShareApplicationId,
    /// The customer.
    pub customer_id: CustomerId,
    /// Who applies.
    pub applicant: UserRef,
    /// With whom.
    pub user: UserRef,
    /// READ or WRITE.
    pub level: ShareLevel,
    /// Until when.
    pub expires_at: Timestamp,
    /// Why.
    pub reason: String,
    /// State.
    pub state: ApplicationState,
    /// The approval that waits for the administrator.
    pub approval_id: Option<ApprovalId>,
    /// The share that came of it.
    pub share_id: Option<ShareId>,
    /// Who decided.
    pub decided_by: Option<UserRef>,
    /// When.
    pub decided_at: Option<Timestamp>,
    /// What was said.
    pub comment: Option<String>,
    /// For `If-Match`.
    pub version: i64,
    /// Created.
    pub created_at: Timestamp,
    /// Last changed.
    pub updated_at: Timestamp,
    /// What the caller may do now.
    pub allowed_actions: Vec<ShareApplicationAction>,
}

impl View for ShareApplicationView {
    fn version(&self) -> Option<i64> {
        Some(self.version)
    }

    fn location(&self) -> Option<String> {
        Some(format!("/api/v1/share-applications/{}", self.id))
    }
}
