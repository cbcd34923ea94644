//! Holiday files loaded at run time.

use std::collections::BTreeMap;

use diesel::prelude::*;

use crate::{
    db::{Conn, Tx, schema::calendar_years},
    domain::{id::kind::UserId, timestamp::Timestamp},
    error::AppResult,
};

/// Every loaded year and its file.
///
/// # Errors
/// A database fault.
pub fn years(conn: &mut Conn) -> AppResult<Vec<(i32, String)>> {
    Ok(calendar_years::table
        .select((calendar_years::year, calendar_years::file))
        .order(calendar_years::year)
        .load(conn)?)
}

/// Who loaded each year, and when.
///
/// # Errors
/// A database fault.
pub fn loaded(conn: &mut Conn) -> AppResult<BTreeMap<i32, (UserId, Timestamp)>> {
    let rows: Vec<(i32, UserId, Timestamp)> = calendar_years::table
        .select((
            calendar_years::year,
            calendar_years::loaded_by,
            calendar_years::loaded_at,
        ))
        .load(conn)?;
    Ok(rows
        .into_iter()
        .map(|(year, by, at)| (year, (by, at)))
        .collect())
}

/// Keeps a year's file, replacing an earlier one.
///
/// # Errors
/// A database fault.
pub fn keep(tx: &mut Tx<'_>, year: i32, file: &str, by: UserId, at: Timestamp) -> AppResult<()> {
    let fields = (
        calendar_years::file.eq(file),
        calendar_years::loaded_by.eq(by),
        calendar_years::loaded_at.eq(at),
    );
    let updated = diesel::update(calendar_years::table.find(year))
        .set(fields)
        .execute(tx.conn())?;
    if updated == 0 {
        diesel::insert_into(calendar_years::table)
            .values((calendar_years::year.eq(year), fields))
            .execute(tx.conn())?;
    }
    Ok(())
}
