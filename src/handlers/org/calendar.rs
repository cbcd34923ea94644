//! The business calendar.

use actix_web::{get, put, web};

use crate::{
    api::org::calendar::{
        BusinessDays, BusinessDaysQuery, CalendarYearFile, CalendarYearView, CalendarYears,
    },
    app::App,
    error::AppResult,
    http::{Body, Caller, Filtered, Reply},
    services::org::calendar,
};

/// List calendar years.
///
/// The years whose official days are known, from the binary or loaded; all others are Monday to Friday (AMB-14).
#[utoipa::path(tag = "Organisation", responses((status = 200, description = "The years.", body = CalendarYears)))]
#[get("/calendar/years")]
pub async fn list_calendar_years(app: web::Data<App>, caller: Caller) -> AppResult<Reply> {
    app.read(caller, calendar::list).await
}

/// Get a calendar year.
///
/// Its holidays and make-up working days (AMB-14); a year without any is Monday to Friday.
#[utoipa::path(tag = "Organisation", params(("year" = i32, Path, description = "Year, 2000 to 2100.", minimum = 2000, maximum = 2100, example = 2026)), responses((status = 200, description = "The year.", body = CalendarYearView)))]
#[get("/calendar/years/{year}")]
pub async fn get_calendar_year(
    app: web::Data<App>,
    caller: Caller,
    year: web::Path<String>,
) -> AppResult<Reply> {
    app.read(caller, move |conn, ctx| calendar::get(conn, ctx, &year))
        .await
}

/// Load a calendar year.
///
/// The days of the official notice, in the place of the former ones; deadlines in business days count by them from
/// the next request on (AMB-14). Needs MANAGE_CALENDAR for the whole company.
#[utoipa::path(tag = "Organisation", params(("year" = i32, Path, description = "Year, 2000 to 2100.", minimum = 2000, maximum = 2100, example = 2028)), request_body = CalendarYearFile, responses((status = 200, description = "The loaded year.", body = CalendarYearView)))]
#[put("/calendar/years/{year}")]
pub async fn put_calendar_year(
    app: web::Data<App>,
    caller: Caller,
    year: web::Path<String>,
    body: Body<CalendarYearFile>,
) -> AppResult<Reply> {
    app.command(caller, body, move |tx, ctx, body| {
        calendar::replace(tx, ctx, &year, body)
    })
    .await
}

/// Count business days.
///
/// With `days` the date so many business days after `from`, with `to` the business days after `from` up to that date;
/// by the official calendar in the company's zone (AMB-14).
#[utoipa::path(tag = "Organisation", params(BusinessDaysQuery), responses((status = 200, description = "The span.", body = BusinessDays)))]
#[get("/calendar/business-days")]
pub async fn count_business_days(
    app: web::Data<App>,
    caller: Caller,
    query: Filtered<BusinessDaysQuery>,
) -> AppResult<Reply> {
    app.query(caller, query, |_, ctx, query| {
        calendar::business_days(ctx, query)
    })
    .await
}
