//! Pairs of customers that are likely the same.

use diesel::prelude::*;

use crate::{
    db::schema::duplicate_pairs,
    domain::{
        id::kind::{CustomerId, DuplicatePairId, MergeId, UserId},
        timestamp::Timestamp,
        vocabulary::PairState,
    },
};

/// Two customers that are likely the same (DUP-10); `left_id` is the lesser id.
#[derive(Debug, Clone, HasQuery, Insertable, AsChangeset)]
#[diesel(table_name = duplicate_pairs, treat_none_as_null = true)]
pub struct DuplicatePair {
    /// Id.
    #[diesel(skip_update)]
    pub id: DuplicatePairId,
    /// One of the two.
    #[diesel(skip_update)]
    pub left_id: CustomerId,
    /// The other.
    #[diesel(skip_update)]
    pub right_id: CustomerId,
    /// Likeness, of 100.
    pub score: i32,
    /// Why, separated by commas.
    pub reasons: String,
    /// State.
    pub state: PairState,
    /// When it was found, or found again after it was settled.
    pub found_at: Timestamp,
    /// Until when it is to be tidied.
    pub due_at: Timestamp,
    /// Who dismissed or reopened it.
    pub decided_by: Option<UserId>,
    /// When.
    pub decided_at: Option<Timestamp>,
    /// Why.
    pub decision_reason: Option<String>,
    /// The folded name of the one when it was last found or dismissed.
    pub left_name: String,
    /// That of the other.
    pub right_name: String,
    /// The merge that settled it.
    pub merge_id: Option<MergeId>,
    /// Version.
    pub version: i64,
    /// Created.
    #[diesel(skip_update)]
    pub created_at: Timestamp,
    /// Last updated.
    pub updated_at: Timestamp,
}
