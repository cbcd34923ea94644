//! Events of the audit trail.

use diesel::prelude::*;

use crate::{
    db::schema::{event_heads, events},
    domain::{
        id::kind::{AnyId, EventId, UserId},
        timestamp::Timestamp,
        vocabulary::SubjectKind,
    },
};

/// An event: who did what to which record, when, from where.
#[derive(Debug, Clone, HasQuery, Insertable)]
#[diesel(table_name = events, treat_none_as_default_value = false)]
pub struct Event {
    /// Id.
    pub id: EventId,
    /// Which chain.
    pub lane: i32,
    /// Place in the chain, from 1 without gaps.
    pub seq: i64,
    /// When.
    pub at: Timestamp,
    /// Who.
    pub actor_id: UserId,
    /// What kind of record.
    pub subject_kind: SubjectKind,
    /// Which record.
    pub subject_id: AnyId,
    /// What happened.
    pub kind: String,
    /// What changed, JSON; personal data masked.
    pub data: String,
    /// The requirement at work.
    pub rule: Option<String>,
    /// From where.
    pub source: String,
    /// The request's trace id.
    pub trace_id: String,
    /// Keyed hash over this event and the one before it.
    pub hash: String,
}

/// The end of a chain so far.
#[derive(Debug, Clone, PartialEq, Eq, HasQuery, Insertable)]
#[diesel(table_name = event_heads)]
pub struct EventHead {
    /// Which chain.
    pub lane: i32,
    /// Place of its last event; 0 while there is none.
    pub seq: i64,
    /// Hash of its last event.
    pub hash: String,
    /// Keyed hash over the head itself.
    pub seal: String,
}
