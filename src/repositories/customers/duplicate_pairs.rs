//! Pairs of customers that are likely the same, and the look-up of candidates.

use diesel::{dsl::min, prelude::*};

use crate::{
    context::Ctx,
    db::{
        Conn, MultiBackend, Tx, Unique,
        paging::{Page, PageRequest},
        schema::{customers, duplicate_pairs},
        violates,
    },
    domain::{
        id::kind::{CustomerId, DuplicatePairId, UnitId, UserId},
        timestamp::Timestamp,
        vocabulary::PairState,
    },
    error::{AppError, AppResult},
    models::customers::{customer::Customer, duplicate_pair::DuplicatePair},
    repositories::governance::access::{Reach, Verb},
};

const PAIR: Unique = Unique {
    name: "duplicate_pairs_pair",
    columns: "duplicate_pairs.left_id, duplicate_pairs.right_id",
};

crate::sortable! {
    duplicate_pairs, DuplicatePair, PairSort {
        Score = "score" => score: i32,
        DueAt = "due_at" => due_at: Timestamp,
        FoundAt = "found_at" => found_at: Timestamp,
    } default Score Down
}

/// What the worklist is narrowed to.
#[derive(Debug, Clone, Default)]
pub struct Narrow {
    /// States.
    pub states: Vec<PairState>,
    /// Either customer.
    pub customer: Option<CustomerId>,
    /// Either customer's owner.
    pub owner: Option<UserId>,
    /// Either customer's unit.
    pub unit: Option<UnitId>,
    /// At least so much alike.
    pub score_from: Option<i32>,
    /// Due before.
    pub due_before: Option<Timestamp>,
}

/// Either customer is within the actor's reach.
fn visible<'q>(ctx: &Ctx) -> duplicate_pairs::BoxedQuery<'q, MultiBackend> {
    let reach = Reach::of(ctx, Verb::Read);
    duplicate_pairs::table.into_boxed().filter(
        crate::seen_through_customer!(duplicate_pairs.left_id, &reach).or(
            crate::seen_through_customer!(duplicate_pairs.right_id, &reach),
        ),
    )
}

/// One page of the pairs of which the actor may see at least one customer.
///
/// # Errors
/// `INVALID_CURSOR`, or a database fault.
pub fn list(
    conn: &mut Conn,
    ctx: &Ctx,
    narrow: &Narrow,
    request: &PageRequest<PairSort>,
) -> AppResult<Page<DuplicatePair>> {
    page(conn, request, || narrowed(ctx, narrow))
}

fn narrowed<'q>(ctx: &Ctx, narrow: &Narrow) -> duplicate_pairs::BoxedQuery<'q, MultiBackend> {
    let mut query = visible(ctx);
    if !narrow.states.is_empty() {
        query = query.filter(duplicate_pairs::state.eq_any(narrow.states.clone()));
    }
    if let Some(customer) = narrow.customer {
        query = query.filter(
            duplicate_pairs::left_id
                .eq(customer)
                .or(duplicate_pairs::right_id.eq(customer)),
        );
    }
    if let Some(owner) = narrow.owner {
        let owned = || {
            customers::table
                .filter(customers::owner_id.eq(owner))
                .select(customers::id)
        };
        query = query.filter(
            duplicate_pairs::left_id
                .eq_any(owned())
                .or(duplicate_pairs::right_id.eq_any(owned())),
        );
    }
    if let Some(unit) = narrow.unit {
        let within = || {
            customers::table
                .filter(customers::unit_id.eq(unit))
                .select(customers::id)
        };
        query = query.filter(
            duplicate_pairs::left_id
                .eq_any(within())
                .or(duplicate_pairs::right_id.eq_any(within())),
        );
    }
    if let Some(score) = narrow.score_from {
        query = query.filter(duplicate_pairs::score.ge(score));
    }
    if let Some(before) = narrow.due_before {
        query = query.filter(duplicate_pairs::due_at.lt(before));
    }
    query
}

