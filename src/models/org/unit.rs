//! Organisational units.

use diesel::prelude::*;

use crate::{
    db::schema::{unit_closure, units},
    domain::{id::kind::UnitId, timestamp::Timestamp, vocabulary::UnitKind},
};

/// A unit of the organisation tree (ORG-01).
#[derive(Debug, Clone, HasQuery, Insertable)]
#[diesel(table_name = units)]
pub struct Unit {
    /// Id.
    pub id: UnitId,
    /// The unit above; none for the root.
    pub parent_id: Option<UnitId>,
    /// Kind.
    pub kind: UnitKind,
    /// Name.
    pub name: String,
    /// Name folded, for search; unique among siblings.
    pub name_key: String,
    /// Whether the unit is in use.
    pub active: bool,
    /// Version.
    pub version: i64,
    /// Created.
    pub created_at: Timestamp,
    /// Last updated.
    pub updated_at: Timestamp,
}

/// One unit above (or equal to) another, and how far.
#[derive(Debug, Clone, Insertable)]
#[diesel(table_name = unit_closure)]
pub struct UnitReach {
    /// The upper one.
    pub ancestor_id: UnitId,
    /// The lower one.
    pub descendant_id: UnitId,
    /// Steps between them.
    pub depth: i32,
}
