//! Telephone numbers (CUS-12, CUS-36, DUP-03, DUP-04, AMB-18).

use std::borrow::Cow;

use thiserror::Error;
use unicode_normalization::UnicodeNormalization;

use super::text_value::{stable_code, text_value};

/// Why a phone number was refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Error, strum::IntoStaticStr, strum::EnumIter)]
#[strum(serialize_all = "SCREAMING_SNAKE_CASE")]
pub enum PhoneError {
    /// Nothing but blanks.
    #[error("must not be blank")]
    Blank,
    /// Letters or symbols other than the standard separators.
    #[error("contains letters or symbols")]
    ForbiddenCharacter,
    /// A zero before a mobile number, or `00` before a country code.
    #[error("must not be padded with zeros")]
    PaddedZero,
    /// More digits than a number of this kind has.
    #[error("has too many digits")]
    ExtraDigits,
    /// Fewer digits than a number of this kind has.
    #[error("has too few digits")]
    MissingDigits,
    /// Separators elsewhere than in 138-0013-8000, 021-63539330-1010, 400-820-1234.
    #[error("separators are not in the standard places")]
    BadGrouping,
    /// No kind of number begins like this (e.g. a landline without area code).
    #[error("is neither a mobile number, nor area code + number, nor 400/800, nor +country code")]
    UnknownKind,
}
stable_code!(PhoneError);

/// What kind of number it is. In call-centre mode only the first two are
/// allowed (DUP-04); that is for the caller to ask.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum PhoneKind {
    /// Mainland mobile, 11 digits.
    Mobile,
    /// Mainland landline: area code, number, extension or none.
    Landline,
    /// 400 or 800 number.
    Service,
    /// `+` and country code, other than +86.
    International,
}

/// A phone number in its one standard form: `13800138000`,
/// `021-63539330-1010`, `400-820-1234`, `+14155550100`.
#[derive(
    diesel::expression::AsExpression,
    diesel::deserialize::FromSqlRow,
    Debug,
    Clone,
    PartialEq,
    Eq,
    PartialOrd,
    Ord,
    Hash,
)]
#[diesel(sql_type = diesel::sql_types::Text)]
pub struct Phone {
    canonical: String,
    kind: PhoneKind,
}

impl Phone {
    /// Reads a number in any width, with `+86`/`86-` or without, and with
    /// separators (one hyphen or space) only in the standard places; the area
    /// code may stand in brackets, an extension behind 转, 分机 or ext. Whatever
    /// could make a second number out of a first one is refused (DUP-04).
    pub fn parse(text: &str) -> Result<Self, PhoneError> {
        let plain: String = text.nfkc().collect();
        match plain.trim() {
            "" => Err(PhoneError::Blank),
            plain => match worded_extension(plain) {
                Some((number, extension)) => Self::digits(number)?.extended(extension),
                None => Self::digits(plain),
            },
        }
    }

    fn digits(plain: &str) -> Result<Self, PhoneError> {
        let unbracketed = without_brackets(plain);
        let plain = unbracketed.as_ref();
        let (plus, rest) = match plain.strip_prefix('+') {
            Some(rest) => (true, rest),
            None => (false, plain),
        };
        let all = groups(rest)?;
        match national(rest, plus) {
            Some(national) => mainland(&groups(&national)?),
            None => international(&all),
        }
    }

    /// A landline with an extension; other numbers have none, and nobody has two.
    fn extended(self, extension: &str) -> Result<Self, PhoneError> {
        if self.kind != PhoneKind::Landline || self.canonical.matches('-').count() > 1 {
            return Err(PhoneError::BadGrouping);
        }
        if !extension.bytes().all(|b| b.is_ascii_digit()) {
            return Err(PhoneError::ForbiddenCharacter);
        }
        match extension.len() {
            0 => Err(PhoneError::MissingDigits),
            1..=EXTENSION => Ok(Phone {
                canonical: format!("{}-{extension}", self.canonical),
                kind: self.kind,
            }),
            _ => Err(PhoneError::ExtraDigits),
        }
    }

    /// The standard form.
    pub fn as_str(&self) -> &str {
        &self.canonical
    }

    /// What kind of number it is.
    pub fn kind(&self) -> PhoneKind {
        self.kind
    }

    /// What uniqueness and likeness compare (DUP-03, AMB-3): the digits, with `+`
    /// before a foreign country code, without an extension. Digits added to a
    /// number must not make another customer of it (DUP-04), and one switchboard
    /// is one place of business. `+1 380 013 8000` is not the mobile 13800138000.
    pub fn key(&self) -> String {
        match self.kind {
            PhoneKind::Landline => self.canonical.splitn(3, '-').take(2).collect(),
            _ => self.canonical.replace('-', ""),
        }
    }

