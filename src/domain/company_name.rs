//! A company's registered full name (CUS-06, CUS-08, DUP-08).

use thiserror::Error;
use unicode_normalization::UnicodeNormalization;

use super::folding::{fold, is_forbidden, tidy};
use super::text_value::{stable_code, text_value};

/// Why a name was refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Error, strum::IntoStaticStr, strum::EnumIter)]
#[strum(serialize_all = "SCREAMING_SNAKE_CASE")]
pub enum NameError {
    /// Nothing but blanks.
    #[error("must not be blank")]
    Blank,
    /// Fewer letters and digits than a full name has.
    #[error("too short to be a full name")]
    TooShort,
    /// More characters than a name may have.
    #[error("too long")]
    TooLong,
    /// A short form (惠普) or a form of address (张先生) instead of the full name.
    #[error("must be the full name")]
    NotFullName,
    /// Control, private-use, replacement or direction characters; for persons
    /// also digits and symbols.
    #[error("contains a character that a name may not contain")]
    ForbiddenCharacter,
}
stable_code!(NameError);

/// Fewest letters and digits of a company's full name, after folding.
pub const COMPANY_MIN: usize = 4;
/// Most letters and digits of a company's full name, after folding.
pub const COMPANY_MAX: usize = 100;
/// Most characters of a company's name as displayed, punctuation included.
pub const COMPANY_DISPLAY_MAX: usize = 200;

/// A company's full name as registered (工商注册名称): trimmed, in the script it
/// was written in, with its folded form for comparison.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct CompanyName {
    display: String,
    folded: String,
}

impl CompanyName {
    /// Same as [`parse_company`].
    pub fn parse(text: &str) -> Result<Self, NameError> {
        parse_company(text)
    }

    /// As entered, trimmed.
    pub fn as_str(&self) -> &str {
        &self.display
    }

    /// What uniqueness and search compare ([`fold`]).
    pub fn folded(&self) -> &str {
        &self.folded
    }
}

text_value!(
    CompanyName,
    error = NameError,
    description = "A company's full name as registered (工商注册名称), not a short form (CUS-08).",
    example = "惠普（中国）有限公司",
    max_length = 200
);

/// Reads a company's full name: 4 to 100 letters and digits after folding, and
/// an organisation form in it (…公司, …厂, …大学; Ltd, GmbH, Inc …). 惠普 is
/// refused, 惠普中国有限公司 is not (CUS-08).
pub fn parse_company(text: &str) -> Result<CompanyName, NameError> {
    let display = readable(text, COMPANY_DISPLAY_MAX)?;
    let folded = fold(&display);
    let length = folded.chars().count();
    if folded.is_empty() {
        Err(NameError::Blank)
    } else if length < COMPANY_MIN {
        Err(NameError::TooShort)
    } else if length > COMPANY_MAX {
        Err(NameError::TooLong)
    } else if !(names_han_organisation(&folded, &display) || names_latin_organisation(&display)) {
        Err(NameError::NotFullName)
    } else {
        Ok(CompanyName { display, folded })
    }
}

/// The tidy display form, if it has no forbidden character and is not too long.
pub(super) fn readable(text: &str, max_chars: usize) -> Result<String, NameError> {
    // A tab or line break at either end comes from copying a cell, not from the name.
    let text = text.trim();
    if text.chars().any(is_forbidden) {
        return Err(NameError::ForbiddenCharacter);
    }
    let display = tidy(text);
    if display.is_empty() {
        Err(NameError::Blank)
    } else if display.chars().count() > max_chars {
        Err(NameError::TooLong)
    } else {
        Ok(display)
    }
}

/// Organisation forms that are enough anywhere in the name, for branches and
/// workshops are named after them (…公司一工区, …供销社农资门市).
const FORMS: &[&str] = &[
    "公司",
    "集团",
    "合作社",
    "供销社",
    "信用社",
    "联社",
    "会社",
    "研究院",
    "研究所",
    "事务所",
    "委员会",
    "基金会",
    "合伙",
    "独资企业",
];

/// Organisation forms that must end the name or what stands before a bracket.
const FINAL_FORMS: &[&str] = &[
    "厂",
    "场",
    "店",
    "部",
    "社",
    "站",
    "局",
    "行",
    "馆",
    "院",
    "所",
    "会",
    "园",
    "队",
    "办",
    "处",
    "库",
    "室",
    "校",
    "厅",
    "矿",
    "庄",
    "坊",
    "堂",
    "楼",
    "署",
    "府",
    "中心",
    "大学",
    "中学",
    "小学",
    "门市",
    "车间",
    "超市",
    "商城",
    "市场",
    "大厦",
    "门诊",
    "联盟",
    "电台",
    "电视台",
    "度假村",
    "회사",
];

/// What a name consists of besides the trade name; a name of nothing else is no name.
const FORM_ONLY: &[&str] = &["有限", "责任", "股份", "公司", "集团", "总", "分"];

fn names_han_organisation(folded: &str, display: &str) -> bool {
    let mut rest = folded.to_owned();
    for word in FORM_ONLY {
        rest = rest.replace(word, "");
    }
    if rest.is_empty() {
        return false;
    }
    FORMS.iter().any(|form| folded.contains(form))
        || display.split(is_bracket).any(|part| {
            // 收购站2, 七店一: a number may follow the form.
            let part = fold(part);
            let part = part.trim_end_matches(char::is_numeric);
            FINAL_FORMS.iter().any(|form| {
                part.strip_suffix(form)
                    .is_some_and(|trade_name| trade_name.chars().nth(1).is_some())
            })
        })
}

fn is_bracket(c: char) -> bool {
    matches!(
        c,
        '(' | ')' | '（' | '）' | '[' | ']' | '［' | '］' | '〔' | '〕' | '【' | '】' | '：' | ':'
    )
}

/// Organisation forms in Latin script, lower case, without dots.
const LATIN_FORMS: &[&str] = &[
    "ltd",
    "limited",
    "inc",
    "incorporated",
    "llc",
    "llp",
    "lp",
    "gmbh",
    "co",
    "corp",
    "corporation",
    "company",
    "sa",
    "ag",
    "plc",
    "bv",
    "nv",
    "pte",
    "pty",
    "spa",
    "srl",
    "sarl",
    "sas",
    "kg",
    "kgaa",
    "ab",
    "oy",
    "oyj",
    "as",
    "asa",
    "aps",
    "se",
    "kk",
    "sdn",
    "bhd",
    "jsc",
    "pjsc",
    "ooo",
    "oao",
    "zao",
    "doo",
    "kft",
    "sro",
    "ug",
    "ohg",
    "ev",
    "slu",
    "sl",
    "ltda",
    "lda",
    "group",
    "holding",
    "holdings",
    "bank",
    "university",
    "college",
    "institute",
    "foundation",
    "association",
    "hospital",
    "school",
    "partners",
    "trust",
    "agency",
];

/// A name in Latin script has one of the forms as a word that is not its first.
fn names_latin_organisation(display: &str) -> bool {
    let plain: String = display.nfkc().filter(|c| *c != '.').collect();
    let lower = plain.to_lowercase();
    lower
        .split(|c: char| !c.is_alphanumeric())
        .filter(|word| !word.is_empty())
        .skip(1)
        .any(|word| LATIN_FORMS.contains(&word))
}

#[cfg(test)]
#[path = "company_name_tests.rs"]
mod tests;
