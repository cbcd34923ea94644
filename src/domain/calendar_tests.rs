use super::*;
use proptest::prelude::*;

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

fn empty() -> BusinessCalendar {
    BusinessCalendar::default()
}

fn file(year: i32, days: &[(&str, bool)]) -> YearFile {
    let days = days
        .iter()
        .map(|(date, is_off_day)| HolidayDay {
            name: "测试".to_owned(),
            date: day(date),
            is_off_day: *is_off_day,
        })
        .collect();
    YearFile { year, days }
}

#[test]
fn official_days_overrule_the_weekday() {
    let calendar = BusinessCalendar::builtin();
    for (date, worked) in [
        ("2023-10-06", false), // Friday of the National Day week
        ("2023-10-07", true),  // Saturday, made up
        ("2024-02-04", true),  // Sunday, made up before Spring Festival
        ("2024-02-12", false),
        ("2025-10-08", false), // Wednesday
        ("2026-01-02", false), // Friday
        ("2026-03-02", true),  // ordinary Monday
        ("2026-03-07", false), // ordinary Saturday
    ] {
        assert_eq!(calendar.is_business_day(day(date)), worked, "{date}");
    }
}

#[test]
fn a_year_without_notice_is_monday_to_friday() {
    let calendar = BusinessCalendar::builtin();
    assert_eq!(calendar.known_years(), [2023, 2024, 2025, 2026]);
    assert_eq!(calendar.year(2027).unwrap().days, []);
    assert!(calendar.is_business_day(day("2027-10-01"))); // Friday
    assert!(!calendar.is_business_day(day("2027-10-02")));
}

#[test]
fn ten_business_days_across_spring_festival() {
    let calendar = BusinessCalendar::builtin();
    // 2024: worked 4, 5-9 Feb and 18, 19-23 Feb; off 10-17 Feb.
    assert_eq!(
        calendar.add_business_days(day("2024-02-02"), 1),
        day("2024-02-04")
    );
    assert_eq!(
        calendar.add_business_days(day("2024-02-09"), 1),
        day("2024-02-18")
    );
    assert_eq!(
        calendar.add_business_days(day("2024-02-05"), 10),
        day("2024-02-23")
    );
}

#[test]
fn from_a_day_off_the_next_business_day_is_the_first() {
    let calendar = BusinessCalendar::builtin();
    let saturday = day("2026-03-07");
    assert_eq!(calendar.add_business_days(saturday, 0), saturday);
    assert_eq!(calendar.add_business_days(saturday, 1), day("2026-03-09"));
    assert_eq!(
        calendar.add_business_days(day("2026-03-06"), 1),
        day("2026-03-09")
    );
    assert_eq!(
        calendar.business_days_between(saturday, day("2026-03-09")),
        1
    );
    assert_eq!(
        calendar.business_days_between(saturday, day("2026-03-08")),
        0
    );
    assert_eq!(
        calendar.business_days_between(day("2026-03-09"), saturday),
        0
    );
}

#[test]
fn a_new_file_replaces_its_year_and_only_that() {
    let calendar = BusinessCalendar::builtin();
    let before = calendar.clone();
    let friday = day("2027-10-01");
    let json = r#"{"$schema":"x","papers":[],"year":2027,
        "days":[{"name":"国庆节","date":"2027-10-01","isOffDay":true}]}"#;
    let calendar = calendar.with_year(2027, json).unwrap();
    assert!(!calendar.is_business_day(friday));
    assert_eq!(calendar.known_years().last(), Some(&2027));
    let calendar = calendar
        .with_year(2027, r#"{"year":2027,"days":[]}"#)
        .unwrap();
    assert_eq!(calendar, before);
}

