//! The business calendar: which days are worked.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use crate::{api::refs::UserRef, domain::timestamp::Timestamp, http::View};

/// One day that differs from Monday to Friday, or that is a named holiday.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CalendarDay {
    /// Name of the holiday.
    #[schema(min_length = 1, max_length = 50, example = "春节")]
    pub name: String,
    /// The date, in the year or in the December before or the January after.
    #[schema(example = "2026-02-17")]
    pub falls_on: NaiveDate,
    /// `true`: a day off; `false`: a weekend day that is worked.
    pub is_off: bool,
}

/// The published days of a year.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CalendarYearFile {
    /// All days of the official notice, in any order; none for plain Monday to Friday.
    #[schema(min_items = 0, max_items = 150)]
    pub days: Vec<CalendarDay>,
}

/// Where a year's days come from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum CalendarSource {
    /// Nowhere yet: Monday to Friday.
    None,
    /// From the binary.
    BuiltIn,
    /// Loaded by an administrator.
    Loaded,
}

/// What the caller may do with a calendar year now.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum CalendarAction {
    /// Load the year's days: `PUT`.
    Replace,
}

/// A year in the list.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct CalendarYearSummary {
    /// Year.
    pub year: i32,
    /// Where its days come from.
    pub source: CalendarSource,
    /// How many days of the year are worked.
    pub business_days: u32,
}

/// The years whose days are known, ascending; all others are Monday to Friday.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct CalendarYears {
    /// The years.
    pub items: Vec<CalendarYearSummary>,
}

impl View for CalendarYears {}

/// A year of the calendar (AMB-14).
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct CalendarYearView {
    /// Year.
    pub year: i32,
    /// Where its days come from.
    pub source: CalendarSource,
    /// How many days of the year are worked.
    pub business_days: u32,
    /// The days that differ from Monday to Friday, or are named, ascending.
    pub days: Vec<CalendarDay>,
    /// Who loaded it.
    pub loaded_by: Option<UserRef>,
    /// When it was loaded.
    pub loaded_at: Option<Timestamp>,
    /// For `If-Match`.
    pub version: i64,
    /// What the caller may do now.
    pub allowed_actions: Vec<CalendarAction>,
}

impl View for CalendarYearView {
    fn version(&self) -> Option<i64> {
        Some(self.version)
    }
}

/// What to compute: with `days` the end date, with `to` the number of business days.
#[derive(Debug, Clone, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub struct BusinessDaysQuery {
    /// The day from which is counted; itself not counted.
    #[param(example = "2026-02-13")]
    pub from: NaiveDate,
    /// So many business days later.
    #[param(minimum = 0, maximum = 5000, example = 10)]
    pub days: Option<u32>,
    /// Up to and including this day.
    pub to: Option<NaiveDate>,
}

/// A span of business days.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct BusinessDays {
    /// The day from which is counted.
    pub from: NaiveDate,
    /// The last day.
    pub to: NaiveDate,
    /// Business days after `from`, up to and including `to`.
    pub days: u32,
    /// Whether the official days of every year in the span are known.
    pub is_official: bool,
}

impl View for BusinessDays {}
