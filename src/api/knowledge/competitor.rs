//! Competitors' files, and where one meets them (CUS-50).

use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use crate::{
    api::{patch::Patch, refs::UserRef},
    domain::{
        Website,
        id::kind::{CompetitorId, OpportunityCompetitorId, OpportunityId},
        timestamp::Timestamp,
        vocabulary::{CompetitorOutcome, OpportunityState},
    },
    http::View,
};

/// A competitor's file to open.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewCompetitor {
    /// Name, unique however it is written.
    #[schema(min_length = 1, max_length = 200, example = "示例竞争科技")]
    pub name: String,
    /// Website.
    pub website: Option<Website>,
    /// What it sells.
    #[schema(min_length = 1, max_length = 4000)]
    pub products: Option<String>,
    /// Its strengths.
    #[schema(min_length = 1, max_length = 4000)]
    pub strengths: Option<String>,
    /// Its weaknesses.
    #[schema(min_length = 1, max_length = 4000)]
    pub weaknesses: Option<String>,
    /// Its prices.
    #[schema(min_length = 1, max_length = 4000)]
    pub pricing: Option<String>,
    /// How it sells, and how to meet it.
    #[schema(min_length = 1, max_length = 4000)]
    pub strategy: Option<String>,
}

/// A change of a competitor's file: a merge-patch.
#[derive(Debug, Clone, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CompetitorPatch {
    /// Name; cannot be cleared.
    #[serde(default)]
    #[schema(value_type = String, required = false, min_length = 1, max_length = 200)]
    pub name: Option<String>,
    /// Website.
    #[serde(default)]
    #[schema(value_type = Option<Website>)]
    pub website: Patch<Website>,
    /// What it sells.
    #[serde(default)]
    #[schema(value_type = Option<String>, min_length = 1, max_length = 4000)]
    pub products: Patch<String>,
    /// Its strengths.
    #[serde(default)]
    #[schema(value_type = Option<String>, min_length = 1, max_length = 4000)]
    pub strengths: Patch<String>,
    /// Its weaknesses.
    #[serde(default)]
    #[schema(value_type = Option<String>, min_length = 1, max_length = 4000)]
    pub weaknesses: Patch<String>,
    /// Its prices.
    #[serde(default)]
    #[schema(value_type = Option<String>, min_length = 1, max_length = 4000)]
    pub pricing: Patch<String>,
    /// How it sells, and how to meet it.
    #[serde(default)]
    #[schema(value_type = Option<String>, min_length = 1, max_length = 4000)]
    pub strategy: Patch<String>,
}

/// Which competitors.
#[derive(Debug, Clone, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub struct CompetitorFilter {
    /// Beginning of the name; width, case and traditional characters do not matter.
    #[param(min_length = 1, max_length = 100)]
    pub q: Option<String>,
    /// The deleted ones, for whoever may restore them.
    pub deleted: Option<bool>,
}

/// What the caller may do with a competitor's file now.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum CompetitorAction {
    /// Change it: `PATCH`.
    Edit,
    /// Delete it.
    Delete,
    /// Restore it.
    Restore,
}

/// A competitor in a list.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct CompetitorSummary {
    /// Id.
    pub id: CompetitorId,
    /// Name.
    pub name: String,
    /// Website.
    pub website: Option<String>,
    /// What it sells.
    pub products: Option<String>,
    /// When it was deleted.
    pub deleted_at: Option<Timestamp>,
    /// For `If-Match`.
    pub version: i64,
    /// Created.
    pub created_at: Timestamp,
    /// Last updated.
    pub updated_at: Timestamp,
}

/// A competitor's file. Its documents: `GET /documents?subject_kind=COMPETITOR`.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct CompetitorView {
    /// What lists show too.
    #[serde(flatten)]
    pub summary: CompetitorSummary,
    /// Its strengths.
    pub strengths: Option<String>,
    /// Its weaknesses.
    pub weaknesses: Option<String>,
    /// Its prices.
    pub pricing: Option<String>,
    /// How it sells, and how to meet it.
    pub strategy: Option<String>,
    /// Who entered it.
    pub created_by: UserRef,
    /// What the caller may do now.
    pub allowed_actions: Vec<CompetitorAction>,
}

impl View for CompetitorView {
    fn version(&self) -> Option<i64> {
        Some(self.summary.version)
    }

    fn location(&self) -> Option<String> {
        Some(format!("/api/v1/competitors/{}", self.summary.id))
    }
}

/// A competitor met in an opportunity.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewOpportunityCompetitor {
    /// The competitor.
    pub competitor_id: CompetitorId,
    /// How it goes; absent means COMPETING.
    #[serde(default)]
    pub outcome: Option<CompetitorOutcome>,
    /// What was noticed.
    #[schema(min_length = 1, max_length = 2000)]
    pub note: Option<String>,
}

/// A change of that: a merge-patch.
#[derive(Debug, Clone, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct OpportunityCompetitorPatch {
    /// How it went.
    pub outcome: Option<CompetitorOutcome>,
    /// What was noticed.
    #[serde(default)]
    #[schema(value_type = Option<String>, min_length = 1, max_length = 2000)]
    pub note: Patch<String>,
}

/// What the caller may do with a competitor in an opportunity now.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum OpportunityCompetitorAction {
    /// Change it: `PATCH`.
    Edit,
    /// Remove it: `DELETE`.
    Remove,
}

/// A competitor in an opportunity.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct OpportunityCompetitorView {
    /// Id.
    pub id: OpportunityCompetitorId,
    /// The opportunity.
    pub opportunity_id: OpportunityId,
    /// The competitor.
    pub competitor_id: CompetitorId,
    /// Its name.
    pub competitor_name: String,
    /// How it went.
    pub outcome: CompetitorOutcome,
    /// What was noticed.
    pub note: Option<String>,
    /// Who entered it.
    pub created_by: UserRef,
    /// For `If-Match`.
    pub version: i64,
    /// Created.
    pub created_at: Timestamp,
    /// Last updated.
    pub updated_at: Timestamp,
    /// What the caller may do now.
    pub allowed_actions: Vec<OpportunityCompetitorAction>,
}

impl View for OpportunityCompetitorView {
    fn version(&self) -> Option<i64> {
        Some(self.version)
    }

    fn location(&self) -> Option<String> {
        Some(format!("/api/v1/opportunity-competitors/{}", self.id))
    }
}

/// Which opportunities of a competitor.
#[derive(Debug, Clone, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub struct CompetitorOpportunityFilter {
    /// How it went.
    #[param(inline)]
    pub outcome: Option<CompetitorOutcome>,
}

/// An opportunity in which a competitor was met.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct CompetitorOpportunity {
    /// The opportunity.
    pub opportunity_id: OpportunityId,
    /// Its title.
    pub title: String,
    /// Its customer's name.
    pub customer_name: String,
    /// Its state.
    pub state: OpportunityState,
    /// Its owner.
    pub owner: UserRef,
    /// How it went.
    pub outcome: CompetitorOutcome,
    /// What was noticed.
    pub note: Option<String>,
}
