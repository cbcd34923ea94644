//! Merges of customers (DUP-09).

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::{IntoParams, ToSchema};

use crate::{
    api::csv::Csv,
    domain::{
        id::kind::{AnyId, ContactId, CustomerId, MergeId, MergeMoveId, UserId},
        timestamp::Timestamp,
        vocabulary::{MergeField, MergeState, MoveAction, MoveOutcome, MovedKind},
    },
    http::View,
};

/// What a preview of a merge is asked for.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct MergePreviewRequest {
    /// The customer that would go into the one of the path.
    pub absorbed_id: CustomerId,
    /// Fields of which the survivor takes the absorbed one's value; of the others it keeps its own where it has one.
    #[serde(default)]
    #[schema(max_items = 30)]
    pub take_from_absorbed: Vec<MergeField>,
}

/// A merge, as it was previewed.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewMerge {
    /// The customer that goes into the one of the path.
    pub absorbed_id: CustomerId,
    /// Its version as it was read; that of the survivor is `If-Match`.
    #[schema(minimum = 1, maximum = 9_007_199_254_740_991_i64)]
    pub absorbed_version: i64,
    /// As in the preview.
    #[serde(default)]
    #[schema(max_items = 30)]
    pub take_from_absorbed: Vec<MergeField>,
    /// The preview's: if anything that would move has changed since, nothing is merged.
    #[schema(
        min_length = 64,
        max_length = 64,
        pattern = "^[0-9a-f]{64}$",
        example = "0000000000000000000000000000000000000000000000000000000000000000"
    )]
    pub fingerprint: String,
    /// Why they are one customer.
    #[schema(min_length = 1, max_length = 500, example = "同一客户重复登记")]
    pub reason: String,
}

/// Why a merge is undone.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct UndoMerge {
    /// Why they are two customers after all.
    #[schema(min_length = 1, max_length = 500, example = "经核实为两家独立公司")]
    pub reason: String,
}

/// One of the two cards of a preview.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct MergeSide {
    /// The customer.
    pub id: CustomerId,
    /// Its name.
    pub name: String,
    /// Its owner.
    pub owner_id: UserId,
    /// The owner's name.
    pub owner_name: String,
    /// The owner's department.
    pub department: String,
    /// When it was registered.
    pub registered_at: Timestamp,
    /// Its version: `If-Match` or `absorbed_version` of the merge.
    pub version: i64,
}

/// A field in which the two differ.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct MergeFieldView {
    /// The field.
    pub field: MergeField,
    /// The survivor's value; null for none.
    #[schema(value_type = Value)]
    pub survivor: Value,
    /// The absorbed one's value.
    #[schema(value_type = Value)]
    pub absorbed: Value,
    /// What the survivor would have.
    #[schema(value_type = Value)]
    pub result: Value,
}

/// What would follow, of one kind.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct MergeFollowing {
    /// What.
    pub kind: MovedKind,
    /// How many.
    pub count: i64,
    /// The first of them, at most 20.
    pub first: Vec<AnyId>,
}

/// A record that would stay with the absorbed card.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct MergeStayingRecord {
    /// The absorbed card's.
    pub record_id: AnyId,
    /// The survivor's own: for products the other entry, for a document that both have the same, for an overall
    /// introduction the survivor's (CUS-55).
    pub survivors_id: AnyId,
}

/// What would stay with the absorbed card, of one kind: a customer has it once, and the survivor has its own.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct MergeStaying {
    /// What.
    pub kind: MovedKind,
    /// How many.
    pub count: i64,
    /// The first of them, at most 20.
    pub first: Vec<MergeStayingRecord>,
}

/// A contact that both have.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct EqualContactView {
    /// The absorbed one's contact: it stays with that card.
    pub contact_id: ContactId,
    /// The survivor's equal contact.
    pub equal_to: ContactId,
    /// The name.
    pub name: String,
}

/// Why a merge is not possible now.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct MergeObstacle {
    /// The requirement.
    pub rule: String,
    /// Stable code.
    pub code: String,
    /// In Chinese.
    pub zh: String,
    /// In English.
    pub en: String,
}

