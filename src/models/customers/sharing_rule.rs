//! Automatic sharing rules.

use diesel::prelude::*;

use crate::{
    db::schema::sharing_rules,
    domain::{
        id::kind::{RoleId, SharingRuleId, UnitId, UserId},
        timestamp::Timestamp,
        vocabulary::ShareLevel,
    },
};

/// An automatic sharing rule: which customers, with whom, how far (DUP-14).
#[derive(Debug, Clone, HasQuery, Insertable, AsChangeset)]
#[diesel(table_name = sharing_rules, treat_none_as_null = true)]
pub struct SharingRule {
    /// Id.
    #[diesel(skip_update)]
    pub id: SharingRuleId,
    /// Name.
    pub name: String,
    /// Customers of this unit and below.
    pub unit_id: UnitId,
    /// Of these kinds, separated by commas; all if none.
    pub kinds: Option<String>,
    /// Of these business lines; all if none.
    pub lines: Option<String>,
    /// In these conditions; all if none.
    pub conditions: Option<String>,
    /// With this person.
    pub to_user_id: Option<UserId>,
    /// With everybody of this unit.
    pub to_unit_id: Option<UnitId>,
    /// With whoever has this role,
    pub to_role_id: Option<RoleId>,
    /// and works in this unit or below; anywhere if none.
    pub to_role_within: Option<UnitId>,
    /// READ or WRITE.
    pub level: ShareLevel,
    /// Whether it applies.
    pub active: bool,
    /// From when.
    pub starts_at: Timestamp,
    /// Until when, exclusive.
    pub ends_at: Option<Timestamp>,
    /// Who made it.
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
