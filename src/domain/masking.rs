//! What readers see of personal data unless it is revealed to them (SEC-02, SEC-06, SEC-18): enough to recognise it,
//! not enough to use it.

use super::{Email, Phone};

/// What stands for what is hidden.
pub const MASK: &str = "****";

/// How far into an address its city is looked for, in characters.
const CITY_WITHIN: usize = 14;

/// Whether a text is what a reader was shown instead of a value: it must not come back as one.
pub fn is_masked(text: &str) -> bool {
    text.contains(MASK) || text.contains("＊＊＊＊")
}

/// `138****8000`, `021-****9330`.
pub fn phone(text: &str) -> String {
    Phone::parse(text).map_or_else(|_| MASK.to_owned(), |phone| phone.masked())
}

/// `z****@example.com`.
pub fn email(text: &str) -> String {
    Email::parse(text).map_or_else(|_| MASK.to_owned(), |email| email.masked())
}

/// Down to the city, or else the province or its like: `北京市****`, `江苏省南京市****`; of other addresses the first two
/// characters.
pub fn address(text: &str) -> String {
    let head = || text.char_indices().take(CITY_WITHIN);
    let after = |marks: &[char]| {
        head()
            .skip(2)
            .find(|(_, c)| marks.contains(c))
            .map(|(at, c)| at + c.len_utf8())
    };
    let shown = after(&['市'])
        .or_else(|| after(&['省', '州', '盟']))
        .or_else(|| head().nth(2).map(|(at, _)| at))
        .unwrap_or(0);
    format!("{}{MASK}", text.get(..shown).unwrap_or_default())
}

/// Nothing of a text that describes the way to somebody.
pub fn whole(_: &str) -> String {
    MASK.to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn an_address_is_shown_down_to_its_city() {
        for (text, masked) in [
            ("北京市朝阳区建国路88号", "北京市****"),
            ("江苏省南京市鼓楼区中山路1号", "江苏省南京市****"),
            (
                "新疆维吾尔自治区乌鲁木齐市天山区",
                "新疆维吾尔自治区乌鲁木齐市****",
            ),
            ("四川省凉山彝族自治州会理城关", "四川省****"),
            ("建国路88号", "建国****"),
            ("88 Jianguo Road", "88****"),
            ("某", "****"),
        ] {
            assert_eq!(address(text), masked);
        }
    }

    #[test]
    fn what_cannot_be_read_is_hidden_whole() {
        assert_eq!(phone("13800138000"), "138****8000");
        assert_eq!(phone("021-63539330-1010"), "021-****9330");
        assert_eq!(email("zhang@example.com"), "z****@example.com");
        assert_eq!(phone("ask at the gate"), "****");
        assert_eq!(email("nobody"), "****");
        assert_eq!(whole("地铁1号线"), "****");
    }

    proptest! {
        #[test]
        fn whatever_is_masked_is_recognised_and_shorter_in_what_it_tells(text in ".{5,60}") {
            for masked in [phone(&text), email(&text), address(&text), whole(&text)] {
                prop_assert!(is_masked(&masked));
                prop_assert!(!masked.contains(&text));
            }
        }

        #[test]
        fn a_masked_phone_or_email_is_never_taken_for_one(mobile in "1[3-9][0-9]{9}", name in "[a-z]{1,8}") {
            let email = Email::parse(&format!("{name}@example.com")).unwrap();
            prop_assert!(Phone::parse(&phone(&mobile)).is_err());
            prop_assert!(Email::parse(&email.masked()).is_err());
        }
    }
}
