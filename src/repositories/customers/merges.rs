//! The ledger of merges.

use std::collections::{HashMap, HashSet};

use diesel::{dsl::max, prelude::*};

use super::names;
use crate::{
    context::Ctx,
    db::{
        Conn, MultiBackend, Tx, padded,
        paging::{Page, PageRequest},
        schema::{customers, merge_moves, merges},
    },
    domain::{
        id::kind::{CustomerId, MergeId, MergeMoveId, UserId},
        timestamp::Timestamp,
        vocabulary::{MergeState, MoveOutcome, MovedKind},
    },
    error::{AppError, AppResult},
    insert_many,
    models::customers::{
        customer::Customer,
        merge::{Merge, MergeMove},
    },
    repositories::governance::access::{Reach, Verb},
};

crate::sortable! {
    merges, Merge, MergeSort {
        CreatedAt = "created_at" => created_at: Timestamp,
    } default CreatedAt Down
}

/// The sort keys of what a merge moved.
pub mod moves {
    use crate::models::customers::merge::MergeMove;

    crate::sortable! {
        merge_moves, MergeMove, MergeMoveSort {
            Position = "position" => position: i64,
        } default Position Up
    }
}

/// What a list of merges is narrowed to.
#[derive(Debug, Clone, Default)]
pub struct Narrow {
    /// Either customer.
    pub customer: Option<CustomerId>,
    /// States.
    pub states: Vec<MergeState>,
    /// Who merged.
    pub by: Option<UserId>,
    /// Made at or after.
    pub created_from: Option<Timestamp>,
    /// Made before.
    pub created_before: Option<Timestamp>,
}

/// Either card is within the actor's reach.
fn visible<'q>(ctx: &Ctx) -> merges::BoxedQuery<'q, MultiBackend> {
    let reach = Reach::of(ctx, Verb::Read);
    merges::table.into_boxed().filter(
        crate::seen_through_customer!(merges.survivor_id, &reach)
            .or(crate::seen_through_customer!(merges.absorbed_id, &reach)),
    )
}

/// One page of the merges of customers that the actor may see.
///
/// # Errors
/// `INVALID_CURSOR`, or a database fault.
pub fn list(
    conn: &mut Conn,
    ctx: &Ctx,
    narrow: &Narrow,
    request: &PageRequest<MergeSort>,
) -> AppResult<Page<Merge>> {
    page(conn, request, || {
        let mut query = visible(ctx);
        if let Some(customer) = narrow.customer {
            query = query.filter(
                merges::survivor_id
                    .eq(customer)
                    .or(merges::absorbed_id.eq(customer)),
            );
        }
        if !narrow.states.is_empty() {
            query = query.filter(merges::state.eq_any(narrow.states.clone()));
        }
        if let Some(by) = narrow.by {
            query = query.filter(merges::merged_by.eq(by));
        }
        if let Some(from) = narrow.created_from {
            query = query.filter(merges::created_at.ge(from));
        }
        if let Some(before) = narrow.created_before {
            query = query.filter(merges::created_at.lt(before));
        }
        query
    })
}

/// A merge that the actor may see.
///
/// # Errors
/// 404.
pub fn find(conn: &mut Conn, ctx: &Ctx, id: MergeId) -> AppResult<Merge> {
    visible(ctx)
        .filter(merges::id.eq(id))
        .select(Merge::as_select())
        .first(conn)
        .optional()?
        .ok_or_else(AppError::not_found)
}

/// One page of what a merge moved.
///
/// # Errors
/// `INVALID_CURSOR`, or a database fault.
pub fn moves_page(
    conn: &mut Conn,
    id: MergeId,
    kinds: &[MovedKind],
    request: &PageRequest<moves::MergeMoveSort>,
) -> AppResult<Page<MergeMove>> {
    moves::page(conn, request, || {
        let query = merge_moves::table
            .into_boxed()
            .filter(merge_moves::merge_id.eq(id));
        if kinds.is_empty() {
            query
        } else {
            query.filter(merge_moves::kind.eq_any(kinds.to_vec()))
        }
    })
}

/// All that a merge moved, in its order.
///
/// # Errors
/// A database fault.
pub fn moved(conn: &mut Conn, id: MergeId) -> AppResult<Vec<MergeMove>> {
    Ok(MergeMove::query()
        .filter(merge_moves::merge_id.eq(id))
        .order(merge_moves::position)
        .load(conn)?)
}

/// Keeps a merge with what it moved.
///
/// # Errors
/// A database fault.
pub fn insert(tx: &mut Tx<'_>, merge: &Merge, moves: &[MergeMove]) -> AppResult<()> {
    diesel::insert_into(merges::table)
        .values(merge)
        .execute(tx.conn())?;
    for moves in moves.chunks(500) {
        insert_many!(tx, merge_moves::table, moves)?;
    }
    Ok(())
}

/// Keeps a changed merge, if it still has the version that was read.
///
/// # Errors
/// A database fault. `false` when it changed meanwhile.
pub fn save(tx: &mut Tx<'_>, merge: &Merge, read: i64) -> AppResult<bool> {
    let target = merges::table
        .filter(merges::id.eq(merge.id))
        .filter(merges::version.eq(read));
    Ok(diesel::update(target).set(merge).execute(tx.conn())? == 1)
}

