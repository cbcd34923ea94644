//! E-mail addresses (CUS-13).

use thiserror::Error;
use unicode_normalization::UnicodeNormalization;

use super::{
    masking::is_masked,
    text_value::{stable_code, text_value},
};

/// Why an address was refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Error, strum::IntoStaticStr, strum::EnumIter)]
#[strum(serialize_all = "SCREAMING_SNAKE_CASE")]
pub enum EmailError {
    /// Nothing but blanks.
    #[error("must not be blank")]
    Blank,
    /// Longer than 254 characters, or than 64 before the `@`.
    #[error("too long")]
    TooLong,
    /// Not `name@host.domain`.
    #[error("not an e-mail address")]
    NotAnAddress,
    /// What a reader was shown instead of an address.
    #[error("masked: give the address itself")]
    MaskedValue,
}
stable_code!(EmailError);

/// An e-mail address; the domain is in lower case.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Email(String);

impl Email {
    /// Reads one address. A plain check, not RFC 5322: no quotes, comments or
    /// lists, ASCII only, a domain of two labels at least.
    pub fn parse(text: &str) -> Result<Self, EmailError> {
        let plain: String = text.nfkc().collect();
        let plain = plain.trim();
        if plain.is_empty() {
            return Err(EmailError::Blank);
        }
        // `*` may stand before the `@`, so a masked address would pass for another one.
        if is_masked(plain) {
            return Err(EmailError::MaskedValue);
        }
        let (local, domain) = plain.split_once('@').ok_or(EmailError::NotAnAddress)?;
        if plain.len() > 254 || local.len() > 64 {
            return Err(EmailError::TooLong);
        }
        if !is_local(local) || !is_domain(domain) {
            return Err(EmailError::NotAnAddress);
        }
        Ok(Email(format!("{local}@{}", domain.to_ascii_lowercase())))
    }

    /// The address.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// For comparison: all in lower case.
    pub fn key(&self) -> String {
        self.0.to_ascii_lowercase()
    }

    /// For readers who may not see it: `z****@example.com`.
    pub fn masked(&self) -> String {
        let at = self.0.find('@').unwrap_or(0);
        format!("{}****{}", &self.0[..at.min(1)], &self.0[at..])
    }
}

fn is_local(local: &str) -> bool {
    let allowed = |b: u8| b.is_ascii_alphanumeric() || b"!#$%&'*+/=?^_`{|}~.-".contains(&b);
    local.bytes().all(allowed) && local.split('.').all(|part| !part.is_empty())
}

/// Two labels at least, of letters, digits and inner hyphens; the last not all digits.
pub(super) fn is_domain(domain: &str) -> bool {
    let mut labels = domain.rsplit('.');
    let top_is_name = labels
        .next()
        .is_some_and(|top| !top.bytes().all(|b| b.is_ascii_digit()) && is_label(top));
    let mut rest = labels.peekable();
    top_is_name && rest.peek().is_some() && rest.all(is_label)
}

fn is_label(label: &str) -> bool {
    (1..=63).contains(&label.len())
        && label
            .bytes()
            .all(|b| b.is_ascii_alphanumeric() || b == b'-')
        && !label.starts_with('-')
        && !label.ends_with('-')
}

text_value!(
    Email,
    error = EmailError,
    description = "E-mail address of the company or its main contact (CUS-13).",
    example = "zhang.wei@example.com",
    max_length = 254,
    format = "email"
);

#[cfg(test)]
mod tests {
    use super::super::text_value::example_is_canonical;
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn domain_is_lowered_and_the_rest_kept() {
        let email = Email::parse(" Zhang.Wei+crm@Example.COM ").unwrap();
        assert_eq!(email.as_str(), "Zhang.Wei+crm@example.com");
        assert_eq!(email.key(), "zhang.wei+crm@example.com");
        assert_eq!(email.masked(), "Z****@example.com");
        assert_eq!(Email::parse("ａ＠ｂ．ｃｎ").unwrap().as_str(), "a@b.cn");
    }

    #[test]
    fn refuses_what_is_no_address() {
        for text in [
            "zhang",
            "@b.cn",
            "a@",
            "a@b",
            "a@b.",
            "a@.cn",
            "a@b..cn",
            "a@-b.cn",
            "a@b-.cn",
            "a@b.1",
            "a.@b.cn",
            ".a@b.cn",
            "a..b@c.cn",
            "a b@c.cn",
            "a@b@c.cn",
            "a@b.cn,c@d.cn",
            "张@b.cn",
            "a@b.cn\r\nBcc: x@y.cn",
            "\"a\"@b.cn",
        ] {
            assert_eq!(Email::parse(text), Err(EmailError::NotAnAddress), "{text}");
        }
        assert_eq!(Email::parse("  "), Err(EmailError::Blank));
    }

    #[test]
    fn length_at_its_bounds() {
        let local = |n: usize| format!("{}@b.cn", "a".repeat(n));
        assert!(Email::parse(&local(64)).is_ok());
        assert_eq!(Email::parse(&local(65)), Err(EmailError::TooLong));
        let label = |n: usize| format!("a@{}.cn", "b".repeat(n));
        assert!(Email::parse(&label(63)).is_ok());
        assert_eq!(Email::parse(&label(64)), Err(EmailError::NotAnAddress));
        assert_eq!(EmailError::TooLong.code(), "TOO_LONG");
    }

    #[test]
    fn document_example_is_canonical() {
        example_is_canonical::<Email>();
    }

    proptest! {
        #[test]
        fn canonical_form_is_a_fixed_point(text in "[ -~]{0,40}|[a-z.]{1,9}@[A-Z.-]{1,9}\\.[a-z]{2}") {
            if let Ok(email) = Email::parse(&text) {
                prop_assert_eq!(Email::parse(email.as_str()), Ok(email));
            }
        }
    }
}
