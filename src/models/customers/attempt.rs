//! Refused attempts to register: evidence (CONF-06, CONF-07).

use diesel::prelude::*;

use crate::{
    db::schema::registration_attempts,
    domain::{
        id::kind::{AnyId, AttemptId, CustomerId, UnitId, UserId},
        timestamp::Timestamp,
        vocabulary::{KeyKind, Line, SubjectKind},
    },
};

/// An attempt that met an earlier registration.
#[derive(Debug, Clone, HasQuery, Insertable)]
#[diesel(table_name = registration_attempts, treat_none_as_default_value = false)]
pub struct Attempt {
    /// Id.
    pub id: AttemptId,
    /// When.
    pub attempted_at: Timestamp,
    /// By whom.
    pub owner_id: UserId,
    /// From which unit.
    pub unit_id: UnitId,
    /// The customer's security level at that time.
    pub security_level: i32,
    /// What was to be registered: CUSTOMER or OPPORTUNITY.
    pub subject_kind: SubjectKind,
    /// The record, if it exists in spite of the refusal.
    pub subject_id: Option<AnyId>,
    /// The name as it was written.
    pub attempted_name: String,
    /// Business line.
    pub line: Line,
    /// Which key met.
    pub key_kind: KeyKind,
    /// The requirement that refused.
    pub rule: String,
    /// The customer that was first.
    pub customer_id: CustomerId,
    /// Its owner at that time.
    pub holder_id: UserId,
    /// From where.
    pub source: String,
}