/// What a merge would do; nothing has been done.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct MergePreview {
    /// The customer that would stay.
    pub survivor: MergeSide,
    /// The customer that would go into it.
    pub absorbed: MergeSide,
    /// Which of the two should stay: the one that was registered first (CONF-01).
    pub suggested_survivor_id: CustomerId,
    /// Whether it can be done now: nothing stands against it.
    pub possible: bool,
    /// Everything that stands against it.
    pub obstacles: Vec<MergeObstacle>,
    /// The fields in which they differ, and the result.
    pub fields: Vec<MergeFieldView>,
    /// What would follow.
    pub following: Vec<MergeFollowing>,
    /// What would stay with the absorbed card.
    pub staying: Vec<MergeStaying>,
    /// Contacts that would not be duplicated.
    pub equal_contacts: Vec<EqualContactView>,
    /// To be sent with the merge.
    pub fingerprint: String,
}

impl View for MergePreview {}

/// What a list of merges is narrowed to.
#[derive(Debug, Clone, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub struct MergeFilter {
    /// Either of the two customers.
    pub customer_id: Option<CustomerId>,
    /// States, separated by commas.
    #[param(value_type = Option<String>, example = "DONE", max_length = 50)]
    pub state_in: Option<Csv<MergeState>>,
    /// Who merged.
    pub merged_by: Option<UserId>,
    /// Made at or after.
    pub created_at_gte: Option<Timestamp>,
    /// Made before.
    pub created_at_lt: Option<Timestamp>,
}

/// What may be done with a merge.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum MergeAction {
    /// Undo it.
    Undo,
}

/// A merge.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct MergeView {
    /// Id.
    pub id: MergeId,
    /// The customer that stayed.
    pub survivor_id: CustomerId,
    /// Its name at that time.
    pub survivor_name: String,
    /// The customer that went into it.
    pub absorbed_id: CustomerId,
    /// Its name at that time.
    pub absorbed_name: String,
    /// State.
    pub state: MergeState,
    /// Why.
    pub reason: String,
    /// By whom.
    pub merged_by: UserId,
    /// That person's name.
    pub merged_by_name: String,
    /// How many records of each kind followed.
    #[schema(value_type = BTreeMap<String, i64>)]
    pub counts: BTreeMap<MovedKind, i64>,
    /// The survivor's fields that got another value.
    pub changed_fields: Vec<MergeField>,
    /// Until when it may be undone; this instant is still in time.
    pub undo_until: Timestamp,
    /// Who undid it.
    pub undone_by: Option<UserId>,
    /// That person's name.
    pub undone_by_name: Option<String>,
    /// When.
    pub undone_at: Option<Timestamp>,
    /// Why.
    pub undo_reason: Option<String>,
    /// Version.
    pub version: i64,
    /// When it was made.
    pub created_at: Timestamp,
    /// Last updated.
    pub updated_at: Timestamp,
    /// What the caller may do now.
    pub allowed_actions: Vec<MergeAction>,
}

impl View for MergeView {
    fn version(&self) -> Option<i64> {
        Some(self.version)
    }

    fn location(&self) -> Option<String> {
        Some(format!("/api/v1/merges/{}", self.id))
    }

    fn changes_within_version(&self) -> bool {
        // The term of the undo ends without anybody's doing, and a later merge bars it.
        true
    }
}

/// What a list of what a merge moved is narrowed to.
#[derive(Debug, Clone, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub struct MergeMoveFilter {
    /// Kinds, separated by commas.
    #[param(value_type = Option<String>, example = "CONTACT,ACTIVITY", max_length = 300)]
    pub kind_in: Option<Csv<MovedKind>>,
}

/// A record that a merge moved, or noted.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct MergeMoveView {
    /// Id.
    pub id: MergeMoveId,
    /// Its place in the merge.
    pub position: i64,
    /// What it is.
    pub kind: MovedKind,
    /// The record; of a key the customer that held it.
    pub record_id: AnyId,
    /// What was done with it.
    pub action: MoveAction,
    /// What the undo did with it; null before an undo.
    pub outcome: Option<MoveOutcome>,
}