    /// For readers who may not see it: `138****8000`, `021-****9330` (without extension),
    /// `400-****234`, `+14****100`.
    pub fn masked(&self) -> String {
        let text = self.canonical.as_str();
        let (from, to) = match self.kind {
            PhoneKind::Mobile => (3, 7),
            PhoneKind::Landline => {
                let number = text.find('-').map_or(0, |at| at + 1);
                let end = text[number..]
                    .find('-')
                    .map_or(text.len(), |at| number + at);
                (number, end.saturating_sub(4))
            }
            PhoneKind::Service => (4, text.len().saturating_sub(3)),
            PhoneKind::International => (3, text.len().saturating_sub(3)),
        };
        // Canonical forms are ASCII, so byte positions are character positions.
        let end = match self.kind {
            PhoneKind::Landline => (to + 4).min(text.len()),
            _ => text.len(),
        };
        format!("{}****{}", &text[..from], &text[to..end])
    }
}

text_value!(
    Phone,
    error = PhoneError,
    description = "Mobile (13800138000), area code-number[-extension] (021-63539330-1010), 400/800 number or +country code; answered in this standard form. The area code may stand in brackets, an extension behind 转, 分机 or ext. (CUS-12, DUP-04).",
    example = "021-63539330-1010",
    max_length = 40,
    format = "phone"
);

/// Digits of an extension at most.
const EXTENSION: usize = 6;

/// What is written before an extension instead of a hyphen.
const EXTENSION_WORDS: [&str; 5] = ["转", "轉", "分机", "分機", "ext"];

/// 021-63539330转1010, 021-63539330 ext. 1010: the number and the extension.
fn worded_extension(text: &str) -> Option<(&str, &str)> {
    // ASCII letters keep their places in lower case, and other characters are left alone.
    let lower = text.to_ascii_lowercase();
    let (at, word) = EXTENSION_WORDS
        .iter()
        .find_map(|word| Some((lower.find(word)?, word)))?;
    let (number, rest) = (text.get(..at)?, text.get(at + word.len()..)?);
    let rest = rest.strip_prefix(['.', ':']).unwrap_or(rest);
    Some((number.trim_end(), rest.trim_start()))
}

/// (021)63539330, +86 (21) 63539330: the area code as if it stood without its brackets.
fn without_brackets(text: &str) -> Cow<'_, str> {
    let unbracketed = || {
        let (before, rest) = text.split_once('(')?;
        let (area, number) = rest.split_once(')')?;
        let in_china = ["+86", "86"].contains(&before.trim_end_matches(['-', ' ']));
        let is_area = (2..=4).contains(&area.len())
            && (in_china || (before.is_empty() && area.starts_with('0')));
        let number = number.strip_prefix(['-', ' ']).unwrap_or(number);
        is_area.then(|| format!("{before}{area}-{number}"))
    };
    unbracketed().map_or(Cow::Borrowed(text), Cow::Owned)
}

/// Runs of digits and the separator before each (`None` before the first).
type Group<'a> = (Option<char>, &'a str);

fn groups(text: &str) -> Result<Vec<Group<'_>>, PhoneError> {
    let standard = |c: char| c.is_ascii_digit() || c == '-' || c == ' ';
    if !text.chars().all(standard) {
        return Err(PhoneError::ForbiddenCharacter);
    }
    let mut found = Vec::new();
    let mut separator = None;
    let mut start = 0;
    for (at, c) in text.char_indices().filter(|(_, c)| !c.is_ascii_digit()) {
        found.push((separator, &text[start..at]));
        separator = Some(c);
        start = at + 1;
    }
    found.push((separator, &text[start..]));
    // Doubled, leading and trailing separators leave an empty run.
    if found.iter().any(|(_, digits)| digits.is_empty()) {
        return Err(PhoneError::BadGrouping);
    }
    Ok(found)
}

/// A mainland number as dialled inside the mainland, without its 86; `None` for
/// another country's. +86 never counts as foreign, or it would be a way around
/// uniqueness. After 86 the zero of the area code may be left out: +86 21 63539330.
fn national(text: &str, plus: bool) -> Option<Cow<'_, str>> {
    let after_86 = text
        .strip_prefix("86")
        .filter(|rest| plus || rest.starts_with(['-', ' ']));
    let Some(rest) = after_86 else {
        return (!plus).then_some(Cow::Borrowed(text));
    };
    let rest = rest.strip_prefix(['-', ' ']).unwrap_or(rest);
    let is_service = ["400", "800"].iter().any(|code| rest.starts_with(code));
    let is_area = rest.starts_with("10") || rest.starts_with(|c| ('2'..='9').contains(&c));
    Some(if is_area && !is_service {
        Cow::Owned(format!("0{rest}"))
    } else {
        Cow::Borrowed(rest)
    })
}

