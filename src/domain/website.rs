//! Website addresses, kept without `http:` (CUS-14).

use thiserror::Error;
use unicode_normalization::UnicodeNormalization;

use super::text_value::{stable_code, text_value};

/// Why an address was refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Error, strum::IntoStaticStr, strum::EnumIter)]
#[strum(serialize_all = "SCREAMING_SNAKE_CASE")]
pub enum WebsiteError {
    /// Nothing but blanks.
    #[error("must not be blank")]
    Blank,
    /// Longer than 500 characters.
    #[error("too long")]
    TooLong,
    /// A scheme other than http and https.
    #[error("only http and https addresses")]
    ForbiddenScheme,
    /// No host such as `www.example.com`, a user name, or a bad port.
    #[error("has no valid host")]
    BadHost,
    /// Blanks, controls, quotes or angle brackets.
    #[error("contains a character that an address may not contain")]
    ForbiddenCharacter,
}
stable_code!(WebsiteError);

const MAX_CHARS: usize = 500;

/// A website: host, and port, path and query if given, without scheme. The host
/// is in lower case; Chinese domain names are allowed.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Website(String);

impl Website {
    /// Reads an address with `http:`, `https:` or neither before it.
    pub fn parse(text: &str) -> Result<Self, WebsiteError> {
        let text = text.trim();
        if text.is_empty() {
            return Err(WebsiteError::Blank);
        }
        if text.chars().count() > MAX_CHARS {
            return Err(WebsiteError::TooLong);
        }
        if text.chars().any(is_forbidden) {
            return Err(WebsiteError::ForbiddenCharacter);
        }
        let rest = without_scheme(text)?;
        let end = rest.find(['/', '?', '#']).unwrap_or(rest.len());
        let (authority, path) = rest.split_at(end);
        let authority: String = authority
            .nfkc()
            .flat_map(char::to_lowercase)
            .nfkc()
            .collect();
        if !is_authority(&authority) {
            return Err(WebsiteError::BadHost);
        }
        let path = if path == "/" { "" } else { path };
        let address = format!("{authority}{path}");
        if address.chars().count() > MAX_CHARS {
            return Err(WebsiteError::TooLong);
        }
        Ok(Website(address))
    }

    /// Host and path, without scheme.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

fn is_forbidden(c: char) -> bool {
    c.is_whitespace()
        || super::folding::is_forbidden(c)
        || matches!(c, '"' | '<' | '>' | '\\' | '`')
}

fn without_scheme(text: &str) -> Result<&str, WebsiteError> {
    for scheme in ["http:", "https:"] {
        if let Some(head) = text.get(..scheme.len())
            && head.eq_ignore_ascii_case(scheme)
        {
            let rest = &text[scheme.len()..];
            return Ok(rest.strip_prefix("//").unwrap_or(rest));
        }
    }
    let rest = text.strip_prefix("//").unwrap_or(text);
    // `host:8080` has a port; `mailto:…` and `ftp://…` have another scheme.
    match rest.split_once(':') {
        Some((head, tail))
            if !head.contains(['.', '/', '?', '#'])
                && !tail.starts_with(|c: char| c.is_ascii_digit()) =>
        {
            Err(WebsiteError::ForbiddenScheme)
        }
        _ => Ok(rest),
    }
}

/// A host of two labels at least and a port or none; no user name.
fn is_authority(authority: &str) -> bool {
    let (host, port) = match authority.split_once(':') {
        Some((host, port)) => (host, Some(port)),
        None => (authority, None),
    };
    let port_is_good = port.is_none_or(|p| {
        p.bytes().all(|b| b.is_ascii_digit()) && p.parse::<u16>().is_ok_and(|p| p > 0)
    });
    let is_label = |label: &str| {
        let named = |c: char| c.is_alphanumeric() || c == '-';
        !label.is_empty()
            && label.len() <= 63
            && label.chars().all(named)
            && !label.starts_with('-')
            && !label.ends_with('-')
    };
    port_is_good && host.len() <= 253 && host.contains('.') && host.split('.').all(is_label)
}

text_value!(
    Website,
    error = WebsiteError,
    description =
        "Website without `http:` (CUS-14); a scheme of http or https is read and left out.",
    example = "www.example.com/products",
    max_length = 500,
    format = "website"
);

#[cfg(test)]
mod tests {
    use super::super::text_value::example_is_canonical;
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn scheme_is_left_out_and_the_host_lowered() {
        for (text, kept) in [
            ("http://www.HP.com/CN", "www.hp.com/CN"),
            ("HTTPS://www.hp.com/", "www.hp.com"),
            ("http:www.hp.com", "www.hp.com"),
            ("//www.hp.com", "www.hp.com"),
            (" www.hp.com ", "www.hp.com"),
            ("www.hp.com:8080/a?b=c#d", "www.hp.com:8080/a?b=c#d"),
            ("惠普．中国", "惠普.中国"),
            ("10.0.0.1", "10.0.0.1"),
            ("www.hp.com?u=http://a.b", "www.hp.com?u=http://a.b"),
        ] {
            assert_eq!(Website::parse(text).unwrap().as_str(), kept);
        }
    }

    #[test]
    fn names_the_reason_of_every_refusal() {
        use WebsiteError::*;
        for (text, why) in [
            (" ", Blank),
            ("ftp://www.hp.com", ForbiddenScheme),
            ("javascript:alert(1)", ForbiddenScheme),
            ("mailto:a@b.cn", ForbiddenScheme),
            ("http://", BadHost),
            ("http:///path", BadHost),
            ("惠普", BadHost),
            ("localhost", BadHost),
            ("http://http://a.cn", BadHost),
            ("www..com", BadHost),
            ("-a.com", BadHost),
            ("a.com:0", BadHost),
            ("a.com:65536", BadHost),
            ("a.com:+80", BadHost),
            ("a.com:", BadHost),
            ("user:1@a.com", BadHost),
            ("user@a.com", BadHost),
            ("a.com/b c", ForbiddenCharacter),
            ("a.com/<script>", ForbiddenCharacter),
            ("a.com\u{0}", ForbiddenCharacter),
        ] {
            assert_eq!(Website::parse(text), Err(why), "{text:?}");
        }
        let long = |n: usize| format!("a.com/{}", "b".repeat(n - 6));
        assert!(Website::parse(&long(500)).is_ok());
        assert_eq!(Website::parse(&long(501)), Err(TooLong));
        assert_eq!(ForbiddenScheme.code(), "FORBIDDEN_SCHEME");
    }

    #[test]
    fn document_example_is_canonical() {
        example_is_canonical::<Website>();
    }

    proptest! {
        #[test]
        fn canonical_form_is_a_fixed_point(text in "(http:|https://|//|)[a-zA-Z0-9.:/?#@-]{0,20}") {
            if let Ok(website) = Website::parse(&text) {
                prop_assert!(!website.as_str().starts_with("http:"));
                prop_assert_eq!(Website::parse(website.as_str()), Ok(website));
            }
        }

        #[test]
        fn no_text_makes_it_panic(text in any::<String>()) {
            let _ = Website::parse(&text);
        }
    }
}
