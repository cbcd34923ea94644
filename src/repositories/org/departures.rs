//! Departures.

use std::collections::HashMap;

use diesel::{prelude::*, sql_types::Bool};

use crate::{
    db::{
        Conn, MultiBackend, Tx, Unique,
        schema::{delegations, departures, reporting_closure, shares, unit_closure, users},
        violates,
    },
    domain::{
        id::kind::{DepartureId, UserId},
        timestamp::Timestamp,
        vocabulary::DepartureState,
    },
    error::AppResult,
    models::org::{departure::Departure, user::User},
    repositories::governance::access::Reach,
};

crate::sortable! {
    departures, Departure, DepartureSort {
        CreatedAt = "created_at" => created_at: Timestamp,
        DueAt = "due_at" => due_at: Timestamp,
    } default CreatedAt Down
}

const OPEN: Unique = Unique {
    name: "departures_open",
    columns: "departures.user_id",
};

/// What a list of departures is narrowed to.
#[derive(Debug, Clone, Default)]
pub struct Narrow {
    /// In these states.
    pub states: Vec<DepartureState>,
    /// Held against the responsible person, or not.
    pub overdue: Option<bool>,
    /// Of this person.
    pub user: Option<UserId>,
    /// For which this person is responsible.
    pub responsible: Option<UserId>,
}

type Predicate = Box<dyn BoxableExpression<departures::table, MultiBackend, SqlType = Bool>>;

/// One's own departure, those that one answers for, and those of the people within one's reach.
fn visible(reach: &Reach) -> Predicate {
    if reach.everything {
        return Box::new(departures::id.is_not_null());
    }
    let own = departures::user_id
        .eq(reach.actor)
        .or(departures::responsible_id.eq(reach.actor));
    let below = unit_closure::table
        .filter(unit_closure::ancestor_id.eq_any(reach.subtrees.clone()))
        .select(unit_closure::descendant_id);
    Box::new(
        own.or(departures::unit_id.eq_any(reach.units.clone()))
            .or(departures::unit_id.eq_any(below)),
    )
}

/// The departures within reach that a list is narrowed to.
pub fn narrowed<'q>(reach: &Reach, narrow: &Narrow) -> departures::BoxedQuery<'q, MultiBackend> {
    let mut rows = departures::table.filter(visible(reach)).into_boxed();
    if !narrow.states.is_empty() {
        rows = rows.filter(departures::state.eq_any(narrow.states.clone()));
    }
    match narrow.overdue {
        None => {}
        Some(true) => rows = rows.filter(departures::overdue_at.is_not_null()),
        Some(false) => rows = rows.filter(departures::overdue_at.is_null()),
    }
    if let Some(user) = narrow.user {
        rows = rows.filter(departures::user_id.eq(user));
    }
    if let Some(responsible) = narrow.responsible {
        rows = rows.filter(departures::responsible_id.eq(responsible));
    }
    rows
}

/// A departure within reach.
///
/// # Errors
/// A database fault.
pub fn find(conn: &mut Conn, reach: &Reach, id: DepartureId) -> AppResult<Option<Departure>> {
    Ok(Departure::query()
        .filter(departures::id.eq(id))
        .filter(visible(reach))
        .first(conn)
        .optional()?)
}

/// A departure.
///
/// # Errors
/// 404, or a database fault.
pub fn get(conn: &mut Conn, id: DepartureId) -> AppResult<Departure> {
    Ok(Departure::query()
        .filter(departures::id.eq(id))
        .first(conn)?)
}

/// Enters a departure: `false` if one of the person is open already.
///
/// # Errors
/// A database fault.
pub fn insert(tx: &mut Tx<'_>, departure: &Departure) -> AppResult<bool> {
    match diesel::insert_into(departures::table)
        .values(departure)
        .execute(tx.conn())
    {
        Ok(_) => Ok(true),
        Err(error) if violates(&error, &OPEN) => Ok(false),
        Err(error) => Err(error.into()),
    }
}

/// Keeps a changed departure, if it still has the version that was read.
///
/// # Errors
/// A database fault. `false` when it changed meanwhile.
pub fn save(tx: &mut Tx<'_>, departure: &Departure, read: i64) -> AppResult<bool> {
    let target = departures::table
        .filter(departures::id.eq(departure.id))
        .filter(departures::version.eq(read));
    Ok(diesel::update(target).set(departure).execute(tx.conn())? == 1)
}

/// Open departures whose time is over and that nobody has noted yet, the longest overdue first, with who announced them.
///
/// # Errors
/// A database fault.
pub fn newly_overdue(
    conn: &mut Conn,
    now: Timestamp,
    limit: i64,
) -> AppResult<Vec<(DepartureId, UserId)>> {
    Ok(departures::table
        .filter(departures::state.eq(DepartureState::Announced))
        .filter(departures::due_at.lt(now))
        .filter(departures::overdue_at.is_null())
        .order((departures::due_at, departures::id))
        .select((departures::id, departures::announced_by))
        .limit(limit)
        .load(conn)?)
}

/// Those above a person whose accounts are open, the nearest first.
///
/// # Errors
/// A database fault.
pub fn superiors(conn: &mut Conn, user: UserId) -> AppResult<Vec<UserId>> {
    Ok(reporting_closure::table
        .inner_join(users::table.on(users::id.eq(reporting_closure::superior_id)))
        .filter(reporting_closure::subordinate_id.eq(user))
        .filter(reporting_closure::depth.gt(0))
        .filter(users::disabled_at.is_null())
        .order((reporting_closure::depth, users::id))
        .select(users::id)
        .load(conn)?)
}

/// Ends every share with a person, and every delegation to or from that person. Answers how many of each.
///
/// # Errors
/// A database fault.
pub fn end_ties(tx: &mut Tx<'_>, user: UserId, now: Timestamp) -> AppResult<(usize, usize)> {
    let shares =
        diesel::delete(shares::table.filter(shares::user_id.eq(user))).execute(tx.conn())?;
    let open = delegations::table
        .filter(
            delegations::delegator_id
                .eq(user)
                .or(delegations::delegate_id.eq(user)),
        )
        .filter(delegations::revoked_at.is_null())
        .filter(delegations::ends_at.gt(now));
    let delegations = diesel::update(open)
        .set((
            delegations::revoked_at.eq(now),
            delegations::version.eq(delegations::version + 1),
            delegations::updated_at.eq(now),
        ))
        .execute(tx.conn())?;
    Ok((shares, delegations))
}

/// The people of a page of departures.
///
/// # Errors
/// A database fault.
pub fn people(conn: &mut Conn, ids: &[UserId]) -> AppResult<HashMap<UserId, User>> {
    let rows = User::query().filter(users::id.eq_any(ids)).load(conn)?;
    Ok(rows.into_iter().map(|user: User| (user.id, user)).collect())
}