/// A pair of which the actor may see at least one customer.
///
/// # Errors
/// 404.
pub fn find(conn: &mut Conn, ctx: &Ctx, id: DuplicatePairId) -> AppResult<DuplicatePair> {
    visible(ctx)
        .filter(duplicate_pairs::id.eq(id))
        .select(DuplicatePair::as_select())
        .first(conn)
        .optional()?
        .ok_or_else(AppError::not_found)
}

/// All pairs that a customer stands in.
///
/// # Errors
/// A database fault.
pub fn of_customer(conn: &mut Conn, id: CustomerId) -> AppResult<Vec<DuplicatePair>> {
    Ok(DuplicatePair::query()
        .filter(
            duplicate_pairs::left_id
                .eq(id)
                .or(duplicate_pairs::right_id.eq(id)),
        )
        .order(duplicate_pairs::id)
        .load(conn)?)
}

/// Keeps a new pair. `false` when the pair was found by somebody else at the same moment.
///
/// # Errors
/// A database fault.
pub fn insert(tx: &mut Tx<'_>, pair: &DuplicatePair) -> AppResult<bool> {
    let inserted = tx.savepoint(|tx| {
        diesel::insert_into(duplicate_pairs::table)
            .values(pair)
            .execute(tx.conn())
    });
    match inserted {
        Ok(_) => Ok(true),
        Err(error) if violates(&error, &PAIR) => Ok(false),
        Err(error) => Err(error.into()),
    }
}

/// Keeps a changed pair, if it still has the version that was read.
///
/// # Errors
/// A database fault. `false` when it changed meanwhile.
pub fn save(tx: &mut Tx<'_>, pair: &DuplicatePair, read: i64) -> AppResult<bool> {
    let target = duplicate_pairs::table
        .filter(duplicate_pairs::id.eq(pair.id))
        .filter(duplicate_pairs::version.eq(read));
    Ok(diesel::update(target).set(pair).execute(tx.conn())? == 1)
}

/// The customers from one on, in the order of ids.
fn beginning<'q>(from: Option<CustomerId>) -> customers::BoxedQuery<'q, MultiBackend> {
    let all = customers::table.into_boxed();
    match from {
        Some(from) => all.filter(customers::id.ge(from)),
        None => all,
    }
}

/// The next customers from one on, in the order of ids.
///
/// # Errors
/// A database fault.
pub fn after(
    conn: &mut Conn,
    from: Option<CustomerId>,
    last: Option<CustomerId>,
    limit: i64,
) -> AppResult<Vec<Customer>> {
    let mut query = beginning(from);
    if let Some(last) = last {
        query = query.filter(customers::id.gt(last));
    }
    Ok(query
        .order(customers::id)
        .limit(limit)
        .select(Customer::as_select())
        .load(conn)?)
}

/// The id of the customer at a place from one on, counted from 1: where an interrupted scan goes on.
///
/// # Errors
/// A database fault.
pub fn at(conn: &mut Conn, from: Option<CustomerId>, place: i64) -> AppResult<Option<CustomerId>> {
    Ok(beginning(from)
        .order(customers::id)
        .offset((place - 1).max(0))
        .select(customers::id)
        .first(conn)
        .optional()?)
}

/// How many customers there are from one on, deleted ones included.
///
/// # Errors
/// A database fault.
pub fn size_from(conn: &mut Conn, from: Option<CustomerId>) -> AppResult<i64> {
    Ok(beginning(from).count().get_result(conn)?)
}

/// The first in the order of ids of the customers that were registered since an instant.
///
/// # Errors
/// A database fault.
pub fn first_since(conn: &mut Conn, since: Timestamp) -> AppResult<Option<CustomerId>> {
    Ok(customers::table
        .filter(customers::created_at.ge(since))
        .select(min(customers::id))
        .first(conn)?)
}