fn mainland(groups: &[Group<'_>]) -> Result<Phone, PhoneError> {
    let digits: String = groups.iter().map(|(_, run)| *run).collect();
    let second = digits.as_bytes().get(1).copied().unwrap_or_default();
    if digits.starts_with("00") || is_padded_mobile(&digits) {
        Err(PhoneError::PaddedZero)
    } else if digits.starts_with('1') && (b'3'..=b'9').contains(&second) {
        fixed(groups, &digits, [3, 4, 4], PhoneKind::Mobile)
    } else if digits.starts_with("400") || digits.starts_with("800") {
        fixed(groups, &digits, [3, 3, 4], PhoneKind::Service)
    } else if digits.starts_with('0') {
        landline(groups, &digits)
    } else {
        Err(PhoneError::UnknownKind)
    }
}

/// 013800138000, but not 010….
fn is_padded_mobile(digits: &str) -> bool {
    let bytes = digits.as_bytes();
    bytes.starts_with(b"01") && bytes.get(2).is_some_and(|b| *b != b'0')
}

/// Mobile and 400/800 numbers: all digits together, or in the standard groups
/// with the same separator twice.
fn fixed(
    groups: &[Group<'_>],
    digits: &str,
    standard: [usize; 3],
    kind: PhoneKind,
) -> Result<Phone, PhoneError> {
    match digits.len().cmp(&standard.iter().sum()) {
        std::cmp::Ordering::Less => return Err(PhoneError::MissingDigits),
        std::cmp::Ordering::Greater => return Err(PhoneError::ExtraDigits),
        std::cmp::Ordering::Equal => {}
    }
    let grouped = match groups {
        [_] => true,
        [a, b, c] => [a.1.len(), b.1.len(), c.1.len()] == standard && b.0 == c.0,
        _ => false,
    };
    if !grouped {
        return Err(PhoneError::BadGrouping);
    }
    let canonical = match kind {
        PhoneKind::Mobile => digits.to_owned(),
        _ => format!("{}-{}-{}", &digits[..3], &digits[3..6], &digits[6..]),
    };
    Ok(Phone { canonical, kind })
}

/// 010 and 02x have 8 digits after the area code, 03xx to 09xx have 7 or 8;
/// an extension has 1 to 6 and needs its hyphen.
fn landline(groups: &[Group<'_>], digits: &str) -> Result<Phone, PhoneError> {
    let (area_length, shortest) = match digits.as_bytes().get(1) {
        Some(b'1' | b'2') => (3, 8),
        _ => (4, 7),
    };
    let (area, number, extension) = match groups {
        [(_, all)] if all.len() > area_length => (&all[..area_length], &all[area_length..], None),
        [(_, area), (_, number)] if area.len() == area_length => (*area, *number, None),
        [(_, area), (_, number), (Some('-'), extension)] if area.len() == area_length => {
            (*area, *number, Some(*extension))
        }
        [(_, all), (Some('-'), extension)] if all.len() >= area_length + shortest => {
            (&all[..area_length], &all[area_length..], Some(*extension))
        }
        [_] => return Err(PhoneError::MissingDigits),
        _ => return Err(PhoneError::BadGrouping),
    };
    if number.starts_with('0') {
        return Err(PhoneError::PaddedZero);
    }
    if number.len() < shortest {
        return Err(PhoneError::MissingDigits);
    }
    if number.len() > 8 || extension.is_some_and(|e| e.len() > EXTENSION) {
        return Err(PhoneError::ExtraDigits);
    }
    let canonical = match extension {
        Some(extension) => format!("{area}-{number}-{extension}"),
        None => format!("{area}-{number}"),
    };
    let kind = PhoneKind::Landline;
    Ok(Phone { canonical, kind })
}

/// `+` and 8 to 15 digits (ITU-T E.164), single separators anywhere.
fn international(groups: &[Group<'_>]) -> Result<Phone, PhoneError> {
    let digits: String = groups.iter().map(|(_, run)| *run).collect();
    if digits.starts_with('0') {
        return Err(PhoneError::PaddedZero);
    }
    if digits.len() < 8 {
        return Err(PhoneError::MissingDigits);
    }
    if digits.len() > 15 {
        return Err(PhoneError::ExtraDigits);
    }
    let canonical = format!("+{digits}");
    let kind = PhoneKind::International;
    Ok(Phone { canonical, kind })
}

#[cfg(test)]
#[path = "phone_tests.rs"]
mod tests;
