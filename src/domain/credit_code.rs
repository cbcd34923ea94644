//! Unified social credit code (统一社会信用代码), GB 32100-2015.

use thiserror::Error;
use unicode_normalization::UnicodeNormalization;

use super::folding::is_zero_width;
use super::text_value::{stable_code, text_value};

/// Why a credit code was refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Error, strum::IntoStaticStr, strum::EnumIter)]
#[strum(serialize_all = "SCREAMING_SNAKE_CASE")]
pub enum CreditCodeError {
    /// Not 18 characters after blanks and hyphens are dropped.
    #[error("must have 18 characters")]
    WrongLength,
    /// A character outside the alphabet (I, O, S, V and Z are not in it), or a
    /// letter in the six digits of the administrative division.
    #[error("contains a character that a credit code may not contain")]
    ForbiddenCharacter,
    /// The last character does not match the others: a typing error.
    #[error("check character does not match")]
    WrongCheckCharacter,
}
stable_code!(CreditCodeError);

const ALPHABET: &[u8; 31] = b"0123456789ABCDEFGHJKLMNPQRTUWXY";
const LENGTH: usize = 18;
/// Positions 3 to 8: the six-digit code of the registering division.
const DIVISION: std::ops::Range<usize> = 2..8;

/// A unified social credit code: 18 characters, upper case, check character verified.
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
pub struct CreditCode(String);

impl CreditCode {
    /// Reads a code in any width and case, with blanks or hyphens between.
    pub fn parse(text: &str) -> Result<Self, CreditCodeError> {
        let code: String = text
            .nfkc()
            .filter(|c| !(c.is_whitespace() || is_zero_width(*c) || *c == '-'))
            .map(|c| c.to_ascii_uppercase())
            .collect();
        if code.chars().count() != LENGTH {
            return Err(CreditCodeError::WrongLength);
        }
        let values = values(&code).ok_or(CreditCodeError::ForbiddenCharacter)?;
        if values[DIVISION].iter().any(|value| *value > 9) {
            return Err(CreditCodeError::ForbiddenCharacter);
        }
        if remainder(&values) != 0 {
            return Err(CreditCodeError::WrongCheckCharacter);
        }
        Ok(CreditCode(code))
    }

    /// The 18 characters.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// Each character's place in the alphabet.
fn values(code: &str) -> Option<Vec<usize>> {
    code.bytes()
        .map(|b| ALPHABET.iter().position(|a| *a == b))
        .collect()
}

/// Σ value × 3^(i−1) plus the check character, modulo 31: zero exactly if it matches.
fn remainder(values: &[usize]) -> usize {
    let (check, body) = match values.split_last() {
        Some(parts) => parts,
        None => return 0,
    };
    let mut weight = 1;
    let mut sum = *check;
    for value in body {
        sum += value * weight;
        weight = weight * 3 % 31;
    }
    sum % 31
}

text_value!(
    CreditCode,
    error = CreditCodeError,
    description =
        "Unified social credit code (GB 32100): 18 characters, the last a check character.",
    example = "91990000MA0000001B",
    max_length = 40,
    format = "credit-code"
);

#[cfg(test)]
mod tests {
    use super::super::text_value::example_is_canonical;
    use super::*;
    use proptest::prelude::*;

    const MADE_UP: &str = "91990000MA0000001B";

    #[test]
    fn any_writing_gives_the_same_code() {
        for text in [
            MADE_UP,
            " 91990000ma0000001b\t",
            "９１９９００００ＭＡ０００００01Ｂ",
            "91-990000-MA0000001-B",
            "91 990000 MA0000001 B",
        ] {
            assert_eq!(CreditCode::parse(text).unwrap().as_str(), MADE_UP);
        }
    }

    #[test]
    fn names_the_reason_of_every_refusal() {
        use CreditCodeError::*;
        for (text, why) in [
            ("", WrongLength),
            ("91990000MA0000001", WrongLength),
            ("91990000MA0000001BB", WrongLength),
            ("91990000MA0000001C", WrongCheckCharacter),
            ("91990000MA000000IB", ForbiddenCharacter),
            ("91990000MA000000OB", ForbiddenCharacter),
            ("9199000AMA0000001B", ForbiddenCharacter),
            ("91990000MA000000中B", ForbiddenCharacter),
            ("91990000MA000000*B", ForbiddenCharacter),
        ] {
            assert_eq!(CreditCode::parse(text), Err(why), "{text}");
        }
        assert_eq!(WrongCheckCharacter.code(), "WRONG_CHECK_CHARACTER");
    }

    #[test]
    fn document_example_is_accepted() {
        example_is_canonical::<CreditCode>();
    }

    /// A valid code from any body: exactly one of the 31 check characters fits.
    fn valid_from(body: &str) -> String {
        let fitting: Vec<String> = ALPHABET
            .iter()
            .map(|c| format!("{body}{}", char::from(*c)))
            .filter(|code| CreditCode::parse(code).is_ok())
            .collect();
        assert_eq!(fitting.len(), 1, "{body}");
        fitting[0].clone()
    }

    proptest! {
        #[test]
        fn every_single_wrong_character_is_noticed(
            body in "[0-9A-HJ-NP-RT-UW-Y]{2}[0-9]{6}[0-9A-HJ-NP-RT-UW-Y]{9}",
            at in 0_usize..18, wrong in 0_usize..31,
        ) {
            let code = valid_from(&body);
            let mut bytes = code.clone().into_bytes();
            prop_assume!(bytes[at] != ALPHABET[wrong]);
            bytes[at] = ALPHABET[wrong];
            let mistyped = String::from_utf8(bytes).unwrap();
            prop_assert!(CreditCode::parse(&mistyped).is_err());
        }

        #[test]
        fn no_text_makes_it_panic(text in any::<String>()) {
            let _ = CreditCode::parse(&text);
        }
    }
}
