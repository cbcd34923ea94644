//! Roles: named sets of capabilities, and to whom they are given.

use diesel::prelude::*;

use crate::{
    db::schema::{role_capabilities, roles, user_roles},
    domain::{
        id::kind::{GrantId, RoleId, UnitId, UserId},
        timestamp::Timestamp,
        vocabulary::{Capability, Scope},
    },
};

/// A role (ORG-07).
#[derive(Debug, Clone, HasQuery, Insertable)]
#[diesel(table_name = roles)]
pub struct Role {
    /// Id.
    pub id: RoleId,
    /// Stable code, UPPER_SNAKE.
    pub code: String,
    /// Chinese name.
    pub name_zh: String,
    /// English name.
    pub name_en: String,
    /// Version.
    pub version: i64,
    /// Created.
    pub created_at: Timestamp,
    /// Last updated.
    pub updated_at: Timestamp,
}

/// A capability of a role.
#[derive(Debug, Clone, HasQuery, Insertable)]
#[diesel(table_name = role_capabilities)]
pub struct RoleCapability {
    /// Role.
    pub role_id: RoleId,
    /// Capability.
    pub capability: Capability,
}

/// A role given to a user, within a scope.
#[derive(Debug, Clone, HasQuery, Insertable)]
#[diesel(table_name = user_roles)]
pub struct UserRole {
    /// Id.
    pub id: GrantId,
    /// To whom.
    pub user_id: UserId,
    /// Which role.
    pub role_id: RoleId,
    /// How far it reaches.
    pub scope: Scope,
    /// From which unit; the root for the whole company.
    pub scope_unit_id: UnitId,
    /// Since when.
    pub created_at: Timestamp,
}
