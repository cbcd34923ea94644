//! What is wrong with a query parameter, said in both languages: the libraries that read it say it in English only.

use crate::error::Text;

/// Which parameter is meant: the one that was read, or the one that the reason names.
pub fn name(path: &str, reason: &str, pairs: &[(String, String)]) -> String {
    if !matches!(path, "." | "?" | "") {
        return path.to_owned();
    }
    let quoted = reason.split('`').nth(1);
    let of_a_field = reason.contains(" field ");
    let given = |quoted: &str| {
        let of_value = pairs.iter().find(|(_, value)| value == quoted);
        of_value.map(|(name, _)| name.clone())
    };
    match (quoted, pairs) {
        (Some(name), _) if of_a_field => name.to_owned(),
        (Some(value), _) if given(value).is_some() => given(value).unwrap_or_default(),
        (_, [(name, _)]) => name.clone(),
        _ => "?".to_owned(),
    }
}

/// The reason in both languages.
pub fn worded(reason: &str) -> Text {
    let begins = |words: &[&str]| words.iter().any(|word| reason.starts_with(word));
    if begins(&["missing field"]) {
        return Text::new("必填参数。", "Required.");
    }
    if begins(&["unknown field"]) {
        return Text::new("没有这个参数。", "There is no such parameter.");
    }
    if begins(&["duplicate field"]) {
        return Text::new("只能给出一次。", "May be given once only.");
    }
    if begins(&["unknown variant", "Matching variant not found"]) {
        return one_of(&allowed(reason));
    }
    if begins(&["unknown value in the list"]) {
        return Text::new(
            "列表中有不允许的取值。",
            "A value in the list is not allowed.",
        );
    }
    if begins(&["more than 50 values"]) {
        return Text::new("至多 50 个取值。", "At most 50 values.");
    }
    if begins(&["number too", "out of range"]) {
        return Text::new("数值超出范围。", "The number is out of range.");
    }
    if begins(&["invalid digit", "cannot parse integer"]) {
        return Text::new("须为整数。", "Must be an integer.");
    }
    if begins(&["provided string was not"]) {
        return Text::new("须为 true 或 false。", "Must be true or false.");
    }
    if begins(&["not a UUID"]) {
        return Text::new("须为标识（UUID）。", "Must be an id (UUID).");
    }
    if begins(&["the year must lie between"]) {
        return Text::new(
            "年份须在 1900 到 9998 之间。",
            "The year must lie between 1900 and 9998.",
        );
    }
    if begins(&[
        "premature end of input",
        "input contains",
        "input is",
        "trailing input",
    ]) {
        return Text::new(
            "日期格式为 YYYY-MM-DD，时间格式为 RFC 3339。",
            "A date is YYYY-MM-DD, an instant is RFC 3339.",
        );
    }
    Text::new("取值不正确。", "Not a valid value.")
}

/// The names behind "expected", each in backticks; the first quoted one is what was given.
fn allowed(reason: &str) -> Vec<&str> {
    let expected = reason.split_once("expected").map_or("", |(_, names)| names);
    expected.split('`').skip(1).step_by(2).collect()
}

fn one_of(names: &[&str]) -> Text {
    if names.is_empty() {
        return Text::new("不是允许的取值。", "Not an allowed value.");
    }
    Text::new(
        format!("须为下列之一：{}。", names.join("、")),
        format!("Must be one of {}.", names.join(", ")),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pairs(of: &[(&str, &str)]) -> Vec<(String, String)> {
        let pair = |(name, value): &(&str, &str)| ((*name).to_owned(), (*value).to_owned());
        of.iter().map(pair).collect()
    }

    #[test]
    fn the_parameter_is_named_where_it_is_known() {
        let given = pairs(&[("limit", "x"), ("state", "LOST")]);
        assert_eq!(
            name("limit", "invalid digit found in string", &given),
            "limit"
        );
        assert_eq!(name("?", "missing field `from`", &given), "from");
        let variant = "unknown variant `LOST`, expected `OPEN` or `DONE`";
        assert_eq!(name(".", variant, &given), "state");
        assert_eq!(name("?", "not a UUID", &given[..1]), "limit");
        assert_eq!(name("?", "not a UUID", &given), "?");
    }

    #[test]
    fn no_english_stands_in_the_chinese_text() {
        for reason in [
            "missing field `from`",
            "unknown field `x`, expected one of `a`, `b`",
            "duplicate field `limit`",
            "unknown value in the list",
            "more than 50 values",
            "number too large to fit in target type",
            "invalid digit found in string",
            "cannot parse integer from empty string",
            "premature end of input",
            "whatever a library says",
        ] {
            let zh = worded(reason).zh;
            let words = zh.split(|c: char| !c.is_ascii_lowercase());
            assert!(
                words.into_iter().all(|word| word.len() < 2),
                "{reason}: {zh}"
            );
        }
        let variant = worded("unknown variant `LOST`, expected `OPEN` or `DONE`");
        assert_eq!(variant.zh, "须为下列之一：OPEN、DONE。");
        assert_eq!(variant.en, "Must be one of OPEN, DONE.");
    }
}
