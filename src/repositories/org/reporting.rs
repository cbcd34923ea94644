//! The closure of the reporting lines: who stands how many steps above whom (ORG-10).

use std::collections::HashSet;

use diesel::{prelude::*, sql_types};

use crate::{
    db::{Conn, Tx, schema::reporting_closure},
    domain::id::kind::UserId,
    error::AppResult,
    models::org::user::ReportingReach,
};

diesel::alias! {
    const UPPER: Alias<Upper> = reporting_closure as upper_line;
    const LOWER: Alias<Lower> = reporting_closure as lower_line;
}

/// Whether one user is above another, or is the same.
///
/// # Errors
/// A database fault.
pub fn is_above(conn: &mut Conn, superior: UserId, subordinate: UserId) -> AppResult<bool> {
    let found: Option<i32> = reporting_closure::table
        .find((superior, subordinate))
        .select(reporting_closure::depth)
        .first(conn)
        .optional()?;
    Ok(found.is_some())
}

/// Those whose direct superior someone is.
///
/// # Errors
/// A database fault.
pub fn direct_subordinates(conn: &mut Conn, superior: UserId) -> AppResult<HashSet<UserId>> {
    let ids: Vec<UserId> = reporting_closure::table
        .filter(reporting_closure::superior_id.eq(superior))
        .filter(reporting_closure::depth.eq(1))
        .select(reporting_closure::subordinate_id)
        .load(conn)?;
    Ok(ids.into_iter().collect())
}

/// Puts a new user into the reporting lines.
///
/// # Errors
/// A database fault.
pub fn enter(tx: &mut Tx<'_>, user: UserId, superior: Option<UserId>) -> AppResult<()> {
    let own = ReportingReach {
        superior_id: user,
        subordinate_id: user,
        depth: 0,
    };
    diesel::insert_into(reporting_closure::table)
        .values(&own)
        .execute(tx.conn())?;
    superior.map_or(Ok(()), |superior| attach(tx, user, superior))
}

/// Moves a user, and everyone below, under another superior or none. The caller holds the organisation's lock and
/// has seen that the superior is not below the user.
///
/// # Errors
/// A database fault.
pub fn reattach(tx: &mut Tx<'_>, user: UserId, superior: Option<UserId>) -> AppResult<()> {
    let below = LOWER
        .filter(LOWER.field(reporting_closure::superior_id).eq(user))
        .select(LOWER.field(reporting_closure::subordinate_id));
    let above = UPPER
        .filter(UPPER.field(reporting_closure::subordinate_id).eq(user))
        .filter(UPPER.field(reporting_closure::depth).gt(0))
        .select(UPPER.field(reporting_closure::superior_id));
    diesel::delete(
        reporting_closure::table
            .filter(reporting_closure::subordinate_id.eq_any(below))
            .filter(reporting_closure::superior_id.eq_any(above)),
    )
    .execute(tx.conn())?;
    superior.map_or(Ok(()), |superior| attach(tx, user, superior))
}

/// Everyone from the superior upwards stands above everyone from the user downwards: one statement.
fn attach(tx: &mut Tx<'_>, user: UserId, superior: UserId) -> AppResult<()> {
    let pairs = UPPER
        .inner_join(LOWER.on(LOWER.field(reporting_closure::superior_id).eq(user)))
        .filter(UPPER.field(reporting_closure::subordinate_id).eq(superior))
        .select((
            UPPER.field(reporting_closure::superior_id),
            LOWER.field(reporting_closure::subordinate_id),
            UPPER.field(reporting_closure::depth)
                + LOWER.field(reporting_closure::depth)
                + 1.into_sql::<sql_types::Integer>(),
        ));
    pairs
        .insert_into(reporting_closure::table)
        .into_columns((
            reporting_closure::superior_id,
            reporting_closure::subordinate_id,
            reporting_closure::depth,
        ))
        .execute(tx.conn())?;
    Ok(())
}
