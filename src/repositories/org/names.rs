//! Names of people and units, for whole pages at once.

use std::collections::BTreeMap;

use diesel::prelude::*;

use crate::{
    api::refs::{UnitRef, UserRef},
    db::{
        Conn,
        schema::{units, users},
    },
    domain::id::kind::{UnitId, UserId},
    error::AppResult,
};

/// Ids in one statement: below the number of variables that SQLite takes.
const CHUNK: usize = 1_000;

/// People by id.
#[derive(Debug, Clone, Default)]
pub struct People(BTreeMap<UserId, String>);

impl People {
    /// The person with a name.
    pub fn get(&self, id: UserId) -> UserRef {
        UserRef {
            id,
            name: self.0.get(&id).cloned().unwrap_or_default(),
        }
    }
}

/// The people with these ids.
///
/// # Errors
/// A database fault.
pub fn people(conn: &mut Conn, ids: impl IntoIterator<Item = UserId>) -> AppResult<People> {
    let mut ids: Vec<UserId> = ids.into_iter().collect();
    ids.sort_unstable();
    ids.dedup();
    let mut found = BTreeMap::new();
    for ids in ids.chunks(CHUNK) {
        let rows: Vec<(UserId, String)> = users::table
            .filter(users::id.eq_any(ids.to_vec()))
            .select((users::id, users::name))
            .load(conn)?;
        found.extend(rows);
    }
    Ok(People(found))
}

/// Units by id.
#[derive(Debug, Clone, Default)]
pub struct UnitNames(BTreeMap<UnitId, String>);

impl UnitNames {
    /// The unit with its name.
    pub fn get(&self, id: UnitId) -> UnitRef {
        UnitRef {
            id,
            name: self.0.get(&id).cloned().unwrap_or_default(),
        }
    }
}

/// The units with these ids.
///
/// # Errors
/// A database fault.
pub fn units(conn: &mut Conn, ids: impl IntoIterator<Item = UnitId>) -> AppResult<UnitNames> {
    let mut ids: Vec<UnitId> = ids.into_iter().collect();
    ids.sort_unstable();
    ids.dedup();
    let mut found = BTreeMap::new();
    for ids in ids.chunks(CHUNK) {
        let rows: Vec<(UnitId, String)> = units::table
            .filter(units::id.eq_any(ids.to_vec()))
            .select((units::id, units::name))
            .load(conn)?;
        found.extend(rows);
    }
    Ok(UnitNames(found))
}
