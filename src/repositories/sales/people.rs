//! Names of people and their departments, for views and refusals: one query per page.

use std::collections::{HashMap, HashSet};

use diesel::prelude::*;

use crate::{
    db::{
        Conn,
        schema::{units, users},
    },
    domain::id::kind::{UnitId, UserId},
    error::AppResult,
};

/// A person as others may read of them (AMB-33).
#[derive(Debug, Clone, Default)]
pub struct Person {
    /// Name.
    pub name: String,
    /// The unit's name.
    pub department: String,
    /// The unit.
    pub unit_id: Option<UnitId>,
}

/// People by id.
#[derive(Debug, Clone, Default)]
pub struct People(HashMap<UserId, Person>);

impl People {
    /// A person's name; empty for an unknown one.
    pub fn name(&self, id: UserId) -> String {
        self.0
            .get(&id)
            .map(|person| person.name.clone())
            .unwrap_or_default()
    }

    /// A person's department.
    pub fn department(&self, id: UserId) -> String {
        self.0
            .get(&id)
            .map(|person| person.department.clone())
            .unwrap_or_default()
    }

    /// A person's unit.
    pub fn unit(&self, id: UserId) -> Option<UnitId> {
        self.0.get(&id).and_then(|person| person.unit_id)
    }
}

/// These people, with the names of their present units.
///
/// # Errors
/// A database fault.
pub fn of(conn: &mut Conn, ids: impl IntoIterator<Item = UserId>) -> AppResult<People> {
    let mut ids: Vec<UserId> = ids.into_iter().collect();
    ids.sort_unstable();
    ids.dedup();
    let rows: Vec<(UserId, String, UnitId, String)> = users::table
        .inner_join(units::table.on(units::id.eq(users::unit_id)))
        .filter(users::id.eq_any(ids))
        .select((users::id, users::name, units::id, units::name))
        .load(conn)?;
    let people = rows.into_iter().map(|(id, name, unit, department)| {
        (
            id,
            Person {
                name,
                department,
                unit_id: Some(unit),
            },
        )
    });
    Ok(People(people.collect()))
}

/// Those whose direct superior someone is.
///
/// # Errors
/// A database fault.
pub fn direct_subordinates(conn: &mut Conn, superior: UserId) -> AppResult<HashSet<UserId>> {
    let ids: Vec<UserId> = users::table
        .filter(users::superior_id.eq(superior))
        .select(users::id)
        .load(conn)?;
    Ok(ids.into_iter().collect())
}
