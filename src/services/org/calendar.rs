//! The business calendar: the binary's holidays, and the years that an administrator loaded (AMB-14).

use crate::{
    db::Conn,
    domain::BusinessCalendar,
    error::{AppError, AppResult},
    repositories::org::calendar,
};

/// A number that changes whenever a year is loaded.
///
/// # Errors
/// A database fault.
pub fn stamp(conn: &mut Conn) -> AppResult<i64> {
    Ok(calendar::last_loaded(conn)?.map_or(0, |at| at.utc().timestamp_micros()))
}

/// The calendar with every loaded year.
///
/// # Errors
/// A database fault, or a kept file that no longer reads.
pub fn load(conn: &mut Conn) -> AppResult<BusinessCalendar> {
    calendar::years(conn)?
        .into_iter()
        .try_fold(BusinessCalendar::builtin(), |calendar, (year, file)| {
            calendar.with_year(year, &file).map_err(AppError::internal)
        })
}
