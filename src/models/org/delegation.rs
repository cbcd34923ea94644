//! Delegations: who decides for whom while absent.

use diesel::prelude::*;

use crate::{
    db::schema::delegations,
    domain::{
        id::kind::{DelegationId, UserId},
        timestamp::Timestamp,
    },
};

/// A delegation for a time: of approvals (ORG-33), and of the work on records where it says so (DUP-17).
#[derive(Debug, Clone, HasQuery, Insertable)]
#[diesel(table_name = delegations)]
pub struct Delegation {
    /// Id.
    pub id: DelegationId,
    /// Who is absent.
    pub delegator_id: UserId,
    /// Who stands in.
    pub delegate_id: UserId,
    /// From.
    pub starts_at: Timestamp,
    /// Until (exclusive).
    pub ends_at: Timestamp,
    /// Why.
    pub reason: String,
    /// Ended early.
    pub revoked_at: Option<Timestamp>,
    /// Version.
    pub version: i64,
    /// Created.
    pub created_at: Timestamp,
    /// Last updated.
    pub updated_at: Timestamp,
    /// Whether the stand-in also works the absent person's records (DUP-17).
    pub works_records: bool,
}
