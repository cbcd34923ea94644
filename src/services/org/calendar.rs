//! The business calendar: the binary's holidays, and the years that an administrator loaded (AMB-14).

use std::collections::{BTreeMap, BTreeSet};

use chrono::{Datelike, NaiveDate};
use serde_json::json;

use crate::{
    api::org::calendar::{
        BusinessDays, BusinessDaysQuery, CalendarAction, CalendarDay, CalendarSource,
        CalendarYearFile, CalendarYearSummary, CalendarYearView, CalendarYears,
    },
    context::Ctx,
    db::{Conn, Tx},
    domain::{
        BusinessCalendar, CalendarError, HolidayDay, YearFile,
        id::kind::{CalendarYearId, UserId},
        timestamp::Timestamp,
        vocabulary::{Capability, SubjectKind},
    },
    error::{AppError, AppResult, FieldError},
    http::query::bad_parameter,
    repositories::org::{calendar, names, units},
    services::org::{fields::Fields, scope},
};

/// The years that the calendar may be asked for.
const YEARS: std::ops::RangeInclusive<i32> = 2000..=2100;

fn micros(at: Timestamp) -> i64 {
    at.utc().timestamp_micros()
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

/// Who loaded a year, and when.
type Loaded = BTreeMap<i32, (UserId, Timestamp)>;

/// The years whose days are known.
///
/// # Errors
/// A database fault.
pub fn list(conn: &mut Conn, ctx: &Ctx) -> AppResult<CalendarYears> {
    let loaded: Loaded = calendar::loaded(conn)?;
    let known: BTreeSet<i32> = ctx
        .calendar
        .known_years()
        .into_iter()
        .chain(loaded.keys().copied())
        .collect();
    let items = known
        .into_iter()
        .map(|year| CalendarYearSummary {
            year,
            source: source(ctx, &loaded, year),
            business_days: worked(&ctx.calendar, year),
        })
        .collect();
    Ok(CalendarYears { items })
}

fn source(ctx: &Ctx, loaded: &Loaded, year: i32) -> CalendarSource {
    if loaded.contains_key(&year) {
        CalendarSource::Loaded
    } else if ctx.calendar.known_years().contains(&year) {
        CalendarSource::BuiltIn
    } else {
        CalendarSource::None
    }
}

fn worked(calendar: &BusinessCalendar, year: i32) -> u32 {
    let eve = |year| NaiveDate::from_ymd_opt(year, 12, 31);
    eve(year - 1)
        .zip(eve(year))
        .map_or(0, |(from, to)| calendar.business_days_between(from, to))
}

/// The year that an address names, in its one spelling.
fn addressed(year: &str) -> AppResult<i32> {
    let known = year
        .parse()
        .ok()
        .filter(|number: &i32| YEARS.contains(number) && number.to_string() == year);
    known.ok_or_else(AppError::not_found)
}

/// One year.
///
/// # Errors
/// 404 for a year that the calendar may not be asked for.
pub fn get(conn: &mut Conn, ctx: &Ctx, year: &str) -> AppResult<CalendarYearView> {
    let year = addressed(year)?;
    let loaded = calendar::loaded(conn)?;
    view(conn, ctx, &ctx.calendar, &loaded, year)
}

fn view(
    conn: &mut Conn,
    ctx: &Ctx,
    calendar: &BusinessCalendar,
    loaded: &Loaded,
    year: i32,
) -> AppResult<CalendarYearView> {
    let mut days: Vec<_> = calendar
        .year(year)
        .into_iter()
        .flat_map(|file| &file.days)
        .map(|day| CalendarDay {
            name: day.name.clone(),
            falls_on: day.date,
            is_off: day.is_off_day,
        })
        .collect();
    days.sort_by_key(|day| day.falls_on);
    let by = loaded.get(&year);
    let people = names::people(conn, by.map(|(user, _)| *user))?;
    let manages = scope::require_company(ctx, Capability::ManageCalendar).is_ok();
    Ok(CalendarYearView {
        year,
        source: source(ctx, loaded, year),
        business_days: worked(calendar, year),
        days,
        loaded_by: by.map(|(user, _)| people.get(*user)),
        loaded_at: by.map(|(_, at)| *at),
        version: by.map_or(0, |(_, at)| micros(*at)),
        allowed_actions: if manages {
            vec![CalendarAction::Replace]
        } else {
            Vec::new()
        },
    })
}

/// Loads a year's days, in the place of the former ones; deadlines count by them from the next request on.
///
/// # Errors
/// 403; 404 for a year out of range; 412; 422 with every failing day.
pub fn replace(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    year: &str,
    body: &CalendarYearFile,
) -> AppResult<CalendarYearView> {
    scope::require_company(ctx, Capability::ManageCalendar)?;
    let year = addressed(year)?;
    // One at a time: the servers notice a change by the time of the last load, so that must grow with every commit.
    units::lock_organisation(tx)?;
    let mut loaded: Loaded = calendar::loaded(tx)?;
    ctx.check_version(loaded.get(&year).map_or(0, |(_, at)| micros(*at)))?;
    let file = checked(year, body)?;
    let text = serde_json::to_string(&file).map_err(AppError::internal)?;
    let after_last = loaded
        .values()
        .map(|(_, at)| at.plus(chrono::Duration::microseconds(1)))
        .max();
    let at = after_last.map_or(ctx.now, |after| after.max(ctx.now));
    calendar::keep(tx, year, &text, ctx.actor.id, at)?;
    loaded.insert(year, (ctx.actor.id, at));
    let data = json!({ "year": year, "days": file.days.len() });
    ctx.record(
        tx,
        SubjectKind::Calendar,
        record_id(year),
        "calendar.loaded",
        &data,
        Some("AMB-14"),
    );
    let fresh = ctx
        .calendar
        .as_ref()
        .clone()
        .with_year_file(year, file)
        .map_err(AppError::internal)?;
    view(tx, ctx, &fresh, &loaded, year)
}

/// A year has no id of its own: its record's is made of the number, so that the year has one history.
fn record_id(year: i32) -> CalendarYearId {
    CalendarYearId::from_uuid(uuid::Uuid::from_u128(u128::from(year.unsigned_abs())))
}

fn checked(year: i32, body: &CalendarYearFile) -> AppResult<YearFile> {
    let mut fields = Fields::default();
    let mut seen = BTreeSet::new();
    let mut days = Vec::with_capacity(body.days.len());
    for (at, day) in body.days.iter().enumerate() {
        let name = fields.line(&format!("/days/{at}/name"), &day.name);
        let holiday = HolidayDay {
            name,
            date: day.falls_on,
            is_off_day: day.is_off,
        };
        let alone = YearFile {
            year,
            days: vec![holiday.clone()],
        };
        let outside = BusinessCalendar::default().with_year_file(year, alone);
        if outside == Err(CalendarError::DateOutsideYear) {
            fields.fail(FieldError::new(
                format!("/days/{at}/falls_on"),
                CalendarError::DateOutsideYear.code(),
                format!("日期须在 {year} 年内，或前一年 12 月、后一年 1 月。"),
                format!("The date must lie in {year}, the December before or the January after."),
            ));
        }
        if !seen.insert(day.falls_on) {
            fields.fail(FieldError::new(
                format!("/days/{at}/falls_on"),
                CalendarError::DuplicateDate.code(),
                "同一日期出现两次。",
                "The date occurs twice.",
            ));
        }
        days.push(holiday);
    }
    fields.done()?;
    Ok(YearFile { year, days })
}

/// The end of a number of business days, or their number up to a date (AMB-14).
///
/// # Errors
/// 400 unless exactly one of `days` and `to` is given, within the calendar's years.
pub fn business_days(ctx: &Ctx, query: &BusinessDaysQuery) -> AppResult<BusinessDays> {
    let BusinessDaysQuery { from, days, to } = query;
    within("from", *from)?;
    let (to, days) = match (days, to) {
        (Some(days), None) if *days > 5000 => {
            return Err(bad_parameter(
                "days",
                "须在 0 到 5000 之间。",
                "Must lie between 0 and 5000.",
            ));
        }
        (Some(days), None) => (ctx.calendar.add_business_days(*from, *days), *days),
        (None, Some(to)) => {
            within("to", *to)?;
            if to < from {
                return Err(bad_parameter(
                    "to",
                    "不得早于 from。",
                    "Must not lie before `from`.",
                ));
            }
            (*to, ctx.calendar.business_days_between(*from, *to))
        }
        _ => {
            return Err(bad_parameter(
                "days",
                "days 与 to 须且只须给出一个。",
                "Give exactly one of `days` and `to`.",
            ));
        }
    };
    let known = ctx.calendar.known_years();
    let is_official = (from.year()..=to.year()).all(|year| known.contains(&year));
    Ok(BusinessDays {
        from: *from,
        to,
        days,
        is_official,
    })
}

fn within(name: &str, date: NaiveDate) -> AppResult<()> {
    if YEARS.contains(&date.year()) {
        return Ok(());
    }
    Err(bad_parameter(
        name,
        "年份须在 2000 到 2100 之间。",
        "The year must lie between 2000 and 2100.",
    ))
}
