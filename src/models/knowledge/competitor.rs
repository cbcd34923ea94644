//! Competitors, and where one meets them.

use diesel::prelude::*;

use crate::{
    db::schema::{competitors, opportunity_competitors},
    domain::{
        id::kind::{CompetitorId, OpportunityCompetitorId, OpportunityId, UserId},
        timestamp::Timestamp,
        vocabulary::CompetitorOutcome,
    },
};

/// A competitor's file (CUS-50).
#[derive(Debug, Clone, HasQuery, Insertable, AsChangeset)]
#[diesel(table_name = competitors, treat_none_as_null = true)]
pub struct Competitor {
    /// Id.
    #[diesel(skip_update)]
    pub id: CompetitorId,
    /// Name.
    pub name: String,
    /// The name folded.
    pub folded_name: String,
    /// The folded name, unique; none while deleted.
    pub name_claim: Option<String>,
    /// Website.
    pub website: Option<String>,
    /// What it sells.
    pub products: Option<String>,
    /// Its strengths.
    pub strengths: Option<String>,
    /// Its weaknesses.
    pub weaknesses: Option<String>,
    /// Its prices.
    pub pricing: Option<String>,
    /// How it sells, and how to meet it.
    pub strategy: Option<String>,
    /// Who entered it.
    #[diesel(skip_update)]
    pub created_by: UserId,
    /// Deleted.
    pub deleted_at: Option<Timestamp>,
    /// Why.
    pub delete_reason: Option<String>,
    /// Version.
    pub version: i64,
    /// Created.
    #[diesel(skip_update)]
    pub created_at: Timestamp,
    /// Last updated.
    pub updated_at: Timestamp,
}

/// A competitor in an opportunity (CUS-50).
#[derive(Debug, Clone, HasQuery, Insertable, AsChangeset)]
#[diesel(table_name = opportunity_competitors, treat_none_as_null = true)]
pub struct OpportunityCompetitor {
    /// Id.
    #[diesel(skip_update)]
    pub id: OpportunityCompetitorId,
    /// The opportunity.
    #[diesel(skip_update)]
    pub opportunity_id: OpportunityId,
    /// The competitor.
    #[diesel(skip_update)]
    pub competitor_id: CompetitorId,
    /// How it went.
    pub outcome: CompetitorOutcome,
    /// What was noticed.
    pub note: Option<String>,
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
