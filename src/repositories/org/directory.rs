//! Names of people and units, for whole pages of related records at once.

use std::collections::HashMap;

use diesel::prelude::*;

use crate::{
    db::{
        Conn,
        schema::{units, users},
    },
    domain::id::kind::{UnitId, UserId},
    error::AppResult,
};

/// Names by id.
#[derive(Debug, Default)]
pub struct Directory {
    users: HashMap<UserId, String>,
    units: HashMap<UnitId, String>,
}

impl Directory {
    /// A person's name; empty if unknown.
    pub fn user(&self, id: UserId) -> String {
        self.users.get(&id).cloned().unwrap_or_default()
    }

    /// A unit's name; empty if unknown.
    pub fn unit(&self, id: UnitId) -> String {
        self.units.get(&id).cloned().unwrap_or_default()
    }
}

/// The names of all these people and units, by two look-ups.
///
/// # Errors
/// A database fault.
pub fn load(
    conn: &mut Conn,
    user_ids: impl IntoIterator<Item = UserId>,
    unit_ids: impl IntoIterator<Item = UnitId>,
) -> AppResult<Directory> {
    let mut directory = Directory::default();
    let mut wanted: Vec<UserId> = user_ids.into_iter().collect();
    wanted.sort_unstable();
    wanted.dedup();
    for ids in wanted.chunks(500) {
        let rows: Vec<(UserId, String)> = users::table
            .filter(users::id.eq_any(ids))
            .select((users::id, users::name))
            .load(conn)?;
        directory.users.extend(rows);
    }
    let mut wanted: Vec<UnitId> = unit_ids.into_iter().collect();
    wanted.sort_unstable();
    wanted.dedup();
    for ids in wanted.chunks(500) {
        let rows: Vec<(UnitId, String)> = units::table
            .filter(units::id.eq_any(ids))
            .select((units::id, units::name))
            .load(conn)?;
        directory.units.extend(rows);
    }
    Ok(directory)
}
