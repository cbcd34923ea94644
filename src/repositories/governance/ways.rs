//! The ways in which rows come within a reach, one by one, so that a list takes each in order from its own index instead
//! of filtering a table by all of them at once.

use diesel::prelude::*;

use super::access::Reach;
use crate::{
    db::{
        Conn,
        paging::{Direction, PageRequest},
        schema::{reporting_closure, unit_closure},
    },
    domain::id::kind::{UnitId, UserId},
    error::AppResult,
};

/// Beyond so many ways one filter over the table costs less than a part for each.
const MOST: usize = 96;

/// How a row comes within a reach.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Way {
    /// It is this person's: the actor's own, or a subordinate's.
    Owner(UserId),
    /// It is this person's, whose records the actor works on or sees without owning them (DUP-15, DUP-17).
    InPlaceOf(UserId),
    /// It belongs to this unit, which a role covers.
    Unit(UnitId),
    /// A role covers the company.
    Company,
    /// A role covers the company; this is what the clearance keeps out of it and ownership or reporting lines let in.
    AboveClearance,
    /// It is shared with the actor.
    Shared,
    /// Its customer is shared with the actor.
    SharedThrough,
    /// An automatic sharing rule covers its customer (DUP-14).
    RuledThrough,
    /// The noun itself opens it, by the function at this place.
    Also(usize),
    /// It waits for the actor's approval.
    Waiting,
    /// Any of these, by one filter.
    Any,
}

/// What the ways are besides ownership, units and shares, which every noun has.
#[derive(Debug, Clone, Copy)]
pub struct Further {
    /// Shares of the row's customer.
    pub through: bool,
    /// By how many functions the noun opens rows itself.
    pub also: usize,
    /// Approvals that wait.
    pub waiting: bool,
}

/// In which direction the owner or the unit is to lead the order of a page: where the page is in the order of the key that
/// comes behind them in their indexes, on the one database whose planner might not see it.
pub fn led<S: PartialEq>(conn: &Conn, request: &PageRequest<S>, key: S) -> Option<Direction> {
    let (first, direction) = request.sort.first()?;
    (matches!(conn, Conn::Postgres(_)) && *first == key).then_some(*direction)
}

/// The ways of a reach. Together they are the access filter: a row is visible exactly if one of them brings it.
///
/// # Errors
/// A database fault.
pub fn of(conn: &mut Conn, reach: &Reach, further: Further) -> AppResult<Vec<Way>> {
    let mut ways = Vec::new();
    if reach.everything {
        ways.extend([Way::Company, Way::AboveClearance]);
    } else {
        let below: Vec<UserId> = reporting_closure::table
            .filter(reporting_closure::superior_id.eq(reach.actor))
            .filter(reporting_closure::depth.between(1, reach.steps_down))
            .select(reporting_closure::subordinate_id)
            .limit(MOST as i64)
            .load(conn)?;
        ways.push(Way::Owner(reach.actor));
        ways.extend(below.into_iter().map(Way::Owner));
        ways.extend(units(conn, reach)?.into_iter().map(Way::Unit));
    }
    ways.extend(reach.in_place_of.iter().copied().map(Way::InPlaceOf));
    ways.push(Way::Shared);
    if further.through {
        ways.push(Way::SharedThrough);
        if !reach.rules.is_empty() {
            ways.push(Way::RuledThrough);
        }
    }
    ways.extend((0..further.also).map(Way::Also));
    if further.waiting {
        ways.push(Way::Waiting);
    }
    Ok(if ways.len() > MOST {
        vec![Way::Any]
    } else {
        ways
    })
}

fn units(conn: &mut Conn, reach: &Reach) -> AppResult<Vec<UnitId>> {
    let mut units = reach.units.clone();
    if !reach.subtrees.is_empty() {
        let covered: Vec<UnitId> = unit_closure::table
            .filter(unit_closure::ancestor_id.eq_any(&reach.subtrees))
            .select(unit_closure::descendant_id)
            .limit(MOST as i64)
            .load(conn)?;
        units.extend(covered);
    }
    units.sort_unstable();
    units.dedup();
    Ok(units)
}
