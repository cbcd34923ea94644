//! What rows of a file are refused for.

use super::*;

fn chunk(file: &str) -> Chunk {
    let mut file = CustomerFile::open(file.as_bytes()).unwrap().unwrap();
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
    let mut file = CustomerFile::open(text.as_bytes()).unwrap().unwrap();
    assert_eq!(file.next_chunk(CHUNK).unwrap().unwrap().rows, CHUNK);
    let second = file.next_chunk(CHUNK).unwrap().unwrap();
    assert_eq!(second.candidates.last().unwrap().same_as, Some(2));
    assert_eq!(second.candidates[0].same_as, None);
    assert!(file.next_chunk(CHUNK).unwrap().is_none());
}

#[test]
fn what_was_passed_over_still_counts_as_earlier() {
    let text = "name\n北京甲乙科技有限公司\n上海丙丁贸易有限公司\n北京甲乙科技有限公司\n";
    let mut file = CustomerFile::open(text.as_bytes()).unwrap().unwrap();
    file.skip(2).unwrap();
    let chunk = file.next_chunk(CHUNK).unwrap().unwrap();
    assert_eq!((chunk.rows, chunk.candidates[0].same_as), (1, Some(2)));
}
