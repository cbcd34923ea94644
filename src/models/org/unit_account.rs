//! The account that stands for a unit.

use diesel::prelude::*;

use crate::{
    db::schema::unit_accounts,
    domain::{
        id::kind::{UnitId, UserId},
        timestamp::Timestamp,
    },
};

/// The account that holds a group's shared column, and shares with everybody of a unit (DUP-12, DUP-15). Nobody logs in
/// with it.
#[derive(Debug, Clone, HasQuery, Insertable)]
#[diesel(table_name = unit_accounts)]
pub struct UnitAccount {
    /// The unit.
    pub unit_id: UnitId,
    /// Its account.
    pub user_id: UserId,
    /// Since when.
    pub created_at: Timestamp,
}
