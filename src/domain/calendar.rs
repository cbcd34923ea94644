//! The official business calendar (AMB-14): weekends, holidays (节假日) and
//! make-up working days (调休).

use std::collections::{BTreeMap, HashMap};
use std::str::FromStr;

use chrono::{Datelike, Days, Month, NaiveDate, Weekday};
use serde::{Deserialize, Serialize};
use thiserror::Error;

use super::text_value::stable_code;

/// Why a year's file was refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Error, strum::IntoStaticStr, strum::EnumIter)]
#[strum(serialize_all = "SCREAMING_SNAKE_CASE")]
pub enum CalendarError {
    /// Not JSON of the form of [`YearFile`].
    #[error("not a calendar file")]
    InvalidFile,
    /// The file is of another year than the one asked for.
    #[error("the file is for another year")]
    YearMismatch,
    /// Not between 2000 and 2199.
    #[error("year out of range")]
    YearOutOfRange,
    /// A date outside the year, the December before and the January after.
    #[error("a date is outside the year")]
    DateOutsideYear,
    /// The same date twice.
    #[error("a date occurs twice")]
    DuplicateDate,
    /// A day without a name, or with one of more than 50 characters.
    #[error("a day has no proper name")]
    BadName,
}
stable_code!(CalendarError);

/// One day that differs from Monday-to-Friday, or that is a named holiday.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct HolidayDay {
    /// Name of the holiday, e.g. 春节.
    #[schema(example = "春节", max_length = 50)]
    pub name: String,
    /// The date in the company's zone.
    #[schema(example = "2026-02-17")]
    pub date: NaiveDate,
    /// `true`: day off; `false`: a weekend day that is worked.
    #[serde(rename = "isOffDay")]
    pub is_off_day: bool,
}

/// The published days of one year, as in a holiday-cn file. Other members of
/// such a file (`$schema`, `$id`, `papers`) are ignored.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct YearFile {
    /// The year the notice is for; its file may hold the last days of the year before.
    #[schema(example = 2026)]
    pub year: i32,
    /// The days, in any order; none if the notice is not published yet.
    pub days: Vec<HolidayDay>,
}

/// Answers which days are worked. A year without days is Monday to Friday.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct BusinessCalendar {
    years: BTreeMap<i32, YearFile>,
    /// date → worked; built from `years`.
    special: HashMap<NaiveDate, bool>,
    /// The last date of `special`; after it only the weekday counts.
    last: Option<NaiveDate>,
}

macro_rules! year_file {
    ($year:literal) => {
        include_str!(concat!(
            env!("CARGO_MANIFEST_DIR"),
            "/reference/holidays/",
            $year,
            ".json"
        ))
    };
}

const BUILTIN: &[(i32, &str)] = &[
    (2023, year_file!("2023")),
    (2024, year_file!("2024")),
    (2025, year_file!("2025")),
    (2026, year_file!("2026")),
    (2027, year_file!("2027")),
];

impl BusinessCalendar {
    /// The files that are compiled in.
    ///
    /// # Panics
    /// Never with the files of this repository; a test reads them all.
    #[allow(clippy::expect_used, reason = "compiled-in data, read once at start")]
    pub fn builtin() -> Self {
        BUILTIN
            .iter()
            .try_fold(BusinessCalendar::default(), |calendar, (year, json)| {
                calendar.with_year(*year, json)
            })
            .expect("the compiled-in calendar files are valid")
    }

    /// This calendar with `json` (a holiday-cn file) as the file of `year`,
    /// replacing the former one.
    pub fn with_year(self, year: i32, json: &str) -> Result<Self, CalendarError> {
        let file = serde_json::from_str(json).map_err(|_| CalendarError::InvalidFile)?;
        self.with_year_file(year, file)
    }

