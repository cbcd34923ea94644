use super::super::text_value::example_is_canonical;
use super::*;
use proptest::prelude::*;

#[test]
fn the_regulations_own_example() {
    assert_eq!(parse_company("惠普"), Err(NameError::TooShort));
    assert_eq!(parse_company("中国惠普"), Err(NameError::NotFullName));
    let name = parse_company(" 惠普（中國）有限公司\u{3000}").unwrap();
    assert_eq!(name.as_str(), "惠普（中國）有限公司");
    assert_eq!(name.folded(), "惠普中国有限公司");
}

#[test]
fn organisations_of_many_kinds_are_full_names() {
    for name in [
        "惠普公司",
        "北京大学",
        "中国人民银行",
        "西安市第一中学",
        "广州市番禺区石楼供销社二店",
        "红旗机械厂（普通合伙）",
        "红旗机械厂(2)",
        "红旗公司第一工区",
        "百货大楼修表部",
        "Hewlett-Packard Co., Ltd.",
        "Siemens AG",
        "Philips N.V.",
        "ＩＢＭ Ｃｏｒｐ",
        "Grab Pte Ltd",
        "トヨタ自動車株式会社",
    ] {
        assert!(parse_company(name).is_ok(), "{name}");
    }
}

#[test]
fn short_forms_are_not() {
    for name in [
        "惠普电脑",
        "阿里巴巴",
        "大学之道",
        "Hewlett-Packard",
        "Company Hewlett",
        "有限公司",
        "有限责任公司",
        "股份有限公司",
        "集团总公司",
    ] {
        assert_eq!(parse_company(name), Err(NameError::NotFullName), "{name}");
    }
}

#[test]
fn length_is_counted_after_folding() {
    assert_eq!(parse_company("甲（）、公司"), Err(NameError::TooShort));
    assert!(parse_company("甲乙公司").is_ok());
    let full = |n: usize| format!("{}公司", "甲".repeat(n - 2));
    assert!(parse_company(&full(100)).is_ok());
    assert_eq!(parse_company(&full(101)), Err(NameError::TooLong));
    let noisy = format!("甲乙{}公司", "—".repeat(197));
    assert_eq!(parse_company(&noisy), Err(NameError::TooLong));
}

#[test]
fn unreadable_characters_are_refused_wherever_they_stand() {
    for bad in [
        '\0', '\u{7}', '\u{fffd}', '\u{202e}', '\u{e002}', '\u{85}', '\n', '\t',
    ] {
        let name = format!("惠普{bad}中国有限公司");
        assert_eq!(
            parse_company(&name),
            Err(NameError::ForbiddenCharacter),
            "{bad:?}"
        );
    }
    assert_eq!(
        parse_company("\0惠普公司"),
        Err(NameError::ForbiddenCharacter)
    );
    assert_eq!(parse_company(" \u{3000}\u{200b}"), Err(NameError::Blank));
    assert_eq!(parse_company("（）"), Err(NameError::Blank));
    assert!(parse_company("惠普中国有限公司\r\n").is_ok());
}

#[test]
fn json_is_the_display_form_and_codes_are_stable() {
    example_is_canonical::<CompanyName>();
    assert!(serde_json::from_str::<CompanyName>("\"惠普\"").is_err());
    let codes: Vec<&str> = <NameError as strum::IntoEnumIterator>::iter()
        .map(NameError::code)
        .collect();
    assert_eq!(
        codes,
        [
            "BLANK",
            "TOO_SHORT",
            "TOO_LONG",
            "NOT_FULL_NAME",
            "FORBIDDEN_CHARACTER"
        ]
    );
}

proptest! {
    #[test]
    fn parsing_what_was_parsed_changes_nothing(text in "\\PC{0,12}(公司| Ltd)?") {
        if let Ok(name) = parse_company(&text) {
            prop_assert_eq!(parse_company(name.as_str()), Ok(name));
        }
    }

    #[test]
    fn no_text_makes_it_panic(text in any::<String>()) {
        let _ = parse_company(&text);
    }
}
