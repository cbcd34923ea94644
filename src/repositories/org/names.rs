//! Names of people and units, for whole pages of related records at once.

use std::collections::HashMap;

use diesel::prelude::*;

use crate::{
    api::refs::{UnitRef, UserRef},
    db::{
        Conn, Keep as _, padded,
        schema::{units, users},
    },
    domain::id::kind::{UnitId, UserId},
    error::AppResult,
    on_each,
};

/// Ids in one statement: below the number of variables that SQLite takes.
const CHUNK: usize = 1_000;

/// A person as others may read of them (AMB-33).
#[derive(Debug, Clone)]
struct Person {
    name: String,
    unit: UnitId,
    department: String,
}

/// People by id.
#[derive(Debug, Clone, Default)]
pub struct People(HashMap<UserId, Person>);

impl People {
    /// The person with a name.
    pub fn get(&self, id: UserId) -> UserRef {
        UserRef {
            id,
            name: self.name(id),
        }
    }

    /// The person's name; empty for an unknown one.
    pub fn name(&self, id: UserId) -> String {
        self.0
            .get(&id)
            .map(|person| person.name.clone())
            .unwrap_or_default()
    }

    /// The name of the person's present unit.
    pub fn department(&self, id: UserId) -> String {
        self.0
            .get(&id)
            .map(|person| person.department.clone())
            .unwrap_or_default()
    }

    /// The person's present unit.
    pub fn unit(&self, id: UserId) -> Option<UnitId> {
        self.0.get(&id).map(|person| person.unit)
    }
}

/// The people with these ids, and their present units' names.
///
/// # Errors
/// A database fault.
pub fn people(conn: &mut Conn, ids: impl IntoIterator<Item = UserId>) -> AppResult<People> {
    let mut found = HashMap::new();
    for ids in distinct(ids).chunks(CHUNK) {
        let query = users::table
            .inner_join(units::table.on(units::id.eq(users::unit_id)))
            .select((users::id, users::name, units::id, units::name));
        let rows: Vec<(UserId, String, UnitId, String)> = match ids {
            [one] => on_each!(conn, c => query.filter(users::id.eq(*one)).load(c))?,
            _ => query
                .filter(users::id.eq_any(padded(ids.iter().copied())))
                .kept()
                .load(conn)?,
        };
        found.extend(rows.into_iter().map(|(id, name, unit, department)| {
            (
                id,
                Person {
                    name,
                    unit,
                    department,
                },
            )
        }));
    }
    Ok(People(found))
}

/// Units by id.
#[derive(Debug, Clone, Default)]
pub struct UnitNames(HashMap<UnitId, String>);

impl UnitNames {
    /// The unit with its name.
    pub fn get(&self, id: UnitId) -> UnitRef {
        UnitRef {
            id,
            name: self.name(id),
        }
    }

    /// The unit's name; empty for an unknown one.
    pub fn name(&self, id: UnitId) -> String {
        self.0.get(&id).cloned().unwrap_or_default()
    }
}

/// The units with these ids.
///
/// # Errors
/// A database fault.
pub fn units(conn: &mut Conn, ids: impl IntoIterator<Item = UnitId>) -> AppResult<UnitNames> {
    let mut found = HashMap::new();
    for ids in distinct(ids).chunks(CHUNK) {
        let query = units::table.select((units::id, units::name));
        let rows: Vec<(UnitId, String)> = match ids {
            [one] => on_each!(conn, c => query.filter(units::id.eq(*one)).load(c))?,
            _ => query
                .filter(units::id.eq_any(padded(ids.iter().copied())))
                .kept()
                .load(conn)?,
        };
        found.extend(rows);
    }
    Ok(UnitNames(found))
}

fn distinct<T: Ord>(ids: impl IntoIterator<Item = T>) -> Vec<T> {
    let mut ids: Vec<T> = ids.into_iter().collect();
    ids.sort_unstable();
    ids.dedup();
    ids
}

/// People and units together, for records that show both.
#[derive(Debug, Clone, Default)]
pub struct Directory {
    people: People,
    units: UnitNames,
}

impl Directory {
    /// A person's name; empty for an unknown one.
    pub fn user(&self, id: UserId) -> String {
        self.people.name(id)
    }

    /// A unit's name; empty for an unknown one.
    pub fn unit(&self, id: UnitId) -> String {
        self.units.name(id)
    }
}

/// All these people and units.
///
/// # Errors
/// A database fault.
pub fn directory(
    conn: &mut Conn,
    people_ids: impl IntoIterator<Item = UserId>,
    unit_ids: impl IntoIterator<Item = UnitId>,
) -> AppResult<Directory> {
    Ok(Directory {
        people: people(conn, people_ids)?,
        units: units(conn, unit_ids)?,
    })
}
