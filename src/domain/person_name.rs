//! A person's full name (CUS-06, CUS-07).

use unicode_normalization::UnicodeNormalization;

use super::company_name::{NameError, readable};
use super::folding::fold;
use super::text_value::text_value;

/// Fewest characters of a person's full name.
pub const PERSON_MIN: usize = 2;
/// Most characters of a person's full name.
pub const PERSON_MAX: usize = 50;

/// A person's full name (个人的全名): trimmed, in the script it was written in,
/// with its folded form for comparison.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct PersonName {
    display: String,
    folded: String,
}

impl PersonName {
    /// Same as [`parse_person`].
    pub fn parse(text: &str) -> Result<Self, NameError> {
        parse_person(text)
    }

    /// As entered, trimmed; a middle dot is always `·`.
    pub fn as_str(&self) -> &str {
        &self.display
    }

    /// What uniqueness and search compare ([`fold`]).
    pub fn folded(&self) -> &str {
        &self.folded
    }
}

text_value!(
    PersonName,
    error = NameError,
    description = "A person's full name, not a form of address (CUS-07).",
    example = "张伟",
    max_length = 50
);

/// Reads a person's full name: 2 to 50 characters, letters of any script with
/// `·`, space, hyphen and apostrophe between them. A form of address (张先生,
/// 李总) is not a full name (CUS-07).
pub fn parse_person(text: &str) -> Result<PersonName, NameError> {
    // Width and compatibility forms are written plain; any length limit comes after.
    let plain: String = text.nfkc().map(plain_mark).collect();
    let display = readable(&plain, PERSON_MAX)?;
    let allowed = |c: char| c.is_alphabetic() || is_combining_mark(c) || is_joiner(c);
    if !display.chars().all(allowed) {
        return Err(NameError::ForbiddenCharacter);
    }
    let letters = display.chars().filter(|c| c.is_alphabetic()).count();
    if letters == 0 {
        return Err(NameError::Blank);
    }
    if letters < PERSON_MIN {
        return Err(NameError::TooShort);
    }
    if display.starts_with(is_joiner) || display.ends_with(['·', '-']) {
        return Err(NameError::ForbiddenCharacter);
    }
    if is_form_of_address(&display) {
        return Err(NameError::NotFullName);
    }
    let folded = fold(&display);
    Ok(PersonName { display, folded })
}

fn plain_mark(c: char) -> char {
    match c {
        '•' | '・' | '‧' | '∙' | '●' => '·',
        '’' | '‘' | 'ʼ' => '\'',
        '‐' | '‑' | '–' => '-',
        _ => c,
    }
}

fn is_joiner(c: char) -> bool {
    matches!(c, '·' | ' ' | '-' | '\'')
}

fn is_combining_mark(c: char) -> bool {
    unicode_normalization::char::is_combining_mark(c)
}

/// A surname of one or two characters followed by a title.
fn is_form_of_address(display: &str) -> bool {
    const TITLES: &[&str] = &[
        "先生",
        "女士",
        "小姐",
        "太太",
        "经理",
        "總經理",
        "总经理",
        "經理",
        "老师",
        "老師",
        "师傅",
        "師傅",
        "主任",
        "老板",
        "同志",
    ];
    let stem_of = |title: &&str| display.strip_suffix(*title);
    let short = |stem: &str| stem.chars().count() <= 2;
    let length = display.chars().count();
    TITLES.iter().filter_map(stem_of).any(short) || (length == 2 && display.ends_with(['总', '總']))
}

#[cfg(test)]
mod tests {
    use super::super::text_value::example_is_canonical;
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn full_names_of_many_peoples() {
        for (name, display) in [
            ("张伟", "张伟"),
            (" 歐陽　修 ", "歐陽 修"),
            ("阿依古丽•买买提", "阿依古丽·买买提"),
            ("Mary-Jane O’Neil", "Mary-Jane O'Neil"),
            ("José Müller", "José Müller"),
            ("김철수", "김철수"),
            ("Ｌｉ Ｌｅｉ", "Li Lei"),
        ] {
            assert_eq!(parse_person(name).unwrap().as_str(), display);
        }
        assert_eq!(parse_person("張偉").unwrap().folded(), "张伟");
    }

    #[test]
    fn forms_of_address_are_not_full_names() {
        for name in ["张先生", "欧阳女士", "李总", "王经理", "先生", "李總"] {
            assert_eq!(parse_person(name), Err(NameError::NotFullName), "{name}");
        }
        assert!(parse_person("李总兵").is_ok());
    }

    #[test]
    fn digits_symbols_and_dangling_joiners_are_refused() {
        for name in [
            "张伟1",
            "张伟*",
            "张@伟",
            "张\0伟",
            "·张伟",
            "张伟-",
            "张伟（大）",
            "张伟😀",
        ] {
            assert_eq!(
                parse_person(name),
                Err(NameError::ForbiddenCharacter),
                "{name}"
            );
        }
    }

    #[test]
    fn length_at_its_bounds() {
        assert_eq!(parse_person("张"), Err(NameError::TooShort));
        assert_eq!(parse_person("张·"), Err(NameError::TooShort));
        assert_eq!(parse_person(" "), Err(NameError::Blank));
        assert_eq!(parse_person("··"), Err(NameError::Blank));
        assert!(parse_person(&"a".repeat(50)).is_ok());
        assert_eq!(parse_person(&"a".repeat(51)), Err(NameError::TooLong));
    }

    #[test]
    fn document_example_is_accepted() {
        example_is_canonical::<PersonName>();
    }

    proptest! {
        #[test]
        fn parsing_what_was_parsed_changes_nothing(text in any::<String>()) {
            if let Ok(name) = parse_person(&text) {
                prop_assert_eq!(parse_person(name.as_str()), Ok(name));
            }
        }
    }
}
