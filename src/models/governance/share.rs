//! Explicit shares of a record.

use diesel::prelude::*;

use crate::{
    db::schema::shares,
    domain::{
        id::kind::{AnyId, ConflictCaseId, ShareId, UserId},
        timestamp::Timestamp,
        vocabulary::{ShareLevel, SubjectKind},
    },
};

/// A record shared with a person for a time (DUP-12).
#[derive(Debug, Clone, HasQuery, Insertable)]
#[diesel(table_name = shares)]
pub struct Share {
    /// Id.
    pub id: ShareId,
    /// Kind of the record.
    pub subject_kind: SubjectKind,
    /// The record.
    pub subject_id: AnyId,
    /// With whom.
    pub user_id: UserId,
    /// READ or WRITE.
    pub level: ShareLevel,
    /// Why.
    pub reason: String,
    /// By whom.
    pub granted_by: UserId,
    /// Until when.
    pub expires_at: Timestamp,
    /// Since when.
    pub created_at: Timestamp,
    /// The ruling that gave it, if one did: then nobody but a new ruling or the administrator takes it back (CONF-04).
    pub case_id: Option<ConflictCaseId>,
    /// Rises with every change, also when it is given anew.
    pub version: i64,
}