    /// Same as [`BusinessCalendar::with_year`], for a file already read.
    pub fn with_year_file(mut self, year: i32, file: YearFile) -> Result<Self, CalendarError> {
        validate(year, &file)?;
        self.years.insert(year, file);
        // Ascending: next year's notice, being later, overrules the end of this year.
        self.special = self
            .years
            .values()
            .flat_map(|file| &file.days)
            .map(|day| (day.date, !day.is_off_day))
            .collect();
        self.last = self.special.keys().max().copied();
        Ok(self)
    }

    /// Whether `date` is worked.
    pub fn is_business_day(&self, date: NaiveDate) -> bool {
        self.special
            .get(&date)
            .copied()
            .unwrap_or(!matches!(date.weekday(), Weekday::Sat | Weekday::Sun))
    }

    /// The end day of D+`days`: the `days`-th business day after `start`. From a
    /// day off, the next business day counts as 1; `days` = 0 is `start` itself.
    /// [`NaiveDate::MAX`] if there is no such date.
    pub fn add_business_days(&self, start: NaiveDate, days: u32) -> NaiveDate {
        let mut date = start;
        let mut left = days;
        while left > 0 {
            if left > 5 && self.last.is_none_or(|last| date >= last) {
                let weeks = (left - 1) / 5;
                left -= weeks * 5;
                match date.checked_add_days(Days::new(u64::from(weeks) * 7)) {
                    Some(later) => date = later,
                    None => return NaiveDate::MAX,
                }
            }
            match date.succ_opt() {
                Some(next) => date = next,
                None => return NaiveDate::MAX,
            }
            if self.is_business_day(date) {
                left -= 1;
            }
        }
        date
    }

    /// Number of business days after `from`, up to and including `to`; 0 if `to`
    /// is not later. The inverse of [`BusinessCalendar::add_business_days`].
    pub fn business_days_between(&self, from: NaiveDate, to: NaiveDate) -> u32 {
        let count = from
            .iter_days()
            .skip(1)
            .take_while(|date| *date <= to)
            .filter(|date| self.is_business_day(*date))
            .count();
        u32::try_from(count).unwrap_or(u32::MAX)
    }

    /// The years whose notice is loaded, ascending. The others fall back to
    /// Monday to Friday.
    pub fn known_years(&self) -> Vec<i32> {
        self.years
            .values()
            .filter(|file| !file.days.is_empty())
            .map(|file| file.year)
            .collect()
    }

    /// The file of one year, if one is loaded.
    pub fn year(&self, year: i32) -> Option<&YearFile> {
        self.years.get(&year)
    }
}

impl FromStr for YearFile {
    type Err = CalendarError;

    /// Reads and validates a holiday-cn file.
    fn from_str(json: &str) -> Result<Self, CalendarError> {
        let file: YearFile = serde_json::from_str(json).map_err(|_| CalendarError::InvalidFile)?;
        validate(file.year, &file)?;
        Ok(file)
    }
}

fn validate(year: i32, file: &YearFile) -> Result<(), CalendarError> {
    if file.year != year {
        return Err(CalendarError::YearMismatch);
    }
    if !(2000..2200).contains(&year) {
        return Err(CalendarError::YearOutOfRange);
    }
    let mut seen = std::collections::HashSet::new();
    for day in &file.days {
        if !belongs(year, day.date) {
            return Err(CalendarError::DateOutsideYear);
        }
        if !seen.insert(day.date) {
            return Err(CalendarError::DuplicateDate);
        }
        if day.name.trim().is_empty() || day.name.chars().count() > 50 {
            return Err(CalendarError::BadName);
        }
    }
    Ok(())
}

/// In the year, or in the December before or the January after: a notice moves
/// days across New Year.
fn belongs(year: i32, date: NaiveDate) -> bool {
    let month = date.month();
    date.year() == year
        || (date.year() == year - 1 && month == Month::December.number_from_month())
        || (date.year() == year + 1 && month == Month::January.number_from_month())
}

#[cfg(test)]
#[path = "calendar_tests.rs"]
mod tests;
