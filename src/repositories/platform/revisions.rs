//! The revisions of what each server keeps in memory.

use diesel::prelude::*;

use crate::{
    db::{Conn, schema::revisions},
    error::AppResult,
    on_each,
};

/// Where what is kept stands now: numbers that change with every change of it.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Revisions {
    /// The business calendar.
    pub calendar: i64,
    /// The policies.
    pub policies: i64,
    /// Roles, delegations, unit accounts, sharing rules.
    pub rights: i64,
}

/// The revisions of this moment.
///
/// # Errors
/// A database fault.
pub fn now(conn: &mut Conn) -> AppResult<Revisions> {
    let query = revisions::table.select((revisions::topic, revisions::revision));
    let rows: Vec<(String, i64)> = on_each!(conn, c => query.load(c))?;
    let mut found = Revisions::default();
    for (topic, revision) in rows {
        match topic.as_str() {
            "calendar" => found.calendar = revision,
            "policies" => found.policies = revision,
            "rights" => found.rights = revision,
            _ => {}
        }
    }
    Ok(found)
}
