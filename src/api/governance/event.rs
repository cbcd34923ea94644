//! The audit trail, and a record's history.

use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::{IntoParams, ToSchema};

use crate::{
    api::refs::UserRef,
    domain::{
        id::kind::{AnyId, EventId, UserId},
        timestamp::Timestamp,
        vocabulary::SubjectKind,
    },
};

/// Which events.
#[derive(Debug, Clone, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub struct EventFilter {
    /// Only about this kind of record.
    pub subject_kind: Option<SubjectKind>,
    /// Only about this record.
    pub subject_id: Option<AnyId>,
    /// Only by this person.
    pub actor_id: Option<UserId>,
    /// Only what happened, e.g. `customer.submitted`.
    #[param(max_length = 100, example = "customer.submitted")]
    pub kind: Option<String>,
    /// At or after.
    pub at_gte: Option<Timestamp>,
    /// Before.
    pub at_lt: Option<Timestamp>,
}

/// Whose history.
#[derive(Debug, Clone, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub struct HistoryFilter {
    /// Kind of the record.
    pub subject_kind: SubjectKind,
    /// The record.
    pub subject_id: AnyId,
}

/// An event of the audit trail.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct EventView {
    /// Id.
    pub id: EventId,
    /// When.
    pub at: Timestamp,
    /// Who.
    pub actor: UserRef,
    /// What kind of record.
    pub subject_kind: SubjectKind,
    /// Which record.
    pub subject_id: AnyId,
    /// What happened.
    #[schema(example = "customer.submitted")]
    pub kind: String,
    /// What changed; personal data masked.
    #[schema(value_type = Object, example = json!({"version": 2}))]
    pub data: Value,
    /// The requirement at work.
    #[schema(example = "CUS-21")]
    pub rule: Option<String>,
    /// From where: an address, or `job`, `cli`.
    #[schema(example = "192.0.2.7")]
    pub source: String,
    /// The trace id that the caller was given.
    pub trace_id: String,
    /// The chain that holds the event.
    pub lane: i32,
    /// Its place in the chain.
    pub seq: i64,
    /// Keyed hash over this event and the one before it.
    pub hash: String,
}

/// What happened to a record.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct HistoryEntry {
    /// Id.
    pub id: EventId,
    /// When.
    pub at: Timestamp,
    /// Who.
    pub actor: UserRef,
    /// What happened.
    #[schema(example = "customer.submitted")]
    pub kind: String,
    /// What changed; personal data masked.
    #[schema(value_type = Object, example = json!({"version": 2}))]
    pub data: Value,
    /// The requirement at work.
    #[schema(example = "CUS-21")]
    pub rule: Option<String>,
}
