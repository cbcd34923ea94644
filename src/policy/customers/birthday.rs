//! Birthdays of contacts (CUS-39): which fall into a span of days, in the order of the days, across the year's end.

use chrono::{Datelike, NaiveDate};

/// The longest span that is asked for, in days.
pub const LONGEST: i64 = 92;

/// Whether somebody who lives may have been born on a day.
pub fn is_likely(date: NaiveDate, today: NaiveDate) -> bool {
    date.year() >= 1900 && date <= today
}

/// Month and day of a date as one number: 100 × month + day.
pub fn key(date: NaiveDate) -> i32 {
    i32::try_from(date.month() * 100 + date.day()).unwrap_or_default()
}

/// The keys of the birthdays in a span, as ranges in the order of the days: one for each year that the span touches.
pub fn keys(from: NaiveDate, to: NaiveDate) -> Vec<(i32, i32)> {
    (from.year()..=to.year())
        .map(|year| {
            let first = if year == from.year() { key(from) } else { 101 };
            let last = if year == to.year() { key(to) } else { 1231 };
            // Whoever was born on 29 February has the birthday on the 28th in a common year.
            let last = if last == 228 && !is_leap(year) {
                229
            } else {
                last
            };
            (first, last)
        })
        .collect()
}

/// The day on which the birthday with this key is celebrated within the span.
pub fn celebrated_on(key: i32, from: NaiveDate, to: NaiveDate) -> Option<NaiveDate> {
    let (month, day) = (
        u32::try_from(key / 100).ok()?,
        u32::try_from(key % 100).ok()?,
    );
    (from.year()..=to.year())
        .filter_map(|year| {
            let day = if key == 229 && !is_leap(year) {
                28
            } else {
                day
            };
            NaiveDate::from_ymd_opt(year, month, day)
        })
        .find(|date| (from..=to).contains(date))
}

fn is_leap(year: i32) -> bool {
    NaiveDate::from_ymd_opt(year, 2, 29).is_some()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    #[test]
    fn nobody_is_born_tomorrow_or_before_1900() {
        let today = day("2026-03-02");
        assert!(is_likely(today, today) && is_likely(day("1900-01-01"), today));
        assert!(!is_likely(day("2026-03-03"), today) && !is_likely(day("1899-12-31"), today));
    }

    #[test]
    fn a_span_across_the_years_end_is_two_ranges_in_the_order_of_the_days() {
        assert_eq!(keys(day("2026-03-02"), day("2026-03-31")), [(302, 331)]);
        assert_eq!(
            keys(day("2026-12-20"), day("2027-01-10")),
            [(1220, 1231), (101, 110)]
        );
    }

    #[test]
    fn the_29th_of_february_is_the_28th_in_a_common_year() {
        let (from, to) = (day("2026-02-20"), day("2026-02-28"));
        assert_eq!(keys(from, to), [(220, 229)]);
        assert_eq!(celebrated_on(229, from, to), Some(day("2026-02-28")));
        let (from, to) = (day("2028-02-20"), day("2028-02-28"));
        assert_eq!(keys(from, to), [(220, 228)]);
        assert_eq!(celebrated_on(229, from, to), None);
        assert_eq!(
            celebrated_on(229, from, day("2028-03-01")),
            Some(day("2028-02-29"))
        );
        assert_eq!(
            celebrated_on(229, day("2026-03-01"), day("2026-03-09")),
            None
        );
    }

    proptest! {
        #[test]
        fn the_keys_are_those_of_the_days_that_are_celebrated(start in 0_i64..2_000, length in 0..LONGEST, birth in 0_i64..20_000) {
            let from = day("2024-01-01") + chrono::Duration::days(start);
            let to = from + chrono::Duration::days(length);
            let born = key(day("1960-01-01") + chrono::Duration::days(birth));
            let within = keys(from, to).iter().any(|(first, last)| (*first..=*last).contains(&born));
            prop_assert_eq!(within, celebrated_on(born, from, to).is_some());
        }
    }
}
