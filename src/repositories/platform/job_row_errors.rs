//! What jobs could not do, row by row.

use diesel::prelude::*;

use crate::{
    db::{
        Conn, Tx,
        paging::{Direction, Page, PageRequest, SortKey, bad_cursor},
        schema::job_row_errors,
    },
    domain::id::kind::JobId,
    error::AppResult,
    models::platform::job::RowError,
};

/// The keys that the list may be sorted by: the row's number, as in the file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RowErrorSort {
    /// `row_number`
    RowNumber,
}

impl SortKey for RowErrorSort {
    const ALLOWED: &'static [(&'static str, Self)] = &[("row_number", Self::RowNumber)];
    const DEFAULT: &'static [(Self, Direction)] = &[(Self::RowNumber, Direction::Up)];
}

/// Keeps what a chunk of rows was refused for.
///
/// # Errors
/// A database fault.
pub fn insert(tx: &mut Tx<'_>, rows: &[RowError]) -> AppResult<()> {
    crate::insert_bulk!(tx.conn(), job_row_errors::table, rows)?;
    Ok(())
}

/// One page of a job's row errors: beyond a row number and a position, in the direction of the sort.
///
/// # Errors
/// `INVALID_CURSOR`, or a database fault.
pub fn page(
    conn: &mut Conn,
    job: JobId,
    request: &PageRequest<RowErrorSort>,
) -> AppResult<Page<RowError>> {
    let after = request.after.as_deref().map(place).transpose()?;
    let down = matches!(request.sort.first(), Some((_, Direction::Down)));
    let of_job = || {
        RowError::query()
            .filter(job_row_errors::job_id.eq(job))
            .into_boxed()
    };
    let (number, position) = (job_row_errors::row_number, job_row_errors::position);
    let mut rows = of_job();
    rows = match (after, down) {
        (None, _) => rows,
        // The first half is what lets an index range serve it.
        (Some((n, p)), false) => rows
            .filter(number.ge(n))
            .filter(number.gt(n).or(position.gt(p))),
        (Some((n, p)), true) => rows
            .filter(number.le(n))
            .filter(number.lt(n).or(position.lt(p))),
    };
    rows = if down {
        rows.order((number.desc(), position.desc()))
    } else {
        rows.order((number.asc(), position.asc()))
    };
    let mut items: Vec<RowError> = rows.limit(request.limit + 1).load(conn)?;
    let limit = usize::try_from(request.limit).unwrap_or(0);
    let more = items.len() > limit;
    items.truncate(limit);
    let next = items
        .last()
        .filter(|_| more)
        .map(|last| vec![last.row_number.to_string(), last.position.to_string()]);
    let total = if request.include_total {
        let counted: Vec<i64> = job_row_errors::table
            .filter(job_row_errors::job_id.eq(job))
            .limit(crate::db::paging::COUNT_LIMIT + 1)
            .select(job_row_errors::row_number)
            .load(conn)?;
        Some(i64::try_from(counted.len()).unwrap_or(i64::MAX))
    } else {
        None
    };
    Ok(Page { items, next, total })
}

fn place(values: &[String]) -> AppResult<(i64, i32)> {
    match values {
        [number, position] => Ok((
            number.parse().map_err(|_| bad_cursor())?,
            position.parse().map_err(|_| bad_cursor())?,
        )),
        _ => Err(bad_cursor()),
    }
}

/// Forgets what a job could not do.
///
/// # Errors
/// A database fault.
pub fn forget(tx: &mut Tx<'_>, job: JobId) -> AppResult<()> {
    diesel::delete(job_row_errors::table.filter(job_row_errors::job_id.eq(job)))
        .execute(tx.conn())?;
    Ok(())
}
