//! What stands beside customers: completeness, entry, key mark, reminders.

use diesel::prelude::*;

use crate::{
    db::{
        Conn, Tx,
        schema::{activities, contracts, customer_standings, customers},
    },
    domain::{
        id::kind::{ContractId, CustomerId, UserId},
        timestamp::Timestamp,
        vocabulary::{ActivityKind, ContractState, CustomerState, EntryState},
    },
    error::AppResult,
    insert_bulk,
    models::customers::standing::Standing,
    on_each,
    policy::customers::profile::Gaps,
};

/// A customer's standing; one that lacks everything if there is no row.
///
/// # Errors
/// A database fault.
pub fn of(conn: &mut Conn, id: CustomerId) -> AppResult<Standing> {
    let found = Standing::query()
        .filter(customer_standings::customer_id.eq(id))
        .first(conn)
        .optional()?;
    Ok(found.unwrap_or_else(|| fresh(id, Gaps::ALL)))
}

/// A customer's standing with its row's lock, so that two changes at once do not undo each other's.
///
/// # Errors
/// A database fault.
pub fn hold(tx: &mut Tx<'_>, id: CustomerId) -> AppResult<Standing> {
    diesel::update(customer_standings::table.find(id))
        .set(customer_standings::gaps.eq(customer_standings::gaps))
        .execute(tx.conn())?;
    of(tx, id)
}

/// The standing of a customer that has just been registered.
pub fn fresh(id: CustomerId, gaps: Gaps) -> Standing {
    Standing {
        customer_id: id,
        gaps: gaps.bits(),
        graded_at: None,
        entry_state: None,
        entry_days: None,
        key_reason: None,
        key_marked_by: None,
        key_marked_at: None,
        reminded_at: None,
    }
}

/// Inserts any number of standings.
///
/// # Errors
/// A database fault.
pub fn insert(tx: &mut Tx<'_>, rows: &[Standing]) -> AppResult<()> {
    if let [one] = rows {
        let row = diesel::insert_into(customer_standings::table).values(one);
        on_each!(tx.conn(), c => row.execute(c))?;
        return Ok(());
    }
    // An import brings thousands at once: more than one statement has variables for.
    insert_bulk!(tx.conn(), customer_standings::table, rows)?;
    Ok(())
}

/// Keeps what a profile lacks, and when it was graded.
///
/// # Errors
/// A database fault.
pub fn set_gaps(
    tx: &mut Tx<'_>,
    id: CustomerId,
    gaps: Gaps,
    graded_at: Option<Timestamp>,
) -> AppResult<()> {
    diesel::update(customer_standings::table.find(id))
        .set((
            customer_standings::gaps.eq(gaps.bits()),
            customer_standings::graded_at.eq(graded_at),
        ))
        .execute(tx.conn())?;
    Ok(())
}

/// Keeps how the first submission was judged; a later one changes nothing (CUS-20).
///
/// # Errors
/// A database fault.
pub fn judge_entry(tx: &mut Tx<'_>, id: CustomerId, state: EntryState, days: i32) -> AppResult<()> {
    let target = customer_standings::table
        .filter(customer_standings::customer_id.eq(id))
        .filter(customer_standings::entry_state.is_null());
    diesel::update(target)
        .set((
            customer_standings::entry_state.eq(state),
            customer_standings::entry_days.eq(days),
        ))
        .execute(tx.conn())?;
    Ok(())
}

/// Keeps why a customer is a key customer, or that it is none any more (CUS-46).
///
/// # Errors
/// A database fault.
pub fn set_key(
    tx: &mut Tx<'_>,
    id: CustomerId,
    mark: Option<(&str, UserId, Timestamp)>,
) -> AppResult<()> {
    diesel::update(customer_standings::table.find(id))
        .set((
            customer_standings::key_reason.eq(mark.map(|(reason, _, _)| reason)),
            customer_standings::key_marked_by.eq(mark.map(|(_, by, _)| by)),
            customer_standings::key_marked_at.eq(mark.map(|(_, _, at)| at)),
        ))
        .execute(tx.conn())?;
    Ok(())
}

/// What the recorded actions say of a customer (CUS-44 D and E).
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Actions {
    /// Something was done.
    pub done: bool,
    /// The latest action has its result.
    pub result: bool,
    /// The latest action names the next step.
    pub next: bool,
    /// An e-mail is kept.
    pub emails: bool,
}

/// What the recorded actions say of a customer.
///
/// # Errors
/// A database fault.
pub fn actions(conn: &mut Conn, id: CustomerId) -> AppResult<Actions> {
    let latest: Option<(Option<String>, Option<Timestamp>)> = activities::table
        .filter(activities::customer_id.eq(id))
        .order((activities::happened_at.desc(), activities::id.desc()))
        .select((activities::result, activities::remind_at))
        .first(conn)
        .optional()?;
    let Some((result, remind_at)) = latest else {
        return Ok(Actions::default());
    };
    let email: Option<CustomerId> = activities::table
        .filter(activities::customer_id.eq(id))
        .filter(activities::kind.eq(ActivityKind::Email))
        .select(activities::customer_id)
        .first(conn)
        .optional()?;
    Ok(Actions {
        done: true,
        result: result.is_some(),
        next: remind_at.is_some(),
        emails: email.is_some(),
    })
}

/// Whether a contract with the customer is signed (CUS-29).
///
/// # Errors
/// A database fault.
pub fn has_signed_contract(conn: &mut Conn, id: CustomerId) -> AppResult<bool> {
    let found: Option<ContractId> = contracts::table
        .filter(contracts::customer_id.eq(id))
        .filter(contracts::state.eq(ContractState::Signed))
        .select(contracts::id)
        .first(conn)
        .optional()?;
    Ok(found.is_some())
}

/// Customers in effect that were last confirmed before an instant and whose owners were not reminded since: the oldest
/// first, at most `limit`.
///
/// # Errors
/// A database fault.
pub fn to_remind(
    conn: &mut Conn,
    before: Timestamp,
    limit: i64,
) -> AppResult<Vec<(CustomerId, UserId, Timestamp)>> {
    Ok(customers::table
        .inner_join(customer_standings::table.on(customer_standings::customer_id.eq(customers::id)))
        .filter(customers::refreshed_at.lt(before))
        .filter(customers::deleted_at.is_null())
        .filter(customers::state.eq(CustomerState::Effective))
        .filter(
            customer_standings::reminded_at
                .is_null()
                .or(customer_standings::reminded_at.le(customers::refreshed_at.nullable())),
        )
        .order((customers::refreshed_at, customers::id))
        .select((customers::id, customers::owner_id, customers::refreshed_at))
        .limit(limit)
        .load(conn)?)
}

/// Notes a reminder, unless somebody else has noted one since the data was confirmed.
///
/// # Errors
/// A database fault. `false` when somebody was faster.
pub fn note_reminder(
    tx: &mut Tx<'_>,
    id: CustomerId,
    refreshed_at: Timestamp,
    now: Timestamp,
) -> AppResult<bool> {
    let reminded = customer_standings::reminded_at;
    let target = customer_standings::table
        .filter(customer_standings::customer_id.eq(id))
        .filter(reminded.is_null().or(reminded.le(refreshed_at)));
    Ok(diesel::update(target)
        .set(reminded.eq(now))
        .execute(tx.conn())?
        == 1)
}
