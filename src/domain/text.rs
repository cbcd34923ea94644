//! Free text of one line: names of units, roles, logins, reasons.

use super::company_name::{NameError, readable};
use super::folding::fold;

/// Text of one line as it is kept: trimmed, every run of blanks one space, no hidden or control characters, at
/// least one letter or digit. How long it may be is the schema's business.
pub fn line(text: &str) -> Result<String, NameError> {
    let line = readable(text, usize::MAX)?;
    if fold(&line).is_empty() {
        Err(NameError::Blank)
    } else {
        Ok(line)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_is_trimmed_and_says_something() {
        assert_eq!(
            line(" 销售\u{3000} 一部\u{200b}\n"),
            Ok("销售 一部".to_owned())
        );
        for blank in ["", " \u{3000}", "——", "\u{200b}"] {
            assert_eq!(line(blank), Err(NameError::Blank), "{blank:?}");
        }
        for hidden in ["a\u{202e}b", "a\0b", "a\u{fffd}b"] {
            assert_eq!(
                line(hidden),
                Err(NameError::ForbiddenCharacter),
                "{hidden:?}"
            );
        }
    }
}