/// Notes what the undo did with these records.
///
/// # Errors
/// A database fault.
pub fn note_outcome(tx: &mut Tx<'_>, ids: &[MergeMoveId], outcome: MoveOutcome) -> AppResult<()> {
    for ids in ids.chunks(500) {
        diesel::update(merge_moves::table.filter(merge_moves::id.eq_any(ids.to_vec())))
            .set(merge_moves::outcome.eq(outcome))
            .execute(tx.conn())?;
    }
    Ok(())
}

/// The customer that this one was merged into, if it was.
///
/// # Errors
/// A database fault.
pub fn survivor(conn: &mut Conn, absorbed: CustomerId) -> AppResult<Option<CustomerId>> {
    Ok(merges::table
        .filter(merges::absorbed_id.eq(absorbed))
        .filter(merges::state.eq(MergeState::Done))
        .select(merges::survivor_id)
        .first(conn)
        .optional()?)
}

/// Those of these merges whose survivor was merged again later, from either side: such merges are undone first.
///
/// # Errors
/// A database fault.
pub fn with_later(conn: &mut Conn, rows: &[Merge]) -> AppResult<HashSet<MergeId>> {
    let survivors = || padded(rows.iter().map(|row| row.survivor_id));
    let absorbed_later: HashSet<CustomerId> = merges::table
        .filter(merges::state.eq(MergeState::Done))
        .filter(merges::absorbed_id.eq_any(survivors()))
        .select(merges::absorbed_id)
        .load(conn)?
        .into_iter()
        .collect();
    let last: HashMap<CustomerId, Option<i64>> = merges::table
        .filter(merges::state.eq(MergeState::Done))
        .filter(merges::survivor_id.eq_any(survivors()))
        .group_by(merges::survivor_id)
        .select((merges::survivor_id, max(merges::survivor_version)))
        .load(conn)?
        .into_iter()
        .collect();
    Ok(rows
        .iter()
        .filter(|row| {
            let last = last.get(&row.survivor_id).copied().flatten();
            absorbed_later.contains(&row.survivor_id)
                || last.is_some_and(|version| version > row.survivor_version)
        })
        .map(|row| row.id)
        .collect())
}

/// The keys that a customer holds from its merges, beside those of its own fields: as they stand in what was moved.
///
/// # Errors
/// A database fault.
pub fn inherited_keys(conn: &mut Conn, survivor: CustomerId) -> AppResult<Vec<String>> {
    Ok(merge_moves::table
        .inner_join(merges::table.on(merges::id.eq(merge_moves::merge_id)))
        .filter(merges::survivor_id.eq(survivor))
        .filter(merges::state.eq(MergeState::Done))
        .filter(merge_moves::kind.eq(MovedKind::Key))
        .select(merge_moves::detail)
        .load(conn)?)
}

/// Sets of the survivor what an edit does not change: last contact, value grade.
///
/// # Errors
/// A database fault.
pub fn set_beside(tx: &mut Tx<'_>, survivor: &Customer) -> AppResult<()> {
    diesel::update(customers::table.find(survivor.id))
        .set((
            customers::last_contact_at.eq(survivor.last_contact_at),
            customers::value_grade.eq(survivor.value_grade),
        ))
        .execute(tx.conn())?;
    Ok(())
}

/// A customer that has been merged into another, perhaps by way of a third.
#[derive(Debug, Clone, Queryable)]
pub struct Absorbed {
    /// By which merge.
    pub merge_id: MergeId,
    /// Who it was.
    pub customer_id: CustomerId,
    /// Its name at that time.
    pub name: String,
    /// Who merged.
    pub merged_by: UserId,
    /// When.
    pub merged_at: Timestamp,
}

/// The customers that have been merged into this one, also over several merges: the nearest first.
///
/// # Errors
/// A database fault.
pub fn absorbed(conn: &mut Conn, id: CustomerId) -> AppResult<Vec<Absorbed>> {
    let mut all = Vec::new();
    let mut survivors = vec![id];
    while !survivors.is_empty() {
        let found: Vec<Absorbed> = merges::table
            .filter(merges::survivor_id.eq_any(&survivors))
            .filter(merges::state.eq(MergeState::Done))
            .order((merges::created_at, merges::id))
            .select((
                merges::id,
                merges::absorbed_id,
                merges::absorbed_name,
                merges::merged_by,
                merges::created_at,
            ))
            .load(conn)?;
        survivors = found.iter().map(|absorbed| absorbed.customer_id).collect();
        all.extend(found);
    }
    Ok(all)
}

/// The names of the customers that have been merged into this one, with their former names and aliases.
///
/// # Errors
/// A database fault.
pub fn absorbed_names(conn: &mut Conn, id: CustomerId) -> AppResult<Vec<String>> {
    let absorbed = absorbed(conn, id)?;
    let ids: Vec<CustomerId> = absorbed.iter().map(|one| one.customer_id).collect();
    let further = names::of_customers(conn, &ids)?;
    let further = further.into_iter().map(|row| row.name);
    Ok(absorbed
        .into_iter()
        .map(|one| one.name)
        .chain(further)
        .collect())
}

/// Those of these customers that others have been merged into.
///
/// # Errors
/// A database fault.
pub fn survivors_among(conn: &mut Conn, ids: &[CustomerId]) -> AppResult<Vec<CustomerId>> {
    Ok(merges::table
        .filter(merges::survivor_id.eq_any(ids))
        .filter(merges::state.eq(MergeState::Done))
        .select(merges::survivor_id)
        .distinct()
        .load(conn)?)
}