#[test]
fn next_years_notice_overrules_the_end_of_this_year() {
    let this = file(2030, &[("2030-12-31", false), ("2031-01-01", true)]);
    let next = file(2031, &[("2030-12-31", true)]);
    let either_order = [
        empty()
            .with_year_file(2030, this.clone())
            .unwrap()
            .with_year_file(2031, next.clone()),
        empty()
            .with_year_file(2031, next)
            .unwrap()
            .with_year_file(2030, this),
    ];
    for calendar in either_order {
        let calendar = calendar.unwrap();
        assert!(!calendar.is_business_day(day("2030-12-31")));
        assert!(!calendar.is_business_day(day("2031-01-01")));
    }
}

#[test]
fn names_the_reason_of_every_refusal() {
    use CalendarError::*;
    for (json, why) in [
        ("", InvalidFile),
        ("[]", InvalidFile),
        (r#"{"year":2030}"#, InvalidFile),
        (
            r#"{"year":2030,"days":[{"name":"x","date":"2030-02-30","isOffDay":true}]}"#,
            InvalidFile,
        ),
        (r#"{"year":2031,"days":[]}"#, YearMismatch),
    ] {
        assert_eq!(empty().with_year(2030, json), Err(why), "{json}");
    }
    for (year, days, why) in [
        (1999, vec![], Err(YearOutOfRange)),
        (2000, vec![], Ok(())),
        (2199, vec![], Ok(())),
        (2200, vec![], Err(YearOutOfRange)),
        (2030, vec![("2029-12-01", true)], Ok(())),
        (2030, vec![("2029-11-30", true)], Err(DateOutsideYear)),
        (2030, vec![("2031-01-31", true)], Ok(())),
        (2030, vec![("2031-02-01", true)], Err(DateOutsideYear)),
        (
            2030,
            vec![("2030-05-01", true), ("2030-05-01", false)],
            Err(DuplicateDate),
        ),
    ] {
        let result = empty().with_year_file(year, file(year, &days)).map(|_| ());
        assert_eq!(result, why, "{year} {days:?}");
    }
    let mut nameless = file(2030, &[("2030-05-01", true)]);
    nameless.days[0].name = " ".to_owned();
    assert_eq!(empty().with_year_file(2030, nameless), Err(BadName));
    assert_eq!(DuplicateDate.code(), "DUPLICATE_DATE");
}

#[test]
fn a_year_file_survives_json() {
    let calendar = BusinessCalendar::builtin();
    for year in calendar.known_years() {
        let written = serde_json::to_string(calendar.year(year).unwrap()).unwrap();
        assert!(written.contains("\"isOffDay\""));
        assert_eq!(
            &written.parse::<YearFile>().unwrap(),
            calendar.year(year).unwrap()
        );
    }
}

#[test]
fn no_number_of_days_is_too_large() {
    let calendar = BusinessCalendar::builtin();
    let far = calendar.add_business_days(day("2026-01-01"), u32::MAX);
    assert_eq!(far, NaiveDate::MAX);
    assert_eq!(
        calendar.add_business_days(NaiveDate::MAX, 1),
        NaiveDate::MAX
    );
}

proptest! {
    #[test]
    fn adding_and_counting_are_inverse(offset in 0_u64..2_000, days in 1_u32..400) {
        let calendar = BusinessCalendar::builtin();
        let start = day("2022-12-01") + Days::new(offset);
        let end = calendar.add_business_days(start, days);
        prop_assert!(calendar.is_business_day(end));
        prop_assert_eq!(calendar.business_days_between(start, end), days);
    }

    #[test]
    fn one_more_business_day_is_the_next_one(offset in 0_u64..3_000, days in 0_u32..60) {
        let calendar = BusinessCalendar::builtin();
        let start = day("2022-12-01") + Days::new(offset);
        let end = calendar.add_business_days(start, days);
        prop_assert_eq!(calendar.add_business_days(start, days + 1), calendar.add_business_days(end, 1));
    }

    #[test]
    fn no_text_makes_it_panic(text in any::<String>()) {
        let _ = empty().with_year(2030, &text);
    }
}
