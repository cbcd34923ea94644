//! What rows of a file are refused for.

use std::io::Cursor;

use super::*;
use crate::domain::vocabulary::{FieldDelimiter, TextEncoding};

fn file_of(text: &str, most: i64) -> CustomerFile<'static, Cursor<Vec<u8>>> {
    let findings = Findings {
        format: FileFormat::Csv,
        encoding: TextEncoding::Utf8,
        delimiter: FieldDelimiter::Comma,
        rows: 0,
        sheets: Vec::new(),
    };
    let source = Cursor::new(text.as_bytes().to_vec());
    let mut table = Table::open(source, &findings, None).unwrap();
    let columns = Columns::by_header(table.header().unwrap()).unwrap();
    let rules = Rules {
        line: Line::General,
        settings: RegistrationSettings::default(),
        today: NaiveDate::from_ymd_opt(2026, 3, 2).unwrap(),
        most,
    };
    CustomerFile::new(table, columns, rules)
}

fn chunk(text: &str) -> Chunk {
    let mut file = file_of(text, 10_000);
    file.next_chunk(CHUNK).unwrap().unwrap_or_default()
}

fn codes(file: &str) -> Vec<(i64, i32, String)> {
    let told = |p: &Problem| (p.line, p.position, p.code.clone());
    chunk(file).problems.iter().map(told).collect()
}

#[test]
fn every_fault_of_a_row_is_told_at_once() {
    let address = "路".repeat(301);
    assert_eq!(
        codes(&format!("address,credit_code,name\n{address},1,惠普\n")),
        [
            (2, 0, "NAME_TOO_SHORT".to_owned()),
            (2, 1, "CREDIT_CODE_WRONG_LENGTH".to_owned()),
            (2, 2, "ADDRESS_TOO_LONG".to_owned()),
        ]
    );
}

#[test]
fn an_unknown_division_stays_readable_in_the_address_and_is_not_said_twice() {
    for (row, code, address) in [
        (
            "甲乙丙丁有限公司,陕西,西安,未央区",
            Some("6101"),
            Some("未央区"),
        ),
        ("甲乙丙丁有限公司,上海,金山,", Some("310116"), None),
        (
            "甲乙丙丁有限公司,乌有,之乡,一号",
            None,
            Some("乌有之乡一号"),
        ),
        (
            "甲乙丙丁有限公司,乌有,之乡,乌有省之乡一号",
            None,
            Some("乌有省之乡一号"),
        ),
        ("甲乙丙丁有限公司,乌有,,", None, Some("乌有")),
        ("甲乙丙丁有限公司,,,\"一\n二\"", None, Some("一 二")),
    ] {
        let chunk = chunk(&format!("name,province,city,address\n{row}\n"));
        let row = &chunk.candidates[0].row;
        assert_eq!(
            (row.division_code.as_deref(), row.address.as_deref()),
            (code, address)
        );
    }
}

#[test]
fn an_earlier_line_with_the_same_name_or_code_is_remembered_over_chunks() {
    let mut text = String::from("name,credit_code\n北京甲乙科技有限公司,91990000MA0000001B\n");
    for number in 0..CHUNK {
        text.push_str(&format!("山东第{number}机械有限公司,\n"));
    }
    text.push_str("另一家科技有限公司,91990000MA0000001B\n");
    let mut file = file_of(&text, 10_000);
    assert_eq!(file.next_chunk(CHUNK).unwrap().unwrap().rows, CHUNK);
    let second = file.next_chunk(CHUNK).unwrap().unwrap();
    assert_eq!(second.candidates.last().unwrap().same_as, Some(2));
    assert_eq!(second.candidates[0].same_as, None);
    assert!(file.next_chunk(CHUNK).unwrap().is_none());
}

#[test]
fn what_was_passed_over_still_counts_as_earlier() {
    let text = "name\n北京甲乙科技有限公司\n上海丙丁贸易有限公司\n北京甲乙科技有限公司\n";
    let mut file = file_of(text, 10_000);
    file.skip(2).unwrap();
    let chunk = file.next_chunk(CHUNK).unwrap().unwrap();
    assert_eq!((chunk.rows, chunk.candidates[0].same_as), (1, Some(2)));
}

#[test]
fn every_column_is_read_and_every_fault_told_with_its_column() {
    let header = "客户名称,客户类型,电话,邮箱,客户级别,客户状况,首次接触日期,联系人,手机,备注\n";
    let sound = "北京甲乙科技有限公司,代理商,021-63539330,a@b.cn,3,潜在客户,2026/3/1,王建国,+86 13800138000,'=1+1\n";
    let read = chunk(&format!("{header}{sound}"));
    let row = &read.candidates[0].row;
    let contact = row.contact.as_ref().unwrap();
    assert_eq!(row.kind.as_str(), "AGENT");
    assert_eq!(row.phone.as_ref().unwrap().as_str(), "021-63539330");
    assert_eq!(
        (row.grade, row.first_contact_on),
        (Some(3), NaiveDate::from_ymd_opt(2026, 3, 1))
    );
    assert_eq!(contact.mobile.as_ref().unwrap().as_str(), "13800138000");
    let profile = row.profile.as_ref().unwrap();
    assert_eq!(profile.remarks.as_deref(), Some("=1+1"));
    assert_eq!(row.email.as_deref(), Some("a@b.cn"));

    let wrong = "北京甲乙科技有限公司,AGENT_END,12,@,8,好,2027-01-01,王,,\u{7}\n";
    let told: Vec<_> = chunk(&format!("{header}{wrong}"))
        .problems
        .into_iter()
        .map(|p| (p.column.unwrap(), p.code))
        .collect();
    for (column, code) in [
        ("客户类型", "KIND_NEEDS_AGENT"),
        ("客户级别", "GRADE_OUT_OF_RANGE"),
        ("客户状况", "CONDITION_UNKNOWN_VALUE"),
        ("首次接触日期", "FIRST_CONTACT_ON_IN_FUTURE"),
        ("手机", "CONTACT_MOBILE_REQUIRED"),
        ("备注", "REMARKS_FORBIDDEN_CHARACTER"),
    ] {
        assert!(
            told.contains(&(column.to_owned(), code.to_owned())),
            "{code}: {told:?}"
        );
    }
    for wanted in ["邮箱", "电话"] {
        assert!(told.iter().any(|(column, _)| column == wanted), "{wanted}");
    }
}

#[test]
fn the_last_allowed_row_is_read_and_one_more_is_told_after_it() {
    let text = "name\n北京甲乙科技有限公司\n上海丙丁贸易有限公司\n天津戊己贸易有限公司\n";
    assert_eq!(file_of(text, 3).next_chunk(CHUNK).unwrap().unwrap().rows, 3);
    let mut short = file_of(text, 2);
    assert_eq!(short.next_chunk(CHUNK).unwrap().unwrap().rows, 2);
    let refused = short.next_chunk(CHUNK).unwrap_err();
    assert_eq!(refused.errors()[0].code, "TOO_MANY_ROWS");
}

#[test]
fn a_broken_quote_is_told_with_its_place() {
    let problems = chunk("name,city\n北京甲乙科技有限公司,\"朝\"阳\n").problems;
    assert_eq!(problems[0].code, "BROKEN_QUOTES");
    assert!(
        problems[0].message.zh.contains("第 15 个字符"),
        "{:?}",
        problems[0].message
    );
}
