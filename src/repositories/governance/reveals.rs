//! How many records somebody had revealed on a day.

use chrono::NaiveDate;
use diesel::prelude::*;

use crate::{
    db::{Tx, Unique, schema::reveal_counts, violates},
    domain::{id::kind::UserId, timestamp::Timestamp},
    error::{AppError, AppResult},
};

const KEY: Unique = Unique {
    name: "reveal_counts_pkey",
    columns: "reveal_counts.user_id, reveal_counts.day",
};

/// Counts one more, unless the bound is reached; `false` then. The row's lock keeps those who come together in a row.
///
/// # Errors
/// A lost race with the first of the day; a database fault.
pub fn count(tx: &mut Tx<'_>, user: UserId, day: NaiveDate, bound: i32) -> AppResult<bool> {
    let row = reveal_counts::table.find((user, day));
    let counted = diesel::update(row.filter(reveal_counts::count.lt(bound)))
        .set(reveal_counts::count.eq(reveal_counts::count + 1))
        .execute(tx.conn())?;
    if counted == 1 {
        return Ok(true);
    }
    let there: Option<i32> = row
        .select(reveal_counts::count)
        .first(tx.conn())
        .optional()?;
    match there {
        // The first of the day came between the two looks.
        Some(count) if count < bound => {
            return Err(AppError::lost_race("another reveal was counted meanwhile"));
        }
        Some(_) => return Ok(false),
        None if bound < 1 => return Ok(false),
        None => {}
    }
    let first = (
        reveal_counts::user_id.eq(user),
        reveal_counts::day.eq(day),
        reveal_counts::count.eq(1),
    );
    match diesel::insert_into(reveal_counts::table)
        .values(first)
        .execute(tx.conn())
    {
        Ok(_) => Ok(true),
        Err(error) if violates(&error, &KEY) => Err(AppError::lost_race(
            "another reveal was the first of the day",
        )),
        Err(error) => Err(error.into()),
    }
}

/// Forgets the counts of days before the limit.
///
/// # Errors
/// A database fault.
pub fn forget_before(tx: &mut Tx<'_>, limit: Timestamp) -> AppResult<usize> {
    let day = limit.utc().date_naive();
    Ok(
        diesel::delete(reveal_counts::table.filter(reveal_counts::day.lt(day)))
            .execute(tx.conn())?,
    )
}
