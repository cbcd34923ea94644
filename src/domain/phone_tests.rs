use super::super::text_value::example_is_canonical;
use super::PhoneError::*;
use super::*;
use proptest::prelude::*;

fn canonical(text: &str) -> String {
    match Phone::parse(text) {
        Ok(phone) => phone.as_str().to_owned(),
        Err(why) => why.code().to_owned(),
    }
}

#[test]
fn one_mobile_however_written() {
    for text in [
        "13800138000",
        " 13800138000 ",
        "１３８００１３８０００",
        "138-0013-8000",
        "138 0013 8000",
        "+8613800138000",
        "+86 13800138000",
        "+86-138-0013-8000",
        "86-13800138000",
        "86 138 0013 8000",
    ] {
        assert_eq!(canonical(text), "13800138000", "{text}");
    }
}

#[test]
fn one_landline_however_written() {
    for text in [
        "021-63539330",
        "021 63539330",
        "02163539330",
        "+86-21-63539330",
        "+862163539330",
        "+86 021 63539330",
        "86-021-63539330",
    ] {
        assert_eq!(canonical(text), "021-63539330", "{text}");
    }
    for text in [
        "(021)63539330",
        "（021）63539330",
        "(021) 63539330",
        "(021)-63539330",
        "+86(21)63539330",
        "+86 (021) 63539330",
        "86-(021)63539330",
    ] {
        assert_eq!(canonical(text), "021-63539330", "{text}");
    }
    for text in [
        "021-63539330-1010",
        "021-63539330转1010",
        "021-63539330 转 1010",
        "02163539330轉1010",
        "（021）63539330分机1010",
        "021-63539330分機：1010",
        "021-63539330 ext. 1010",
        "021-63539330EXT1010",
        "021-63539330 Ext: １０１０",
    ] {
        assert_eq!(canonical(text), "021-63539330-1010", "{text}");
    }
    assert_eq!(canonical("02163539330-1010"), "021-63539330-1010");
    assert_eq!(canonical("+86 755 83539330"), "0755-83539330");
    assert_eq!(canonical("+86 10-63539330-8"), "010-63539330-8");
    assert_eq!(canonical("0755-8353933"), "0755-8353933");
    assert_eq!(canonical("075583539330"), "0755-83539330");
}

#[test]
fn service_and_foreign_numbers() {
    assert_eq!(canonical("4008201234"), "400-820-1234");
    assert_eq!(canonical("400 820 1234"), "400-820-1234");
    assert_eq!(canonical("+86-800-820-1234"), "800-820-1234");
    assert_eq!(canonical("+1 415-555-0100"), "+14155550100");
    assert_eq!(canonical("+852 2345 6789"), "+85223456789");
    assert_eq!(canonical("+12345678"), "+12345678");
    assert_eq!(canonical("+123456789012345"), "+123456789012345");
}

#[test]
fn no_way_around_the_duplicate_check() {
    for (text, why) in [
        ("", Blank),
        ("\u{3000}", Blank),
        ("013800138000", PaddedZero),
        ("0138-0013-8000", PaddedZero),
        ("+86013800138000", PaddedZero),
        ("008613800138000", PaddedZero),
        ("+0014155550100", PaddedZero),
        ("021-063539330", PaddedZero),
        ("138001380001", ExtraDigits),
        ("+86138001380001", ExtraDigits),
        ("1380013800", MissingDigits),
        ("13800138000a", ForbiddenCharacter),
        ("13800138000*", ForbiddenCharacter),
        ("13800138000.", ForbiddenCharacter),
        ("(138)00138000", ForbiddenCharacter),
        ("(0138)00138000", PaddedZero),
        ("(021)(6353)9330", ForbiddenCharacter),
        ("((021)63539330", ForbiddenCharacter),
        ("021(63539330)", ForbiddenCharacter),
        ("13800138000转1", BadGrouping),
        ("400-820-1234转1", BadGrouping),
        ("021-63539330-1转2", BadGrouping),
        ("021-63539330转1转2", ForbiddenCharacter),
        ("021转63539330", MissingDigits),
        ("++14155550100", ForbiddenCharacter),
        ("138001380\u{200b}00", ForbiddenCharacter),
        ("13800138000;13900139000", ForbiddenCharacter),
        ("1-3800138000", BadGrouping),
        ("1380-0138-000", BadGrouping),
        ("138-0013 8000", BadGrouping),
        ("138--0013-8000", BadGrouping),
        ("-13800138000", BadGrouping),
        ("13800138000-", BadGrouping),
        ("4008-201-234", BadGrouping),
        ("8613800138000", UnknownKind),
        ("12800138000", UnknownKind),
        ("63539330", UnknownKind),
        ("110", UnknownKind),
        ("+86 110", UnknownKind),
        ("+86 63539330", MissingDigits),
        ("+86 8613800138000", ExtraDigits),
        ("+86", BadGrouping),
    ] {
        assert_eq!(Phone::parse(text), Err(why), "{text:?}");
    }
}

