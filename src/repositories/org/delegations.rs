//! Delegations: who decides for whom while absent.

use diesel::{prelude::*, sql_types::Bool};

use crate::{
    db::{
        Conn, MultiBackend, Tx,
        schema::{delegations, unit_closure, users},
    },
    domain::{
        id::kind::{DelegationId, UserId},
        timestamp::Timestamp,
    },
    error::AppResult,
    models::org::delegation::Delegation,
    repositories::governance::access::Reach,
    sortable,
};

sortable! {
    delegations, Delegation, DelegationSort {
        CreatedAt = "created_at" => created_at: Timestamp,
    } default CreatedAt Down
}

/// What a list of delegations is narrowed to.
#[derive(Debug, Clone, Default)]
pub struct Narrow {
    /// Of this absent person.
    pub delegator_id: Option<UserId>,
    /// To this person.
    pub delegate_id: Option<UserId>,
    /// In force now, or not.
    pub in_force: Option<bool>,
    /// With the work on records, or not.
    pub works_records: Option<bool>,
}

type Predicate = Box<dyn BoxableExpression<delegations::table, MultiBackend, SqlType = Bool>>;

/// One's own delegations, given or taken, those of one's direct subordinates, and those of the people within one's reach
/// as their administrator.
fn visible(reach: &Reach) -> Predicate {
    if reach.everything {
        return Box::new(delegations::id.is_not_null());
    }
    let led = users::table
        .filter(users::superior_id.eq(reach.actor))
        .select(users::id);
    let own = delegations::delegator_id
        .eq(reach.actor)
        .or(delegations::delegate_id.eq(reach.actor))
        .or(delegations::delegator_id.eq_any(led));
    if reach.subtrees.is_empty() && reach.units.is_empty() {
        return Box::new(own);
    }
    let below = unit_closure::table
        .filter(unit_closure::ancestor_id.eq_any(reach.subtrees.clone()))
        .select(unit_closure::descendant_id);
    let managed = users::table
        .filter(
            users::unit_id
                .eq_any(reach.units.clone())
                .or(users::unit_id.eq_any(below)),
        )
        .select(users::id);
    Box::new(own.or(delegations::delegator_id.eq_any(managed)))
}

/// The delegations within reach that a list is narrowed to.
pub fn narrowed<'q>(reach: &Reach, narrow: &Narrow) -> delegations::BoxedQuery<'q, MultiBackend> {
    let mut rows = delegations::table.filter(visible(reach)).into_boxed();
    if let Some(delegator) = narrow.delegator_id {
        rows = rows.filter(delegations::delegator_id.eq(delegator));
    }
    if let Some(delegate) = narrow.delegate_id {
        rows = rows.filter(delegations::delegate_id.eq(delegate));
    }
    if let Some(works) = narrow.works_records {
        rows = rows.filter(delegations::works_records.eq(works));
    }
    match narrow.in_force {
        None => rows,
        Some(true) => rows
            .filter(delegations::revoked_at.is_null())
            .filter(delegations::starts_at.le(reach.now))
            .filter(delegations::ends_at.gt(reach.now)),
        Some(false) => rows.filter(
            delegations::revoked_at
                .is_not_null()
                .or(delegations::starts_at.gt(reach.now))
                .or(delegations::ends_at.le(reach.now)),
        ),
    }
}

/// A delegation within reach.
///
/// # Errors
/// A database fault.
pub fn find(conn: &mut Conn, reach: &Reach, id: DelegationId) -> AppResult<Option<Delegation>> {
    Ok(Delegation::query()
        .filter(delegations::id.eq(id))
        .filter(visible(reach))
        .first(conn)
        .optional()?)
}

/// Takes the lock of the absent person's row: of two who name a stand-in for one person the second sees the first.
///
/// # Errors
/// A database fault.
pub fn lock(tx: &mut Tx<'_>, delegator: UserId) -> AppResult<()> {
    let row = users::table.find(delegator).select(users::id);
    crate::lock_rows!(tx, row);
    Ok(())
}

/// The delegation of the same two people and the same scope that holds at some instant of another.
///
/// # Errors
/// A database fault.
pub fn overlapping(conn: &mut Conn, new: &Delegation) -> AppResult<Option<DelegationId>> {
    Ok(delegations::table
        .filter(delegations::delegator_id.eq(new.delegator_id))
        .filter(delegations::delegate_id.eq(new.delegate_id))
        .filter(delegations::works_records.eq(new.works_records))
        .filter(delegations::revoked_at.is_null())
        .filter(delegations::starts_at.lt(new.ends_at))
        .filter(delegations::ends_at.gt(new.starts_at))
        .order((delegations::starts_at, delegations::id))
        .select(delegations::id)
        .first(conn)
        .optional()?)
}

/// Inserts a delegation.
///
/// # Errors
/// A database fault.
pub fn insert(tx: &mut Tx<'_>, delegation: &Delegation) -> AppResult<()> {
    diesel::insert_into(delegations::table)
        .values(delegation)
        .execute(tx.conn())?;
    Ok(())
}

/// Ends a delegation early: `false` if it changed meanwhile.
///
/// # Errors
/// A database fault.
pub fn revoke(
    tx: &mut Tx<'_>,
    id: DelegationId,
    read_version: i64,
    at: Timestamp,
) -> AppResult<bool> {
    let changed = diesel::update(
        delegations::table
            .find(id)
            .filter(delegations::version.eq(read_version)),
    )
    .set((
        delegations::revoked_at.eq(at),
        delegations::version.eq(read_version + 1),
        delegations::updated_at.eq(at),
    ))
    .execute(tx.conn())?;
    Ok(changed == 1)
}
