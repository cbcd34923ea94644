//! The regulation as pure functions: facts and settings in, a decision out.
//!
//! Nothing here reads a clock, a database or a request. Every number of the
//! regulation is a field of a [`Setting`]; every refusal is a [`Refusal`] that
//! names the requirement it rests on and says what would satisfy it.

pub mod catalogue;
pub mod commerce;
pub mod customers;
pub mod governance;
pub mod in_force;
pub mod knowledge;
pub mod org;
pub mod platform;
pub mod sales;

use serde::{Serialize, de::DeserializeOwned};
use validator::{Validate, ValidationError};

use crate::domain::Ratio;

pub use catalogue::{Described, FieldError, catalogue, check};
pub use in_force::{Current, Policies};

/// A typed, versioned setting of the regulation, stored under `KEY`.
pub trait Setting:
    Serialize + DeserializeOwned + Validate + Default + Clone + Send + Sync + 'static
{
    /// Key in the policy store, snake_case and stable.
    const KEY: &'static str;
    /// Requirement ids it parameterises.
    const RULES: &'static [&'static str];
    /// Title in Chinese.
    const TITLE_ZH: &'static str;
    /// Title in English.
    const TITLE_EN: &'static str;
}

/// Why something is refused by the regulation, and what would satisfy it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, thiserror::Error)]
#[error("{rule} {code}: {en}")]
pub struct Refusal {
    /// Requirement id, e.g. `QUO-05`.
    pub rule: &'static str,
    /// UPPER_SNAKE, stable.
    pub code: &'static str,
    /// What is refused and what would satisfy it, in Chinese.
    pub zh: String,
    /// The same in English.
    pub en: String,
}

impl Refusal {
    /// A refusal with its texts.
    pub fn new(
        rule: &'static str,
        code: &'static str,
        zh: impl Into<String>,
        en: impl Into<String>,
    ) -> Self {
        Refusal {
            rule,
            code,
            zh: zh.into(),
            en: en.into(),
        }
    }
}

/// A required field that is absent or blank when a record is submitted (CUS-05).
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Missing {
    /// JSON pointer into the record, e.g. `/contacts/0/name`.
    pub pointer: String,
    /// Requirement id.
    pub rule: &'static str,
    /// What is to be filled in, in Chinese.
    pub zh: &'static str,
    /// The same in English.
    pub en: &'static str,
}

impl Missing {
    /// A missing field.
    pub fn new(
        pointer: impl Into<String>,
        rule: &'static str,
        zh: &'static str,
        en: &'static str,
    ) -> Self {
        Missing {
            pointer: pointer.into(),
            rule,
            zh,
            en,
        }
    }
}

/// Whether there is nothing but white space (ideographic space included).
pub(crate) fn blank(text: Option<&str>) -> bool {
    text.is_none_or(|t| t.trim().is_empty())
}

/// A validation error of a setting with both texts and, for rules across
/// fields, the pointer of the field to correct (relative to its struct).
pub(crate) fn invalid(
    code: &'static str,
    pointer: Option<&'static str>,
    zh: &'static str,
    en: &'static str,
) -> ValidationError {
    let mut error = ValidationError::new(code);
    error.add_param("zh".into(), &zh);
    error.add_param("en".into(), &en);
    if let Some(pointer) = pointer {
        error.add_param("pointer".into(), &pointer);
    }
    error
}

/// Validator: above 0 and at most 1, as a discount floor must be.
pub(crate) fn is_floor(ratio: &Ratio) -> Result<(), ValidationError> {
    if *ratio > Ratio::ZERO && *ratio <= Ratio::ONE {
        return Ok(());
    }
    Err(invalid(
        "OUT_OF_RANGE",
        None,
        "必须大于 0 且不超过 1",
        "must be above 0 and at most 1",
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_ideographic_space_is_blank() {
        assert!(blank(None) && blank(Some("")) && blank(Some(" \u{3000}\t")));
        assert!(!blank(Some("王")));
    }

    #[test]
    fn a_floor_is_above_zero_and_at_most_one() {
        let r = |n| Ratio::from_ten_thousandths(n).unwrap();
        assert!(is_floor(&r(0)).is_err() && is_floor(&r(1)).is_ok());
        assert!(is_floor(&r(10_000)).is_ok() && is_floor(&r(10_001)).is_err());
    }
}