#[test]
fn landlines_at_their_bounds() {
    for (text, why) in [
        ("021-6353933", MissingDigits),
        ("021-635393301", ExtraDigits),
        ("0755-835393", MissingDigits),
        ("0755-835393301", ExtraDigits),
        ("021-63539330-1234567", ExtraDigits),
        ("021-63539330转1234567", ExtraDigits),
        ("021-63539330转", MissingDigits),
        ("021-63539330 ext. a", ForbiddenCharacter),
        ("021-63539330 1010", BadGrouping),
        ("0217-63539330", BadGrouping),
        ("021-6353-9330", MissingDigits),
        ("021-63539330-10-10", BadGrouping),
        ("021", MissingDigits),
        ("+1234567", MissingDigits),
        ("+1234567890123456", ExtraDigits),
    ] {
        assert_eq!(Phone::parse(text), Err(why), "{text:?}");
    }
    assert_eq!(canonical("021-63539330-1"), "021-63539330-1");
    assert_eq!(canonical("021-63539330-123456"), "021-63539330-123456");
}

#[test]
fn keys_tell_apart_what_is_different() {
    let key = |text: &str| Phone::parse(text).unwrap().key();
    assert_eq!(key("+86 138 0013 8000"), "13800138000");
    assert_eq!(key("021-63539330"), "02163539330");
    assert_eq!(key("021-63539330-1010"), "02163539330");
    assert_eq!(key("0755-8353933转1"), "07558353933");
    assert_eq!(key("400-820-1234"), "4008201234");
    assert_eq!(key("+1 380 013 8000"), "+13800138000");
}

#[test]
fn masks_hide_the_middle() {
    for (text, masked) in [
        ("13800138000", "138****8000"),
        ("021-63539330-1010", "021-****9330"),
        ("021-63539330", "021-****9330"),
        ("0755-8353933", "0755-****3933"),
        ("400-820-1234", "400-****234"),
        ("+14155550100", "+14****100"),
        ("+12345678", "+12****678"),
    ] {
        assert_eq!(Phone::parse(text).unwrap().masked(), masked);
    }
}

#[test]
fn document_example_is_canonical_and_codes_are_stable() {
    example_is_canonical::<Phone>();
    let codes: Vec<&str> = <PhoneError as strum::IntoEnumIterator>::iter()
        .map(PhoneError::code)
        .collect();
    assert_eq!(
        codes,
        [
            "BLANK",
            "FORBIDDEN_CHARACTER",
            "PADDED_ZERO",
            "EXTRA_DIGITS",
            "MISSING_DIGITS",
            "BAD_GROUPING",
            "UNKNOWN_KIND"
        ]
    );
}

proptest! {
    #[test]
    fn canonical_form_is_a_fixed_point(text in "[+0-9 -]{0,22}") {
        if let Ok(phone) = Phone::parse(&text) {
            prop_assert_eq!(Phone::parse(phone.as_str()), Ok(phone.clone()));
            prop_assert!(phone.masked().contains("****"));
        }
    }

    #[test]
    fn equal_keys_mean_equal_phones(a in "(\\+86 )?1[3-9][0-9]{9}|0(10|2[0-9]|[3-9][0-9]{2})-[2-8][0-9]{7}(-[0-9]{1,6})?|\\+[1-9][0-9]{7,14}",
                                    b in "1[3-9][0-9]{9}|\\+1[0-9]{10}") {
        if let (Ok(a), Ok(b)) = (Phone::parse(&a), Phone::parse(&b)) {
            prop_assert_eq!(a.key() == b.key(), a == b);
        }
    }

    #[test]
    fn a_mobile_with_anything_added_is_refused_or_the_same(
        mobile in "1[3-9][0-9]{9}", before in "[0-9*#a-z ]{0,3}", after in "[0-9*#a-z ]{0,3}",
    ) {
        if let Ok(phone) = Phone::parse(&format!("{before}{mobile}{after}"))
            && phone.kind() == PhoneKind::Mobile
        {
            prop_assert_eq!(phone.as_str(), mobile);
        }
    }

    #[test]
    fn no_text_makes_it_panic(text in any::<String>()) {
        let _ = Phone::parse(&text);
    }
}
