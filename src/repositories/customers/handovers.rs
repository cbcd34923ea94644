//! Handovers and their assignments.

use std::collections::HashMap;

use diesel::{prelude::*, sql_types::Bool};

use crate::{
    db::{
        Conn, MultiBackend, Tx, Unique,
        paging::{Page, PageRequest},
        schema::{handover_assignments, handovers, unit_closure},
        violates,
    },
    domain::{
        id::kind::{CustomerId, HandoverId, JobId, UserId},
        timestamp::Timestamp,
        vocabulary::HandoverState,
    },
    error::AppResult,
    insert_many,
    models::customers::handover::{Handover, HandoverAssignment},
    repositories::governance::access::Reach,
};

crate::sortable! {
    handovers, Handover, HandoverSort {
        CreatedAt = "created_at" => created_at: Timestamp,
    } default CreatedAt Down
}

const RUNNING: Unique = Unique {
    name: "handovers_running",
    columns: "handovers.from_id",
};

/// What a list of handovers is narrowed to.
#[derive(Debug, Clone, Copy, Default)]
pub struct Narrow {
    /// Of this person's records.
    pub from: Option<UserId>,
    /// Received by this person.
    pub to: Option<UserId>,
    /// In this state.
    pub state: Option<HandoverState>,
}

type Predicate = Box<dyn BoxableExpression<handovers::table, MultiBackend, SqlType = Bool>>;

/// Those that one ordered, gave or received, and those of the people within one's reach.
fn visible(reach: &Reach) -> Predicate {
    if reach.everything {
        return Box::new(handovers::id.is_not_null());
    }
    let own = handovers::ordered_by
        .eq(reach.actor)
        .or(handovers::to_id.eq(reach.actor))
        .or(handovers::from_id.eq(reach.actor));
    let below = unit_closure::table
        .filter(unit_closure::ancestor_id.eq_any(reach.subtrees.clone()))
        .select(unit_closure::descendant_id);
    Box::new(
        own.or(handovers::unit_id.eq_any(reach.units.clone()))
            .or(handovers::unit_id.eq_any(below)),
    )
}

/// One page of the handovers within reach.
///
/// # Errors
/// `INVALID_CURSOR`, or a database fault.
pub fn list(
    conn: &mut Conn,
    reach: &Reach,
    narrow: Narrow,
    request: &PageRequest<HandoverSort>,
) -> AppResult<Page<Handover>> {
    page(conn, request, || {
        let mut rows = handovers::table.filter(visible(reach)).into_boxed();
        if let Some(from) = narrow.from {
            rows = rows.filter(handovers::from_id.eq(from));
        }
        if let Some(to) = narrow.to {
            rows = rows.filter(handovers::to_id.eq(to));
        }
        if let Some(state) = narrow.state {
            rows = rows.filter(handovers::state.eq(state));
        }
        rows
    })
}

/// A handover within reach.
///
/// # Errors
/// A database fault.
pub fn find(conn: &mut Conn, reach: &Reach, id: HandoverId) -> AppResult<Option<Handover>> {
    Ok(Handover::query()
        .filter(handovers::id.eq(id))
        .filter(visible(reach))
        .first(conn)
        .optional()?)
}

/// A handover.
///
/// # Errors
/// 404, or a database fault.
pub fn get(conn: &mut Conn, id: HandoverId) -> AppResult<Handover> {
    Ok(Handover::query().filter(handovers::id.eq(id)).first(conn)?)
}

/// The handover that a job does.
///
/// # Errors
/// A database fault.
pub fn of_job(conn: &mut Conn, job: JobId) -> AppResult<Option<Handover>> {
    Ok(Handover::query()
        .filter(handovers::job_id.eq(job))
        .first(conn)
        .optional()?)
}

/// Enters a handover with its assignments: `false` if another one of the person is under way.
///
/// # Errors
/// A database fault.
pub fn insert(
    tx: &mut Tx<'_>,
    handover: &Handover,
    assignments: &[HandoverAssignment],
) -> AppResult<bool> {
    match diesel::insert_into(handovers::table)
        .values(handover)
        .execute(tx.conn())
    {
        Ok(_) => {}
        Err(error) if violates(&error, &RUNNING) => return Ok(false),
        Err(error) => return Err(error.into()),
    }
    for some in assignments.chunks(500) {
        insert_many!(tx, handover_assignments::table, some)?;
    }
    Ok(true)
}

/// Keeps a changed handover, if it still has the version that was read.
///
/// # Errors
/// A database fault. `false` when it changed meanwhile.
pub fn save(tx: &mut Tx<'_>, handover: &Handover, read: i64) -> AppResult<bool> {
    let target = handovers::table
        .filter(handovers::id.eq(handover.id))
        .filter(handovers::version.eq(read));
    Ok(diesel::update(target).set(handover).execute(tx.conn())? == 1)
}

/// Who receives those of these customers that are assigned to somebody else.
///
/// # Errors
/// A database fault.
pub fn assigned(
    conn: &mut Conn,
    id: HandoverId,
    customers: &[CustomerId],
) -> AppResult<HashMap<CustomerId, UserId>> {
    let rows: Vec<(CustomerId, UserId)> = handover_assignments::table
        .filter(handover_assignments::handover_id.eq(id))
        .filter(handover_assignments::customer_id.eq_any(customers))
        .select((
            handover_assignments::customer_id,
            handover_assignments::to_id,
        ))
        .load(conn)?;
    Ok(rows.into_iter().collect())
}

/// How many customers of each handover are assigned to somebody else.
///
/// # Errors
/// A database fault.
pub fn count_assigned(conn: &mut Conn, ids: &[HandoverId]) -> AppResult<HashMap<HandoverId, i64>> {
    let rows: Vec<(HandoverId, i64)> = handover_assignments::table
        .filter(handover_assignments::handover_id.eq_any(ids))
        .group_by(handover_assignments::handover_id)
        .select((handover_assignments::handover_id, diesel::dsl::count_star()))
        .load(conn)?;
    Ok(rows.into_iter().collect())
}
