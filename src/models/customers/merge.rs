//! Merges of customers, and what each moved.

use diesel::prelude::*;

use crate::{
    auth::vault::Sealed,
    db::schema::{merge_moves, merges},
    domain::{
        id::kind::{AnyId, CustomerId, MergeId, MergeMoveId, UserId},
        timestamp::Timestamp,
        vocabulary::{CustomerState, MergeState, MoveAction, MoveOutcome, MovedKind},
    },
};

/// A merge of one customer into another (DUP-09).
#[derive(Debug, Clone, HasQuery, Insertable, AsChangeset)]
#[diesel(table_name = merges, treat_none_as_null = true)]
pub struct Merge {
    /// Id.
    #[diesel(skip_update)]
    pub id: MergeId,
    /// The customer that stays.
    #[diesel(skip_update)]
    pub survivor_id: CustomerId,
    /// The customer that went into it.
    #[diesel(skip_update)]
    pub absorbed_id: CustomerId,
    /// The survivor's name at that time.
    #[diesel(skip_update)]
    pub survivor_name: String,
    /// The absorbed one's name at that time.
    #[diesel(skip_update)]
    pub absorbed_name: String,
    /// The absorbed one's review state, for the undo.
    #[diesel(skip_update)]
    pub absorbed_state: CustomerState,
    /// The survivor's version after the merge: later merges have later ones.
    #[diesel(skip_update)]
    pub survivor_version: i64,
    /// The survivor's fields that changed, from what to what, as JSON, sealed.
    #[diesel(skip_update)]
    pub fields: Sealed,
    /// How many records of each kind followed, as JSON.
    #[diesel(skip_update)]
    pub counts: String,
    /// Why.
    #[diesel(skip_update)]
    pub reason: String,
    /// State.
    pub state: MergeState,
    /// By whom.
    #[diesel(skip_update)]
    pub merged_by: UserId,
    /// The last instant at which it may be undone.
    #[diesel(skip_update)]
    pub undo_until: Timestamp,
    /// Who undid it.
    pub undone_by: Option<UserId>,
    /// When.
    pub undone_at: Option<Timestamp>,
    /// Why.
    pub undo_reason: Option<String>,
    /// Version of the policy `duplicates` that applies.
    #[diesel(skip_update)]
    pub policy_number: i64,
    /// Version.
    pub version: i64,
    /// When it was made.
    #[diesel(skip_update)]
    pub created_at: Timestamp,
    /// Last updated.
    pub updated_at: Timestamp,
}

/// A record that a merge moved, or noted.
#[derive(Debug, Clone, HasQuery, Insertable)]
#[diesel(table_name = merge_moves, treat_none_as_default_value = false)]
pub struct MergeMove {
    /// Id.
    pub id: MergeMoveId,
    /// The merge.
    pub merge_id: MergeId,
    /// Its place in the merge.
    pub position: i64,
    /// What it is.
    pub kind: MovedKind,
    /// The record; of a key the customer that held it.
    pub record_id: AnyId,
    /// What was done with it.
    pub action: MoveAction,
    /// What the undo needs beside that, as JSON.
    pub detail: String,
    /// What the undo did with it.
    pub outcome: Option<MoveOutcome>,
}
