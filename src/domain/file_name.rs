//! Names of files as they are kept: what one sees, without places, hidden characters or tricks.

use thiserror::Error;
use unicode_normalization::UnicodeNormalization;

use super::{folding, text_value::stable_code};

/// Why a name was refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Error, strum::IntoStaticStr, strum::EnumIter)]
#[strum(serialize_all = "SCREAMING_SNAKE_CASE")]
pub enum FileNameError {
    /// Nothing that could be a name.
    #[error("must not be blank")]
    Blank,
    /// Longer than 200 characters.
    #[error("too long")]
    TooLong,
    /// Nothing behind the last dot.
    #[error("has no extension such as .pdf")]
    NoExtension,
}
stable_code!(FileNameError);

const MAX_CHARS: usize = 200;

/// The name of a file with its extension.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FileName(String);

impl FileName {
    /// Reads a name: folders are left out, hidden characters removed, characters that no system takes become `_`.
    pub fn parse(text: &str) -> Result<Self, FileNameError> {
        let last = text.rsplit(['/', '\\']).next().unwrap_or_default();
        let visible = |c: &char| !folding::is_forbidden(*c) && !c.is_control();
        let plain = |c: char| match c {
            '<' | '>' | ':' | '"' | '|' | '?' | '*' => '_',
            c if c.is_whitespace() => ' ',
            c => c,
        };
        let name: String = last.chars().filter(visible).nfc().map(plain).collect();
        let name = name.trim_matches([' ', '.']);
        if name.is_empty() {
            return Err(FileNameError::Blank);
        }
        if name.chars().count() > MAX_CHARS {
            return Err(FileNameError::TooLong);
        }
        match name.rsplit_once('.') {
            Some((stem, extension)) if !stem.trim().is_empty() && !extension.is_empty() => {
                Ok(Self(name.to_owned()))
            }
            _ => Err(FileNameError::NoExtension),
        }
    }

    /// The name.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The name without its extension.
    pub fn stem(&self) -> &str {
        self.0.rsplit_once('.').map_or(&self.0, |(stem, _)| stem)
    }

    /// What stands behind the last dot, in lower case.
    pub fn extension(&self) -> String {
        self.0
            .rsplit_once('.')
            .map(|(_, extension)| extension.to_lowercase())
            .unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn folders_and_tricks_are_left_out() {
        for (text, kept) in [
            ("报价单.pdf", "报价单.pdf"),
            ("C:\\Users\\me\\a.PDF", "a.PDF"),
            ("../../etc/passwd.txt", "passwd.txt"),
            (" a\u{202e}fdp.txt ", "afdp.txt"),
            ("a\r\nSet-Cookie: x.txt", "aSet-Cookie_ x.txt"),
            ("what?.txt...", "what_.txt"),
            ("a\u{3000}b.txt", "a b.txt"),
        ] {
            assert_eq!(FileName::parse(text).unwrap().as_str(), kept, "{text:?}");
        }
        let name = FileName::parse("客户.介绍.Docx").unwrap();
        assert_eq!(
            (name.stem(), name.extension().as_str()),
            ("客户.介绍", "docx")
        );
    }

    #[test]
    fn a_name_has_something_before_and_behind_its_dot() {
        use FileNameError::*;
        for (text, why) in [
            ("", Blank),
            (" . ", Blank),
            ("a/", Blank),
            ("readme", NoExtension),
            (".bashrc", NoExtension),
        ] {
            assert_eq!(FileName::parse(text), Err(why), "{text:?}");
        }
        let long = |n: usize| format!("{}.txt", "长".repeat(n - 4));
        assert!(FileName::parse(&long(200)).is_ok());
        assert_eq!(FileName::parse(&long(201)), Err(TooLong));
    }

    proptest! {
        #[test]
        fn what_is_kept_is_a_fixed_point(text in any::<String>()) {
            if let Ok(name) = FileName::parse(&text) {
                prop_assert!(!name.as_str().contains(['/', '\\', '"', '\r', '\n']));
                prop_assert_eq!(FileName::parse(name.as_str()), Ok(name));
            }
        }
    }
}
