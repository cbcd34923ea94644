//! Reading and printing fixed-point decimal strings without floats.

use thiserror::Error;

/// Why a decimal string was refused. `code()` is stable.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Error, strum::IntoStaticStr, strum::EnumIter)]
#[strum(serialize_all = "SCREAMING_SNAKE_CASE")]
pub enum DecimalError {
    /// Not `digits` or `digits.digits` (an exponent, a plus, a blank, nothing at all).
    #[error("not a plain decimal number such as \"200000.00\"")]
    NotDecimal,
    /// More decimals than the type keeps.
    #[error("too many decimal places")]
    TooManyDecimals,
    /// More digits before the point than the type keeps.
    #[error("number out of range")]
    OutOfRange,
    /// A minus sign where only zero and above are allowed.
    #[error("must not be negative")]
    Negative,
}

impl DecimalError {
    /// Stable machine code, e.g. `TOO_MANY_DECIMALS`.
    pub fn code(self) -> &'static str {
        self.into()
    }
}

/// Which decimals a type accepts.
#[derive(Clone, Copy)]
pub(super) struct Shape {
    /// Most digits before the point (leading zeros count).
    pub integer_digits: usize,
    /// Most digits after the point, and the scale of the integer that comes out.
    pub decimals: usize,
    /// Whether a leading minus is read.
    pub signed: bool,
}

/// Reads `text` and returns it multiplied by 10^decimals.
pub(super) fn parse(text: &str, shape: Shape) -> Result<i64, DecimalError> {
    let (negative, digits) = match text.strip_prefix('-') {
        Some(rest) => (true, rest),
        None => (false, text),
    };
    let (whole, fraction) = match digits.split_once('.') {
        Some((_, "")) => return Err(DecimalError::NotDecimal),
        Some(parts) => parts,
        None => (digits, ""),
    };
    let is_digits = |part: &str| part.bytes().all(|b| b.is_ascii_digit());
    if whole.is_empty() || !is_digits(whole) || !is_digits(fraction) {
        return Err(DecimalError::NotDecimal);
    }
    if negative && !shape.signed {
        return Err(DecimalError::Negative);
    }
    if fraction.len() > shape.decimals {
        return Err(DecimalError::TooManyDecimals);
    }
    if whole.len() > shape.integer_digits {
        return Err(DecimalError::OutOfRange);
    }
    let zeros = shape.decimals - fraction.len();
    let magnitude = whole
        .bytes()
        .chain(fraction.bytes())
        .chain(std::iter::repeat_n(b'0', zeros))
        .try_fold(0_i64, |sum, digit| {
            sum.checked_mul(10)?.checked_add(i64::from(digit - b'0'))
        })
        .ok_or(DecimalError::OutOfRange)?;
    Ok(if negative { -magnitude } else { magnitude })
}

#[cfg(test)]
mod tests {
    use super::*;

    const SHAPE: Shape = Shape {
        integer_digits: 3,
        decimals: 2,
        signed: true,
    };

    #[test]
    fn reads_every_allowed_form() {
        for (text, value) in [
            ("0", 0),
            ("-0.00", 0),
            ("1.5", 150),
            ("007", 700),
            ("999.99", 99_999),
            ("-999.99", -99_999),
        ] {
            assert_eq!(parse(text, SHAPE), Ok(value), "{text}");
        }
    }

    #[test]
    fn names_the_reason_of_every_refusal() {
        use DecimalError::*;
        for (text, why) in [
            ("", NotDecimal),
            ("-", NotDecimal),
            (".5", NotDecimal),
            ("5.", NotDecimal),
            ("+5", NotDecimal),
            ("--5", NotDecimal),
            ("1e2", NotDecimal),
            (" 5", NotDecimal),
            ("1.2.3", NotDecimal),
            ("１", NotDecimal),
            ("1,0", NotDecimal),
            ("1.234", TooManyDecimals),
            ("1000", OutOfRange),
        ] {
            assert_eq!(parse(text, SHAPE), Err(why), "{text}");
        }
        let unsigned = Shape {
            signed: false,
            ..SHAPE
        };
        assert_eq!(parse("-1", unsigned), Err(Negative));
    }

    #[test]
    fn codes_are_stable() {
        assert_eq!(DecimalError::TooManyDecimals.code(), "TOO_MANY_DECIMALS");
    }
}
